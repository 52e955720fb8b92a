"""Exponential functions in the library dialect, each less than 0.6 ULP from the exact value (1 where it is subnormal).

e**x = 2**k * e**r with |r| <= ln(2)/2; r and its square are carried as pairs, so that the one rounding that counts is the last.
"""

from __future__ import annotations

from portalis.translator.library.double_double import fast_two_sum, two_product, two_sum
from portalis.translator.library.intrinsics import (
    fabs,
    from_bits,
    shift_left,
    shift_right,
    to_bits,
    wrapping_add,
    wrapping_sub,
)
from portalis.translator.library.tables import LN2_HIGH, LN2_LONG_HIGH, LN2_LONG_LOW, LN2_LOW, LOG2_E, exp_rest

INFINITY = 1e400
SPLITTER = 134217729.0
# Added to a float below 2**51, it leaves the nearest int in the low bits.
ROUNDING = 6755399441055744.0
ROUNDING_BITS = 0x4338000000000000
LARGEST_EXP = 709.782712893384


def scale(value: float, exponent: int) -> float:
    """Return value * 2**exponent for an exponent in -2000 … 2000, by two factors so that neither leaves the range."""
    half = shift_right(exponent, 1)
    first = from_bits(shift_left(wrapping_add(half, 1023), 52))
    second = from_bits(shift_left(wrapping_add(wrapping_sub(exponent, half), 1023), 52))
    return value * first * second


def reduce(x: float) -> tuple[int, float, float]:
    """Return k and the pair x - k * ln(2), for |x| < 1100."""
    shifted = x * LOG2_E + ROUNDING
    count = shifted - ROUNDING
    rest = x - count * LN2_HIGH
    low = count * LN2_LOW
    high = rest - low
    return wrapping_sub(to_bits(shifted), ROUNDING_BITS), high, (rest - high) - low


def expm1_pair(r: float, r_low: float) -> tuple[float, float]:
    """Return e**(r + r_low) - 1 as a pair for |r| <= 0.3466; the second part may reach a hundredth of the first."""
    shifted = SPLITTER * r
    head = shifted - (shifted - r)
    tail = r - head
    # r**2/2 is exact as half * 1 + rest.
    half = 0.5 * head * head
    high, low = fast_two_sum(r, half)
    cubic = r * r * r * exp_rest(r)
    return high, low + (0.5 * tail * (r + head) + (cubic + (r_low + r_low * high)))


def exponential(x: float) -> float:
    """Return math.exp(x)."""
    if x > LARGEST_EXP:
        if x == INFINITY:
            return x
        raise OverflowError("math range error")
    return exp_of_pair(x, 0.0)


def exp_of_pair(x: float, x_low: float) -> float:
    """Return e**(x + x_low) for x up to 709.79, rounded once unless it is subnormal; 0.0 far below."""
    if x < -746.0:
        x = -746.0
        x_low = 0.0
    exponent, r, r_low = reduce(x)
    r, r_low = fast_two_sum(r, r_low + x_low)
    high, low = expm1_pair(r, r_low)
    total, error = fast_two_sum(1.0, high)
    return scale(total + (error + low), exponent)


def exponential_of_two(x: float) -> float:
    """Return math.exp2(x)."""
    if x >= 1024.0:
        if x == INFINITY:
            return x
        raise OverflowError("math range error")
    if x < -1080.0:
        x = -1080.0
    shifted = x + ROUNDING
    rest = x - (shifted - ROUNDING)
    r, r_low = two_product(rest, LN2_LONG_HIGH)
    high, low = expm1_pair(r, r_low + rest * LN2_LONG_LOW)
    total, error = fast_two_sum(1.0, high)
    return scale(total + (error + low), wrapping_sub(to_bits(shifted), ROUNDING_BITS))


def exponential_less_one(x: float) -> float:
    """Return math.expm1(x)."""
    if x > LARGEST_EXP:
        if x == INFINITY:
            return x
        raise OverflowError("math range error")
    if fabs(x) < 1e-17:
        return x
    if x < -60.0:
        x = -60.0
    high, low, exponent = expm1_scaled(x)
    return scale(high + low, exponent)


def expm1_scaled(x: float) -> tuple[float, float, int]:
    """Return e**x - 1 for x in -60 … 710 as a pair, to be multiplied by a power of two."""
    exponent, r, r_low = reduce(x)
    high, low = expm1_pair(r, r_low)
    # Above 2**60 the 1 does not matter; 2**k - 1 is wanted below.
    one = from_bits(shift_left(wrapping_sub(1023, exponent), 52)) if exponent < 1000 else 0.0
    base, base_error = two_sum(1.0, -one)
    total, error = two_sum(base, high)
    return total, (error + base_error) + low, exponent
