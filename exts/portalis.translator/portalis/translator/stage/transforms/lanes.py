"""Lanes whose prims have stacks of one shape: their ops' values as columns, from which parts are read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from portalis.translator.stage.columns.backend import Indices
from portalis.translator.stage.columns.plumbing import Connections
from portalis.translator.stage.plan.executor import Columns
from portalis.translator.stage.transforms.op_columns import OpColumn
from portalis.translator.stage.transforms.parts import Mask, Part, read_part
from portalis.translator.stage.transforms.rotations import Array
from portalis.translator.stage.transforms.stack import Stack
from portalis.translator.stage.values import Rows, rows_to_slots


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
    the ops that the same lanes write: those are read at first, and afterwards are what was written.
    """

    def __init__(
        self,
        around: Connections,
        stacks: Sequence[Stack],
        lanes: tuple[Indices, Indices],
        readings: Sequence[PartReading],
        needed: Collection[int],
        own: Collection[int],
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
        self._missing: dict[str, Mask] = {}
        places = sorted({self._same[place] for place in (*needed, *own)})
        self._columns = {
            place: OpColumn(around, self.ops[place], [stack.ops[place].path for stack in stacks], place in own) for place in places
        }

    def mark(self, changed: Collection[str]) -> None:
        for column in self._columns.values():
            column.mark(changed)

    def refresh(self, time_code: float) -> Sequence[str]:
        taken: Sequence[str] = ()
        for place, column in self._columns.items():
            read = column.read(time_code)
            if read is not None:
                self.changed = True
                values = self.values[place].copy()
                values[read] = column.rows[read]
                self.values[place] = values
        if self.changed:
            for place, same in enumerate(self._same):
                self.values[place] = self.values[same]
            self._take_parts()
            taken = [reading.port for reading in self._readings]
        self.changed = self._first = False
        return taken

    def report(self, missing: Mask, taken: Collection[str]) -> bool:
        found = [mask for port, mask in self._missing.items() if port in taken]
        for mask in found:
            missing[self.lanes] |= mask
        return bool(found)

    def put(self, place: int, which: Indices, rows: Rows) -> None:
        """Take the values that were written to an op of the stacks `which`."""
        values = self.values[place].copy()
        values[which] = rows
        self.values[place] = values
        self.changed = True

    def _take_parts(self) -> None:
        self._missing = {}
        for reading in self._readings:
            if reading.once and not self._first:
                continue
            rows, bad = read_part(reading.part, self.ops, self.values, len(self.stacks), self.signs, self.like)
            chosen = np.arange(len(self.lanes))
            if reading.first is not None and self._first:
                chosen = chosen[reading.first]
            rows_to_slots(rows[self._places[chosen]], reading.columns, self.lanes[chosen])
            without = bad[self._places[chosen]]
            if without.any():
                mask = self._missing.setdefault(reading.port, np.zeros(len(self.lanes), np.bool_))
                mask[chosen] |= without
