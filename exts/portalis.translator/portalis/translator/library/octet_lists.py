"""What Python's bytearray does in place: its numbers are a list of ints, each of them 0 … 255."""

from __future__ import annotations

from portalis.translator.library.intrinsics import (
    bytearray_numbers,
    bytearray_of,
    guard,
    list_extend,
    list_get,
    list_part,
    list_set,
    list_truncate,
    octets_as_text,
    text_code,
    text_of_codes,
)
from portalis.translator.library.lists import check_room, close_gap, insert
from portalis.translator.library.octets import quoted
from portalis.translator.library.slices import check_step, length_of_range, start_of
from portalis.translator.library.splicing import check_forwards, delete_stepped, replace_part, replace_stepped
from portalis.translator.library.text import append_part, codes_of


def shown(items: list[int]) -> str:
    """Return repr of a bytearray: an apostrophe has a backslash even between quotation marks."""
    inner = quoted(text_of_codes(items))
    codes: list[int] = []
    double = text_code(inner, 1) == 34
    for place in range(len(inner)):
        code = text_code(inner, place)
        if double and code == 39:
            codes.append(92)
        codes.append(code)
    return "bytearray(" + text_of_codes(codes) + ")"


def as_byte(value: int) -> int:
    """Return a number that a bytearray can hold."""
    if value < 0 or value > 255:
        raise ValueError("byte must be in range(0, 256)")
    return value


def of_text(text: str) -> list[int]:
    """Return the numbers of bytes."""
    return codes_of(text, 0, len(text))


def of_numbers(numbers: list[int]) -> list[int]:
    """Return the list, whose numbers a bytearray can hold."""
    for number in numbers:
        as_byte(number)
    return numbers


def zeros(count: int) -> list[int]:
    """Return the numbers of bytearray(count)."""
    if count < 0:
        raise ValueError("negative count")
    items: list[int] = []
    for _ in range(count):
        items.append(0)
    return items


def each(parts: list[bytes]) -> list[bytearray]:
    """Return bytes as bytearrays."""
    made: list[bytearray] = []
    for part in parts:
        text = octets_as_text(part)
        made.append(bytearray_of(codes_of(text, 0, len(text))))
    return made


def offset_of(items: list[int], index: int) -> int:
    """Return where an element is."""
    place = index + len(items) if index < 0 else index
    if place < 0 or place >= len(items):
        raise IndexError("bytearray index out of range")
    return place


def element(items: list[int], index: int) -> int:
    """Return octets[index]."""
    found: int = list_get(items, offset_of(items, index))
    return found


def set_element(items: list[int], index: int, value: int) -> None:
    """Do octets[index] = value."""
    # CPython looks at the value first.
    as_byte(value)
    list_set(items, offset_of(items, index), value)


def delete(items: list[int], index: int) -> None:
    """Do del octets[index]."""
    close_gap(items, offset_of(items, index))


def append(items: list[int], value: int) -> None:
    """Do octets.append(value)."""
    items.append(as_byte(value))


def insert_at(items: list[int], index: int, value: int) -> None:
    """Do octets.insert(index, value)."""
    insert(items, index, as_byte(value))


def extend(items: list[int], others: list[int]) -> None:
    """Do octets.extend(others): nothing where one of them is no byte."""
    list_extend(items, of_numbers(others))


def pop_0(items: list[int]) -> int:
    """Return octets.pop()."""
    return pop_1(items, -1)


def pop_1(items: list[int], index: int) -> int:
    """Return octets.pop(index)."""
    if len(items) == 0:
        raise IndexError("pop from empty bytearray")
    place = index + len(items) if index < 0 else index
    if place < 0 or place >= len(items):
        raise IndexError("pop index out of range")
    found: int = list_get(items, place)
    close_gap(items, place)
    return found


def remove(items: list[int], value: int) -> None:
    """Do octets.remove(value)."""
    wanted = as_byte(value)
    place = 0
    while place < len(items) and list_get(items, place) != wanted:
        place += 1
    if place == len(items):
        raise ValueError("value not found in bytearray")
    close_gap(items, place)


def copied(items: list[int]) -> list[int]:
    """Return the numbers of octets.copy()."""
    return list_part(items, 0, len(items))


def repeat(items: list[int], count: int) -> None:
    """Do octets *= count."""
    check_room(len(items), count)
    once = list_part(items, 0, len(items))
    if count <= 0:
        list_truncate(items, 0)
    for _ in range(count - 1):
        list_extend(items, once)


def replace(items: list[int], start: int, stop: int, others: list[int]) -> None:
    """Do octets[start:stop] = others."""
    replace_part(items, start, stop, others)


def replace_each(items: list[int], start: int, stop: int, step: int, others: list[int]) -> None:
    """Do octets[start:stop:step] = others."""
    check_step(step)
    if step != 1 and len(others) == 0:
        # What is replaced by nothing is deleted, however it is spread.
        delete_stepped(items, start, stop, step)
        return
    if step != 1:
        count = length_of_range(start_of(start, len(items), step), start_of(stop, len(items), step), step)
        if count != len(others):
            raise ValueError("attempt to assign bytes of size " + str(len(others)) + " to extended slice of size " + str(count))
    replace_stepped(items, start, stop, step, others)


def replace_each_forwards(items: list[int], start: int, stop: int, step: int, others: list[int]) -> None:
    """Do octets[start:stop:step] = others where an end that is left out was taken for that of a slice that goes forwards."""
    check_forwards(step)
    replace_each(items, start, stop, step, others)


def add(items: list[int], others: list[int], same: bool) -> None:
    """Do octets += others."""
    if same and len(items) > 0:
        guard("a bytearray that is added to itself, for which CPython raises BufferError")
    list_extend(items, others)


def joined(separator: str, parts: list[bytearray]) -> str:
    """Return separator.join(parts)."""
    codes: list[int] = []
    for index in range(len(parts)):
        if index > 0:
            append_part(codes, separator, 0, len(separator))
        list_extend(codes, bytearray_numbers(list_get(parts, index)))
    return text_of_codes(codes)
