"""Loops that nest deeply and loops that are written out: which they are, and that what they compute stays CPython's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from portalis.translator import translate
from portalis.translator.backends.llvm.loops import loops_deeply
from portalis.translator.bridge import GuestStop
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile

DEEP = """
def total(n: int) -> int:
    found = 0
    for i in range(n):
        for j in range(n):
            for k in range(i, j):
                found += i ^ k
    return found
"""
THROUGH_A_CALL = """
def row(n: int, i: int) -> int:
    found = 0
    for j in range(n):
        found += i ^ j
    return found

def total(n: int) -> int:
    found = 0
    for i in range(n):
        while found < 9:
            found += row(n, i) + 1
    return found
"""
FLAT = """
def total(n: int) -> int:
    found = 0
    for i in range(n):
        for j in range(n):
            found += i ^ j
    for k in range(n):
        found += k
    return found
"""
RECURSIVE = """
def total(n: int) -> int:
    found = 0
    for i in range(n):
        found += total(n // 2 - 1) + i
    return found
"""


@pytest.mark.parametrize(("source", "deep"), [(DEEP, True), (THROUGH_A_CALL, True), (FLAT, False), (RECURSIVE, False)])
def test_what_nests_deeply(source: str, deep: bool) -> None:
    program = lower(SourceFile("<test>", source), "total", ["total(3)"]).program
    assert loops_deeply({function.name: function for function in program.functions}, [program.entry]) is deep


# A list that grows under another name while it is read, one that shrinks, an index that leaves it amid the copies of a loop.
CHANGING = """
def grown(xs: list[int], n: int) -> list[int]:
    ys = xs
    for i in range(n):
        for j in range(i, len(xs) + 1):
            if len(ys) < 40:
                ys.append(xs[j - i] + len(xs))
            ys[j % len(xs)] += j
    return xs
"""
SHRINKING = """
def shrunk(xs: list[int], n: int) -> int:
    found = 0
    for i in range(n):
        for j in range(n):
            for _ in range(j, n):
                found += xs[j] + len(xs)
                xs[i] = found % 1000
            if j > 3:
                xs.pop()
    return found
"""
LISTS_OF_LISTS = """
def crossed(n: int, m: int) -> list[list[int]]:
    rows = [[0] * n for _ in range(n)]
    for k in range(m):
        for i in range(n):
            row = rows[i]
            for j in range(n):
                row[j] += rows[j][i] * 3 + k
                rows[j] = row if (i + j + k) % 5 == 0 else rows[j]
    return rows
"""
# One list under two names: its head is read, changed and read again, with no call between.
ALIASED = """
def aliased(n: int) -> int:
    rows = [[i, i + 1, i + 2, i + 3] for i in range(n)]
    rows.append(rows[0])
    found = 0
    for i in range(n + 1):
        for j in range(n + 1):
            for k in range(n):
                row = rows[i]
                other = rows[j]
                found += row[0]
                other[0] = found % 100
                found += row[0] * 3
                if len(row) > 2 and len(other) > 2:
                    found += len(row)
                    other.pop()
                    found += len(row) * 7
                    other.append(k)
                    found += len(row) * 11
    return found
"""


def _outcome(function: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return function(*arguments), arguments
    except IndexError as error:
        return str(error), arguments


@pytest.mark.parametrize(
    ("source", "name", "calls"),
    [
        (CHANGING, "grown", [([1, 2, 3], 0), ([1, 2, 3], 5), ([7], 9), ([5] * 13, 11)]),
        (SHRINKING, "shrunk", [([1, 2, 3], 2), ([1, 2, 3], 7), (list(range(30)), 6), (list(range(9)), 9)]),
        (ALIASED, "aliased", [(1,), (2,), (3,), (5,)]),
        (LISTS_OF_LISTS, "crossed", [(0, 3), (1, 3), (4, 2), (7, 3)]),
    ],
)
def test_lists_that_change_in_loops(source: str, name: str, calls: list[tuple[Any, ...]]) -> None:
    translation = translate(source, name, [f"{name}({', '.join(map(repr, calls[1]))})"])
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    for call in calls:
        mine, theirs = ([list(item) if isinstance(item, list) else item for item in call] for _ in range(2))
        assert _outcome(translation, *mine) == _outcome(namespace[name], *theirs), call


def test_a_deep_loop_that_is_written_out_is_stopped() -> None:
    source = DEEP.replace("range(i, j)", "range(i, 10**15 * (n - 1) + j)")
    translation = translate(source, "total", ["total(1)"]).with_budget(seconds=0.5)
    assert translation(1) == 0
    with pytest.raises(GuestStop) as stop:
        translation(3)
    assert stop.value.kind in ("fuel", "epoch")
