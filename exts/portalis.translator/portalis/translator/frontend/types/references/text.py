"""str: any text, by code points."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.model import Known
from portalis.translator.frontend.types.behaviour import Behaviour
from portalis.translator.frontend.types.references.operations import is_not_empty, length_of


class Text(Behaviour):
    """A str."""

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        return is_not_empty(infer, node, length_of(infer.span(node), "text.length", value))
