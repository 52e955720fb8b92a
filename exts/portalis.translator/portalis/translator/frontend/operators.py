"""Operators on lowered values: which operation or library function each means, by CPython's rules for mixed types."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

from portalis.translator.frontend.calls import call_library
from portalis.translator.frontend.context import Context
from portalis.translator.frontend.conversions import NUMBERS, to_float, to_int
from portalis.translator.frontend.gf_operators import call_method, gf_binary
from portalis.translator.frontend.sequences import sequence_binary
from portalis.translator.frontend.values import Value, constant, describe
from portalis.translator.ir.nodes import Compare, Prim
from portalis.translator.ir.ops import INT_MAX, INT_MIN
from portalis.translator.ir.types import BOOL, FLOAT, GF_TYPES, INT, STR, ListType, TupleType, Type

SYMBOLS: Mapping[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**", ast.LShift: "<<",
    ast.RShift: ">>", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^", ast.MatMult: "@",
}  # fmt: skip
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


def binary(context: Context, node: ast.AST, symbol: str, left: Value, right: Value) -> Value:
    """Lower `left symbol right`, both already evaluated in this order."""
    if left.poison or right.poison:
        return left if left.poison else right
    if left.type in NUMBERS and right.type in NUMBERS:
        return _number_binary(context, node, symbol, left, right)
    if isinstance(left.type, GF_TYPES) or isinstance(right.type, GF_TYPES):
        found = gf_binary(context, node, symbol, left, right)
    elif isinstance(left.type, ListType | TupleType) or isinstance(right.type, ListType | TupleType):
        found = sequence_binary(context, node, symbol, left, right)
    else:
        found = None
    return found if found is not None else refuse_operands(context, node, symbol, left.type, right.type)


def refuse_operands(context: Context, node: ast.AST, symbol: str, left: Type, right: Type) -> Value:
    """Refuse an operator between types for which CPython raises TypeError, or which have no translation."""
    if STR in (left, right):
        return context.refuse(
            "P0225", node, f"`{symbol}` on str has no translation", "str constants can be passed on and compared, nothing else"
        )
    return context.refuse(
        "P0305",
        node,
        f"`{symbol}` is not defined between {describe(left)} and {describe(right)}",
        "convert one side, or look at how the two got their types",
    )


def _number_binary(context: Context, node: ast.AST, symbol: str, left: Value, right: Value) -> Value:
    folded = _fold(node, context, symbol, left, right)
    if folded is not None:
        return folded
    span = context.span(node)
    if left.type == BOOL and right.type == BOOL and symbol in "&|^":
        if symbol == "^":
            return Value(Compare(span, BOOL, "ne", left.expr, right.expr))
        return Value(Prim(span, BOOL, "bool.and" if symbol == "&" else "bool.or", (left.expr, right.expr)))
    if FLOAT in (left.type, right.type):
        return _float_binary(context, node, symbol, left, right)
    left, right = to_int(left), to_int(right)
    if symbol in _INT_OPS:
        return Value(Prim(span, INT, _INT_OPS[symbol], (left.expr, right.expr)))
    if symbol == "**" and isinstance(right.constant, int) and right.constant < 0:
        # CPython: an int to a negative power is the float power of both.
        return call_library(context, node, "operators", "float_pow", [to_float(left), to_float(right)])
    if symbol in _INT_LIBRARY:
        return call_library(context, node, "operators", _INT_LIBRARY[symbol], [left, right])
    return refuse_operands(context, node, symbol, left.type, right.type)


def _float_binary(context: Context, node: ast.AST, symbol: str, left: Value, right: Value) -> Value:
    types = left.type, right.type
    left, right = to_float(left), to_float(right)
    if symbol in _FLOAT_OPS:
        return Value(Prim(context.span(node), FLOAT, _FLOAT_OPS[symbol], (left.expr, right.expr)))
    if symbol in _FLOAT_LIBRARY:
        # CPython changed the message of the remainder in 3.13.
        name = "float_mod_from_3_13" if symbol == "%" and context.specialiser.target >= (3, 13) else _FLOAT_LIBRARY[symbol]
        return call_library(context, node, "operators", name, [left, right])
    return refuse_operands(context, node, symbol, *types)


def _fold(node: ast.AST, context: Context, symbol: str, left: Value, right: Value) -> Value | None:
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
    return constant(context.span(node), result)


def negative(context: Context, node: ast.AST, value: Value) -> Value:
    """Lower `-value`."""
    if value.poison:
        return value
    if isinstance(value.type, GF_TYPES):
        found = call_method(context, node, value, "__neg__", [])
        return found if found is not None else _refuse_unary(context, node, "-", value)
    if value.type not in NUMBERS:
        return _refuse_unary(context, node, "-", value)
    span = context.span(node)
    if value.is_constant:
        assert isinstance(value.constant, int | float)
        if not isinstance(value.constant, int) or value.constant != INT_MIN:
            return constant(span, -value.constant)
    if value.type == FLOAT:
        return Value(Prim(span, FLOAT, "float.neg", (value.expr,)))
    return Value(Prim(span, INT, "int.neg", (to_int(value).expr,)))


def positive(context: Context, node: ast.AST, value: Value) -> Value:
    """Lower `+value`: a bool becomes an int."""
    if value.poison or value.type in NUMBERS:
        return value if value.poison else to_int(value)
    return _refuse_unary(context, node, "+", value)


def invert(context: Context, node: ast.AST, value: Value) -> Value:
    """Lower `~value`."""
    if value.poison:
        return value
    if value.type not in (INT, BOOL):
        return _refuse_unary(context, node, "~", value)
    value = to_int(value)
    if isinstance(value.constant, int):
        return constant(context.span(node), ~value.constant)
    return Value(Prim(context.span(node), INT, "int.invert", (value.expr,)))


def _refuse_unary(context: Context, node: ast.AST, symbol: str, value: Value) -> Value:
    return context.refuse(
        "P0305", node, f"unary `{symbol}` is not defined for {describe(value.type)}", "apply it to a number, or element by element"
    )
