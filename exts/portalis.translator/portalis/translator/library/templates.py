"""`str.format` of templates that are known at run time alone, whose fields are names or numbers; values that `%` takes."""

from __future__ import annotations

from portalis.translator.library.intrinsics import guard, list_get, text_code, text_of_codes, text_part
from portalis.translator.library.numerals import text_of_int
from portalis.translator.library.text import append_part


def filled(template: str, args: list[str], names: list[str], values: list[str]) -> str:
    """Return template.format(*args, **named), where all that it may take is a text already."""
    codes: list[int] = []
    place = 0
    following = 0
    numbered = False
    while place < len(template):
        code = text_code(template, place)
        place += 1
        if code != 123 and code != 125:
            codes.append(code)
            continue
        if place < len(template) and text_code(template, place) == code:
            codes.append(code)
            place += 1
            continue
        if code == 125:
            raise ValueError("Single '}' encountered in format string")
        if place == len(template):
            raise ValueError("Single '{' encountered in format string")
        stop = field_end(template, place)
        index = field_number(template, place, stop)
        if place == stop:
            if numbered:
                raise ValueError("cannot switch from manual field specification to automatic field numbering")
            index = following
            following += 1
        elif index >= 0:
            if following > 0:
                raise ValueError("cannot switch from automatic field numbering to manual field specification")
            numbered = True
        if index >= len(args):
            raise IndexError("Replacement index " + text_of_int(index) + " out of range for positional args tuple")
        found = list_get(args, index) if index >= 0 else list_get(values, named(names, text_part(template, place, stop)))
        append_part(codes, found, 0, len(found))
        place = stop + 1
    return text_of_codes(codes)


def field_end(template: str, start: int) -> int:
    """Return where the brace lies that ends a field."""
    place = start
    while place < len(template):
        code = text_code(template, place)
        if code == 125:
            return place
        if code == 123 or code == 91 or code == 46 or code == 33 or code == 58 or code > 127:
            guard("a field of a template that is more than a name or a number")
        place += 1
    raise ValueError("expected '}' before end of string")


def field_number(template: str, start: int, stop: int) -> int:
    """Return the number that a field is, or -1."""
    number = 0
    for place in range(start, stop):
        code = text_code(template, place)
        if code < 48 or code > 57:
            return -1
        if number > 100000000:
            guard("a field of a template with a number that is too large")
        number = 10 * number + code - 48
    return number


def named(names: list[str], name: str) -> int:
    """Return the place of a name."""
    for place in range(len(names)):
        if list_get(names, place) == name:
            return place
    raise KeyError(name)


def value_at(values, index: int):  # type: ignore[no-untyped-def]
    """Return the value of a conversion of `%`, of a tuple of any length."""
    if index >= len(values):
        raise TypeError("not enough arguments for format string")
    return list_get(values, index)
