"""bytes: held as the text of the numbers 0 … 255, so that what both do alike is `library/text.py`'s; the rest is `library/octets.py`'s."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, constant, once, to_int
from portalis.translator.frontend.facts.model import Compared, Fact, Known, Step
from portalis.translator.frontend.types.behaviour import Behaviour
from portalis.translator.frontend.types.numbers.wide import INTS, narrowed
from portalis.translator.frontend.types.references.operations import is_not_empty, length_of, negated_where, operated
from portalis.translator.frontend.types.references.slicing import sliced
from portalis.translator.frontend.types.references.streams import Stream, octets_stream
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import BOOL, BYTEARRAY, INT, OCTETS, TEXT, ListRef, Type


def as_text(value: Known) -> Known:
    """Return bytes as the text of their numbers: the same object, or of a bytearray a copy of what it holds."""
    if value.type == BYTEARRAY:
        numbers = operated(value.span, ListRef(INT), "record.get", value, name="items")
        return operated(value.span, TEXT, "text.of_codes", numbers)
    if isinstance(value.constant, bytes):
        return Known(value.span, TEXT, constant(value.span, value.constant.decode("latin-1")).operation)
    return operated(value.span, TEXT, "text.as_other", value)


def as_octets(text: Fact) -> Fact:
    """Return a text of the numbers of bytes as these."""
    return operated(text.span, OCTETS, "text.as_other", text) if isinstance(text, Known) else text


def is_octets(type_: Type) -> bool:
    """Tell whether values of a type are bytes or bytearrays."""
    return type_ in (OCTETS, BYTEARRAY)


def compared_octets(infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact:
    """Return one comparison of bytes or bytearrays."""
    span = infer.span(node)
    if left.type != right.type or left.type == BYTEARRAY:
        left, right = as_text(left), as_text(right)
    if op in ("eq", "ne"):
        return negated_where(op == "ne", infer, node, operated(span, BOOL, "text.equal", left, right))
    return Known(span, BOOL, Compared(op, operated(span, INT, "text.order", left, right), constant(span, 0)))


def octets_in(infer: Inference, node: ast.AST, needle: Known, haystack: Known, negated: bool) -> Fact | None:
    """Return whether bytes, or a number, are among bytes."""
    # Both are evaluated before anybody looks whether the number is a byte.
    steps: list[Step] = []
    needle, haystack = once(infer, needle, "sought", steps), once(infer, haystack, "octets", steps)
    if is_octets(needle.type):
        sought: Fact = as_text(needle)
    elif needle.type in INTS:
        sought = infer.library(node, "octets", "single", [narrowed(infer, node, needle)])
    else:
        return None
    if not isinstance(sought, Known):
        return sought
    found = negated_where(negated, infer, node, infer.library(node, "searching", "contained", [sought, as_text(haystack)]))
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


class Octets(Behaviour):
    """A bytes object."""

    def binary(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        if symbol == "+" and is_octets(right.type):
            other = right if right.type == OCTETS else as_octets(as_text(right))
            assert isinstance(other, Known)
            return operated(infer.span(node), OCTETS, "text.concat", left, other)
        if symbol == "*" and right.type in INTS:
            return as_octets(infer.library(node, "text", "repeated", [as_text(left), to_int(right)]))
        return None

    def reflected(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        if symbol != "*" or left.type not in INTS:
            return None
        return as_octets(infer.library(node, "text", "repeated_by", [to_int(left), as_text(right)]))

    def compare(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        return compared_octets(infer, node, op, left, right) if is_octets(right.type) else None

    def contains(self, infer: Inference, node: ast.AST, needle: Known, haystack: Known, negated: bool) -> Fact | None:
        return octets_in(infer, node, needle, haystack, negated)

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        return is_not_empty(infer, node, length_of(infer.span(node), "text.length", value))

    def measured(self, infer: Inference, node: ast.AST, value: Known) -> Known | None:
        return length_of(infer.span(node), "text.length", value)

    def stream(self, infer: Inference, node: ast.AST, value: Known, steps: list[Step]) -> Stream | None:
        return octets_stream(infer, value, steps)

    def element(self, infer: Inference, node: ast.expr, value: Known, index: Sequence[Known]) -> Fact | None:
        if len(index) != 1 or index[0].type not in INTS:
            return None
        return infer.library(node, "octets", "element", [as_text(value), to_int(index[0])])

    def slice(self, infer: Inference, node: ast.expr, value: Known, bounds: Sequence[Known | None]) -> Fact | None:
        found = sliced(infer, node, "text", as_text(value), bounds)
        return None if found is None else as_octets(found)
