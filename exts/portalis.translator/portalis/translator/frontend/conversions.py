"""Conversions between numbers, and the truth of a value, made explicit."""

from __future__ import annotations

import ast

from portalis.translator.frontend.context import Context
from portalis.translator.frontend.evaluation import is_simple
from portalis.translator.frontend.values import Value, constant, sequence
from portalis.translator.ir.nodes import Compare, Const, Evaluate, Prim
from portalis.translator.ir.types import (
    BOOL,
    FLOAT,
    INT,
    FloatType,
    IntType,
    ListType,
    NoneType,
    StrType,
    TupleType,
    Type,
)

NUMBERS: tuple[Type, ...] = (INT, FLOAT, BOOL)


def to_int(value: Value) -> Value:
    """Return a bool as the int that it is; an int as it is."""
    if value.type != BOOL:
        return value
    if value.is_constant:
        return constant(value.span, int(bool(value.constant)))
    return Value(Prim(value.span, INT, "bool.to_int", (value.expr,)))


def to_float(value: Value) -> Value:
    """Return a number as a float, as CPython converts it (an int to the nearest)."""
    value = to_int(value)
    if value.type != INT:
        return value
    if value.is_constant:
        assert isinstance(value.constant, int)
        return constant(value.span, float(value.constant))
    return Value(Prim(value.span, FLOAT, "int.to_float", (value.expr,)))


def truth(context: Context, node: ast.AST, value: Value) -> Value:
    """Return the bool that `if value:` tests."""
    if value.poison or value.type == BOOL:
        return value
    span = context.span(node)
    if value.is_constant:
        return constant(span, bool(value.constant))
    match value.type:
        case IntType():
            return Value(Compare(span, BOOL, "ne", value.expr, Const(span, INT, 0)))
        case FloatType():
            return Value(Compare(span, BOOL, "ne", value.expr, Const(span, FLOAT, 0.0)))
        case StrType():
            return Value(Compare(span, BOOL, "ne", value.expr, Const(span, value.type, "")))
        case NoneType():
            return known(context, node, False, [value])
        case TupleType(items):
            return known(context, node, bool(items), [value])
        case ListType(_, length):
            return known(context, node, length > 0, [value])
        case _:
            return known(context, node, True, [value])


def known(context: Context, node: ast.AST, answer: bool, evaluated: list[Value]) -> Value:
    """Return a bool that is known from types alone, after evaluating what CPython would evaluate for it."""
    span = context.span(node)
    effects = [Evaluate(value.span, value.expr) for value in evaluated if not is_simple(value)]
    return Value(sequence(span, effects, Const(span, BOOL, answer)))
