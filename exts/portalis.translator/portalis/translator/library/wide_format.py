"""Ints of any size by a format spec."""

from __future__ import annotations

from portalis.translator.library.decimals import no_digits
from portalis.translator.library.formatting import format_int, laid_out
from portalis.translator.library.intrinsics import Wide, text_code, wide_is_small, wide_small
from portalis.translator.library.wide import is_negative
from portalis.translator.library.wide_conversion import binary_text, hexadecimal_text, octal_text, text_of


def format_wide(value: Wide, fill: int, align: int, sign: int, alternate: int, width: int, separator: int, kind: int) -> str:
    """Return format(value, spec); `kind` is none, d, b, o, x or X."""
    if wide_is_small(value):
        return format_int(wide_small(value), fill, align, sign, alternate, width, separator, kind)
    letter = kind | 32
    based = letter == 98 or letter == 111 or letter == 120
    written = text_of(value)
    if based:
        written = binary_text(value) if letter == 98 else octal_text(value) if letter == 111 else hexadecimal_text(value)
    below = is_negative(value)
    start = (1 if below else 0) + (2 if based else 0)
    digits = no_digits()
    rest = no_digits()
    for place in range(start, len(written)):
        code = text_code(written, place)
        # What stands for a letter is a digit beyond nine: its code less that of 0.
        digits.append(code - 48 if kind != 88 or code < 97 else code - 80)
    prefix = ""
    if alternate == 1 and based:
        prefix = "0b" if letter == 98 else "0o" if letter == 111 else "0X" if kind == 88 else "0x"
    return laid_out(below, prefix, digits, rest, fill, align, sign, width, separator, 4 if based else 3)
