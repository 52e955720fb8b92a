"""A pattern as a program for `library/pattern_machine.py`: CPython's own compiler's code, instruction by instruction."""

from __future__ import annotations

import functools
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from portalis.translator.frontend.read.patterns.cpython import compiler, parser, sre
from portalis.translator.frontend.read.patterns.groups import ANY_ORDER, INSIDE, ONE_OF
from portalis.translator.frontend.read.patterns.sets import CharacterSet, Untranslated, cells_of, decode, ignoring_case
from portalis.translator.ir.types import OPTIONAL
from portalis.translator.library import pattern_cells as cells

# A pattern's text, the cells of its program, the groups that it may have.
MAX_TEXT, MAX_CELLS, MAX_GROUPS = 4_000, 0xD000, 100
# What flags are called.
FLAGS = {
    name: int(getattr(re, name))
    for name in ("A", "ASCII", "I", "IGNORECASE", "M", "MULTILINE", "S", "DOTALL", "U", "UNICODE", "X", "VERBOSE", "NOFLAG")
}
_FLAGS = re.IGNORECASE | re.MULTILINE | re.DOTALL | re.VERBOSE | re.ASCII | re.UNICODE
_AT = {
    sre.AT_BEGINNING: cells.BEGINNING,
    sre.AT_BEGINNING_STRING: cells.BEGINNING,
    sre.AT_BEGINNING_LINE: cells.LINE_BEGINNING,
    sre.AT_END: cells.END,
    sre.AT_END_LINE: cells.LINE_END,
    sre.AT_END_STRING: cells.VERY_END,
    sre.AT_UNI_BOUNDARY: cells.BOUNDARY,
    sre.AT_UNI_NON_BOUNDARY: cells.NO_BOUNDARY,
    sre.AT_BOUNDARY: cells.ASCII_BOUNDARY,
    sre.AT_NON_BOUNDARY: cells.NO_ASCII_BOUNDARY,
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern: its program, its flags as CPython counts them, its groups (group 1 first), as `groups.py` has them."""

    text: str
    flags: int
    program: str
    groups: tuple[str, ...]


class Invalid(Exception):
    """CPython raises re.error for this pattern, or another exception: its text."""


@functools.lru_cache(maxsize=512)
def read_pattern(text: str, flags: int) -> Pattern:
    """Return a pattern's program; raises Invalid where CPython does not compile it, and Untranslated where we do not."""
    if len(text) > MAX_TEXT:
        raise Untranslated(f"a pattern of more than {MAX_TEXT} characters")
    if any(0xD800 <= ord(character) <= 0xDFFF for character in text):
        raise Untranslated("a surrogate in a pattern")
    if flags & ~int(_FLAGS):
        raise Untranslated("a flag other than I, M, S, X, A and U")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)
            warnings.simplefilter("ignore", DeprecationWarning)
            parsed = parser.parse(text, flags)
            _require_translated(parsed)
            code = compiler._code(parsed, flags)
    except re.error as error:
        raise Invalid(str(error)) from None
    except (FutureWarning, OverflowError, RecursionError) as error:
        raise Untranslated(f"a pattern of which CPython says: {error}") from None
    state = parsed.state
    if state.groups - 1 > MAX_GROUPS:
        raise Untranslated(f"more than {MAX_GROUPS} groups")
    names = {number: name for name, number in state.groupdict.items()}
    optional = _may_take_no_part(parsed)
    places = _places(parsed)
    writer = _Writer(code, state.groups - 1)
    return Pattern(
        text,
        state.flags,
        writer.write(),
        tuple(
            names.get(number, "") + places.get(number, "") + (OPTIONAL if number in optional else "") for number in range(1, state.groups)
        ),
    )


def can_be_read(text: str, flags: int) -> bool:
    """Tell whether a pattern has a program."""
    try:
        read_pattern(text, flags)
    except (Invalid, Untranslated):
        return False
    return True


