"""Ints of any size: floats and texts of them and back, hashes, comparison with floats."""

from __future__ import annotations

from portalis.translator.library.characters import is_blank
from portalis.translator.library.conversion import integral_to_int
from portalis.translator.library.hashing import MODULUS, hash_int
from portalis.translator.library.intrinsics import (
    Wide,
    ceil_float,
    count_leading_zeros,
    floor_float,
    from_bits,
    guard,
    int_to_float,
    list_get,
    rint,
    shift_left,
    shift_right,
    shift_right_logical,
    text_code,
    text_of_codes,
    to_bits,
    trunc_float,
    wide_is_small,
    wide_list,
    wide_of,
    wide_small,
    wrapping_add,
    wrapping_mul,
    wrapping_sub,
)
from portalis.translator.library.numerals import binary, hexadecimal, int_of_text_in, no_number, octal, text_of_int
from portalis.translator.library.operators import int_float_eq, int_float_le, int_float_lt, int_truediv
from portalis.translator.library.wide import digits_of, digits_of_int, is_negative, made, order
from portalis.translator.library.wide_division import (
    bits_of_digits,
    divided_by_digit,
    is_divided_by_power,
    quotient_and_rest,
    shifted_left,
    shifted_right,
    without_last,
)

TWO_TO_62 = 4611686018427387904.0
# CPython turns no more digits than these into texts or back.
MOST_DIGITS = 4300


# ---------------------------------------------------------------------------------------------------------------- floats
def to_float(value: Wide) -> float:
    """Return float(value): the nearest, ties to even."""
    if wide_is_small(value):
        return int_to_float(wide_small(value))
    found = nearest(digits_of(value), digits_of_int(1))
    if found < 0.0:
        raise OverflowError("int too large to convert to float")
    return -found if is_negative(value) else found


def to_known_float(value: Wide) -> float:
    """Return float(value); a guard stops where there is none."""
    if bits_of_digits(digits_of(value)) > 1000:
        guard("an int that no float holds")
    return to_float(value)


def divide(left: Wide, right: Wide) -> float:
    """Return left / right, the float nearest to the quotient."""
    if wide_is_small(right) and (wide_is_small(left) or wide_small(right) == 0):
        return int_truediv(wide_small(left) if wide_is_small(left) else 1, wide_small(right))
    if wide_is_small(left) and wide_small(left) == 0:
        return -0.0 if is_negative(right) else 0.0
    found = nearest(digits_of(left), digits_of(right))
    if found < 0.0:
        raise OverflowError("integer division result too large for a float")
    return -found if is_negative(left) != is_negative(right) else found


def nearest(left: list[int], right: list[int]) -> float:
    """Return the float nearest to left / right, neither being 0; -1.0 where there is none."""
    size = wrapping_sub(bits_of_digits(left), bits_of_digits(right))
    if size > 1024:
        return -1.0
    if size < -1076:
        return 0.0
    # Two bits more than a float has; what stands behind them only tells whether the rest is 0.
    shift = wrapping_sub(size if size > -1021 else -1021, 55)
    inexact = False
    scaled = left
    if shift > 0:
        inexact = not is_divided_by_power(left, shift)
        scaled = shifted_right(left, shift)
    else:
        scaled = shifted_left(left, wrapping_sub(0, shift))
    quotient, rest = quotient_and_rest(scaled, right)
    number = 0
    place = wrapping_sub(len(quotient), 1)
    while place >= 0:
        number = shift_left(number, 30) | list_get(quotient, place)
        place = wrapping_sub(place, 1)
    if len(rest) > 0:
        inexact = True
    width = wrapping_sub(64, count_leading_zeros(number))
    least = wrapping_sub(-1021, shift)
    extra = wrapping_sub(width if width > least else least, 53)
    half = shift_left(1, wrapping_sub(extra, 1))
    low = number | 1 if inexact else number
    if low & half != 0 and low & wrapping_sub(wrapping_mul(3, half), 1) != 0:
        low = wrapping_add(low, half)
    low = low & ~wrapping_sub(wrapping_mul(2, half), 1)
    top = wrapping_add(shift, wrapping_sub(64, count_leading_zeros(low)))
    if top > 1024:
        return -1.0
    first = shift_right(shift, 1)
    return int_to_float(low) * power_of_two(first) * power_of_two(wrapping_sub(shift, first))


