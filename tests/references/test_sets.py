"""The library's sets beside CPython's own through long histories: not their order alone but their tables, so that all that follows is."""

from __future__ import annotations

import ctypes
import random
import struct
import types
from collections.abc import Callable
from typing import Any

import pytest

from portalis.translator import translate
from portalis.translator.library import dictionaries, hashing, sets

# `PySetObject` behind its header: fill, used, mask, table, hash, finger; an entry of the table is a key's address and its hash.
FIELDS, ENTRY = struct.Struct("<qqqQqq"), struct.Struct("<Qq")
HEADER = 16


def table_of(found: set[Any] | frozenset[Any]) -> tuple[Any, ...]:
    """Return the table of a set of CPython's: fill, finger, and of each slot what it holds (None: unused, "removed")."""
    fill, _, mask, table, _, finger = FIELDS.unpack(ctypes.string_at(id(found) + HEADER, FIELDS.size))
    keys = {id(key): key for key in found}
    slots: list[Any] = []
    for place in range(mask + 1):
        address, code = ENTRY.unpack(ctypes.string_at(table + place * ENTRY.size, ENTRY.size))
        slots.append(None if not address else "removed" if code == -1 and address not in keys else keys[address])
    return fill, finger, slots


def ours_of(found: Any) -> tuple[Any, ...]:
    """Return the table of one of the library's sets."""
    slots = [None if state == 0 else "removed" if state == 2 else item for item, state in zip(found.items, found.states, strict=True)]
    return found.fill, found.finger, slots or [None] * 8


def empty() -> Any:
    return types.SimpleNamespace(items=[], hashes=[], states=[], used=0, fill=0, finger=0)


def in_a_message(elements: list[Any], fill: int = -1) -> Any:
    return types.SimpleNamespace(
        items=list(elements), hashes=[0] * len(elements), states=[1] * len(elements), used=len(elements), fill=fill, finger=0
    )


def dict_of(keys: list[Any]) -> Any:
    made = types.SimpleNamespace(keys=[], values=[], hashes=[], table=[], used=0)
    for key in keys:
        dictionaries.store(made, key, 0)
    return made


def keys_of(source: random.Random) -> Callable[[], Any]:
    """Return what draws elements: few and near, some that want one slot, large, floats, tuples."""
    kinds: tuple[Callable[[], Any], ...] = (
        lambda: source.randint(-3, 12),
        lambda: source.randint(0, 9) * 32 + source.choice((0, 6, 7)),
        lambda: source.randint(-5, 300),
        lambda: source.getrandbits(62) - 2**61,
        lambda: source.randint(0, 40) / 4,
        lambda: (source.randint(0, 5), source.randint(0, 5)),
    )
    return source.choice(kinds)


def changed(source: random.Random, draw: Callable[[], Any], pair: tuple[Any, Any], other: tuple[Any, Any]) -> None:
    """Do one operation to a set of the library's and to CPython's."""
    (ours, theirs), (ours_other, theirs_other) = pair, other
    some = [draw() for _ in range(source.choice((0, 1, 3, 8, 40)))]
    match source.randrange(16):
        case 0 | 1 | 2 | 3:
            for key in some:
                sets.add(ours, key)
                theirs.add(key)
        case 4 | 5:
            for key in some:
                sets.discard(ours, key)
                theirs.discard(key)
        case 6 | 7:
            if theirs:
                assert sets.pop(ours) == theirs.pop()
        case 8:
            sets.merge(ours, ours_other)
            theirs |= theirs_other
        case 9:
            sets.subtract_in_place(ours, ours_other)
            theirs -= theirs_other
        case 10:
            sets.toggle(ours, ours_other)
            theirs ^= theirs_other
        case 11:
            met = empty()
            sets.intersect(met, ours, ours_other)
            sets.become(ours, met)
            theirs &= theirs_other
        case 12:
            sets.update_from_dict(ours, dict_of(some))
            theirs.update(dict.fromkeys(some))
        case 13:
            sets.subtract_list_in_place(ours, some)
            theirs.difference_update(some)
        case 14:
            if source.random() < 0.2:
                sets.clear(ours)
                theirs.clear()
        case _:
            met = empty()
            sets.intersect_list(met, ours, some)
            assert ours_of(met) == table_of(theirs.intersection(some))


@pytest.mark.parametrize("seed", range(6))
def test_tables_are_cpythons(seed: int) -> None:
    source = random.Random(seed)
    for _ in range(50):
        draw = keys_of(source)
        pairs: list[tuple[Any, Any]] = [(empty(), set()), (empty(), set())]
        for _ in range(source.choice((4, 20, 50))):
            pair, other = source.sample(pairs, 2) if source.random() < 0.95 else (pairs[0], pairs[0])
            changed(source, draw, pair, other)
            assert ours_of(pair[0]) == table_of(pair[1])
        (a, left), (b, right) = pairs
        for function, wanted in ((sets.subtract, left - right), (sets.intersect, left & right)):
            made = empty()
            function(made, a, b)
            assert ours_of(made) == table_of(wanted)
        joined, turned = empty(), empty()
        sets.merge(joined, a)
        sets.merge(joined, b)
        sets.merge(turned, b)
        sets.toggle(turned, a)
        assert (ours_of(joined), ours_of(turned)) == (table_of(left | right), table_of(left ^ right))
        asked = (sets.is_subset, sets.is_proper_subset, sets.is_superset, sets.is_proper_superset, sets.equal, sets.is_disjoint)
        answers = (left <= right, left < right, left >= right, left > right, left == right, left.isdisjoint(right))
        assert tuple(function(a, b) for function in asked) == answers
        assert sets.hash_elements(a) == hash(frozenset(left))
        assert hashing.hash_sequence(list(left)) == hash(tuple(left))


def test_a_set_of_a_message_is_filled_in_its_order() -> None:
    source = random.Random(9)
    for _ in range(60):
        elements = list(dict.fromkeys(source.randint(0, 90) for _ in range(source.randint(0, 30))))
        ours, theirs = in_a_message(elements), set(elements)
        sets.add(ours, 1000)
        theirs.add(1000)
        assert ours_of(ours) == table_of(theirs)


def test_a_set_that_was_filled_at_once_has_the_table_of_a_display() -> None:
    for count in range(1, 60):
        elements = list(range(100, 100 + count))
        theirs = eval("{" + ", ".join(map(str, elements)) + "}")
        ours = in_a_message(list(theirs), -2)
        sets.ready(ours)
        assert ours_of(ours) == table_of(theirs), count


def test_an_argument_iterates_as_it_was_filled() -> None:
    source = "def f(s: set[int]):\n    first = list(s)\n    s.add(40)\n    return first, list(s)\n"
    found = translate(source, "f", ("f({12, 13, 14, 15, 16})",))
    original: dict[str, Any] = {}
    exec(source, original)
    for make in (lambda: {12, 13, 14, 15, 16}, lambda: set(range(12, 17)), lambda: set(frozenset(range(9, 30)))):
        ours, theirs = make(), make()
        assert found(ours) == original["f"](theirs) and list(ours) == list(theirs)
