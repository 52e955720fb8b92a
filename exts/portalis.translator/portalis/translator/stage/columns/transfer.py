"""Gather and scatter: between attributes of a stage and the columns that a behaviour's lanes read and write."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from portalis.translator.stage.columns.backend import ArrayReader, ArrayWriter, ColumnReader, ColumnWriter, Indices
from portalis.translator.stage.plan.executor import Columns
from portalis.translator.stage.plan.resolve import Target
from portalis.translator.stage.values import Codec, Rows, changed_rows, narrow, rows_to_slots, slots_to_rows

Mask: TypeAlias = NDArray[np.bool_]
LaneIndex: TypeAlias = Indices | slice


def lane_index(lanes: Sequence[int]) -> LaneIndex:
    """Return an index for numpy: a slice, which copies nothing, where the lanes follow one another."""
    if len(lanes) and lanes[-1] - lanes[0] + 1 == len(lanes) and all(a < b for a, b in itertools.pairwise(lanes)):
        return slice(lanes[0], lanes[-1] + 1)
    return np.array(lanes, np.intp)


# -------------------------------------------------------------------------------------------------------------------- gather
class Feed(Protocol):
    """Some lanes of one port, filled from the stage."""

    def mark(self, changed: Collection[str]) -> None:
        """Read the attributes among `changed` again at the next refresh."""

    def refresh(self, time_code: float) -> None:
        """Bring the port's columns up to date."""

    def report(self, missing: Mask) -> None:
        """Mark the lanes that had no value at the last refresh in `missing`."""


class ColumnFeed:
    """Lane i reads an attribute of its own.

    `always` marks the attributes to read each time besides those that vary; the others are read at first (where `stale`) and when marked.
    Those in `fed_back` are read only at first: afterwards the lane's own result is put there. Where one that is `optional` has no value,
    the lane gets its row of `defaults`, which has a column a slot.
    """

    def __init__(
        self,
        reader: ColumnReader,
        paths: Sequence[str],
        lanes: Sequence[int],
        columns: Columns,
        always: Mask,
        fed_back: Mask,
        stale: Mask,
        defaults: Columns,
        optional: Mask,
    ) -> None:
        self._reader = reader
        self._defaults = defaults
        self._optional = optional
        self._indices: dict[str, list[int]] = {}
        for index, path in enumerate(paths):
            self._indices.setdefault(path, []).append(index)
        self._lanes = np.array(lanes, np.intp)
        self._columns = columns
        self._always = always
        self._fed_back = fed_back
        self._stale = stale
        self._missing = np.zeros(len(lanes), np.bool_)

    def mark(self, changed: Collection[str]) -> None:
        edited = [index for path in self._indices.keys() & changed for index in self._indices[path]]
        self._reader.look_again(np.array(edited, np.intp))
        self._stale[edited] |= ~self._fed_back[edited]

    def refresh(self, time_code: float) -> None:
        which = np.flatnonzero(self._stale | ((self._reader.varying | self._always) & ~self._fed_back))
        if len(which):
            rows, without = self._reader.read(time_code, which)
            rows_to_slots(rows, self._columns, self._lanes[which])
            self._missing[which] = without & ~self._optional[which]
            if without.any():
                unset = which[without & self._optional[which]]
                for column, default in zip(self._columns, self._defaults, strict=True):
                    column[self._lanes[unset]] = default[unset]
            self._stale[which] = False

    def report(self, missing: Mask) -> None:
        missing[self._lanes] |= self._missing


