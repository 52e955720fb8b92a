"""Exact floating-point algorithms in the library dialect: remainders, scaling, neighbours. Every result is exact or rounded once."""

from __future__ import annotations

from portalis.translator.library.double_double import two_product
from portalis.translator.library.intrinsics import (
    copysign,
    fabs,
    float_divide,
    floor_float,
    from_bits,
    int_to_float,
    remainder_truncating,
    shift_left,
    shift_right_logical,
    to_bits,
    trunc_float,
    wrapping_add,
    wrapping_sub,
)

INFINITY = 1e400
NOT_A_NUMBER = INFINITY - INFINITY
SMALLEST_NORMAL = 2.2250738585072014e-308
TWO_TO_52 = 4503599627370496.0
TWO_TO_53 = 9007199254740992.0
# Above it, the halves that `two_product` makes might overflow.
SPLIT_LIMIT = 1e299
MANTISSA = 0xFFFFFFFFFFFFF
HIDDEN_BIT = 0x10000000000000


def power_of_two(exponent: int) -> float:
    """Return 2.0 ** exponent for an exponent in -1022 … 1023."""
    return from_bits(shift_left(wrapping_add(exponent, 1023), 52))


def exponent_of(value: float) -> int:
    """Return the exponent field of a float, less its bias: floor(log2(abs(value))) for a normal number."""
    return wrapping_sub(shift_right_logical(to_bits(value), 52) & 2047, 1023)


def exact_remainder(left: float, right: float) -> float:
    """Return C's fmod(left, right), which is exact: the sign is that of `left`; NaN for an infinite `left` or a zero `right`."""
    dividend = fabs(left)
    divisor = fabs(right)
    quotient = trunc_float(float_divide(dividend, divisor))
    if not (quotient < TWO_TO_52 and dividend < SPLIT_LIMIT and divisor < SPLIT_LIMIT):
        return remainder_of_distant(left, right)
    # The quotient may be one too large, never too small; both differences are exact.
    product, error = two_product(quotient, divisor)
    remainder = (dividend - product) - error
    if remainder < 0.0:
        remainder = remainder + divisor
    return copysign(remainder, left)


def remainder_of_distant(left: float, right: float) -> float:
    """Return fmod(left, right) by long division, for operands of very different size, and for those that are not finite."""
    dividend = fabs(left)
    divisor = fabs(right)
    if not (dividend < INFINITY and divisor > 0.0):
        return NOT_A_NUMBER
    if not (divisor < INFINITY):
        return left if divisor == INFINITY else divisor
    if dividend < divisor:
        return left
    # Both are whole numbers of at most 53 bits, times a power of two: what is left of one is divided by the other, ten bits at a time.
    exponent = least_exponent(divisor)
    whole = whole_of(divisor)
    remainder = remainder_truncating(whole_of(dividend), whole)
    places = wrapping_sub(least_exponent(dividend), exponent)
    while places > 0:
        step = 10 if places > 10 else places
        remainder = remainder_truncating(shift_left(remainder, step), whole)
        places = wrapping_sub(places, step)
    # Exact: no bit of it is below the divisor's last one.
    if exponent < -1022:
        result = int_to_float(remainder) * SMALLEST_NORMAL * power_of_two(wrapping_add(exponent, 1022))
    else:
        result = int_to_float(remainder) * power_of_two(exponent)
    return copysign(result, left)


def whole_of(value: float) -> int:
    """Return the whole number that a positive float is, times two to the power of `least_exponent`."""
    bits = to_bits(value)
    return bits if bits <= MANTISSA else (bits & MANTISSA) | HIDDEN_BIT


def least_exponent(value: float) -> int:
    """Return which power of two the last bit of a positive float stands for: -1074 for the smallest ones."""
    return wrapping_sub(exponent_of(value), 52) if value >= SMALLEST_NORMAL else -1074


def floored_division(left: float, right: float) -> tuple[float, float]:
    """Return left // right and left % right for right other than zero, as CPython defines them: from the exact remainder.

    The remainder has the divisor's sign, also where it is zero.
    """
    remainder = exact_remainder(left, right)
    quotient = float_divide(left - remainder, right)
    if remainder == 0.0:
        remainder = copysign(0.0, right)
    elif (right < 0.0) != (remainder < 0.0):
        remainder = remainder + right
        quotient = quotient - 1.0
    floor = floor_float(quotient)
    if quotient - floor > 0.5:
        floor = floor + 1.0
    return copysign(0.0, float_divide(left, right)) if quotient == 0.0 else floor, remainder


def nearest_remainder(left: float, right: float) -> float:
    """Return IEEE 754's remainder(left, right) for a finite `left` and a `right` other than zero."""
    dividend = fabs(left)
    divisor = fabs(right)
    if divisor == INFINITY:
        return left
    below = exact_remainder(dividend, divisor)
    above = divisor - below
    if below < above:
        result = below
    elif below > above:
        result = -above
    else:
        # Half way: the even multiple is the right one.
        result = below - 2.0 * exact_remainder(0.5 * (dividend - below), divisor)
    return copysign(1.0, left) * result


def split_exponent(value: float) -> tuple[float, int]:
    """Return frexp(value): a fraction in [0.5, 1) with the sign of `value`, and an exponent; zero and what is not finite with 0."""
    if value == 0.0 or not (fabs(value) < INFINITY):
        return value, 0
    shift = 0
    if fabs(value) < SMALLEST_NORMAL:
        value = value * TWO_TO_53
        shift = 53
    exponent = wrapping_sub(wrapping_add(exponent_of(value), 1), shift)
    return copysign(from_bits((to_bits(value) & MANTISSA) | 0x3FE0000000000000), value), exponent


def scale_by_power(value: float, exponent: int) -> float:
    """Return value * 2**exponent, rounded once; an infinity where that is too large."""
    fraction, own = split_exponent(value)
    if fraction == 0.0 or not (fabs(fraction) < INFINITY):
        return value
    if exponent > 2200:
        exponent = 2200
    if exponent < -2200:
        exponent = -2200
    total = wrapping_add(own, exponent)
    if total > 1024:
        return copysign(INFINITY, value)
    if total < -1080:
        return copysign(0.0, value)
    if total < -1020:
        # Only the last product rounds.
        return fraction * power_of_two(wrapping_add(total, 100)) * 7.888609052210118e-31
    return (fraction + fraction) * power_of_two(wrapping_sub(total, 1))


def neighbour(value: float, toward: float) -> float:
    """Return the float next to `value` in the direction of `toward`."""
    if value != value or toward != toward:
        return value + toward
    if value == toward:
        return toward
    if value == 0.0:
        return copysign(5e-324, toward)
    step = 1 if (value < toward) == (value > 0.0) else -1
    return from_bits(wrapping_add(to_bits(value), step))


def unit_in_last_place(value: float) -> float:
    """Return math.ulp(value)."""
    magnitude = fabs(value)
    if not (magnitude < INFINITY):
        return magnitude
    next_float = from_bits(wrapping_add(to_bits(magnitude), 1))
    return magnitude - from_bits(wrapping_sub(to_bits(magnitude), 1)) if next_float == INFINITY else next_float - magnitude
