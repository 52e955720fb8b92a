"""Ints of any size: what they do is `library/wide*.py`'s. Ints of 64 bits become such where both meet."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from functools import partial

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import NUMBERS, constant, in_order, primitive, to_float, to_int
from portalis.translator.frontend.facts.model import Compared, Fact, Known
from portalis.translator.frontend.types.behaviour import Behaviour
from portalis.translator.frontend.types.numbers.powers import power_of_ints
from portalis.translator.frontend.types.references.operations import negated_where, operated
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import BOOL, FLOAT, INT, WIDE, ListRef, Type
from portalis.translator.ir.wide import is_small, large_words
from portalis.translator.source import Span

# What can stand for an int wherever Python asks for one.
INTS: tuple[Type, ...] = (INT, BOOL, WIDE)
_FUNCTIONS: Mapping[str, tuple[str, str]] = {
    "+": ("wide", "add"),
    "-": ("wide", "subtract"),
    "*": ("wide", "multiply"),
    "/": ("wide_conversion", "divide"),
    "//": ("wide_division", "floor_divide"),
    "%": ("wide_division", "modulo"),
    "**": ("wide_division", "power"),
    "<<": ("wide_division", "shift_up"),
    ">>": ("wide_division", "shift_down"),
    "&": ("wide_division", "bit_and"),
    "|": ("wide_division", "bit_or"),
    "^": ("wide_division", "bit_xor"),
}
_OF_FLOATS: Mapping[Comparison, str] = {"lt": "is_below_float", "le": "is_float_or_below", "eq": "is_float", "ne": "is_float"}
_SWAPPED: Mapping[Comparison, Comparison] = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}


def wide_constant(span: Span, value: int) -> Known:
    """Return an int of any size that the program mentions."""
    if is_small(value):
        return operated(span, WIDE, "wide.of", constant(span, value))
    words = operated(span, ListRef(INT), "list.of", *[constant(span, word) for word in large_words(value)])
    return operated(span, WIDE, "wide.of_list", words)


def widened(value: Known) -> Known:
    """Return an int or bool as an int of any size."""
    number = to_int(value)
    if number.type == WIDE:
        return number
    return operated(value.span, WIDE, "wide.of", number)


def narrowed(infer: Inference, node: ast.AST, value: Known) -> Known:
    """Return an int or bool as one of 64 bits; a guard stops where it has more."""
    if value.type != WIDE:
        return to_int(value)
    found = infer.library(node, "wide", "to_int", [value])
    assert isinstance(found, Known)
    return found


def as_float(infer: Inference, node: ast.AST, value: Known) -> Known:
    """Return a number as a float; OverflowError where it is too large."""
    if value.type != WIDE:
        return to_float(value)
    found = infer.library(node, "wide_conversion", "to_float", [value])
    assert isinstance(found, Known)
    return found


def to_known_float(infer: Inference, node: ast.AST, value: Known) -> Known:
    """Return a number as a float; a guard stops where there is none."""
    if value.type != WIDE:
        return value
    found = infer.library(node, "wide_conversion", "to_known_float", [value])
    assert isinstance(found, Known)
    return found


def stays_small(symbol: str, left: Known, right: Known) -> bool:
    """Tell whether an operation on two ints of 64 bits is done on these where ints may grow: counting does not leave them."""
    if symbol not in ("+", "-", "*", "**", "<<"):
        return True
    return symbol in "+-" and any(isinstance(side.constant, int) and abs(side.constant) < 2**31 for side in (left, right))


def wide_binary(infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
    """Return `left symbol right` of ints, at least one of any size or the result."""
    if symbol not in _FUNCTIONS:
        return None
    if symbol == "**" and isinstance(right.constant, int) and right.constant < 0:
        # CPython: an int to a negative power is the float power of both.
        return infer.library(node, "operators", "float_pow", [as_float(infer, node, left), to_float(right)])
    general = power_of_ints(infer, node, [left, right], as_float, partial(_computed, infer, node, symbol)) if symbol == "**" else None
    if general is not None:
        return general
    found = _computed(infer, node, symbol, [left, right])
    bound = right.constant if isinstance(right.constant, int) else 0
    if isinstance(found, Known) and is_small(bound) and ((symbol == "%" and bound != 0) or (symbol == "&" and bound > 0)):
        return operated(infer.span(node), INT, "wide.small", found)
    return found


def _computed(infer: Inference, node: ast.AST, symbol: str, operands: Sequence[Known]) -> Fact:
    return infer.library(node, *_FUNCTIONS[symbol], list(map(widened, operands)))


class Wide(Behaviour):
    """An int of any size."""

    def binary(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        if right.type == FLOAT:
            return in_order(
                infer, node, [left, right], lambda values: infer.binary(node, symbol, as_float(infer, node, values[0]), values[1])
            )
        return wide_binary(infer, node, symbol, left, right) if right.type in INTS else None

    def reflected(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        if left.type == FLOAT:
            return in_order(
                infer, node, [left, right], lambda values: infer.binary(node, symbol, values[0], as_float(infer, node, values[1]))
            )
        return wide_binary(infer, node, symbol, left, right) if left.type in NUMBERS else None

    def compare(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        span = infer.span(node)
        if right.type == FLOAT and op in ("gt", "ge"):
            opposite = infer.unary(node, "-", left)
            return infer.compare(node, _SWAPPED[op], opposite, primitive(span, FLOAT, "float.neg", right))
        if right.type == FLOAT:
            found = infer.library(node, "wide_conversion", _OF_FLOATS[op], [left, right])
            return negated_where(op == "ne", infer, node, found)
        if right.type not in INTS:
            return None
        order = infer.library(node, "wide", "order", [widened(left), widened(right)])
        return Known(span, BOOL, Compared(op, order, constant(span, 0))) if isinstance(order, Known) else order

    def compare_reflected(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        if left.type not in NUMBERS:
            return None
        if left.type != FLOAT:
            return self.compare(infer, node, op, widened(left), right)
        return in_order(infer, node, [left, right], lambda values: infer.compare(node, _SWAPPED[op], values[1], values[0]))

    def unary(self, infer: Inference, node: ast.AST, symbol: str, value: Known) -> Fact | None:
        if symbol == "-":
            return infer.library(node, "wide", "negative", [value])
        return infer.library(node, "wide_division", "invert", [value]) if symbol == "~" else value

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        found = infer.library(node, "wide", "is_true", [value])
        assert isinstance(found, Known)
        return found
