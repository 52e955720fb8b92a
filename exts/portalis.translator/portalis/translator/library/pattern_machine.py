"""Runs the programs of regular expressions (`pattern_cells.py`), trying ways in CPython's order until one leads to the end.

A way that was left open is five ints of `ways`: what it is, an instruction, a place in the text, one thing more, and how long `trail` was.
`trail` are pairs of a slot and what it held before: what was written since is taken back where a way is gone again. Nothing recurs, so
that the text may be as long as memory lasts.
"""

from __future__ import annotations

from portalis.translator.library.characters import is_space_code, known
from portalis.translator.library.intrinsics import guard, list_get, list_set, list_truncate, shift_right_logical, text_code
from portalis.translator.library.pattern_cells import (
    AHEAD,
    AHEAD_END,
    ALL,
    ALL_OF,
    ALL_OF_NEXT,
    ASCII_BOUNDARY,
    AT,
    ATOMIC,
    BEGINNING,
    BOUNDARY,
    BRANCH,
    CUT,
    END,
    ENDLESS,
    FURTHER,
    GREEDY,
    IF_GROUP,
    IN,
    JUMP,
    LAZY,
    LINE_BEGINNING,
    LINE_END,
    LITERAL,
    MARK,
    NO_BOUNDARY,
    NOT_AHEAD,
    NOT_AHEAD_END,
    NOT_LITERAL,
    NOT_SPACE,
    POSSESSIVE,
    REPEAT,
    SAME,
    SPACE,
    SUCCESS,
    UNTIL,
    VERY_END,
    WHOLE,
)

# What an open way is: an instruction at a place; one character less of a GREEDY; one more of a LAZY; another round of a LAZY_UNTIL.
PLAIN = 0
FEWER = 1
MORE = 2
ROUND = 3


def is_word_code(code: int) -> bool:
    """Tell whether a code point is a letter, a digit or an underscore."""
    code = known(code)
    return 97 <= code <= 122 or 65 <= code <= 90 or 48 <= code <= 57 or code == 95


def is_ascii_word_code(code: int) -> bool:
    """Tell whether a code point is a letter, a digit or an underscore of ASCII."""
    return code < 128 and is_word_code(code)


def in_set(program: str, place: int, code: int) -> bool:
    """Tell whether a code point is in the set at a place of a program."""
    if code < 128:
        return shift_right_logical(text_code(program, place + shift_right_logical(code, 3)), code & 7) & 1 == 1
    return in_set_beyond_ascii(program, place + 16, code)


def in_set_beyond_ascii(program: str, place: int, code: int) -> bool:
    """Tell the same of one beyond ASCII; the cells begin with whether the set is negated, how many ranges and categories it has."""
    wanted = text_code(program, place) == 0
    ranges = place + 3 + 2 * text_code(program, place + 1)
    here = place + 3
    while here < ranges:
        if text_code(program, here) <= code <= text_code(program, here + 1):
            return wanted
        here += 2
    last = here + text_code(program, place + 2)
    while here < last:
        category = text_code(program, here)
        holds = is_space_code(code) if category in (SPACE, NOT_SPACE) else is_word_code(code)
        if holds != (category & 1 == 1):
            return wanted
        here += 1
    return not wanted


def accepts(program: str, op: int, operand: int, code: int) -> bool:
    """Tell whether an instruction about one character lets a code point pass."""
    if op == LITERAL:
        return code == operand
    if op == IN:
        return in_set(program, operand, code)
    if op == NOT_LITERAL:
        return code != operand
    return op == ALL or code != 10


def counted(program: str, text: str, end: int, item: int, place: int, most: int) -> int:
    """Return where the characters end, at most so many, that pass the instruction at `item`."""
    op = text_code(program, item)
    operand = text_code(program, item + 1)
    last = place + most if most < end - place and most != ENDLESS else end
    while place < last and accepts(program, op, operand, text_code(text, place)):
        place += 1
    return place