class ArrayFeed:
    """The lanes of one crowd read the elements of one array; a single value is shared by all, and none means `default`.

    The other arguments are as for `ColumnFeed`, for the whole array.
    """

    def __init__(
        self,
        reader: ArrayReader,
        path: str,
        lanes: slice,
        columns: Columns,
        default: Rows | None,
        always: bool,
        fed_back: bool,
        stale: Mask,
    ) -> None:
        self._reader = reader
        self._path = path
        self._lanes = lanes
        self._columns = columns
        self._default = default
        self._always = always
        self._fed_back = fed_back
        self._stale = stale
        self._missing = False

    def mark(self, changed: Collection[str]) -> None:
        if self._path in changed and not self._fed_back:
            self._reader.look_again()
            self._stale = np.ones_like(self._stale)

    def refresh(self, time_code: float) -> None:
        varies = (self._reader.varying or self._always) and not self._fed_back
        which = np.ones_like(self._stale) if varies else self._stale
        if not which.any():
            return
        rows = self._reader.read(time_code)
        if not len(rows) and self._default is not None:
            rows = self._default
        self._missing = len(rows) not in (1, len(which))
        if not self._missing:
            chosen = np.broadcast_to(rows, (len(which), rows.shape[1]))[which]
            rows_to_slots(chosen, self._columns, self._lanes.start + np.flatnonzero(which))
        self._stale = np.zeros_like(self._stale)

    def report(self, missing: Mask) -> None:
        missing[self._lanes] |= self._missing


class ListFeed:
    """One lane takes a whole array as a list of fixed length."""

    def __init__(self, reader: ArrayReader, path: str, lane: int, columns: Columns, always: bool, fed_back: bool, stale: bool) -> None:
        self._reader = reader
        self._path = path
        self._lane = lane
        self._columns = columns
        self._always = always
        self._fed_back = fed_back
        self._stale = stale
        self._missing = False

    def mark(self, changed: Collection[str]) -> None:
        if self._path in changed and not self._fed_back:
            self._reader.look_again()
            self._stale = True

    def refresh(self, time_code: float) -> None:
        if not (self._stale or ((self._reader.varying or self._always) and not self._fed_back)):
            return
        row = self._reader.read(time_code).reshape(1, -1)
        self._missing = row.shape[1] != len(self._columns)
        if not self._missing:
            rows_to_slots(row, self._columns, slice(self._lane, self._lane + 1))
        self._stale = False

    def report(self, missing: Mask) -> None:
        missing[self._lane] |= self._missing


# ------------------------------------------------------------------------------------------------------------------- scatter
class Sink(Protocol):
    """Somebody who wants every value that is written: what bakes, or compares."""

    def at(self, time_code: float) -> None:
        """Begin a frame: what follows is its values. The start of a run has the time of its first frame."""

    def column(self, targets: Sequence[Target], codec: Codec, strings: Sequence[str], which: Indices, rows: Rows) -> None:
        """Take the new `rows` of the single-valued attributes `which` of `targets`."""

    def array(self, target: Target, codec: Codec, rows: Rows) -> None:
        """Take all elements of an array attribute."""


class Outlet(Protocol):
    """Some lanes of one result, on their way to attributes."""

    def unfit(self, outputs: Columns, ok: Mask) -> None:
        """Clear `ok` for every lane whose value the attribute cannot hold."""

    def commit(self, ok: Mask, sinks: Sequence[Sink]) -> int:
        """Write the values of the lanes that are `ok` where they changed, feed them back, and return how many attributes were written."""


class ColumnOutlet:
    """Lane i writes an attribute of its own; the columns of `feedback` take what was written, as the attribute rounds it."""

    def __init__(
        self,
        writer: ColumnWriter,
        targets: Sequence[Target],
        codec: Codec,
        strings: Sequence[str],
        lanes: Sequence[int],
        allowed: Mask | None,
        feedback: tuple[Columns, ...],
    ) -> None:
        self._writer = writer
        self._targets = targets
        self._codec = codec
        self._strings = strings
        self._lanes = lane_index(lanes)
        self._lane_numbers = np.array(lanes, np.intp)
        self._allowed = allowed
        self._feedback = feedback
        self._finite: Mask = np.array([".xformOp:" in target.path for target in targets], np.bool_)
        self._last: Rows = np.zeros((len(lanes), codec.width), codec.dtype)
        self._written = np.zeros(len(lanes), np.bool_)
        self._rows = self._last

    def unfit(self, outputs: Columns, ok: Mask) -> None:
        self._rows, bad = narrow(slots_to_rows(outputs, self._lanes), self._codec, self._finite)
        if self._allowed is not None:
            usable = np.clip(self._rows[:, 0], 0, max(len(self._strings) - 1, 0))
            bad |= ~self._allowed[np.arange(len(usable)), usable]
        ok[self._lanes] &= ~bad

    def commit(self, ok: Mask, sinks: Sequence[Sink]) -> int:
        good = ok[self._lanes]
        which = np.flatnonzero(good & (~self._written | changed_rows(self._rows, self._last)))
        if len(which):
            rows = self._rows[which]
            self._last[which] = rows
            self._written[which] = True
            self._writer.write(which, rows)
            for sink in sinks:
                sink.column(self._targets, self._codec, self._strings, which, rows)
            for columns in self._feedback:
                rows_to_slots(rows, columns, self._lane_numbers[which])
        return len(which)


