"""Gather: attributes of a stage, and what other behaviours wrote, become the columns that lanes read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from portalis.translator.stage.columns.backend import ArrayReader, ColumnReader, Indices
from portalis.translator.stage.columns.handed import HandedLanes
from portalis.translator.stage.columns.packing import Parts
from portalis.translator.stage.columns.transfer import Mask
from portalis.translator.stage.columns.written import Wires
from portalis.translator.stage.plan.executor import Columns
from portalis.translator.stage.values import Rows, rows_to_slots


class Feed(Protocol):
    """Some lanes of one port, or of several, filled from the stage or from what behaviours wrote."""

    def mark(self, changed: Collection[str]) -> None:
        """Read the attributes among `changed` again at the next refresh."""

    def refresh(self, time_code: float) -> Sequence[str]:
        """Bring columns up to date and return the names of the ports that may have other values."""

    def report(self, missing: Mask, taken: Collection[str]) -> bool:
        """Mark the lanes that had no value of a port among `taken` at the last refresh in `missing` and tell whether there are any."""


@dataclass(frozen=True, slots=True)
class LaneReads:
    """What each lane of a feed reads: its `paths` and `lanes`, both in order.

    Attributes `handed` are written by other behaviours, those `fed_back` by the lane itself: these are read only at first, and afterwards
    its own result is put there. `stale` ones are read at first. Where one that is `optional` has no value, the lane gets its row of
    `defaults`, which has a column a slot.
    """

    paths: Sequence[str]
    lanes: Indices
    handed: Mask
    fed_back: Mask
    stale: Mask
    defaults: Columns
    optional: Mask


class ColumnFeed:
    """Lane i reads an attribute of its own: each time where it varies or is handed, else at first and when it is marked."""

    def __init__(self, name: str, reader: ColumnReader, reads: LaneReads, columns: Columns, wires: Wires, strings: Sequence[str]) -> None:
        self._names = (name,)
        self._reader = reader
        self._reads = reads
        self._columns = columns
        # Those that go by what the stage has: the others have their own result, or that of another behaviour.
        self._by_stage = ~reads.fed_back & ~reads.handed
        self._stale = reads.stale & (self._by_stage | reads.fed_back)
        self._missing = np.zeros(len(reads.lanes), np.bool_)
        self._any_missing = False
        handed = np.flatnonzero(reads.handed & ~reads.fed_back)
        self._handed_count = len(handed)
        self._handed = HandedLanes(wires, reads.paths, reads.lanes, handed, columns, strings)
        self._indices: dict[str, list[int]] | None = None
        reader.look_again(np.flatnonzero(self._by_stage))
        self._look_what_is_due()

    def _look_what_is_due(self) -> None:
        self._varying = self._reader.varying & self._by_stage
        self._due = bool(self._varying.any() or self._stale.any())

    def mark(self, changed: Collection[str]) -> None:
        if self._indices is None:
            self._indices = {}
            for index, path in enumerate(self._reads.paths):
                self._indices.setdefault(path, []).append(index)
        edited = [index for path in self._indices.keys() & changed for index in self._indices[path]]
        if edited:
            self._reader.look_again(np.array(edited, np.intp))
            self._stale[edited] |= self._by_stage[edited]
            self._look_what_is_due()

    def refresh(self, time_code: float) -> Sequence[str]:
        unwritten = self._handed.take(self._missing)
        read = len(unwritten) < self._handed_count
        if self._due or len(unwritten):
            which = self._stale | self._varying
            which[unwritten] = True
            self._read(np.flatnonzero(which), time_code)
            read = True
        if read:
            self._any_missing = bool(self._missing.any())
        return self._names if read else ()

    def _read(self, which: Indices, time_code: float) -> None:
        reads = self._reads
        rows, without, unfit = self._reader.read(time_code, which)
        rows_to_slots(rows, self._columns, reads.lanes[which])
        self._missing[which] = unfit | (without & ~reads.optional[which])
        if without.any():
            unset = which[without & reads.optional[which]]
            for column, default in zip(self._columns, reads.defaults, strict=True):
                column[reads.lanes[unset]] = default[unset]
        self._stale[which] = False
        self._due = bool(self._varying.any())

    def report(self, missing: Mask, taken: Collection[str]) -> bool:
        if not self._any_missing or self._names[0] not in taken:
            return False
        missing[self._reads.lanes] |= self._missing
        return True


class ArraySource(Protocol):
    """Where the elements of one array, or the one value that all lanes share, come from."""

    varying: bool

    def look_again(self) -> None:
        """Determine `varying` anew."""

    def parts(self, time_code: float) -> Parts:
        """Return the elements, one array a scalar; arrays of no elements where there is no value."""


class StageArray:
    """The elements that the stage has."""

    def __init__(self, reader: ArrayReader) -> None:
        self._reader = reader
        self.varying = reader.varying

    def look_again(self) -> None:
        self._reader.look_again()
        self.varying = self._reader.varying

    def parts(self, time_code: float) -> Parts:
        return parts_of_rows(self._reader.read(time_code))


class HandedArray:
    """The elements, or the one value, that another behaviour wrote; until it has, what the stage has."""

    varying = True

    def __init__(self, before: ArrayReader, path: str, wires: Wires, strings: Sequence[str]) -> None:
        self._before = before
        self._path = path
        self._wires = wires
        self._strings = list(strings)

    def look_again(self) -> None:
        self._before.look_again()

    def parts(self, time_code: float) -> Parts:
        array = self._wires.array(self._path)
        if array is not None and array.parts:
            return array.parts
        place = self._wires.place(self._path)
        if place is not None and place.written.there[place.index]:
            parts = tuple(part[place.index : place.index + 1] for part in place.written.parts)
            return self._own_token(place.written.strings[int(parts[0][0])]) if place.written.codec.family == "token" else parts
        return parts_of_rows(self._before.read(time_code))

    def _own_token(self, text: str) -> Parts:
        """Return the reader's own number of a text that the writer wrote; no element where its source has no such text."""
        return (np.array([self._strings.index(text)] if text in self._strings else [], np.int64),)


