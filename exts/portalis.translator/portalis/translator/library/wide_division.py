"""Ints of any size: quotients, remainders, shifts, powers, digits to other bases."""

from __future__ import annotations

from portalis.translator.library.integer import power_modulo
from portalis.translator.library.intrinsics import (
    Wide,
    count_leading_zeros,
    divide_truncating,
    guard,
    list_get,
    list_part,
    list_reserve,
    list_set,
    remainder_truncating,
    shift_left,
    shift_right,
    wide_is_small,
    wide_list,
    wide_of,
    wide_small,
    wrapping_add,
    wrapping_mul,
    wrapping_sub,
)
from portalis.translator.library.operators import int_floordiv, int_mod
from portalis.translator.library.wide import (
    BITS,
    MASK,
    add,
    digits_of,
    digits_of_int,
    is_negative,
    made,
    multiply,
    negative,
    order,
    order_of_digits,
    subtract,
    trim,
    zeros,
)


# ---------------------------------------------------------------------------------------------------------------- digits
def divided_by_digit(digits: list[int], divisor: int) -> list[int]:
    """Return digits // divisor for a divisor of one digit; behind the quotient's digits stands the remainder."""
    found = zeros(len(digits))
    rest = 0
    place = wrapping_sub(len(digits), 1)
    while place >= 0:
        rest = shift_left(rest, BITS) | list_get(digits, place)
        quotient = divide_truncating(rest, divisor)
        list_set(found, place, quotient)
        rest = wrapping_sub(rest, wrapping_mul(quotient, divisor))
        place = wrapping_sub(place, 1)
    trim(found)
    found.append(rest)
    return found


def without_last(digits: list[int]) -> list[int]:
    """Return all but the last."""
    return list_part(digits, 0, wrapping_sub(len(digits), 1))


def shifted_left(digits: list[int], count: int) -> list[int]:
    """Return digits * 2**count."""
    found = zeros(divide_truncating(count, BITS) if len(digits) > 0 else 0)
    bits = remainder_truncating(count, BITS)
    list_reserve(found, wrapping_add(len(digits), 1))
    carry = 0
    for digit in digits:
        carry = carry | shift_left(digit, bits)
        found.append(carry & MASK)
        carry = shift_right(carry, BITS)
    if carry != 0:
        found.append(carry)
    return found


def shifted_right(digits: list[int], count: int) -> list[int]:
    """Return digits // 2**count."""
    skipped = divide_truncating(count, BITS)
    bits = remainder_truncating(count, BITS)
    found: list[int] = []
    for place in range(skipped, len(digits)):
        following = wrapping_add(place, 1)
        above = list_get(digits, following) if following < len(digits) else 0
        found.append((shift_left(above, BITS) | list_get(digits, place)) >> bits & MASK)
    return trim(found)


def is_divided_by_power(digits: list[int], count: int) -> bool:
    """Tell whether digits % 2**count == 0."""
    whole = divide_truncating(count, BITS)
    for place in range(len(digits)):
        if place < whole and list_get(digits, place) != 0:
            return False
    if whole >= len(digits):
        return len(digits) == 0
    digit: int = list_get(digits, whole)
    return digit & wrapping_sub(shift_left(1, remainder_truncating(count, BITS)), 1) == 0


def bits_of_digits(digits: list[int]) -> int:
    """Return the number of bits."""
    last = wrapping_sub(len(digits), 1)
    return 0 if last < 0 else wrapping_add(wrapping_mul(last, BITS), wrapping_sub(64, count_leading_zeros(list_get(digits, last))))


def quotient_and_rest(left: list[int], right: list[int]) -> tuple[list[int], list[int]]:
    """Return left // right and left % right for right other than 0: long division, Knuth's algorithm D."""
    if order_of_digits(left, right) < 0:
        return zeros(0), left
    if len(right) == 1:
        both = divided_by_digit(left, list_get(right, 0))
        return without_last(both), digits_of_int(list_get(both, wrapping_sub(len(both), 1)))
    count = len(right)
    # The divisor's highest digit shall have its highest bit, so that an estimate is two too large at most.
    shift = wrapping_sub(count_leading_zeros(list_get(right, wrapping_sub(count, 1))), 34)
    divisor = shifted_left(right, shift)
    rest = shifted_left(left, shift)
    if len(rest) == len(left):
        rest.append(0)
    places = wrapping_sub(len(rest), count)
    found = zeros(places)
    place = wrapping_sub(places, 1)
    while place >= 0:
        list_set(found, place, next_digit(rest, divisor, place))
        place = wrapping_sub(place, 1)
    return trim(found), shifted_right(trim(rest), shift)


