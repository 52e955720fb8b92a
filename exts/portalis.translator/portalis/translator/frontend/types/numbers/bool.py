"""bool: an int of 0 or 1 wherever a number is wanted."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import decided
from portalis.translator.frontend.facts.model import Fact, Known
from portalis.translator.frontend.types.numbers.number import Number


class Bool(Number):
    """A bool."""

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        return value

    def identical(self, infer: Inference, node: ast.AST, left: Known, right: Known, negated: bool) -> Fact | None:
        """True and False are one object each, and no value of another type is one of them."""
        if left.type != right.type:
            return decided(infer, node, negated, [left, right])
        return infer.compare(node, "ne" if negated else "eq", left, right)
