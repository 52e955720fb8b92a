"""What is known of single characters: of ASCII everything that methods of str ask, of others white space and line ends.

A guard stops the call where the properties of another character would decide.
"""

from __future__ import annotations

from portalis.translator.library.intrinsics import guard


def known(code: int) -> int:
    """Return a code point whose properties are known here."""
    if code >= 128:
        guard("a property of a character beyond ASCII")
    return code


def is_upper_code(code: int) -> bool:
    """Tell whether a code point is a capital letter."""
    return 65 <= known(code) <= 90


def is_lower_code(code: int) -> bool:
    """Tell whether a code point is a small letter."""
    return 97 <= known(code) <= 122


def is_digit_code(code: int) -> bool:
    """Tell whether a code point is a digit."""
    return 48 <= known(code) <= 57


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
    if code < 256:
        return 32 <= code < 127 or (code > 160 and code != 173)
    guard("whether a character beyond Latin-1 is shown as it is")
    return False
