"""Every trap on every executor: the answer is CPython's to the bit, or a guard where one is allowed."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import pytest

from portalis.translator.calling.executable import Executable
from portalis.translator.diagnostics import GuardError
from portalis.translator.frontend import lower
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.types import GF_TYPES
from portalis.translator.source import SourceFile
from portalis.translator.verify.cases import CaseGenerator
from portalis.translator.verify.comparison import difference
from portalis.translator.verify.oracle import Oracle
from portalis.translator.verify.verification import recursive_functions

from .executors import EXECUTORS, through_rust
from .traps import TRAPS, Trap


def calls_of(trap: Trap, lowered: Lowered, executable: Executable) -> list[Any]:
    """Return makers of fresh arguments; a trap over Gf types, which cannot be written down as plain tuples, draws its own."""
    written = [lambda call=call: copy.deepcopy(list(call)) for call in (*trap.calls, *trap.guarded)]
    if written or not any(isinstance(type_, GF_TYPES) for type_ in executable.types):
        return written
    generator = CaseGenerator.of(lowered.program, executable.types, seed=1)
    return [lambda case=case: generator.values(case) for case in generator.cases(60)]


def hold_to_cpython(trap: Trap, lowered: Lowered, executable: Executable) -> int:
    """Run every call on both sides; return how many were compared."""
    oracle = Oracle.load(lowered.source, "f", executable.types, "exact", recursive_functions(lowered))
    compared = 0
    for make in calls_of(trap, lowered, executable):
        arguments = make()
        shown = f"f({', '.join(map(repr, arguments))})"
        may_guard = any(_same_call(arguments, call) for call in trap.guarded)
        try:
            got = executable.run(arguments)
        except GuardError as guard:
            assert may_guard, f"{shown} was guarded ({guard.reason}), CPython gives {oracle.call(make())}"
            continue
        assert not may_guard, f"{shown} gave {got} where a guard was expected"
        expected = oracle.call(make())
        what = difference(expected, got, executable.function.result, executable.types)
        assert what is None, f"{shown}: CPython gave {expected}, this gave {got}: {what}"
        compared += 1
    return compared


def _same_call(left: Sequence[Any], right: Sequence[Any]) -> bool:
    return list(map(repr, left)) == list(map(repr, right))


def lowered_trap(trap: Trap) -> Lowered:
    return lower(SourceFile("trap.py", trap.source), "f", trap.examples)


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name)
def test_trap(trap: Trap, executor: str) -> None:
    lowered = lowered_trap(trap)
    assert hold_to_cpython(trap, lowered, EXECUTORS[executor](lowered)) or not trap.calls


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name)
def test_trap_in_rust(trap: Trap) -> None:
    lowered = lowered_trap(trap)
    assert hold_to_cpython(trap, lowered, through_rust(lowered, lowered.program.entry)) or not trap.calls
