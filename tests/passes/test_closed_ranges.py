"""What the calls of a program, and how often its loops go round, prove; and what they do not."""

from __future__ import annotations

from typing import Any

import pytest

from portalis.translator.diagnostics import GuardError
from portalis.translator.frontend import lower
from portalis.translator.ir.ops import INT_MAX, INT_MIN
from portalis.translator.ir.printer import print_program
from portalis.translator.passes.pipeline import optimise
from portalis.translator.source import SourceFile
from tests.passes.compiled import compiled

BIG = 2**62
LISTS = ([], [3], [1, 0, 2, 0, 5], [0] * 9)
# Each with an operation as it is printed afterwards, and calls. Where a sum leaves 64 bits on the way, so does the result.
PROGRAMS: dict[str, tuple[str, str, list[tuple[Any, ...]]]] = {
    "what a list holds is counted": (
        "for x in xs:\n        if x:\n            t += 1",
        "int.add.proven(t, 1)",
        [(xs, 0) for xs in LISTS],
    ),
    "twice in a round, and down": (
        "for x in xs:\n        t += 3\n        if x:\n            t -= 5\n        else:\n            t += x == 0",
        "int.sub.proven(t, 5)",
        [(xs, 0) for xs in LISTS],
    ),
    "loops in loops": (
        "for x in xs:\n        for k in range(len(xs)):\n            t += 1",
        "int.add.proven(t, 1)",
        [(xs, 0) for xs in LISTS],
    ),
    "up to a parameter": ("for k in range(n):\n        t += 1", "int.add.proven(t, 1)", [([], 7), ([], -3)]),
    "what is added may be anything": ("for x in xs:\n        t += x", "int.add.checked(t, item.1)", [([BIG, BIG - 1], 0), ([BIG, BIG], 0)]),
    "from anywhere": ("t = n\n    for x in xs:\n        t += 1", "int.add.checked(t, 1)", [([1], INT_MAX - 1), ([1, 2], INT_MAX - 1)]),
    "large steps": (
        f"for k in range(n):\n        t += {2**60}",
        f"int.add.checked(t, {2**60})",
        [([], 7), ([], 8)],
    ),
    "a few large steps": (f"for k in range(7):\n        t += {2**60}", f"int.add.proven(t, {2**60})", [([], 0)]),
    "one step too many": (f"for k in range(8):\n        t += {2**60}", f"int.add.checked(t, {2**60})", [([], 0)]),
    "steps behind the loop": (
        f"for k in range(7):\n        t += {2**60}\n    for k in range(n):\n        t += {2**60}",
        f"int.add.checked(t, {2**60})",
        [([], 0), ([], 1)],
    ),
    "in an else": (
        f"for k in range(7):\n        t += {2**60}\n    else:\n        t += {2**60}",
        f"int.add.checked(t, {2**60})",
        [([], 0)],
    ),
    "assigned as well": (
        "for x in xs:\n        t += 1\n        if x == 5:\n            t = n",
        "int.add.checked(t, 1)",
        [([5, 1], INT_MAX), ([5, 1], INT_MAX - 1), ([5], 3)],
    ),
    "a counter that may stand still": (
        "i = 0\n    while i < len(xs):\n        t += 1\n        if xs[i] or t % 7 == 3:\n            i += 1",
        "int.add.checked(t, 1)",
        [(xs, 0) for xs in LISTS],
    ),
    "a counter that goes on": (
        "i = 0\n    while i < len(xs):\n        i += 1\n        if t == 2:\n            continue\n        t += 1",
        "int.add.proven(t, 1)",
        [(xs, 0) for xs in LISTS],
    ),
    "a counter that goes on unless told otherwise": (
        "i = 0\n    while i < len(xs):\n        t += 1\n        if t == 2 and i > 0:\n            continue\n        i += 1",
        "int.add.checked(t, 1)",
        [(xs, 0) for xs in LISTS],
    ),
    "an end that assigns what another one reads": (
        f"i = {-INT_MAX}\n    for k in range(i, (i := {2**62 + 5}), {2**62}):\n        t += {3 * 2**60}",
        f"int.add.checked(t, {3 * 2**60})",
        [([], 0)],
    ),
    "where a counter ends": (
        "i = 0\n    while i < 9:\n        i += 1\n    t = (0, 1, 2, 3, 4, 5, 6, 7, 8)[i] + n",
        "bound(",
        [([], 0)],
    ),
    "where what was counted ends": (
        "i = 0\n    k = 0\n    while i < 9:\n        i += 1\n        k += 1\n    t = (0, 1, 2, 3, 4, 5, 6, 7, 8)[k] + n",
        "bound(",
        [([], 0)],
    ),
    "a product of what calls pass": (
        "for i in range(len(xs)):\n        for j in range(len(xs)):\n            t = max(t, near(i, j))",
        "int.mul.proven(i, int.add.proven(j, 1))",
        [(xs, 0) for xs in LISTS],
    ),
    "a call among them with anything": (
        "t = near(n, 2)\n    for i in range(len(xs)):\n        t = max(t, near(i, i))",
        "int.mul.checked(i, int.add.proven(j, 1))",
        [([1, 2], 5), ([1, 2], BIG - 1), ([1], INT_MAX), ([], INT_MIN // 3), ([], INT_MIN)],
    ),
    "called back": (
        "t = max([near(i, i) for i in range(len(xs))], default=0) + max([n], key=far)",
        "int.mul.checked(x, 3)",
        [([1, 2], 5), ([], -4)],
    ),
    "calling itself": (
        "t = deep(len(xs), 1)",
        "int.mul.checked(x, 1000)",
        [([0] * 6, 0), ([0] * 7, 0)],
    ),
    "remainders of what is never negative": (
        "for i in range(len(xs)):\n        t += i % 3 + i // 2 + (i - n) % 3 + (n - i) // 2",
        "operators.int_mod~01(i, 3)",
        [(xs, n) for xs in LISTS for n in (0, 4, -7)],
    ),
    "an index that is never negative, and others": (
        "for i in range(len(xs)):\n        t += xs[i] * 7 + xs[-1 - i] + xs[n]\n        xs[i] += 1\n        xs[n - i] = t",
        "lists.element.list_int.int~*0(xs, i)",
        [(xs, n) for xs in LISTS for n in (0, 1, -1, 3)],
    ),
}
TEXT = """
def near(i: int, j: int) -> int:
    return i * (j + 1)

def far(x: int) -> int:
    return x * 3

def deep(n: int, x: int) -> int:
    return x if n == 0 else deep(n - 1, x * 1000)

def f(xs: list[int], n: int) -> int:
    xs = [*xs]
    xs.append(0)
    xs.pop()
    t = 0
    {body}
    return t
"""


@pytest.mark.parametrize(("body", "printed", "calls"), PROGRAMS.values(), ids=PROGRAMS.keys())
def test_what_is_proven_and_what_it_gives(body: str, printed: str, calls: list[tuple[Any, ...]]) -> None:
    text = TEXT.format(body=body)
    program = lower(SourceFile("<test>", text), "f", ["f([1, 2], 3)"], references=True).program
    assert printed in print_program(optimise(program))
    namespace: dict[str, Any] = {}
    exec(text, namespace)
    translated = compiled(text, "f", ["f([1, 2], 3)"])
    for call in calls:
        try:
            expected = namespace["f"](*call)
        except IndexError:
            with pytest.raises(IndexError):
                translated(*call)
            continue
        if INT_MIN <= expected <= INT_MAX:
            assert translated(*call) == expected, call
        else:
            with pytest.raises(GuardError):
                translated(*call)
