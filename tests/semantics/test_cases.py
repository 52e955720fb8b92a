"""Every case on every executor: the answer is CPython's to the bit, or a guard where one is allowed."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from portalis.translator.calling.executable import Executable
from portalis.translator.diagnostics import GuardError
from portalis.translator.frontend import lower
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.types import GF_TYPES
from portalis.translator.verify.cases import CaseGenerator
from portalis.translator.verify.plan import recursive_functions
from tests.executed import execute
from tests.verify.outcomes import difference

from .case import FILES, Case, copied
from .executors import EXECUTORS, through_rust_together
from .traps import TRAPS

CASES = (*TRAPS, *FILES)
# How many are compiled to one module of rustc's.
TOGETHER = 32


def calls_of(case: Case, lowered: Lowered, executable: Executable) -> list[list[Any]]:
    """Return the arguments of each call; a case over Gf types that writes none down draws its own."""
    written = list(case.fresh_calls())
    if written or not any(isinstance(type_, GF_TYPES) for type_ in executable.types):
        return written
    generator = CaseGenerator.of(lowered.program, executable.types, seed=1)
    return [generator.values(drawn) for drawn in generator.cases(60)]


def hold_to_cpython(case: Case, lowered: Lowered, executable: Executable) -> int:
    """Run every call on both sides; return how many were compared."""
    oracle = execute(lowered.source, lowered.name, executable.types, "exact", recursive_functions(lowered))
    compared = 0
    for arguments in calls_of(case, lowered, executable):
        theirs = copied(arguments)
        shown = f"{lowered.name}({', '.join(map(repr, arguments))})"
        may_guard = case.may_be_guarded(arguments)
        try:
            got = executable.run(arguments)
        except GuardError as guard:
            assert may_guard, f"{shown} was guarded ({guard.reason}), CPython gives {oracle.call(theirs)}"
            continue
        assert not may_guard, f"{shown} gave {got} where a guard was expected"
        expected = oracle.call(theirs)
        what = difference(expected, got, executable.function.result, executable.types)
        assert what is None, f"{shown}: CPython gave {expected}, this gave {got}: {what}"
        compared += 1
    return compared


def lowered_case(case: Case) -> Lowered:
    """Lower a case for the Python that runs the tests: its own behaviour is what is compared with."""
    return lower(case.program.source, case.program.function, case.program.examples)


@functools.lru_cache(maxsize=1)
def lowered_once(number: int) -> Lowered:
    """Lower a case once for all executors, which come one after the other."""
    return lowered_case(CASES[number])


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda number: CASES[number].name)
def test_case(number: int, executor: str) -> None:
    lowered = lowered_once(number)
    assert hold_to_cpython(CASES[number], lowered, EXECUTORS[executor](lowered)) or not CASES[number].calls


@functools.cache
def in_rust(batch: int) -> list[tuple[Lowered, Executable]]:
    found = [lowered_case(case) for case in CASES[batch * TOGETHER : (batch + 1) * TOGETHER]]
    return list(zip(found, through_rust_together(found), strict=True))


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda number: CASES[number].name)
def test_case_in_rust(number: int) -> None:
    batch, place = divmod(number, TOGETHER)
    lowered, executable = in_rust(batch)[place]
    assert hold_to_cpython(CASES[number], lowered, executable) or not CASES[number].calls


def test_every_case_has_a_name_of_its_own() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 193