def _may_take_no_part(parsed: Any) -> set[int]:
    """Return the groups without which the pattern may match: in a branch of several, or in what may be repeated no times."""
    found: set[int] = set()
    pending: list[tuple[Any, bool]] = [(parsed, False)]
    while pending:
        item, optional = pending.pop()
        if isinstance(item, parser.SubPattern):
            pending += [(one, optional) for one in item.data]
            continue
        op = _operation(item)
        if op is sre.SUBPATTERN and item[1][0] is not None and optional:
            found.add(item[1][0])
        repeats = op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
        within = optional or op in (sre.BRANCH, sre.GROUPREF_EXISTS, sre.ASSERT_NOT) or (repeats and item[1][0] == 0)
        pending += [(one, within) for one in item if isinstance(one, parser.SubPattern | tuple | list)]
    return found


def _places(parsed: Any) -> dict[int, str]:
    """Return the mark of `groups.py` that tells where each group stands."""
    found: dict[int, str] = {}
    pending: list[tuple[Any, str]] = [(parsed, ONE_OF if _closes_one(parsed) else "")]
    while pending:
        item, within = pending.pop()
        if isinstance(item, parser.SubPattern):
            pending += [(one, within) for one in item.data]
            continue
        op = _operation(item)
        if op is sre.SUBPATTERN and item[1][0] is not None:
            found[item[1][0]] = within
            within = INSIDE if within != ANY_ORDER else within
        again = op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT) and item[1][1] > 1
        if again or op in (sre.ASSERT, sre.ASSERT_NOT, sre.GROUPREF_EXISTS, sre.ATOMIC_GROUP):
            within = within if within == INSIDE else ANY_ORDER
        pending += [(one, within) for one in item if isinstance(one, parser.SubPattern | tuple | list)]
    return found


def _closes_one(item: Any) -> bool:
    """Tell whether every match of a part of a parsed pattern closes a group."""
    if isinstance(item, parser.SubPattern):
        return any(map(_closes_one, item.data))
    op = _operation(item)
    if op is sre.BRANCH:
        return all(map(_closes_one, item[1][1]))
    return op is sre.SUBPATTERN and (item[1][0] is not None or _closes_one(item[1][3]))


def _operation(item: Any) -> Any:
    """Return the operation that a part of a parsed pattern begins with; the ends of a range are ints, as operations are, and none."""
    return item[0] if item and type(item[0]) is type(sre.BRANCH) else None


def _require_translated(parsed: Any) -> None:
    """Refuse what CPython's versions do not agree on, and what depends on the locale."""
    if parsed.state.flags & sre.SRE_FLAG_LOCALE:
        raise Untranslated("the flag L")
    pending: list[tuple[Any, bool, frozenset[int]]] = [(parsed, False, frozenset())]
    while pending:
        item, lonely, within = pending.pop()
        if isinstance(item, parser.SubPattern):
            pending += [(one, lonely, within) for one in item.data]
            continue
        op = _operation(item)
        if op is sre.SUBPATTERN and item[1][0] is not None:
            if lonely:
                raise Untranslated("a group inside a possessive repeat, an atomic group or a negative look-around")
            within |= {item[1][0]}
        if op is sre.GROUPREF_EXISTS and item[1][0] in within:
            raise Untranslated("a group that asks for itself")
        alone = lonely or op is sre.POSSESSIVE_REPEAT or op is sre.ASSERT_NOT or op is sre.ATOMIC_GROUP
        pending += [(one, alone, within) for one in item if isinstance(one, parser.SubPattern | tuple | list)]