def power_of_two(exponent: int) -> float:
    """Return 2.0**exponent for an exponent in -1022 … 1023."""
    return from_bits(shift_left(wrapping_add(exponent, 1023), 52))


def of_float(value: float) -> Wide:
    """Return a float without fraction as an int."""
    if not (-TWO_TO_62 <= value < TWO_TO_62) and value - value == 0.0:
        bits = to_bits(value)
        exponent = wrapping_sub(shift_right_logical(bits, 52) & 2047, 1075)
        return made(value < 0.0, shifted_left(digits_of_int(bits & 4503599627370495 | 4503599627370496), exponent))
    return wide_of(integral_to_int(value))


def truncated(value: float) -> Wide:
    """Return int(value)."""
    return of_float(trunc_float(value))


def rounded(value: float) -> Wide:
    """Return round(value): ties to even."""
    return of_float(rint(value))


def rounded_down(value: float) -> Wide:
    """Return math.floor(value)."""
    return of_float(floor_float(value))


def rounded_up(value: float) -> Wide:
    """Return math.ceil(value)."""
    return of_float(ceil_float(value))


def is_below_float(left: Wide, right: float) -> bool:
    """Return left < right, compared exactly."""
    if wide_is_small(left):
        return int_float_lt(wide_small(left), right)
    if right - right != 0.0 or -TWO_TO_62 <= right < TWO_TO_62:
        return right == right and (right > 0.0 if right - right != 0.0 else is_negative(left))
    return order(left, of_float(right)) < 0


def is_float_or_below(left: Wide, right: float) -> bool:
    """Return left <= right, compared exactly."""
    if wide_is_small(left):
        return int_float_le(wide_small(left), right)
    return is_below_float(left, right) or is_float(left, right)


def is_float(left: Wide, right: float) -> bool:
    """Return left == right, compared exactly."""
    if wide_is_small(left):
        return int_float_eq(wide_small(left), right)
    if right - right != 0.0 or -TWO_TO_62 <= right < TWO_TO_62:
        return False
    return order(left, of_float(right)) == 0


# ----------------------------------------------------------------------------------------------------------------- texts
def text_of(value: Wide) -> str:
    """Return str(value)."""
    if wide_is_small(value):
        return text_of_int(wide_small(value))
    digits = digits_of(value)
    if len(digits) > 480:
        raise ValueError(
            "Exceeds the limit (4300 digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit"
        )
    backwards: list[int] = []
    while len(digits) > 0:
        both = divided_by_digit(digits, 1000000000)
        rest = list_get(both, wrapping_sub(len(both), 1))
        digits = without_last(both)
        for _ in range(9):
            if rest != 0 or len(digits) > 0:
                backwards.append(wrapping_add(rest % 10, 48))
            rest = rest // 10
    if len(backwards) > MOST_DIGITS:
        raise ValueError(
            "Exceeds the limit (4300 digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit"
        )
    return turned(backwards, is_negative(value))


def turned(backwards: list[int], below: bool) -> str:
    """Return code points in the other order, after a sign."""
    codes: list[int] = []
    if below:
        codes.append(45)
    place = wrapping_sub(len(backwards), 1)
    while place >= 0:
        codes.append(list_get(backwards, place))
        place = wrapping_sub(place, 1)
    return text_of_codes(codes)


def binary_text(value: Wide) -> str:
    """Return bin(value)."""
    return binary(wide_small(value)) if wide_is_small(value) else bits_as_text(value, 1, 98)


def octal_text(value: Wide) -> str:
    """Return oct(value)."""
    return octal(wide_small(value)) if wide_is_small(value) else bits_as_text(value, 3, 111)


def hexadecimal_text(value: Wide) -> str:
    """Return hex(value)."""
    return hexadecimal(wide_small(value)) if wide_is_small(value) else bits_as_text(value, 4, 120)


def bits_as_text(value: Wide, width: int, letter: int) -> str:
    """Return the digits of so many bits each of an int that is not small, after its sign and a prefix."""
    digits = digits_of(value)
    backwards: list[int] = []
    held = 0
    bits = 0
    mask = wrapping_sub(shift_left(1, width), 1)
    for digit in digits:
        held = held | shift_left(digit, bits)
        bits = wrapping_add(bits, 30)
        while bits >= width:
            backwards.append(held & mask)
            held = shift_right(held, width)
            bits = wrapping_sub(bits, width)
    backwards.append(held)
    while list_get(backwards, wrapping_sub(len(backwards), 1)) == 0:
        backwards.pop()
    codes: list[int] = []
    for digit in backwards:
        codes.append(wrapping_add(digit, 48 if digit < 10 else 87))
    codes.append(letter)
    codes.append(48)
    return turned(codes, is_negative(value))