def parts_of_rows(rows: Rows) -> Parts:
    """Return the columns of rows, as views."""
    return tuple(rows[:, index] for index in range(rows.shape[1]))


class ArrayFeed:
    """The lanes of one crowd read the elements of one array; a single value is shared by all, and `default` stands for none.

    Where `fed_back` it is read only at first, and only by the lanes that are `stale`.
    """

    def __init__(
        self,
        name: str,
        source: ArraySource,
        path: str,
        lanes: slice,
        columns: Columns,
        default: Parts | None,
        fed_back: bool,
        stale: Mask,
    ) -> None:
        self._names = (name,)
        self._source = source
        self._path = path
        self._lanes = lanes
        self._columns = columns
        self._default = default
        self._fed_back = fed_back
        self._stale: Mask | None = stale if stale.any() else None
        self._missing = False

    def mark(self, changed: Collection[str]) -> None:
        if self._path in changed and not self._fed_back:
            self._source.look_again()
            self._stale = np.ones(self._lanes.stop - self._lanes.start, np.bool_)

    def refresh(self, time_code: float) -> Sequence[str]:
        varies = self._source.varying and not self._fed_back
        if not varies and self._stale is None:
            return ()
        which, self._stale = self._stale, None
        parts = self._source.parts(time_code)
        if not len(parts[0]) and self._default is not None:
            parts = self._default
        count = self._lanes.stop - self._lanes.start
        self._missing = len(parts[0]) not in (1, count)
        if self._missing and self._fed_back:
            # Nothing was computed that could stand in its place: another frame may have a value to begin with.
            self._stale = which
        if not self._missing:
            for column, part in zip(self._columns, parts, strict=True):
                if varies or which is None:
                    column[self._lanes] = part
                else:
                    np.copyto(column[self._lanes], part, where=which)
        return self._names

    def report(self, missing: Mask, taken: Collection[str]) -> bool:
        if not self._missing or self._names[0] not in taken:
            return False
        missing[self._lanes] = True
        return True


class ListFeed:
    """One lane takes a whole array as a list of fixed length; where `fed_back` only at first, and only where it is `stale`.

    Where there are no elements, the lane's row of `default`, a column a slot, stands.
    """

    def __init__(
        self,
        name: str,
        source: ArraySource,
        path: str,
        lane: int,
        columns: Columns,
        default: Parts | None,
        fed_back: bool,
        stale: bool,
    ) -> None:
        self._names = (name,)
        self._source = source
        self._path = path
        self._lane = lane
        self._columns = columns
        self._default = default
        self._fed_back = fed_back
        self._stale = stale
        self._missing = False

    def mark(self, changed: Collection[str]) -> None:
        if self._path in changed and not self._fed_back:
            self._source.look_again()
            self._stale = True

    def refresh(self, time_code: float) -> Sequence[str]:
        if not (self._stale or (self._source.varying and not self._fed_back)):
            return ()
        self._stale = False
        parts = self._source.parts(time_code)
        if not len(parts[0]) and self._default is not None:
            parts = self._default
        width = len(parts)
        self._missing = len(parts[0]) * width != len(self._columns)
        if not self._missing:
            for index, column in enumerate(self._columns):
                column[self._lane] = parts[index % width][index // width]
        return self._names

    def report(self, missing: Mask, taken: Collection[str]) -> bool:
        if not self._missing or self._names[0] not in taken:
            return False
        missing[self._lane] = True
        return True
