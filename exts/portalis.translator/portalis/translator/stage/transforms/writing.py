"""Results that are parts of transforms, on their way to the ops of their lanes' stacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from portalis.translator.stage.columns.backend import Indices
from portalis.translator.stage.columns.outlets import Feedback
from portalis.translator.stage.columns.plumbing import Connections
from portalis.translator.stage.columns.shown import Shown
from portalis.translator.stage.columns.transfer import Sink
from portalis.translator.stage.columns.written import Written
from portalis.translator.stage.plan.executor import Columns
from portalis.translator.stage.plan.resolved import Target
from portalis.translator.stage.transforms.lanes import StackLanes
from portalis.translator.stage.transforms.parts import Mask, Part
from portalis.translator.stage.transforms.roles import roles
from portalis.translator.stage.transforms.rotations import Array
from portalis.translator.stage.transforms.solve import Solution, Solver
from portalis.translator.stage.values import Rows, changed_rows, codec_of, narrow, rows_to_slots, slots_to_rows


@dataclass(frozen=True, slots=True)
class OpFeedback:
    """A port that reads the attribute of the op at `place` as it is, and takes what is written to it."""

    place: int
    port: Feedback


class StackWriter:
    """Writes parts of the transforms of `source`'s lanes through their stacks: `writes` are results and parts, each with an outlet."""

    def __init__(self, around: Connections, source: StackLanes, writes: Sequence[tuple[str, Part]], feedback: Sequence[OpFeedback]) -> None:
        self._source = source
        self._writes = writes
        self._feedback = feedback
        self._wanted: dict[Part, Array] = {}
        self._before: tuple[dict[Part, Array], list[Array]] | None = None
        self._solution = Solution({}, np.zeros(len(source.lanes), np.bool_))
        self._solver = Solver(source.ops, roles(source.stacks[0])[0])
        self._ops = [_OpWriter(around, source, place) for place in self._solver.set_ops(frozenset(part for _, part in writes))]

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
        count = 0
        for op in self._ops:
            which, rows = op.take(self._solution.values.get(op.place), good)
            if len(which):
                source.put(op.place, which, rows)
                for item in self._feedback:
                    if item.place == op.place:
                        rows_to_slots(rows, item.port.columns, source.lanes[which])
            count += len(which)
        if "scale" in self._wanted:
            source.signs = np.where(good[:, None], self._wanted["scale"], source.signs)
        if "orientation" in self._wanted:
            source.like = np.where(good[:, None], self._wanted["orientation"], source.like)
        return count

    def emit(self, sinks: Sequence[Sink]) -> None:
        """Hand the values that changed to `sinks`, and write those to the stage that are published."""
        for op in self._ops:
            op.emit(sinks)

    def flush(self) -> None:
        """Write to the stage whatever it does not have yet."""
        for op in self._ops:
            op.flush()

    def _is_solved(self, wanted: Mapping[Part, Array], values: Sequence[Array]) -> bool:
        if self._before is None or self._source.changed:
            return False
        before, old = self._before
        own = {op.place for op in self._ops}
        same = all(value is other for place, (value, other) in enumerate(zip(values, old, strict=True)) if place not in own)
        return same and all(np.array_equal(wanted[part], before[part]) for part in wanted)


class _OpWriter:
    """The attribute of the op at `place` of each lane's stack, which gets solved values."""

    def __init__(self, around: Connections, source: StackLanes, place: int) -> None:
        codec = codec_of(source.ops[place].type_name)
        assert codec is not None, "ops have types that cross"
        targets = [Target(stack.ops[place].path, stack.ops[place].type_name) for stack in source.stacks]
        self.place = place
        self._written = Written(targets, codec, ())
        self._rows: Rows = np.zeros((len(targets), codec.width), codec.dtype)
        self._written.parts = tuple(self._rows.T)
        around.wires.lay(self._written)
        self._writer = around.backend.column_writer(targets, codec, ())
        self._published: Mask = np.array([around.publishes(target.path) for target in targets], np.bool_)
        self._which: Indices = np.zeros(0, np.intp)
        self._alike: Mask = np.zeros(0, np.bool_)
        self._behind = False
        self._shown = Shown()

    def take(self, solved: Array | None, good: Mask) -> tuple[Indices, Rows]:
        """Take the solved values of the lanes that are `good` where they changed; return those lanes' places and rows."""
        written = self._written
        if solved is None:
            self._which = self._which[:0]
            return self._which, self._rows[:0]
        rows, _ = narrow(solved, written.codec, True)
        self._which = which = np.flatnonzero(good & (~written.there | changed_rows(rows, self._rows)))
        there = written.there[which]
        # Of what was not written here the stage may have a value all the same.
        self._alike = np.where(there, (rows[which] == self._rows[which]).all(axis=1), (rows[which] == 0).any(axis=1))
        self._rows[which] = rows[which]
        written.version += bool(len(which))
        written.there[which] = True
        written.complete = bool(written.there.all())
        return which, rows[which]

    def emit(self, sinks: Sequence[Sink]) -> None:
        which = self._which
        if not len(which):
            return
        for sink in sinks:
            sink.column(self._written.targets, self._written.codec, (), which, self._rows[which])
        shown = self._published[which]
        if shown.any():
            self._writer.write(which[shown], self._rows[which[shown]], self._alike[shown])
        self._behind |= not shown.all()

    def flush(self) -> None:
        if self._behind:
            which, alike = self._shown.bring(self._written.parts, self._written.there & ~self._published)
            self._writer.write(which, self._rows[which], alike)
            self._behind = False


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

    def settle(self, ok: Mask, watched: bool) -> int:
        return self._writer.settle(ok) if self._is_last else 0

    def follow(self, columns: Columns) -> None:
        raise AssertionError("what ops hold is not what the lanes computed")

    def emit(self, sinks: Sequence[Sink]) -> None:
        if self._is_last:
            self._writer.emit(sinks)

    def flush(self) -> None:
        if self._is_last:
            self._writer.flush()
