"""What lanes take of spaces: matrices to the world of their own and of other prims, and gravity in the space of their transform."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np
from pxr import Usd

from portalis.translator.stage.columns.backend import StageBackend
from portalis.translator.stage.plan.composed import ancestor_ops
from portalis.translator.stage.plan.executor import Columns
from portalis.translator.stage.transforms.parts import Mask, split
from portalis.translator.stage.transforms.rotations import Array, matrix_quaternion
from portalis.translator.stage.transforms.stack import Stack, read_stack
from portalis.translator.stage.values import rows_to_slots

Gravity = Callable[[float], tuple[float, float, float]]


class WorldMatrices:
    """The matrices to the world of some prims, or with `of_parent` of the spaces of their transforms: one a prim, read when it may change.

    `written` are the attributes that behaviours write.
    """

    def __init__(self, stage: Usd.Stage, backend: StageBackend, prims: Sequence[str], of_parent: bool, written: Collection[str]) -> None:
        self._backend = backend
        self._prims = list(dict.fromkeys(prims))
        self._of_parent = of_parent
        self._stage = stage
        places = {prim: place for place, prim in enumerate(self._prims)}
        # For each of the lanes that `prims` were given for, its prim's place among the matrices.
        self.places = np.array([places[prim] for prim in prims], np.intp)
        known: dict[str, Stack] = {}
        read = _remembered(known)
        self._paths = frozenset(path for prim in self._prims for path in ancestor_ops(stage.GetPrimAtPath(prim), of_parent, read))
        self._always = not written.isdisjoint(self._paths) if isinstance(written, frozenset) else any(p in written for p in self._paths)
        self._stale = True
        self._varying = self._varies()
        self.matrices: Array = np.tile(np.eye(4), (len(self._prims), 1, 1))
        # The matrices that OpenUSD does not compose.
        self.bad: Mask = np.zeros(len(self._prims), np.bool_)

    def mark(self, changed: Collection[str]) -> None:
        if any(path in self._paths for path in changed):
            self._stale = True
            self._varying = self._varies()

    def refresh(self, time_code: float) -> bool:
        """Bring `matrices` up to date; tell whether they were read again."""
        if not (self._stale or self._varying or self._always):
            return False
        rows = self._backend.local_to_world(self._prims, self._of_parent, time_code)
        self.matrices = np.asarray(rows, np.float64).reshape(-1, 4, 4)
        self.bad = np.asarray(np.isnan(self.matrices).all(axis=(1, 2)))
        self._stale = False
        return True

    def _varies(self) -> bool:
        return any(self._stage.GetAttributeAtPath(path).ValueMightBeTimeVarying() for path in self._paths)


class WorldFeed:
    """Lanes take what prims are in the world: `name` is one of `names.WORLD_TYPES`, `matrices` are those of the lanes' prims."""

    def __init__(self, port: str, matrices: WorldMatrices, name: str, lanes: Sequence[int], columns: Columns, first: Mask | None) -> None:
        self._ports = (port,)
        self._matrices = matrices
        self._name = name
        self._lanes = np.array(lanes, np.intp)
        self._columns = columns
        self._first = first
        self._bad: Mask = np.zeros(len(lanes), np.bool_)

    def mark(self, changed: Collection[str]) -> None:
        self._matrices.mark(changed)

    def refresh(self, time_code: float) -> Sequence[str]:
        if not self._matrices.refresh(time_code):
            return ()
        rows, bad = _of_world(self._name, self._matrices.matrices)
        bad |= self._matrices.bad
        rows, self._bad = rows[self._matrices.places], bad[self._matrices.places]
        chosen = np.arange(len(rows)) if self._first is None else np.flatnonzero(self._first)
        self._first = None
        rows_to_slots(rows[chosen], self._columns, self._lanes[chosen])
        return self._ports

    def report(self, missing: Mask) -> bool:
        missing[self._lanes] |= self._bad
        return bool(self._bad.any())


class SpaceFeed:
    """All lanes of a group take `parent_to_world`, and gravity in that space; `counts` are the lanes of each prim of `matrices`."""

    def __init__(
        self, matrices: WorldMatrices, counts: Sequence[int], parents: Columns | None, gravity: Gravity, falls: Columns | None
    ) -> None:
        self._matrices = matrices
        self._lanes = np.repeat(matrices.places, counts)
        self._parents = parents
        self._gravity = gravity
        self._falls = falls
        self._last: tuple[float, float, float] | None = None

    def mark(self, changed: Collection[str]) -> None:
        self._matrices.mark(changed)

    def refresh(self, time_code: float) -> Sequence[str]:
        moved = self._matrices.refresh(time_code)
        matrices = self._matrices.matrices
        if moved and self._parents is not None:
            rows_to_slots(matrices.reshape(-1, 16)[self._lanes], self._parents, slice(None))
        if self._falls is not None:
            gravity = self._gravity(time_code)
            if moved or gravity != self._last:
                rows_to_slots(into_spaces(matrices, gravity)[self._lanes], self._falls, slice(None))
                self._last = gravity
                moved = True
        return ("parent_to_world", "gravity") if moved else ()

    def report(self, missing: Mask) -> bool:
        """A space without an inverse has no gravity, and one that OpenUSD does not compose is none."""
        if self._falls is None and not self._matrices.bad.any():
            return False
        bad = self._matrices.bad[self._lanes]
        if self._falls is not None:
            bad |= ~np.isfinite(self._falls[0])
        missing |= bad
        return bool(bad.any())


def into_spaces(matrices: Array, direction: tuple[float, float, float]) -> Array:
    """Return a direction of the world in the spaces whose matrices to the world are given: (spaces, 3); NaN where one has no inverse."""
    linear = matrices[:, :3, :3]
    # The commonest space is the world's own, where the direction stays as it is to the last bit.
    same = (linear == np.eye(3)).all(axis=(1, 2))
    singular = ~(np.abs(np.linalg.det(linear)) > 0.0)
    inverse = np.linalg.inv(np.where((singular | same)[:, None, None], np.eye(3), linear))
    rows = np.where(same[:, None], np.array(direction), np.array(direction) @ inverse)
    rows[singular] = np.nan
    # Adding zero turns the negative zeros of an axis-aligned direction into zeros.
    return np.asarray(rows + 0.0)


def _of_world(name: str, matrices: Array) -> tuple[Array, Mask]:
    fine: Mask = np.zeros(len(matrices), np.bool_)
    if name == "world_position":
        return matrices[:, 3, :3], fine
    if name == "world_orientation":
        linear = split(matrices[:, :3, :3])
        return matrix_quaternion(linear.rotation), linear.bad
    return matrices.reshape(-1, 16), fine


def _remembered(known: dict[str, Stack]) -> Callable[[Usd.Prim], Stack]:
    def read(prim: Usd.Prim) -> Stack:
        path = str(prim.GetPath())
        if path not in known:
            known[path] = read_stack(prim)
        return known[path]

    return read
