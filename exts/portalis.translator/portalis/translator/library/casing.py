"""Case, and what texts are made of: upper, title, isdigit, isidentifier and their kin."""

from __future__ import annotations

from portalis.translator.library.beyond import has, has_settled
from portalis.translator.library.characters import (
    append_folded,
    append_lower,
    append_title,
    append_upper,
    is_cased_code,
    is_decimal_code,
    is_digit_code,
    is_letter_code,
    is_lower_code,
    is_numeric_code,
    is_printable_code,
    is_space_code,
    is_title_code,
    is_upper_code,
)
from portalis.translator.library.intrinsics import list_reserve, text_code, text_of_codes
from portalis.translator.library.unicode_tables import IDENTIFIER_PARTS, IDENTIFIER_STARTS, NEW_PARTS


def lower(text: str) -> str:
    """Return text.lower()."""
    codes: list[int] = []
    list_reserve(codes, len(text))
    for place in range(len(text)):
        append_lower(codes, text, place)
    return text_of_codes(codes)


def upper(text: str) -> str:
    """Return text.upper()."""
    codes: list[int] = []
    list_reserve(codes, len(text))
    for place in range(len(text)):
        append_upper(codes, text_code(text, place))
    return text_of_codes(codes)


def casefold(text: str) -> str:
    """Return text.casefold()."""
    codes: list[int] = []
    for place in range(len(text)):
        append_folded(codes, text_code(text, place))
    return text_of_codes(codes)


def swapcase(text: str) -> str:
    """Return text.swapcase()."""
    codes: list[int] = []
    for place in range(len(text)):
        code = text_code(text, place)
        if is_upper_code(code):
            append_lower(codes, text, place)
        elif is_lower_code(code):
            append_upper(codes, code)
        else:
            codes.append(code)
    return text_of_codes(codes)


def capitalize(text: str) -> str:
    """Return text.capitalize()."""
    codes: list[int] = []
    for place in range(len(text)):
        if place == 0:
            append_title(codes, text_code(text, place))
        else:
            append_lower(codes, text, place)
    return text_of_codes(codes)


def title(text: str) -> str:
    """Return text.title()."""
    codes: list[int] = []
    inside = False
    for place in range(len(text)):
        code = text_code(text, place)
        if inside:
            append_lower(codes, text, place)
        else:
            append_title(codes, code)
        inside = is_cased_code(code)
    return text_of_codes(codes)


def isascii(text: str) -> bool:
    """Return text.isascii()."""
    place = 0
    while place < len(text):
        if text_code(text, place) >= 128:
            return False
        place += 1
    return True


def isalpha(text: str) -> bool:
    """Return text.isalpha()."""
    for place in range(len(text)):
        code = text_code(text, place)
        if not is_letter_code(code):
            return False
    return len(text) > 0


def isalnum(text: str) -> bool:
    """Return text.isalnum()."""
    for place in range(len(text)):
        code = text_code(text, place)
        if not (is_letter_code(code) or is_numeric_code(code) or is_decimal_code(code) or is_digit_code(code)):
            return False
    return len(text) > 0


def isdecimal(text: str) -> bool:
    """Return text.isdecimal()."""
    for place in range(len(text)):
        if not is_decimal_code(text_code(text, place)):
            return False
    return len(text) > 0


def isdigit(text: str) -> bool:
    """Return text.isdigit()."""
    for place in range(len(text)):
        if not is_digit_code(text_code(text, place)):
            return False
    return len(text) > 0


def isnumeric(text: str) -> bool:
    """Return text.isnumeric()."""
    for place in range(len(text)):
        if not is_numeric_code(text_code(text, place)):
            return False
    return len(text) > 0


def isspace(text: str) -> bool:
    """Return text.isspace()."""
    for place in range(len(text)):
        if not is_space_code(text_code(text, place)):
            return False
    return len(text) > 0


def isprintable(text: str) -> bool:
    """Return text.isprintable()."""
    place = 0
    while place < len(text) and is_printable_code(text_code(text, place)):
        place += 1
    return place == len(text)


def islower(text: str) -> bool:
    """Return text.islower()."""
    cased = False
    for place in range(len(text)):
        code = text_code(text, place)
        if is_upper_code(code) or is_title_code(code):
            return False
        if is_lower_code(code):
            cased = True
    return cased


def isupper(text: str) -> bool:
    """Return text.isupper()."""
    cased = False
    for place in range(len(text)):
        code = text_code(text, place)
        if is_lower_code(code) or is_title_code(code):
            return False
        if is_upper_code(code):
            cased = True
    return cased


def istitle(text: str) -> bool:
    """Return text.istitle()."""
    cased = False
    inside = False
    for place in range(len(text)):
        code = text_code(text, place)
        if is_upper_code(code) or is_title_code(code):
            if inside:
                return False
            inside = True
            cased = True
        elif is_lower_code(code):
            if not inside:
                return False
            cased = True
        else:
            inside = False
    return cased


def isidentifier(text: str) -> bool:
    """Return text.isidentifier()."""
    for place in range(len(text)):
        code = text_code(text, place)
        if code >= 256:
            if not (has(IDENTIFIER_STARTS, code) if place == 0 else has_settled(IDENTIFIER_PARTS, NEW_PARTS, code)):
                return False
        elif code != 95 and not is_letter_code(code) and (place == 0 or not (is_decimal_code(code) or code == 183)):
            return False
    return len(text) > 0
