"""What is known of single characters: of Latin-1 everything that methods of str ask, of others white space and line ends.

A guard stops the call where the properties of another character would decide. Those of Latin-1 are the same in every version of Python.
"""

from __future__ import annotations

from portalis.translator.library.intrinsics import guard


def known(code: int) -> int:
    """Return a code point of ASCII."""
    if code >= 128:
        guard("a property of a character beyond ASCII")
    return code


def known_latin(code: int) -> int:
    """Return a code point whose properties are known here."""
    if code >= 256:
        guard("a property of a character beyond Latin-1")
    return code


def is_upper_code(code: int) -> bool:
    """Tell whether a code point is a capital letter."""
    return 65 <= known_latin(code) <= 90 or (192 <= code <= 222 and code != 215)


def is_lower_code(code: int) -> bool:
    """Tell whether a code point is a small letter, or what counts as one: the ordinal indicators."""
    if code < 128:
        return 97 <= code <= 122
    return (known_latin(code) >= 223 and code != 247) or code == 170 or code == 181 or code == 186


def is_letter_code(code: int) -> bool:
    """Tell whether a code point is a letter."""
    return is_upper_code(code) or is_lower_code(code)


def is_decimal_code(code: int) -> bool:
    """Tell whether a code point is a digit that numbers are written with."""
    return 48 <= known_latin(code) <= 57


def is_digit_code(code: int) -> bool:
    """Tell whether a code point is a digit, or a superscript of one."""
    return is_decimal_code(code) or code == 178 or code == 179 or code == 185


def is_numeric_code(code: int) -> bool:
    """Tell whether a code point is a digit or a fraction."""
    return is_digit_code(code) or 188 <= code <= 190


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
    return 32 <= known_latin(code) < 127 or (code > 160 and code != 173)


def lower_code(code: int) -> int:
    """Return a code point in lower case."""
    return code + 32 if is_upper_code(code) else code


def append_upper(codes: list[int], code: int) -> None:
    """Append a code point in upper case: a sharp s becomes two."""
    if code == 223:
        codes.append(83)
        codes.append(83)
    else:
        codes.append(upper_code(code))


def append_title(codes: list[int], code: int) -> None:
    """Append a code point as the first of a word: a sharp s becomes two."""
    if code == 223:
        codes.append(83)
        codes.append(115)
    else:
        codes.append(upper_code(code))


def upper_code(code: int) -> int:
    """Return a code point in upper case, of those that become one."""
    if not is_lower_code(code) or code == 170 or code == 186:
        return code
    return 924 if code == 181 else 376 if code == 255 else code - 32
