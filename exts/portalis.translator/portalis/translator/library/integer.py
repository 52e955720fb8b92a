"""Integer algorithms in the library dialect: powers, quotients of large ints, modular arithmetic, decimal rounding.

Arithmetic is on signed ints of 64 bits. What may overflow is checked by the dialect, which stops the call with a guard; `wrapping_*` is
used where it cannot, or where the bits are meant as unsigned.
"""

from __future__ import annotations

from portalis.translator.library.intrinsics import (
    count_leading_zeros,
    divide_truncating,
    float_divide,
    from_bits,
    guard,
    int_to_float,
    less_unsigned,
    remainder_truncating,
    shift_left,
    shift_right,
    wrapping_add,
    wrapping_mul,
    wrapping_sub,
)

EXACT_IN_FLOAT = 9007199254740992
# The largest int whose square fits.
SQUARE_FITS = 3037000499
POWERS_OF_TEN = (
    1,
    10,
    100,
    1000,
    10000,
    100000,
    1000000,
    10000000,
    100000000,
    1000000000,
    10000000000,
    100000000000,
    1000000000000,
    10000000000000,
    100000000000000,
    1000000000000000,
    10000000000000000,
    100000000000000000,
    1000000000000000000,
)


def floored_remainder(left: int, right: int) -> int:
    """Return left % right for right other than 0."""
    if right == -1:
        return 0
    remainder = remainder_truncating(left, right)
    if remainder != 0 and (remainder ^ right) < 0:
        remainder = wrapping_add(remainder, right)
    return remainder


def floored_quotient(left: int, right: int) -> int:
    """Return left // right for right other than 0."""
    if right == -1:
        return -left
    quotient = divide_truncating(left, right)
    if (left ^ right) < 0 and wrapping_mul(quotient, right) != left:
        quotient = wrapping_sub(quotient, 1)
    return quotient


def natural_power(base: int, exponent: int) -> int:
    """Return base ** exponent for exponent >= 0."""
    if exponent == 2:
        return base * base
    result = 1
    while exponent > 0:
        if exponent & 1 == 1:
            result = result * base
        exponent = shift_right(exponent, 1)
        # Not after the last bit: that square may overflow though the power does not.
        if exponent > 0:
            base = base * base
    return result


def true_quotient(left: int, right: int) -> float:
    """Return left / right for right other than 0, rounded once."""
    exact_left = left >= -EXACT_IN_FLOAT and left <= EXACT_IN_FLOAT
    exact_right = right >= -EXACT_IN_FLOAT and right <= EXACT_IN_FLOAT
    if not (exact_left and exact_right):
        return true_quotient_of_large(left, right)
    return float_divide(int_to_float(left), int_to_float(right))


def true_quotient_of_large(left: int, right: int) -> float:
    """Return left / right by long division to 57 bits; what remains after them goes into the last bit, so that one rounding is right."""
    if left == 0:
        return float_divide(0.0, int_to_float(right))
    dividend = wrapping_sub(0, left) if left < 0 else left
    divisor = wrapping_sub(0, right) if right < 0 else right
    left_zeros = count_leading_zeros(dividend)
    right_zeros = count_leading_zeros(divisor)
    remainder = shift_left(dividend, left_zeros)
    divisor = shift_left(divisor, right_zeros)
    quotient = 0
    carry = False
    for _ in range(57):
        quotient = shift_left(quotient, 1)
        if carry or not less_unsigned(remainder, divisor):
            remainder = wrapping_sub(remainder, divisor)
            quotient = quotient | 1
        carry = remainder < 0
        remainder = shift_left(remainder, 1)
    if carry or remainder != 0:
        quotient = quotient | 1
    exponent = wrapping_add(wrapping_sub(right_zeros, left_zeros), 967)
    result = int_to_float(quotient) * from_bits(shift_left(exponent, 52))
    return -result if (left ^ right) < 0 else result


def product_modulo(left: int, right: int, modulus: int) -> int:
    """Return left * right % modulus for left and right in 0 … modulus - 1."""
    if modulus <= SQUARE_FITS:
        return remainder_truncating(wrapping_mul(left, right), modulus)
    result = 0
    while right > 0:
        if right & 1 == 1:
            result = sum_modulo(result, left, modulus)
        left = sum_modulo(left, left, modulus)
        right = shift_right(right, 1)
    return result


def sum_modulo(left: int, right: int, modulus: int) -> int:
    """Return (left + right) % modulus for left and right in 0 … modulus - 1."""
    room = wrapping_sub(modulus, right)
    return wrapping_sub(left, room) if left >= room else wrapping_add(left, right)


def inverse_modulo(value: int, modulus: int) -> int:
    """Return the inverse of `value` in 0 … modulus - 1, by Euclid's extended algorithm."""
    remainder = modulus
    factor = 1
    next_factor = 0
    while remainder != 0:
        quotient = divide_truncating(value, remainder)
        rest = wrapping_sub(value, wrapping_mul(quotient, remainder))
        value = remainder
        remainder = rest
        step = wrapping_sub(factor, wrapping_mul(quotient, next_factor))
        factor = next_factor
        next_factor = step
    if value != 1:
        raise ValueError("base is not invertible for the given modulus")
    return wrapping_add(factor, modulus) if factor < 0 else factor


def power_modulo(base: int, exponent: int, modulus: int) -> int:
    """Return pow(base, exponent, modulus)."""
    if modulus == 0:
        raise ValueError("pow() 3rd argument cannot be 0")
    size = -modulus if modulus < 0 else modulus
    if size == 1:
        return 0
    base = floored_remainder(base, size)
    if exponent < 0:
        exponent = -exponent
        base = inverse_modulo(base, size)
    result = 1
    while exponent > 0:
        if exponent & 1 == 1:
            result = product_modulo(result, base, size)
        base = product_modulo(base, base, size)
        exponent = shift_right(exponent, 1)
    return wrapping_sub(result, size) if modulus < 0 and result != 0 else result


def round_to_power_of_ten(value: int, digits: int) -> int:
    """Return round(value, digits): half to even at the decimal place -digits."""
    if digits >= 0:
        return value
    if digits < -18:
        # Half of 10**19 is a number of 64 bits, half of 10**20 is not.
        if digits == -19 and (value > 5000000000000000000 or value < -5000000000000000000):
            guard("an int beyond 64 bits")
        return 0
    unit = POWERS_OF_TEN[-digits]
    quotient = divide_truncating(value, unit)
    multiple = wrapping_mul(quotient, unit)
    rest = wrapping_sub(value, multiple)
    distance = shift_left(-rest if rest < 0 else rest, 1)
    if distance > unit or (distance == unit and quotient & 1 == 1):
        return multiple - unit if rest < 0 else multiple + unit
    return multiple
