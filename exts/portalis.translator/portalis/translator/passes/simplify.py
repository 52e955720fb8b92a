"""Exact simplifications of one operation whose operands are already simplified; the passes share them.

Invariant: the simplified expression has the same value, bit for bit, and ends the call exactly where the original does. An operation on
constants stays as it is where it would stop with a guard, where its operands break its contract (only unreachable code does that), and
where its result is a NaN, whose bits are the machine's affair.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from portalis.translator.ir.nodes import Compare, Comparison, Const, Expr, Literals, Local, Prim
from portalis.translator.ir.ops import INT_MAX, INT_MIN, OPS, SELECT
from portalis.translator.ir.types import BOOL
from portalis.translator.source import Span

# Operations that give back one operand when the other is this very constant (the sign of a zero counts): (operation, operand) -> constant.
# A float sum is not here with 0.0: -0.0 + 0.0 is 0.0.
_NEUTRAL: dict[tuple[str, int], Literals] = {
    ("int.add", 0): 0,
    ("int.add", 1): 0,
    ("int.sub", 1): 0,
    ("int.mul", 0): 1,
    ("int.mul", 1): 1,
    ("int.wrapping_add", 0): 0,
    ("int.wrapping_add", 1): 0,
    ("int.wrapping_sub", 1): 0,
    ("int.wrapping_mul", 0): 1,
    ("int.wrapping_mul", 1): 1,
    ("int.divide_truncating", 1): 1,
    ("int.and", 0): -1,
    ("int.and", 1): -1,
    ("int.or", 0): 0,
    ("int.or", 1): 0,
    ("int.xor", 0): 0,
    ("int.xor", 1): 0,
    ("int.shift_left", 1): 0,
    ("int.shift_right", 1): 0,
    ("int.shift_right_logical", 1): 0,
    ("float.add", 0): -0.0,
    ("float.add", 1): -0.0,
    ("float.sub", 1): 0.0,
    ("float.mul", 0): 1.0,
    ("float.mul", 1): 1.0,
    ("float.div", 1): 1.0,
    ("bool.and", 0): True,
    ("bool.and", 1): True,
    ("bool.or", 0): False,
    ("bool.or", 1): False,
}
_COMPARE: dict[Comparison, Callable[..., bool]] = {
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
}


def is_value(expr: Expr, value: Literals) -> bool:
    """Tell whether an expression is this very constant: same type, and the same sign where it is a zero."""
    return isinstance(expr, Const) and same_literal(expr.value, value)


def same_literal(left: Literals, right: Literals) -> bool:
    """Tell whether two constants have one type and one value, the sign of zero included."""
    if type(left) is not type(right) or left != right:
        return False
    return not isinstance(left, float) or math.copysign(1.0, left) == math.copysign(1.0, right)  # type: ignore[arg-type]


def truth(span: Span, value: bool) -> Const:
    """Return a constant bool."""
    return Const(span, BOOL, value)


def simplify_prim(prim: Prim) -> Expr:
    """Return an expression equal to a primitive operation; one of its operands, a constant, or itself."""
    args = prim.args
    if prim.op == SELECT:
        return _simplify_select(prim)
    values = [item.value for item in args if isinstance(item, Const)]
    if len(values) == len(args):
        return _evaluate(prim, values)
    for position, other in ((0, 1), (1, 0)) if len(args) == 2 else ():
        neutral = _NEUTRAL.get((prim.op, position))
        if neutral is not None and is_value(args[position], neutral):
            return args[other]
    return prim


def _evaluate(prim: Prim, values: list[Literals]) -> Expr:
    op = OPS[prim.op]
    if op.is_defined is not None and not op.is_defined(*values):
        return prim
    result = op.evaluate(*values)
    if isinstance(result, float) and math.isnan(result):
        return prim
    if type(result) is int and not INT_MIN <= result <= INT_MAX:
        return prim
    return Const(prim.span, prim.type, result)


def _simplify_select(prim: Prim) -> Expr:
    test, then, otherwise = prim.args
    # The operand that is not chosen is evaluated too, so that it can only go where it is a constant or a local.
    if isinstance(test, Const):
        chosen, other = (then, otherwise) if test.value else (otherwise, then)
        return chosen if isinstance(other, Const | Local) else prim
    if prim.type == BOOL and is_value(then, True) and is_value(otherwise, False):
        return test
    return prim


def simplify_compare(compare: Compare) -> Expr:
    """Return an expression equal to a comparison: a constant or itself."""
    left, right = compare.left, compare.right
    if isinstance(left, Const) and isinstance(right, Const):
        return truth(compare.span, _COMPARE[compare.op](left.value, right.value))
    return compare
