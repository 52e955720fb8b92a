"""The stage's engine: behaviours translated and verified, run by the bridge."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portalis.translator.bridge import BridgeError, Budget, GuestStop, LaneModule
from portalis.translator.calling.constants import constant_slots
from portalis.translator.calling.executable import locate
from portalis.translator.calling.values import build, nest
from portalis.translator.diagnostics import Diagnostic, TranslationError
from portalis.translator.frontend import lower
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.run.interpreter import Interpreter, OutOfFuel
from portalis.translator.source import SourceFile, Span
from portalis.translator.stage.plan.executor import Columns, ExecutorFailure, Fault, LaneResult, Limits, Verdict
from portalis.translator.stage.plan.interface import BehaviourInterface, EntryName, interface_of
from portalis.translator.translating.jobs import expect_lanes
from portalis.translator.translating.lanes import LaneProgram, build_lane_program, require_lanes
from portalis.translator.translating.options import Options
from portalis.translator.translating.translate import translate
from portalis.translator.translating.translation import Translation

# What one lane may use in one frame, in the engine's instructions: far beyond any frame's worth, and still only hundredths of a second.
LANE_BUDGET = Budget(fuel=20_000_000, fuel_per_lane=1_000_000, deadline_seconds=30.0)
# What a fault says where that is not enough, or the deadline.
OUT_OF_FUEL, OUT_OF_TIME = "instruction budget used up", "time budget used up"
# Sources that are remembered: far more than a stage has, and few enough for a day of edits.
_KEPT = 512
# Enough loop iterations to say where an endless loop goes round.
_LOCATING_FUEL = 20_000


class TranslatorEngine:
    """Translates and verifies behaviours, each once: the one place from which code of a stage goes to the translator.

    `lane_fuel` holds, by the path of a source and the name of a function in it, what a lane of that behaviour may use in a frame where
    it is not what `budget` says; it is read whenever a sandbox is made.
    """

    def __init__(
        self, options: Options | None = None, budget: Budget = LANE_BUDGET, lane_fuel: Mapping[tuple[str, str], int] | None = None
    ) -> None:
        # Whoever runs this did not type what is in a stage, trusted or not: it gets an oracle of its own.
        self._options = (options or Options()).model_copy(update={"typed": False})
        self._budget = budget
        self._lane_fuel = lane_fuel if lane_fuel is not None else {}
        self._lowered = functools.lru_cache(_KEPT)(_lower)
        self._translated = functools.lru_cache(_KEPT)(self._attempt)

    def interface(self, source: SourceFile, function: str) -> BehaviourInterface:
        """Return a behaviour's ports; TranslationError where the source is refused."""
        return _interface(self._lowered(source, function))

    def initial(self, source: SourceFile, function: str) -> Mapping[str, Any]:
        """Return what each field of a behaviour starts from, as Python has it; TranslationError where the source is refused."""
        lowered = self._lowered(source, function)
        interface, slots = _interface(lowered), _initial(lowered)
        return {name: build(type_, iter(slots[name]), interface.strings) for name, type_ in interface.fields}

    def compile(self, source: SourceFile, function: str) -> TranslatedBehaviour:
        """Translate and verify; TranslationError where the source is refused or disagrees with CPython."""
        result = self._translated(source, function)
        if isinstance(result, TranslationError):
            raise TranslationError(result.diagnostics, result.source)
        return result

    def _attempt(self, source: SourceFile, function: str) -> TranslatedBehaviour | TranslationError:
        # A refusal is an answer too: a stage that is edited asks again for every module that it has.
        expect_lanes()
        try:
            translation = translate(source, function or None, options=self._options, references=False, by_value=True)
            require_lanes(translation.lowered)
            return TranslatedBehaviour(translation, functools.partial(self._budget_of, source, function))
        except TranslationError as error:
            return error.with_traceback(None)

    def _budget_of(self, source: SourceFile, function: str) -> Budget:
        fuel = self._lane_fuel.get((source.path, function))
        return self._budget if fuel is None else replace(self._budget, fuel_per_lane=fuel)