@dataclass
class _Writer:
    """Writes the cells of one program. `places` are where CPython's instructions went; `jumps` the cells that wait for one."""

    code: Sequence[int]
    groups: int
    cells: list[int] = field(default_factory=lambda: [0] * cells.HEAD)
    places: dict[int, int] = field(default_factory=dict)
    jumps: list[tuple[int, int]] = field(default_factory=list)
    sets: list[tuple[int, CharacterSet]] = field(default_factory=list)
    registers: int = 0

    def write(self) -> str:
        """Return the program."""
        self.registers = 2 * self.groups
        place = 0
        if self._op(place) is sre.INFO:
            place = 1 + self.code[1]
            self._write_first(place)
        self._instructions(place, len(self.code))
        for cell, target in self.jumps:
            self.cells[cell] = self.places[target]
        written: dict[tuple[int, ...], int] = {}
        for cell, found in self.sets:
            key = tuple(cells_of(found))
            if key not in written:
                written[key] = len(self.cells)
                self.cells += key
            self.cells[cell] = written[key]
        self.cells[0], self.cells[1], self.cells[2] = self.groups, self.registers, cells.HEAD
        if len(self.cells) > MAX_CELLS or any(0xD800 <= cell <= 0xDFFF for cell in self.cells):
            raise Untranslated("a pattern as long as this one, or a surrogate in it")
        return "".join(map(chr, self.cells))

    def _op(self, place: int) -> object:
        return sre.OPCODES[self.code[place]]

    def _write_first(self, start: int) -> None:
        """Say in the head what every match begins with, as far as CPython's compiler has found it."""
        flags = self.code[2]
        if flags & sre.SRE_INFO_PREFIX:
            self.cells[3], self.cells[4] = cells.LITERAL, self.code[7]
        elif flags & sre.SRE_INFO_CHARSET:
            self.cells[3] = cells.IN
            self.sets.append((4, decode(self.code, 5)))
        if self._op(start) is sre.AT and _AT.get(sre.ATCODES[self.code[start + 1]]) == cells.BEGINNING:
            self.cells[5] = 1

    def _emit(self, *values: int) -> int:
        self.cells += values
        return len(self.cells)

    def _jump_cell(self, target: int) -> None:
        self.jumps.append((self._emit(0) - 1, target))

    def _register(self, count: int) -> int:
        self.registers += count
        return self.registers - count

    def _instructions(self, place: int, stop: int) -> None:
        """Write CPython's instructions from one place to another."""
        while place < stop:
            self.places[place] = len(self.cells)
            place = self._instruction(place)
        self.places[stop] = len(self.cells)

    def _instruction(self, place: int) -> int:
        op, code = self._op(place), self.code
        single = self._single(place)
        if single is not None:
            return single
        if op is sre.SUCCESS:
            self._emit(cells.SUCCESS)
            return place + 1
        if op is sre.FAILURE:
            self._emit(cells.FAIL)
            return place + 1
        if op is sre.AT:
            kind = _AT.get(sre.ATCODES[code[place + 1]])
            if kind is None:
                raise Untranslated("a boundary that depends on the locale")
            self._emit(cells.AT, kind)
            return place + 2
        if op is sre.MARK:
            self._emit(cells.MARK, code[place + 1])
            return place + 2
        if op is sre.JUMP:
            self._emit(cells.JUMP)
            self._jump_cell(place + 1 + code[place + 1])
            return place + 2
        return self._compound(op, place)

    def _single(self, place: int) -> int | None:
        """Write an instruction about one character; return the place behind it, or None where it is another."""
        op, code = self._op(place), self.code
        if op is sre.ANY or op is sre.ANY_ALL:
            self._emit(cells.ANY if op is sre.ANY else cells.ALL, 0)
            return place + 1
        if op is sre.LITERAL or op is sre.NOT_LITERAL:
            self._emit(cells.LITERAL if op is sre.LITERAL else cells.NOT_LITERAL, code[place + 1])
            return place + 2
        if op in (sre.LITERAL_IGNORE, sre.LITERAL_UNI_IGNORE, sre.NOT_LITERAL_IGNORE, sre.NOT_LITERAL_UNI_IGNORE):
            negated = op in (sre.NOT_LITERAL_IGNORE, sre.NOT_LITERAL_UNI_IGNORE)
            one = CharacterSet([(code[place + 1], code[place + 1])], (), negated)
            self._set(ignoring_case(one, op in (sre.LITERAL_UNI_IGNORE, sre.NOT_LITERAL_UNI_IGNORE)))
            return place + 2
        if op is sre.IN or op is sre.IN_IGNORE or op is sre.IN_UNI_IGNORE:
            found = decode(code, place + 2)
            self._set(found if op is sre.IN else ignoring_case(found, op is sre.IN_UNI_IGNORE))
            return place + 1 + code[place + 1]
        return None

    def _set(self, found: CharacterSet) -> None:
        self.sets.append((self._emit(cells.IN, 0) - 1, found))

    def _compound(self, op: object, place: int) -> int:
        code = self.code
        if op is sre.BRANCH:
            return self._branch(place)
        if op in _ONE:
            self._emit(_ONE[op], *self._bounds(place))
            self._single(place + 4)
            return place + 1 + code[place + 1]
        if op is sre.REPEAT:
            return self._repeat(place)
        if op is sre.POSSESSIVE_REPEAT:
            return self._possessive(place)
        if op is sre.ATOMIC_GROUP:
            register = self._register(1)
            self._emit(cells.ATOMIC, register)
            end = place + 1 + code[place + 1]
            self._instructions(place + 2, end - 1)
            self._emit(cells.CUT, register)
            return end
        if op is sre.ASSERT or op is sre.ASSERT_NOT:
            return self._look_around(op, place)
        if op is sre.GROUPREF:
            self._emit(cells.SAME, code[place + 1])
            return place + 2
        if op is sre.GROUPREF_IGNORE or op is sre.GROUPREF_UNI_IGNORE:
            self._emit(cells.SAME_IGNORING_CASE, code[place + 1], int(op is sre.GROUPREF_UNI_IGNORE))
            return place + 2
        if op is sre.GROUPREF_EXISTS:
            self._emit(cells.IF_GROUP, code[place + 1])
            self._jump_cell(place + 1 + code[place + 2])
            return place + 3
        raise Untranslated(f"{op} in a pattern")

    def _bounds(self, place: int) -> tuple[int, int]:
        least, most = self.code[place + 2], self.code[place + 3]
        if least >= cells.ENDLESS or (most != sre.MAXREPEAT and most >= cells.ENDLESS):
            raise Untranslated("a repeat of more than 50,000 times")
        return least, cells.ENDLESS if most == sre.MAXREPEAT else most

    def _branch(self, place: int) -> int:
        place += 1
        while self.code[place]:
            following = place + self.code[place]
            if self.code[following]:
                self._emit(cells.BRANCH)
                self._jump_cell(following)
            self._instructions(place + 1, following)
            place = following
            # The jump of BRANCH leads to where the next alternative's own BRANCH stands.
            self.places[place] = len(self.cells)
        return place + 1

    def _repeat(self, place: int) -> int:
        least, most = self._bounds(place)
        until = place + 1 + self.code[place + 1]
        register = self._register(2)
        self._emit(cells.REPEAT, register)
        self._jump_cell(until)
        body = len(self.cells)
        self._instructions(place + 4, until)
        lazy = self._op(until) is sre.MIN_UNTIL
        self._emit(cells.LAZY_UNTIL if lazy else cells.UNTIL, register, least, most, body)
        return until + 1

    def _possessive(self, place: int) -> int:
        least, most = self._bounds(place)
        end = place + 1 + self.code[place + 1]
        register = self._register(3)
        self._emit(cells.ALL_OF, register)
        following = self._emit(cells.ALL_OF_NEXT, register, least, most) - 4
        self._jump_cell(end + 1)
        self._instructions(place + 4, end)
        self._emit(cells.ALL_OF_END, register, following)
        return end + 1

    def _look_around(self, op: object, place: int) -> int:
        code = self.code
        end = place + 1 + code[place + 1]
        if op is sre.ASSERT:
            register = self._register(2)
            self._emit(cells.AHEAD, register, code[place + 2])
        else:
            register = self._register(1)
            self._emit(cells.NOT_AHEAD, register, code[place + 2])
            self._jump_cell(end)
        self._instructions(place + 3, end - 1)
        self._emit(cells.AHEAD_END if op is sre.ASSERT else cells.NOT_AHEAD_END, register)
        return end


_ONE = {sre.REPEAT_ONE: cells.GREEDY, sre.MIN_REPEAT_ONE: cells.LAZY, sre.POSSESSIVE_REPEAT_ONE: cells.POSSESSIVE}
