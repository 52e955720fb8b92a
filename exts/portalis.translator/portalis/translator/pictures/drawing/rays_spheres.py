"""Of each sample of a picture the nearest sphere, in closed form."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from portalis.translator.pictures.camera import View
from portalis.translator.pictures.scene import Doubles, Floats, Spheres

# Pairs of a sphere and a sample that are looked at together.
_PAIRS = 2_000_000

Ints = NDArray[np.int64]


def splat(spheres: Spheres, view: View, width: int, height: int) -> tuple[Floats, NDArray[np.int32]]:
    """Return of each sample (height, width) the depth of the nearest sphere, or infinity, and its number, or -1."""
    depth = np.full(height * width, np.inf, np.float32)
    number = np.full(height * width, -1, np.int32)
    if not len(spheres.radii):
        return depth.reshape(height, width), number.reshape(height, width)
    centres = spheres.centres @ view.matrix[:3, :3] + view.matrix[3, :3]
    low, high = _windows(centres, spheres.radii, view, width, height)
    areas = np.prod(np.maximum(high - low, 0), axis=1)
    shown = np.flatnonzero(areas > 0)
    # As many at a time as fit, one at least.
    groups = np.cumsum(areas[shown]) // _PAIRS
    for group in np.split(shown, np.flatnonzero(np.diff(groups)) + 1):
        if len(group):
            _nearest(group, centres, spheres.radii, (low, high), view, (width, height), (depth, number))
    return depth.reshape(height, width), number.reshape(height, width)


def _windows(centres: Doubles, radii: Doubles, view: View, width: int, height: int) -> tuple[Ints, Ints]:
    """Return the first and behind the last column and row of samples (n, 2) that may see each sphere."""
    left, right, bottom, top = view.window
    sides = []
    for axis in range(2):
        place = centres[:, axis]
        if view.orthographic:
            least, most = place - radii, place + radii
        else:
            # Tangents from the eye in the plane of the axis and the depth; where the eye may be inside of it, the whole picture.
            away = -centres[:, 2]
            within = away**2 - radii**2
            root = np.sqrt(np.maximum(place**2 + within, 0.0)) * radii
            safe = np.where(within > 0.0, within, 1.0)
            least, most = (place * away - root) / safe, (place * away + root) / safe
            outside = (within > 0.0) & (away > 0.0)
            least, most = np.where(outside, least, -np.inf), np.where(outside, most, np.inf)
        sides.append((least, most))
    (x0, x1), (y0, y1) = sides
    columns = [(x - left) / (right - left) * width for x in (x0, x1)]
    rows = [(top - y) / (top - bottom) * height for y in (y1, y0)]
    first = np.stack([np.clip(np.floor(edge[0]), 0, size) for edge, size in ((columns, width), (rows, height))], axis=1)
    behind = np.stack([np.clip(np.ceil(edge[1]), 0, size) for edge, size in ((columns, width), (rows, height))], axis=1)
    # The tangent cone of one that is wholly behind the eye is seen by nobody.
    hidden = (-centres[:, 2] + radii < view.near) | (-centres[:, 2] - radii > view.far)
    behind[hidden] = first[hidden]
    return first.astype(np.int64), behind.astype(np.int64)


def _nearest(
    group: Ints,
    centres: Doubles,
    radii: Doubles,
    windows: tuple[Ints, Ints],
    view: View,
    size: tuple[int, int],
    result: tuple[Floats, NDArray[np.int32]],
) -> None:
    """Write into `result` (depth, number) where a sphere of the group is nearer than what is there."""
    low, high = windows[0][group], windows[1][group]
    across = high[:, 0] - low[:, 0]
    areas = across * (high[:, 1] - low[:, 1])
    which = np.repeat(np.arange(len(group)), areas)
    within = np.arange(len(which)) - np.repeat(np.cumsum(areas) - areas, areas)
    row, column = np.divmod(within, across[which])
    row, column = row + low[which, 1], column + low[which, 0]
    left, right, bottom, top = view.window
    x = left + (right - left) * (column + 0.5) / size[0]
    y = top + (bottom - top) * (row + 0.5) / size[1]
    centre, radius = centres[group][which], radii[group][which]
    if view.orthographic:
        inside = radius**2 - (x - centre[:, 0]) ** 2 - (y - centre[:, 1]) ** 2
        met = -centre[:, 2] - np.sqrt(np.maximum(inside, 0.0))
    else:
        length = x * x + y * y + 1.0
        along = x * centre[:, 0] + y * centre[:, 1] - centre[:, 2]
        inside = along * along - length * (np.einsum("ij,ij->i", centre, centre) - radius**2)
        met = (along - np.sqrt(np.maximum(inside, 0.0))) / length
    place = row * size[0] + column
    good = np.flatnonzero((inside >= 0.0) & (met >= view.near) & (met <= view.far) & (met < result[0][place]))
    # Of several that are written to one place the last one stays: the nearest.
    order = good[np.argsort(-met[good], kind="stable")]
    result[0][place[order]] = met[order]
    result[1][place[order]] = group[which[order]]
