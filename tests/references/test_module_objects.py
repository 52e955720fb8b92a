"""A module's lists and dicts: CPython has one object of each for all calls, and so has a translation."""

from __future__ import annotations

from typing import Any

import pytest

from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from portalis.translator.translating.translate import translate

READ = """
T = [1, 2, 3]
NAMES = {"a": [1, 2], "b": []}
GRID = [[1, 0], [0, 1]]
MOVES = [(0, 1), (1, 0)]
VOWELS = {"a", "e"}

def total(xs):
    return sum(xs)

def f(n: int) -> int:
    out = 0
    for x in T:
        out += x
    for k in NAMES:
        out += len(k)
        for v in NAMES[k]:
            out += v
    for row in GRID:
        for c in row:
            out += c
    for dx, dy in MOVES:
        out += dx * dy
    for i, (p, q) in enumerate(MOVES):
        out += i + p
    if "a" in VOWELS and n in T:
        out += 1
    u = T
    out += u[0] + max(T) + total(T) + len(GRID) + GRID[0][1]
    out += sum(x for x in T if x in T[1:])
    return out + len([len(v) for k, v in NAMES.items() if v])
"""
CHANGED = {
    "returned": "T = [1, 2]\ndef f(n: int):\n    return T\n",
    "returned by another": "T = [1, 2]\ndef g(t):\n    return t\ndef f(n: int):\n    return g(T)\n",
    "returned in part": "T = [[1], [2]]\ndef f(n: int):\n    return T[0]\n",
    "returned in a list": "T = [[1], [2]]\ndef f(n: int):\n    return [row for row in T]\n",
    "returned under another name": "T = [1, 2]\ndef f(n: int):\n    u = T\n    return u\n",
    "filled": "memo = {}\ndef f(n: int):\n    if n not in memo:\n        memo[n] = n * n\n    return memo[n]\n",
    "appended to": "T = [1]\ndef f(n: int):\n    T.append(n)\n    return len(T)\n",
    "changed by another": "T = [1]\ndef g(t):\n    t[0] += 1\ndef f(n: int):\n    g(T)\n    return T[0]\n",
    "changed in part": "T = [[1], [2]]\ndef f(n: int):\n    for row in T:\n        row.append(n)\n    return len(T[0])\n",
    "compared": "T = [1]\ndef f(n: int):\n    u = [T]\n    return T in u\n",
}


def test_what_is_only_read_is_translated() -> None:
    translation = translate(READ, "f", ("f(1)",))
    namespace: dict[str, object] = {}
    exec(READ, namespace)
    for n in (1, 7):
        assert translation(n) == namespace["f"](n)  # type: ignore[operator]


@pytest.mark.parametrize("source", CHANGED.values(), ids=CHANGED)
def test_what_could_be_changed_or_kept_is_one_object_for_all_calls(source: str) -> None:
    translation = translate(source, "f", ("f(1)",))
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    assert translation.lowered.state
    given = [(translation(n), namespace["f"](n)) for n in (1, 7, 1)]
    assert [ours for ours, _ in given] == [theirs for _, theirs in given]
    for n, (ours, theirs) in enumerate(given):
        if type(ours) in (list, dict):
            assert [ours is other for other, _ in given[:n]] == [theirs is other for _, other in given[:n]]


def test_a_vector_that_is_given_is_refused() -> None:
    source = "from pxr import Gf\nT = Gf.Vec3d(0, 1, 0)\ndef f(n: int):\n    return T\n"
    with pytest.raises(TranslationError, match=r"P0314|P040"):
        lower(SourceFile("case.py", source), "f", ["f(1)"], references=True)
