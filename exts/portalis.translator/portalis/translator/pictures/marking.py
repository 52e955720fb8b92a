"""What a scene shows that its stage does not have: prims in another colour, and a grid on the ground."""

from __future__ import annotations

import math
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from portalis.translator.pictures import primitives
from portalis.translator.pictures.scene import Batch, Doubles, Mesh, Scene, Spheres

Colour = tuple[float, float, float]
# Lines to each side of the middle, and how thick one is, of the distance between two.
_HALF, _THICK = 8, 0.012


class Marker:
    """Shows prims in a colour of its own. Meshes that have colours are remembered without them."""

    def __init__(self, colour: Colour) -> None:
        self._colour = np.array(colour, np.float32)
        self._plain: weakref.WeakKeyDictionary[Mesh, Mesh] = weakref.WeakKeyDictionary()

    def marked(self, scene: Scene, paths: Sequence[str]) -> Scene:
        """Return a scene in which the prims at some paths, and all below them, have the marker's colour."""
        wanted = tuple(f"{path.rstrip('/')}/" for path in paths)
        chosen = np.array([False, *(f"{path}/".startswith(wanted) for path in scene.paths)], np.bool_) if wanted else None
        if chosen is None or not chosen.any():
            return scene
        batches = tuple(part for batch in scene.batches for part in self._batches(batch, chosen[batch.prims]))
        balls = scene.spheres
        colours = np.where(chosen[balls.prims][:, None], self._colour, balls.colours)
        return replace(scene, batches=batches, spheres=Spheres(balls.centres, balls.radii, colours, balls.prims))

    def _batches(self, batch: Batch, chosen: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Iterator[Batch]:
        if not chosen.any():
            yield batch
            return
        if batch.mesh.colours is None:
            yield replace(batch, colours=np.where(chosen[:, None], self._colour, batch.colours))
            return
        if not chosen.all():
            others = ~chosen
            yield Batch(batch.mesh, batch.matrices[others], batch.colours[others], batch.prims[others])
        if batch.mesh not in self._plain:
            self._plain[batch.mesh] = replace(batch.mesh, colours=None)
        count = int(chosen.sum())
        colours = np.repeat(self._colour[None], count, axis=0)
        yield Batch(self._plain[batch.mesh], batch.matrices[chosen], colours, batch.prims[chosen])


def grid(radius: float, colour: Colour, *, z_up: bool) -> Batch:
    """Return lines on the ground around the origin, a round number of units apart, for what has a radius. They are nobody's."""
    step = 10.0 ** math.floor(math.log10(max(radius, 1e-6) / 2.0))
    far = step * _HALF
    rows = []
    for index in range(-_HALF, _HALF + 1):
        for across, along in ((0, 1), (1, 0)):
            matrix = np.zeros((4, 4))
            matrix[2, along], matrix[3, across], matrix[3, along], matrix[3, 3] = 2.0 * far, index * step, -far, 1.0
            matrix[0, across], matrix[1, 2] = step * _THICK, step * _THICK
            rows.append(matrix if z_up else _lying(matrix))
    count = len(rows)
    colours = np.tile(np.array(colour, np.float32), (count, 1))
    return Batch(primitives.rod(), np.array(rows), colours, np.zeros(count, np.uint32))


def _lying(matrix: Doubles) -> Doubles:
    """Return a matrix that puts on the plane of X and Z what another one puts on that of X and Y."""
    return matrix[:, [0, 2, 1, 3]]
