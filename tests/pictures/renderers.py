"""Who can draw here, and what pictures are compared by: silhouettes and places, never bytes."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from numpy.typing import NDArray

from portalis.translator.pictures.errors import PictureError
from portalis.translator.pictures.render import Renderer, open_renderer

RENDERERS = ("gl", "rays")
Mask = NDArray[np.bool_]


@functools.cache
def renderer(name: str) -> Renderer:
    """Return a renderer for all tests, or skip where this machine lacks what it draws with."""
    try:
        return open_renderer(name)
    except PictureError as error:
        pytest.skip(f"{error}: {error.help}")


def overlap(one: Mask, other: Mask) -> float:
    """Return how much two silhouettes share, of all that either covers."""
    return float((one & other).sum() / max((one | other).sum(), 1))


def middles(width: int, height: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return x and y of every pixel's middle, (height, width) each."""
    return np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)


def convex(corners: NDArray[np.float64], width: int, height: int) -> Mask:
    """Return which pixels' middles are in the hull of some places of the picture (n, 2)."""
    x, y = middles(width, height)
    order = corners[np.lexsort((corners[:, 1], corners[:, 0]))]
    hull: list[NDArray[np.float64]] = []
    for run in (order, order[::-1]):
        start = len(hull)
        for point in run:
            while len(hull) >= start + 2 and _turn(hull[-2], hull[-1], point) <= 0.0:
                hull.pop()
            hull.append(point)
        hull.pop()
    inside = np.ones((height, width), np.bool_)
    for a, b in zip(hull, [*hull[1:], hull[0]], strict=True):
        inside &= (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]) >= 0.0
    return inside


def _turn(a: NDArray[np.float64], b: NDArray[np.float64], c: NDArray[np.float64]) -> float:
    return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))
