"""Scatter: the columns that lanes computed become what attributes hold, for whoever reads them next: others' columns, sinks, the stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from portalis.translator.stage.columns.backend import ArrayWriter, ColumnWriter, Indices
from portalis.translator.stage.columns.packing import (
    Part,
    Parts,
    all_narrowed,
    changed_parts,
    equal_parts,
    narrowed,
    rows_of_parts,
    zero_parts,
)
from portalis.translator.stage.columns.shown import Shown
from portalis.translator.stage.columns.transfer import LaneIndex, Mask, Sink, lane_index
from portalis.translator.stage.columns.written import Written, WrittenArray
from portalis.translator.stage.plan.executor import Columns
from portalis.translator.stage.plan.resolved import Target
from portalis.translator.stage.values import Codec, Rows, is_text


@dataclass(frozen=True, slots=True)
class Feedback:
    """The columns of a port that take an outlet's results as the attribute rounds them."""

    name: str
    columns: Columns


class Outlet(Protocol):
    """Some lanes of the result `name`, on their way to attributes.

    A call's results go through `unfit`, `settle`, and, once what is fed back is in its place, `emit`. The columns of an `exact` outlet hold
    what its attributes hold: fed back, they are its last values too, and `follow` says where those then are.
    """

    name: str
    exact: bool
    feedback: tuple[Feedback, ...]

    def unfit(self, outputs: Columns, ok: Mask) -> None:
        """Clear `ok` for every lane whose value the attribute cannot hold."""

    def settle(self, ok: Mask, watched: bool) -> int:
        """Take the values of the lanes that are `ok` and feed them back; return how many attributes changed for the stage or for sinks.

        Sinks want them where `watched`. Where nobody does, nobody looks for changes.
        """

    def follow(self, columns: Columns) -> None:
        """Take `columns`, one element a lane, as the last values from now on."""

    def emit(self, sinks: Sequence[Sink]) -> None:
        """Hand the attributes that changed to `sinks`, and write those to the stage that are published."""

    def flush(self) -> None:
        """Write to the stage whatever it does not have yet."""


def _feed_back(ports: Sequence[Feedback], new: Sequence[Part], lanes: LaneIndex, changed: Mask) -> None:
    for port in ports:
        for column, values in zip(port.columns, new, strict=True):
            if isinstance(lanes, slice):
                np.copyto(column[lanes], values, where=changed)
            else:
                column[lanes[changed]] = values[changed]


