"""The primitive operations: one table that the front-end, the checker, the interpreter and every back-end share.

An operation is total on the values its line promises; whatever Python adds (errors, flooring, corner cases) is written in `library/` on top
of it. `evaluate` is the meaning: Python ints are kept in the signed 64-bit range, floats are binary64.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portalis.translator.ir.types import BOOL, FLOAT, INT, Type

INT_MIN, INT_MAX = -(2**63), 2**63 - 1
OVERFLOW_REASON = "an int beyond 64 bits"
# Why a power stops a call whose result would be of another type.
POWER_REASONS = frozenset(("an int to a negative power, which is a float", "a negative number to a fractional power, which is complex"))
_MASK = 2**64 - 1


@dataclass(frozen=True, slots=True)
class Op:
    """One operation: argument types, result type, its meaning in Python, and where it has one.

    With `may_overflow` the mathematical result may not fit in 64 bits, and `overflow="checked"` can stop it. `is_defined` tells on which
    operands of these types it has a meaning; None: on all.
    """

    args: tuple[Type, ...]
    result: Type
    evaluate: Callable[..., Any]
    may_overflow: bool
    is_defined: Callable[..., bool] | None


def _total(args: tuple[Type, ...], result: Type, evaluate: Callable[..., Any]) -> Op:
    return Op(args, result, evaluate, may_overflow=False, is_defined=None)


def _checked(args: tuple[Type, ...], result: Type, evaluate: Callable[..., Any]) -> Op:
    return Op(args, result, evaluate, may_overflow=True, is_defined=None)


def _partial(args: tuple[Type, ...], result: Type, evaluate: Callable[..., Any], is_defined: Callable[..., bool]) -> Op:
    return Op(args, result, evaluate, may_overflow=False, is_defined=is_defined)


def wrap(value: int) -> int:
    """Reduce an int modulo 2**64 into the signed range."""
    return ((value + 2**63) & _MASK) - 2**63


def _divide_truncating(left: int, right: int) -> int:
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def _count_leading_zeros(value: int) -> int:
    return 64 - (value & _MASK).bit_length()


def _ieee_divide(left: float, right: float) -> float:
    if right != 0.0:
        return left / right
    if left == 0.0 or math.isnan(left):
        return math.nan
    return math.copysign(math.inf, math.copysign(1.0, left) * math.copysign(1.0, right))


def _toward_integral(function: Callable[[float], int]) -> Callable[[float], float]:
    def rounded(value: float) -> float:
        # Beyond 2**52 every float is integral; copysign keeps the sign of a zero, as IEEE 754 rounding does.
        return value if not abs(value) < 2.0**52 else math.copysign(float(function(value)), value)

    return rounded


def _square_root(value: float) -> float:
    return math.sqrt(value) if value >= 0.0 else math.nan


def _round_to_single(value: float) -> float:
    try:
        return float(struct.unpack("<f", struct.pack("<f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)


def _to_bits(value: float) -> int:
    return int(struct.unpack("<q", struct.pack("<d", value))[0])


def _from_bits(value: int) -> float:
    return float(struct.unpack("<d", struct.pack("<q", value))[0])


_II, _FF = (INT, INT), (FLOAT, FLOAT)


def _divides(left: int, right: int) -> bool:
    return right != 0 and (left, right) != (INT_MIN, -1)


def _counts(_value: int, count: int) -> bool:
    return 0 <= count <= 63


OPS: dict[str, Op] = {
    # Checked arithmetic: the mathematical result, or a guard where it does not fit ("proven": it always fits).
    "int.add": _checked(_II, INT, lambda a, b: a + b),
    "int.sub": _checked(_II, INT, lambda a, b: a - b),
    "int.mul": _checked(_II, INT, lambda a, b: a * b),
    "int.neg": _checked((INT,), INT, lambda a: -a),
    # Arithmetic modulo 2**64.
    "int.wrapping_add": _total(_II, INT, lambda a, b: wrap(a + b)),
    "int.wrapping_sub": _total(_II, INT, lambda a, b: wrap(a - b)),
    "int.wrapping_mul": _total(_II, INT, lambda a, b: wrap(a * b)),
    # The upper 64 bits of the product of both bit patterns read as unsigned.
    "int.multiply_high_unsigned": _total(_II, INT, lambda a, b: wrap((a & _MASK) * (b & _MASK) >> 64)),
    # Toward zero; the divisor is not 0, and not -1 where the dividend is the smallest int.
    "int.divide_truncating": _partial(_II, INT, _divide_truncating, _divides),
    "int.remainder_truncating": _partial(_II, INT, lambda a, b: a - b * _divide_truncating(a, b), _divides),
    "int.and": _total(_II, INT, lambda a, b: a & b),
    "int.or": _total(_II, INT, lambda a, b: a | b),
    "int.xor": _total(_II, INT, lambda a, b: a ^ b),
    "int.invert": _total((INT,), INT, lambda a: ~a),
    # Shift counts are in 0 … 63; a left shift drops the bits that leave.
    "int.shift_left": _partial(_II, INT, lambda a, b: wrap(a << b), _counts),
    "int.shift_right": _partial(_II, INT, lambda a, b: a >> b, _counts),
    "int.shift_right_logical": _partial(_II, INT, lambda a, b: wrap((a & _MASK) >> b), _counts),
    "int.less_unsigned": _total(_II, BOOL, lambda a, b: (a & _MASK) < (b & _MASK)),
    "int.count_leading_zeros": _total((INT,), INT, _count_leading_zeros),
    "int.to_float": _total((INT,), FLOAT, float),  # nearest, ties to even
    # IEEE 754 binary64, round to nearest even. NaN payloads and signs are unspecified.
    "float.add": _total(_FF, FLOAT, lambda a, b: a + b),
    "float.sub": _total(_FF, FLOAT, lambda a, b: a - b),
    "float.mul": _total(_FF, FLOAT, lambda a, b: a * b),
    "float.div": _total(_FF, FLOAT, _ieee_divide),  # never raises: x/0 is an infinity or NaN
    "float.neg": _total((FLOAT,), FLOAT, lambda a: -a),
    "float.abs": _total((FLOAT,), FLOAT, abs),
    "float.sqrt": _total((FLOAT,), FLOAT, _square_root),  # NaN below zero; -0.0 stays
    "float.floor": _total((FLOAT,), FLOAT, _toward_integral(math.floor)),
    "float.ceil": _total((FLOAT,), FLOAT, _toward_integral(math.ceil)),
    "float.trunc": _total((FLOAT,), FLOAT, _toward_integral(math.trunc)),
    "float.rint": _total((FLOAT,), FLOAT, _toward_integral(round)),  # ties to even
    "float.copysign": _total(_FF, FLOAT, math.copysign),
    "float.round_to_single": _total((FLOAT,), FLOAT, _round_to_single),  # the nearest binary32, held as a binary64
    "float.to_bits": _total((FLOAT,), INT, _to_bits),
    "float.from_bits": _total((INT,), FLOAT, _from_bits),
    "float.to_int": _partial((FLOAT,), INT, int, lambda a: -(2.0**63) <= a < 2.0**63),  # toward zero; the argument is in [-2**63, 2**63)
    "bool.to_int": _total((BOOL,), INT, int),
    "bool.not": _total((BOOL,), BOOL, lambda a: not a),
    # Both operands are evaluated: what lanes need, and cheap where both are at hand.
    "bool.and": _total((BOOL, BOOL), BOOL, lambda a, b: a and b),
    "bool.or": _total((BOOL, BOOL), BOOL, lambda a, b: a or b),
}
# `select(test, then, otherwise)` evaluates all three; the last two have one scalar type, which is the result's.
SELECT = "select"


def is_total(op: str) -> bool:
    """Tell whether an operation has a meaning on all operands of its types."""
    return op == SELECT or OPS[op].is_defined is None