def is_at(text: str, end: int, kind: int, place: int) -> bool:
    """Tell whether a place is one of a kind."""
    if kind == BEGINNING:
        return place == 0
    if kind == LINE_BEGINNING:
        return place == 0 or text_code(text, place - 1) == 10
    if kind == END:
        return place == end or (place == end - 1 and text_code(text, place) == 10)
    if kind == LINE_END:
        return place == end or text_code(text, place) == 10
    if kind == VERY_END:
        return place == end
    if end == 0:
        return False
    if kind in (BOUNDARY, NO_BOUNDARY):
        before = place > 0 and is_word_code(text_code(text, place - 1))
        behind = place < end and is_word_code(text_code(text, place))
    else:
        before = place > 0 and is_ascii_word_code(text_code(text, place - 1))
        behind = place < end and is_ascii_word_code(text_code(text, place))
    return (before != behind) == (kind in (BOUNDARY, ASCII_BOUNDARY))


def write(slots: list[int], ways: list[int], trail: list[int], slot: int, value: int) -> None:
    """Write a slot; where a way is open, what it held is remembered."""
    if len(ways) > 0:
        trail.append(slot)
        trail.append(list_get(slots, slot))
    list_set(slots, slot, value)


def open_way(ways: list[int], trail: list[int], kind: int, at: int, place: int, more: int) -> None:
    """Leave a way open."""
    ways.append(kind)
    ways.append(at)
    ways.append(place)
    ways.append(more)
    ways.append(len(trail))


def take_back(slots: list[int], trail: list[int], length: int) -> None:
    """Give slots back what they held when the trail was so long."""
    place = len(trail) - 2
    while place >= length:
        list_set(slots, list_get(trail, place), list_get(trail, place + 1))
        place -= 2
    list_truncate(trail, length)


def same_code(left: int, right: int, mode: int) -> bool:
    """Tell whether two code points are one, where case counts (0), does not among ASCII (1), or does not at all (2)."""
    if left == right or mode == 0:
        return left == right
    if mode == 2 and (left >= 128 or right >= 128):
        guard("a group that is sought again without case, beyond ASCII")
    if left >= 128 or right >= 128:
        return False
    lower = left + 32 if 65 <= left <= 90 else left
    other = right + 32 if 65 <= right <= 90 else right
    return lower == other


def behind_same(text: str, end: int, slots: list[int], group: int, place: int, mode: int) -> int:
    """Return the place behind what a group holds, which is sought again at a place; -1 where it is not there, or the group took no part."""
    start = list_get(slots, 2 * group)
    stop = list_get(slots, 2 * group + 1)
    if start < 0 or stop < start:
        return -1
    while start < stop:
        if place >= end or not same_code(text_code(text, place), text_code(text, start), mode):
            return -1
        place += 1
        start += 1
    return place


def next_way(program: str, text: str, end: int, slots: list[int], ways: list[int], trail: list[int]) -> tuple[int, int]:
    """Go back to the last way that is still open: its instruction and place; (-1, 0) where there is none."""
    while len(ways) > 0:
        base = len(ways) - 5
        kind = list_get(ways, base)
        at = list_get(ways, base + 1)
        place = list_get(ways, base + 2)
        more = list_get(ways, base + 3)
        take_back(slots, trail, list_get(ways, base + 4))
        if kind == PLAIN:
            list_truncate(ways, base)
            return at, place
        if kind == FEWER:
            place = fewer(program, text, end, at, place - 1, more)
            if place > more:
                list_set(ways, base + 2, place)
            else:
                list_truncate(ways, base)
            if place >= more:
                return at, place
        elif kind == MORE:
            if more > 0 and counted(program, text, end, at + 3, place, 1) > place:
                list_set(ways, base + 2, place + 1)
                list_set(ways, base + 3, more if more == ENDLESS else more - 1)
                return at + 5, place + 1
            list_truncate(ways, base)
        else:
            list_truncate(ways, base)
            register = text_code(program, at + 1)
            rounds = list_get(slots, register) + 1
            most = text_code(program, at + 3)
            if (rounds < most or most == ENDLESS) and place != list_get(slots, register + 1):
                write(slots, ways, trail, register, rounds)
                write(slots, ways, trail, register + 1, place)
                return text_code(program, at + 4), place
    return -1, 0


