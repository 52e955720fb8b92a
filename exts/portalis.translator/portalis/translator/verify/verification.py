"""Hold an artefact to CPython: the same calls on both sides, everything observable compared, every case accounted for."""

from __future__ import annotations

import functools
import hashlib
import time
import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from portalis.translator.bridge import GuestStop
from portalis.translator.calling.executable import Executable
from portalis.translator.calling.outcome import Outcome
from portalis.translator.diagnostics import GuardError
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.abi import scalar_entries
from portalis.translator.ir.nodes import Function
from portalis.translator.ir.types import RecordType, Type, is_mutable, slots
from portalis.translator.verify.cases import CaseGenerator
from portalis.translator.verify.comparison import difference, largest_ulp_distance
from portalis.translator.verify.coverage import BranchCoverage, uses_libm
from portalis.translator.verify.examples import evaluate_example
from portalis.translator.verify.oracle import STEPS, Library, Oracle, OutOfSteps, observe
from portalis.translator.verify.report import Artefact, Drift, Mismatch, Report, versions

MAX_REPORTED = 5
QUICK_FUEL, FULL_FUEL, MAX_LATE = 20_000, 2_000_000, 4
# What CPython is given where it goes round a loop that the compiler made one formula of.
QUICK_STEPS = 5_000
# Limits that any call may meet. Every other trap means that the module is broken.
BUDGET_STOPS = ("fuel", "epoch", "stack")
ArtefactName = Literal["wasm", "rust"]
MakeArguments = Callable[[], list[Any]]


@dataclass(frozen=True)
class Subject:
    """What is verified: one entry of a lowered snippet, with CPython's side of it.

    `exact` and `drift` call the entry in CPython; a behaviour's method takes its `self` as a fresh object of the user's own class.
    """

    lowered: Lowered
    entry: str
    function: Function
    exact: Callable[[Sequence[Any], int], Outcome]
    evaluate: Callable[[str], Any]

    @functools.cached_property
    def drift(self) -> Callable[[Sequence[Any], int], Outcome]:
        """The entry with the platform's own libm."""
        return _caller(self.lowered, self.entry, _oracle(self.lowered, self.function, "drift"))

    @property
    def types(self) -> tuple[Type, ...]:
        return tuple(parameter.type for parameter in self.function.params)

    @functools.cached_property
    def recurses(self) -> bool:
        """Tell whether calls may nest so deeply that the lists in their frames overflow the stack, which traps as an address."""
        return any(function.recursive for function in self.lowered.program.functions)


def subjects(lowered: Lowered) -> tuple[Subject, ...]:
    """List what a snippet's scalar module exports: its function, or each method of its class that a host calls."""
    return tuple(_subject(lowered, entry, lowered.program.function(name)) for entry, name in scalar_entries(lowered.program))


def _subject(lowered: Lowered, entry: str, function: Function) -> Subject:
    oracle = _oracle(lowered, function, "exact")
    return Subject(lowered, entry, function, _caller(lowered, entry, oracle), oracle.evaluate)


def _oracle(lowered: Lowered, function: Function, library: Library) -> Oracle:
    return Oracle.load(lowered.source, lowered.name, [item.type for item in function.params], library, recursive_functions(lowered))


def recursive_functions(lowered: Lowered) -> tuple[str, ...]:
    """Name the user's functions that can call themselves, as the module knows them."""
    methods = f"{lowered.name}." if lowered.kind == "class" else ""
    found = (function for function in lowered.program.functions if function.recursive and not function.library)
    return tuple(dict.fromkeys(methods + item.display if item.name.startswith(methods) else item.display for item in found))


def _caller(lowered: Lowered, entry: str, oracle: Oracle) -> Callable[[Sequence[Any], int], Outcome]:
    return oracle.call if lowered.kind == "function" else _method_caller(oracle, entry.partition(".")[2])


def _method_caller(oracle: Oracle, method: str) -> Callable[[Sequence[Any], int], Outcome]:
    """Call a method on a fresh object of the user's class with the state of the first argument."""
    user_class = oracle.namespace[oracle.name]

    def call(arguments: Sequence[Any], steps: int) -> Outcome:
        oracle.steps[0] = steps
        state = user_class.__new__(user_class)
        for name, value in vars(arguments[0]).items():
            setattr(state, name, value)
        return observe(getattr(user_class, method), [state, *arguments[1:]], oracle.parameter_types)

    return call


