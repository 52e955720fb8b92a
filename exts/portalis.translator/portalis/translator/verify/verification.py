"""Hold an artefact to CPython: the same calls on both sides, everything observable compared, every case accounted for.

The oracle's side is asked through a link, and nothing that it says is trusted: an answer that does not have the types that the program
has, or claims what was not asked, ends the verification (`OracleFailure`), and what remains can at worst make a right artefact look wrong.
"""

from __future__ import annotations

import functools
import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from portalis.translator.bridge import GuestStop
from portalis.translator.calling.wire import MalformedMessage, require_message
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.abi import INITIAL
from portalis.translator.verify import wire_comparison
from portalis.translator.verify.artefact_calls import Answered, Candidate, Case, EntryCaller, NoAnswer, make_caller
from portalis.translator.verify.drift import DriftTally
from portalis.translator.verify.initial import compare_state, compare_what_is_known
from portalis.translator.verify.oracle.answers import AnswerError, Reply, Told, WireShape
from portalis.translator.verify.oracle.messages import ImportFailure, LoadAnswer, Loaded, ModuleValue, require_values, unpack_slots
from portalis.translator.verify.plan import PlannedEntry, follow, make_plan, with_sequences
from portalis.translator.verify.report import Branches, Drift, Report, SignatureCases, versions
from portalis.translator.verify.shown import show
from portalis.translator.verify.slot_comparison import difference
from portalis.translator.verify.state_cases import made_state, sequences
from portalis.translator.verify.tally import Tally
from portalis.translator.work.codec import CodecError, decode, encode
from portalis.translator.work.link import OracleFailure, OracleLink, Run

QUICK_FUEL, FULL_FUEL, MAX_LATE = 20_000, 2_000_000, 4
# Loop iterations and calls that CPython is given at first: more than fit in the quick fuel, unless the compiler made one formula of a loop.
QUICK_STEPS, FULL_STEPS = 5_000, 500_000
# What cases get where hardly any ended, as long as some of the first few then end.
LONGER_FUEL, LONGER_STEPS, FIRST_LONGER = 200_000, 50_000, 8
# How often cases are made of those that went further than others.
MAX_FOLLOWED, MAX_IN_VAIN = 6, 2
# How many times as much a call gets that has objects to read, make and write.
OBJECTS_FUEL, OBJECTS_STEPS = 5, 2


class ImportFailed(Exception):
    """CPython cannot import the user's module; `line` is where it failed."""

    def __init__(self, failure: ImportFailure) -> None:
        self.line = failure.line
        super().__init__(failure.text)


@dataclass
class _Side:
    """One candidate while it is verified: the outcomes of all cases, and its counts."""

    candidate: Candidate
    callers: list[EntryCaller]
    tally: Tally
    outcomes: list[Answered | NoAnswer] = field(default_factory=list)
    late: list[int] = field(default_factory=list)

    def call_each(self, cases: Sequence[Case], fuel: int) -> list[Answered | NoAnswer]:
        """Call with cases, which are in the order of their entries."""
        found: list[Answered | NoAnswer] = []
        for entry, group in itertools.groupby(cases, key=lambda case: case.entry):
            caller = self.callers[entry]
            found += caller.call_each(list(group), fuel * OBJECTS_FUEL if caller.has_objects else fuel)
        return found