class ColumnOutlet:
    """Lane i writes an attribute of its own. `published` are the attributes that the stage gets, `allowed` (lanes, strings) tokens."""

    def __init__(
        self,
        name: str,
        written: Written,
        writer: ColumnWriter,
        published: Mask,
        lanes: Sequence[int],
        allowed: Mask | None,
        feedback: tuple[Feedback, ...],
        exact: bool,
    ) -> None:
        self.name = name
        self.exact = exact
        self.feedback = feedback
        self._written = written
        self._writer = writer
        self._published = published
        self._all_published = bool(published.all())
        self._any_published = bool(published.any())
        self._lanes: LaneIndex = lane_index(lanes)
        self._count = len(lanes)
        self._allowed = allowed
        self._finite: Mask = np.array([".xformOp:" in target.path for target in written.targets], np.bool_)
        self._any_finite = bool(self._finite.any())
        self._new: list[Part] = []
        self._changed: Mask = np.zeros(len(lanes), np.bool_)
        self._changes = 0
        self._sticky: Mask | None = None
        self._behind = False
        self._shown = Shown()

    def unfit(self, outputs: Columns, ok: Mask) -> None:
        lanes = self._lanes
        finite = self._finite if self._any_finite else False
        self._new, bad = all_narrowed([column[lanes] for column in outputs], self._written.codec, finite)
        if bad is not None:
            ok[lanes] &= ~bad
        if self._allowed is not None:
            usable = np.clip(self._new[0], 0, max(len(self._written.strings) - 1, 0))
            ok[self._lanes] &= self._allowed[np.arange(len(usable)), usable]

    def settle(self, ok: Mask, watched: bool) -> int:
        written = self._written
        if not (watched or self._any_published):
            self._changes, self._behind = 0, True
            if not (written.complete and self.exact and not self.feedback):
                self._take(ok[self._lanes])
            return 0
        self._changed = changed = changed_parts(self._new, written.parts)
        if not written.complete:
            changed |= ~written.there
        changed &= ok[self._lanes]
        self._changes = int(np.count_nonzero(changed))
        if self._changes:
            if self._any_published:
                before = written.there & equal_parts(self._new, written.parts)
                # Of what was not written here the stage may have a value all the same.
                self._sticky = changed & (before if written.complete else before | (~written.there & zero_parts(self._new)))
            self._take(changed)
        return self._changes

    def _take(self, which: Mask) -> None:
        written = self._written
        written.version += 1
        if not written.complete:
            written.there |= which
            written.complete = bool(written.there.all())
        if not self.exact:
            for part, new in zip(written.parts, self._new, strict=True):
                np.copyto(part, new, where=which)
        _feed_back(self.feedback, self._new, self._lanes, which)

    def follow(self, columns: Columns) -> None:
        self._written.parts = tuple([column[self._lanes] for column in columns])
        self._written.version += 1

    def emit(self, sinks: Sequence[Sink]) -> None:
        if not self._changes:
            return
        if sinks:
            which = np.flatnonzero(self._changed)
            rows = self._rows(which)
            for sink in sinks:
                sink.column(self._written.targets, self._written.codec, self._written.strings, which, rows)
        if self._any_published:
            which = np.flatnonzero(self._changed & self._published)
            assert self._sticky is not None, "`settle` came before"
            self._writer.write(which, self._rows(which), self._sticky[which])
        self._behind = not self._all_published

    def flush(self) -> None:
        if self._behind:
            which, alike = self._shown.bring(self._written.parts, self._written.there & ~self._published)
            self._writer.write(which, self._rows(which), alike)
            self._behind = False

    def _rows(self, which: Indices) -> Rows:
        return rows_of_parts(self._written.parts, slice(None) if len(which) == self._count else which)


@dataclass(frozen=True, slots=True)
class CrowdArray:
    """One crowd's array attribute: its lanes, the elements that are there before the run, and whether the attribute lacks those yet."""

    writer: ArrayWriter
    target: Target
    lanes: slice
    before: Rows
    fresh: bool
    published: bool
    written: WrittenArray


class ArrayOutlet:
    """The lanes of crowds write the elements of one array each; a lane without a result keeps the element that was there."""

    def __init__(self, name: str, arrays: Sequence[CrowdArray], codec: Codec, feedback: tuple[Feedback, ...], exact: bool) -> None:
        self.name = name
        self.exact = exact
        self.feedback = feedback
        self._arrays = arrays
        self._codec = codec
        self._lanes = lane_index([lane for array in arrays for lane in range(array.lanes.start, array.lanes.stop)])
        ends = np.cumsum([array.lanes.stop - array.lanes.start for array in arrays], dtype=np.intp).tolist()
        self._own = [slice(start, end) for start, end in zip([0, *ends], ends, strict=False)]
        rows = np.concatenate([array.before for array in arrays])
        self._parts: Parts = tuple(np.ascontiguousarray(rows[:, index]) for index in range(codec.width))
        self._fresh = [array.fresh for array in arrays]
        self._unpublished = [False] * len(arrays)
        self._shown = [Shown() for _ in arrays]
        self._any_published = any(array.published for array in arrays)
        self._changed: list[int] = []
        self._sticky: list[bool] = []
        self._new: list[Part] = []

    def unfit(self, outputs: Columns, ok: Mask) -> None:
        lanes = self._lanes
        self._new, bad = all_narrowed([column[lanes] for column in outputs], self._codec, finite=True)
        if bad is not None:
            ok[lanes] &= ~bad

    def settle(self, ok: Mask, watched: bool) -> int:
        good = ok[self._lanes]
        watched |= self._any_published
        changed = changed_parts(self._new, self._parts) & good if watched else good
        self._changed, self._sticky = [], []
        for index, (array, own) in enumerate(zip(self._arrays, self._own, strict=True)):
            if changed[own].any() or (self._fresh[index] and good[own].any()):
                self._changed.append(index)
                alike = array.published and not self._fresh[index] and not np.any(changed[own] & ~equal_parts(*self._both(own)))
                self._sticky.append(alike)
                self._fresh[index] = False
        if self._changed and not self.exact:
            for part, new in zip(self._parts, self._new, strict=True):
                np.copyto(part, new, where=changed)
        # Not only what changed: of an array that had no elements before, ports may have read others than stand for them here.
        _feed_back(self.feedback, self._new, self._lanes, good)
        return len(self._changed) if watched else 0

    def follow(self, columns: Columns) -> None:
        self._parts = tuple(column[self._lanes] for column in columns)

    def emit(self, sinks: Sequence[Sink]) -> None:
        for index, sticky in zip(self._changed, self._sticky, strict=True):
            array = self._arrays[index]
            array.written.parts = parts = self._of(index)
            for sink in sinks:
                sink.array(array.target, self._codec, rows_of_parts(parts))
            if array.published:
                array.writer.write(parts, sticky)
            else:
                self._unpublished[index] = True

    def flush(self) -> None:
        for index, array in enumerate(self._arrays):
            if self._unpublished[index]:
                parts = self._of(index)
                which, alike = self._shown[index].bring(parts, np.ones(len(parts[0]), np.bool_))
                if len(which):
                    array.writer.write(parts, bool(alike.any()))
                self._unpublished[index] = False

    def _both(self, own: slice) -> tuple[Parts, Parts]:
        return tuple(part[own] for part in self._new), tuple(part[own] for part in self._parts)

    def _of(self, index: int) -> Parts:
        return tuple(part[self._own[index]] for part in self._parts)


