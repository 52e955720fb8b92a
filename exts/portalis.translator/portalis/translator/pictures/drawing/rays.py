"""The same pictures where there is no OpenGL: embreex meets triangles with rays, spheres are met in closed form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portalis.translator.pictures.camera import View
from portalis.translator.pictures.drawing.levels import parts
from portalis.translator.pictures.drawing.light import GLOSS, GLOSS_POWER, GROUND, PAPER, SKY, SUN, Background, as_shown, sun_direction
from portalis.translator.pictures.drawing.rays_spheres import splat
from portalis.translator.pictures.errors import PictureError
from portalis.translator.pictures.scene import Batch, Doubles, Floats, Numbers, Scene, Spheres

# Rays that are followed at a time: what they meet takes some hundred bytes each.
_AT_A_TIME = 400_000


class RayRenderer:
    """Draws scenes by rays. `PictureError` where embreex is missing."""

    def __init__(self) -> None:
        try:
            from embreex import mesh_construction, rtcore_scene
        except ImportError as error:
            raise PictureError("embreex is not installed", "pip install 'portalis-translator[pictures]'") from error
        self._new_scene, self._add = rtcore_scene.EmbreeScene, mesh_construction.TriangleMesh
        self.name = "rays, embreex"

    def picture(
        self, scene: Scene, view: View, width: int, height: int, *, z_up: bool, samples: int = 2, background: Background = PAPER
    ) -> NDArray[np.uint8]:
        """Return a picture (height, width, 3), row 0 above; each pixel is the mean of `samples` × `samples`."""
        meeting = self._meeting(scene, view, width * samples, height * samples)
        sun, sky = sun_direction(view.matrix, z_up=z_up)
        above, below = np.array(background.above), np.array(background.below)
        result = np.empty((height, width, 3), np.uint8)
        rows = max(_AT_A_TIME // (width * samples * samples), 1)
        for start in range(0, height, rows):
            count = min(rows, height - start)
            light, covered = _lit(meeting.hits(start * samples, count * samples), sun, sky)
            shape = (count, samples, width, samples)
            mean = light.reshape(*shape, 3).mean(axis=(1, 3))
            part = covered.reshape(shape).mean(axis=(1, 3), dtype=np.float64)[..., None]
            up = 1.0 - (start + np.arange(count) + 0.5)[:, None, None] / height
            back = below + (above - below) * up
            shown = np.where(part > 0.0, as_shown(mean + (1.0 - part) * back**2.2), back)
            result[start : start + count] = np.round(np.clip(shown, 0.0, 1.0) * 255.0)
        return result

    def identify(self, scene: Scene, view: View, width: int, height: int, *, z_up: bool) -> Numbers:
        """Return whose each pixel's middle is (height, width): 1 + the index in the scene's paths, or 0."""
        return self._meeting(scene, view, width, height).hits(0, height).prims.reshape(height, width)

    def close(self) -> None:
        """Nothing is held between pictures."""

    def _meeting(self, scene: Scene, view: View, width: int, height: int) -> _Meeting:
        batches = tuple(batch for batch in scene.batches if len(batch.mesh.triangles))
        tight = view.tightened(scene)
        cut = []
        for batch in batches:
            seen = batch.matrices @ view.matrix
            for part in parts(batch, seen, tight, height):
                cut.append(Batch(part.mesh, seen[part.which], batch.colours[part.which], batch.prims[part.which]))
        traced = self._new_scene() if cut else None
        for batch in cut:
            mesh, matrices = batch.mesh, batch.matrices
            corners = (mesh.positions @ matrices[:, :3, :3] + matrices[:, 3:, :3]).astype(np.float32).reshape(-1, 3)
            starts = np.arange(len(matrices), dtype=np.int64) * len(mesh.positions)
            triangles = (mesh.triangles[None].astype(np.int64) + starts[:, None, None]).reshape(-1, 3)
            self._add(traced, corners, triangles.astype(np.int32))
        nearest = splat(scene.spheres, tight, width, height)
        return _Meeting(tuple(cut), traced, scene.spheres, nearest, tight, width, height)


@dataclass(frozen=True, eq=False)
class _Hits:
    """What samples see, a row a sample: whose it is, or 0; base colour, unit normal, and the unit direction to the eye."""

    prims: Numbers
    colours: Floats
    normals: Floats
    to_eye: Floats


@dataclass(frozen=True, eq=False)
class _Meeting:
    """A scene in front of a camera, ready for rays: triangles in embree's tree, and of each sample the nearest sphere and its depth.

    The batches' matrices lead to the camera.
    """

    batches: tuple[Batch, ...]
    traced: Any
    spheres: Spheres
    nearest: tuple[Floats, NDArray[np.int32]]
    view: View
    width: int
    height: int

    def hits(self, row: int, count: int) -> _Hits:
        """Follow the rays of some rows of samples."""
        starts, along = self._rays(row, count)
        size = len(starts)
        nothing = np.zeros((2, size, 3), np.float32)
        found = _Hits(np.zeros(size, np.uint32), nothing[0], nothing[1], _to_eye(along, self.view))
        depth = self.nearest[0][row : row + count].ravel().copy()
        if self.traced is not None:
            met = self.traced.run((starts + along * np.float32(self.view.near)), along, output=1)
            reached = met["tfar"] + np.float32(self.view.near)
            hit = np.flatnonzero((met["geomID"] >= 0) & (met["primID"] >= 0) & (reached <= min(self.view.far, 1e30)) & (reached < depth))
            depth[hit] = reached[hit]
            for number in range(len(self.batches)):
                self._surface(found, number, hit[met["geomID"][hit] == number], met)
        self._round(found, row, count, depth, starts, along)
        return found

    def _rays(self, row: int, count: int) -> tuple[Floats, Floats]:
        """Return starts and directions, which are one unit of depth long, of some rows of samples."""
        left, right, bottom, top = self.view.window
        across = left + (right - left) * (np.arange(self.width) + 0.5) / self.width
        up = top + (bottom - top) * (np.arange(row, row + count) + 0.5) / self.height
        flat = np.zeros((count * self.width, 3), np.float32)
        flat[:, 0], flat[:, 1] = np.tile(across, count), np.repeat(up, self.width)
        if self.view.orthographic:
            return flat, np.broadcast_to(np.array([0.0, 0.0, -1.0], np.float32), flat.shape).copy()
        flat[:, 2] = -1.0
        return np.zeros_like(flat), flat

    def _surface(self, found: _Hits, number: int, rows: NDArray[np.int64], met: dict[str, Any]) -> None:
        """Write what is seen of one batch."""
        if not len(rows):
            return
        batch = self.batches[number]
        mesh, matrices = batch.mesh, batch.matrices
        which, triangle = np.divmod(met["primID"][rows].astype(np.int64), len(mesh.triangles))
        corners = mesh.triangles[triangle]
        u, v = met["u"][rows][:, None], met["v"][rows][:, None]
        weights = (1.0 - u - v, u, v)
        normals = sum(weight * mesh.normals[corners[:, at]] for at, weight in enumerate(weights))
        faces = met["Ng"][rows]
        faces = np.where(np.einsum("ij,ij->i", faces, found.to_eye[rows])[:, None] < 0.0, -faces, faces)
        turned = np.einsum("ij,ijk->ik", normals, _cofactors(matrices)[which])
        turned = np.where(np.linalg.norm(turned, axis=1, keepdims=True) > 0.0, turned, faces)
        turned = np.where(np.einsum("ij,ij->i", turned, faces)[:, None] < 0.0, -turned, turned)
        found.normals[rows] = _units(turned)
        own = mesh.colours
        found.colours[rows] = (
            batch.colours[which] if own is None else sum(weight * own[corners[:, at]] for at, weight in enumerate(weights))
        )
        found.prims[rows] = batch.prims[which]

    def _round(self, found: _Hits, row: int, count: int, depth: Floats, starts: Floats, along: Floats) -> None:
        """Write what is seen of spheres, where nothing is nearer."""
        balls = self.nearest[1][row : row + count].ravel()
        rows = np.flatnonzero((balls >= 0) & (self.nearest[0][row : row + count].ravel() <= depth))
        which = balls[rows]
        centres = self.spheres.centres[which] @ self.view.matrix[:3, :3] + self.view.matrix[3, :3]
        found.normals[rows] = _units(starts[rows] + along[rows] * depth[rows, None] - centres)
        found.colours[rows] = self.spheres.colours[which]
        found.prims[rows] = self.spheres.prims[which]


def _lit(hits: _Hits, sun: Doubles, sky: Doubles) -> tuple[Doubles, NDArray[np.bool_]]:
    """Return the light that each sample sees (n, 3), 0 where there is nothing, and where there is something."""
    covered = hits.prims > 0
    normals, to_eye = hits.normals[covered], hits.to_eye[covered]
    facing = np.maximum(normals @ sun, 0.0)[:, None]
    around = GROUND + (SKY - GROUND) * (0.5 + 0.5 * (normals @ sky))[:, None]
    middle = _units(to_eye + sun)
    shine = np.where(facing > 0.0, GLOSS * np.maximum(np.einsum("ij,ij->i", normals, middle), 0.0)[:, None] ** GLOSS_POWER, 0.0)
    light = np.zeros((len(covered), 3))
    light[covered] = np.clip(hits.colours[covered] * (around + SUN * facing) + shine * SUN, 0.0, 1.0)
    return light, covered


def _to_eye(along: Floats, view: View) -> Floats:
    if view.orthographic:
        return np.broadcast_to(np.array([0.0, 0.0, 1.0], np.float32), along.shape)
    return _units(-along)


def _cofactors(matrices: Doubles) -> Doubles:
    """Return what turns normals as matrices turn points, (k, 3, 3): right too where a matrix has no inverse."""
    x, y, z = (matrices[:, axis, :3] for axis in range(3))
    rows = np.stack([np.cross(y, z), np.cross(z, x), np.cross(x, y)], axis=1)
    sign = np.where(np.einsum("ij,ij->i", x, rows[:, 0]) < 0.0, -1.0, 1.0)
    turned: Doubles = rows * sign[:, None, None]
    return turned


def _units(vectors: NDArray[Any]) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    units: Floats = (vectors / np.where(lengths > 0.0, lengths, 1.0)).astype(np.float32)
    return units