def next_digit(rest: list[int], divisor: list[int], place: int) -> int:
    """Return the quotient's digit at a place, having taken that many times the divisor from what is left."""
    count = len(divisor)
    first = list_get(divisor, wrapping_sub(count, 1))
    second = list_get(divisor, wrapping_sub(count, 2))
    top = wrapping_add(place, count)
    above = shift_left(list_get(rest, top), BITS) | list_get(rest, wrapping_sub(top, 1))
    digit = divide_truncating(above, first)
    over = wrapping_sub(above, wrapping_mul(digit, first))
    while digit > MASK or wrapping_mul(digit, second) > (shift_left(over, BITS) | list_get(rest, wrapping_sub(top, 2))):
        digit = wrapping_sub(digit, 1)
        over = wrapping_add(over, first)
        if over > MASK:
            break
    carry = 0
    for index in range(count):
        at = wrapping_add(place, index)
        carry = wrapping_add(carry, wrapping_sub(list_get(rest, at), wrapping_mul(digit, list_get(divisor, index))))
        list_set(rest, at, carry & MASK)
        carry = shift_right(carry, BITS)
    carry = wrapping_add(carry, list_get(rest, top))
    list_set(rest, top, carry & MASK)
    if carry >= 0:
        return digit
    carry = 0
    for index in range(count):
        at = wrapping_add(place, index)
        carry = wrapping_add(carry, wrapping_add(list_get(rest, at), list_get(divisor, index)))
        list_set(rest, at, carry & MASK)
        carry = shift_right(carry, BITS)
    list_set(rest, top, wrapping_add(list_get(rest, top), carry) & MASK)
    return wrapping_sub(digit, 1)


# -------------------------------------------------------------------------------------------------------------- division
def floor_divide(left: Wide, right: Wide) -> Wide:
    """Return left // right."""
    if wide_is_small(right) and (wide_is_small(left) or wide_small(right) == 0):
        return wide_of(int_floordiv(wide_small(left) if wide_is_small(left) else 1, wide_small(right)))
    quotient, _rest = divided(left, right)
    return quotient


def modulo(left: Wide, right: Wide) -> Wide:
    """Return left % right."""
    if wide_is_small(right) and (wide_is_small(left) or wide_small(right) == 0):
        return wide_of(int_mod(wide_small(left) if wide_is_small(left) else 1, wide_small(right)))
    _quotient, rest = divided(left, right)
    return rest


def divide_with_rest(left: Wide, right: Wide) -> tuple[Wide, Wide]:
    """Return divmod(left, right)."""
    if wide_is_small(right) and wide_small(right) == 0:
        int_floordiv(1, 0)
    return divided(left, right)


def divided(left: Wide, right: Wide) -> tuple[Wide, Wide]:
    """Return left // right and left % right for right other than 0."""
    quotient, rest = quotient_and_rest(digits_of(left), digits_of(right))
    below = is_negative(left) != is_negative(right)
    found = made(below, quotient)
    over = made(is_negative(left), rest)
    if len(rest) > 0 and below:
        return subtract(found, wide_of(1)), add(over, right)
    return found, over


# ------------------------------------------------------------------------------------------------------------------ bits
def shift_up(value: Wide, count: Wide) -> Wide:
    """Return value << count."""
    if is_negative(count):
        raise ValueError("negative shift count")
    if wide_is_small(value) and wide_small(value) == 0:
        return value
    if not wide_is_small(count) or wide_small(count) > 1000000000:
        guard("an int of more bits than memory has")
    return made(is_negative(value), shifted_left(digits_of(value), wide_small(count)))


def shift_down(value: Wide, count: Wide) -> Wide:
    """Return value >> count."""
    if is_negative(count):
        raise ValueError("negative shift count")
    if wide_is_small(value):
        steps = wide_small(count) if wide_is_small(count) and wide_small(count) < 63 else 63
        return wide_of(shift_right(wide_small(value), steps))
    digits = digits_of(value)
    if not wide_is_small(count) or wide_small(count) > wrapping_mul(len(digits), BITS):
        return wide_of(-1 if is_negative(value) else 0)
    found = made(is_negative(value), shifted_right(digits, wide_small(count)))
    if is_negative(value) and not is_divided_by_power(digits, wide_small(count)):
        return subtract(found, wide_of(1))
    return found


def invert(value: Wide) -> Wide:
    """Return ~value."""
    return subtract(wide_of(-1), value)


def bit_and(left: Wide, right: Wide) -> Wide:
    """Return left & right."""
    if wide_is_small(left) and wide_is_small(right):
        return wide_of(wide_small(left) & wide_small(right))
    return combined(left, right, 0)


def bit_or(left: Wide, right: Wide) -> Wide:
    """Return left | right."""
    if wide_is_small(left) and wide_is_small(right):
        return wide_of(wide_small(left) | wide_small(right))
    return combined(left, right, 1)


def bit_xor(left: Wide, right: Wide) -> Wide:
    """Return left ^ right."""
    if wide_is_small(left) and wide_is_small(right):
        return wide_of(wide_small(left) ^ wide_small(right))
    return combined(left, right, 2)