class ListOutlet:
    """One lane's list of fixed length becomes a whole array."""

    exact = False

    def __init__(
        self,
        name: str,
        writer: ArrayWriter,
        published: bool,
        target: Target,
        codec: Codec,
        lane: int,
        feedback: tuple[Feedback, ...],
        written: WrittenArray,
    ) -> None:
        self.name = name
        self.feedback = feedback
        self._writer = writer
        self._published = published
        self._target = target
        self._codec = codec
        self._lane = lane
        self._written = written
        self._new: Parts = ()
        self._changed = self._sticky = self._unpublished = False
        self._shown = Shown()

    def unfit(self, outputs: Columns, ok: Mask) -> None:
        width = self._codec.width
        parts = []
        for index in range(width):
            part, bad = narrowed(np.array([column[self._lane] for column in outputs[index::width]]), self._codec, finite=True)
            parts.append(part)
            ok[self._lane] &= bad is None
        self._new = tuple(parts)

    def settle(self, ok: Mask, watched: bool) -> int:
        last = self._written.parts
        differs = not last or changed_parts(self._new, last)
        self._changed = bool(ok[self._lane]) and bool(np.any(differs))
        if not self._changed:
            return 0
        same = not np.any(differs & ~equal_parts(self._new, last)) if last else bool(zero_parts(self._new).any())
        self._sticky = self._published and same
        self._written.parts = self._new
        for port in self.feedback:
            for index, column in enumerate(port.columns):
                column[self._lane] = self._new[index % len(self._new)][index // len(self._new)]
        return int(watched or self._published)

    def follow(self, columns: Columns) -> None:
        raise AssertionError("lists are fed back element by element")

    def emit(self, sinks: Sequence[Sink]) -> None:
        if not self._changed:
            return
        for sink in sinks:
            sink.array(self._target, self._codec, rows_of_parts(self._written.parts))
        if self._published:
            self._writer.write(self._written.parts, self._sticky)
        self._unpublished |= not self._published

    def flush(self) -> None:
        if self._unpublished:
            parts = self._written.parts
            which, alike = self._shown.bring(parts, np.ones(len(parts[0]), np.bool_))
            if len(which):
                self._writer.write(parts, bool(alike.any()))
            self._unpublished = False


def allowed_tokens(lists: Sequence[Sequence[Any]], strings: Sequence[str]) -> Mask:
    """Return (lanes, strings): which of a program's strings each lane's attribute allows."""
    table = [[text in allowed and is_text(text) for text in strings] for allowed in map(frozenset, lists)]
    return np.array(table, np.bool_).reshape(len(lists), len(strings))