def fresh_arguments(generator: CaseGenerator, case: Sequence[int | float]) -> list[Any]:
    """Build a case's arguments; a record becomes an object with its fields as attributes."""
    values = generator.values(case)
    return [
        types.SimpleNamespace(**value) if isinstance(type_, RecordType) else value
        for value, type_ in zip(values, generator.types, strict=True)
    ]


def make_inputs(subject: Subject, cases: int, seed: int) -> list[MakeArguments]:
    """List makers of equal, fresh arguments: the user's examples, boundaries, aliased arguments, random values."""
    lowered, types_ = subject.lowered, subject.types
    generator = CaseGenerator.of(lowered.program, types_, seed)
    inputs: list[MakeArguments] = []
    if lowered.kind == "function":
        made = (functools.partial(evaluate_example, example, lowered.parameters, subject.evaluate) for example in lowered.examples)
        inputs += [make for make in made if _can_be_made(make)]
    wanted = cases if generator.types and any(map(slots, generator.types)) else 1
    plain = [functools.partial(fresh_arguments, generator, case) for case in generator.cases(max(1, wanted - len(inputs)))]
    inputs += plain
    # One object passed for two parameters: the first few cases with the later parameter replaced.
    twin = _first_twin(types_)
    if twin:
        inputs += [functools.partial(_aliased, make, *twin) for make in plain[:4]]
    return inputs


def _can_be_made(make: MakeArguments) -> bool:
    """Tell whether a case reaches the function at all: an example's argument may raise before."""
    try:
        make()
    except Exception:
        return False
    return True


def _first_twin(types_: Sequence[Type]) -> tuple[int, int] | None:
    """Find two parameters of one mutable type."""
    seen: dict[Type, int] = {}
    for position, type_ in enumerate(types_):
        if is_mutable(type_) and type_ in seen:
            return seen[type_], position
        seen.setdefault(type_, position)
    return None


def _aliased(make: MakeArguments, first: int, second: int) -> list[Any]:
    arguments = make()
    arguments[second] = arguments[first]
    return arguments


@dataclass
class _Tally:
    """Counts of one artefact's cases while they run."""

    cases: int = 0
    agreed: int = 0
    raised: int = 0
    guarded: int = 0
    over_budget: int = 0
    mismatches: list[Mismatch] = field(default_factory=list)

    def wrong(self, name: ArtefactName, subject: Subject, make: MakeArguments, cpython: str, gave: str, what: str) -> None:
        """Keep the first few mismatches as evidence; the others still count, as cases that did not agree."""
        if len(self.mismatches) < MAX_REPORTED:
            call = _show(subject, make())
            self.mismatches.append(Mismatch(artefact=name, call=call, cpython=cpython, artefact_gave=gave, what=what))

    def artefact(self, name: ArtefactName, content: bytes) -> Artefact:
        """Give the verdict. An artefact that never answered is not called verified: nothing was compared."""
        wrong = self.agreed + self.guarded + self.over_budget < self.cases
        silent = not wrong and self.agreed == 0
        return Artefact(
            name=name,
            status="wrong" if wrong else "not verified" if silent else "verified",
            sha256=hashlib.sha256(content).hexdigest(),
            cases=self.cases,
            agreed=self.agreed,
            raised=self.raised,
            guarded=self.guarded,
            over_budget=self.over_budget,
            why="no case ended in an answer to compare" if silent else "",
        )


