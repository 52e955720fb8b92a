"""The shortest decimal digits that stand for a float, and the float that digits stand for.

Writing is the algorithm of R. Giulietti, "The Schubfach way to render doubles" (2020), with 126 bits of a power of ten; reading multiplies
up to 18 digits by 128 bits of one (as D. Lemire, "Number parsing at a gigabyte per second", 2021) and says so where that does not decide.
"""

from __future__ import annotations

from portalis.translator.library.intrinsics import (
    count_leading_zeros,
    less_unsigned,
    multiply_high_unsigned,
    shift_left,
    shift_right,
    shift_right_logical,
    wrapping_add,
    wrapping_mul,
    wrapping_sub,
)
from portalis.translator.library.powers_of_ten import FIRST_POWER, LOWER_WORDS, UPPER_WORDS

HIDDEN_BIT = 4503599627370496
FRACTION = 4503599627370495
WORD_63 = 9223372036854775807
# The bits of infinity; those of finite floats are the numbers below, in the order of their sizes.
INFINITE = 9218868437227405312
# log10(2), log10(3/4) and log2(10) times powers of two: exact floors for every exponent that a float has.
LOG10_2 = 661971961083
LOG10_3_4 = 274743187321
LOG2_10 = 913124641741


def upper_word(power: int) -> int:
    """Return the upper 64 of the 128 bits of a power of ten."""
    return UPPER_WORDS[wrapping_sub(power, FIRST_POWER)]


def lower_word(power: int) -> int:
    """Return the lower 64 of the 128 bits of a power of ten."""
    return LOWER_WORDS[wrapping_sub(power, FIRST_POWER)]


def scaled(upper: int, lower: int, value: int) -> int:
    """Return a product with a power of ten, rounded to odd: its last bit tells whether anything was cut off."""
    carried = wrapping_add(shift_right_logical(wrapping_mul(upper, value), 1), multiply_high_unsigned(lower, value))
    whole = wrapping_add(multiply_high_unsigned(upper, value), shift_right_logical(carried, 63))
    rest = carried & WORD_63
    return whole | shift_right_logical(wrapping_add(rest, WORD_63), 63)


def shortest_digits(bits: int) -> tuple[int, int]:
    """Return d and k so that d * 10**k has the fewest digits that read as a positive finite float, and is the nearest of those.

    `bits` are the float's. d does not end in 0.
    """
    fraction = bits & FRACTION
    field = shift_right(bits, 52)
    significand = fraction if field == 0 else fraction | HIDDEN_BIT
    exponent = -1074 if field == 0 else wrapping_sub(field, 1075)
    closer_below = fraction == 0 and field > 1
    power = shift_right(wrapping_sub(wrapping_mul(exponent, LOG10_2), LOG10_3_4 if closer_below else 0), 41)
    shift = wrapping_add(wrapping_add(exponent, shift_right(wrapping_mul(-power, LOG2_10), 38)), 2)
    entry = -power
    high = upper_word(entry)
    upper = shift_right_logical(high, 1)
    lower = wrapping_add(shift_left(high & 1, 62) | shift_right_logical(lower_word(entry), 2), 1)
    four = shift_left(significand, 2)
    middle = scaled(upper, lower, shift_left(four, shift))
    below = scaled(upper, lower, shift_left(wrapping_sub(four, 1 if closer_below else 2), shift))
    above = scaled(upper, lower, shift_left(wrapping_add(four, 2), shift))
    # The ends of the interval read as the float itself where its significand is even.
    odd = significand & 1
    least = wrapping_add(below, odd)
    most = wrapping_sub(above, odd)
    digits = shift_right(middle, 2)
    if digits >= 10:
        tens = digits // 10
        low_fits = least <= wrapping_mul(tens, 40)
        high_fits = wrapping_add(wrapping_mul(tens, 40), 40) <= most
        if low_fits != high_fits:
            return without_zeros(wrapping_add(tens, 1) if high_fits else tens, wrapping_add(power, 1))
    low_fits = least <= shift_left(digits, 2)
    high_fits = wrapping_add(shift_left(digits, 2), 4) <= most
    up = high_fits
    if low_fits == high_fits:
        tie = wrapping_add(shift_left(digits, 2), 2)
        up = middle > tie or (middle == tie and digits & 1 == 1)
    return without_zeros(wrapping_add(digits, 1) if up else digits, power)


def without_zeros(digits: int, power: int) -> tuple[int, int]:
    """Return a number without the zeros at its end, and the power of ten of its last digit."""
    while digits % 10 == 0:
        digits = digits // 10
        power = wrapping_add(power, 1)
    return digits, power


def nearest_bits(digits: int, power: int) -> tuple[int, int]:
    """Return the bits of the greatest float that digits * 10**power reach, and which is the nearest.

    `digits` are in 1 … 10**18 - 1. Second: 0 where the float itself is the nearest, 1 where the next one is, 2 where this does not tell.
    """
    if power < FIRST_POWER:
        return 0, 0
    if power > 308:
        return INFINITE, 0
    zeros = count_leading_zeros(digits)
    factor = shift_left(digits, zeros)
    high = upper_word(power)
    carried = multiply_high_unsigned(factor, lower_word(power))
    low = wrapping_add(wrapping_mul(factor, high), carried)
    top = wrapping_add(multiply_high_unsigned(factor, high), 1 if less_unsigned(low, carried) else 0)
    # The product is top * 2**64 + low, and less than two more, times 2**(exponent - 127) for the leading bit in place 127.
    leads = top < 0
    exponent = shift_right(wrapping_mul(power, LOG2_10), 38) + 64 - zeros - (0 if leads else 1)
    if exponent > 1023:
        return INFINITE, 0
    kept = 53 if exponent >= -1022 else exponent + 1075
    if kept <= 0:
        return 0, 2 if kept == 0 else 0
    dropped = (64 if leads else 63) - kept
    significand = shift_right_logical(top, dropped)
    rest = top & (shift_left(1, dropped) - 1)
    half = shift_left(1, dropped - 1)
    bits = significand if kept < 53 else shift_left(exponent + 1022, 52) + significand
    if rest > half or (rest == half and low != 0):
        return bits, 1
    if rest == half or (rest == half - 1 and (low == -1 or low == -2)):
        return bits, 2
    return bits, 0
