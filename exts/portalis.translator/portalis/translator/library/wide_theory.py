"""Ints of any size: what `math` has for ints."""

from __future__ import annotations

from portalis.translator.library.intrinsics import (
    Wide,
    shift_right,
    wide_is_small,
    wide_of,
    wide_small,
    wrapping_add,
    wrapping_sub,
)
from portalis.translator.library.number_methods import digits_and_exponent
from portalis.translator.library.number_theory import gcd_of_two, integer_root
from portalis.translator.library.wide import absolute, add, is_negative, multiply, order, subtract, to_int
from portalis.translator.library.wide_division import bit_length, divided, floor_divide, is_zero, modulo, shift_down, shift_up


def gcd(left: Wide, right: Wide) -> Wide:
    """Return math.gcd(left, right)."""
    one = left
    other = right
    while not (wide_is_small(one) and wide_is_small(other)):
        if is_zero(other):
            return absolute(one)
        rest = modulo(one, other)
        one = other
        other = rest
    return wide_of(gcd_of_two(wide_small(one), wide_small(other)))


def lcm(left: Wide, right: Wide) -> Wide:
    """Return math.lcm(left, right)."""
    if is_zero(left) or is_zero(right):
        return wide_of(0)
    return absolute(multiply(floor_divide(left, gcd(left, right)), right))


def square_root(value: Wide) -> Wide:
    """Return math.isqrt(value), by Newton's method from above."""
    if wide_is_small(value):
        return wide_of(integer_root(wide_small(value)))
    if is_negative(value):
        raise ValueError("isqrt() argument must be nonnegative")
    found = shift_up(wide_of(1), wide_of(shift_right(wrapping_add(bit_length(value), 1), 1)))
    while True:
        better = shift_down(add(found, floor_divide(value, found)), wide_of(1))
        if order(better, found) >= 0:
            return found
        found = better


def factorial(value: Wide) -> Wide:
    """Return math.factorial(value)."""
    if is_negative(value):
        raise ValueError("factorial() not defined for negative values")
    if not wide_is_small(value) and order(value, wide_of(9223372036854775807)) > 0:
        raise OverflowError("factorial() argument should not exceed 9223372036854775807")
    return product_up_to(1, to_int(value))


def product_up_to(first: int, last: int) -> Wide:
    """Return the product of the ints from one to another, made of two halves, since that is less work; 1 where there are none."""
    if wrapping_sub(last, first) < 8:
        result = wide_of(1)
        for factor in range(first, wrapping_add(last, 1)):
            result = multiply(result, wide_of(factor))
        return result
    middle = wrapping_add(first, shift_right(wrapping_sub(last, first), 1))
    return multiply(product_up_to(first, middle), product_up_to(wrapping_add(middle, 1), last))


def check_natural(n: Wide, k: Wide) -> None:
    """Raise what comb and perm raise for negative arguments."""
    if is_negative(n):
        raise ValueError("n must be a non-negative integer")
    if is_negative(k):
        raise ValueError("k must be a non-negative integer")


def combinations(n: Wide, k: Wide) -> Wide:
    """Return math.comb(n, k)."""
    check_natural(n, k)
    if order(k, n) > 0:
        return wide_of(0)
    rest = subtract(n, k)
    count = to_int(rest if order(rest, k) < 0 else k)
    result = wide_of(1)
    for index in range(count):
        product = multiply(result, subtract(n, wide_of(index)))
        result, _none = divided(product, wide_of(wrapping_add(index, 1)))
    return result


def permutations(n: Wide, k: Wide) -> Wide:
    """Return math.perm(n, k)."""
    check_natural(n, k)
    if order(k, n) > 0:
        return wide_of(0)
    result = wide_of(1)
    for index in range(to_int(k)):
        result = multiply(result, subtract(n, wide_of(index)))
    return result


def sum_of_ints(values, start: Wide) -> Wide:  # type: ignore[no-untyped-def]
    """Return sum(values, start) of a list or tuple of ints of 64 bits."""
    total = start
    for value in values:
        total = add(total, wide_of(value))
    return total


def sum_of_any(values, start: Wide) -> Wide:  # type: ignore[no-untyped-def]
    """Return sum(values, start) of a list or tuple of ints of any size."""
    total = start
    for value in values:
        total = add(total, value)
    return total


def integer_ratio(value: float) -> tuple[Wide, Wide]:
    """Return value.as_integer_ratio()."""
    digits, exponent = digits_and_exponent(value)
    if exponent >= 0:
        return shift_up(wide_of(digits), wide_of(exponent)), wide_of(1)
    return wide_of(digits), shift_up(wide_of(1), wide_of(wrapping_sub(0, exponent)))
