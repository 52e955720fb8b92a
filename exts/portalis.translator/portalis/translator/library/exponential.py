"""Exponential functions in the library dialect, each less than 0.6 ULP from the exact value (1 where it is subnormal).

e**x = 2**k * e**r with |r| <= ln(2)/2; r and its square are carried as pairs, so that the one rounding that counts is the last.
"""

from __future__ import annotations

from portalis.translator.library.double_double import fast_two_sum, two_sum
from portalis.translator.library.intrinsics import (
    fabs,
    from_bits,
    shift_left,
    shift_right,
    shift_right_logical,
    to_bits,
    wrapping_add,
    wrapping_sub,
)
from portalis.translator.library.tables import (
    EXP_POWERS,
    EXP_TAILS,
    LN2_HIGH,
    LN2_LONG_HIGH,
    LN2_LOW,
    LN2_STEP_HIGH,
    LN2_STEP_LOW,
    LOG2_E,
    STEPS_LOG2_E,
    exp2_near_zero,
    exp_near_zero,
    exp_rest,
)

INFINITY = 1e400
SPLITTER = 134217729.0
# Added to a float below 2**51, it leaves the nearest int in the low bits.
ROUNDING = 6755399441055744.0
# The same for multiples of 1/64.
ROUNDING_TO_STEPS = 105553116266496.0
ROUNDING_BITS = 0x4338000000000000
TWO_TO_MINUS_500 = 3.054936363499605e-151
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
    steps, r = reduce_to_steps(x, x_low)
    return scaled_power(steps, r + r * r * exp_near_zero(r))


def reduce_to_steps(x: float, x_low: float) -> tuple[int, float]:
    """Return n, in the lower half of an int, and x + x_low - n * ln(2)/64, for |x| < 1100."""
    shifted = x * STEPS_LOG2_E + ROUNDING
    count = shifted - ROUNDING
    return to_bits(shifted), ((x - count * LN2_STEP_HIGH) - count * LN2_STEP_LOW) + x_low


def power_of_steps(steps: int, more: int) -> float:
    """Return 2**(n/64 + more), n in the lower half of `steps`, where that is a normal number."""
    exponent = wrapping_add(shift_right_logical(steps, 6), more)
    return from_bits(wrapping_add(to_bits(EXP_POWERS[steps & 63]), shift_left(exponent, 52)))


def scaled_power(steps: int, less_one: float) -> float:
    """Return 2**(n/64) * (1 + less_one), n in the lower half of `steps`."""
    index = steps & 63
    # The power of two by two factors, so that neither leaves the range.
    half = shift_right_logical(steps, 7)
    first = from_bits(wrapping_add(to_bits(EXP_POWERS[index]), shift_left(half, 52)))
    second = from_bits(shift_left(wrapping_add(wrapping_sub(shift_right_logical(steps, 6), half), 1023), 52))
    return (first + first * (EXP_TAILS[index] + less_one)) * second


def exponential_of_two(x: float) -> float:
    """Return math.exp2(x)."""
    if not (fabs(x) <= 960.0):
        return extreme_exponential_of_two(x)
    steps, less_one = reduce_for_two(x)
    power = power_of_steps(steps, 0)
    return power + power * (EXP_TAILS[steps & 63] + less_one)


def reduce_for_two(x: float) -> tuple[int, float]:
    """Return n, in the lower half of an int, and 2**(x - n/64) - 1, for |x| < 1100."""
    # Rounded to multiples of 1/64; what is left is exact.
    shifted = x + ROUNDING_TO_STEPS
    r = x - (shifted - ROUNDING_TO_STEPS)
    return to_bits(shifted), r * LN2_LONG_HIGH + r * r * exp2_near_zero(r)


def extreme_exponential_of_two(x: float) -> float:
    """Return 2**x where that is very large, subnormal, zero or not a number."""
    factor = 1.0
    # Exact but for the last, which rounds to a subnormal number.
    while x < -960.0 and factor > 0.0:
        x = x + 500.0
        factor = factor * TWO_TO_MINUS_500
    if factor == 0.0:
        return 0.0
    if x >= 1024.0:
        if x == INFINITY:
            return x
        raise OverflowError("math range error")
    steps, less_one = reduce_for_two(x)
    return scaled_power(steps, less_one) * factor


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
