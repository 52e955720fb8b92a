"""Calling an entry of an artefact with the slots of cases, and what came of it in the terms in which the oracle tells it."""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from portalis.translator.bridge import GuestStop
from portalis.translator.calling.executable import Own, locate, python_exception
from portalis.translator.calling.outcome import Identity
from portalis.translator.calling.values import SlotValue
from portalis.translator.calling.wire import MalformedMessage, MessageReader
from portalis.translator.ir.errors import ErrorSite
from portalis.translator.ir.nodes import Program
from portalis.translator.ir.types import TEXT, Slot
from portalis.translator.verify.oracle.answers import Told, WireShape, bounded
from portalis.translator.verify.oracle.messages import slots_of, unpack_slots
from portalis.translator.verify.plan import PlannedEntry, may_run_out_of_memory

ArtefactName: TypeAlias = Literal["wasm", "rust"]
# An export, packed arguments of each call, the slots of the results, fuel for each call; what each gave: an error word and packed results.
CallEach: TypeAlias = Callable[[str, Sequence[bytes], tuple[Slot, ...], int], Sequence[tuple[int, bytes] | GuestStop]]
# An export, messages, fuel for each call; what each gave: an error word and an answer.
CallWireEach: TypeAlias = Callable[[str, Sequence[bytes], int], Sequence[tuple[int, bytes] | GuestStop]]
# Limits that any call may meet. Every other trap means that the module is broken.
_BUDGET_STOPS = ("fuel", "epoch", "stack")


@dataclass(frozen=True)
class Candidate:
    """An artefact to verify: its bytes, what can end a call of it, and how it is called with slots and with messages."""

    name: ArtefactName
    content: bytes
    sites: tuple[ErrorSite, ...]
    call_each: CallEach
    call_wire_each: CallWireEach


# Tuples, like `Answered` below, of which there is one for every case: a frozen dataclass takes twice as long to make.
class Case(NamedTuple):
    """One case of one entry: its number there and its packed slots or message; None where an example's arguments are not of the types.

    `aliased` are the parameters that get one object.
    """

    entry: int
    number: int
    packed: bytes | None
    aliased: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """A call that gave no answer: a guard or a limit stopped it, which is allowed, or a trap, which is not."""

    why: Literal["guard", "budget", "trap"]
    text: str = ""


class Answered(NamedTuple):
    """A call that gave an answer. `data` are the packed results, or a message; `site` is where it raised."""

    caller: EntryCaller
    case: Case
    data: bytes
    site: ErrorSite | None

    @property
    def plain(self) -> bytes | None:
        """The answer as the oracle would tell it, where it is a value and nothing but its bytes has to be told."""
        return self.caller.plain(self.data) if self.site is None else None

    def told(self) -> Told:
        """Return the answer as the oracle would tell it."""
        return self.caller.tell(self)


class EntryCaller(ABC):
    """Calls one entry of one artefact."""

    def __init__(self, program: Program, entry: PlannedEntry, candidate: Candidate) -> None:
        self._entry = entry
        self._candidate = candidate
        self._allowed_stops = (*_BUDGET_STOPS, "memory") if may_run_out_of_memory(program) else _BUDGET_STOPS
        self._told_error = functools.lru_cache(maxsize=1024)(functools.partial(_told_error, own=program.exceptions))
        self.has_objects = entry.has_objects

    @abstractmethod
    def call_each(self, cases: Sequence[Case], fuel: int) -> list[Answered | NoAnswer]:
        """Call with each case's arguments."""

    @abstractmethod
    def plain(self, data: bytes) -> bytes | None:
        """Return a value as the oracle would tell it, where that takes nothing but these bytes."""

    @abstractmethod
    def tell(self, answer: Answered) -> Told:
        """Return an answer as the oracle would tell it."""

    def _ended(self, case: Case, result: tuple[int, bytes] | GuestStop) -> Answered | NoAnswer:
        if isinstance(result, GuestStop):
            return NoAnswer("budget") if result.kind in self._allowed_stops else NoAnswer("trap", str(result))
        word, data = result
        if not word:
            return Answered(self, case, data, None)
        site, _ = locate(word, self._candidate.sites)
        return NoAnswer("guard") if site is not None and site.kind == "guard" else Answered(self, case, data, site)


