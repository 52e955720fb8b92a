"""Arithmetic and comparison of int, float and bool in any mix, by CPython's rules."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import NUMBERS, after, constant, in_order, primitive, to_float, to_int
from portalis.translator.frontend.facts.model import Compared, Evaluated, Fact, Known
from portalis.translator.frontend.types.behaviour import Behaviour
from portalis.translator.frontend.types.numbers.powers import power_of_floats, power_of_ints
from portalis.translator.frontend.types.numbers.wide import stays_small, wide_binary
from portalis.translator.frontend.types.refusals import refuse_operands
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.ops import INT_MAX, INT_MIN
from portalis.translator.ir.types import BOOL, FLOAT, INT

_INT_OPS = {"+": "int.add", "-": "int.sub", "*": "int.mul", "&": "int.and", "|": "int.or", "^": "int.xor"}
_INT_LIBRARY = {
    "/": "int_truediv", "//": "int_floordiv", "%": "int_mod", "**": "int_pow", "<<": "int_lshift", ">>": "int_rshift",
}  # fmt: skip
_FLOAT_OPS = {"+": "float.add", "-": "float.sub", "*": "float.mul"}
_FLOAT_LIBRARY = {"/": "float_truediv", "//": "float_floordiv", "%": "float_mod", "**": "float_pow"}
_FOLDED: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "//": operator.floordiv, "%": operator.mod, "/": operator.truediv,
    "<<": operator.lshift, ">>": operator.rshift, "&": operator.and_, "|": operator.or_, "^": operator.xor,
}  # fmt: skip
_SWAPPED: Mapping[str, Comparison] = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}


class Number(Behaviour):
    """What the three types of numbers share: CPython converts a bool to an int, and an int to a float where the other one is."""

    def binary(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        if right.type not in NUMBERS:
            return None
        folded = _fold(infer, node, symbol, left, right)
        if folded is not None:
            return folded
        span = infer.span(node)
        if left.type == BOOL and right.type == BOOL and symbol in "&|^":
            if symbol == "^":
                return Known(span, BOOL, Compared("ne", left, right))
            return primitive(span, BOOL, "bool.and" if symbol == "&" else "bool.or", left, right)
        if FLOAT in (left.type, right.type):
            return _float_binary(infer, node, symbol, left, right)
        return _int_binary(infer, node, symbol, to_int(left), to_int(right))

    def compare(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        if right.type not in NUMBERS:
            return None
        span = infer.span(node)
        if left.is_constant and right.is_constant:
            return constant(span, _answer(op, left.constant, right.constant))
        if left.type == right.type and (left.type != BOOL or op in ("eq", "ne")):
            return Known(span, BOOL, Compared(op, left, right))
        left, right = to_int(left), to_int(right)
        if left.type == right.type:
            return Known(span, BOOL, Compared(op, left, right))
        if any(isinstance(side.constant, int) and abs(side.constant) <= 2**53 for side in (left, right)):
            # A small constant is the same number as a float: no need for the exact comparison of an int with a float.
            return Known(span, BOOL, Compared(op, to_float(left), to_float(right)))
        if left.type == INT:
            return infer.library(node, "operators", f"int_float_{op}", [left, right])
        swapped = f"int_float_{_SWAPPED[op]}"
        return in_order(infer, node, [left, right], lambda values: infer.library(node, "operators", swapped, [values[1], values[0]]))

    def unary(self, infer: Inference, node: ast.AST, symbol: str, value: Known) -> Fact | None:
        span = infer.span(node)
        number = to_int(value)
        match symbol:
            case "+":
                return number
            case "~" if number.type == INT:
                return constant(span, ~number.constant) if isinstance(number.constant, int) else primitive(span, INT, "int.invert", number)
            case "-":
                if value.is_constant:
                    assert isinstance(value.constant, int | float)
                    if not isinstance(value.constant, int) or value.constant != INT_MIN:
                        return constant(span, -value.constant)
                return primitive(span, number.type, "float.neg" if number.type == FLOAT else "int.neg", number)
            case _:
                return None

    def attribute(self, infer: Inference, node: ast.Attribute, value: Known) -> Fact | None:
        span, number = infer.span(node), to_int(value)
        zero, one = (0.0, None) if number.type == FLOAT else (0, 1)
        if node.attr == "real" or (node.attr == "numerator" and one is not None):
            return number
        if node.attr != "imag" and (node.attr != "denominator" or one is None):
            return None
        found = constant(span, zero if node.attr == "imag" else one)
        return after(span, [Evaluated(value.span, value)], found) if not value.is_constant else found


def _int_binary(infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact:
    if infer.scope.wide and not stays_small(symbol, left, right):
        found = wide_binary(infer, node, symbol, left, right)
        assert found is not None
        return found
    if symbol in _INT_OPS:
        return primitive(infer.span(node), INT, _INT_OPS[symbol], left, right)
    if symbol == "**" and isinstance(right.constant, int) and right.constant < 0:
        # CPython: an int to a negative power is the float power of both.
        return infer.library(node, "operators", "float_pow", [to_float(left), to_float(right)])
    if symbol == "**":
        general = power_of_ints(
            infer,
            node,
            [left, right],
            lambda _, __, value: to_float(value),
            lambda values: infer.library(node, "operators", "int_pow", values),
        )
        if general is not None:
            return general
    if symbol in _INT_LIBRARY:
        return infer.library(node, "operators", _INT_LIBRARY[symbol], [left, right])
    return refuse_operands(infer, node, symbol, left.type, right.type)


def _float_binary(infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact:
    types = left.type, right.type
    # What one operand is matters only where the other is no float either.
    certain = [side.type == FLOAT and side.as_float is None for side in (left, right)]
    left, right = (
        (side.as_float if side.as_float is not None and other else to_float(side))
        for side, other in zip((left, right), reversed(certain), strict=True)
    )
    if symbol in _FLOAT_OPS:
        return primitive(infer.span(node), FLOAT, _FLOAT_OPS[symbol], left, right)
    if symbol == "**" and (general := power_of_floats(infer, node, left, right)) is not None:
        return general
    if symbol in _FLOAT_LIBRARY:
        # CPython changed the message of the remainder in 3.13.
        name = "float_mod_from_3_13" if symbol == "%" and infer.target >= (3, 13) else _FLOAT_LIBRARY[symbol]
        return infer.library(node, "operators", name, [left, right])
    return refuse_operands(infer, node, symbol, *types)


def _answer(op: Comparison, one: Any, other: Any) -> bool:
    answers = {"lt": one < other, "le": one <= other, "gt": one > other, "ge": one >= other, "eq": one == other, "ne": one != other}
    return bool(answers[op])


def _fold(infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Known | None:
    """Compute an operation on constants where it neither raises nor leaves 64 bits; powers of floats are the library's."""
    if not (left.is_constant and right.is_constant):
        return None
    one, other = left.constant, right.constant
    assert isinstance(one, int | float) and isinstance(other, int | float)
    both_int = isinstance(one, int) and isinstance(other, int)
    if symbol == "**" and both_int and 0 <= other < 64 and abs(one) < 2**32:
        result = one**other
    elif (symbol in ("<<", ">>") and not (both_int and 0 <= other < 64)) or (symbol in ("//", "%", "/") and other == 0):
        return None
    elif symbol in _FOLDED and (both_int or symbol in "+-*/"):
        result = _FOLDED[symbol](one, other)
    else:
        return None
    if isinstance(result, int) and not INT_MIN <= result <= INT_MAX:
        return None
    return constant(infer.span(node), result)