def _lower(source: SourceFile, function: str) -> Lowered:
    lowered = lower(source, function or None, by_value=True)
    require_lanes(lowered)
    return lowered


def _interface(lowered: Lowered) -> BehaviourInterface:
    interface = interface_of(lowered)
    if interface is None:
        span = lowered.program.function(lowered.program.entry).span
        message = f"`{lowered.name}` is no behaviour: its results have no names"
        raise TranslationError(
            (Diagnostic("PV904", message, span, (), "return its outputs by name: `return position, velocity`"),), lowered.source
        )
    return interface


def _initial(lowered: Lowered) -> dict[str, tuple[int | float | bool, ...]]:
    interface, behaviour = _interface(lowered), lowered.program.behaviour
    assert behaviour is not None, "what is no behaviour has no interface"
    both = zip(interface.fields, behaviour.initial, strict=True)
    return {name: tuple(constant_slots(expr, interface.strings)) for (name, _), expr in both}


class TranslatedBehaviour:
    """A verified behaviour; lane modules are built once for each entry and set of shared inputs."""

    def __init__(self, translation: Translation, budget: Callable[[], Budget]) -> None:
        self.translation = translation
        self.interface = _interface(translation.lowered)
        self._budget = budget
        self._program = functools.cache(self._build)

    @property
    def verdict(self) -> Verdict:
        """How well the module was verified."""
        if self.translation.report is None:
            return Verdict("not verified")
        artefact = self.translation.report.artefact("wasm")
        return Verdict(artefact.status, artefact.why)

    def initial(self) -> Mapping[str, tuple[int | float | bool, ...]]:
        """Return the slots of each field's initial value."""
        return _initial(self.translation.lowered)

    def build(self, entry: EntryName, uniform: frozenset[str]) -> None:
        """Build and verify the lane module of `entry`; TranslationError where its lanes disagree with the behaviour."""
        self._program(entry, uniform)

    def executor(
        self,
        entry: EntryName,
        uniform: frozenset[str],
        capacity: int,
        limits: Limits,
        feedback: frozenset[str] = frozenset(),
        kept: frozenset[str] = frozenset(),
    ) -> SandboxExecutor:
        """Make an executor of `entry` with room for `capacity` lanes; ExecutorFailure where `limits` leave it too little."""
        budget = lowered_budget(self._budget(), limits, capacity)
        return SandboxExecutor(self._program(entry, uniform), capacity, budget, feedback, kept)

    def _build(self, entry: EntryName, uniform: frozenset[str]) -> LaneProgram:
        return build_lane_program(self.translation, entry, uniform)


def lane_budget(fuel_per_lane: int | None = None) -> Budget:
    """Return the host's budget with so many instructions for a lane and frame."""
    return LANE_BUDGET if fuel_per_lane is None else replace(LANE_BUDGET, fuel_per_lane=fuel_per_lane)


