"""Lanes whose prims have stacks of one shape: their ops' values as columns, from which parts are read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from portalis.translator.stage.columns.backend import Indices, StageBackend
from portalis.translator.stage.plan.executor import Columns
from portalis.translator.stage.transforms.parts import Mask, Part, read_part
from portalis.translator.stage.transforms.rotations import Array
from portalis.translator.stage.transforms.stack import Stack, TransformOp
from portalis.translator.stage.values import Rows, codec_of, rows_to_slots


@dataclass(frozen=True, slots=True)
class PartReading:
    """A port that takes a part: its columns. With `once` it does so only at first, and at first only for the lanes of `first`."""

    port: str
    part: Part
    columns: Columns
    once: bool = False
    first: Mask | None = None


class StackLanes:
    """A feed: the stacks of some lanes of a group, all of one shape; `lanes` are (lane, place of its stack among `stacks`) in two arrays.

    The values of the ops at the places `needed` are kept here, as written or as read; parts are taken from them. `own` are the places of
    the ops that the same lanes write: those are read at first, and afterwards are what was written. `written` are the attributes that some
    behaviour writes.
    """

    def __init__(
        self,
        backend: StageBackend,
        stacks: Sequence[Stack],
        lanes: tuple[Indices, Indices],
        readings: Sequence[PartReading],
        needed: Collection[int],
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
        places = sorted({self._same[place] for place in (*needed, *own)})
        self._ops = [self._op(backend, place, place in own, written) for place in places]

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

    def put(self, place: int, which: Indices, rows: Rows) -> None:
        """Take the values that were written to an op of the stacks `which`."""
        values = self.values[place].copy()
        values[which] = rows
        self.values[place] = values
        self.changed = True

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

    def __init__(self, backend: StageBackend, op: TransformOp, place: int, paths: Sequence[str], own: bool, always: Mask) -> None:
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
