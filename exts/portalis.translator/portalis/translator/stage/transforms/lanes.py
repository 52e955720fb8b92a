"""Lanes whose prims have stacks of one shape: their ops' values as columns, from which parts are read and to which parts are written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from portalis.translator.stage.columns.backend import Indices, StageBackend
from portalis.translator.stage.columns.outlets import Feedback
from portalis.translator.stage.columns.transfer import Sink
from portalis.translator.stage.plan.executor import Columns
from portalis.translator.stage.plan.resolve import Target
from portalis.translator.stage.transforms.parts import Mask, Part, read_part
from portalis.translator.stage.transforms.roles import roles
from portalis.translator.stage.transforms.rotations import Array
from portalis.translator.stage.transforms.solve import Solution, Solver
from portalis.translator.stage.transforms.stack import Op, Stack
from portalis.translator.stage.values import Codec, Rows, changed_rows, codec_of, narrow, rows_to_slots, slots_to_rows


@dataclass(frozen=True, slots=True)
class PartReading:
    """A port that takes a part: its columns. With `once` it does so only at first, and at first only for the lanes of `first`."""

    port: str
    part: Part
    columns: Columns
    once: bool = False
    first: Mask | None = None


@dataclass(frozen=True, slots=True)
class OpFeedback:
    """Ports that read the attribute of the op at `place` as it is, and take what is written to it."""

    place: int
    port: Feedback


class StackLanes:
    """A feed: the stacks of some lanes of a group, all of one shape; `lanes` are (lane, place of its stack among `stacks`) in two arrays.

    The values of the ops are kept here, as written or as read; parts are taken from them. `own` are the places of the ops that the same
    lanes write: those are read at first, and afterwards are what was written. `written` are the attributes that some behaviour writes.
    """

    def __init__(
        self,
        backend: StageBackend,
        stacks: Sequence[Stack],
        lanes: tuple[Indices, Indices],
        readings: Sequence[PartReading],
        own: Collection[int],
        written: Collection[str],
    ) -> None:
        self.ops = stacks[0].ops
        self.stacks = stacks
        self.lanes, self._places = lanes
        self._readings = readings
        count = len(stacks)
        paths = [op.path for op in self.ops]
        # An attribute that stands twice is read once.
        self._same = [paths.index(path) for path in paths]
        self.values: list[Array] = [np.tile(np.array(op.identity), (count, 1)) for op in self.ops]
        # Scales and orientations that were written: of answers that mean the same, those are read back.
        self.signs: Array = np.ones((count, 3))
        self.like: Array = np.zeros((count, 4))
        self.changed = True
        self._first = True
        self._missing: Mask = np.zeros(len(self.lanes), np.bool_)
        self._ops = [self._op(backend, place, place in own, written) for place in range(len(self.ops)) if self._same[place] == place]

    def _op(self, backend: StageBackend, place: int, own: bool, written: Collection[str]) -> _OpColumn:
        paths = [stack.ops[place].path for stack in self.stacks]
        always: Mask = np.array([path in written for path in paths], np.bool_)
        return _OpColumn(backend, self.ops[place], place, paths, own, always)

    def mark(self, changed: Collection[str]) -> None:
        for op in self._ops:
            op.mark(changed)

    def refresh(self, time_code: float) -> Sequence[str]:
        taken: Sequence[str] = ()
        for op in self._ops:
            values = op.read(time_code, self.values[op.place])
            if values is not None:
                self.changed = True
                self.values[op.place] = values
        if self.changed:
            for place, same in enumerate(self._same):
                self.values[place] = self.values[same]
            self._take_parts()
            taken = [reading.port for reading in self._readings]
        self.changed = self._first = False
        return taken

    def report(self, missing: Mask) -> bool:
        missing[self.lanes] |= self._missing
        return bool(self._missing.any())

    def _take_parts(self) -> None:
        missing: Mask = np.zeros(len(self.lanes), np.bool_)
        for reading in self._readings:
            if reading.once and not self._first:
                continue
            rows, bad = read_part(reading.part, self.ops, self.values, len(self.stacks), self.signs, self.like)
            chosen = np.arange(len(self.lanes))
            if reading.first is not None and self._first:
                chosen = chosen[reading.first]
            rows_to_slots(rows[self._places[chosen]], reading.columns, self.lanes[chosen])
            missing[chosen] |= bad[self._places[chosen]]
        self._missing = missing


class _OpColumn:
    """The attribute of one op, for each lane."""

    def __init__(self, backend: StageBackend, op: Op, place: int, paths: Sequence[str], own: bool, always: Mask) -> None:
        codec = codec_of(op.type_name)
        assert codec is not None, "ops have types that cross"
        self.place = place
        self._identity = np.array(op.identity)
        self._reader = backend.column_reader(paths, codec, ())
        self._own = own
        self._always = always
        self._stale: Mask = np.ones(len(paths), np.bool_)
        self._indices: dict[str, list[int]] = {}
        for index, path in enumerate(paths):
            self._indices.setdefault(path, []).append(index)

    def mark(self, changed: Collection[str]) -> None:
        edited = [index for path in self._indices.keys() & changed for index in self._indices[path]]
        self._reader.look_again(np.array(edited, np.intp))
        if not self._own:
            self._stale[edited] = True

    def read(self, time_code: float, before: Array) -> Array | None:
        """Return new values where any are due, or None."""
        due = self._stale if self._own else self._stale | self._always | self._reader.varying
        which = np.flatnonzero(due)
        if not len(which):
            return None
        rows, without, _ = self._reader.read(time_code, which)
        values = before.copy()
        values[which] = rows
        values[which[without]] = self._identity
        self._stale[:] = False
        return values


class StackWriter:
    """Writes parts of the transforms of `source`'s lanes through their stacks; `parts` are written by one outlet each."""

    def __init__(
        self, backend: StageBackend, source: StackLanes, writes: Sequence[tuple[str, Part]], feedback: Sequence[OpFeedback]
    ) -> None:
        self._source = source
        self._writes = writes
        self._feedback = feedback
        self._due: list[tuple[int, Indices, Rows, Mask]] = []
        self._wanted: dict[Part, Array] = {}
        self._before: tuple[dict[Part, Array], list[Array]] | None = None
        count = len(source.lanes)
        self._solution = Solution({}, np.zeros(count, np.bool_))
        self._solver = Solver(source.ops, roles(source.stacks[0])[0])
        self._places = self._solver.set_ops(frozenset(part for _, part in writes))
        self._codecs: dict[int, Codec] = {}
        self._targets: dict[int, list[Target]] = {}
        for place in self._places:
            codec = codec_of(source.ops[place].type_name)
            assert codec is not None, "ops have types that cross"
            self._codecs[place] = codec
            self._targets[place] = [Target(stack.ops[place].path, stack.ops[place].type_name) for stack in source.stacks]
        self._writers = {place: backend.column_writer(targets, self._codecs[place], ()) for place, targets in self._targets.items()}
        self._last: dict[int, Rows] = {place: np.zeros((count, codec.width), codec.dtype) for place, codec in self._codecs.items()}
        self._written: dict[int, Mask] = {place: np.zeros(count, np.bool_) for place in self._places}

    def outlets(self) -> list[PartOutlet]:
        """Return an outlet for each part, in order; the last one solves and writes what all were given."""
        ports = tuple(item.port for item in self._feedback)
        return [PartOutlet(self, name, part, index == len(self._writes) - 1, ports) for index, (name, part) in enumerate(self._writes)]

    def take(self, part: Part, outputs: Columns) -> None:
        """Take a part's new values."""
        self._wanted[part] = slots_to_rows(outputs, self._source.lanes).astype(np.float64)

    def solve(self, ok: Mask) -> None:
        """Find the ops' values; clear `ok` for the lanes whose stack cannot compose to what is wanted."""
        wanted, values = dict(self._wanted), list(self._source.values)
        if not self._is_solved(wanted, values):
            self._solution = self._solver.solve(values, wanted, self._source.signs)
            self._before = wanted, values
        ok[self._source.lanes] &= ~self._solution.bad

    def settle(self, ok: Mask) -> int:
        """Take the values of the lanes that are `ok` where they changed; return how many attributes that is."""
        source = self._source
        good = ok[source.lanes]
        self._due = []
        for place in self._places:
            solved = self._solution.values.get(place)
            if solved is None:
                continue
            rows, _ = narrow(solved, self._codecs[place], True)
            which = np.flatnonzero(good & (~self._written[place] | changed_rows(rows, self._last[place])))
            if len(which):
                self._take(place, which, rows[which])
        if "scale" in self._wanted:
            source.signs = np.where(good[:, None], self._wanted["scale"], source.signs)
        if "orientation" in self._wanted:
            source.like = np.where(good[:, None], self._wanted["orientation"], source.like)
        return sum(len(which) for _, which, _, _ in self._due)

    def _take(self, place: int, which: Indices, rows: Rows) -> None:
        source = self._source
        alike = self._written[place][which] & (rows == self._last[place][which]).all(axis=1)
        self._due.append((place, which, rows, alike))
        self._last[place][which] = rows
        self._written[place][which] = True
        values = source.values[place].copy()
        values[which] = rows
        source.values[place] = values
        source.changed = True
        for item in self._feedback:
            if item.place == place:
                rows_to_slots(rows, item.port.columns, source.lanes[which])

    def emit(self, sinks: Sequence[Sink]) -> None:
        """Hand the values that changed to `sinks`, and write them to the stage, which composes them."""
        for place, which, rows, alike in self._due:
            self._writers[place].write(which, rows, alike)
            for sink in sinks:
                sink.column(self._targets[place], self._codecs[place], (), which, rows)

    def _is_solved(self, wanted: Mapping[Part, Array], values: Sequence[Array]) -> bool:
        if self._before is None:
            return False
        before, old = self._before
        same = all(value is other for place, (value, other) in enumerate(zip(values, old, strict=True)) if place not in self._places)
        return same and not self._source.changed and all(np.array_equal(wanted[part], before[part]) for part in wanted)


class PartOutlet:
    """An outlet: some lanes of one result, which is a part of a transform."""

    exact = False

    def __init__(self, writer: StackWriter, name: str, part: Part, last: bool, feedback: tuple[Feedback, ...]) -> None:
        self.name = name
        self.feedback = feedback
        self._writer = writer
        self._part = part
        self._is_last = last

    def unfit(self, outputs: Columns, ok: Mask) -> None:
        self._writer.take(self._part, outputs)
        if self._is_last:
            self._writer.solve(ok)

    def settle(self, ok: Mask) -> int:
        return self._writer.settle(ok) if self._is_last else 0

    def follow(self, columns: Columns) -> None:
        raise AssertionError("what ops hold is not what the lanes computed")

    def emit(self, sinks: Sequence[Sink]) -> None:
        if self._is_last:
            self._writer.emit(sinks)

    def flush(self) -> None:
        """Do nothing: the stage gets every value at once."""
