"""Loops whose lists stay what they are: what is read once before them, and the part of a range that needs no look at an index."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from tests.passes.compiled import compiled

# What a loop does in an iteration. Some change how long a list is, which list a name means, or the counter itself.
STEPS = (
    "xs[i] += ys[i - 1]",
    "xs[i] = ys[i] - xs[i + 1]",
    "ys[i + 2] = xs[i] * 2 + len(ys)",
    "found += xs[i] * 3 + ys[a]",
    "found += xs[-1] + ys[i - 3]",
    "xs[ys[i] % 5] += i",
    "ys[i], xs[i] = xs[i], ys[i]",
    "if xs[i] > 40:\n            break",
    "if ys[i] % 3 == 0:\n            continue",
    "xs[i], found = found % 50, found + 1",
    "xs.append(ys[i])\n        if len(xs) > 30:\n            break",
    "ys.pop()",
    "i += 1\n        xs[i] += 1",
    "xs = ys if i == 2 else xs",
    "try:\n            found += xs[i]\n        except IndexError:\n            found += 100",
)
RANGES = ("range(a, b)", "range(len(xs))", "range(a, b, -1)", "range(b, a, 2)", "range(a, b, -3)", "range(a, b, c)", "range(1, len(ys), 4)")
PROGRAM = """
def looped(xs: list[int], ys: list[int], a: int, b: int, c: int) -> int:
    xs.append(5)
    found = 0
    i = 0
    for i in {range}:
        {first}
        {second}
    else:
        found += 1000
    for k in range(a, b):
        for i in {range}:
            {inner}
            found += k
    return found * 100 + i
"""


def outcome(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """Return what a call gives or raises, and what it leaves of lists that it is given; two of which may be one."""
    try:
        return function(*arguments), arguments
    except (IndexError, ValueError) as error:
        return repr(error), arguments


def numbers(random: Random) -> list[int]:
    return [random.randrange(50) for _ in range(random.randrange(11))]


@pytest.mark.parametrize("seed", range(14))
def test_loops_over_ranges_do_what_cpython_does(seed: int) -> None:
    random = Random(seed)
    chosen = random.sample(STEPS, 3)
    text = PROGRAM.format(range=RANGES[seed % len(RANGES)], first=chosen[0], second=chosen[1], inner=chosen[2].replace("\n", "\n    "))
    translated = compiled(text, "looped", ["looped([1, 2], [3, 4], 0, 2, 1)"])
    namespace: dict[str, Any] = {}
    exec(text, namespace)
    for _ in range(80):
        xs, ys, a, b = numbers(random), numbers(random), random.randrange(-4, 12), random.randrange(-4, 12)
        c = random.choice((1, 2, 3, -1, -2, 0, 2**62, 2**63 - 1, -(2**63)))
        if random.random() < 0.2:
            ys = xs
        mine, theirs = [list(xs), list(ys), a, b, c], [list(xs), list(ys), a, b, c]
        if ys is xs:
            mine[1], theirs[1] = mine[0], theirs[0]
        expected = outcome(namespace["looped"], tuple(theirs))
        assert outcome(translated, tuple(mine)) == expected, (text, xs, ys, a, b, c)


# Ranges that end where 64 bits do; the list that is read is long enough for none of them, or for a part.
FAR = """
def far(xs: list[int], a: int, b: int, c: int) -> int:
    xs.append(5)
    found = 0
    for k in range(2):
        for i in range(a, b, c):
            found += xs[i] + k
    return found
"""
# A list that is not there on every way to the loop that reads it; one that another branch has.
SOMETIMES = """
def sometimes(n: int, m: int) -> int:
    found = 0
    if n > 2:
        xs = [n] * n
    for k in range(m):
        for i in range(k, m):
            if n > 2:
                found += xs[i] + len(xs)
    return found
"""
# A list that grows while the loop goes over it.
GROWING = """
def growing(xs: list[int], n: int) -> int:
    xs.append(0)
    found = 0
    for i in range(n):
        xs.append(i)
        found += xs[i] + len(xs)
    return found
"""


@pytest.mark.parametrize(
    ("text", "name", "calls"),
    [
        (
            FAR,
            "far",
            [
                ([1, 2, 3], *ends)
                for ends in itertools.product(
                    (0, -3, 2, 2**63 - 2, -(2**63)), (3, 2**63 - 1, -(2**63)), (1, 2**62, 2**63 - 1, -1, -(2**63))
                )
            ],
        ),
        (GROWING, "growing", [([1], 5), ([], 40)]),
        (SOMETIMES, "sometimes", list(itertools.product((0, 2, 3, 5), (0, 1, 3, 4)))),
    ],
)
def test_ends_of_ranges_and_lists_that_are_sometimes_there(text: str, name: str, calls: list[tuple[Any, ...]]) -> None:
    translated = compiled(text, name, [f"{name}({', '.join(map(repr, calls[-1]))})"])
    namespace: dict[str, Any] = {}
    exec(text, namespace)
    for call in calls:
        mine, theirs = copy.deepcopy(call), copy.deepcopy(call)
        assert outcome(translated, mine) == outcome(namespace[name], theirs), call
