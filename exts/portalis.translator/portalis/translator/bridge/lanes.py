"""Calls a module's lane entries: one call for all lanes, columns in linear memory (`ir/abi.py`), all or nothing."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from portalis.translator.bridge.budget import Budget, RestartPolicy
from portalis.translator.bridge.cache import CompiledCache
from portalis.translator.bridge.columns import GuestColumns, HostColumns, PortColumns
from portalis.translator.bridge.errors import BridgeClosed, GuestMisbehaved, GuestStop, InvalidModule
from portalis.translator.bridge.fast_call import Stop
from portalis.translator.bridge.layout import lane_layout
from portalis.translator.bridge.sandbox import CallEnd, Instance, open_sandbox
from portalis.translator.bridge.validate import ModuleInfo
from portalis.translator.ir.abi import EntrySignature

Mask: TypeAlias = NDArray[np.bool_]
# A first try when lanes are isolated gets this much per lane, or this many times what a run has needed so far, instead of the whole
# budget: an endless lane is then found soon. Whether a lane is at fault does not depend on it.
_TRIAL_FUEL_PER_LANE = 10_000
_TRIAL_FACTOR = 8


@dataclass(frozen=True, slots=True, eq=False)
class LaneRun:
    """What one run over n lanes did.

    Where `stop` is set nothing was committed. Else the output columns of every active lane hold its results, except where `error_words`
    (n words, 0: no error; not always writable) has an error (`errors` of them) and where the lane is among `nonfinite`: those lanes'
    outputs are untouched. `isolated` holds the stop of each lane that `run_isolating` left out. `fuel` and `seconds` are what the guest
    used, all tries together.
    """

    error_words: NDArray[np.uint32]
    errors: int
    nonfinite: NDArray[np.intp]
    stop: GuestStop | None
    fuel: int
    seconds: float
    isolated: tuple[GuestStop, ...] = ()


class LaneModule:
    """One lane entry of a module, with columns for up to `capacity` lanes. Runs from several threads go one after the other.

    `finite` names the outputs whose elements must be finite. `feedback` names ports that are fed back: both an input and an output, whose
    results `advance` makes the input of the next run without copying them. `kept` names inputs that stay as they are until `feed`.

    Raises InvalidModule where the bridge does not run the module, where it has no
    such entry, or where its memory or the budget is too small (see `layout.heap_bytes_needed`); ValueError for a signature or capacity that
    no module can have.
    """

    def __init__(
        self,
        wasm: bytes,
        signature: EntrySignature,
        capacity: int,
        budget: Budget | None = None,
        *,
        name: str = "module",
        finite: Iterable[str] = (),
        feedback: Iterable[str] = (),
        kept: Iterable[str] = (),
        cache: CompiledCache | None = None,
        restarts: RestartPolicy | None = None,
        signals_based_traps: bool | None = None,
    ) -> None:
        self._layout = lane_layout(signature, capacity, frozenset(feedback), frozenset(kept))
        self._entry = f"lanes.{signature.name}"
        self._finite = _float_columns(signature, frozenset(finite))
        self._bools = [position for position, column in enumerate(self._layout.outputs) if column.slot == "bool"]
        self._sandbox = open_sandbox(wasm, name, budget, restarts, cache, signals_based_traps)
        self._check_module(signature)
        self._host = HostColumns(self._layout, signature.inputs, signature.outputs)
        self._positions = _positions(signature)
        self._guest: tuple[Instance, GuestColumns] | None = None
        # The lanes of the last run and which of them have results (None: every one), until they were taken.
        self._results: tuple[int, Mask | None] | None = None
        self._clean = np.zeros(0, np.uint32), bytearray()
        self._largest_fuel = 0
        self._closed = False

    def _check_module(self, signature: EntrySignature) -> None:
        name, info, layout = self._sandbox.name, self._sandbox.info, self._layout
        type_ = info.entries.get(self._entry)
        if type_ is None:
            raise InvalidModule(name, f"exports no lane entry {self._entry!a}")
        if len(type_.parameters) != layout.parameters:
            raise InvalidModule(name, f"entry {self._entry!a} takes {len(type_.parameters)} parameters, its signature {layout.parameters}")
        if info.heap_bytes < layout.heap_bytes:
            raise InvalidModule(name, f"has {info.heap_bytes} bytes of heap; {layout.capacity} lanes take {layout.heap_bytes}")

    @property
    def info(self) -> ModuleInfo:
        """What the module declares."""
        return self._sandbox.info

    @property
    def capacity(self) -> int:
        """How many lanes the columns have room for."""
        return self._layout.capacity

    @property
    def inputs(self) -> PortColumns:
        """The input columns, one array for each slot of each port: `capacity` elements, or one where the port is uniform.

        Those that are fed back or kept cannot be written to (`feed` does); those that are fed back are other arrays after `advance`.
        """
        return self._open().inputs

    @property
    def outputs(self) -> PortColumns:
        """The output columns as of the last run that was not stopped, `capacity` elements each.

        Those that are fed back are other arrays after `advance`.
        """
        return self._open().outputs

    @property
    def active(self) -> Mask:
        """For each lane whether it is run; all are at first."""
        return self._open().active

    def feed(self, name: str, columns: Iterable[NDArray[Any]]) -> None:
        """Overwrite an input that is fed back or kept, an array for each slot: its first elements, as many as an array has."""
        with self._sandbox.lock:
            host = self._open()
            for position, values in zip(self._positions[name], columns, strict=True):
                host.feed(position, values)
            self._results = None

    def advance(self, taken: Mask | None = None) -> None:
        """Make the results of the last run the inputs that are fed back, for the lanes of `taken` (None: every one) that have a result.

        All other lanes keep their inputs. RuntimeError where no results wait: nothing ran, it was stopped, or `feed` came after it.
        """
        with self._sandbox.lock:
            host, results, guest = self._open(), self._results, self._guest
            if results is None or guest is None:
                raise RuntimeError(f"{self._sandbox.name}: there are no results to go on with")
            (n, ours), self._results = results, None
            both = ours if taken is None else taken if ours is None else ours & taken
            without = np.empty(0, np.intp) if both is None else np.flatnonzero(~both[:n])
            host.turn(n, without)
            guest[1].turn(host, without)

    def run(self, n: int) -> LaneRun:
        """Run lanes 0 … n - 1.

        ValueError for an n outside 0 … capacity; GuestMisbehaved where the guest wrote outside its outputs or contradicts itself;
        BackingOff, BridgeClosed, UnsafeHost as they say. A guest that is stopped is no exception, but `stop` of the result; the lane there
        is what the guest announced last, which is not always the one to blame: `run_isolating` makes sure.
        """
        with self._sandbox.lock:
            self._admit(n)
            return self._settle(self._finish(n, self._attempt(n, self._sandbox.budget.fuel_for_lanes(n))))

    def run_isolating(self, n: int, max_bad: int = 8) -> LaneRun:
        """Run lanes 0 … n - 1, leaving out the lanes at which the guest is stopped.

        A lane is left out when it also stops on its own, with the budget of one lane. It stays so: `active` has False for it afterwards.
        Where more than `max_bad` lanes are bad the result is a stopped run that names the next one; where no single lane is to blame, a
        stopped run that names none. Raises what `run` raises.
        """
        with self._sandbox.lock:
            self._admit(n)
            return self._settle(self._isolate(n, max_bad))

    def _settle(self, run: LaneRun) -> LaneRun:
        """Count a stopped run as one failure, however many tries it took."""
        if run.stop is not None:
            self._sandbox.reject()
        return run

    def _isolate(self, n: int, max_bad: int) -> LaneRun:
        budget = self._sandbox.budget
        full = budget.fuel_for_lanes(n)
        limit = min(full, budget.fuel_for_lanes(1) + max(n * _TRIAL_FUEL_PER_LANE, _TRIAL_FACTOR * self._largest_fuel))
        isolated: list[GuestStop] = []
        fuel, seconds = 0, 0.0
        while True:
            run = self._finish(n, self._attempt(n, limit))
            if run.stop is None and not isolated and not fuel:
                return run
            fuel, seconds = fuel + run.fuel, seconds + run.seconds
            stop = None if run.stop is None else self._blame(run.stop)
            if stop is None or (stop.lane is None and limit == full) or (stop.lane is not None and len(isolated) == max_bad):
                return replace(run, stop=stop, isolated=tuple(isolated), fuel=fuel, seconds=seconds)
            if stop.lane is None:
                limit = full
            else:
                isolated.append(stop)
                self._host.active[stop.lane] = False

    def _blame(self, stop: GuestStop) -> GuestStop:
        """Return the stop of the announced lane on its own, where it stops so too; else the stop given, without a lane."""
        alone = None if stop.lane is None else self._run_alone(stop.lane)
        return alone or GuestStop(stop.module, stop.kind, stop.reason)

    def close(self) -> None:
        """Free the module, after a run that is under way; idempotent. Arrays taken from it stay valid, and idle."""
        with self._sandbox.lock:
            self._closed = True
            self._guest = None
            self._sandbox.close()

    def __enter__(self) -> LaneModule:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    def _open(self) -> HostColumns:
        if self._closed:
            raise BridgeClosed(self._sandbox.name)
        return self._host

    def _admit(self, n: int) -> None:
        if not 0 <= n <= self._layout.capacity:
            raise ValueError(f"{self._sandbox.name}: {n} lanes are not within its capacity, 0 to {self._layout.capacity}")
        self._sandbox.admit()

    def _columns(self, instance: Instance) -> GuestColumns:
        if self._guest is None or self._guest[0] is not instance:
            columns = GuestColumns(instance.memory, self._sandbox.info.heap_base, self._layout, instance.calls[self._entry])
            self._guest = (instance, columns)
        return self._guest[1]

    def _attempt(self, n: int, fuel: int) -> tuple[CallEnd, GuestColumns]:
        self._results = None
        instance = self._sandbox.instance()
        guest = self._columns(instance)
        guest.prepare(self._host, n)
        instance.calls[self._entry].set_argument(0, n)
        return self._sandbox.call(self._entry, fuel), guest

    def _run_alone(self, lane: int) -> GuestStop | None:
        """Run one lane as if there were no other; return why it was stopped, None where it was not. Commits nothing."""
        columns = [self._host.active, *self._host.lane_columns]
        firsts = [column[0] for column in columns]
        try:
            for column in columns:
                column[0] = column[lane]
            outcome, _ = self._attempt(1, self._sandbox.budget.fuel_for_lanes(1))
        finally:
            for column, first in zip(columns, firsts, strict=True):
                column[0] = first
        if isinstance(outcome.result, Stop):
            return GuestStop(self._sandbox.name, outcome.result.kind, outcome.result.cause, lane)
        return None

    def _finish(self, n: int, attempt: tuple[CallEnd, GuestColumns]) -> LaneRun:
        outcome, guest = attempt
        sandbox, result = self._sandbox, outcome.result
        if isinstance(result, Stop):
            stop = GuestStop(sandbox.name, result.kind, result.cause, guest.announced_lane(self._host))
            return LaneRun(np.zeros(n, np.uint32), 0, np.empty(0, np.intp), stop, outcome.fuel, outcome.seconds)
        if reason := guest.trespass(self._host):
            self._misbehaved(f"wrote {reason}")
        words, committed = self._error_words(guest, n)
        errors = 0 if words is self._clean[0] else int(np.count_nonzero(words))
        if errors != result:
            self._misbehaved(f"reported {result} lanes with an error; the error words say {errors}")
        nonfinite = self._nonfinite(guest, n, committed)
        if len(nonfinite):
            committed = np.ones(n, np.bool_) if committed is None else committed
            committed[nonfinite] = False
        self._check_bools(guest, n, committed)
        self._commit(guest, n, committed)
        self._results = n, committed
        sandbox.accept()
        self._largest_fuel = max(self._largest_fuel, outcome.fuel)
        return LaneRun(words, errors, nonfinite, None, outcome.fuel, outcome.seconds)

    def _error_words(self, guest: GuestColumns, n: int) -> tuple[NDArray[np.uint32], Mask | None]:
        """Return a copy of the error words, 0 for lanes that are not active, and which lanes have results (None: every one)."""
        active = self._host.active[:n]
        if np.count_nonzero(active) == n:
            # One comparison of blocks, which most calls pass.
            no_words, no_bytes = self._no_errors(n)
            if no_bytes == guest.error_bytes[: len(no_bytes)]:
                return no_words, None
            words = guest.errors[:n].copy()
            return words, words == 0
        words = np.zeros(n, np.uint32)
        np.copyto(words, guest.errors[:n], where=active)
        return words, active & (words == 0)

    def _no_errors(self, n: int) -> tuple[NDArray[np.uint32], bytearray]:
        """Return n error words that are 0, which nobody can write to, and their bytes."""
        if len(self._clean[0]) != n:
            self._clean = np.zeros(n, np.uint32), bytearray(n * 4)
            self._clean[0].flags.writeable = False
        return self._clean

    def _nonfinite(self, guest: GuestColumns, n: int, committed: Mask | None) -> NDArray[np.intp]:
        if not self._finite:
            return np.empty(0, np.intp)
        bad = np.zeros(n, np.bool_)
        for index in self._finite:
            bad |= ~np.isfinite(guest.outputs[index][:n])
        return np.flatnonzero(bad if committed is None else bad & committed)

    def _check_bools(self, guest: GuestColumns, n: int, committed: Mask | None) -> None:
        for position in self._bools:
            # Looked at as bytes until it is known to hold nothing but 0 and 1.
            found = guest.outputs[position][:n].view(np.uint8)
            if (found if committed is None else found[committed]).max(initial=0) > 1:
                self._misbehaved(f"wrote something other than 0 and 1 to bool column {self._layout.outputs[position].name!a}")

    def _commit(self, guest: GuestColumns, n: int, committed: Mask | None) -> None:
        for mine, theirs in zip(self._host.output_columns, guest.outputs, strict=True):
            if committed is None:
                mine[:n] = theirs[:n]
            else:
                np.copyto(mine[:n], theirs[:n], where=committed)

    def _misbehaved(self, cause: str) -> None:
        self._sandbox.reject()
        raise GuestMisbehaved(self._sandbox.name, f"entry {self._entry!a} {cause}")


def _positions(signature: EntrySignature) -> dict[str, tuple[int, ...]]:
    """Return the positions of each input's columns."""
    numbers = itertools.count()
    return {port.name: tuple(itertools.islice(numbers, len(port.slots))) for port in signature.inputs}


def _float_columns(signature: EntrySignature, names: frozenset[str]) -> tuple[int, ...]:
    """Return the indices of the float output columns of the ports named; ValueError where a name is no output's."""
    if unknown := names - {port.name for port in signature.outputs}:
        raise ValueError(f"entry {signature.name!r} has no output {sorted(unknown)[0]!r}")
    slots = [(port.name, slot) for port in signature.outputs for slot in port.slots]
    return tuple(index for index, (name, slot) in enumerate(slots) if name in names and slot in ("f64", "f32"))
