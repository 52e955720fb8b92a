"""What lanes take of spaces: where prims are in the world, and gravity in the space of their own transform."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TypeAlias

import numpy as np

from portalis.translator.stage.columns.backend import Indices
from portalis.translator.stage.plan.executor import Columns
from portalis.translator.stage.transforms.parts import Mask, split
from portalis.translator.stage.transforms.rotations import Array, matrix_quaternion
from portalis.translator.stage.transforms.worlds import Worlds
from portalis.translator.stage.values import rows_to_slots

Gravity = Callable[[float], tuple[float, float, float]]
# Matrices that all groups share, and for each lane its own one's place among them.
Placed: TypeAlias = tuple[Worlds, Indices]


class _Matrices:
    """The matrices of some lanes: one for each place, however many lanes are there."""

    def __init__(self, placed: Placed) -> None:
        self._worlds, places = placed
        self._places, inverse = np.unique(places, return_inverse=True)
        # For each lane the place of its matrix among `rows`.
        self.lanes: Indices = inverse.reshape(-1)
        self._seen = -1
        self.rows: Array = np.tile(np.eye(4), (len(self._places), 1, 1))
        self.bad: Mask = np.zeros(len(self._places), np.bool_)

    def refresh(self, time_code: float) -> bool:
        """Bring `rows` up to date; tell whether any changed since the last time."""
        worlds = self._worlds
        worlds.refresh(time_code)
        seen, self._seen = self._seen, worlds.now
        if not worlds.changed_since(seen, self._places):
            return False
        self.rows, self.bad = worlds.rows(self._places), worlds.bad(self._places)
        return True


class WorldFeed:
    """Lanes take what prims are in the world: `name` is one of `names.WORLD_TYPES`, `placed` has the lanes' prims."""

    def __init__(self, port: str, placed: Placed, name: str, lanes: Sequence[int], columns: Columns, first: Mask | None) -> None:
        self._ports = (port,)
        self._matrices = _Matrices(placed)
        self._name = name
        self._lanes = np.array(lanes, np.intp)
        self._columns = columns
        self._first = first
        self._bad: Mask = np.zeros(len(lanes), np.bool_)

    def mark(self, changed: Collection[str]) -> None:
        """Nothing: what all groups share is marked by itself."""

    def refresh(self, time_code: float) -> Sequence[str]:
        if not self._matrices.refresh(time_code):
            return ()
        rows, bad = of_world(self._name, self._matrices.rows)
        bad |= self._matrices.bad
        rows, self._bad = rows[self._matrices.lanes], bad[self._matrices.lanes]
        chosen = np.arange(len(rows)) if self._first is None else np.flatnonzero(self._first)
        self._first = None
        rows_to_slots(rows[chosen], self._columns, self._lanes[chosen])
        return self._ports

    def report(self, missing: Mask, taken: Collection[str]) -> bool:
        if not any(port in taken for port in self._ports):
            return False
        missing[self._lanes] |= self._bad
        return bool(self._bad.any())


class SpaceFeed:
    """All lanes of a group take `parent_to_world`, and gravity in that space, which `placed` has for each."""

    def __init__(self, placed: Placed, parents: Columns | None, gravity: Gravity, falls: Columns | None) -> None:
        self._matrices = _Matrices(placed)
        self._parents = parents
        self._gravity = gravity
        self._falls = falls
        self._last: tuple[float, float, float] | None = None

    def mark(self, changed: Collection[str]) -> None:
        """Nothing: what all groups share is marked by itself."""

    def refresh(self, time_code: float) -> Sequence[str]:
        moved = self._matrices.refresh(time_code)
        matrices, lanes = self._matrices.rows, self._matrices.lanes
        if moved and self._parents is not None:
            rows_to_slots(matrices.reshape(-1, 16)[lanes], self._parents, slice(None))
        if self._falls is not None:
            gravity = self._gravity(time_code)
            if moved or gravity != self._last:
                rows_to_slots(into_spaces(matrices, gravity)[lanes], self._falls, slice(None))
                self._last = gravity
                moved = True
        return ("parent_to_world", "gravity") if moved else ()

    def report(self, missing: Mask, taken: Collection[str]) -> bool:
        """A space without an inverse has no gravity, and one that OpenUSD does not compose is none."""
        falls = self._falls is not None and "gravity" in taken
        if not falls and ("parent_to_world" not in taken or not self._matrices.bad.any()):
            return False
        bad = self._matrices.bad[self._matrices.lanes]
        if falls and self._falls is not None:
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


def of_world(name: str, matrices: Array) -> tuple[Array, Mask]:
    """Return what prims with these matrices to the world are in it, one of `names.WORLD_TYPES`, and which do not have it."""
    fine: Mask = np.zeros(len(matrices), np.bool_)
    if name == "world_position":
        return matrices[:, 3, :3], fine
    if name == "world_orientation":
        linear = split(matrices[:, :3, :3])
        return matrix_quaternion(linear.rotation), linear.bad
    return matrices.reshape(-1, 16), fine
