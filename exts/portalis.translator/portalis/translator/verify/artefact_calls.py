"""Calling one entry of an artefact with the slots of a case, and what came of it in the terms in which the oracle tells it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from portalis.translator.bridge import GuestStop
from portalis.translator.calling.executable import RawCall, RawResult, locate, python_exception
from portalis.translator.calling.outcome import Identity
from portalis.translator.calling.values import SlotValue
from portalis.translator.ir.errors import ErrorSite
from portalis.translator.ir.nodes import Program
from portalis.translator.verify.oracle.answers import Told
from portalis.translator.verify.plan import PlannedEntry, may_overflow_its_stack

ArtefactName: TypeAlias = Literal["wasm", "rust"]
# Limits that any call may meet. Every other trap means that the module is broken.
_BUDGET_STOPS = ("fuel", "epoch", "stack")


@dataclass(frozen=True)
class Candidate:
    """An artefact to verify: its bytes, what can end a call of it, and how to call one of its exports within so much fuel a call."""

    name: ArtefactName
    content: bytes
    sites: tuple[ErrorSite, ...]
    caller: Callable[[str, int], RawCall]


@dataclass(frozen=True, slots=True)
class Stopped:
    """A call that gave no answer: a guard or a limit stopped it, which is allowed, or a trap, which is not."""

    why: Literal["guard", "budget", "trap"]
    text: str = ""


class EntryCaller:
    """Calls one entry of one artefact."""

    def __init__(self, program: Program, entry: PlannedEntry, candidate: Candidate) -> None:
        self._entry = entry
        self._candidate = candidate
        function = entry.function
        names = [parameter.name for parameter in function.params]
        self._by_ref = [parameter.by_ref for parameter in function.params]
        self._allowed_stops = (*_BUDGET_STOPS, "memory") if may_overflow_its_stack(program) else _BUDGET_STOPS
        by_ref = [parameter.type for parameter in function.params if parameter.by_ref]
        self._result_slots = (*function.result.slots, *(slot for type_ in by_ref for slot in type_.slots))
        own = {path: names.index(name) for path, name in program.identity if name in names}
        self._identity: Identity = frozenset(own.items())
        self._own_parts = {path: (self._result_range(path), position) for path, position in own.items()}
        self._told_error = functools.cache(_told_error)

    def call(self, slots: Sequence[SlotValue], fuel: int, aliased: tuple[int, int] | None) -> Told | Stopped:
        """Call with a case's slots; `aliased` are the parameters that get one object."""
        if aliased and any(self._by_ref):
            # Values cannot show that a change to one changes the other: whoever calls with Python's objects is stopped before the call.
            return Stopped("guard")
        try:
            result = self._candidate.caller(self._entry.export, fuel)(slots, self._result_slots)
        except GuestStop as stop:
            return Stopped("budget") if stop.kind in self._allowed_stops else Stopped("trap", str(stop))
        return self._told(result, slots, aliased)

    def _told(self, result: RawResult, slots: Sequence[SlotValue], aliased: tuple[int, int] | None) -> Told | Stopped:
        site, _ = locate(result.error_word, self._candidate.sites)
        if site is not None and site.kind == "guard":
            return Stopped("guard")
        width = self._entry.function.result.slot_count
        after = self._arguments_after(slots, result.values[width:])
        finals = tuple(value for position in self._entry.mutable for value in after[position])
        if site is not None:
            return Told("raised", (), finals, self._told_error(site))
        values = list(result.values[:width])
        for part, position in self._own_parts.values():
            # The caller's own object is what is returned, whatever the module gave in its place.
            values[part] = after[position]
        identity = self._identity
        if aliased:
            first, second = aliased
            identity = frozenset((path, second if position == first else position) for path, position in identity)
        return Told("value", tuple(values), finals, identity=identity)

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


def _told_error(site: ErrorSite) -> tuple[str, str]:
    return site.name, str(python_exception(site.name, site.message))
