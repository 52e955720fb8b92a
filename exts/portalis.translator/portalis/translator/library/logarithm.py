"""Logarithms in the library dialect, each less than 0.6 ULP from the exact value.

log(x) = k * ln(2) + log(1 + f) with 1 + f in [sqrt(1/2), sqrt(2)), and log(1 + f) = 2 * atanh(s) with s = f / (2 + f) carried as a pair.
"""

from __future__ import annotations

from portalis.translator.library.double_double import fast_two_sum, multiply_pairs, two_product, two_sum
from portalis.translator.library.intrinsics import (
    fabs,
    float_divide,
    from_bits,
    shift_left,
    shift_right,
    to_bits,
    wrapping_add,
    wrapping_sub,
)
from portalis.translator.library.tables import (
    LN2_HIGH,
    LN2_LOW,
    LOG2_E_LONG_HIGH,
    LOG2_E_LONG_LOW,
    LOG10_2_HIGH,
    LOG10_2_LOW,
    LOG10_E_LONG_HIGH,
    LOG10_E_LONG_LOW,
    log_rest,
)

INFINITY = 1e400
SMALLEST_NORMAL = 2.2250738585072014e-308
TWO_TO_54 = 18014398509481984.0
ROUNDING = 6755399441055744.0
ROUNDING_BITS = 0x4338000000000000
ROUNDING_BITS_AND_BIAS = 0x43380000000003FF
SQRT_HALF_BITS = 0x3FE6A09E667F3BCD


def normalise(x: float) -> tuple[float, float]:
    """Return m in [sqrt(1/2), sqrt(2)) and k as a float, where x = m * 2**k is positive and finite."""
    small = x < SMALLEST_NORMAL
    bits = to_bits(x * TWO_TO_54 if small else x)
    exponent = shift_right(wrapping_sub(bits, SQRT_HALF_BITS), 52)
    mantissa = from_bits(wrapping_sub(bits, shift_left(exponent, 52)))
    # An int of few bits made a float by the bits of a sum: conversions of 64-bit ints are not vectorised.
    count = from_bits(wrapping_add(exponent, ROUNDING_BITS)) - ROUNDING
    return mantissa, count - 54.0 if small else count


def log_near_one(f: float, f_low: float) -> tuple[float, float]:
    """Return log(1 + f + f_low) as a pair, for 1 + f in [0.7, 1.42]."""
    below, below_low = fast_two_sum(2.0, f)
    reciprocal = float_divide(1.0, below)
    s = f * reciprocal
    product, error = two_product(s, below)
    s_low = (((f - product) - error) + (f_low - s * (below_low + f_low))) * reciprocal
    square = s * s
    cubic = s * square * log_rest(square)
    return s + s, cubic + 2.0 * (s_low + s_low * square)


def natural(mantissa: float, mantissa_low: float, count: float) -> tuple[float, float]:
    """Return log((mantissa + mantissa_low) * 2**count) as a pair."""
    f, f_low = fast_two_sum(mantissa - 1.0, mantissa_low)
    high, low = log_near_one(f, f_low)
    total, error = fast_two_sum(count * LN2_HIGH, high)
    return total, error + (low + count * LN2_LOW)


def check_domain(x: float) -> None:
    """Raise what a logarithm raises for x <= 0."""
    if x <= 0.0:
        raise ValueError("math domain error")


def natural_logarithm(x: float) -> float:
    """Return math.log(x)."""
    if not (x > 0.0 and x < INFINITY):
        check_domain(x)
        return x
    mantissa, count = normalise(x)
    high, low = natural(mantissa, 0.0, count)
    return high + low


def binary_logarithm(x: float) -> float:
    """Return math.log2(x)."""
    if not (x > 0.0 and x < INFINITY):
        check_domain(x)
        return x
    mantissa, count = normalise(x)
    high, low = log_near_one(mantissa - 1.0, 0.0)
    high, low = multiply_pairs(high, low, LOG2_E_LONG_HIGH, LOG2_E_LONG_LOW)
    total, error = fast_two_sum(count, high)
    return total + (error + low)


def decimal_logarithm(x: float) -> float:
    """Return math.log10(x)."""
    if not (x > 0.0 and x < INFINITY):
        check_domain(x)
        return x
    mantissa, count = normalise(x)
    high, low = log_near_one(mantissa - 1.0, 0.0)
    high, low = multiply_pairs(high, low, LOG10_E_LONG_HIGH, LOG10_E_LONG_LOW)
    total, error = fast_two_sum(count * LOG10_2_HIGH, high)
    return total + (error + (low + count * LOG10_2_LOW))


def logarithm_of_one_plus(x: float) -> float:
    """Return math.log1p(x)."""
    if not (x > -1.0 and x < INFINITY):
        check_domain(x + 1.0)
        return x
    high, low = log1p_of_pair(x, 0.0)
    return x if fabs(x) < 1e-17 else high + low


def log1p_of_pair(x: float, x_low: float) -> tuple[float, float]:
    """Return log(1 + x + x_low) as a pair, for x > -1."""
    total, error = two_sum(1.0, x)
    mantissa, count = normalise(total)
    factor = from_bits(shift_left(wrapping_sub(ROUNDING_BITS_AND_BIAS, to_bits(count + ROUNDING)), 52))
    # For a large x the error does not matter, and the factor would leave the range of normal numbers.
    return natural(mantissa, (error + x_low) * (factor if count < 1000.0 else 0.0), count)
