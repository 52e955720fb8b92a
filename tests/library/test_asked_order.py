"""Sorting by what a program says: every pair that is compared, the result and what an error leaves are CPython's own, at any length."""

from __future__ import annotations

import random
import sys
from typing import Any, ClassVar

import pytest

from portalis.translator.diagnostics import GuardError
from portalis.translator.library.asked_order import sort_asking, sort_by_keys_asking

LOOKS_FOR_EQUALS = sys.version_info >= (3, 13)
LENGTHS = (*range(9), 31, 32, 33, 63, 64, 65, 96, 127, 128, 200, 257, 500, 777, 1024, 3000)


class Stopped(Exception):
    pass


class Key:
    """A number that writes down what it is compared with, and stops a sort after so many comparisons."""

    log: ClassVar[list[tuple[int, int]]] = []
    most: ClassVar[int] = 0

    def __init__(self, number: int) -> None:
        self.number = number

    def __lt__(self, other: Key) -> bool:
        Key.log.append((self.number, other.number))
        if len(Key.log) == Key.most:
            raise Stopped
        return self.number < other.number


def shapes(source: random.Random, count: int) -> dict[str, list[int]]:
    run = source.randint(2, 90)
    return {
        "any": [source.randrange(10 * count + 1) for _ in range(count)],
        "many equal": [source.randrange(4) for _ in range(count)],
        "rising": list(range(count)),
        "falling": list(range(count, 0, -1)),
        "falling with equals": [-(place // 3) for place in range(count)],
        "all equal": [1] * count,
        "sawtooth": [place % run for place in range(count)],
        "falling teeth": [-(place % run) * 3 for place in range(count)],
        "nearly in order": [place + (source.randrange(9 * count) if source.random() < 0.02 else 0) for place in range(count)],
        "blocks": [source.randrange(9) * 1000 + place for place in range(count // 20 + 1) for _ in range(20)][:count],
        "runs": [one for _ in range(count // run + 1) for one in sorted(source.randrange(count + 1) for _ in range(run))][:count],
    }


def told(numbers: list[int], reverse: bool, by_keys: bool, most: int, ours: bool) -> tuple[Any, ...]:
    """Return which pairs are compared, which element stands where afterwards, and whether the sort was stopped."""
    Key.log, Key.most = [], most
    keys = [Key(number) for number in numbers]
    values: list[Any] = list(range(len(keys))) if by_keys else keys[:]
    places = {id(value): place for place, value in enumerate(values)}
    stopped = False
    try:
        if not ours:
            values.sort(key=(lambda place: keys[place]) if by_keys else None, reverse=reverse)
        elif by_keys:
            sort_by_keys_asking(values, keys[:], reverse, LOOKS_FOR_EQUALS)
        else:
            sort_asking(values, reverse, LOOKS_FOR_EQUALS)
    except Stopped:
        stopped = True
    return Key.log, [places[id(value)] for value in values], stopped


@pytest.mark.parametrize("count", LENGTHS)
def test_pairs_result_and_what_an_error_leaves(count: int) -> None:
    source = random.Random(count)
    for shape, numbers in shapes(source, count).items():
        for reverse in (False, True):
            by_keys = source.random() < 0.5
            wanted = told(numbers, reverse, by_keys, 0, ours=False)
            assert told(numbers, reverse, by_keys, 0, ours=True) == wanted, (shape, reverse)
            most = source.randint(1, len(wanted[0]) + 1)
            stopped = told(numbers, reverse, by_keys, most, ours=False)
            if count >= 64 and stopped[2]:
                with pytest.raises(GuardError):
                    told(numbers, reverse, by_keys, most, ours=True)
                assert Key.log == stopped[0], (shape, reverse, most)
                continue
            assert told(numbers, reverse, by_keys, most, ours=True) == stopped, (shape, reverse, most)