@dataclass(frozen=True, slots=True)
class CrowdArray:
    """One crowd's array attribute: its lanes, the elements that are there before the run, and whether the attribute lacks those yet."""

    writer: ArrayWriter
    target: Target
    lanes: slice
    before: Rows
    fresh: bool


class ArrayOutlet:
    """The lanes of crowds write the elements of one array each; a lane without a result keeps the element that was there."""

    def __init__(self, arrays: Sequence[CrowdArray], codec: Codec, feedback: tuple[Columns, ...]) -> None:
        self._arrays = arrays
        self._codec = codec
        self._lanes = lane_index([lane for array in arrays for lane in range(array.lanes.start, array.lanes.stop)])
        counts = [array.lanes.stop - array.lanes.start for array in arrays]
        self._ends = np.cumsum(counts, dtype=np.intp).tolist()
        self._feedback = feedback
        self._last: Rows = np.concatenate([array.before for array in arrays])
        self._fresh = [array.fresh for array in arrays]
        self._rows = self._last

    def unfit(self, outputs: Columns, ok: Mask) -> None:
        self._rows, bad = narrow(slots_to_rows(outputs, self._lanes), self._codec, finite=True)
        ok[self._lanes] &= ~bad

    def commit(self, ok: Mask, sinks: Sequence[Sink]) -> int:
        changed = ok[self._lanes] & changed_rows(self._rows, self._last)
        self._last = np.where(changed[:, None], self._rows, self._last)
        written = 0
        for index, array in enumerate(self._arrays):
            own = slice(self._ends[index - 1] if index else 0, self._ends[index])
            if changed[own].any() or (self._fresh[index] and ok[array.lanes].any()):
                self._fresh[index] = False
                array.writer.write(self._last[own])
                for sink in sinks:
                    sink.array(array.target, self._codec, self._last[own])
                written += 1
        if written:
            for columns in self._feedback:
                rows_to_slots(self._last, columns, self._lanes)
        return written


class ListOutlet:
    """One lane's list of fixed length becomes a whole array."""

    def __init__(self, writer: ArrayWriter, target: Target, codec: Codec, lane: int, feedback: tuple[Columns, ...]) -> None:
        self._writer = writer
        self._target = target
        self._codec = codec
        self._lane = lane
        self._feedback = feedback
        self._last: Rows | None = None
        self._rows: Rows = np.zeros((0, codec.width), codec.dtype)

    def unfit(self, outputs: Columns, ok: Mask) -> None:
        flat = slots_to_rows(outputs, slice(self._lane, self._lane + 1))
        self._rows, bad = narrow(flat.reshape(-1, self._codec.width), self._codec, finite=True)
        ok[self._lane] &= not bad.any()

    def commit(self, ok: Mask, sinks: Sequence[Sink]) -> int:
        if not ok[self._lane] or (self._last is not None and not changed_rows(self._rows, self._last).any()):
            return 0
        self._last = self._rows
        self._writer.write(self._last)
        for sink in sinks:
            sink.array(self._target, self._codec, self._last)
        for columns in self._feedback:
            rows_to_slots(self._last.reshape(1, -1), columns, slice(self._lane, self._lane + 1))
        return 1


def allowed_tokens(lists: Sequence[Sequence[Any]], strings: Sequence[str]) -> Mask:
    """Return (lanes, strings): which of a program's strings each lane's attribute allows."""
    table = [[text in allowed for text in strings] for allowed in map(frozenset, lists)]
    return np.array(table, np.bool_).reshape(len(lists), len(strings))
