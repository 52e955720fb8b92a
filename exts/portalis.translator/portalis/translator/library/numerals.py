"""Numbers as text, and text as numbers: str, int, bin, oct, hex, ord and chr."""

from __future__ import annotations

from portalis.translator.library.characters import is_blank
from portalis.translator.library.intrinsics import (
    guard,
    list_get,
    list_set,
    text_code,
    text_of_code,
    text_of_codes,
    text_part,
)
from portalis.translator.library.quoting import quoted


def text_of_bool(value: bool) -> str:
    """Return str(value)."""
    return "True" if value else "False"


def text_of_int(value: int) -> str:
    """Return str(value)."""
    codes: list[int] = []
    rest = value
    if value < 0:
        # The smallest int has no opposite, but has one without its last digit.
        last = -(value % -10)
        codes.append(48 + last)
        rest = -((value + last) // 10)
    while rest > 9:
        tens = rest // 10
        codes.append(48 + (rest - tens * 10))
        rest = tens
    if rest > 0 or value >= 0:
        codes.append(48 + rest)
    if value < 0:
        codes.append(45)
    turn_round(codes)
    return text_of_codes(codes)


def turn_round(codes: list[int]) -> None:
    """Put the first last."""
    low = 0
    high = len(codes) - 1
    while low < high:
        code = list_get(codes, low)
        list_set(codes, low, list_get(codes, high))
        list_set(codes, high, code)
        low += 1
        high -= 1


def digits_of(value: int, base: int, prefix: str) -> str:
    """Return a number's digits in a base, after its sign and a prefix."""
    backwards: list[int] = []
    rest = value
    # The smallest int has no opposite: digits are taken from numbers that are not positive.
    if rest > 0:
        rest = -rest
    while True:
        digit = -(rest % -base)
        rest = -(-rest // base) if rest > -base else (rest + digit) // base
        backwards.append(digit + 48 if digit < 10 else digit + 87)
        if rest == 0:
            break
    codes: list[int] = []
    if value < 0:
        codes.append(45)
    for place in range(len(prefix)):
        codes.append(text_code(prefix, place))
    place = len(backwards) - 1
    while place >= 0:
        codes.append(list_get(backwards, place))
        place -= 1
    return text_of_codes(codes)


def binary(value: int) -> str:
    """Return bin(value)."""
    return digits_of(value, 2, "0b")


def octal(value: int) -> str:
    """Return oct(value)."""
    return digits_of(value, 8, "0o")


def hexadecimal(value: int) -> str:
    """Return hex(value)."""
    return digits_of(value, 16, "0x")


def order_of(text: str) -> int:
    """Return ord(text)."""
    if len(text) != 1:
        raise TypeError("ord() expected a character, but string of length " + text_of_int(len(text)) + " found")
    return text_code(text, 0)


def character_of(code: int) -> str:
    """Return chr(code)."""
    if code < -2147483648 or code > 2147483647:
        raise OverflowError("Python int too large to convert to C int")
    return character_in_range(code)


def flag(number: int) -> bool:
    """Return whether an int that CPython reads as a C int is not zero."""
    if number < -2147483648 or number > 2147483647:
        raise OverflowError("Python int too large to convert to C int")
    return number != 0


def character_in_range(code: int) -> str:
    """Return chr(code) as CPython does since 3.13."""
    if code < 0 or code > 1114111:
        raise ValueError("chr() arg not in range(0x110000)")
    return text_of_code(code)


def no_number(text: str, base: int) -> str:
    """Return what ValueError says of a text that int() takes no number from."""
    # CPython shows 200 characters at most.
    shown = quoted(text)
    if len(shown) > 200:
        shown = text_part(shown, 0, 200)
    return "invalid literal for int() with base " + text_of_int(base) + ": " + shown


def int_of_text(text: str) -> int:
    """Return int(text)."""
    return int_of_text_in(text, 10)


def int_of_text_in(text: str, base: int) -> int:
    """Return int(text, base)."""
    if base != 0 and (base < 2 or base > 36):
        raise ValueError("int() base must be >= 2 and <= 36, or 0")
    start = 0
    stop = len(text)
    while start < stop and is_blank(text_code(text, start)):
        start += 1
    while stop > start and is_blank(text_code(text, stop - 1)):
        stop -= 1
    negative = False
    if start < stop and (text_code(text, start) == 43 or text_code(text, start) == 45):
        negative = text_code(text, start) == 45
        start += 1
    found = base
    prefixed = False
    if start + 1 < stop and text_code(text, start) == 48:
        letter = text_code(text, start + 1) | 32
        named = 16 if letter == 120 else 8 if letter == 111 else 2 if letter == 98 else 0
        if named != 0 and (base == named or base == 0):
            found = named
            start += 2
            prefixed = True
    if found == 0:
        if start < stop and text_code(text, start) == 48:
            for place in range(start, stop):
                if text_code(text, place) != 48 and text_code(text, place) != 95:
                    raise ValueError(no_number(text, base))
        found = 10
    if stop - start > 4300 and found & (found - 1) != 0:
        guard("int() of more digits than CPython takes")
    # One underscore may stand between digits, and after a prefix.
    total = 0
    expects_digit = not prefixed
    last_was_underscore = False
    if start >= stop:
        raise ValueError(no_number(text, base))
    for place in range(start, stop):
        code = text_code(text, place)
        if code == 95:
            if expects_digit or last_was_underscore:
                raise ValueError(no_number(text, base))
            last_was_underscore = True
            expects_digit = True
            continue
        digit = 99
        if 48 <= code <= 57:
            digit = code - 48
        elif 97 <= code | 32 <= 122 and code < 128:
            digit = (code | 32) - 87
        elif code >= 128:
            guard("int() of a text with digits beyond ASCII")
        if digit >= found:
            raise ValueError(no_number(text, base))
        total = total * found - digit
        expects_digit = False
        last_was_underscore = False
    if last_was_underscore:
        raise ValueError(no_number(text, base))
    return total if negative else -total
