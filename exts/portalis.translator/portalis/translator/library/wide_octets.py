"""Ints of any size as bytes, which are texts of the numbers 0 … 255 here, and back."""

from __future__ import annotations

from portalis.translator.library.codecs import is_little, turned
from portalis.translator.library.intrinsics import Wide, list_get, text_code, text_of_codes
from portalis.translator.library.wide import digits_of, is_negative, made, trim

DIGIT_BITS = 30
DIGIT_MASK = 1073741823


def from_octets(octets: str, order: str, signed: bool) -> Wide:
    """Return int.from_bytes(octets, order, signed=signed)."""
    little = is_little(order)
    size = len(octets)
    below = signed and size > 0 and text_code(octets, size - 1 if little else 0) > 127
    digits: list[int] = []
    # Of one below zero, what has to be added to it: every bit the other way, and one.
    gathered = 1 if below else 0
    bits = 0
    for step in range(size):
        code = text_code(octets, step if little else size - 1 - step)
        gathered += (code ^ 255 if below else code) << bits
        bits += 8
        if bits >= DIGIT_BITS:
            digits.append(gathered & DIGIT_MASK)
            gathered = gathered >> DIGIT_BITS
            bits -= DIGIT_BITS
    digits.append(gathered)
    trim(digits)
    return made(below, digits)


def to_octets(value: Wide, size: int, order: str, signed: bool) -> str:
    """Return value.to_bytes(size, order, signed=signed)."""
    little = is_little(order)
    if size < 0:
        raise ValueError("length argument must be non-negative")
    below = is_negative(value)
    if below and not signed:
        raise OverflowError("can't convert negative int to unsigned")
    digits = digits_of(value)
    codes: list[int] = []
    gathered = 0
    bits = 0
    place = 0
    carry = 1
    for _ in range(size):
        if bits < 8 and place < len(digits):
            gathered += list_get(digits, place) << bits
            bits += DIGIT_BITS
            place += 1
        code = gathered & 255
        gathered = gathered >> 8
        bits -= 8
        if below:
            code = (code ^ 255) + carry
            carry = code >> 8
            code = code & 255
        codes.append(code)
    is_too_big = gathered != 0 or place < len(digits)
    if size > 0 and signed:
        is_too_big = is_too_big or (list_get(codes, size - 1) > 127) != below
    if size == 0 and below and len(digits) == 1 and list_get(digits, 0) == 1:
        # CPython finds no byte too few for -1.
        is_too_big = False
    if is_too_big:
        raise OverflowError("int too big to convert")
    return text_of_codes(codes if little else turned(codes))
