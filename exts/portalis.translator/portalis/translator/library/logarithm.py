"""Logarithms in the library dialect, each less than 0.6 ULP from the exact value.

log(x) = k * ln(2) - log(c) + log(c * m) with m in [11/16, 11/8) and c, from a table, so near to 1/m that c * m is 1 to seven bits. The
bits of c are so few that c * m, in two parts, is exact.
"""

from __future__ import annotations

from portalis.translator.library.double_double import UPPER_26, fast_two_sum, two_sum
from portalis.translator.library.intrinsics import (
    count_leading_zeros,
    fabs,
    from_bits,
    int_to_float,
    shift_left,
    shift_right_logical,
    to_bits,
    wrapping_add,
    wrapping_sub,
)
from portalis.translator.library.tables import (
    LN2_HIGH,
    LN2_LOW,
    LOG2_E_SHORT_HIGH,
    LOG2_E_SHORT_LOW,
    LOG10_2_HIGH,
    LOG10_2_LOW,
    LOG10_E_SHORT_HIGH,
    LOG10_E_SHORT_LOW,
    LOG_INVERSES,
    LOG_VALUES,
    log_after_one,
)

INFINITY = 1e400
TWO_TO_1000 = 1.0715086071862673e301
SMALLEST_NORMAL = 2.2250738585072014e-308
ROUNDING_BITS = 0x4338000000000000
# What has these bits, and 1024 more.
ROUNDING_AND_BIAS = 6755399441056768.0
# The bits of 11/16, less 1024 exponents: what is above it is positive, whatever the exponent.
START_BITS = -0x1A000000000000
# What is left of the bits without the exponent; without the 21 lower bits.
EXPONENT_MASK = -0x10000000000000
UPPER_32 = -0x200000
HALF_OF_LOWER_21 = 0x100000
INFINITY_BITS = 0x7FF0000000000000
BIAS_BITS = 0x4000000000000000


def normalise(x: float) -> tuple[int, float, float]:
    """Return m's place in the tables, m in [11/16, 11/8) and k as a float, where x = m * 2**k is positive, finite and not subnormal."""
    bits = to_bits(x)
    above = wrapping_sub(bits, START_BITS)
    mantissa = from_bits(wrapping_add(wrapping_sub(bits, above & EXPONENT_MASK), BIAS_BITS))
    # An int of few bits made a float by the bits of a sum: conversions of 64-bit ints are not vectorised.
    count = from_bits(wrapping_add(shift_right_logical(above, 52), ROUNDING_BITS)) - ROUNDING_AND_BIAS
    return shift_right_logical(above, 45) & 127, mantissa, count


def lift(x: float) -> tuple[float, float]:
    """Return x * 2**n for a subnormal x > 0 and an n that makes it normal, and n."""
    places = wrapping_sub(count_leading_zeros(to_bits(x)), 11)
    return x * from_bits(shift_left(wrapping_add(places, 1023), 52)), int_to_float(places)


def upper_half(mantissa: float) -> float:
    """Return the number of 32 bits nearest to a mantissa."""
    return from_bits(wrapping_add(to_bits(mantissa), HALF_OF_LOWER_21) & UPPER_32)


def near_one(inverse: float, head: float, tail: float) -> tuple[float, float]:
    """Return log(inverse * (head + tail)) as a pair, where that product is near 1 and `head` has 32 bits."""
    # Near 1 `inverse` is 1, and the sum exact; elsewhere it may be the smaller part that comes first, and what that loses does not matter.
    r, r_low = fast_two_sum(head * inverse - 1.0, tail * inverse)
    return r, r_low + r * r * log_after_one(r)


def times_short(high: float, low: float, factor: float, factor_low: float) -> tuple[float, float]:
    """Return the product of two pairs, where the first part of the second has 26 bits."""
    head = from_bits(to_bits(high) & UPPER_26)
    return head * factor, ((high - head) + low) * factor + (high + low) * factor_low


def check_domain(x: float) -> None:
    """Raise what a logarithm raises for x <= 0."""
    if x <= 0.0:
        raise ValueError("math domain error")


def natural_logarithm(x: float) -> float:
    """Return math.log(x)."""
    if not (x >= SMALLEST_NORMAL and x < INFINITY):
        return extreme_logarithm(x)
    return logarithm_of_normal(x, 0.0)


def logarithm_of_normal(x: float, less: float) -> float:
    """Return log(x) - less * log(2) for a positive, finite x that is not subnormal."""
    place, mantissa, count = normalise(x)
    count = count - less
    head = upper_half(mantissa)
    high, low = near_one(LOG_INVERSES[place], head, mantissa - head)
    total, error = fast_two_sum(count * LN2_HIGH, LOG_VALUES[place])
    high, second_error = fast_two_sum(total, high)
    return high + (low + (second_error + (error + count * LN2_LOW)))


