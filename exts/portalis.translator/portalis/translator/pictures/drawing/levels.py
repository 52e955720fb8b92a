"""How finely each place of a mesh is drawn: coarser where nobody could tell, and from outside only where nobody can be inside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portalis.translator.pictures.camera import View
from portalis.translator.pictures.scene import Batch, Doubles, Mesh

# Half the size on the picture, in samples, below which the next coarser mesh is taken: its rim is then a third of a sample off at most.
_FINEST, _COARSEST = 24.0, 4.0


@dataclass(frozen=True, eq=False)
class Part:
    """Some places of a batch: their numbers, the mesh that is drawn there, and whether faces that look away are hidden anyway."""

    mesh: Mesh
    which: NDArray[np.int64]
    from_outside: bool


def parts(batch: Batch, seen: Doubles, view: View, height: int) -> Iterator[Part]:
    """Cut a batch up; `seen` are its matrices to the camera (k, 4, 4), `height` is the picture's in samples."""
    mesh = batch.mesh
    everywhere = np.arange(len(seen))
    if not mesh.closed:
        yield Part(mesh, everywhere, False)
        return
    middle, half = mesh.middle, mesh.half
    axes = seen[:, :3, :3]
    lengths = half * np.linalg.norm(axes, axis=2)
    depth = -(middle @ axes[:, :, 2].T + seen[:, 3, 2])
    clear = (depth - lengths.sum(axis=1) > max(view.near, 0.0)) & (np.linalg.det(axes) > 0.0)
    _, _, bottom, top = view.window
    across = lengths.max(axis=1) * height / (top - bottom)
    size = across if view.orthographic else across / np.maximum(depth, 1e-300)
    level = np.where(depth > 0.0, (size < _FINEST).astype(np.int64) + (size < _COARSEST), 0)
    for number in range(3):
        for outside in (True, False):
            which = everywhere[(level == number) & (clear == outside)]
            if len(which):
                yield Part(_coarser(mesh, number), which, outside)


def _coarser(mesh: Mesh, level: int) -> Mesh:
    for _ in range(level):
        mesh = mesh.coarser or mesh
    return mesh
