"""What is drawn, as arrays that know nothing of USD: meshes with the places they are drawn at, and spheres."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Numbers = NDArray[np.uint32]

# Beyond this many products of points and places, a mesh's box stands for it in bounds.
_MOST_PRODUCTS = 2_000_000


@dataclass(frozen=True, eq=False)
class Mesh:
    """Triangles in a space of their own: positions, normals (n, 3), triangles (m, 3) of their indices, and colours of vertices or None.

    A `closed` one has no rim, and its triangles turn counterclockwise where they are seen from outside; `coarser` is one with fewer.
    """

    positions: Floats
    normals: Floats
    triangles: Numbers
    colours: Floats | None = None
    closed: bool = False
    coarser: Mesh | None = None

    @functools.cached_property
    def middle(self) -> Doubles:
        """The middle of the mesh's box, (3,)."""
        middle: Doubles = (self.positions.max(axis=0).astype(np.float64) + self.positions.min(axis=0)) / 2.0
        return middle

    @functools.cached_property
    def half(self) -> Doubles:
        """Half the edges of the mesh's box, (3,)."""
        half: Doubles = (self.positions.max(axis=0).astype(np.float64) - self.positions.min(axis=0)) / 2.0
        return half

    def corners(self) -> Doubles:
        """Return the corners of the mesh's box, (8, 3)."""
        signs = np.array([[(index >> axis & 1) * 2 - 1 for axis in range(3)] for index in range(8)], np.float64)
        corners: Doubles = self.middle + signs * self.half
        return corners


@dataclass(frozen=True, eq=False)
class Batch:
    """One mesh in k places: matrices to the world (k, 4, 4) for row vectors, colours (k, 3) where the mesh has none, and whose each is."""

    mesh: Mesh
    matrices: Doubles
    colours: Floats
    prims: Numbers


@dataclass(frozen=True, eq=False)
class Spheres:
    """Centres in the world (n, 3), radii (n,), colours (n, 3), and whose each is (n,)."""

    centres: Doubles
    radii: Doubles
    colours: Floats
    prims: Numbers

    @staticmethod
    def none() -> Spheres:
        """Return no spheres."""
        return Spheres(np.zeros((0, 3)), np.zeros(0), np.zeros((0, 3), np.float32), np.zeros(0, np.uint32))


@dataclass(frozen=True, eq=False)
class Scene:
    """Everything that is drawn of a stage at one time. `prims` of batches and spheres are 1 + the index in `paths`: 0 is nothing."""

    batches: tuple[Batch, ...] = ()
    spheres: Spheres = field(default_factory=Spheres.none)
    paths: tuple[str, ...] = ()
    skipped: dict[str, int] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether nothing at all is drawn."""
        return not len(self.spheres.radii) and not any(len(batch.matrices) and len(batch.mesh.triangles) for batch in self.batches)

    def reach(self, directions: Doubles, *, exact: bool = True) -> Doubles:
        """Return how far everything reaches, radii included, along each of some directions (d, 3) of any length; -inf for nothing.

        Where not `exact`, a mesh's box stands for it.
        """
        parts = [_reach(batch, directions, exact) for batch in self.batches if len(batch.matrices) and len(batch.mesh.positions)]
        if len(self.spheres.radii):
            lengths = np.linalg.norm(directions, axis=1)
            parts.append((directions @ self.spheres.centres.T + lengths[:, None] * self.spheres.radii).max(axis=1))
        return np.max(parts, axis=0) if parts else np.full(len(directions), -np.inf)


def _reach(batch: Batch, directions: Doubles, exact: bool) -> Doubles:
    mesh, matrices = batch.mesh, batch.matrices
    # Directions in each place's own space (k, d, 3): points are multiplied once, not once a place.
    local = (matrices[:, :3, :3] @ directions.T).transpose(0, 2, 1)
    if exact and len(mesh.positions) * len(matrices) <= _MOST_PRODUCTS:
        points = mesh.positions
        along = np.stack([(part.astype(np.float32) @ points.T).max(axis=1) for part in local])
    else:
        along = (local @ mesh.corners().T).max(axis=2)
    reached: Doubles = (along + matrices[:, 3, :3] @ directions.T).max(axis=0)
    return reached