def lowered_budget(budget: Budget, limits: Limits, lanes: int) -> Budget:
    """Return the host's budget, lowered to what a stage allows a call over `lanes` lanes; a stage never raises it."""
    fuel, per_lane = budget.fuel, budget.fuel_per_lane
    if 0 < limits.fuel < budget.fuel_for_lanes(lanes):
        per_lane = max(1, min(per_lane, limits.fuel // (2 * max(1, lanes))))
        fuel = max(1, min(fuel, limits.fuel - lanes * per_lane))
    return Budget(
        fuel=fuel,
        fuel_per_lane=per_lane,
        deadline_seconds=min(budget.deadline_seconds, limits.seconds if limits.seconds > 0.0 else budget.deadline_seconds),
        memory_bytes=min(budget.memory_bytes, limits.memory_bytes if limits.memory_bytes > 0 else budget.memory_bytes),
    )


def _refusal(error: BridgeError) -> Fault:
    return Fault("limit", "the sandbox refused to run it", error.cause)


class SandboxExecutor:
    """One entry over lanes in the sandbox."""

    def __init__(self, program: LaneProgram, capacity: int, budget: Budget, feedback: frozenset[str], kept: frozenset[str]) -> None:
        self.capacity = capacity
        self._program = program
        try:
            self._module: LaneModule = program.module(capacity, budget, feedback, kept)
        except BridgeError as error:
            raise ExecutorFailure(_refusal(error)) from error

    def inputs(self) -> Mapping[str, Columns]:
        """Return the input columns by port."""
        return self._module.inputs

    def outputs(self) -> Mapping[str, Columns]:
        """Return the output columns by port."""
        return self._module.outputs

    def feed(self, name: str, columns: Columns) -> None:
        """Overwrite the first elements of an input that is fed back or kept."""
        self._module.feed(name, columns)

    def advance(self, taken: NDArray[np.bool_] | None = None) -> None:
        """Make the last run's results the inputs that are fed back."""
        self._module.advance(taken)

    def run(self, active: NDArray[np.uint8]) -> LaneResult:
        """Run the active lanes; where one ends the call, say which and why."""
        count = len(active)
        np.not_equal(active, 0, out=self._module.active[:count])
        try:
            run = self._module.run_isolating(count, max_bad=0)
        except BridgeError as error:
            raise ExecutorFailure(_refusal(error)) from error
        words = run.error_words.view(np.int32)
        if run.stop is None:
            return LaneResult(words, clean=run.errors == 0, fuel=run.fuel, memory_bytes=self._module.info.memory_bytes)
        return LaneResult(words, self._stopped(run.stop), run.stop.lane, fuel=run.fuel, memory_bytes=self._module.info.memory_bytes)

    def fault(self, word: int) -> Fault:
        """Explain an error word."""
        site, span = locate(word & 0xFFFF_FFFF, self._program.build.sites)
        assert site is not None, "word 0 is no error"
        return Fault("guard" if site.kind == "guard" else "exception", site.name, site.message or "", span)

    def close(self) -> None:
        """Free the module."""
        self._module.close()

    def _stopped(self, stop: GuestStop) -> Fault:
        names = {"fuel": OUT_OF_FUEL, "epoch": OUT_OF_TIME, "stack": "stack used up", "memory": "memory fault"}
        span = self._loop(stop.lane) if stop.lane is not None and stop.kind in ("fuel", "epoch") else None
        return Fault("limit", names.get(stop.kind, "trap"), stop.cause, span)

    def _loop(self, lane: int) -> Span | None:
        """Find the loop in which a lane does not end, by running it in the interpreter for a while."""
        lowered = self._program.translation.lowered
        function = lowered.entry_function(self._program.signature.name)
        try:
            Interpreter(lowered.program, fuel=_LOCATING_FUEL).call(function.name, self._lane_values(lane))
        except OutOfFuel as stopped:
            return stopped.span
        except Exception:
            # A lane that fails in another way than by not ending has been reported for that already.
            return None
        return None

    def _lane_values(self, lane: int) -> list[Any]:
        values = []
        for port in self._program.signature.inputs:
            columns = self._module.inputs[port.name]
            values.append([column[0 if port.uniform else lane].item() for column in columns])
        return _nest_arguments(self._program, values)


def _nest_arguments(program: LaneProgram, ports: list[list[Any]]) -> list[Any]:
    """Turn each port's flat slots into what the interpreter takes; a class's fields become one record."""
    lowered = program.translation.lowered
    strings = lowered.program.strings
    values = [nest(port.type, iter(flat), strings) for port, flat in zip(program.signature.inputs, ports, strict=True)]
    behaviour = lowered.program.behaviour
    assert behaviour is not None
    if behaviour.state is None:
        return values
    fields = len(behaviour.state.fields)
    return [values[:fields], *values[fields:]]
