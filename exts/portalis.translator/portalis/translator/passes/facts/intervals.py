"""Arithmetic on intervals of 64-bit ints: what an operation can give when its operands lie in known ranges."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.ops import INT_MAX, INT_MIN

# The lowest and the highest value, both included.
Interval: TypeAlias = tuple[int, int]
FULL: Interval = (INT_MIN, INT_MAX)

NEGATED: dict[Comparison, Comparison] = {"lt": "ge", "ge": "lt", "le": "gt", "gt": "le", "eq": "ne", "ne": "eq"}
SWAPPED: dict[Comparison, Comparison] = {"lt": "gt", "gt": "lt", "le": "ge", "ge": "le", "eq": "eq", "ne": "ne"}


def hull(left: Interval, right: Interval) -> Interval:
    """Return the smallest interval that holds both."""
    return min(left[0], right[0]), max(left[1], right[1])


def intersect(left: Interval, right: Interval) -> Interval:
    """Return what both hold; `left` where they have nothing in common, which only unreachable code finds."""
    low, high = max(left[0], right[0]), min(left[1], right[1])
    return (low, high) if low <= high else left


def fits(interval: Interval) -> bool:
    """Tell whether every value has 64 bits."""
    return interval[0] >= INT_MIN and interval[1] <= INT_MAX


def where(op: Comparison, value: Interval, other: Interval) -> Interval:
    """Return the part of `value` for which `value op other` can hold."""
    match op:
        case "lt":
            return intersect(value, (INT_MIN, other[1] - 1))
        case "le":
            return intersect(value, (INT_MIN, other[1]))
        case "gt":
            return intersect(value, (other[0] + 1, INT_MAX))
        case "ge":
            return intersect(value, (other[0], INT_MAX))
        case "eq":
            return intersect(value, other)
        case "ne" if other[0] == other[1]:
            return intersect(value, (value[0] + (value[0] == other[0]), value[1] - (value[1] == other[0])))
        case _:
            return value


def decide(op: Comparison, left: Interval, right: Interval) -> bool | None:
    """Return how a comparison of two values comes out wherever they lie in their intervals; None where that depends."""
    if op in ("eq", "ne"):
        apart = left[1] < right[0] or right[1] < left[0]
        same = left[0] == left[1] == right[0] == right[1]
        return (op == "ne") if apart else (op == "eq") if same else None
    if op in ("gt", "ge"):
        return decide(SWAPPED[op], right, left)
    if left[1] < right[0] or (op == "le" and left[1] == right[0]):
        return True
    return False if left[0] > right[1] or (op == "lt" and left[0] == right[1]) else None


def _product(left: Interval, right: Interval) -> Interval:
    corners = [first * second for first in left for second in right]
    return min(corners), max(corners)


def _quotient(left: Interval, right: Interval) -> Interval:
    if right[0] <= 0 <= right[1]:
        return FULL
    corners = [_divide(first, second) for first in left for second in right]
    return min(corners), max(corners)


def _divide(left: int, right: int) -> int:
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def _remainder(left: Interval, right: Interval) -> Interval:
    # The sign is the dividend's, the magnitude less than the divisor's and at most the dividend's.
    most = max(abs(right[0]), abs(right[1])) - 1
    return max(min(left[0], 0), -most), min(max(left[1], 0), most)


def _and(left: Interval, right: Interval) -> Interval:
    tops = [side[1] for side in (left, right) if side[0] >= 0]
    return (0, min(tops)) if tops else FULL


def _or_xor(left: Interval, right: Interval) -> Interval:
    if left[0] < 0 or right[0] < 0:
        return FULL
    return 0, (1 << max(left[1].bit_length(), right[1].bit_length())) - 1


def _shift_left(value: Interval, count: Interval) -> Interval:
    if not 0 <= count[0] <= count[1] <= 63:
        return FULL
    corners = [end << shift for end in value for shift in count]
    return min(corners), max(corners)


def _shift_right(value: Interval, count: Interval) -> Interval:
    if not 0 <= count[0] <= count[1] <= 63:
        return FULL
    corners = [end >> shift for end in value for shift in count]
    return min(corners), max(corners)


def _shift_right_logical(value: Interval, count: Interval) -> Interval:
    if value[0] >= 0:
        return _shift_right(value, count)
    return (0, 2 ** (64 - count[0]) - 1) if 1 <= count[0] <= 63 else FULL


# The mathematical result, which need not fit in 64 bits; what an operation does with such a result is its user's affair.
TRANSFER: dict[str, Callable[..., Interval]] = {
    "int.add": lambda a, b: (a[0] + b[0], a[1] + b[1]),
    "int.sub": lambda a, b: (a[0] - b[1], a[1] - b[0]),
    "int.mul": _product,
    "int.neg": lambda a: (-a[1], -a[0]),
    "int.wrapping_add": lambda a, b: (a[0] + b[0], a[1] + b[1]),
    "int.wrapping_sub": lambda a, b: (a[0] - b[1], a[1] - b[0]),
    "int.wrapping_mul": _product,
    "int.divide_truncating": _quotient,
    "int.remainder_truncating": _remainder,
    "int.and": _and,
    "int.or": _or_xor,
    "int.xor": _or_xor,
    "int.invert": lambda a: (~a[1], ~a[0]),
    "int.shift_left": _shift_left,
    "int.shift_right": _shift_right,
    "int.shift_right_logical": _shift_right_logical,
    "int.count_leading_zeros": lambda _: (0, 64),
}
