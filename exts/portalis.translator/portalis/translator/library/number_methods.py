"""Methods of int and float."""

from __future__ import annotations

from portalis.translator.library.conversion import integral_to_int
from portalis.translator.library.floating import split_exponent
from portalis.translator.library.intrinsics import count_leading_zeros, floor_float, shift_right, wrapping_add, wrapping_sub

TWO_TO_53 = 9007199254740992.0


def bit_length(value: int) -> int:
    """Return value.bit_length()."""
    return wrapping_sub(64, count_leading_zeros(wrapping_sub(0, value) if value < 0 else value))


def bit_count(value: int) -> int:
    """Return value.bit_count()."""
    rest = wrapping_sub(0, value) if value < 0 else value
    total = 0
    while rest != 0:
        rest = rest & wrapping_sub(rest, 1)
        total = wrapping_add(total, 1)
    return total


def is_whole(value) -> bool:  # type: ignore[no-untyped-def]
    """Return value.is_integer() of an int, which has it since CPython 3.12."""
    return True


def is_integer(value: float) -> bool:
    """Return value.is_integer()."""
    return value - value == 0.0 and floor_float(value) == value


def integer_ratio(value: float) -> tuple[int, int]:
    """Return value.as_integer_ratio(); a guard where that has more than 64 bits."""
    digits, exponent = digits_and_exponent(value)
    return (digits << exponent, 1) if exponent >= 0 else (digits, 1 << wrapping_sub(0, exponent))


def digits_and_exponent(value: float) -> tuple[int, int]:
    """Return an odd int and the power of two that it is multiplied by, or zeros."""
    if value != value:
        raise ValueError("cannot convert NaN to integer ratio")
    if value - value != 0.0:
        raise OverflowError("cannot convert Infinity to integer ratio")
    if value == 0.0:
        return 0, 0
    fraction, exponent = split_exponent(value)
    digits = integral_to_int(fraction * TWO_TO_53)
    exponent = wrapping_sub(exponent, 53)
    while digits & 1 == 0:
        digits = shift_right(digits, 1)
        exponent = wrapping_add(exponent, 1)
    return digits, exponent
