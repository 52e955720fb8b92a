"""A stage as points and wires, for hosts that have no renderer: what to draw, and where it is at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pxr import Usd, UsdGeom

Points = NDArray[np.float64]
Colour = tuple[float, float, float]

_GREY: Colour = (0.62, 0.65, 0.7)
# Beyond this a mesh is shown by its box, and a stage by its first prims: a preview has to keep up with the frames.
MOST_MESH_POINTS = 20_000
MOST_PRIMS = 5_000
_BOX_FACES = ((0, 1, 3, 2), (4, 5, 7, 6), (0, 1, 5, 4), (2, 3, 7, 6), (0, 2, 6, 4), (1, 3, 7, 5))


@dataclass(frozen=True, slots=True)
class Ball:
    """One sphere; `Preview.ball_positions` says where its centre is."""

    path: str
    colour: Colour


@dataclass(frozen=True, slots=True)
class Wire:
    """One prim's wireframe: faces as polygons over points, which `Preview.wire_points` gives in world space."""

    path: str
    colour: Colour
    face_counts: tuple[int, ...]
    face_indices: tuple[int, ...]


class Preview:
    """What can be drawn of a stage: build it again when prims come and go; the positions may be asked for every frame."""

    def __init__(self, stage: Usd.Stage) -> None:
        self._stage = stage
        self._balls: list[Usd.Prim] = []
        self._crowds: list[Usd.Prim] = []
        # A prim that is shown by its box, with the box's corners in its own space; a mesh is asked for its points.
        self._wired: list[tuple[Usd.Prim, Points | None]] = []
        wires: list[Wire] = []
        for prim in _drawn(stage):
            if prim.IsA(UsdGeom.Points) or prim.IsA(UsdGeom.PointInstancer):
                self._crowds.append(prim)
            elif prim.IsA(UsdGeom.Sphere):
                self._balls.append(prim)
            elif (wire := _mesh(prim)) is not None:
                wires.append(wire)
                self._wired.append((prim, None))
            elif (corners := _corners(prim)) is not None:
                wires.append(Wire(str(prim.GetPath()), _colour(prim), (4,) * 6, tuple(index for face in _BOX_FACES for index in face)))
                self._wired.append((prim, corners))
        self.wires = tuple(wires)
        self.balls = tuple(Ball(str(prim.GetPath()), _colour(prim)) for prim in self._balls)

    def ball_positions(self, time_code: float) -> Points:
        """Return the centres of the stage's spheres, (n, 3)."""
        cache = UsdGeom.XformCache(time_code)
        rows = [cache.GetLocalToWorldTransform(prim).ExtractTranslation() for prim in self._balls]
        return np.array(rows, np.float64).reshape(-1, 3)

    def ball_radii(self, time_code: float) -> NDArray[np.float64]:
        """Return the spheres' radii without their scale."""
        return np.array([UsdGeom.Sphere(prim).GetRadiusAttr().Get(time_code) or 0.0 for prim in self._balls])

    def crowd_positions(self, time_code: float) -> list[tuple[str, Colour, Points]]:
        """Return each crowd's path, colour and elements in world space."""
        cache = UsdGeom.XformCache(time_code)
        found = []
        for prim in self._crowds:
            name = "points" if prim.IsA(UsdGeom.Points) else "positions"
            local = np.array(prim.GetAttribute(name).Get(time_code) or (), np.float64).reshape(-1, 3)
            found.append((str(prim.GetPath()), _colour(prim), _world(cache, prim, local)))
        return found

    def wire_points(self, time_code: float) -> list[Points]:
        """Return the points of each of `wires` in world space."""
        cache = UsdGeom.XformCache(time_code)
        return [_world(cache, prim, _mesh_points(prim, time_code) if corners is None else corners) for prim, corners in self._wired]

    def bounds(self, time_code: float) -> tuple[Points, float]:
        """Return the centre of everything that is drawn and its radius; a unit around the origin where there is nothing."""
        parts = [self.ball_positions(time_code), *self.wire_points(time_code)]
        parts += [points for _, _, points in self.crowd_positions(time_code)]
        everything = np.concatenate([part for part in parts if len(part)] or [np.zeros((1, 3))])
        low, high = everything.min(axis=0), everything.max(axis=0)
        return (low + high) / 2.0, max(float(np.linalg.norm(high - low)) / 2.0, 1.0)

    @property
    def z_up(self) -> bool:
        """Whether the stage's up axis is Z."""
        return bool(UsdGeom.GetStageUpAxis(self._stage) == UsdGeom.Tokens.z)


def _drawn(stage: Usd.Stage) -> Iterator[Usd.Prim]:
    count = 0
    prims = iter(stage.Traverse(Usd.TraverseInstanceProxies()))
    for prim in prims:
        if prim.IsA(UsdGeom.PointInstancer):
            # Its prototypes are drawn where its elements are.
            prims.PruneChildren()
        if not prim.IsA(UsdGeom.Boundable) or UsdGeom.Imageable(prim).ComputeVisibility() == UsdGeom.Tokens.invisible:
            continue
        yield prim
        count += 1
        if count == MOST_PRIMS:
            return


def _colour(prim: Usd.Prim) -> Colour:
    colours = UsdGeom.Gprim(prim).GetDisplayColorAttr().Get() if prim.IsA(UsdGeom.Gprim) else None
    return (float(colours[0][0]), float(colours[0][1]), float(colours[0][2])) if colours else _GREY


def _mesh(prim: Usd.Prim) -> Wire | None:
    if not prim.IsA(UsdGeom.Mesh):
        return None
    mesh = UsdGeom.Mesh(prim)
    counts, indices = mesh.GetFaceVertexCountsAttr().Get(), mesh.GetFaceVertexIndicesAttr().Get()
    if not counts or not indices or len(mesh.GetPointsAttr().Get() or ()) > MOST_MESH_POINTS:
        return None
    return Wire(str(prim.GetPath()), _colour(prim), tuple(counts), tuple(indices))


def _corners(prim: Usd.Prim) -> Points | None:
    """Return the corners of a prim's own box in its own space, (8, 3)."""
    extent = UsdGeom.Boundable.ComputeExtentFromPlugins(UsdGeom.Boundable(prim), Usd.TimeCode.EarliestTime())
    if not extent:
        return None
    low, high = np.array(extent[0], np.float64), np.array(extent[1], np.float64)
    picks = [[(index >> axis) & 1 for axis in range(3)] for index in range(8)]
    return np.where(np.array(picks, np.bool_), high, low)


def _mesh_points(prim: Usd.Prim, time_code: float) -> Points:
    return np.array(UsdGeom.Mesh(prim).GetPointsAttr().Get(time_code) or (), np.float64).reshape(-1, 3)


def _world(cache: UsdGeom.XformCache, prim: Usd.Prim, local: Points) -> Points:
    matrix = np.array(cache.GetLocalToWorldTransform(prim), np.float64)
    return local @ matrix[:3, :3] + matrix[3, :3]
