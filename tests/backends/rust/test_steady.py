"""Loops that only read lists borrow their elements; whatever else a loop does, it does what CPython does."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pytest

from portalis.translator.backends.rust import emit_crate
from portalis.translator.calling.outcome import Outcome
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from tests.backends.rust.batch import Sample, entries, ours, theirs
from tests.backends.rust.guest import needs_rustc

ROWS = [[1, 2, 3], [4, 5, 6]]
# A name, whether elements are borrowed before some loop, the source, and calls.
CASES: tuple[tuple[str, bool, str, tuple[tuple[Any, ...], ...]], ...] = (
    (
        "a product",
        True,
        """
def f(a: list[list[int]], n: int):
    total = 0
    for i in range(len(a)):
        row = a[i]
        for k in range(n):
            total += row[k] * a[0][k] + a[-1][-k]
    a.append([n])
    return total, a
""",
        ((ROWS, 3), (ROWS, 4), ([], 1)),
    ),
    (
        "a list that is changed behind the loop",
        True,
        """
def f(a: list[int], n: int):
    total = 0
    for i in range(n):
        total += a[i] * len(a)
    a[0] = total
    a.append(n)
    return a
""",
        (([1, 2], 2), ([1, 2], 3), ([5], 0)),
    ),
    (
        "elements that outlive the loop",
        True,
        """
def f(a: list[list[int]], n: int):
    last = [n]
    for i in range(n):
        last = a[i]
    last.append(n)
    return a, last
""",
        ((ROWS, 2), (ROWS, 0), (ROWS, 3)),
    ),
    (
        "a list that is given away in the loop",
        False,
        """
def f(a: list[int], n: int):
    b = a[:]
    for i in range(n):
        if b[i] == 2:
            return b
    return [n]
""",
        (([1, 2], 2), ([1], 1), ([1], 2)),
    ),
    (
        "one list under two names",
        False,
        """
def f(a: list[int], b: list[int]):
    for i in range(len(a)):
        b[0] = a[i] + a[0]
    return a, b
""",
        (([1, 2, 3], [4]),),
    ),
    (
        "one list in another",
        False,
        """
def f(a: list[list[int]], n: int):
    row = a[0]
    for i in range(n):
        a[0].append(row[i] + len(row))
    return a
""",
        ((ROWS, 3), ([[]], 1)),
    ),
    (
        "a list that a call changes",
        False,
        """
def g(a: list[int], n: int):
    if n == 2:
        a.pop()

def f(a: list[int], n: int):
    total = 0
    for i in range(n):
        g(a, i)
        total += a[i]
    return total, a
""",
        (([1, 2, 3], 2), ([1, 2, 3], 3)),
    ),
    (
        "what is caught",
        False,
        """
def f(a: list[int], n: int):
    total = 0
    for i in range(n):
        try:
            total += a[i]
        except IndexError as error:
            total += len(str(error))
    return total
""",
        (([1, 2, 3], 5),),
    ),
    (
        "texts",
        True,
        """
def f(a: list[str], n: int):
    out = ""
    count = 0
    while count < n:
        out += a[count % len(a)]
        count += len(a[0])
    return out, a[0]
""",
        ((["ab", "c", "d"], 5), (["a"], 2), ([], 0)),
    ),
    (
        "a callback that changes",
        False,
        """
def f(a: list[int], n: int):
    def drop():
        return a.pop()

    total = 0
    for i in range(n):
        total += a[0] * drop()
    return total, a
""",
        (([3, 1, 2], 2), ([3, 1], 3)),
    ),
    (
        "a generator that changes",
        False,
        """
def f(a: list[int], n: int):
    def steps():
        for i in range(n):
            a[i] += 1
            yield i

    total = 0
    for i in steps():
        total += a[i]
    return total, a
""",
        (([3, 1, 2], 2), ([3, 1], 3)),
    ),
)


@functools.cache
def compiled() -> dict[str, Callable[..., Outcome]]:
    return entries(list(samples().values()))


def samples() -> dict[str, Sample]:
    return {name: Sample(name, source, (), calls) for name, _, source, calls in CASES}


@needs_rustc
@pytest.mark.parametrize("name", [case[0] for case in CASES])
def test_a_loop_over_borrowed_elements_does_what_cpython_does(name: str) -> None:
    sample = samples()[name]
    for call in sample.calls:
        assert ours(compiled()[name], call) == theirs(sample, call), call


@pytest.mark.parametrize("name", [case[0] for case in CASES])
def test_elements_are_borrowed_where_nothing_changes_a_list(name: str) -> None:
    ((_, borrows, source, _),) = [case for case in CASES if case[0] == name]
    lib = emit_crate(lower(SourceFile("f.py", source), "f", references=True)).lib
    assert (".items();" in lib) == borrows