@dataclass
class _DriftTally:
    cases: int = 0
    largest: float = 0.0
    worst: str = ""
    flipped: int = 0

    def add(self, subject: Subject, exact: Outcome, make: MakeArguments) -> None:
        """Compare one exact outcome with CPython's under the platform's libm."""
        try:
            drifted = subject.drift(make(), STEPS)
        except OutOfSteps:
            return
        self.cases += 1
        if exact.exception or drifted.exception:
            self.flipped += exact.exception != drifted.exception
            return
        distance = largest_ulp_distance(exact.value, drifted.value, subject.function.result)
        for left, right, type_ in zip(exact.arguments, drifted.arguments, subject.types, strict=True):
            distance = max(distance, largest_ulp_distance(left, right, type_))
        if distance > self.largest:
            self.largest, self.worst = distance, _show(subject, make())
        elif distance == 0.0:
            self.flipped += difference(exact, drifted, subject.function.result, subject.types) is not None

    def result(self) -> Drift:
        """Summarise for the report."""
        return Drift(cases=self.cases, largest_ulp=self.largest, worst_call=self.worst, flipped=self.flipped)


def _compare(
    name: ArtefactName, subject: Subject, executable: Executable, make: MakeArguments, tally: _Tally, steps: int
) -> Outcome | None:
    """Run one case on one artefact and, where it answers, in CPython; return CPython's outcome, or None where there was no answer."""
    try:
        got = executable.run(make())
    except GuardError:
        tally.guarded += 1
        return None
    except GuestStop as stop:
        if stop.kind not in BUDGET_STOPS and not (stop.kind == "memory" and subject.recurses):
            tally.wrong(name, subject, make, "an answer", str(stop), "a trap")
            return None
        tally.over_budget += 1
        return None
    try:
        expected = subject.exact(make(), steps)
    except OutOfSteps:
        tally.over_budget += 1
        return None
    what = difference(expected, got, subject.function.result, subject.types)
    if what is None:
        tally.agreed += 1
        tally.raised += expected.exception is not None
    else:
        tally.wrong(name, subject, make, str(expected), str(got), what)
    return expected


def _show(subject: Subject, arguments: Sequence[Any]) -> str:
    shown = (repr(vars(item)) if isinstance(item, types.SimpleNamespace) else repr(item) for item in arguments)
    return f"{subject.function.display}({', '.join(shown)})"


@dataclass(frozen=True)
class Candidate:
    """An artefact to verify: its bytes and how to run one of its entries within so much fuel a call."""

    name: ArtefactName
    content: bytes
    executable: Callable[[Subject, int], Executable]


def verify(lowered: Lowered, candidates: Sequence[Candidate], *, cases: int, seed: int) -> Report:
    """Verify every artefact of a snippet on the same cases. Deterministic in everything but `seconds`."""
    started = time.perf_counter()
    tallies = {candidate.name: _Tally() for candidate in candidates}
    drift = _DriftTally() if uses_libm(lowered.program) else None
    all_subjects = subjects(lowered)
    coverage = BranchCoverage(lowered.program)
    for subject in all_subjects:
        inputs = make_inputs(subject, max(1, cases // len(all_subjects)), seed)
        for candidate in candidates:
            _verify_entry(candidate, subject, inputs, tallies[candidate.name], drift if candidate is candidates[0] else None)
        for make in inputs:
            coverage.add(subject.function, make)
    return Report(
        signature=lowered.signature,
        artefacts=tuple(tallies[candidate.name].artefact(candidate.name, candidate.content) for candidate in candidates),
        mismatches=tuple(item for tally in tallies.values() for item in tally.mismatches),
        branches=coverage.result(),
        drift=drift.result() if drift else Drift(),
        seed=seed,
        versions=versions(),
        seconds=time.perf_counter() - started,
    )


def _verify_entry(
    candidate: Candidate, subject: Subject, inputs: Sequence[MakeArguments], tally: _Tally, drift: _DriftTally | None
) -> None:
    """Run every case with little fuel, because CPython needs a hundred times as long for the same work; then a few long ones in full."""
    quick = candidate.executable(subject, QUICK_FUEL)
    tally.cases += len(inputs)
    late: list[MakeArguments] = []
    for make in inputs:
        stopped = tally.over_budget
        expected = _compare(candidate.name, subject, quick, make, tally, QUICK_STEPS)
        if tally.over_budget > stopped:
            late.append(make)
        if expected is not None and drift:
            drift.add(subject, expected, make)
    if late:
        thorough = candidate.executable(subject, FULL_FUEL)
        for make in late[:MAX_LATE]:
            tally.over_budget -= 1
            _compare(candidate.name, subject, thorough, make, tally, STEPS)