def extreme_logarithm(x: float) -> float:
    """Return log(x) where x is not positive, not finite, subnormal or otherwise rare."""
    # What lanes cannot do comes first, so that none of this is part of their code.
    lifted, places = lift(x)
    if not (x > 0.0 and x < INFINITY):
        check_domain(x)
        return x
    return logarithm_of_normal(lifted, places)


def logarithm_of_mantissa(place: int, mantissa: float) -> tuple[float, float]:
    """Return log(mantissa) as a pair."""
    head = upper_half(mantissa)
    high, low = near_one(LOG_INVERSES[place], head, mantissa - head)
    total, error = fast_two_sum(LOG_VALUES[place], high)
    return total, low + error


def binary_logarithm(x: float) -> float:
    """Return math.log2(x)."""
    if not (x >= SMALLEST_NORMAL and x < INFINITY):
        return extreme_binary_logarithm(x)
    return binary_logarithm_of_normal(x, 0.0)


def binary_logarithm_of_normal(x: float, less: float) -> float:
    """Return log2(x) - less for a positive, finite x that is not subnormal."""
    place, mantissa, count = normalise(x)
    high, low = logarithm_of_mantissa(place, mantissa)
    high, low = times_short(high, low, LOG2_E_SHORT_HIGH, LOG2_E_SHORT_LOW)
    total, error = fast_two_sum(count - less, high)
    return total + (error + low)


def extreme_binary_logarithm(x: float) -> float:
    """Return log2(x) where x is not positive, not finite or subnormal."""
    lifted, places = lift(x)
    if not (x > 0.0 and x < INFINITY):
        check_domain(x)
        return x
    return binary_logarithm_of_normal(lifted, places)


def decimal_logarithm(x: float) -> float:
    """Return math.log10(x)."""
    if not (x >= SMALLEST_NORMAL and x < INFINITY):
        return extreme_decimal_logarithm(x)
    return decimal_logarithm_of_normal(x, 0.0)


def decimal_logarithm_of_normal(x: float, less: float) -> float:
    """Return log10(x) - less * log10(2) for a positive, finite x that is not subnormal."""
    place, mantissa, count = normalise(x)
    count = count - less
    high, low = logarithm_of_mantissa(place, mantissa)
    high, low = times_short(high, low, LOG10_E_SHORT_HIGH, LOG10_E_SHORT_LOW)
    total, error = fast_two_sum(count * LOG10_2_HIGH, high)
    return total + (error + (low + count * LOG10_2_LOW))


def extreme_decimal_logarithm(x: float) -> float:
    """Return log10(x) where x is not positive, not finite or subnormal."""
    lifted, places = lift(x)
    if not (x > 0.0 and x < INFINITY):
        check_domain(x)
        return x
    return decimal_logarithm_of_normal(lifted, places)


def logarithm_of_one_plus(x: float) -> float:
    """Return math.log1p(x)."""
    if not (x > -1.0 and x < TWO_TO_1000):
        return extreme_logarithm_of_one_plus(x)
    high, low = log1p_of_pair(x, 0.0)
    return x if fabs(x) < 1e-17 else high + low


def extreme_logarithm_of_one_plus(x: float) -> float:
    """Return log(1 + x) where that is not positive, or so large that 1 does not matter, or not a number."""
    if x > 0.0:
        return extreme_logarithm(x)
    check_domain(x + 1.0)
    return x


def log1p_of_pair(x: float, x_low: float) -> tuple[float, float]:
    """Return log(1 + x + x_low) as a pair, for -1 < x < 2**1000."""
    total, error = two_sum(1.0, x)
    return logarithm_of_pair(total, error + x_low)


def logarithm_of_pair(total: float, error: float) -> tuple[float, float]:
    """Return log(total + error) as a pair, for a positive sum below 2**1023 that is not subnormal."""
    place, mantissa, count = normalise(total)
    above = wrapping_sub(to_bits(total), START_BITS)
    below = error * from_bits(wrapping_sub(INFINITY_BITS, above & EXPONENT_MASK))
    head = upper_half(mantissa)
    tail, tail_low = fast_two_sum(mantissa - head, below)
    inverse = LOG_INVERSES[place]
    high, low = near_one(inverse, head, tail)
    total, error = fast_two_sum(count * LN2_HIGH, LOG_VALUES[place])
    high, second_error = fast_two_sum(total, high)
    return high, low + (second_error + (error + (count * LN2_LOW + tail_low * inverse)))