def combined(left: Wide, right: Wide, kind: int) -> Wide:
    """Return left & right, left | right or left ^ right, by two's complement."""
    one = digits_of(left)
    other = digits_of(right)
    count = wrapping_add(len(one) if len(one) > len(other) else len(other), 1)
    first = complemented(one, is_negative(left), count)
    second = complemented(other, is_negative(right), count)
    found: list[int] = []
    for place in range(count):
        a = list_get(first, place)
        b = list_get(second, place)
        found.append(a & b if kind == 0 else a | b if kind == 1 else a ^ b)
    below = list_get(found, wrapping_sub(count, 1)) != 0
    return made(below, trim(complemented(found, below, count)))


def complemented(digits: list[int], below: bool, count: int) -> list[int]:
    """Return so many digits of a number, or, where it is `below` zero, of what it is modulo a power of the base."""
    found: list[int] = []
    carry = 1
    for place in range(count):
        digit = list_get(digits, place) if place < len(digits) else 0
        if below:
            carry = wrapping_add(carry, digit ^ MASK)
            digit = carry & MASK
            carry = shift_right(carry, BITS)
        found.append(digit)
    return found


def bit_length(value: Wide) -> int:
    """Return value.bit_length()."""
    return bits_of_digits(digits_of(value))


def bit_count(value: Wide) -> int:
    """Return value.bit_count()."""
    total = 0
    for digit in digits_of(value):
        rest = digit
        while rest != 0:
            rest = rest & wrapping_sub(rest, 1)
            total = wrapping_add(total, 1)
    return total


# ---------------------------------------------------------------------------------------------------------------- powers
def power(base: Wide, exponent: Wide) -> Wide:
    """Return base ** exponent; a negative exponent, whose result is a float, is guarded."""
    if is_negative(exponent):
        if wide_is_small(base) and wide_small(base) == 0:
            raise ZeroDivisionError("0.0 cannot be raised to a negative power")
        guard("an int to a negative power, which is a float")
    if wide_is_small(base) and -1 <= wide_small(base) <= 1:
        odd = is_odd(exponent)
        return base if odd else wide_of(1) if is_zero(exponent) else multiply(base, base)
    if not wide_is_small(exponent) or wide_small(exponent) > 1000000000:
        guard("an int of more bits than memory has")
    rest = wide_small(exponent)
    result = wide_of(1)
    square = base
    while rest > 0:
        if rest & 1 == 1:
            result = multiply(result, square)
        rest = shift_right(rest, 1)
        if rest > 0:
            square = multiply(square, square)
    return result


def is_zero(value: Wide) -> bool:
    """Tell whether value == 0."""
    return wide_is_small(value) and wide_small(value) == 0


def is_odd(value: Wide) -> bool:
    """Tell whether value % 2 == 1."""
    if wide_is_small(value):
        return wide_small(value) & 1 == 1
    lowest: int = list_get(wide_list(value), 1)
    return lowest & 1 == 1


def power_of_modulus(base: Wide, exponent: Wide, modulus: Wide) -> Wide:
    """Return pow(base, exponent, modulus)."""
    if wide_is_small(base) and wide_is_small(exponent) and wide_is_small(modulus):
        return wide_of(power_modulo(wide_small(base), wide_small(exponent), wide_small(modulus)))
    if is_zero(modulus):
        raise ValueError("pow() 3rd argument cannot be 0")
    below = is_negative(modulus)
    size = negative(modulus) if below else modulus
    if order(size, wide_of(1)) == 0:
        return wide_of(0)
    square = modulo(base, size)
    rest = exponent
    if is_negative(exponent):
        rest = negative(exponent)
        square = inverse(square, size)
    result = modulo(wide_of(1), size)
    while not is_zero(rest):
        if is_odd(rest):
            result = modulo(multiply(result, square), size)
        rest = shift_down(rest, wide_of(1))
        if not is_zero(rest):
            square = modulo(multiply(square, square), size)
    return subtract(result, size) if below and not is_zero(result) else result


def inverse(value: Wide, modulus: Wide) -> Wide:
    """Return the inverse of a value in 0 … modulus - 1, by Euclid's extended algorithm."""
    left = value
    right = modulus
    factor = wide_of(1)
    following = wide_of(0)
    while not is_zero(right):
        quotient, rest = divided(left, right)
        step = subtract(factor, multiply(quotient, following))
        left = right
        right = rest
        factor = following
        following = step
    if order(left, wide_of(1)) != 0:
        raise ValueError("base is not invertible for the given modulus")
    return add(factor, modulus) if is_negative(factor) else factor


def round_to_place(value: Wide, digits: Wide) -> Wide:
    """Return round(value, digits): half to even at the decimal place -digits."""
    if not is_negative(digits):
        return value
    # Beyond all digits, ten times as many as there can be.
    count = wrapping_add(wrapping_mul(len(digits_of(value)), 10), 2)
    if not wide_is_small(digits) or wide_small(digits) < -count:
        return wide_of(0)
    unit = power(wide_of(10), negative(digits))
    quotient, rest = divided(value, unit)
    side = order(multiply(rest, wide_of(2)), unit)
    if side > 0 or (side == 0 and is_odd(quotient)):
        quotient = add(quotient, wide_of(1))
    return multiply(quotient, unit)
