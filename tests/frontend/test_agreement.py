"""Every case does in the IR's interpreter what its source does in CPython: result, exception, and changed arguments.

A case names its calls in comments: `# call: (1, 2.0)` is one, `# call: *each([1, 2], [0.5])` every combination.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from pxr import Gf

from .agreement import disagreements, lowered

CASES = Path(__file__).parent / "cases"


def each(*values: Iterable[Any]) -> Iterable[tuple[Any, ...]]:
    return itertools.product(*values)


def directives(text: str, name: str) -> list[str]:
    prefix = f"# {name}: "
    return [line.removeprefix(prefix) for line in text.splitlines() if line.startswith(prefix)]


def calls_of(text: str) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    names = {"each": each, "Gf": Gf, "inf": math.inf, "nan": math.nan, "range": range}
    for call in directives(text, "call"):
        found += eval(f"[{call}]", names)
    return found


@pytest.mark.parametrize("name", sorted(path.stem for path in CASES.glob("*.py")))
def test_agrees_with_cpython(name: str) -> None:
    text = (CASES / f"{name}.py").read_text("utf-8")
    calls = calls_of(text)
    assert calls
    function = next(iter(directives(text, "function")), None)
    assert not disagreements(text, calls, function, directives(text, "example"))


def test_a_chain_evaluates_its_middle_once() -> None:
    program = lowered("def g(n: int):\n    return n\n\n\ndef f(n: int):\n    return 0 < g(n) < 3\n").program
    calls = str(program.function("f").body).count("function='g'")
    assert calls == 1
