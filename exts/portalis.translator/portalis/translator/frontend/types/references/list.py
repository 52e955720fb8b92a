"""list: any number of elements of one type."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.model import Known
from portalis.translator.frontend.types.behaviour import Behaviour
from portalis.translator.frontend.types.references.operations import is_not_empty, length_of


class ReferredList(Behaviour):
    """A list."""

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        return is_not_empty(infer, node, length_of(infer.span(node), "list.length", value))
