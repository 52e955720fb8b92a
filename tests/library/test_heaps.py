"""Heaps of what a program compares: which pairs are compared and the heap are CPython's own, at any length."""

from __future__ import annotations

import heapq
import random

import pytest

from portalis.translator.library.heaps import heapify, pop, push, push_pop, replace
from tests.library.test_asked_order import Key


def keys(count: int, most: int) -> list[Key]:
    source = random.Random(count)
    return [Key(source.randrange(most)) for _ in range(count)]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 10, 100, 1023, 2499, 2500, 2501, 2502, 3000, 4095, 4096, 4097, 5000, 10_000])
@pytest.mark.parametrize("most", [3, 10**6])
def test_pairs_that_are_compared(count: int, most: int) -> None:
    theirs, ours = keys(count, most), keys(count, most)
    Key.log, Key.most = [], 0
    heapq.heapify(theirs)
    wanted, Key.log = Key.log, []
    heapify(ours)
    assert Key.log == wanted and [key.number for key in ours] == [key.number for key in theirs]


def test_pairs_of_single_steps() -> None:
    Key.log, Key.most = [], 0
    theirs, ours = keys(100, 50), keys(100, 50)
    heapq.heapify(theirs)
    heapify(ours)
    steps = ((heapq.heappush, push), (heapq.heapreplace, replace), (heapq.heappushpop, push_pop))
    for number in range(200):
        for their_step, our_step in steps:
            Key.log = []
            their_step(theirs, Key(number % 37))
            wanted, Key.log = Key.log, []
            our_step(ours, Key(number % 37))
            assert Key.log == wanted, (number, our_step.__name__)
        Key.log = []
        heapq.heappop(theirs)
        wanted, Key.log = Key.log, []
        pop(ours)
        assert Key.log == wanted and [key.number for key in ours] == [key.number for key in theirs]
