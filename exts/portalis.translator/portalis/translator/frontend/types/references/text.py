"""str: any text, by code points; what its methods and operators do is `library/text.py`'s."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import constant, to_int
from portalis.translator.frontend.facts.model import Compared, Constant, Fact, Known, Step
from portalis.translator.frontend.types.behaviour import Behaviour
from portalis.translator.frontend.types.numbers.wide import INTS
from portalis.translator.frontend.types.references.operations import is_not_empty, length_of, negated_where, operated
from portalis.translator.frontend.types.references.slicing import sliced
from portalis.translator.frontend.types.references.streams import Stream, text_stream
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import BOOL, INT, TEXT


class Text(Behaviour):
    """A str."""

    def binary(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        span = infer.span(node)
        if symbol == "+" and right.type == TEXT:
            if isinstance(left.constant, str) and isinstance(right.constant, str):
                return text_constant(infer, node, left.constant + right.constant)
            return operated(span, TEXT, "text.concat", left, right)
        return infer.library(node, "text", "repeated", [left, to_int(right)]) if symbol == "*" and right.type in INTS else None

    def reflected(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        return infer.library(node, "text", "repeated_by", [to_int(left), right]) if symbol == "*" and left.type in INTS else None

    def compare(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        if right.type != TEXT:
            return None
        span = infer.span(node)
        if op in ("eq", "ne"):
            return negated_where(op == "ne", infer, node, operated(span, BOOL, "text.equal", left, right))
        return Known(span, BOOL, Compared(op, operated(span, INT, "text.order", left, right), constant(span, 0)))

    def contains(self, infer: Inference, node: ast.AST, needle: Known, haystack: Known, negated: bool) -> Fact | None:
        if needle.type != TEXT:
            return None
        return negated_where(negated, infer, node, infer.library(node, "searching", "contained", [needle, haystack]))

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        return is_not_empty(infer, node, length_of(infer.span(node), "text.length", value))

    def measured(self, infer: Inference, node: ast.AST, value: Known) -> Known | None:
        return length_of(infer.span(node), "text.length", value)

    def stream(self, infer: Inference, node: ast.AST, value: Known, steps: list[Step]) -> Stream | None:
        return text_stream(infer, value, steps)

    def element(self, infer: Inference, node: ast.expr, value: Known, index: Sequence[Known]) -> Fact | None:
        return infer.library(node, "text", "character", [value, to_int(index[0])]) if index[0].type in INTS else None

    def slice(self, infer: Inference, node: ast.expr, value: Known, bounds: Sequence[Known | None]) -> Fact | None:
        return sliced(infer, node, "text", value, bounds)


def text_constant(infer: Inference, node: ast.AST, text: str) -> Known:
    """Return a constant text."""
    return Known(infer.span(node), TEXT, Constant(text))
