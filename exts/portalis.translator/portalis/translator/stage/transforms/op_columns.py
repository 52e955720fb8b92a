"""The values of one op in many stacks of one shape: as the stage has them, or as a behaviour wrote them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from portalis.translator.stage.columns.handed import HandedLanes
from portalis.translator.stage.columns.plumbing import Connections
from portalis.translator.stage.transforms.parts import Mask
from portalis.translator.stage.transforms.rotations import Array
from portalis.translator.stage.transforms.stack import TransformOp
from portalis.translator.stage.values import changed_rows, codec_of


class OpColumn:
    """The attribute of one op, for each stack: `rows` (stacks, width), of the identity where an attribute has no value.

    With `own`, whoever reads it writes it too: it is read at first, and never again.
    """

    def __init__(self, around: Connections, op: TransformOp, paths: Sequence[str], own: bool = False) -> None:
        codec = codec_of(op.type_name)
        assert codec is not None, "ops have types that cross"
        count = len(paths)
        self._identity = np.array(op.identity)
        self.rows: Array = np.tile(self._identity, (count, 1))
        self._reader = around.backend.column_reader(paths, codec, ())
        self._own = own
        self._stale: Mask = np.ones(count, np.bool_)
        self._any_stale = True
        written: Mask = np.array([not own and path in around.written for path in paths], np.bool_)
        # What behaviours wrote comes in columns of its own, so that it can be told what of it changed.
        self._given = np.zeros((codec.width, count))
        lanes = np.flatnonzero(written)
        self._handed = HandedLanes(around.wires, paths, np.arange(count), lanes, tuple(self._given), ()) if len(lanes) else None
        self._by_stage: Mask = np.ones(count, np.bool_)
        self._any_unwritten = True
        # What never is the case of numbers.
        self._without: Mask = np.zeros(count, np.bool_)
        self._time_code: float | None = None
        self._paths = paths
        self._indices: dict[str, list[int]] | None = None
        self._look_what_varies()

    def _look_what_varies(self) -> None:
        self._varying = self._reader.varying & self._by_stage
        self._any_varying = not self._own and bool(self._varying.any())

    @property
    def lives(self) -> bool:
        """Whether it can change without an edit: somebody writes it, or it is animated."""
        return self._any_varying or self._handed is not None

    def mark(self, changed: Collection[str]) -> None:
        """Read the attributes among `changed` again."""
        if self._indices is None:
            self._indices = {}
            for index, path in enumerate(self._paths):
                self._indices.setdefault(path, []).append(index)
        edited = [index for path in self._indices.keys() & changed for index in self._indices[path]]
        if edited:
            self._reader.look_again(np.array(edited, np.intp))
            if not self._own:
                self._stale[edited] = self._any_stale = True
            self._look_what_varies()

    def read(self, time_code: float) -> Mask | None:
        """Bring `rows` up to date; tell which have other bits than before, None where none has."""
        given = self._handed is not None and self._handed.moved()
        if not (given or self._any_stale or (self._any_varying and time_code != self._time_code)):
            return None
        before = self.rows
        self.rows = before.copy()
        if given:
            self._take()
        if self._any_stale or self._any_varying:
            self._read(time_code)
        changed = changed_rows(self.rows, before)
        return changed if changed.any() else None

    def _take(self) -> None:
        assert self._handed is not None, "it has something to give"
        unwritten = self._handed.take(self._without)
        if len(unwritten) or self._any_unwritten:
            before = self._by_stage
            self._by_stage = np.ones(len(before), np.bool_)
            self._by_stage[self._handed.positions] = False
            self._by_stage[unwritten] = True
            # What is written anew by another group is what the stage has until then.
            self._stale = (self._stale | ~before) & self._by_stage
            self._any_stale, self._any_unwritten = True, bool(len(unwritten))
            self._look_what_varies()
        if self._by_stage.any():
            np.copyto(self.rows, self._given.T, where=~self._by_stage[:, None])
        else:
            self.rows[:] = self._given.T

    def _read(self, time_code: float) -> None:
        due = self._stale if self._own else (self._stale | self._varying) & self._by_stage
        which = np.flatnonzero(due)
        if len(which):
            rows, without, _ = self._reader.read(time_code, which)
            self.rows[which] = rows
            self.rows[which[without]] = self._identity
        self._stale[:] = self._any_stale = False
        self._time_code = time_code
