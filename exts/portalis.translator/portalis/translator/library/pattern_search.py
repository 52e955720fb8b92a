"""What `re` does with a program (`pattern_machine.py`): search, match, findall, split and their kin.

A match is the ends of the whole and of each group, -1 for a group that took no part: 2 + 2 * groups ints. Many matches are these in a row.
"""

from __future__ import annotations

from portalis.translator.library.intrinsics import list_get, list_part, list_set, list_truncate, text_code, text_part
from portalis.translator.library.pattern_cells import FURTHER, WHOLE
from portalis.translator.library.pattern_machine import accepts, run


def clear(slots: list[int], ways: list[int], trail: list[int]) -> None:
    """Forget what an attempt has left."""
    for index in range(len(slots)):
        list_set(slots, index, -1)
    list_truncate(ways, 0)
    list_truncate(trail, 0)


def search_from(
    program: str, text: str, end: int, slots: list[int], ways: list[int], trail: list[int], start: int, mode: int
) -> tuple[int, int]:
    """Return where the first match from a place on begins and ends; (-1, -1) where there is none."""
    op = text_code(program, 3)
    operand = text_code(program, 4)
    place = start
    while place <= end:
        if op == 0 or (place < end and accepts(program, op, operand, text_code(text, place))):
            clear(slots, ways, trail)
            stop = run(program, text, end, slots, ways, trail, place, mode if place == start else 0)
            if stop >= 0:
                return place, stop
        if text_code(program, 5) == 1:
            break
        place += 1
    return -1, -1


def add_match(found: list[int], slots: list[int], groups: int, start: int, stop: int) -> None:
    """Append a match."""
    found.append(start)
    found.append(stop)
    for index in range(2 * groups):
        found.append(list_get(slots, index))


def empty_slots(program: str) -> list[int]:
    """Return the slots that a program needs."""
    slots: list[int] = []
    for _ in range(text_code(program, 1)):
        slots.append(-1)
    return slots


def all_matches(program: str, text: str, start: int, end: int, most: int) -> list[int]:
    """Return the matches from a place on, one behind the other, at most so many (0: all of them; fewer: none)."""
    slots = empty_slots(program)
    # Empty lists that are known to hold ints.
    found = list_part(slots, 0, 0)
    ways = list_part(slots, 0, 0)
    trail = list_part(slots, 0, 0)
    groups = text_code(program, 0)
    left = most
    place = start
    mode = 0
    while place <= end and (most == 0 or left > 0):
        first, last = search_from(program, text, end, slots, ways, trail, place, mode)
        if first < 0:
            break
        add_match(found, slots, groups, first, last)
        mode = FURTHER if last == first else 0
        place = last
        left -= 1
    return found


def within(place: int, length: int) -> int:
    """Return an end as `re` takes it: no less than 0, no more than the length."""
    if place < 0:
        return 0
    return place if place < length else length


def first_match(program: str, text: str, start: int, end: int, how: int) -> list[int]:
    """Return the match of search (0), match (1) or fullmatch (2), or no ints."""
    slots = empty_slots(program)
    found = list_part(slots, 0, 0)
    if start > end:
        return found
    ways = list_part(slots, 0, 0)
    trail = list_part(slots, 0, 0)
    first = start
    if how == 0:
        first, last = search_from(program, text, end, slots, ways, trail, start, 0)
    else:
        last = run(program, text, end, slots, ways, trail, start, WHOLE if how == 2 else 0)
    if last >= 0:
        add_match(found, slots, text_code(program, 0), first, last)
    return found


def part_of(text: str, found: list[int], base: int, group: int) -> str:
    """Return what a group of the match at `base` holds; nothing where it took no part."""
    start = list_get(found, base + 2 * group)
    if start < 0:
        return ""
    return text_part(text, start, list_get(found, base + 2 * group + 1))
