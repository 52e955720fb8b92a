"""One group: the lanes of one behaviour that run as one call, with their state and their faults."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from portalis.translator.calling.values import build
from portalis.translator.stage.columns.backend import ArrayReader
from portalis.translator.stage.columns.feeds import Feed, parts_of_rows
from portalis.translator.stage.columns.owners import LaneOwners
from portalis.translator.stage.columns.plumbing import (
    build_feeds,
    build_outlets,
    count_reader,
    fed_back_inside,
    fill_defaults,
)
from portalis.translator.stage.columns.transfer import Mask
from portalis.translator.stage.columns.units import FrameTime
from portalis.translator.stage.plan.bindings import BindingKey
from portalis.translator.stage.plan.executor import (
    MISSING_INPUT,
    CompiledBehaviour,
    ExecutorFailure,
    Fault,
    LaneExecutor,
    LaneResult,
)
from portalis.translator.stage.plan.interface import EntryName
from portalis.translator.stage.plan.resolved import ResolvedBinding
from portalis.translator.stage.recording.call import Call, Tap
from portalis.translator.stage.run.kept import BehaviourTally, GroupKept, KeptField, LaneFault, Saved, Surroundings
from portalis.translator.stage.run.misfit import misfit
from portalis.translator.stage.run.together import Begun
from portalis.translator.stage.transforms.build import Site, build_transforms
from portalis.translator.stage.values import codec_of, empty_columns

FaultOf: TypeAlias = Callable[[int], Fault]
# Lanes that may use up their limit in one call before the rest of the group is given up: each costs a whole budget.
_STOPS_PER_CALL = 8
# Faults kept as data; the rest is counted.
_FAULTS_KEPT = 64


class Group:
    """The lanes of `bindings`, which share one behaviour; `tally` is the behaviour's, which may have several groups."""

    def __init__(
        self,
        around: Surroundings,
        compiled: CompiledBehaviour,
        bindings: tuple[ResolvedBinding, ...],
        saved: Mapping[BindingKey, Saved],
        tally: BehaviourTally,
        time_code: float,
    ) -> None:
        self._around = around
        self._stage, self._backend = around.connections.stage, around.connections.backend
        self._compiled = compiled
        self.bindings = bindings
        self.interface = compiled.interface
        self.frame_entry = compiled.interface.frame_entry
        self.tally = tally
        self.given_up = False
        # What the sandbox of the last call holds.
        self.memory_bytes = 0
        self.last_run: float | None = None
        self.ticks = 0
        self._executors: dict[EntryName, LaneExecutor] = {}
        # Where somebody changes what a call reads, every call gets all of it anew.
        self._inside = fed_back_inside(bindings, self.interface) if around.tap is None else frozenset()
        # What nobody assigns stays as it is.
        self._carried = [name for name, _ in self.interface.outputs if name in dict(self.interface.fields) and name not in self._inside]
        self._counts: list[tuple[str, ArrayReader] | None] = [count_reader(self._stage, self._backend, item) for item in bindings]
        self._counters = [counter for counter in self._counts if counter is not None]
        self._recount = False
        self._tapped: Tap | None = None
        fields = [name for name, _ in self.interface.fields]
        self._taken = {entry: frozenset((*fields, *(port.name for port in ports))) for entry, ports in self.interface.entries}
        self._build(saved, time_code)

    # ---------------------------------------------------------------------------------------------------------- the lanes
    @property
    def running(self) -> int:
        """The number of lanes that still run."""
        return 0 if self.given_up else int(np.count_nonzero(self._active))

    def failing(self) -> list[str]:
        """Return the prims of which a lane does not run: it failed, or has no value of an input now."""
        if self.given_up:
            return [item.key.path for item in self.bindings]
        idle = np.flatnonzero((self._active == 0) | self._was_missing)
        if not idle.size:
            return []
        places = np.unique(np.searchsorted(self._layout.offsets, idle, side="right") - 1)
        return [self.bindings[place].key.path for place in places.tolist()]

    def field(self, index: int, name: str) -> KeptField:
        """Return what the lanes of a binding, by its place, have in a field; nothing is moved by looking."""
        inside = self._holder if name in self._inside else None
        columns = self._state[name] if inside is None else self._executors[inside].inputs()[name]
        lanes = self._layout.of(index)
        slots = (column[lanes.start].item() for column in columns)
        count = lanes.stop - lanes.start
        value = build(dict(self.interface.fields)[name], slots, self.interface.strings) if count else None
        return KeptField(count, value)

    def save(self) -> dict[BindingKey, Saved]:
        """Return every binding's state, to be handed to the group that replaces this one."""
        return self.keep().saved()

    def keep(self) -> GroupKept:
        """Return the state of all lanes as it is between two frames."""
        self._take_out()
        fields = {name: (type_, tuple(column.copy() for column in self._state[name])) for name, type_ in self.interface.fields}
        return GroupKept(self._layout, fields, self._active.copy(), self.last_run, self.ticks, self.given_up)

    @property
    def follows_from_stage(self) -> bool:
        """Whether a group that is built anew on what this one kept, and on the stage, computes the same bits as this one.

        Lanes that wait for a value, or are to be tried again, may have read inputs in frames that are past. A stack that is written as a
        whole remembers which of several answers it was given.
        """
        waits = self._any_missing or self._around.on_error != "deactivate"
        return not waits and not any(item.decision.composes for item in self.bindings)

    def mark(self, changed: Collection[str]) -> None:
        """Read the attributes among `changed` again."""
        for feed in (*self._feeds, *self._previous_feeds):
            feed.mark(changed)
        for path, reader in self._counters:
            if path in changed:
                reader.look_again()
                self._recount = True
        if self._any_missing and any(target.path in changed for item in self.bindings for target in item.targets):
            # What was computed of another length stands over an array that somebody has corrected by now.
            self._recount = True

    def remeasure(self, time_code: float) -> bool:
        """Lay the lanes out again where a crowd's number of elements changed; lanes keep their state by their place in the crowd."""
        varying = any(reader.varying for _, reader in self._counters)
        if not self._recount and not (varying and self._measure(time_code).offsets != self._layout.offsets):
            return False
        self._recount = False
        self.flush()
        self._uncover(time_code)
        self._build(self.save(), time_code)
        return True

    def flush(self) -> None:
        """Write to the stage what it does not have yet of the results."""
        for outlet in self._outlets:
            outlet.flush()

    def _uncover(self, time_code: float) -> None:
        """Let the stage's own arrays show again, which now have another length, but keep the elements that were computed."""
        backend = self._backend
        for item in self.bindings:
            for target in (target for output in item.outputs for target in output.targets if target.type_name.endswith("[]")):
                codec = codec_of(target.type_name)
                assert codec is not None, "resolved targets have a type that crosses"
                computed = np.array(backend.array_reader(target.path, codec).read(time_code))
                backend.clear(target.path)
                rows = np.array(backend.array_reader(target.path, codec).read(time_code))
                common = min(len(rows), len(computed))
                rows[:common] = computed[:common]
                if len(rows):
                    backend.array_writer(target, codec).write(parts_of_rows(rows), False)
                for sink in self._around.sinks:
                    sink.array(target, codec, rows)

    def close(self) -> None:
        """Give the sandboxes back."""
        for executor in self._executors.values():
            executor.close()
        self._executors.clear()

    def _measure(self, time_code: float) -> LaneOwners:
        counts = [1 if counter is None else len(counter[1].read(time_code)) for counter in self._counts]
        return LaneOwners(self.bindings, (0, *np.cumsum(counts, dtype=np.int64).tolist()))

    def _build(self, saved: Mapping[BindingKey, Saved], time_code: float) -> None:
        around = self._around.connections
        self._layout = layout = self._measure(time_code)
        # The number of lanes: each call asks for it again and again.
        self.lanes = lanes = layout.lanes
        uniform = self.bindings[0].uniform
        self._state = {name: empty_columns(type_, lanes) for name, type_ in self.interface.fields}
        self._ports = {p.name: empty_columns(p.type, lanes) for p in self.interface.parameters if p.name not in uniform}
        for name, slots in self._compiled.initial().items():
            for column, value in zip(self._state[name], slots, strict=True):
                column[:] = value
        self._active = np.ones(lanes, np.uint8)
        self.fresh = np.ones(lanes, np.bool_)
        self._restore(saved)
        self._was_missing = np.zeros(lanes, np.bool_)
        fill_defaults(layout, {**self._ports, **self._state})
        if "index" in self.bindings[0].lane_hosts:
            self._fill_indices()
        kept = (~self.fresh, frozenset(self._state))
        self._columns = columns = {**self._ports, **self._state}
        self._feeds = build_feeds(around, layout, columns, False, kept)
        self._previous_feeds = build_feeds(around, layout, columns, True, kept)
        self._outlets = build_outlets(around, layout, self._ports, self._inside, time_code)
        transforms = build_transforms(Site(around, self._around.worlds, layout, columns, kept), self._around.host.gravity.at)
        self._feeds += transforms.feeds
        self._previous_feeds += transforms.previous
        self._outlets += transforms.outlets
        # Which columns each entry's executor does not have yet, and the entry whose executor has those that are fed back inside.
        self._pending = {entry: set(columns) for entry, _ in self.interface.entries}
        self._holder: EntryName | None = None
        self._any_missing = False

    def _restore(self, saved: Mapping[BindingKey, Saved]) -> None:
        for index, item in enumerate(self.bindings):
            before = saved.get(item.key)
            if before is None:
                continue
            start = self._layout.offsets[index]
            count = min(len(before.active), self._layout.offsets[index + 1] - start)
            kept = slice(start, start + count)
            for name, type_ in self.interface.fields:
                if name in before.fields and before.fields[name][0] == type_:
                    for column, values in zip(self._state[name], before.fields[name][1], strict=True):
                        column[kept] = values[:count]
            self.fresh[kept] = False
            self.last_run, self.ticks = before.last_run, before.ticks
            # Edited code, and what is bound to something else, gets another chance where it failed before.
            self._active[kept] = before.active[:count] if before.active.all() or item.same_as(before.binding) else 1

    # ----------------------------------------------------------------------------------------------------------- one call
    def gather_previous(self, time_code: float) -> None:
        """Read the inputs marked `previous`; called before anything runs in the frame."""
        self._refresh(self._previous_feeds, time_code)

    def run(self, entry: EntryName, now: FrameTime, only: Mask | None = None) -> None:
        """Run one entry over all lanes, or those of `only`, and commit what they computed."""
        begun = self.begin(entry, now, only)
        if begun is not None:
            begun.call()
            self.finish(begun)

    def begin(self, entry: EntryName, now: FrameTime, only: Mask | None = None) -> Begun | None:
        """Bring the inputs of a call into its sandbox; `finish` takes it once it was made. None where nothing is to be called."""
        if self.given_up or not self.lanes:
            return None
        started = time.perf_counter()
        try:
            return self._begin(entry, now, only)
        except ExecutorFailure as failure:
            self._give_up(failure, now)
            return None
        finally:
            self.tally.gather += time.perf_counter() - started

    def finish(self, begun: Begun) -> None:
        """Commit what a call computed."""
        started = time.perf_counter()
        try:
            ok = self._settle(begun)
            settled = time.perf_counter()
            if ok is not None:
                self._commit(begun.entry, begun.executor, ok, begun.now)
            self.tally.bridge += begun.seconds + settled - started
            self.tally.scatter += time.perf_counter() - settled
        except ExecutorFailure as failure:
            self._give_up(failure, begun.now)

    def _give_up(self, failure: ExecutorFailure, now: FrameTime) -> None:
        self.given_up = True
        self._record(np.zeros(1, np.intp), now, partial(_same, failure.fault))

    def _begin(self, entry: EntryName, now: FrameTime, only: Mask | None) -> Begun:
        executor = self._executor(entry)
        # What happens when a run is stopped is part of no frame.
        self._tapped = self._around.tap if entry != "on_stop" else None
        active = self._gather(entry, executor, now)
        if only is not None:
            active &= only
        if self._tapped is not None:
            self._tapped.before(Call(self._layout, self.interface, entry, now, executor.inputs(), active))
        return Begun(executor, active, entry, now)

    def _executor(self, entry: EntryName) -> LaneExecutor:
        executor = self._executors.get(entry)
        if executor is None or executor.capacity < self.lanes:
            room = self.lanes
            if executor is not None:
                room = max(room, executor.capacity * 3 // 2)
                executor.close()
            names = {parameter.name for parameter in dict(self.interface.entries)[entry]}
            # A tap may write to what a call reads.
            kept = frozenset(self._columns) if self._around.tap is None else frozenset()
            executor = self._executors[entry] = self._compiled.executor(
                entry, self.bindings[0].uniform & names, room, self._around.limits, self._inside, kept
            )
            self._pending[entry] = set(self._columns)
        return executor

    def _refresh(self, feeds: Sequence[Feed], time_code: float) -> None:
        for feed in feeds:
            for name in feed.refresh(time_code):
                self._renew(name)

    def _renew(self, name: str) -> None:
        """Have every entry take the column `name` again."""
        for pending in self._pending.values():
            pending.add(name)

    def _take_out(self) -> None:
        """Bring what is fed back inside a sandbox out to the group's own columns."""
        if self._holder is None:
            return
        given = self._executors[self._holder].inputs()
        for name in self._inside:
            for column, values in zip(self._columns[name], given[name], strict=True):
                column[:] = values[: self.lanes]
            self._renew(name)
        self._holder = None

    def _gather(self, entry: EntryName, executor: LaneExecutor, now: FrameTime) -> NDArray[np.uint8]:
        if self._holder != entry:
            self._take_out()
        self._refresh(self._feeds, now.time_code)
        views = executor.inputs()
        pending = self._pending[entry] if self._around.tap is None else set(self._columns)
        for name, slots in views.items():
            if name not in self._columns:
                for view, value in zip(slots, self._around.host.uniform(name, now), strict=True):
                    view[0] = value
            elif name in pending and self._around.tap is None:
                executor.feed(name, self._columns[name])
            elif name in pending:
                for view, column in zip(slots, self._columns[name], strict=True):
                    view[: self.lanes] = column
        pending.clear()
        missing = self._without_value(entry, now)
        return self._active.copy() if missing is None else self._active & ~missing

    def _without_value(self, entry: EntryName, now: FrameTime) -> Mask | None:
        """Return which lanes lack the value of an input that `entry` takes (None: no lane), and record those that had one before."""
        missing = np.zeros(self.lanes, np.bool_)
        taken = self._taken[entry]
        reports = [feed.report(missing, taken) for feed in (*self._feeds, *self._previous_feeds)]
        found = any(reports)
        if found or self._any_missing:
            self._record(np.flatnonzero(missing & ~self._was_missing), now, partial(_same, MISSING_INPUT))
            self._was_missing, self._any_missing = missing, found
        return missing if found else None

    def _fill_indices(self) -> None:
        for index, item in enumerate(self.bindings):
            lanes = self._layout.of(index)
            self._ports["index"][0][lanes] = np.arange(lanes.stop - lanes.start) if item.kind.numbers_elements else item.index

    def _settle(self, begun: Begun) -> Mask | None:
        """Return which lanes of a call have a result, or None where the group had to be given up."""
        executor, active, now, result = begun.executor, begun.active, begun.now, begun.outcome()
        self._count(result)
        for _ in range(_STOPS_PER_CALL):
            if result.stop is None or result.stopped_lane is None:
                break
            # Outputs are shadow columns, so the inputs are as they were: without the lane that ended it, the same call can be made again.
            self._record(np.array([result.stopped_lane]), now, partial(_same, result.stop))
            self._active[result.stopped_lane] = active[result.stopped_lane] = 0
            result = executor.run(active)
            self._count(result)
        if result.stop is not None:
            self.given_up = True
            self._record(np.flatnonzero(active)[:1], now, partial(_same, result.stop))
            return None
        ok: Mask = active != 0
        errors = result.errors[: self.lanes]
        if not result.clean and errors.any():
            failed = np.flatnonzero((errors != 0) & ok)
            self._record(failed, now, lambda lane: executor.fault(int(errors[lane])))
            self._retire(failed)
            ok[failed] = False
        return ok

    def _count(self, result: LaneResult) -> None:
        self.tally.fuel += result.fuel
        self.memory_bytes = result.memory_bytes

    def _commit(self, entry: EntryName, executor: LaneExecutor, ok: Mask, now: FrameTime) -> None:
        views = executor.outputs()
        if executor.capacity > self.lanes:
            views = {name: tuple([view[: self.lanes] for view in slots]) for name, slots in views.items()}
        fits = ok.copy()
        for outlet in self._outlets:
            outlet.unfit(views[outlet.name], fits)
        everything = np.count_nonzero(fits) == self.lanes
        if not everything and len(unfit := np.flatnonzero(ok & ~fits)):
            self._record(unfit, now, partial(misfit, self._outlets, views, self.interface, self.lanes))
            self._retire(unfit)
        watched = bool(self._around.sinks)
        if self._tapped is not None:
            self._tapped.after(fits, views)
        for name in self._carried:
            for column, view in zip(self._state[name], views[name], strict=True):
                np.copyto(column, view, where=fits)
            self._renew(name)
        for outlet in self._outlets:
            self.tally.writes += outlet.settle(fits, watched)
            for port in outlet.feedback:
                self._renew(port.name)
        if self._inside:
            executor.advance(None if everything else fits)
            self._holder = entry
        given = executor.inputs()
        for outlet in self._outlets:
            if outlet.exact:
                outlet.follow(given[outlet.name])
            outlet.emit(self._around.sinks)

    def _retire(self, lanes: NDArray[np.intp]) -> None:
        if self._around.on_error == "deactivate":
            self._active[lanes] = 0

    def _record(self, lanes: NDArray[np.intp], now: FrameTime, explain: FaultOf) -> None:
        self.tally.fault_count += len(lanes)
        for lane in lanes[: max(0, _FAULTS_KEPT - len(self.tally.faults))].tolist():
            item, element = self._layout.owner(lane)
            self.tally.faults.append(LaneFault(item.key, element, now.frame, explain(lane)))


def _same(fault: Fault, _: int) -> Fault:
    return fault