def of_text(text: str) -> Wide:
    """Return int(text)."""
    return of_text_in(text, 10)


def of_text_in(text: str, base: int) -> Wide:
    """Return int(text, base)."""
    # Of so few digits to any base the number has 64 bits.
    if len(text) < 12 or (base == 10 and len(text) < 19) or (base != 0 and (base < 2 or base > 36)):
        return wide_of(int_of_text_in(text, base))
    start = 0
    stop = len(text)
    while start < stop and is_blank(text_code(text, start)):
        start += 1
    while stop > start and is_blank(text_code(text, stop - 1)):
        stop -= 1
    below = False
    if start < stop and (text_code(text, start) == 43 or text_code(text, start) == 45):
        below = text_code(text, start) == 45
        start += 1
    found = base
    prefixed = False
    if start + 1 < stop and text_code(text, start) == 48:
        letter = text_code(text, start + 1) | 32
        named = 16 if letter == 120 else 8 if letter == 111 else 2 if letter == 98 else 0
        if named != 0 and (base == named or base == 0):
            found = named
            start += 2
            prefixed = True
    if found == 0:
        if start < stop and text_code(text, start) == 48:
            return wide_of(int_of_text_in(text, base))
        found = 10
    return number_in(text, start, stop, found, base, below, prefixed)


def number_in(text: str, start: int, stop: int, found: int, base: int, below: bool, prefixed: bool) -> Wide:
    """Return the number that a part of a text says to the base `found`; ValueError names the `base` that was asked for."""
    values: list[int] = []
    expects_digit = not prefixed
    for place in range(start, stop):
        code = text_code(text, place)
        digit = 99
        if code == 95:
            if expects_digit:
                raise ValueError(no_number(text, base))
            expects_digit = True
            continue
        if 48 <= code <= 57:
            digit = code - 48
        elif 97 <= code | 32 <= 122 and code < 128:
            digit = (code | 32) - 87
        elif code >= 128:
            guard("int() of a text with digits beyond ASCII")
        if digit >= found:
            raise ValueError(no_number(text, base))
        values.append(digit)
        expects_digit = False
    if expects_digit or len(values) == 0:
        raise ValueError(no_number(text, base))
    if len(values) > MOST_DIGITS and found & (found - 1) != 0:
        raise ValueError(
            "Exceeds the limit (4300 digits) for integer string conversion: value has "
            + text_of_int(len(values))
            + " digits; use sys.set_int_max_str_digits() to increase the limit"
        )
    return made(below, digits_in_base(values, found))


def digits_in_base(values: list[int], base: int) -> list[int]:
    """Return a number whose digits to a base these are, the highest first."""
    digits: list[int] = []
    place = 0
    while place < len(values):
        # As many at once as one digit of ours holds.
        factor = 1
        carry = 0
        while place < len(values) and factor < 20000000:
            factor = wrapping_mul(factor, base)
            carry = wrapping_add(wrapping_mul(carry, base), list_get(values, place))
            place = wrapping_add(place, 1)
        following: list[int] = []
        for digit in digits:
            carry = wrapping_add(carry, wrapping_mul(digit, factor))
            following.append(carry & 1073741823)
            carry = shift_right(carry, 30)
        if carry != 0:
            following.append(carry)
        digits = following
    return digits


# ---------------------------------------------------------------------------------------------------------------- hashes
def hash_wide(value: Wide) -> int:
    """Return hash(value)."""
    if wide_is_small(value):
        return hash_int(wide_small(value))
    words = wide_list(value)
    found = 0
    place = wrapping_sub(len(words), 1)
    while place >= 1:
        # Times 2**30 modulo 2**61 - 1: the bits go round.
        found = (shift_left(found, 30) & MODULUS) | shift_right(found, 31)
        found = wrapping_add(found, list_get(words, place))
        if found >= MODULUS:
            found = wrapping_sub(found, MODULUS)
        place = wrapping_sub(place, 1)
    if is_negative(value):
        found = wrapping_sub(0, found)
    return -2 if found == -1 else found
