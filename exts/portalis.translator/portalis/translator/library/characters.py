"""What is known of single characters: of Latin-1 by rules, of others by tables (`beyond.py`).

A guard stops the call where versions of Unicode differ in what would decide. Those of Latin-1 are the same in every version of Python.
"""

from __future__ import annotations

from portalis.translator.library.beyond import append_lower_beyond, append_mapped, has, has_settled
from portalis.translator.library.intrinsics import guard, text_code
from portalis.translator.library.unicode_tables import (
    CASED,
    DECIMALS,
    DIGITS,
    FOLDED,
    FOLDED_AS_SEVERAL,
    LETTERS,
    LOWER,
    NEW_NUMERIC,
    NUMERIC,
    PRINTABLE,
    TITLE,
    TITLED,
    TITLED_AS_SEVERAL,
    UPPER,
    UPPERED,
    UPPERED_AS_SEVERAL,
)


def known(code: int) -> int:
    """Return a code point of ASCII."""
    if code >= 128:
        guard("a property of a character beyond ASCII")
    return code


def is_upper_latin(code: int) -> bool:
    """Tell whether a code point of Latin-1 is a capital letter."""
    return 65 <= code <= 90 or (192 <= code <= 222 and code != 215)


def is_lower_latin(code: int) -> bool:
    """Tell whether a code point of Latin-1 is a small letter, or what counts as one: the ordinal indicators."""
    if code < 128:
        return 97 <= code <= 122
    return (code >= 223 and code != 247) or code == 170 or code == 181 or code == 186


def is_upper_code(code: int) -> bool:
    """Tell whether a code point is a capital letter."""
    return is_upper_latin(code) if code < 256 else has(UPPER, code)


def is_lower_code(code: int) -> bool:
    """Tell whether a code point is a small letter, or counts as one."""
    return is_lower_latin(code) if code < 256 else has(LOWER, code)


def is_title_code(code: int) -> bool:
    """Tell whether a code point is a capital and a small letter in one."""
    return code >= 256 and has(TITLE, code)


def is_letter_code(code: int) -> bool:
    """Tell whether a code point is a letter."""
    return is_upper_latin(code) or is_lower_latin(code) if code < 256 else has(LETTERS, code)


def is_cased_code(code: int) -> bool:
    """Tell whether what follows a code point goes on with a word."""
    return is_upper_latin(code) or is_lower_latin(code) if code < 256 else has(CASED, code)


def is_decimal_code(code: int) -> bool:
    """Tell whether a code point is a digit that numbers are written with."""
    return 48 <= code <= 57 if code < 256 else has(DECIMALS, code)


def is_digit_code(code: int) -> bool:
    """Tell whether a code point is a digit, or a superscript of one."""
    if code < 256:
        return 48 <= code <= 57 or code == 178 or code == 179 or code == 185
    return has(DIGITS, code)


def is_numeric_code(code: int) -> bool:
    """Tell whether a code point is a digit, a fraction or another sign for a number."""
    return is_digit_code(code) or 188 <= code <= 190 if code < 256 else has_settled(NUMERIC, NEW_NUMERIC, code)


def is_space_code(code: int) -> bool:
    """Tell whether a code point is white space."""
    if code < 128:
        return code == 32 or 9 <= code <= 13 or 28 <= code <= 31
    if code == 133 or code == 160 or code == 5760:
        return True
    return 8192 <= code <= 8202 or code == 8232 or code == 8233 or code == 8239 or code == 8287 or code == 12288


def is_line_end(code: int) -> bool:
    """Tell whether a code point ends a line."""
    if code < 128:
        return 10 <= code <= 13 or 28 <= code <= 30
    return code == 133 or code == 8232 or code == 8233


def is_blank(code: int) -> bool:
    """Tell whether a number may have this character around it: of ASCII's white space not the separators."""
    return code == 32 or 9 <= code <= 13 or (code >= 128 and is_space_code(code))


def is_printable_code(code: int) -> bool:
    """Tell whether repr shows a character as it is."""
    return 32 <= code < 127 or (code > 160 and code != 173) if code < 256 else has(PRINTABLE, code)


def append_lower(codes: list[int], text: str, place: int) -> None:
    """Append the character there in lower case."""
    code = text_code(text, place)
    if code < 256:
        codes.append(lower_latin(code))
    else:
        append_lower_beyond(codes, text, place)


def append_upper(codes: list[int], code: int) -> None:
    """Append a code point in upper case: a sharp s becomes two."""
    if code >= 256:
        append_mapped(codes, code, UPPERED, UPPERED_AS_SEVERAL)
    elif code == 223:
        codes.append(83)
        codes.append(83)
    else:
        codes.append(upper_latin(code))


def append_title(codes: list[int], code: int) -> None:
    """Append a code point as the first of a word: a sharp s becomes two."""
    if code >= 256:
        append_mapped(codes, code, TITLED, TITLED_AS_SEVERAL)
    elif code == 223:
        codes.append(83)
        codes.append(115)
    else:
        codes.append(upper_latin(code))


def append_folded(codes: list[int], code: int) -> None:
    """Append a code point as comparing without case does: a sharp s becomes two."""
    if code >= 256:
        append_mapped(codes, code, FOLDED, FOLDED_AS_SEVERAL)
    elif code == 223:
        codes.append(115)
        codes.append(115)
    else:
        codes.append(956 if code == 181 else lower_latin(code))


def lower_latin(code: int) -> int:
    """Return a code point of Latin-1 in lower case."""
    return code + 32 if is_upper_latin(code) else code


def upper_latin(code: int) -> int:
    """Return a code point of Latin-1 in upper case, of those that become one."""
    if not is_lower_latin(code) or code == 170 or code == 186:
        return code
    return 924 if code == 181 else 376 if code == 255 else code - 32
