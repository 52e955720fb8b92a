"""Where a picture is taken from: a camera of the stage, or one that sees everything."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from portalis.translator.pictures.scene import Doubles, Scene

# A fitted camera: how far everything stays from the picture's edges, what the lens sees of the larger side, where it looks from.
MARGIN = 0.03
_FIELD, _HEADING, _ELEVATION = 36.0, 35.0, 24.0
# How near the near plane may be, in parts of the far one: the depth buffer has 24 bits or more.
_NEAREST = 1e-4


@dataclass(frozen=True, eq=False)
class View:
    """A matrix from the world to the camera, which looks along -Z, for row vectors; and what the picture's edges see.

    `window` is left, right, bottom, top: at distance 1, or, where `orthographic`, at any.
    """

    matrix: Doubles
    window: tuple[float, float, float, float]
    orthographic: bool
    near: float
    far: float

    @property
    def aspect(self) -> float:
        """Width by height."""
        left, right, bottom, top = self.window
        return (right - left) / (top - bottom)

    def projection(self) -> Doubles:
        """Return the matrix (4, 4) from camera to clip space as OpenGL has it, for row vectors."""
        left, right, bottom, top = self.window
        near, far = self.near, self.far
        matrix = np.zeros((4, 4))
        matrix[0, 0], matrix[1, 1] = 2.0 / (right - left), 2.0 / (top - bottom)
        across, up = (right + left) / (right - left), (top + bottom) / (top - bottom)
        if self.orthographic:
            matrix[2, 2] = -2.0 / (far - near)
            matrix[3] = (-across, -up, -(far + near) / (far - near), 1.0)
        else:
            matrix[2] = (across, up, -(far + near) / (far - near), -1.0)
            matrix[3, 2] = -2.0 * far * near / (far - near)
        return matrix

    def pixels(self, points: Doubles, width: int, height: int) -> Doubles:
        """Return where points of the world (n, 3) are in a picture, (n, 2): x to the right, y down, both from the upper left corner."""
        seen = points @ self.matrix[:3, :3] + self.matrix[3, :3]
        clip = np.concatenate([seen, np.ones((len(seen), 1))], axis=1) @ self.projection()
        flat = clip[:, :2] / clip[:, 3:]
        return np.stack([(flat[:, 0] + 1.0) * 0.5 * width, (1.0 - flat[:, 1]) * 0.5 * height], axis=1)

    def widened(self, aspect: float) -> View:
        """Return the view for a picture of another shape: it sees more to two sides, and never less."""
        left, right, bottom, top = self.window
        grow = aspect / self.aspect
        if grow >= 1.0:
            middle, half = (left + right) / 2.0, (right - left) / 2.0 * grow
            return replace(self, window=(middle - half, middle + half, bottom, top))
        middle, half = (bottom + top) / 2.0, (top - bottom) / 2.0 / grow
        return replace(self, window=(left, right, middle - half, middle + half))

    def at(self, x: float, y: float, width: int, height: int) -> View:
        """Return the view of the one pixel of a picture that a place is in; x to the right, y down."""
        left, right, bottom, top = self.window
        column, row = math.floor(x), math.floor(y)
        across, up = (right - left) / width, (top - bottom) / height
        window = (left + column * across, left + (column + 1) * across, top - (row + 1) * up, top - row * up)
        return replace(self, window=window)

    def tightened(self, scene: Scene) -> View:
        """Return the view with its planes no farther apart than what is drawn: depth is finer then."""
        behind = self.matrix[:3, 2]
        nearest, farthest = scene.reach(np.stack([behind, -behind]), exact=False)
        if not np.isfinite([nearest, farthest]).all():
            return self
        offset = float(self.matrix[3, 2])
        slack = 1e-3 * (abs(nearest + farthest) + abs(offset)) + 1e-9
        far = min(self.far, float(farthest) - offset + slack)
        lowest = -math.inf if self.orthographic else _NEAREST * max(far, 0.0)
        near = max(self.near, -(float(nearest) + offset) - slack, lowest)
        return replace(self, near=near, far=far) if near < far else self


def looking(heading: float, elevation: float, *, z_up: bool) -> Doubles:
    """Return the camera's axes in the world (right, above, back) as rows; angles in degrees."""
    turn, lift = math.radians(heading), math.radians(elevation)
    back = np.array([math.cos(lift) * math.sin(turn), math.sin(lift), math.cos(lift) * math.cos(turn)])
    up = np.array([0.0, 1.0, 0.0])
    if z_up:
        back, up = np.array([back[0], -back[2], back[1]]), np.array([0.0, 0.0, 1.0])
    right = np.cross(up, back)
    right /= np.linalg.norm(right)
    return np.stack([right, np.cross(back, right), back])


def lens(aspect: float) -> tuple[float, float]:
    """Return half the width and height, at distance 1, of what a lens of the usual angle over the larger side sees."""
    half = math.tan(math.radians(_FIELD) / 2.0)
    return (half, half / aspect) if aspect >= 1.0 else (half * aspect, half)


def fit(
    scenes: Iterable[Scene], aspect: float, *, z_up: bool, heading: float = _HEADING, elevation: float = _ELEVATION, margin: float = MARGIN
) -> View | None:
    """Return a perspective view that sees all of the scenes, each bound at least `margin` of the picture from its edges.

    None where nothing is drawn in any. It is taken from the nearest place in a direction from which four planes through the camera,
    a little inside of the picture's edges, have everything between them: exact for points and for spheres.
    """
    axes = looking(heading, elevation, z_up=z_up)
    wide, high = lens(aspect)
    inside = 1.0 - 2.0 * margin
    a, b = wide * inside, high * inside
    planes = np.array([[1.0, 0.0, a], [-1.0, 0.0, a], [0.0, 1.0, b], [0.0, -1.0, b], [0.0, 0.0, 1.0], [0.0, 0.0, -1.0]]) @ axes
    reach = np.full(6, -np.inf)
    for scene in scenes:
        reach = np.maximum(reach, scene.reach(planes))
    if not np.isfinite(reach).all():
        return None
    right, left, above, below, nearest, farthest = reach
    distance = max((right + left) / (2.0 * a), (above + below) / (2.0 * b))
    depth = nearest + farthest
    # What has no size is seen from one unit away.
    distance = max(distance, nearest + max(0.01 * depth, 1e-6 * abs(nearest)), nearest + (0.0 if distance > nearest else 1.0))
    place = np.array([(right - left) / 2.0, (above - below) / 2.0, distance])
    matrix = np.eye(4)
    matrix[:3, :3] = axes.T
    matrix[3, :3] = -place
    gap = distance - nearest
    near = max(gap * 0.5, 1e-9)
    return View(matrix, (-wide, wide, -high, high), False, near, max(distance + farthest + max(depth, near) * 0.1, near * 2.0))
