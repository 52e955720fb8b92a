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
_MASK = 2**64 - 1


@dataclass(frozen=True, slots=True)
class Op:
    """One operation: argument types, result type, whether `overflow="checked"` can stop it, and its meaning in Python."""

    args: tuple[Type, ...]
    result: Type
    evaluate: Callable[..., Any]
    may_overflow: bool = False


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

OPS: dict[str, Op] = {
    # Checked arithmetic: the mathematical result, or a guard where it does not fit ("proven": it always fits).
    "int.add": Op(_II, INT, lambda a, b: a + b, may_overflow=True),
    "int.sub": Op(_II, INT, lambda a, b: a - b, may_overflow=True),
    "int.mul": Op(_II, INT, lambda a, b: a * b, may_overflow=True),
    "int.neg": Op((INT,), INT, lambda a: -a, may_overflow=True),
    # Arithmetic modulo 2**64.
    "int.wrapping_add": Op(_II, INT, lambda a, b: wrap(a + b)),
    "int.wrapping_sub": Op(_II, INT, lambda a, b: wrap(a - b)),
    "int.wrapping_mul": Op(_II, INT, lambda a, b: wrap(a * b)),
    # The upper 64 bits of the product of both bit patterns read as unsigned.
    "int.multiply_high_unsigned": Op(_II, INT, lambda a, b: wrap((a & _MASK) * (b & _MASK) >> 64)),
    # Toward zero; the divisor is not 0, and not -1 where the dividend is the smallest int.
    "int.divide_truncating": Op(_II, INT, _divide_truncating),
    "int.remainder_truncating": Op(_II, INT, lambda a, b: a - b * _divide_truncating(a, b)),
    "int.and": Op(_II, INT, lambda a, b: a & b),
    "int.or": Op(_II, INT, lambda a, b: a | b),
    "int.xor": Op(_II, INT, lambda a, b: a ^ b),
    "int.invert": Op((INT,), INT, lambda a: ~a),
    # Shift counts are in 0 … 63; a left shift drops the bits that leave.
    "int.shift_left": Op(_II, INT, lambda a, b: wrap(a << b)),
    "int.shift_right": Op(_II, INT, lambda a, b: a >> b),
    "int.shift_right_logical": Op(_II, INT, lambda a, b: wrap((a & _MASK) >> b)),
    "int.less_unsigned": Op(_II, BOOL, lambda a, b: (a & _MASK) < (b & _MASK)),
    "int.count_leading_zeros": Op((INT,), INT, _count_leading_zeros),
    "int.to_float": Op((INT,), FLOAT, float),  # nearest, ties to even
    # IEEE 754 binary64, round to nearest even. NaN payloads and signs are unspecified.
    "float.add": Op(_FF, FLOAT, lambda a, b: a + b),
    "float.sub": Op(_FF, FLOAT, lambda a, b: a - b),
    "float.mul": Op(_FF, FLOAT, lambda a, b: a * b),
    "float.div": Op(_FF, FLOAT, _ieee_divide),  # never raises: x/0 is an infinity or NaN
    "float.neg": Op((FLOAT,), FLOAT, lambda a: -a),
    "float.abs": Op((FLOAT,), FLOAT, abs),
    "float.sqrt": Op((FLOAT,), FLOAT, _square_root),  # NaN below zero; -0.0 stays
    "float.floor": Op((FLOAT,), FLOAT, _toward_integral(math.floor)),
    "float.ceil": Op((FLOAT,), FLOAT, _toward_integral(math.ceil)),
    "float.trunc": Op((FLOAT,), FLOAT, _toward_integral(math.trunc)),
    "float.rint": Op((FLOAT,), FLOAT, _toward_integral(round)),  # ties to even
    "float.copysign": Op(_FF, FLOAT, math.copysign),
    "float.round_to_single": Op((FLOAT,), FLOAT, _round_to_single),  # the nearest binary32, held as a binary64
    "float.to_bits": Op((FLOAT,), INT, _to_bits),
    "float.from_bits": Op((INT,), FLOAT, _from_bits),
    "float.to_int": Op((FLOAT,), INT, int),  # toward zero; the argument is in [-2**63, 2**63)
    "bool.to_int": Op((BOOL,), INT, int),
    "bool.not": Op((BOOL,), BOOL, lambda a: not a),
    # Both operands are evaluated: what lanes need, and cheap where both are at hand.
    "bool.and": Op((BOOL, BOOL), BOOL, lambda a, b: a and b),
    "bool.or": Op((BOOL, BOOL), BOOL, lambda a, b: a or b),
}
# `select(test, then, otherwise)` evaluates all three; the last two have one scalar type, which is the result's.
SELECT = "select"
