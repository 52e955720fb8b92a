"""Wires between behaviours: lanes that read what another behaviour wrote take it from its columns, bit for bit, without the stage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portalis.translator.stage.columns.backend import Indices
from portalis.translator.stage.columns.transfer import LaneIndex, Mask, lane_index
from portalis.translator.stage.columns.written import Wires, Written
from portalis.translator.stage.plan.executor import Columns


@dataclass(frozen=True, slots=True)
class _Strand:
    """Readers of one writer: their positions in the feed, their lanes, and the writer's elements that they read.

    `table` gives the reader's index of each of the writer's texts, -1 where the reader's source has no such text; None for no tokens.
    """

    written: Written
    positions: Indices
    lanes: LaneIndex
    source: LaneIndex
    table: NDArray[np.int64] | None


class HandedLanes:
    """The lanes of a port that read attributes other behaviours write; `positions` are theirs in the feed's `paths` and `lanes`."""

    def __init__(
        self, wires: Wires, paths: Sequence[str], lanes: Indices, positions: Indices, columns: Columns, strings: Sequence[str]
    ) -> None:
        self._wires = wires
        self._paths = paths
        self._lanes = lanes
        self.positions = positions
        self._columns = columns
        self._strings = strings
        self._strands: list[_Strand] = []
        self._unlaid: Indices = positions
        self._version = -1
        self._taken: list[int] = []

    def moved(self) -> bool:
        """Tell whether anything may have been written since it was taken."""
        return self._version != self._wires.version or self._taken != [strand.written.version for strand in self._strands]

    def take(self, missing: Mask) -> Indices:
        """Fill the lanes whose attribute was written and note in `missing`, by position, which got no value.

        Return the positions of the others, which the stage has the values of.
        """
        if not len(self.positions):
            return self.positions
        if self._version != self._wires.version:
            self._follow()
        self._taken = [strand.written.version for strand in self._strands]
        rest = [self._unlaid] if len(self._unlaid) else []
        for strand in self._strands:
            if strand.written.complete:
                self._copy(strand, missing)
            else:
                there = strand.written.there[strand.source]
                rest.append(strand.positions[~there])
                if there.any():
                    self._copy(_part_of(strand, there), missing)
        return np.concatenate(rest) if rest else self.positions[:0]

    def _copy(self, strand: _Strand, missing: Mask) -> None:
        for column, part in zip(self._columns, strand.written.parts, strict=True):
            values = part[strand.source]
            if strand.table is not None:
                values = strand.table[values]
                missing[strand.positions] = values < 0
            column[strand.lanes] = values
        if strand.table is None:
            missing[strand.positions] = False

    def _follow(self) -> None:
        self._version = self._wires.version
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        writers: dict[int, Written] = {}
        unlaid: list[int] = []
        for position in self.positions.tolist():
            place = self._wires.place(self._paths[position])
            if place is None:
                unlaid.append(position)
            else:
                writers[id(place.written)] = place.written
                found[id(place.written)].append((position, place.index))
        self._unlaid = np.array(unlaid, np.intp)
        self._strands = [self._strand(writers[key], pairs) for key, pairs in found.items()]

    def _strand(self, written: Written, pairs: list[tuple[int, int]]) -> _Strand:
        positions = np.array([position for position, _ in pairs], np.intp)
        table = None
        if written.codec.family == "token":
            numbers = {text: index for index, text in enumerate(self._strings)}
            table = np.array([numbers.get(text, -1) for text in written.strings], np.int64)
        lanes, source = lane_index(self._lanes[positions].tolist()), lane_index([index for _, index in pairs])
        return _Strand(written, positions, lanes, source, table)


def _part_of(strand: _Strand, there: Mask) -> _Strand:
    lanes, source = (_indices(index)[there] for index in (strand.lanes, strand.source))
    return _Strand(strand.written, strand.positions[there], lanes, source, strand.table)


def _indices(index: LaneIndex) -> Indices:
    return np.arange(index.start, index.stop, dtype=np.intp) if isinstance(index, slice) else index
