"""One program on every executor and in CPython: where do they differ?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portalis.translator.backends.llvm import build_scalar
from portalis.translator.bridge import GuestStop
from portalis.translator.calling.executable import Executable
from portalis.translator.calling.outcome import Outcome
from portalis.translator.diagnostics import GuardError
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.run.outcomes import OutOfFuel
from portalis.translator.translating.lane_building import make_lane_build
from portalis.translator.translating.messages import BuildSettings
from portalis.translator.translating.options import Options
from portalis.translator.verify.cases import CaseGenerator
from portalis.translator.verify.oracle.program import Oracle
from portalis.translator.verify.plan import recursive_functions
from tests.executed import execute
from tests.verify.outcomes import difference

from .executors import EXECUTORS, Make

# What a run ends with: an outcome, a guard as text, or a limit of the run.
Answer = Outcome | str
LIMIT = "over a limit"


@dataclass
class Tally:
    """How calls ended: compared with CPython (in so many both raised), guarded by all executors alike, or over a limit."""

    compared: int = 0
    raised: int = 0
    guarded: int = 0
    limited: int = 0


def answer(executable: Executable, arguments: Sequence[Any]) -> Answer:
    """Run one call."""
    try:
        return executable.run(arguments)
    except GuardError as guard:
        return f"guard: {guard.reason}"
    except (GuestStop, OutOfFuel):
        return LIMIT


def differences(lowered: Lowered, seed: int, calls: int, tally: Tally, executors: Mapping[str, Make] = EXECUTORS) -> list[str]:
    """List how the executors differ from CPython, or from one another where the answer would leave the typed world."""
    executables = {name: make(lowered) for name, make in executors.items()}
    types = next(iter(executables.values())).types
    generator = CaseGenerator.of(lowered.program, types, seed)
    oracle = execute(lowered.source, lowered.name, types, "exact", recursive_functions(lowered))
    # Boundaries come first: only so many of them, that random values get their share.
    cases = list(generator.cases(3 * calls))[::3]
    found = [_differ(lambda case=case: generator.values(case), executables, oracle, tally) for case in cases]  # type: ignore[misc]
    return [item for item in found if item]


def _differ(make: Callable[[], list[Any]], executables: Mapping[str, Executable], oracle: Oracle, tally: Tally) -> str:
    answers = {name: answer(executable, make()) for name, executable in executables.items()}
    if LIMIT in answers.values():
        tally.limited += 1
        return ""
    shown = f"f({', '.join(map(repr, make()))})"
    guards = {name: given for name, given in answers.items() if isinstance(given, str)}
    if guards:
        tally.guarded += 1
        alike = len(guards) == len(answers) and len(set(guards.values())) == 1
        return "" if alike else f"{shown}: {answers}"
    expected = oracle.call(make())
    tally.compared += 1
    tally.raised += expected.exception is not None
    for name, given in answers.items():
        assert isinstance(given, Outcome)
        what = difference(expected, given, executables[name].function.result, executables[name].types)
        if what is not None:
            return f"{shown}: CPython gave {expected}, {name} gave {given}: {what}"
    return ""


def has_lanes(lowered: Lowered) -> bool:
    """Tell whether a function's lane entry gives all that the function does: it changes no argument, and returns something."""
    function, behaviour = lowered.program.function(lowered.program.entry), lowered.program.behaviour
    return behaviour is not None and bool(behaviour.outputs) and not any(parameter.by_ref for parameter in function.params)


def lane_difference(lowered: Lowered) -> str:
    """Hold a function's lane entry to its scalar entry, as happens where it is bound; return the first difference."""
    scalar = build_scalar(lowered.program)
    return make_lane_build(lowered, "update", frozenset(), BuildSettings.of(Options()), scalar.wasm, scalar.sites).difference