def fewer(program: str, text: str, end: int, at: int, place: int, least: int) -> int:
    """Return the last place up to `place` where the literal at `at` stands, if it is one; one before `least` where none is left."""
    if text_code(program, at) == LITERAL:
        code = text_code(program, at + 1)
        while place >= least and (place >= end or text_code(text, place) != code):
            place -= 1
    return place


def repeat_one(program: str, text: str, end: int, ways: list[int], trail: list[int], at: int, place: int) -> int:
    """Do GREEDY, LAZY or POSSESSIVE; return the place behind the characters, or -1."""
    op = text_code(program, at)
    least = text_code(program, at + 1)
    most = text_code(program, at + 2)
    if least > end - place:
        return -1
    if op == LAZY:
        stop = counted(program, text, end, at + 3, place, least) if least > 0 else place
        if stop - place < least:
            return -1
        open_way(ways, trail, MORE, at, stop, most if most == ENDLESS else most - least)
        return stop
    stop = counted(program, text, end, at + 3, place, most)
    if stop - place < least:
        return -1
    if op == GREEDY:
        first = fewer(program, text, end, at + 5, stop, place + least)
        if first < place + least:
            return -1
        if first > place + least:
            open_way(ways, trail, FEWER, at + 5, first, place + least)
        return first
    return stop


def until(program: str, slots: list[int], ways: list[int], trail: list[int], at: int, place: int) -> int:
    """Do UNTIL or LAZY_UNTIL: begin another round, or go on behind the loop; return the next instruction."""
    register = text_code(program, at + 1)
    most = text_code(program, at + 3)
    rounds = list_get(slots, register) + 1
    if rounds < text_code(program, at + 2):
        write(slots, ways, trail, register, rounds)
        return text_code(program, at + 4)
    if text_code(program, at) != UNTIL:
        open_way(ways, trail, ROUND, at, place, 0)
        return at + 5
    if (rounds < most or most == ENDLESS) and place != list_get(slots, register + 1):
        open_way(ways, trail, PLAIN, at + 5, place, 0)
        write(slots, ways, trail, register, rounds)
        write(slots, ways, trail, register + 1, place)
        return text_code(program, at + 4)
    return at + 5


def all_of(program: str, slots: list[int], ways: list[int], trail: list[int], at: int, place: int) -> int:
    """Do ALL_OF_NEXT: begin another round that is never tried otherwise, or go on; return the next instruction."""
    register = text_code(program, at + 1)
    most = text_code(program, at + 3)
    rounds = list_get(slots, register)
    if rounds >= text_code(program, at + 2):
        if (rounds >= most and most != ENDLESS) or place == list_get(slots, register + 1):
            return text_code(program, at + 4)
        list_set(slots, register + 1, place)
        list_set(slots, register + 2, len(ways))
        open_way(ways, trail, PLAIN, text_code(program, at + 4), place, 0)
        return at + 5
    list_set(slots, register + 2, len(ways))
    return at + 5


def branch(program: str, text: str, end: int, ways: list[int], trail: list[int], at: int, place: int) -> int:
    """Do BRANCH: leave the next alternative open, or go there where the first character tells that this one fails."""
    following = text_code(program, at + 1)
    op = text_code(program, at + 2)
    if op <= IN and (place >= end or not accepts(program, op, text_code(program, at + 3), text_code(text, place))):
        return following
    open_way(ways, trail, PLAIN, following, place, 0)
    return at + 2