class Verification:
    """One program's verification; the oracle loads it while whoever made this goes on."""

    def __init__(self, lowered: Lowered, link: OracleLink, *, cases: int, seed: int) -> None:
        self._started = time.perf_counter()
        self._link = link
        self._seed = seed
        self._wanted = cases
        self._plan = make_plan(lowered, cases, seed)
        self._taken: set[int] = set()
        self._leading: list[Case] = []
        self._cases_of = [0] * len(self._plan.entries)
        self._load()

    def _load(self) -> None:
        link = self._link
        link.load(encode(type(self._plan.request), self._plan.request), self._plan.answer_limit, uses_gf=self._plan.uses_gf)

    def finish(self, candidates: Sequence[Candidate]) -> Report:
        """Verify every artefact on the same cases. Deterministic in everything but `seconds` and what the oracle had to drop.

        Raises ImportFailed where CPython cannot import the module, OracleFailure where the oracle cannot do its work.
        """
        loaded = self._loaded()
        states = [self._made_state(candidate) for candidate in candidates] if self._plan.request.state else []
        if states and isinstance(states[0], bytes):
            loaded = self._with_sequences(states[0], candidates[0])
        cases = list(self._cases(loaded))
        self._count_cases(cases)
        program = self._plan.lowered.program
        sides = [
            _Side(item, [make_caller(program, entry, item) for entry in self._plan.entries], Tally(item.name, len(cases)))
            for item in candidates
        ]
        try:
            self._quick(sides, cases, drift := DriftTally())
            self._thorough(sides, cases)
            self._follow(sides, drift)
        except AnswerError as error:
            raise OracleFailure(str(error)) from None
        for side in sides:
            compare_what_is_known(self._plan, loaded, side.tally)
        for side, made in zip(sides, states, strict=False):
            compare_state(self._plan, loaded, side.tally, made)
        branches = self._branches()
        return Report(
            signature=self._plan.lowered.signature,
            artefacts=tuple(side.tally.artefact(side.candidate.content, branches.total, len(branches.unexercised)) for side in sides),
            mismatches=tuple(item for side in sides for item in side.tally.mismatches),
            branches=branches,
            drift=drift.result() if self._plan.drifts else Drift(),
            signatures=self._signatures(sides) if self._plan.lowered.others else (),
            refused=self._plan.lowered.refused,
            seed=self._seed,
            versions=versions(),
            seconds=time.perf_counter() - self._started,
        )

    def _made_state(self, candidate: Candidate) -> bytes | str:
        return made_state(self._plan, functools.partial(_call_one, candidate), INITIAL)

    def _with_sequences(self, initial: bytes, candidate: Candidate) -> Loaded:
        """Plan sequences of calls from the state that an artefact makes."""
        call = functools.partial(_call_one, candidate)
        wanted = max(1, self._wanted // len(self._plan.entries))
        self._plan = with_sequences(self._plan, [sequences(self._plan, entry, initial, wanted, call) for entry in self._plan.entries])
        self._load()
        return self._loaded()

    def _count_cases(self, cases: Sequence[Case]) -> None:
        for case in cases:
            self._cases_of[case.entry] += 1

    def _signatures(self, sides: Sequence[_Side]) -> tuple[SignatureCases, ...]:
        agreed = [min(side.tally.agreed_of[number] for side in sides) for number in range(len(self._plan.entries))]
        shown = (entry.overload.signature for entry in self._plan.entries)
        return tuple(SignatureCases(*row) for row in zip(shown, self._cases_of, agreed, strict=True))

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
        for told, entry in zip(loaded.entries, entries, strict=False):
            fits = fits and len(told.examples) == entry.examples and len(told.defaults) == len(entry.types)
        fits = fits and (loaded.state is not None) == bool(self._plan.request.state)
        if not fits:
            raise OracleFailure("the oracle's answer is not on what was asked")

    def _cases(self, loaded: Loaded) -> Iterator[Case]:
        for index, (entry, told) in enumerate(zip(self._plan.entries, loaded.entries, strict=True)):
            for number, example in enumerate(told.examples):
                if example is not None:
                    yield Case(index, number, self._example_arguments(entry, example))
            plain = [Case(index, number, packed) for number, packed in enumerate(entry.packed_cases, entry.examples)]
            yield from plain
            twin = entry.request.twin
            if twin is not None:
                for number, case in enumerate(plain[: entry.request.aliased], entry.examples + len(plain)):
                    yield Case(index, number, _with_twin(entry, case.packed or b"", twin), twin)

    def _example_arguments(self, entry: PlannedEntry, known: ModuleValue) -> bytes | None:
        if known.why_not:
            return None
        try:
            if entry.by_wire:
                require_message(entry.types, known.packed)
            else:
                require_values(entry.types, unpack_slots(entry.slots, known.packed), len(self._plan.request.strings))
        except (ValueError, MalformedMessage) as error:
            raise OracleFailure(f"the oracle's answer cannot be read: {error}") from None
        return known.packed

    def _quick(self, sides: Sequence[_Side], cases: Sequence[Case], drift: DriftTally) -> None:
        """Run every case with little fuel, because CPython needs a hundred times as long for the same work."""
        for side in sides:
            side.late = []
            side.outcomes = side.call_each(cases, QUICK_FUEL)
        replies = self._ask(cases, _answered(sides), QUICK_STEPS)
        for side in sides:
            tally = side.tally
            for index, (case, given, reply) in enumerate(zip(cases, side.outcomes, replies, strict=True)):
                # Most cases say the same to the last byte, and nothing else.
                if reply is not None and isinstance(given, Answered) and reply.is_just(given.plain):
                    tally.agree(case.entry)
                    continue
                before = tally.over_budget
                self._count(side, case, given, reply)
                if tally.over_budget > before:
                    side.late.append(index)
        if self._plan.drifts:
            for case, reply in zip(cases, replies, strict=True):
                if reply is not None:
                    drift.add(reply, self._plan.shapes[case.entry], case.packed or b"", functools.partial(self._written, case))

    def _thorough(self, sides: Sequence[_Side], cases: Sequence[Case]) -> None:
        """Run a few cases of each entry again that need long, in full; more of them, but not as long, where hardly any case has ended."""
        for side in sides:
            late = [cases[index] for index in side.late]
            few = FIRST_LONGER
            while late and side.tally.missing_answers > 0:
                over = side.tally.over_budget
                self._again(side, late[:few], LONGER_FUEL, LONGER_STEPS)
                if side.tally.over_budget == over:
                    break
                # Some of them will not end this time either.
                late, few = late[few:], side.tally.missing_answers * 5 // 4 + 1
            late = [case for entry in range(len(self._plan.entries)) for case in [item for item in late if item.entry == entry][:MAX_LATE]]
            self._again(side, late, FULL_FUEL, FULL_STEPS)

    def _again(self, side: _Side, late: Sequence[Case], fuel: int, steps: int) -> None:
        """Run cases again that were over their budget, and count them anew."""
        outcomes = side.call_each(late, fuel)
        replies = self._ask(late, [isinstance(outcome, Answered) for outcome in outcomes], steps)
        side.tally.over_budget -= len(late)
        for case, outcome, reply in zip(late, outcomes, replies, strict=True):
            self._count(side, case, outcome, reply)

    def _follow(self, sides: Sequence[_Side], drift: DriftTally) -> None:
        """Where no case went some way, change the cases that came nearest, as long as that leads further."""
        in_vain = 0
        for number in range(MAX_FOLLOWED):
            before = len(self._taken)
            ways = {way for decision in self._plan.decisions for way in (2 * decision, 2 * decision + 1)}
            plan = None if ways <= self._taken else follow(self._plan, [(case.entry, case.packed) for case in self._leading], number)
            if plan is None:
                return
            self._plan = plan
            self._load()
            cases = [case for case in self._cases(self._loaded()) if case.number >= plan.entries[case.entry].examples]
            self._count_cases(cases)
            for side in sides:
                side.tally.cases += len(cases)
            self._quick(sides, cases, drift)
            self._thorough(sides, cases)
            in_vain = in_vain + 1 if len(self._taken) == before else 0
            if in_vain == MAX_IN_VAIN:
                return

    def _ask(self, cases: Sequence[Case], wanted: Sequence[bool], steps: int) -> list[Reply | None]:
        """Ask the oracle about the cases that are wanted; None where a case was not, or was dropped."""
        asked = [index for index, want in enumerate(wanted) if want]
        granted = [steps * OBJECTS_STEPS if entry.has_objects else steps for entry in self._plan.entries]
        runs = [Run(case.entry, case.number, granted[case.entry]) for case in map(cases.__getitem__, asked)]
        replies = self._link.run(runs) if runs else []
        if len(replies) != len(asked):
            raise OracleFailure("the oracle's answers are not as many as were asked for")
        found: list[Reply | None] = [None] * len(cases)
        ways, shapes = 2 * len(self._plan.branches), self._plan.shapes
        for index, reply in zip(asked, replies, strict=True):
            if reply is not None:
                found[index] = Reply(reply, shapes[cases[index].entry], ways)
        return found

    def _count(self, side: _Side, case: Case, given: Answered | NoAnswer, reply: Reply | None) -> None:
        tally = side.tally
        if isinstance(given, NoAnswer):
            if given.why == "guard":
                tally.guarded += 1
            elif given.why == "budget":
                tally.over_budget += 1
            else:
                tally.wrong(self._written(case), "an answer", given.text, "a trap")
            return
        if reply is None:
            tally.dropped += 1
        elif (plain := given.plain) is not None and reply.is_value(plain):
            tally.agree(case.entry)
            self._note_ways(case, reply)
        else:
            self._compare(tally, case, given.told(), reply)

    def _note_ways(self, case: Case, reply: Reply) -> None:
        """Keep a case that went where none had gone."""
        if not self._taken.issuperset(reply.taken):
            self._taken.update(reply.taken)
            self._leading.append(case)

    def _compare(self, tally: Tally, case: Case, given: Told, reply: Reply) -> None:
        """Count one case in which both sides answered, unless CPython did not get so far."""
        expected = reply.told
        if expected.kind == "unknown":
            tally.dropped += 1
            return
        if expected.kind == "steps":
            tally.over_budget += 1
            return
        self._note_ways(case, reply)
        what = self._difference(case, expected, given)
        if what is None:
            tally.agree(case.entry)
            tally.raised += given.kind == "raised"
        else:
            tally.wrong(self._written(case), self._outcome(case, expected), self._outcome(case, given), what)

    def _difference(self, case: Case, expected: Told, given: Told) -> str | None:
        shape = self._plan.shapes[case.entry]
        if isinstance(shape, WireShape):
            return wire_comparison.difference(shape, case.packed or b"", expected, given)
        return difference(expected, given)

    def _written(self, case: Case) -> str:
        """Return a case as the call that it is."""
        entry, shape = self._plan.entries[case.entry], self._plan.shapes[case.entry]
        if case.packed is None:
            shown = ""
        elif isinstance(shape, WireShape):
            shown = wire_comparison.show_case(shape, case.packed)
        else:
            shown = show(entry.types, unpack_slots(entry.slots, case.packed), self._plan.request.strings)
        return f"{entry.function.display}({shown})"

    def _outcome(self, case: Case, told: Told) -> str:
        if told.kind == "raised":
            return ": ".join(filter(None, told.texts))
        if told.kind == "misfit":
            return told.texts[1]
        shape = self._plan.shapes[case.entry]
        if isinstance(shape, WireShape):
            return wire_comparison.show_result(shape, case.packed or b"", told)
        return show((self._plan.entries[case.entry].function.result,), told.result, self._plan.request.strings)

    def _branches(self) -> Branches:
        """Tell which ways of the decisions that stand in the source no compared case went, in source order."""
        missed = [
            (*self._plan.branches[way // 2], way % 2 == 0)
            for number in self._plan.decisions
            for way in (2 * number, 2 * number + 1)
            if way not in self._taken
        ]
        missed.sort(key=lambda item: (item[0], item[2]))
        shown = tuple(f"{span.line}:{span.column} {kind} {'taken' if taken else 'not taken'}" for span, kind, taken in missed)
        return Branches(total=2 * len(self._plan.decisions), unexercised=shown)


def _answered(sides: Sequence[_Side]) -> list[bool]:
    """Tell of each case whether any artefact answered."""
    first, *others = ([isinstance(outcome, Answered) for outcome in side.outcomes] for side in sides)
    return [any(given) for given in zip(first, *others, strict=True)] if others else first


def _call_one(candidate: Candidate, export: str, message: bytes) -> tuple[int, bytes] | GuestStop:
    return candidate.call_wire_each(export, [message], FULL_FUEL * OBJECTS_FUEL)[0]


def _with_twin(entry: PlannedEntry, packed: bytes, twin: tuple[int, int]) -> bytes:
    """Return a case's packed slots with the first parameter's value for the second too."""
    starts = [8 * sum(type_.slot_count for type_ in entry.types[:position]) for position in range(len(entry.types) + 1)]
    first, second = (slice(starts[position], starts[position + 1]) for position in twin)
    return packed[: second.start] + packed[first] + packed[second.stop :]


def verify(lowered: Lowered, candidates: Sequence[Candidate], link: OracleLink, *, cases: int, seed: int) -> Report:
    """Verify every artefact of a snippet on the same cases; raises as `Verification.finish` does."""
    return Verification(lowered, link, cases=cases, seed=seed).finish(candidates)
