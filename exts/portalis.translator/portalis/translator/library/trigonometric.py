"""Trigonometric functions in the library dialect, each less than 0.6 ULP from the exact value."""

from __future__ import annotations

from portalis.translator.library.double_double import divide_pairs, fast_two_sum
from portalis.translator.library.intrinsics import fabs, shift_right
from portalis.translator.library.reduction import reduce_angle
from portalis.translator.library.tables import cos_rest, sin_rest

# 2**37 + 1: a product with it, and two subtractions, round a float to its 16 upper bits.
SPLITTER = 137438953473.0
# 1/6 in two parts, the first of five bits: its product with a cube of 48 bits is exact.
SIXTH_HIGH = 0.1640625
SIXTH_LOW = 0.0026041666666666665
SIXTH = 0.16666666666666666
# Up to here sin(x) and tan(x) are x to less than a hundredth of a rounding error.
TINY = 1e-9


def sin_pair(r: float, r_low: float) -> tuple[float, float]:
    """Return sin(r + r_low) for |r| <= 0.786 as a pair."""
    shifted = SPLITTER * r
    head = shifted - (shifted - r)
    tail = r - head
    square = r * r
    cube = head * head * head
    cube_rest = tail * (square + head * (r + head))
    high, low = fast_two_sum(r, -(SIXTH_HIGH * cube))
    # The slope of the sine at r takes r_low along.
    rest = r_low - (SIXTH_LOW * cube + SIXTH * cube_rest) - 0.5 * square * r_low
    return high, low + (rest + r * square * square * sin_rest(square))


def cos_pair(r: float, r_low: float) -> tuple[float, float]:
    """Return cos(r + r_low) for |r| <= 0.786 as a pair."""
    shifted = SPLITTER * r
    head = shifted - (shifted - r)
    tail = r - head
    square = r * r
    high, low = fast_two_sum(1.0, -(0.5 * head * head))
    return high, low + (square * square * cos_rest(square) - (0.5 * tail * (r + head) + r * r_low))


def sine(x: float) -> float:
    """Return math.sin(x)."""
    turns, r, r_low = reduce_angle(x)
    sin_high, sin_low = sin_pair(r, r_low)
    cos_high, cos_low = cos_pair(r, r_low)
    result = cos_high + cos_low if turns & 1 == 1 else sin_high + sin_low
    if turns & 2 == 2:
        result = -result
    return x if fabs(x) < TINY else result


def cosine(x: float) -> float:
    """Return math.cos(x)."""
    turns, r, r_low = reduce_angle(x)
    sin_high, sin_low = sin_pair(r, r_low)
    cos_high, cos_low = cos_pair(r, r_low)
    result = sin_high + sin_low if turns & 1 == 1 else cos_high + cos_low
    # The cosine is negative in the second and third quarter.
    return -result if (turns ^ shift_right(turns, 1)) & 1 == 1 else result


def tangent(x: float) -> float:
    """Return math.tan(x)."""
    turns, r, r_low = reduce_angle(x)
    sin_high, sin_low = sin_pair(r, r_low)
    cos_high, cos_low = cos_pair(r, r_low)
    sin_high, sin_low = fast_two_sum(sin_high, sin_low)
    cos_high, cos_low = fast_two_sum(cos_high, cos_low)
    odd = turns & 1 == 1
    above = -cos_high if odd else sin_high
    above_low = -cos_low if odd else sin_low
    high, low = divide_pairs(above, above_low, sin_high if odd else cos_high, sin_low if odd else cos_low)
    return x if fabs(x) < TINY else high + low
