"""Arithmetic of complex numbers as CPython does it (Objects/complexobject.c), and their texts and hashes."""

from __future__ import annotations

from portalis.translator.library.floats_as_text import text_of_float
from portalis.translator.library.hashing import hash_float
from portalis.translator.library.intrinsics import (
    complex_of,
    copysign,
    fabs,
    float_divide,
    floor_float,
    guard,
    text_part,
    wrapping_add,
    wrapping_mul,
)
from portalis.translator.library.roots import length_of_complex
from portalis.translator.library.searching import endswith_1

INFINITY = float("inf")


def added(left: complex, right: complex) -> complex:
    """Return left + right."""
    return complex_of(left.real + right.real, left.imag + right.imag)


def subtracted(left: complex, right: complex) -> complex:
    """Return left - right."""
    return complex_of(left.real - right.real, left.imag - right.imag)


def multiplied(left: complex, right: complex) -> complex:
    """Return left * right."""
    return complex_of(left.real * right.real - left.imag * right.imag, left.real * right.imag + left.imag * right.real)


def divided(left: complex, right: complex) -> complex:
    """Return left / right by Smith's method, which divides by the larger part."""
    if right.real == 0.0 and right.imag == 0.0:
        raise ZeroDivisionError("complex division by zero")
    return quotient(left, right)


def quotient(left: complex, right: complex) -> complex:
    """Return left / right, which is not zero."""
    real = fabs(right.real)
    imag = fabs(right.imag)
    if real >= imag:
        ratio = float_divide(right.imag, right.real)
        denominator = right.real + right.imag * ratio
        return complex_of(
            float_divide(left.real + left.imag * ratio, denominator), float_divide(left.imag - left.real * ratio, denominator)
        )
    if imag >= real:
        ratio = float_divide(right.real, right.imag)
        denominator = right.real * ratio + right.imag
        return complex_of(
            float_divide(left.real * ratio + left.imag, denominator), float_divide(left.imag * ratio - left.real, denominator)
        )
    # One of the parts is no number.
    return complex_of(INFINITY - INFINITY, INFINITY - INFINITY)


def power(base: complex, exponent: complex) -> complex:
    """Return base ** exponent of a whole exponent up to 100, which CPython multiplies out; of others a guard stops."""
    if exponent.imag != 0.0 or exponent.real != floor_float(exponent.real) or not fabs(exponent.real) <= 100.0:
        guard("a complex number to a power that is no small whole number")
    count = int(exponent.real)
    found = multiplied_out(base, count if count > 0 else -count)
    if count <= 0:
        if found.real == 0.0 and found.imag == 0.0:
            raise ZeroDivisionError("0.0 to a negative or complex power")
        found = quotient(complex_of(1.0, 0.0), found)
    if fabs(found.real) == INFINITY or fabs(found.imag) == INFINITY:
        raise OverflowError("complex exponentiation")
    return found


def multiplied_out(base: complex, count: int) -> complex:
    """Return base ** count by squaring."""
    found = complex_of(1.0, 0.0)
    square = base
    mask = 1
    while count >= mask:
        if count & mask != 0:
            found = multiplied(found, square)
        mask = mask * 2
        square = multiplied(square, square)
    return found


def conjugate(value: complex) -> complex:
    """Return value.conjugate()."""
    return complex_of(value.real, -value.imag)


def absolute(value: complex) -> float:
    """Return abs(value)."""
    return length_of_complex(value.real, value.imag)


def shown(value: complex) -> str:
    """Return repr(value)."""
    imag = part_shown(value.imag)
    if value.real == 0.0 and copysign(1.0, value.real) == 1.0:
        return imag + "j"
    sign = "" if value.imag < 0.0 or (value.imag == 0.0 and copysign(1.0, value.imag) < 0.0) else "+"
    return "(" + part_shown(value.real) + sign + imag + "j)"


def part_shown(value: float) -> str:
    """Return a float as it stands in a complex number: a whole one without a point."""
    text = text_of_float(value)
    return text_part(text, 0, len(text) - 2) if endswith_1(text, ".0") else text


def hash_complex(value: complex) -> int:
    """Return hash(value)."""
    found = wrapping_add(hash_float(value.real), wrapping_mul(1000003, hash_float(value.imag)))
    return -2 if found == -1 else found
