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

from tests.programs.directives import directives, read_program

from .agreement import disagreements, lowered

CASES = Path(__file__).parent / "cases"


def each(*values: Iterable[Any]) -> Iterable[tuple[Any, ...]]:
    return itertools.product(*values)


def calls_of(text: str) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    names = {"each": each, "Gf": Gf, "inf": math.inf, "nan": math.nan, "range": range}
    for call in directives(text, "call"):
        found += eval(f"[{call}]", names)
    return found


@pytest.mark.parametrize("name", sorted(path.stem for path in CASES.glob("*.py")))
def test_agrees_with_cpython(name: str) -> None:
    program = read_program(CASES / f"{name}.py")
    calls = calls_of(program.text)
    assert calls
    assert not disagreements(program.text, calls, program.function, program.examples)


def test_a_chain_evaluates_its_middle_once() -> None:
    program = lowered("def g(n: int):\n    return n\n\n\ndef f(n: int):\n    return 0 < g(n) < 3\n").program
    calls = str(program.function("f").body).count("function='g'")
    assert calls == 1