class WireCaller(EntryCaller):
    """Calls an entry that takes messages."""

    def call_each(self, cases: Sequence[Case], fuel: int) -> list[Answered | NoAnswer]:
        """Call with each case's message; an answer that is too long to be told of counts as one that takes too long."""
        run = [case for case in cases if case.packed is not None]
        results = self._candidate.call_wire_each(self._entry.export, [case.packed or b"" for case in run], fuel)
        found = dict(zip(map(id, run), results, strict=True))
        return [self._bounded(self._ended(case, found[id(case)])) if id(case) in found else NoAnswer("guard") for case in cases]

    def _bounded(self, given: Answered | NoAnswer) -> Answered | NoAnswer:
        return NoAnswer("budget") if isinstance(given, Answered) and len(given.data) > self._entry.request.most else given

    def plain(self, data: bytes) -> bytes | None:
        """Return a value as the oracle would tell it."""
        return WireShape.plain(data)

    def tell(self, answer: Answered) -> Told:
        """Return an answer as the oracle would tell it."""
        if answer.site is None:
            return Told("value", answer=answer.data)
        if answer.site.form == "constant":
            return Told("raised", texts=self._told_error(answer.site), answer=answer.data)
        try:
            reader = MessageReader(answer.data)
            return Told("raised", texts=self._told_error(answer.site, str(reader.read(TEXT))), answer=answer.data[reader.position :])
        except MalformedMessage as reason:
            return Told("misfit", texts=("the text of an exception", str(reason)))


class SlotCaller(EntryCaller):
    """Calls an entry that takes slots."""

    def __init__(self, program: Program, entry: PlannedEntry, candidate: Candidate) -> None:
        super().__init__(program, entry, candidate)
        function = entry.function
        names = [parameter.name for parameter in function.params]
        self._by_ref = [parameter.by_ref for parameter in function.params]
        by_ref = [parameter.type for parameter in function.params if parameter.by_ref]
        self._result_slots = (*function.result.slots, *slots_of(by_ref))
        own = {path: names.index(name) for path, name in program.entry_called(function.name).identity}
        self._identity: Identity = frozenset(own.items())
        self._own_parts = {path: (self._result_range(path), position) for path, position in own.items()}
        self._tells_all = not own and entry.mutable == tuple(index for index, changed in enumerate(self._by_ref) if changed)

    def call_each(self, cases: Sequence[Case], fuel: int) -> list[Answered | NoAnswer]:
        """Call with each case's slots."""
        # Values cannot show that a change to one object changes the other: whoever calls with Python's objects is stopped before the call.
        guarded = any(self._by_ref)
        packed = [None if case.aliased and guarded else case.packed for case in cases]
        run = [arguments for arguments in packed if arguments is not None]
        found = iter(self._candidate.call_each(self._entry.export, run, self._result_slots, fuel))
        return [
            NoAnswer("guard") if arguments is None else self._ended(case, next(found))
            for case, arguments in zip(cases, packed, strict=True)
        ]

    def plain(self, data: bytes) -> bytes | None:
        """Return the results as they are where they are all that there is to tell: a value, and every argument that can change."""
        return data if self._tells_all else None

    def tell(self, answer: Answered) -> Told:
        """Return an answer as the oracle would tell it."""
        assert answer.case.packed is not None
        width = self._entry.function.result.slot_count
        values = unpack_slots(self._result_slots, answer.data)
        after = self._arguments_after(unpack_slots(self._entry.slots, answer.case.packed), values[width:])
        finals = tuple(value for position in self._entry.mutable for value in after[position])
        if answer.site is not None:
            return Told("raised", (), finals, self._told_error(answer.site))
        result = list(values[:width])
        for part, position in self._own_parts.values():
            # The caller's own object is what is returned, whatever the module gave in its place.
            result[part] = after[position]
        identity = self._identity
        if answer.case.aliased:
            first, second = answer.case.aliased
            identity = frozenset((path, second if position == first else position) for path, position in identity)
        return Told("value", tuple(result), finals, identity=identity)

    def _arguments_after(self, slots: Sequence[SlotValue], changed: Sequence[SlotValue]) -> list[Sequence[SlotValue]]:
        """Return the slots of every argument after the call."""
        after, at, changed_at = [], 0, 0
        for type_, by_ref in zip(self._entry.types, self._by_ref, strict=True):
            width = type_.slot_count
            after.append(changed[changed_at : changed_at + width] if by_ref else slots[at : at + width])
            at += width
            changed_at += width if by_ref else 0
        return after

    def _result_range(self, path: tuple[int, ...]) -> slice:
        result = self._entry.function.result
        if not path:
            return slice(0, result.slot_count)
        widths = [item.slot_count for item in result.elements]
        return slice(sum(widths[: path[0]]), sum(widths[: path[0] + 1]))


def make_caller(program: Program, entry: PlannedEntry, candidate: Candidate) -> EntryCaller:
    """Return what calls an entry, whichever way it crosses."""
    return (WireCaller if entry.by_wire else SlotCaller)(program, entry, candidate)


def _told_error(site: ErrorSite, told: str | None = None, *, own: Own) -> tuple[str, str]:
    return bounded(site.name), bounded(str(python_exception(site, told, own)))
