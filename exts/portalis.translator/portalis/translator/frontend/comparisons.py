"""Comparisons on lowered values: between numbers of any mix, constants, sequences and Gf values."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from portalis.translator.frontend.calls import call_library
from portalis.translator.frontend.context import Context
from portalis.translator.frontend.conversions import NUMBERS, known, to_float, to_int
from portalis.translator.frontend.evaluation import hold, in_order, is_simple, once
from portalis.translator.frontend.gf_operators import gf_equal
from portalis.translator.frontend.sequences import item
from portalis.translator.frontend.values import Value, constant, describe, sequence
from portalis.translator.ir.nodes import BoolOp, Compare, Comparison, Guard, If, IfExpr, Prim, Stmt
from portalis.translator.ir.types import (
    BOOL,
    FLOAT,
    GF_TYPES,
    INT,
    NONE,
    STR,
    ListType,
    RecordType,
    TupleType,
    elements,
)

COMPARISONS: Mapping[type[ast.cmpop], Comparison] = {
    ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.Eq: "eq", ast.NotEq: "ne",
}  # fmt: skip
_SYMBOLS: Mapping[str, str] = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}
_SWAPPED: Mapping[str, Comparison] = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}


def compare(context: Context, node: ast.AST, op: Comparison, left: Value, right: Value) -> Value:
    """Lower one comparison of evaluated operands."""
    if left.poison or right.poison:
        return left if left.poison else right
    span = context.span(node)
    if left.type in NUMBERS and right.type in NUMBERS:
        return _compare_numbers(context, node, op, left, right)
    if left.type == right.type and left.type in (STR, NONE):
        if left.type == NONE:
            return known(context, node, op == "eq", [left, right]) if op in ("eq", "ne") else _refuse(context, node, op, left, right)
        return Value(Compare(span, BOOL, op, left.expr, right.expr))
    if op in ("eq", "ne") and (isinstance(left.type, GF_TYPES) or isinstance(right.type, GF_TYPES)):
        found = gf_equal(context, node, op, left, right)
        return found if found is not None else _refuse(context, node, op, left, right)
    if isinstance(left.type, TupleType | ListType) and type(left.type) is type(right.type) and op in ("eq", "ne"):
        return _compare_sequences(context, node, op, left, right)
    if op in ("eq", "ne") and NONE in (left.type, right.type) and not isinstance(left.type, (*GF_TYPES, RecordType)):
        return known(context, node, op == "ne", [left, right])
    return _refuse(context, node, op, left, right)


def _refuse(context: Context, node: ast.AST, op: Comparison, left: Value, right: Value) -> Value:
    return context.refuse(
        "P0305",
        node,
        f"`{_SYMBOLS[op]}` between {describe(left.type)} and {describe(right.type)} has no translation",
        "compare values of the same type, or their parts",
    )


def _compare_numbers(context: Context, node: ast.AST, op: Comparison, left: Value, right: Value) -> Value:
    span = context.span(node)
    if left.is_constant and right.is_constant:
        one, other = left.constant, right.constant
        assert isinstance(one, int | float) and isinstance(other, int | float)
        answers = {"lt": one < other, "le": one <= other, "gt": one > other, "ge": one >= other, "eq": one == other, "ne": one != other}
        return constant(span, answers[op])
    if left.type == right.type and (left.type != BOOL or op in ("eq", "ne")):
        return Value(Compare(span, BOOL, op, left.expr, right.expr))
    left, right = to_int(left), to_int(right)
    if left.type == right.type:
        return Value(Compare(span, BOOL, op, left.expr, right.expr))
    if any(isinstance(side.constant, int) and abs(side.constant) <= 2**53 for side in (left, right)):
        # A small constant is the same number as a float: no need for the exact comparison of an int with a float.
        return Value(Compare(span, BOOL, op, to_float(left).expr, to_float(right).expr))
    if left.type == INT:
        return call_library(context, node, "operators", f"int_float_{op}", [left, right])
    swapped = _SWAPPED[op]
    return in_order(context, node, [left, right], lambda v: call_library(context, node, "operators", f"int_float_{swapped}", [v[1], v[0]]))


def _compare_sequences(context: Context, node: ast.AST, op: Comparison, left: Value, right: Value) -> Value:
    assert isinstance(left.type, TupleType | ListType) and isinstance(right.type, TupleType | ListType)
    length = len(elements(left.type))
    if length != len(elements(right.type)):
        return known(context, node, op == "ne", [left, right])
    span = context.span(node)
    body: list[Stmt] = []
    if not (is_simple(left) and is_simple(right)):
        left, right = hold(context, left, "left", body), hold(context, right, "right", body)
    result = constant(span, True)
    for index in reversed(range(length)):
        equal = same_or_equal(context, node, item(left, index), item(right, index))
        if equal.poison:
            return equal
        result = equal if result.constant is True else Value(BoolOp(span, BOOL, "and", equal.expr, result.expr))
    if op == "ne":
        result = Value(Prim(span, BOOL, "bool.not", (result.expr,)))
    return Value(sequence(span, body, result.expr))


def same_or_equal(context: Context, node: ast.AST, left: Value, right: Value) -> Value:
    """Lower the `is or ==` by which CPython compares elements of sequences; where two NaNs could be one object, guard."""
    equal = compare(context, node, "eq", left, right)
    if equal.poison or left.type != right.type or not (left.type == FLOAT or isinstance(left.type, GF_TYPES)):
        return equal
    if any(side.is_constant and side.constant == side.constant for side in (left, right)):
        return equal
    span = context.span(node)
    body: list[Stmt] = []
    left, right = once(context, left, "left", body), once(context, right, "right", body)
    # What holds a NaN is the one value that differs from itself.
    nans = [compare(context, node, "ne", side, side) for side in (left, right)]
    both = BoolOp(span, BOOL, "and", nans[0].expr, nans[1].expr)
    body.append(If(span, both, (Guard(span, "two NaNs compared inside a sequence, where CPython asks whether they are one object"),)))
    return Value(sequence(span, body, compare(context, node, "eq", left, right).expr))


def contains(context: Context, node: ast.AST, needle: Value, haystack: Value, negated: bool) -> Value:
    """Lower `needle in haystack` for a tuple or list, element by element."""
    if needle.poison or haystack.poison:
        return needle if needle.poison else haystack
    if not isinstance(haystack.type, TupleType | ListType):
        return context.refuse(
            "P0305", node, f"`in` is not translated for {describe(haystack.type)}", "use a tuple or a list of constants, or compare with =="
        )
    span = context.span(node)
    length = len(elements(haystack.type))
    body: list[Stmt] = []
    needle, haystack = once(context, needle, "needle", body), once(context, haystack, "haystack", body)
    result = constant(span, False)
    for index in reversed(range(length)):
        equal = same_or_equal(context, node, item(haystack, index), needle)
        if equal.poison:
            return equal
        if not (equal.is_constant and equal.constant is False):
            result = Value(BoolOp(span, BOOL, "or", equal.expr, result.expr)) if not result.is_constant else equal
    if negated:
        result = constant(span, not result.constant) if result.is_constant else Value(Prim(span, BOOL, "bool.not", (result.expr,)))
    return Value(sequence(span, body, result.expr))


def choose(context: Context, node: ast.AST, test: Value, then: Value, otherwise: Value) -> Value:
    """Lower a conditional expression whose operands have been lowered apart."""
    if then.unknown != otherwise.unknown and not (then.poison and otherwise.poison):
        return otherwise if then.unknown else then
    if test.poison or then.poison or otherwise.poison:
        return next(value for value in (test, then, otherwise) if value.poison)
    if then.type != otherwise.type:
        return context.refuse(
            "P0319",
            node,
            f"the alternatives have different types: {describe(then.type)} and {describe(otherwise.type)}",
            "give both the same type, for example 0.0 instead of 0",
        )
    exact = then.exact if then.exact == otherwise.exact else None
    expr = IfExpr(context.span(node), then.type, test.expr, then.expr, otherwise.expr)
    return Value(expr, then.roots | otherwise.roots, exact, then.tangled or otherwise.tangled)
