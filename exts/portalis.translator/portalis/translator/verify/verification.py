"""Hold an artefact to CPython: the same calls on both sides, everything observable compared, every case accounted for.

The oracle's side is asked through a link, and nothing that it says is trusted: an answer that does not have the types that the program
has, or claims what was not asked, ends the verification (`OracleFailure`), and what remains can at worst make a right artefact look wrong.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from portalis.translator.calling.values import SlotValue
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.verify.artefact_calls import Candidate, EntryCaller, Stopped
from portalis.translator.verify.drift import DriftTally
from portalis.translator.verify.initial import compare_what_is_known
from portalis.translator.verify.oracle.answers import AnswerError, CallAnswer, Told
from portalis.translator.verify.oracle.messages import ImportFailure, Known, LoadAnswer, Loaded, unpack_slots
from portalis.translator.verify.plan import PlannedEntry, make_plan
from portalis.translator.verify.report import Branches, Drift, Report, versions
from portalis.translator.verify.shown import show
from portalis.translator.verify.slot_comparison import difference
from portalis.translator.verify.tally import Tally
from portalis.translator.work.codec import CodecError, decode, encode
from portalis.translator.work.link import OracleFailure, OracleLink, Run

QUICK_FUEL, FULL_FUEL, MAX_LATE = 20_000, 2_000_000, 4
# Loop iterations and calls that CPython is given at first: more than fit in the quick fuel, unless the compiler made one formula of a loop.
QUICK_STEPS, FULL_STEPS = 5_000, 500_000


class ImportFailed(Exception):
    """CPython cannot import the user's module; `line` is where it failed."""

    def __init__(self, failure: ImportFailure) -> None:
        self.line = failure.line
        super().__init__(failure.text)


@dataclass(frozen=True, slots=True)
class Case:
    """One case of one entry: its number there and its slots, or None where an example's arguments do not have the entry's types."""

    entry: int
    number: int
    slots: tuple[SlotValue, ...] | None
    aliased: tuple[int, int] | None = None


@dataclass
class _Side:
    """One candidate while it is verified: the outcomes of all cases, and its counts."""

    candidate: Candidate
    callers: list[EntryCaller]
    tally: Tally
    outcomes: list[Told | Stopped] = field(default_factory=list)
    late: list[int] = field(default_factory=list)

    def call(self, case: Case, fuel: int) -> Told | Stopped:
        if case.slots is None:
            return Stopped("guard")
        return self.callers[case.entry].call(case.slots, fuel, case.aliased)


