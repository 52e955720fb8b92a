"""Ints of any size (`ir/types.py`, `WideType`): sums, differences, products, order.

Small ones are numbers of 63 bits. What is not is computed on *digits*, lists of the digits of numbers that are not negative to the base
2**30, the lowest first and the highest not 0; nothing changes such a list once it is made.
"""

from __future__ import annotations

from portalis.translator.library.intrinsics import (
    Wide,
    guard,
    list_get,
    list_part,
    list_reserve,
    list_set,
    list_truncate,
    shift_left,
    shift_right,
    shift_right_logical,
    wide_is_small,
    wide_list,
    wide_of,
    wide_of_list,
    wide_small,
    wrapping_add,
    wrapping_mul,
    wrapping_sub,
)

BITS = 30
MASK = 1073741823
# The product of two that are not larger is small.
FACTOR = 2147483647
# Of so many digits and more the product is made of three of halves.
HALVED = 300


# --------------------------------------------------------------------------------------------------------- what they are
def is_negative(value: Wide) -> bool:
    """Tell whether value < 0."""
    if wide_is_small(value):
        return wide_small(value) < 0
    sign: int = list_get(wide_list(value), 0)
    return sign < 0


def digits_of(value: Wide) -> list[int]:
    """Return the digits of abs(value)."""
    if wide_is_small(value):
        return digits_of_int(wide_small(value))
    words = wide_list(value)
    return list_part(words, 1, len(words))


def digits_of_int(value: int) -> list[int]:
    """Return the digits of abs(value)."""
    rest = wrapping_sub(0, value) if value < 0 else value
    found: list[int] = []
    while rest != 0:
        found.append(rest & MASK)
        rest = shift_right_logical(rest, BITS)
    return found


def made(negative: bool, digits: list[int]) -> Wide:
    """Return the int with a sign and digits."""
    count = len(digits)
    if count < 3 or (count == 3 and list_get(digits, 2) < 8):
        value = 0
        place = wrapping_sub(count, 1)
        while place >= 0:
            value = shift_left(value, BITS) | list_get(digits, place)
            place = wrapping_sub(place, 1)
        return wide_of(wrapping_sub(0, value) if negative else value)
    words: list[int] = [-1 if negative else 1]
    list_reserve(words, count)
    for digit in digits:
        words.append(digit)
    return wide_of_list(words)


def to_int(value: Wide) -> int:
    """Return a value as an int of 64 bits; a guard stops where it has more."""
    if wide_is_small(value):
        return wide_small(value)
    words = wide_list(value)
    negative = list_get(words, 0) < 0
    if len(words) > 4 or list_get(words, 3) > 8:
        guard("an int beyond 64 bits")
    rest = list_get(words, 1) | shift_left(list_get(words, 2), BITS)
    if list_get(words, 3) == 8 and (not negative or rest != 0):
        guard("an int beyond 64 bits")
    size = rest | shift_left(list_get(words, 3), 60)
    return wrapping_sub(0, size) if negative else size


def to_bound(value: Wide) -> int:
    """Return a value where it has 63 bits, else the nearest that has: what a bound of a slice means by it."""
    if wide_is_small(value):
        return wide_small(value)
    return -4611686018427387904 if is_negative(value) else 4611686018427387903


def is_true(value: Wide) -> bool:
    """Return value != 0."""
    return not wide_is_small(value) or wide_small(value) != 0


# ---------------------------------------------------------------------------------------------------------------- digits
def trim(digits: list[int]) -> list[int]:
    """Take zeros off the end of a list that nobody else has, and return it."""
    count = len(digits)
    while count > 0 and list_get(digits, wrapping_sub(count, 1)) == 0:
        count = wrapping_sub(count, 1)
    list_truncate(digits, count)
    return digits


def order_of_digits(left: list[int], right: list[int]) -> int:
    """Return -1, 0 or 1: whether left is less than, equal to or greater than right."""
    if len(left) != len(right):
        return -1 if len(left) < len(right) else 1
    place = wrapping_sub(len(left), 1)
    while place >= 0:
        one = list_get(left, place)
        other = list_get(right, place)
        if one != other:
            return -1 if one < other else 1
        place = wrapping_sub(place, 1)
    return 0


def sum_of_digits(left: list[int], right: list[int]) -> list[int]:
    """Return left + right."""
    if len(left) < len(right):
        return sum_of_digits(right, left)
    found: list[int] = []
    list_reserve(found, wrapping_add(len(left), 1))
    carry = 0
    for place in range(len(left)):
        carry = wrapping_add(carry, list_get(left, place))
        if place < len(right):
            carry = wrapping_add(carry, list_get(right, place))
        found.append(carry & MASK)
        carry = shift_right(carry, BITS)
    if carry != 0:
        found.append(carry)
    return found


def difference_of_digits(left: list[int], right: list[int]) -> list[int]:
    """Return left - right for right that is not greater."""
    found: list[int] = []
    list_reserve(found, len(left))
    carry = 0
    for place in range(len(left)):
        carry = wrapping_add(carry, list_get(left, place))
        if place < len(right):
            carry = wrapping_sub(carry, list_get(right, place))
        found.append(carry & MASK)
        carry = shift_right(carry, BITS)
    return trim(found)


