"""The checks that have to notice a mistake: the project's own tests, called one by one."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import wasmtime

from portalis.translator.backends.llvm import InternalCompilerError, build_scalar
from portalis.translator.bridge import BridgeError, GuestStop
from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.frontend.calls.library import LibraryRefused
from portalis.translator.ir.check.program import IRError
from portalis.translator.ir.run.outcomes import BrokenContract, OutOfFuel
from portalis.translator.source import SourceFile
from portalis.translator.translating.lane_building import make_lane_build
from portalis.translator.translating.messages import BuildSettings
from portalis.translator.translating.options import Options
from tests.mutation.fixtures import call
from tests.passes.test_sources import BEHAVIOURS, HEAD
from tests.semantics.executors import EXECUTORS
from tests.semantics.test_cases import hold_to_cpython, lowered_case
from tests.semantics.traps import TRAPS

# How a check says no. Any other exception is a mistake that was planted badly.
NOTICED = (
    AssertionError,
    TranslationError,
    IRError,
    BrokenContract,
    OutOfFuel,
    GuestStop,
    BridgeError,
    InternalCompilerError,
    LibraryRefused,
    pytest.fail.Exception,
    wasmtime.Trap,
)
_TRAPS = {trap.name: trap for trap in TRAPS}


@dataclass(frozen=True)
class Check:
    """One thing that is tested; equal names are equal checks."""

    name: str
    run: Callable[[], object]


def trap(name: str, executor: str = "llvm O3") -> Check:
    """Hold one program of the trap suite to CPython on one executor."""
    return Check(f"trap `{name}` on {executor}", functools.partial(_hold, name, executor))


def _hold(name: str, executor: str) -> None:
    lowered = lowered_case(_TRAPS[name])
    assert hold_to_cpython(_TRAPS[name], lowered, EXECUTORS[executor](lowered)) or not _TRAPS[name].calls


def test(function: Callable[..., object], *args: Any) -> Check:
    """Call a test function of the suite; what it takes from pytest is made for it (`fixtures.py`), the rest is given."""
    shown = ", ".join(getattr(arg, "__name__", str(arg)) for arg in args)
    return Check(f"{function.__module__.removeprefix('tests.')}.{function.__qualname__}({shown})", functools.partial(call, function, *args))


def lanes(behaviour: str, uniform: frozenset[str] = frozenset()) -> Check:
    """Hold a lane entry to its scalar function, as happens where a behaviour is bound.

    `behaviour` names one of `tests.passes.test_sources`, or is a single expression of the floats `x`, `y` and the ints `a`, `b`.
    """
    return Check(f"lanes of `{behaviour}`", functools.partial(_hold_lanes, behaviour, uniform))


def _hold_lanes(behaviour: str, uniform: frozenset[str]) -> None:
    whole = f"def update(x: float, y: float, a: int, b: int):\n    z = {behaviour}\n    return z\n"
    lowered = lower(SourceFile("behaviour.py", HEAD + BEHAVIOURS.get(behaviour, whole)))
    assert lowered.program.behaviour is not None
    built = build_scalar(lowered.program)
    entry = lowered.program.behaviour.entries[0][0]
    made = make_lane_build(lowered, entry, uniform, BuildSettings.of(Options()), built.wasm, built.sites)
    assert not made.difference, made.difference
