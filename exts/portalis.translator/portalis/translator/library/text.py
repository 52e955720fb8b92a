"""What Python's str does, by code points, on top of few operations (`ir/objects.py`): characters, parts, joining.

A method with optional arguments is one function for each number of arguments, which ends its name.
"""

from __future__ import annotations

from portalis.translator.library.intrinsics import (
    guard,
    list_extend,
    list_get,
    list_part,
    list_reserve,
    text_code,
    text_of_code,
    text_of_codes,
    text_part,
)
from portalis.translator.library.slices import clamped, start_of


def character(text: str, index: int) -> str:
    """Return text[index]."""
    offset = index + len(text) if index < 0 else index
    if offset < 0 or offset >= len(text):
        raise IndexError("string index out of range")
    return text_of_code(text_code(text, offset))


def codes_of(text: str, start: int, stop: int) -> list[int]:
    """Return the code points of a part of a text."""
    codes: list[int] = []
    list_reserve(codes, stop - start)
    for place in range(start, stop):
        codes.append(text_code(text, place))
    return codes


def append_part(codes: list[int], text: str, start: int, stop: int) -> None:
    """Append the code points of a part of a text."""
    for place in range(start, stop):
        codes.append(text_code(text, place))


def repeated(text: str, count: int) -> str:
    """Return text * count."""
    if count <= 0 or len(text) == 0:
        return ""
    if count > 268435456 // len(text):
        guard("a str of more than 2**28 characters")
    once = codes_of(text, 0, len(text))
    # An empty list that has the elements' type already: extending is no use that tells it.
    codes = list_part(once, 0, 0)
    list_reserve(codes, len(text) * count)
    for _ in range(count):
        list_extend(codes, once)
    return text_of_codes(codes)


def repeated_by(count: int, text: str) -> str:
    """Return count * text."""
    return repeated(text, count)


def backwards(text: str) -> str:
    """Return text[::-1]."""
    codes: list[int] = []
    list_reserve(codes, len(text))
    place = len(text) - 1
    while place >= 0:
        codes.append(text_code(text, place))
        place -= 1
    return text_of_codes(codes)


def joined(separator: str, texts: list[str]) -> str:
    """Return separator.join(texts)."""
    codes: list[int] = []
    for index in range(len(texts)):
        if index > 0:
            for place in range(len(separator)):
                codes.append(text_code(separator, place))
        text = list_get(texts, index)
        for place in range(len(text)):
            codes.append(text_code(text, place))
    return text_of_codes(codes)


def whole(text: str) -> str:
    """Return text[:]."""
    return text


def from_start(text: str, start: int) -> str:
    """Return text[start:]."""
    return text_part(text, clamped(start, len(text)), len(text))


def to_stop(text: str, stop: int) -> str:
    """Return text[:stop]."""
    return text_part(text, 0, clamped(stop, len(text)))


def between(text: str, start: int, stop: int) -> str:
    """Return text[start:stop]."""
    first = clamped(start, len(text))
    last = clamped(stop, len(text))
    return text_part(text, first, last if last > first else first)


def stepped_through(text: str, first: int, last: int, step: int) -> str:
    """Return the characters at first, first + step, … before last."""
    if step == 0:
        raise ValueError("slice step cannot be zero")
    codes: list[int] = []
    place = first
    if step > 0:
        while place < last:
            codes.append(text_code(text, place))
            if step >= last - place:
                break
            place += step
    else:
        while place > last:
            codes.append(text_code(text, place))
            if step <= last - place:
                break
            place += step
    return text_of_codes(codes)


def stepped(text: str, step: int) -> str:
    """Return text[::step]."""
    if step > 0:
        return stepped_through(text, 0, len(text), step)
    return stepped_through(text, len(text) - 1, -1, step)


def stepped_from(text: str, start: int, step: int) -> str:
    """Return text[start::step]."""
    return stepped_through(text, start_of(start, len(text), step), len(text) if step > 0 else -1, step)


def stepped_to(text: str, stop: int, step: int) -> str:
    """Return text[:stop:step]."""
    return stepped_through(text, 0 if step > 0 else len(text) - 1, start_of(stop, len(text), step), step)


def stepped_between(text: str, start: int, stop: int, step: int) -> str:
    """Return text[start:stop:step]."""
    return stepped_through(text, start_of(start, len(text), step), start_of(stop, len(text), step), step)
