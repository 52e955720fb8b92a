"""The tables of CPython's sets: whether a set is to all that follows what filling one in its order makes.

Two sets that hold the same and iterate alike can still differ in where the next element goes: their tables can differ in size, in which of
two elements that want one slot has it, in slots that removed elements left, and in where `pop` goes on.
"""

from __future__ import annotations

import ctypes
import random
import struct
from collections.abc import Callable, Iterator, Sequence, Set
from functools import partial
from typing import Any, Literal

# `PySetObject` behind its header (Include/cpython/setobject.h): fill, used, mask, table, hash, finger; an entry has two words.
_FIELDS = struct.Struct("<qqqQqq")
_HEADER, _ENTRY = 16, 16


def filling(found: Set[Any]) -> Literal["one by one", "at once"] | None:
    """Tell how a set or frozenset is filled in its own order so that it has the very table that it has: element by element, or at once,
    as a display of constants or a copy is; None where neither gives that table.
    """
    own = _table(found)
    if own is None:
        return None
    made: set[Any] = set()
    for element in found:
        made.add(element)
    if _table(made) == own:
        return "one by one"
    made = set()
    fill_at_once(list(found), made)
    return "at once" if _table(made) == own else None


def fill_at_once(items: Sequence[Any], made: set[Any]) -> None:
    """Fill an empty set with room for all from the start."""
    _at_once(items, 0, made)


def _table(found: Set[Any]) -> tuple[int, int, bytes] | None:
    """Return the fill, finger and entries of a set; None where it is not laid out as CPython's are."""
    fill, used, mask, table, _, finger = _FIELDS.unpack(ctypes.string_at(id(found) + _HEADER, _FIELDS.size))
    if used != len(found) or mask < 7 or mask & (mask + 1) or fill < used:
        return None
    return fill, finger, ctypes.string_at(table, _ENTRY * (mask + 1))


# In how many other orders to try to fill a set, and the slots of which something that is taken out again has one.
_SHUFFLES, _SLOTS = 40, 32
_SIZES = tuple(1 << exponent for exponent in range(2, 12))


def recipe(items: Sequence[Any]) -> Callable[[set[Any]], None] | None:
    """Return how to fill an empty set so that it iterates over `items` in their order; None where nothing that is tried does that."""
    for fill in _ways(items):
        made: set[Any] = set()
        fill(made)
        if list(made) == list(items):
            return fill
    return None


def _ways(items: Sequence[Any]) -> Iterator[Callable[[set[Any]], None]]:
    source = random.Random(len(items))
    for number in range(_SHUFFLES):
        order = list(items) if number == 0 else source.sample(items, len(items))
        yield partial(_one_by_one, order)
        yield partial(_at_once, order, 0)
    for slot in range(_SLOTS):
        yield partial(_beside, items, _At(slot))
    for size in _SIZES:
        if size > len(items):
            yield partial(_at_once, items, size - len(items))


class _At:
    """What wants a slot of its own."""

    def __init__(self, slot: int) -> None:
        self._slot = slot

    def __hash__(self) -> int:
        return self._slot


def _one_by_one(items: Sequence[Any], made: set[Any]) -> None:
    made.update(items)


def _at_once(items: Sequence[Any], others: int, made: set[Any]) -> None:
    """Fill a set from a dict: CPython makes room for all of its keys before it puts the first in."""
    taken_out = [_At(-2 - number) for number in range(others)]
    made.update(dict.fromkeys([*items, *taken_out]))
    for other in taken_out:
        made.discard(other)


def _beside(items: Sequence[Any], other: _At, made: set[Any]) -> None:
    made.add(other)
    made.update(items)
    made.discard(other)
