"""Polygons to triangles, and normals where none are authored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portalis.translator.pictures.scene import Floats, Mesh, Numbers

Ints = NDArray[np.int64]
# A corner whose face is turned by more than this from the normals around it belongs to an edge that is meant: 40°.
_CREASE = float(np.cos(np.radians(40.0)))


@dataclass(frozen=True)
class Polygons:
    """Faces over points: how many corners each has, and the corners' points, one face after the other."""

    points: Floats
    counts: Ints
    indices: Ints

    @property
    def sound(self) -> bool:
        """Whether every corner is a point, and the counts are those of the corners."""
        if not len(self.counts) or not len(self.points):
            return False
        return bool((self.counts >= 0).all() and self.counts.sum() == len(self.indices) and _within(self.indices, len(self.points)))


def _within(indices: Ints, length: int) -> bool:
    return not len(indices) or bool(indices.min() >= 0 and indices.max() < length)


@dataclass(frozen=True, eq=False)
class Rows:
    """Vectors (n, 3): one a point, or one a corner."""

    values: Floats
    of_corners: bool

    def by_corner(self, indices: Ints) -> Floats:
        """Return a row a corner."""
        return self.values if self.of_corners else self.values[indices]


def fan(counts: Ints, *, flipped: bool = False, left_out: Ints | None = None) -> tuple[Numbers, Ints]:
    """Cut faces into triangles from their first corner; return triangles of corner numbers (m, 3) and the face of each (m,).

    `left_out` are faces that are holes. A face with fewer than three corners has no triangle.
    """
    pieces = np.maximum(counts - 2, 0)
    if left_out is not None and len(left_out):
        pieces[left_out[(left_out >= 0) & (left_out < len(counts))]] = 0
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    faces = np.repeat(np.arange(len(counts)), pieces)
    within = np.arange(len(faces)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    first = starts[faces]
    columns = [first, first + within + 1, first + within + 2]
    if flipped:
        columns[1], columns[2] = columns[2], columns[1]
    return np.stack(columns, axis=1).astype(np.uint32), faces


def build_mesh(
    polygons: Polygons, *, flipped: bool = False, holes: Ints | None = None, normals: Rows | None = None, colours: Rows | None = None
) -> Mesh:
    """Return a mesh of faces. Without normals they are smooth but at edges; vertices are shared where nothing differs at corners."""
    indices = polygons.indices
    triangles, faces = fan(polygons.counts, flipped=flipped, left_out=holes)
    if normals is None and not (colours and colours.of_corners):
        return _finite(_smooth_mesh(polygons, triangles, faces, colours.values if colours else None))
    if normals is None:
        smooth, sharp, flat = _smooth(polygons, triangles, faces)
        rows = smooth[indices]
        rows[sharp] = flat
        normals = Rows(rows, True)
    if not normals.of_corners and not (colours and colours.of_corners):
        shared = indices[triangles].astype(np.uint32)
        return _finite(Mesh(polygons.points, _unit(normals.values), shared, colours.values if colours else None))
    spread = colours.by_corner(indices) if colours else None
    return _finite(Mesh(polygons.points[indices], _unit(normals.by_corner(indices)), triangles, spread))


def _smooth_mesh(polygons: Polygons, triangles: Numbers, faces: Ints, colours: Floats | None) -> Mesh:
    """Return a mesh that shares its points, but at corners of edges that are meant: those are points of their own."""
    points, indices = polygons.points, polygons.indices
    smooth, sharp, flat = _smooth(polygons, triangles, faces)
    split = np.flatnonzero(sharp)
    vertices = indices.copy()
    vertices[split] = len(points) + np.arange(len(split))
    again = indices[split]
    positions = np.concatenate([points, points[again]])
    rows = np.concatenate([colours, colours[again]]) if colours is not None else None
    return Mesh(positions, np.concatenate([smooth, flat]), vertices[triangles].astype(np.uint32), rows)


def _smooth(polygons: Polygons, triangles: Numbers, faces: Ints) -> tuple[Floats, NDArray[np.bool_], Floats]:
    """Return normals of points, which corners are at a sharp edge (there the face's own normal is right), and the normals of those."""
    points, indices = polygons.points, polygons.indices
    ends = points[indices[triangles]]
    with np.errstate(over="ignore", invalid="ignore"):
        # Twice a triangle's area long: large faces weigh more.
        across = np.cross(ends[:, 1] - ends[:, 0], ends[:, 2] - ends[:, 0]).astype(np.float64)
    face_of_corner = np.repeat(np.arange(len(polygons.counts)), polygons.counts)
    of_faces = np.stack([np.bincount(faces, column, minlength=len(polygons.counts)) for column in across.T], axis=1)
    spread = of_faces[face_of_corner]
    of_points = np.stack([np.bincount(indices, column, minlength=len(points)) for column in spread.T], axis=1)
    smooth, flat = _unit(of_points), _unit(of_faces)[face_of_corner]
    sharp = np.einsum("ij,ij->i", smooth[indices], flat) < _CREASE
    return smooth, sharp, flat[sharp]


def _unit(vectors: NDArray[Any]) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        units = np.where(lengths > 0.0, vectors / lengths, 0.0)
    return units.astype(np.float32)


def _finite(mesh: Mesh) -> Mesh:
    """Leave out triangles with a corner that is no place."""
    good: NDArray[np.bool_] = np.asarray(np.isfinite(mesh.positions).all(axis=1))
    if good.all():
        return mesh
    positions = np.where(good[:, None], mesh.positions, mesh.positions[good][:1] if good.any() else 0.0)
    return Mesh(positions.astype(np.float32), mesh.normals, mesh.triangles[good[mesh.triangles].all(axis=1)], mesh.colours)
