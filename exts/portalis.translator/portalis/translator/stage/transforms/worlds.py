"""Where prims are in the world, composed from columns: for each prim that is asked for, and each above it, one matrix, whoever reads it."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Collection, Sequence

import numpy as np
from pxr import Sdf, Usd, UsdGeom

from portalis.translator.stage.columns.backend import Indices
from portalis.translator.stage.columns.plumbing import Connections
from portalis.translator.stage.plan.composed import ancestor_ops, is_composable
from portalis.translator.stage.transforms.exact import LocalMatrices, Matrices, identities, product
from portalis.translator.stage.transforms.op_columns import OpColumn
from portalis.translator.stage.transforms.parts import Mask
from portalis.translator.stage.transforms.rotations import Array
from portalis.translator.stage.transforms.stack import Stack, TransformOp, read_stack, resets_stack

# The place of the root of all prims, which is where the world is.
WORLD = 0


class Worlds:
    """The matrices to the world of prims and of all prims above them.

    A prim has a place from `of` on. After `refresh`, `rows` has the matrices of places, `bad` tells which OpenUSD does not compose, and
    `changed_since` whether any of them is another than at an earlier `now`. What nobody writes, and no time changes, is composed once.
    """

    def __init__(self, around: Connections) -> None:
        self._around = around
        self._places: dict[str, int] = {"/": WORLD}
        self._parents = [WORLD]
        self._depths = [0]
        self._stacks = [Stack("/", ())]
        # Prims of which OpenUSD itself has to be asked.
        self._asked: dict[int, str] = {}
        self._reset()

    def _reset(self) -> None:
        self.now = 0
        self._laid = 0
        self._blocks: list[_Block] = []
        self._questions: _Questions | None = None

    def of(self, prim: Usd.Prim) -> int:
        """Return the place of a prim's matrix to the world."""
        path, new = str(prim.GetPath()), []
        while path not in self._places:
            new.append(prim)
            prim = prim.GetParent()
            path = str(prim.GetPath())
        place = self._places[path]
        for item in reversed(new):
            place = self._add(item, place)
        return place

    def _add(self, prim: Usd.Prim, parent: int) -> int:
        path = str(prim.GetPath())
        place = self._places[path] = len(self._places)
        self._parents.append(parent)
        self._depths.append(self._depths[parent] + 1)
        self._stacks.append(read_stack(prim) if UsdGeom.Xformable(prim) else Stack(path, ()))
        if not is_composable(self._stacks[place]) or (parent in self._asked and not self._stacks[place].resets):
            self._asked[place] = path
        return place

    def space_of(self, prim: Usd.Prim) -> int:
        """Return the place of the matrix to the world from the space that a prim's own transform is in."""
        return WORLD if resets_stack(prim) else self.of(prim.GetParent())

    def mark(self, values: Collection[str], structure: Collection[str]) -> None:
        """Take up edits: attributes that have other values, and prims and properties that were composed anew."""
        if any(path.partition(".")[0] in self._places for path in structure):
            self._read_anew()
            return
        self._all_due = True
        for block in self._blocks:
            block.mark(values)
        if self._questions is not None:
            self._questions.mark(values)

    def _read_anew(self) -> None:
        """Read all stacks again; what was given a place keeps it."""
        stage, now = self._around.stage, self.now
        for path, place in self._places.items():
            prim = stage.GetPrimAtPath(path)
            self._stacks[place] = read_stack(prim) if place and prim and UsdGeom.Xformable(prim) else Stack(path, ())
        self._asked.clear()
        for path, place in self._places.items():
            if not is_composable(self._stacks[place]) or (self._parents[place] in self._asked and not self._stacks[place].resets):
                self._asked[place] = path
        self._reset()
        self.now = now

    # ------------------------------------------------------------------------------------------------------ the matrices
    def rows(self, places: Indices) -> Array:
        """Return matrices (places, 4, 4)."""
        return np.ascontiguousarray(self._matrices[:, :, places].transpose(2, 0, 1))

    def bad(self, places: Indices) -> Mask:
        """Tell which matrices OpenUSD does not compose."""
        return np.asarray(self._bad[places])

    def changed_since(self, now: int, places: Indices) -> bool:
        """Tell whether one of the matrices changed after `now`."""
        return now < self.now and bool((self._stamps[places] > now).any())

    def refresh(self, time_code: float) -> None:
        """Bring the matrices up to date with what is written, edited and animated."""
        if self._laid < len(self._places):
            self._lay()
        blocks, levels = (self._blocks, self._levels) if self._all_due else (self._live, self._live_levels)
        with np.errstate(all="ignore"):
            changed = [places for block in blocks if (places := block.compose(time_code, self._local, self._refused)) is not None]
            if self._questions is not None:
                changed += self._questions.ask(time_code, self._matrices, self._bad)
            if changed or self._first:
                self._place(changed, levels)
        if self._all_due:
            self._find_what_lives()

    def _lay(self) -> None:
        """Put stacks of one shape together, and prims of one depth."""
        count = self._laid = len(self._places)
        self._local, self._matrices = identities(count), identities(count)
        self._refused, self._bad = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
        self._stamps = np.zeros(count, np.int64)
        self._first = self._all_due = True
        resets = np.array([stack.resets for stack in self._stacks], np.bool_)
        asked = np.zeros(count, np.bool_)
        asked[list(self._asked)] = True
        alike: dict[object, list[int]] = defaultdict(list)
        depths: dict[int, list[int]] = defaultdict(list)
        for place, stack in enumerate(self._stacks):
            if stack.ops and not asked[place]:
                alike[stack.shape].append(place)
            if place and not asked[place]:
                depths[self._depths[place]].append(place)
        self._blocks = [_Block(self._around, places, [self._stacks[place] for place in places]) for places in alike.values()]
        self._questions = _Questions(self._around, self._asked) if self._asked else None
        parents = np.where(resets, WORLD, np.array(self._parents, np.intp))
        self._levels = [
            _Level(places, parents[places], resets[places]) for _, found in sorted(depths.items()) for places in (np.array(found, np.intp),)
        ]

    def _find_what_lives(self) -> None:
        """Find out what can change from frame to frame: what is written or animated, and whatever is below it."""
        self._live = [block for block in self._blocks if block.lives]
        moves = np.zeros(self._laid, np.bool_)
        for block in self._live:
            moves[block.places] = True
        for level in self._levels:
            moves[level.places] |= moves[level.parents] & ~level.resets
        self._live_levels = [found for level in self._levels if len((found := level.among(moves)).places)]
        self._all_due = False

    def _place(self, changed: Sequence[Indices], levels: Sequence[_Level]) -> None:
        self.now += 1
        moved = np.full(self._laid, self._first)
        for places in changed:
            moved[places] = True
        refuses = bool(self._refused.any()) or bool(self._bad.any())
        for level in levels:
            level.place(moved, self._local, self._matrices)
            if refuses:
                self._bad[level.places] = self._refused[level.places] | (self._bad[level.parents] & ~level.resets)
        self._stamps[moved] = self.now
        self._first = False


