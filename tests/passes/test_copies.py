"""Locals that only stand for others: which go, which stay, and that nothing means anything else."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from portalis.translator.frontend import lower
from portalis.translator.ir.check.program import check
from portalis.translator.ir.nodes import Function, Program
from portalis.translator.passes.copies import remove_copies
from portalis.translator.source import SourceFile
from tests.passes.compiled import compiled

# Each with the locals of the program's own that are copies and go, and those that stay although they start as copies.
PROGRAMS: dict[str, tuple[str, set[str], set[str]]] = {
    "an augmented element": ("xs[n] += 3", {"container.1", "index.1"}, set()),
    "a name for a list": ("ys = xs\n    ys.append(n)\n    n = len(ys)", {"ys"}, set()),
    "a copy of a copy": ("k = n\n    m = k\n    xs.append(m + k)", {"k", "m"}, set()),
    "the original changes before the last use": ("k = n\n    n += 1\n    xs.append(k)", set(), {"k"}),
    "the original changes after the last use": ("k = n\n    xs.append(k)\n    n += 1", {"k"}, set()),
    "the copy changes": ("k = n\n    k += 1\n    xs.append(k + n)", set(), {"k"}),
    "the original changes in a loop that uses the copy": ("k = n\n    while n < 9:\n        xs.append(k)\n        n += 1", set(), {"k"}),
    "a copy in every round": ("while n < 9:\n        k = n\n        xs.append(k)\n        n += 1", {"k"}, set()),
    "used in a later round": ("k = 0\n    while n < 9:\n        xs.append(k)\n        k = n\n        n += 1", set(), {"k"}),
    "used behind the block": ("k = 0\n    if n > 2:\n        k = n\n    n = 7\n    xs.append(k)", set(), {"k"}),
    "exchanged": ("n, xs[0] = xs[0], n", set(), set()),
    "in a handler": ("k = n\n    try:\n        n = xs[n]\n    except IndexError:\n        xs.append(k)", set(), {"k"}),
}
HEAD = "def f(xs: list[int], n: int) -> int:\n    xs.append(n)\n    "


def own(program: Program) -> Function:
    return next(function for function in program.functions if function.name == "f")


@pytest.mark.parametrize(("body", "gone", "kept"), PROGRAMS.values(), ids=PROGRAMS.keys())
def test_what_only_stands_for_another_goes(body: str, gone: set[str], kept: set[str]) -> None:
    text = f"{HEAD}{body}\n    return n\n"
    before = lower(SourceFile("<test>", text), "f", ["f([1, 2, 3], 1)"], references=True).program
    after = remove_copies(before)
    check(after)
    names = [{name for name, _ in own(program).locals} for program in (before, after)]
    assert gone <= names[0]
    assert not gone & names[1]
    assert kept <= names[1]
    namespace: dict[str, Any] = {}
    exec(text, namespace)
    translated = compiled(text, "f", ["f([1, 2, 3], 1)"])
    for call in (([1, 2, 3], 1), ([4, 5, 6, 7], 0), ([9] * 12, 8), ([1], -1)):
        mine, theirs = copy.deepcopy(call), copy.deepcopy(call)
        assert (translated(*mine), mine) == (namespace["f"](*theirs), theirs), call
