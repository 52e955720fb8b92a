"""What is in a container that nothing is ever put into: no value, so that whatever is done with it is never reached."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import decided
from portalis.translator.frontend.facts.model import Known
from portalis.translator.frontend.types.behaviour import Behaviour


class Never(Behaviour):
    """No value."""

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        return decided(infer, node, False, [value])