class _Level:
    """Prims that are equally far from the root: those above them are placed already."""

    def __init__(self, places: Indices, parents: Indices, resets: Mask) -> None:
        self.places = places
        self.parents = parents
        self.resets = resets
        self._any_resets = bool(resets.any())

    def among(self, wanted: Mask) -> _Level:
        """Return those of the places that are wanted."""
        which = wanted[self.places]
        return _Level(self.places[which], self.parents[which], self.resets[which])

    def place(self, moved: Mask, local: Matrices, matrices: Matrices) -> None:
        """Compose what moved itself or is below what moved; mark it in `moved`."""
        due = moved[self.places] | moved[self.parents]
        if not due.any():
            return
        which = self.places[due]
        moved[which] = True
        result = product(local[:, :, which], matrices[:, :, self.parents[due]])
        if self._any_resets:
            resets = self.resets[due]
            result[:, :, resets] = local[:, :, which[resets]]
        matrices[:, :, which] = result


class _Block:
    """Prims whose stacks have one shape, and the columns of their ops."""

    def __init__(self, around: Connections, places: Sequence[int], stacks: Sequence[Stack]) -> None:
        self.places = np.array(places, np.intp)
        self._ops: tuple[TransformOp, ...] = stacks[0].ops
        paths = [op.path for op in self._ops]
        self._matrices = LocalMatrices(self._ops, len(places))
        # An attribute that stands twice is read once.
        self._same = [paths.index(path) for path in paths]
        self._columns = {
            place: OpColumn(around, self._ops[place], [stack.ops[place].path for stack in stacks]) for place in dict.fromkeys(self._same)
        }

    @property
    def lives(self) -> bool:
        """Whether it can change without an edit."""
        return any(column.lives for column in self._columns.values())

    def mark(self, changed: Collection[str]) -> None:
        """Read the attributes among `changed` again."""
        for column in self._columns.values():
            column.mark(changed)

    def compose(self, time_code: float, local: Matrices, refused: Mask) -> Indices | None:
        """Compose anew the stacks of which a value changed; return their places, None where there is none."""
        changed = {place: mask for place, column in self._columns.items() if (mask := column.read(time_code)) is not None}
        if not changed:
            return None
        which = np.flatnonzero(functools.reduce(np.logical_or, changed.values()))
        rows = {place: self._columns[same].rows[which] for place, same in enumerate(self._same) if same in changed}
        places = self.places[which]
        local[:, :, places], refused[places] = self._matrices.compose(rows, which)
        return places


