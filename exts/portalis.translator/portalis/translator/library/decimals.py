"""Exact decimal arithmetic on what floats are: lists of nine-digit limbs, the least significant first, and lists of digits.

A list of digits has the most significant first; where the decimal point stands in it is said apart.
"""

from __future__ import annotations

from portalis.translator.library.intrinsics import list_get, list_part, list_set, shift_left, shift_right, to_bits
from portalis.translator.library.shortest import FRACTION, HIDDEN_BIT

LIMB = 1000000000
FIVE_12 = 244140625
TWO_29 = 536870912


def no_digits() -> list[int]:
    """Return a new empty list of ints, whose elements' type is known from the start."""
    return list_part([0], 0, 0)


def multiply(limbs: list[int], factor: int) -> None:
    """Multiply a number in place by a factor below 2**30."""
    carry = 0
    for place in range(len(limbs)):
        product = list_get(limbs, place) * factor + carry
        carry = product // LIMB
        list_set(limbs, place, product - carry * LIMB)
    if carry > 0:
        limbs.append(carry)


def multiply_by_power(limbs: list[int], base: int, count: int, step: int, power: int) -> None:
    """Multiply a number in place by base**count; `power` is base**step."""
    left = count
    while left >= step:
        multiply(limbs, power)
        left -= step
    factor = 1
    while left > 0:
        factor *= base
        left -= 1
    if factor > 1:
        multiply(limbs, factor)


def limbs_of(value: int) -> list[int]:
    """Return an int that is not negative as limbs."""
    limbs = no_digits()
    rest = value
    while rest > 0:
        limbs.append(rest % LIMB)
        rest = rest // LIMB
    return limbs


def append_digits(digits: list[int], value: int, count: int) -> None:
    """Append the last `count` decimal digits of an int."""
    start = len(digits)
    for _ in range(count):
        digits.append(0)
    rest = value
    place = start + count - 1
    while place >= start:
        list_set(digits, place, rest % 10)
        rest = rest // 10
        place -= 1


def digits_of_limbs(limbs: list[int]) -> list[int]:
    """Return the decimal digits of a number without zeros before them; none for zero."""
    digits = no_digits()
    place = len(limbs) - 1
    while place >= 0:
        append_digits(digits, list_get(limbs, place), 9)
        place -= 1
    return without_leading_zeros(digits)


def without_leading_zeros(digits: list[int]) -> list[int]:
    """Return digits without the zeros before them."""
    zeros = 0
    while zeros < len(digits) and list_get(digits, zeros) == 0:
        zeros += 1
    return list_part(digits, zeros, len(digits))


def expanded(value: float) -> tuple[list[int], int]:
    """Return all digits of a finite float that is not negative, and how many of them stand before the point (fewer than none: zeros)."""
    bits = to_bits(value)
    field = shift_right(bits, 52)
    significand = bits & FRACTION if field == 0 else bits & FRACTION | HIDDEN_BIT
    exponent = -1074 if field == 0 else field - 1075
    while significand > 0 and significand & 1 == 0 and exponent < 0:
        significand = shift_right(significand, 1)
        exponent += 1
    limbs = limbs_of(significand)
    if exponent >= 0:
        multiply_by_power(limbs, 2, exponent, 29, TWO_29)
        digits = digits_of_limbs(limbs)
        return digits, len(digits)
    multiply_by_power(limbs, 5, -exponent, 12, FIVE_12)
    digits = digits_of_limbs(limbs)
    return digits, len(digits) + exponent if len(digits) > 0 else 0


def rounded(digits: list[int], point: int, count: int) -> tuple[list[int], int]:
    """Round to the first `count` digits, ties to even: exactly so many digits, or one more where `point` grows; zeros fill up.

    A number that is rounded to no digits (or to a place before all of them) is no digits, or one.
    """
    kept = no_digits()
    for place in range(count):
        kept.append(list_get(digits, place) if place < len(digits) else 0)
    if count < 0 or count >= len(digits):
        return kept, point
    following = list_get(digits, count)
    up = following > 5
    if following == 5:
        place = count + 1
        while place < len(digits) and list_get(digits, place) == 0:
            place += 1
        up = place < len(digits) or (count > 0 and list_get(digits, count - 1) & 1 == 1)
    if not up:
        return kept, point
    place = count - 1
    while place >= 0 and list_get(kept, place) == 9:
        list_set(kept, place, 0)
        place -= 1
    if place >= 0:
        list_set(kept, place, list_get(kept, place) + 1)
        return kept, point
    # All were nines: 1 and zeros, one place further up.
    larger = no_digits()
    larger.append(1)
    list_extend_with_zeros(larger, len(kept))
    return larger, point + 1


def list_extend_with_zeros(digits: list[int], count: int) -> None:
    """Append zeros."""
    for _ in range(count):
        digits.append(0)


def exceeds_middle(digits: list[int], power: int, bits: int) -> int:
    """Compare digits * 10**power with the middle between a float, of which `bits` are, and the next: -1, 0 or 1."""
    field = shift_right(bits, 52)
    significand = bits & FRACTION if field == 0 else bits & FRACTION | HIDDEN_BIT
    exponent = -1075 if field == 0 else field - 1076
    middle = limbs_of(shift_left(significand, 1) + 1)
    left = limbs_from(digits, power if power > 0 else 0)
    if exponent >= 0:
        multiply_by_power(middle, 2, exponent, 29, TWO_29)
    else:
        multiply_by_power(left, 2, -exponent, 29, TWO_29)
    if power < 0:
        multiply_by_power(middle, 10, -power, 9, LIMB)
    return compared(left, middle)


def limbs_from(digits: list[int], zeros: int) -> list[int]:
    """Return the number that digits and then so many zeros write, as limbs."""
    limbs = no_digits()
    total = len(digits) + zeros
    stop = total
    while stop > 0:
        limb = 0
        for place in range(stop - 9 if stop > 9 else 0, stop):
            limb = limb * 10 + (list_get(digits, place) if place < len(digits) else 0)
        limbs.append(limb)
        stop -= 9
    while len(limbs) > 0 and limbs[-1] == 0:
        limbs.pop()
    return limbs


def compared(left: list[int], right: list[int]) -> int:
    """Compare two numbers without empty limbs at their ends: -1, 0 or 1."""
    if len(left) != len(right):
        return 1 if len(left) > len(right) else -1
    place = len(left) - 1
    while place >= 0:
        if list_get(left, place) != list_get(right, place):
            return 1 if list_get(left, place) > list_get(right, place) else -1
        place -= 1
    return 0
