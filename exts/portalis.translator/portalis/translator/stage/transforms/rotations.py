"""Rotations of many lanes at once: matrices, quaternions and angles about three axes.

Matrices are (lanes, 3, 3) for row vectors, as in OpenUSD: v' = v · R. Quaternions are (lanes, 4) as i, j, k, real. Angles are in degrees.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
# OpenUSD takes a quaternion whose imaginary part is no longer than this for the identity (GF_MIN_VECTOR_LENGTH).
_SHORT = 1e-10
# Below this, the cosine of the middle angle says nothing about the other two: only their sum is known.
_LOCKED = 1e-13


def axis_matrix(axis: int, degrees: Array) -> Array:
    """Return rotations about the coordinate axis `axis`."""
    angle = np.radians(degrees)
    cosine, sine = np.cos(angle), np.sin(angle)
    after, last = (axis + 1) % 3, (axis + 2) % 3
    matrix = np.zeros((len(degrees), 3, 3))
    matrix[:, axis, axis] = 1.0
    matrix[:, after, after] = matrix[:, last, last] = cosine
    matrix[:, after, last] = sine
    matrix[:, last, after] = -sine
    return matrix


def euler_matrix(order: str, degrees: Array) -> Array:
    """Return the rotations of an op `rotateORDER`: `degrees` are (lanes, 3) about x, y, z, applied in `order`, the first letter first."""
    first, second, third = ("XYZ".index(letter) for letter in order)
    a, b, c = (axis_matrix(axis, degrees[:, axis]) for axis in (first, second, third))
    return np.asarray(a @ b @ c)


def euler_angles(order: str, matrices: Array, near: Array, limit: float) -> Array:
    """Return angles (lanes, 3) about x, y, z whose `euler_matrix` is `matrices`: of all, those nearest to `near` within ±`limit`.

    The middle angle and one other come from one row; the remaining one from what they leave, so that the product is right to the last
    bits at ±90° of the middle angle too, where the row says little about the other.
    """
    a, b, c = ("XYZ".index(letter) for letter in order)
    sign = 1.0 if (b - a) % 3 == 1 else -1.0
    flat = np.hypot(matrices[:, a, a], matrices[:, a, b])
    middle = np.degrees(np.arctan2(-sign * matrices[:, a, c], flat))
    last = np.degrees(np.arctan2(sign * matrices[:, a, b], matrices[:, a, a]))
    last = np.where(flat < _LOCKED, near[:, c], last)
    candidates = [_with_first(matrices, (a, b, c), sign, angles) for angles in ((middle, last), (180.0 - middle, last + 180.0))]
    turned = [_nearest_turn(angles, near, limit) for angles in candidates]
    distances = [np.abs(angles - near).sum(axis=1) for angles in turned]
    return np.asarray(np.where((distances[0] <= distances[1])[:, None], turned[0], turned[1]))


def _with_first(matrices: Array, axes: tuple[int, int, int], sign: float, angles: tuple[Array, Array]) -> Array:
    """Complete two angles by the first: what the matrix still turns when they are taken back."""
    a, b, c = axes
    middle, last = angles
    rest = matrices @ np.swapaxes(axis_matrix(b, middle) @ axis_matrix(c, last), 1, 2)
    result = np.empty((len(middle), 3))
    result[:, a] = np.degrees(np.arctan2(sign * rest[:, b, c], rest[:, b, b]))
    result[:, b], result[:, c] = middle, last
    return result


def _nearest_turn(angles: Array, near: Array, limit: float) -> Array:
    turned = angles + 360.0 * np.round((near - angles) / 360.0)
    principal = angles - 360.0 * np.round(angles / 360.0)
    return np.where(np.abs(turned) <= limit, turned, principal)


def quaternion_matrix(quaternions: Array) -> Array:
    """Return the rotations of unit quaternions."""
    x, y, z, w = (quaternions[:, index] for index in range(4))
    rows = [
        [1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y + z * w), 2.0 * (x * z - y * w)],
        [2.0 * (x * y - z * w), 1.0 - 2.0 * (x * x + z * z), 2.0 * (y * z + x * w)],
        [2.0 * (x * z + y * w), 2.0 * (y * z - x * w), 1.0 - 2.0 * (x * x + y * y)],
    ]
    return np.stack([np.stack(row, axis=1) for row in rows], axis=1)


def as_composed(quaternions: Array) -> Array:
    """Return the unit quaternions as which OpenUSD composes an orient op: by the arc cosine of the real part, about the imaginary part.

    Where that is (nearly) nothing, it is the identity.
    """
    imaginary = quaternions[:, :3]
    length = np.sqrt((imaginary * imaginary).sum(axis=1))
    real = np.clip(quaternions[:, 3], -1.0, 1.0)
    turns = length > _SHORT
    sine = np.sqrt((1.0 - real) * (1.0 + real))
    result = np.zeros_like(quaternions)
    result[:, :3] = imaginary * np.divide(sine, length, out=np.zeros_like(sine), where=turns)[:, None]
    result[:, 3] = np.where(turns, real, 1.0)
    return result


def normalised(quaternions: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Return unit quaternions, and which of the given ones have a length at all (the others are the identity)."""
    largest = np.abs(quaternions).max(axis=1)
    usable = np.isfinite(largest) & (largest > 0.0)
    scaled = quaternions / np.where(usable, largest, 1.0)[:, None]
    scaled = np.where(usable[:, None], scaled, np.array([0.0, 0.0, 0.0, 1.0]))
    return scaled / np.sqrt((scaled * scaled).sum(axis=1))[:, None], usable


def matrix_quaternion(matrices: Array, like: Array | None = None) -> Array:
    """Return the unit quaternions of rotations: the one on the side of `like`, else with a real part that is not negative."""
    m = matrices
    xx, yy, zz = m[:, 0, 0], m[:, 1, 1], m[:, 2, 2]
    # Four times the square of each component; the largest is the one to divide by.
    squares = np.stack([1.0 + xx - yy - zz, 1.0 - xx + yy - zz, 1.0 - xx - yy + zz, 1.0 + xx + yy + zz], axis=1)
    largest = squares.argmax(axis=1)
    xy, xz, yz = m[:, 0, 1] + m[:, 1, 0], m[:, 0, 2] + m[:, 2, 0], m[:, 1, 2] + m[:, 2, 1]
    wx, wy, wz = m[:, 1, 2] - m[:, 2, 1], m[:, 2, 0] - m[:, 0, 2], m[:, 0, 1] - m[:, 1, 0]
    choices: list[list[Any]] = [
        [squares[:, 0], xy, xz, wx],
        [xy, squares[:, 1], yz, wy],
        [xz, yz, squares[:, 2], wz],
        [wx, wy, wz, squares[:, 3]],
    ]
    stacked = np.stack([np.stack(choice, axis=1) for choice in choices])
    quaternions, _ = normalised(stacked[largest, np.arange(len(m))])
    negative = quaternions[:, 3] < 0.0
    if like is not None:
        side = (quaternions * like).sum(axis=1)
        negative = np.where(side == 0.0, negative, side < 0.0)
    return np.where(negative[:, None], -quaternions, quaternions) + 0.0
