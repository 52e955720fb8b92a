"""The tree that is rebuilt from a case does in CPython what its text does, and so does the IR's interpreter."""

from __future__ import annotations

import pytest

from tests.semantics.case import FILES, Case

from .agreement import disagreements, lowered


@pytest.mark.parametrize("case", FILES, ids=lambda case: case.name)
def test_agrees_with_cpython(case: Case) -> None:
    calls = list(case.fresh_calls())
    assert calls
    assert not disagreements(case.program.text, calls, case.program.function, case.program.examples)


def test_a_chain_evaluates_its_middle_once() -> None:
    program = lowered("def g(n: int):\n    return n\n\n\ndef f(n: int):\n    return 0 < g(n) < 3\n").program
    calls = str(program.function("f").body).count("function='g'")
    assert calls == 1