def around(program: str, slots: list[int], ways: list[int], trail: list[int], at: int, place: int) -> tuple[int, int]:
    """Do what begins and ends atomic groups and what looks around; return the next instruction (-1: none) and place."""
    op = text_code(program, at)
    register = text_code(program, at + 1)
    if op == ATOMIC:
        list_set(slots, register, len(ways))
        return at + 2, place
    if op == CUT:
        list_truncate(ways, list_get(slots, register))
        return at + 2, place
    if op == AHEAD_END:
        list_truncate(ways, list_get(slots, register))
        return at + 2, list_get(slots, register + 1)
    if op == NOT_AHEAD_END:
        list_truncate(ways, list_get(slots, register))
        return -1, 0
    if op in (AHEAD, NOT_AHEAD):
        return look(program, slots, ways, trail, at, place)
    list_truncate(ways, list_get(slots, register + 2))
    list_set(slots, register, list_get(slots, register) + 1)
    return text_code(program, at + 2), place


def look(program: str, slots: list[int], ways: list[int], trail: list[int], at: int, place: int) -> tuple[int, int]:
    """Do AHEAD or NOT_AHEAD."""
    register = text_code(program, at + 1)
    back = text_code(program, at + 2)
    list_set(slots, register, len(ways))
    if text_code(program, at) == AHEAD:
        list_set(slots, register + 1, place)
        if place < back:
            return -1, 0
        return at + 3, place - back
    if place < back:
        return text_code(program, at + 3), place
    open_way(ways, trail, PLAIN, text_code(program, at + 3), place, 0)
    return at + 4, place - back


def run(program: str, text: str, end: int, slots: list[int], ways: list[int], trail: list[int], start: int, mode: int) -> int:
    """Match at one place: return where the match ends, or -1. Slots are -1, ways and trail empty."""
    at = text_code(program, 2)
    place = start
    while at >= 0:
        op = text_code(program, at)
        if op <= IN:
            if op > 0 and place < end and accepts(program, op, text_code(program, at + 1), text_code(text, place)):
                at += 2
                place += 1
                continue
            at = -1
        elif op == SUCCESS:
            if not ((mode & WHOLE != 0 and place != end) or (mode & FURTHER != 0 and place == start)):
                return place
            at = -1
        elif op <= POSSESSIVE:
            place = repeat_one(program, text, end, ways, trail, at, place)
            at = at + 5 if place >= 0 else -1
        elif op <= IF_GROUP:
            at, place = simple(program, text, end, slots, ways, trail, at, place)
        elif op == REPEAT:
            write(slots, ways, trail, text_code(program, at + 1), -1)
            write(slots, ways, trail, text_code(program, at + 1) + 1, -1)
            at = text_code(program, at + 2)
        elif op < ATOMIC:
            at = until(program, slots, ways, trail, at, place)
        elif op == ALL_OF:
            list_set(slots, text_code(program, at + 1), 0)
            list_set(slots, text_code(program, at + 1) + 1, -1)
            at += 2
        elif op == ALL_OF_NEXT:
            at = all_of(program, slots, ways, trail, at, place)
        else:
            at, place = around(program, slots, ways, trail, at, place)
        if at < 0:
            at, place = next_way(program, text, end, slots, ways, trail)
    return -1


def simple(program: str, text: str, end: int, slots: list[int], ways: list[int], trail: list[int], at: int, place: int) -> tuple[int, int]:
    """Do what stands for itself: AT, JUMP, MARK, BRANCH, and what asks for groups; return the next instruction (-1: none) and place."""
    op = text_code(program, at)
    operand = text_code(program, at + 1)
    if op == AT:
        return (at + 2 if is_at(text, end, operand, place) else -1), place
    if op == MARK:
        write(slots, ways, trail, operand, place)
        return at + 2, place
    if op == JUMP:
        return operand, place
    if op == BRANCH:
        return branch(program, text, end, ways, trail, at, place), place
    if op == IF_GROUP:
        took_part = list_get(slots, 2 * operand) >= 0 and list_get(slots, 2 * operand + 1) >= list_get(slots, 2 * operand)
        return (at + 3 if took_part else text_code(program, at + 2)), place
    if op == SAME:
        place = behind_same(text, end, slots, operand, place, 0)
        return (at + 2 if place >= 0 else -1), place
    place = behind_same(text, end, slots, operand, place, 1 + text_code(program, at + 2))
    return (at + 3 if place >= 0 else -1), place