class Verification:
    """One program's verification; the oracle loads it while whoever made this builds what is to be verified."""

    def __init__(self, lowered: Lowered, link: OracleLink, *, cases: int, seed: int) -> None:
        self._started = time.perf_counter()
        self._link = link
        self._seed = seed
        self._plan = make_plan(lowered, cases, seed)
        self._taken: set[int] = set()
        link.load(encode(type(self._plan.request), self._plan.request), self._plan.answer_limit)

    def finish(self, candidates: Sequence[Candidate]) -> Report:
        """Verify every artefact on the same cases. Deterministic in everything but `seconds` and what the oracle had to drop.

        Raises ImportFailed where CPython cannot import the module, OracleFailure where the oracle cannot do its work.
        """
        loaded = self._loaded()
        cases = list(self._cases(loaded))
        program = self._plan.lowered.program
        sides = [
            _Side(item, [EntryCaller(program, entry, item) for entry in self._plan.entries], Tally(item.name, len(cases)))
            for item in candidates
        ]
        self._quick(sides, cases, drift := DriftTally())
        self._thorough(sides, cases)
        for side in sides:
            compare_what_is_known(self._plan, loaded, side.tally)
        branches = self._branches(loaded)
        return Report(
            signature=self._plan.lowered.signature,
            artefacts=tuple(side.tally.artefact(side.candidate.content, branches.total, len(branches.unexercised)) for side in sides),
            mismatches=tuple(item for side in sides for item in side.tally.mismatches),
            branches=branches,
            drift=drift.result() if self._plan.request.drift else Drift(),
            seed=self._seed,
            versions=versions(),
            seconds=time.perf_counter() - self._started,
        )

    def _loaded(self) -> Loaded:
        try:
            answer = decode(LoadAnswer, self._link.loaded()).loaded
        except CodecError as error:
            raise OracleFailure(f"the oracle's answer cannot be read: {error}") from None
        if isinstance(answer, ImportFailure):
            raise ImportFailed(answer)
        self._require_shape(answer)
        return answer

    def _require_shape(self, loaded: Loaded) -> None:
        """Raise OracleFailure where an answer on the whole module does not have the parts that were asked for."""
        entries = self._plan.entries
        fits = len(loaded.initial) == len(self._plan.request.fields) and len(loaded.entries) == len(entries)
        fits = fits and all(0 <= number < len(self._plan.branches) for number in loaded.decisions)
        for told, entry in zip(loaded.entries, entries, strict=False):
            fits = fits and len(told.examples) == entry.examples and len(told.defaults) == len(entry.types)
        if not fits:
            raise OracleFailure("the oracle's answer is not on what was asked")

    def _cases(self, loaded: Loaded) -> Iterator[Case]:
        for index, (entry, told) in enumerate(zip(self._plan.entries, loaded.entries, strict=True)):
            for number, example in enumerate(told.examples):
                if example is not None:
                    yield Case(index, number, self._slots(entry, example))
            first = entry.examples
            for number, slots in enumerate(entry.cases, first):
                yield Case(index, number, slots)
            twin = entry.request.twin
            if twin is not None:
                for number in range(entry.request.aliased):
                    slots = _with_twin(entry, entry.cases[number], twin)
                    yield Case(index, first + len(entry.cases) + number, slots, twin)

    @staticmethod
    def _slots(entry: PlannedEntry, known: Known) -> tuple[SlotValue, ...] | None:
        if known.why_not:
            return None
        try:
            return unpack_slots(entry.slots, known.slots)
        except ValueError as error:
            raise OracleFailure(f"the oracle's answer cannot be read: {error}") from None

    def _quick(self, sides: Sequence[_Side], cases: Sequence[Case], drift: DriftTally) -> None:
        """Run every case with little fuel, because CPython needs a hundred times as long for the same work."""
        for side in sides:
            side.outcomes = [side.call(case, QUICK_FUEL) for case in cases]
        answered = [
            any(isinstance(outcome, Told) for outcome in outcomes) for outcomes in zip(*(side.outcomes for side in sides), strict=True)
        ]
        answers = self._ask(cases, answered, QUICK_STEPS)
        for side in sides:
            for index, case in enumerate(cases):
                before = side.tally.over_budget
                self._count(side, case, side.outcomes[index], answers[index])
                if side.tally.over_budget > before:
                    side.late.append(index)
        for case, answer in zip(cases, answers, strict=True):
            if answer is not None and answer.drift is not None:
                drift.add(answer, self._plan.shapes[case.entry], self._written(case))

    def _thorough(self, sides: Sequence[_Side], cases: Sequence[Case]) -> None:
        """Run a few cases of each entry again that need long, in full."""
        for side in sides:
            late = [cases[index] for index in side.late]
            late = [case for entry in range(len(self._plan.entries)) for case in [item for item in late if item.entry == entry][:MAX_LATE]]
            if not late:
                continue
            outcomes = [side.call(case, FULL_FUEL) for case in late]
            answers = self._ask(late, [isinstance(outcome, Told) for outcome in outcomes], FULL_STEPS)
            side.tally.over_budget -= len(late)
            for case, outcome, answer in zip(late, outcomes, answers, strict=True):
                self._count(side, case, outcome, answer)

    def _ask(self, cases: Sequence[Case], wanted: Sequence[bool], steps: int) -> list[CallAnswer | None]:
        """Ask the oracle about the cases that are wanted; None where a case was not, or was dropped."""
        asked = [index for index, want in enumerate(wanted) if want]
        replies = self._link.run([Run(cases[index].entry, cases[index].number, steps) for index in asked]) if asked else []
        answers: list[CallAnswer | None] = [None] * len(cases)
        try:
            for index, reply in zip(asked, replies, strict=True):
                if reply is not None:
                    answers[index] = self._plan.shapes[cases[index].entry].read(reply, 2 * len(self._plan.branches))
        except (AnswerError, ValueError) as error:
            raise OracleFailure(str(error)) from None
        return answers

    def _count(self, side: _Side, case: Case, given: Told | Stopped, answer: CallAnswer | None) -> None:
        tally = side.tally
        if isinstance(given, Stopped):
            if given.why == "guard":
                tally.guarded += 1
            elif given.why == "budget":
                tally.over_budget += 1
            else:
                tally.wrong(self._written(case), "an answer", given.text, "a trap")
            return
        if answer is None or answer.told.kind == "unknown":
            tally.dropped += 1
            return
        if answer.told.kind == "steps":
            tally.over_budget += 1
            return
        self._taken.update(answer.taken)
        what = difference(answer.told, given)
        if what is None:
            tally.agreed += 1
            tally.raised += given.kind == "raised"
        else:
            tally.wrong(self._written(case), self._outcome(case, answer.told), self._outcome(case, given), what)

    def _written(self, case: Case) -> str:
        """Return a case as the call that it is."""
        entry, strings = self._plan.entries[case.entry], self._plan.request.strings
        return f"{entry.function.display}({show(entry.types, case.slots or (), strings)})"

    def _outcome(self, case: Case, told: Told) -> str:
        if told.kind == "raised":
            return ": ".join(filter(None, told.texts))
        if told.kind == "misfit":
            return told.texts[1]
        return show((self._plan.entries[case.entry].function.result,), told.result, self._plan.request.strings)

    def _branches(self, loaded: Loaded) -> Branches:
        """Tell which ways of the decisions that stand in the source no compared case went, in source order."""
        missed = [
            (*self._plan.branches[way // 2], way % 2 == 0)
            for number in loaded.decisions
            for way in (2 * number, 2 * number + 1)
            if way not in self._taken
        ]
        missed.sort(key=lambda item: (item[0], item[2]))
        shown = tuple(f"{span.line}:{span.column} {kind} {'taken' if taken else 'not taken'}" for span, kind, taken in missed)
        return Branches(total=2 * len(loaded.decisions), unexercised=shown)


def _with_twin(entry: PlannedEntry, slots: tuple[SlotValue, ...], twin: tuple[int, int]) -> tuple[SlotValue, ...]:
    """Return a case with the first parameter's value for the second too."""
    starts = [sum(type_.slot_count for type_ in entry.types[:position]) for position in range(len(entry.types) + 1)]
    first, second = (slice(starts[position], starts[position + 1]) for position in twin)
    return slots[: second.start] + slots[first] + slots[second.stop :]


def verify(lowered: Lowered, candidates: Sequence[Candidate], link: OracleLink, *, cases: int, seed: int) -> Report:
    """Verify every artefact of a snippet on the same cases; raises as `Verification.finish` does."""
    return Verification(lowered, link, cases=cases, seed=seed).finish(candidates)
