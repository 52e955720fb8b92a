"""Reduction of an angle to within an eighth of a turn of a multiple of pi/2, in the library dialect.

Up to a thousand million by subtracting pi/2 in parts (Cody and Waite), beyond by multiplying with as many bits of 2/pi as matter
(Payne and Hanek, "Radian reduction for trigonometric functions", SIGNUM Newsletter 18 (1983)).
"""

from __future__ import annotations

from portalis.translator.library.double_double import fast_two_sum, multiply_pairs, two_sum
from portalis.translator.library.intrinsics import (
    count_leading_zeros,
    fabs,
    from_bits,
    int_to_float,
    less_unsigned,
    multiply_high_unsigned,
    shift_left,
    shift_right_logical,
    to_bits,
    wrapping_add,
    wrapping_mul,
    wrapping_sub,
)
from portalis.translator.library.tables import (
    HALF_PI_HIGH,
    HALF_PI_LOW,
    HALF_PI_PART_1,
    HALF_PI_PART_2,
    HALF_PI_PART_3,
    HALF_PI_PART_4,
    HALF_PI_PART_5,
    TWO_OVER_PI,
    TWO_OVER_PI_WORDS,
)

INFINITY = 1e400
ROUNDING = 6755399441055744.0
HEAD_UNIT = 4.440892098500626e-16
TAIL_UNIT = 4.930380657631324e-32
# Up to here the multiples of pi/2 have 30 bits, and their products with parts of 23 bits are exact.
LARGE_ANGLE = 1000000000.0


def reduce_angle(x: float) -> tuple[int, float, float]:
    """Return n modulo 4 (in the low bits) and the pair x - n * pi/2, of at most about pi/4; ValueError for an infinity."""
    if not (fabs(x) <= LARGE_ANGLE):
        return reduce_large_angle(x)
    shifted = x * TWO_OVER_PI + ROUNDING
    count = shifted - ROUNDING
    # The first two differences are exact.
    rest = (x - count * HALF_PI_PART_1) - count * HALF_PI_PART_2
    rest, error = two_sum(rest, -(count * HALF_PI_PART_3))
    rest, second_error = two_sum(rest, -(count * HALF_PI_PART_4))
    high, low = fast_two_sum(rest, (error + second_error) - count * HALF_PI_PART_5)
    return to_bits(shifted), high, low


def reduce_large_angle(x: float) -> tuple[int, float, float]:
    """Return the same for an x of at least 2**10 that is perhaps not finite, or for a NaN."""
    bits = to_bits(x)
    exponent = wrapping_sub(shift_right_logical(bits, 52) & 2047, 1075)
    mantissa = (bits & 0xFFFFFFFFFFFFF) | 0x10000000000000
    # x = mantissa * 2**exponent: bits of 2/pi above the place 2**(2 - exponent) give multiples of 4 quarter turns and are left out.
    # After a word of zeros, the place 2**-p is bit 63 + p.
    start = wrapping_add(exponent, 62)
    word = shift_right_logical(start, 6)
    shift = start & 63
    first = window(word, shift)
    second = window(wrapping_add(word, 1), shift)
    third = window(wrapping_add(word, 2), shift)
    carry = multiply_high_unsigned(mantissa, third)
    # Lanes cannot multiply so: as it comes first, none of this is part of their code.
    if x != x:
        return 0, x, x
    if fabs(x) == INFINITY:
        raise ValueError("math domain error")
    # The product modulo 4 quarter turns in 128 bits, the binary point after the first two.
    lower = wrapping_mul(mantissa, second)
    upper = wrapping_add(wrapping_mul(mantissa, first), multiply_high_unsigned(mantissa, second))
    lower = wrapping_add(lower, carry)
    if less_unsigned(lower, carry):
        upper = wrapping_add(upper, 1)
    # To the nearest quarter turn: the rest as a signed number.
    turns = shift_right_logical(wrapping_add(upper, 0x2000000000000000), 62)
    upper = wrapping_sub(upper, shift_left(turns, 62))
    negative = upper < 0
    if negative:
        lower = wrapping_sub(0, lower)
        upper = ~upper if lower != 0 else wrapping_sub(0, upper)
    high, low = fraction_to_pair(upper, lower)
    high, low = multiply_pairs(high, low, HALF_PI_HIGH, HALF_PI_LOW)
    if negative != (x < 0.0):
        high = -high
        low = -low
    return wrapping_sub(0, turns) if x < 0.0 else turns, high, low


def window(word: int, shift: int) -> int:
    """Return the 64 bits of 2/pi that begin `shift` bits after the beginning of a word."""
    # Two shifts, as one by 64 has no meaning.
    following = shift_right_logical(TWO_OVER_PI_WORDS[wrapping_add(word, 1)], 1)
    return shift_left(TWO_OVER_PI_WORDS[word], shift) | shift_right_logical(following, wrapping_sub(63, shift))


def fraction_to_pair(upper: int, lower: int) -> tuple[float, float]:
    """Return the 128 bits upper, lower (unsigned, not zero, the point after the first two) as a pair of floats."""
    places = 0
    if upper == 0:
        upper = lower
        lower = 0
        places = 64
    shift = count_leading_zeros(upper)
    if shift > 0:
        upper = shift_left(upper, shift) | shift_right_logical(lower, wrapping_sub(64, shift))
        lower = shift_left(lower, shift)
    # `head` counts units of 2**-51 and `tail` units of 2**-104, both times 2**-(places + shift).
    unit = from_bits(shift_left(wrapping_sub(1023, wrapping_add(places, shift)), 52))
    head = shift_right_logical(upper, 11)
    tail = shift_left(upper & 2047, 42) | shift_right_logical(lower, 22)
    return fast_two_sum(int_to_float(head) * HEAD_UNIT * unit, int_to_float(tail) * TAIL_UNIT * unit)