class _Questions:
    """Prims that OpenUSD composes: an op of theirs, or above them, is none that this host knows."""

    def __init__(self, around: Connections, asked: dict[int, str]) -> None:
        self._around = around
        self._places, self._prims = np.array(list(asked), np.intp), list(asked.values())
        prims = [around.stage.GetPrimAtPath(path) for path in self._prims]
        self._paths = frozenset(path for prim in prims for path in ancestor_ops(prim, False))
        self._always = any(path in around.written for path in self._paths)
        self._stale = True
        self._time_code: float | None = None
        self._varying = self._varies()

    def _varies(self) -> bool:
        return any(self._around.stage.GetAttributeAtPath(path).ValueMightBeTimeVarying() for path in self._paths)

    def mark(self, changed: Collection[str]) -> None:
        if any(path in self._paths for path in changed):
            self._stale = True
            self._varying = self._varies()

    def ask(self, time_code: float, matrices: Matrices, bad: Mask) -> list[Indices]:
        """Bring matrices up to date; return the places of those that changed."""
        if not (self._stale or self._always or (self._varying and time_code != self._time_code)):
            return []
        rows = np.asarray(self._around.backend.local_to_world(self._prims, time_code), np.float64)
        found = np.ascontiguousarray(rows.T).reshape(4, 4, -1)
        changed = (found.view(np.uint64) != np.ascontiguousarray(matrices[:, :, self._places]).view(np.uint64)).any(axis=(0, 1))
        matrices[:, :, self._places] = found
        bad[self._places] = np.isnan(found).all(axis=(0, 1))
        self._stale, self._time_code = False, time_code
        return [self._places[changed]]


def places_of(stage: Usd.Stage, worlds: Worlds, prims: Sequence[str], of_parent: bool) -> Indices:
    """Return the place of each prim's matrix, or with `of_parent` of the space that its transform is in."""
    found: dict[str, int] = {}
    for path in prims:
        if path not in found:
            prim = stage.GetPrimAtPath(Sdf.Path(path))
            found[path] = worlds.space_of(prim) if of_parent else worlds.of(prim)
    return np.array([found[path] for path in prims], np.intp)
