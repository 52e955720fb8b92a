"""None: one value, equal to itself."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import decided
from portalis.translator.frontend.facts.model import Fact, Known
from portalis.translator.frontend.types.behaviour import Behaviour
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import NONE


class NoneBehaviour(Behaviour):
    """None."""

    def compare(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        return decided(infer, node, op == "eq", [left, right]) if right.type == NONE and op in ("eq", "ne") else None

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        return decided(infer, node, False, [value])

    def identical(self, infer: Inference, node: ast.AST, left: Known, right: Known, negated: bool) -> Fact | None:
        return decided(infer, node, (left.type == right.type) != negated, [left, right])