def zeros(count: int) -> list[int]:
    """Return a list of zeros."""
    found: list[int] = []
    list_reserve(found, count)
    for _ in range(count):
        found.append(0)
    return found


def product_of_digits(left: list[int], right: list[int]) -> list[int]:
    """Return left * right."""
    if len(left) == 0 or len(right) == 0:
        return zeros(0)
    if len(left) >= HALVED and len(right) >= HALVED:
        return product_of_halves(left, right)
    found = zeros(wrapping_add(len(left), len(right)))
    for place in range(len(left)):
        factor = list_get(left, place)
        carry = 0
        for other in range(len(right)):
            at = wrapping_add(place, other)
            carry = wrapping_add(wrapping_add(carry, list_get(found, at)), wrapping_mul(factor, list_get(right, other)))
            list_set(found, at, carry & MASK)
            carry = shift_right(carry, BITS)
        list_set(found, wrapping_add(place, len(right)), carry)
    return trim(found)


def product_of_halves(left: list[int], right: list[int]) -> list[int]:
    """Return left * right by Karatsuba's way."""
    longer = len(left) if len(left) > len(right) else len(right)
    half = shift_right(wrapping_add(longer, 1), 1)
    left_low = low_part(left, half)
    left_high = high_part(left, half)
    right_low = low_part(right, half)
    right_high = high_part(right, half)
    low = product_of_digits(left_low, right_low)
    high = product_of_digits(left_high, right_high)
    both = product_of_digits(sum_of_digits(left_low, left_high), sum_of_digits(right_low, right_high))
    middle = difference_of_digits(difference_of_digits(both, low), high)
    found = zeros(wrapping_add(len(left), len(right)))
    add_at(found, low, 0)
    add_at(found, middle, half)
    add_at(found, high, wrapping_mul(half, 2))
    return trim(found)


def low_part(digits: list[int], half: int) -> list[int]:
    """Return the number that so many of the lowest digits say."""
    return trim(list_part(digits, 0, half if half < len(digits) else len(digits)))


def high_part(digits: list[int], half: int) -> list[int]:
    """Return the number that all but so many of the lowest digits say."""
    return list_part(digits, half if half < len(digits) else len(digits), len(digits))


def add_at(digits: list[int], more: list[int], start: int) -> None:
    """Add a number to the digits from a place on, which have room for the sum."""
    carry = 0
    for index in range(len(more)):
        at = wrapping_add(start, index)
        carry = wrapping_add(wrapping_add(carry, list_get(digits, at)), list_get(more, index))
        list_set(digits, at, carry & MASK)
        carry = shift_right(carry, BITS)
    at = wrapping_add(start, len(more))
    while carry != 0:
        carry = wrapping_add(carry, list_get(digits, at))
        list_set(digits, at, carry & MASK)
        carry = shift_right(carry, BITS)
        at = wrapping_add(at, 1)


# ------------------------------------------------------------------------------------------------------------ arithmetic
def add(left: Wide, right: Wide) -> Wide:
    """Return left + right."""
    if wide_is_small(left) and wide_is_small(right):
        return wide_of(wrapping_add(wide_small(left), wide_small(right)))
    return sum_of_large(left, right, False)


def subtract(left: Wide, right: Wide) -> Wide:
    """Return left - right."""
    if wide_is_small(left) and wide_is_small(right):
        return wide_of(wrapping_sub(wide_small(left), wide_small(right)))
    return sum_of_large(left, right, True)


def sum_of_large(left: Wide, right: Wide, opposite: bool) -> Wide:
    """Return left + right, or left - right."""
    one = digits_of(left)
    other = digits_of(right)
    negative = is_negative(left)
    if negative == (is_negative(right) != opposite):
        return made(negative, sum_of_digits(one, other))
    if order_of_digits(one, other) >= 0:
        return made(negative, difference_of_digits(one, other))
    return made(not negative, difference_of_digits(other, one))


def multiply(left: Wide, right: Wide) -> Wide:
    """Return left * right."""
    if wide_is_small(left) and wide_is_small(right):
        one = wide_small(left)
        other = wide_small(right)
        if -FACTOR <= one <= FACTOR and -FACTOR <= other <= FACTOR:
            return wide_of(wrapping_mul(one, other))
    return made(is_negative(left) != is_negative(right), product_of_digits(digits_of(left), digits_of(right)))


def negative(value: Wide) -> Wide:
    """Return -value."""
    if wide_is_small(value):
        return wide_of(wrapping_sub(0, wide_small(value)))
    return made(not is_negative(value), digits_of(value))


def absolute(value: Wide) -> Wide:
    """Return abs(value)."""
    return negative(value) if is_negative(value) else value


def order(left: Wide, right: Wide) -> int:
    """Return -1, 0 or 1: whether left is less than, equal to or greater than right."""
    if wide_is_small(left) and wide_is_small(right):
        one = wide_small(left)
        other = wide_small(right)
        return -1 if one < other else 1 if one > other else 0
    return order_of_large(left, right)


def order_of_large(left: Wide, right: Wide) -> int:
    """Return what `order` does."""
    below = is_negative(left)
    if below != is_negative(right):
        return -1 if below else 1
    found = order_of_digits(digits_of(left), digits_of(right))
    return -found if below else found
