"""The shapes that OpenUSD describes by a size, as meshes around Z; `turned` puts them around another axis."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from portalis.translator.pictures.scene import Doubles, Mesh, Numbers

# How finely what is round is cut, around and from pole to pole: as it is, and where it is small.
_CUTS = ((48, 24), (20, 10), (8, 6))
# The axis that the shape has, as matrices for row vectors: cyclic, so that nothing is mirrored.
_AXES = {"X": ((0, 1, 0), (0, 0, 1), (1, 0, 0)), "Y": ((0, 0, 1), (1, 0, 0), (0, 1, 0)), "Z": ((1, 0, 0), (0, 1, 0), (0, 0, 1))}


def turned(axis: str, scale: tuple[float, float, float]) -> Doubles:
    """Return the matrix (4, 4) that scales what stands around Z and puts it around another axis."""
    matrix = np.eye(4)
    matrix[:3, :3] = np.diag(scale) @ np.array(_AXES.get(axis, _AXES["Z"]), np.float64)
    return matrix


@functools.cache
def cube() -> Mesh:
    """Return a cube whose edges are 1 long, around the origin."""
    positions: list[Doubles] = []
    normals: list[Doubles] = []
    triangles: list[list[int]] = []
    for axis in range(3):
        for sign in (-1.0, 1.0):
            normal = np.zeros(3)
            normal[axis] = sign
            right, up = np.eye(3)[(axis + 1) % 3], np.eye(3)[(axis + 2) % 3]
            start = len(positions)
            for u, v in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
                positions.append(normal / 2 + (right * u * sign + up * v) / 2)
                normals.append(normal)
            triangles += [[start, start + 1, start + 2], [start, start + 2, start + 3]]
    return replace(_mesh(np.array(positions), np.array(normals), np.array(triangles)), closed=True)


@functools.cache
def sphere() -> Mesh:
    """Return a sphere of radius 1, for those that a scale makes no sphere."""
    return _levels(_ball)


def _ball(around: int, along: int) -> Mesh:
    polar = np.linspace(-np.pi / 2, np.pi / 2, along + 1)
    rim = np.stack([np.cos(polar), np.sin(polar)], axis=1)
    return _revolved(rim, rim, around)


@functools.lru_cache(maxsize=256)
def cylinder(bottom: float = 1.0, top: float = 1.0) -> Mesh:
    """Return a cylinder of height 1 around the origin, with caps; a radius may be 0."""
    return _levels(lambda around, _: _drum(bottom, top, around))


def _drum(bottom: float, top: float, around: int) -> Mesh:
    slope = np.array([1.0, bottom - top])
    slope /= np.linalg.norm(slope)
    parts = [_revolved(np.array([[bottom, -0.5], [top, 0.5]]), np.array([slope, slope]), around)]
    for radius, sign in ((bottom, -1.0), (top, 1.0)):
        if radius > 0.0:
            rim = np.array([[0.0, 0.5 * sign], [radius, 0.5 * sign]])[:: int(-sign)]
            parts.append(_revolved(rim, np.array([[0.0, sign]] * 2), around))
    return _joined(parts)


def cone() -> Mesh:
    """Return a cone of radius 1 below and height 1 around the origin."""
    return cylinder(1.0, 0.0)


@functools.lru_cache(maxsize=256)
def capsule(bottom: float, top: float, height: float) -> Mesh:
    """Return a capsule: between the centres of its ends, `height`; the ends' radii."""
    return _levels(lambda around, along: _pill(bottom, top, height, around, along))


def _pill(bottom: float, top: float, height: float, around: int, along: int) -> Mesh:
    # Where the side touches the two balls: its normal leans by the difference of the radii.
    lean = float(np.arcsin(np.clip((bottom - top) / height, -1.0, 1.0))) if height > 0.0 else 0.0
    below, above = np.linspace(-np.pi / 2, lean, along // 2 + 1), np.linspace(lean, np.pi / 2, along // 2 + 1)
    rim = [(bottom * np.cos(a), bottom * np.sin(a) - height / 2) for a in below]
    rim += [(top * np.cos(a), top * np.sin(a) + height / 2) for a in above]
    angles = np.concatenate([below, above])
    return _revolved(np.array(rim), np.stack([np.cos(angles), np.sin(angles)], axis=1), around)


def _levels(make: Callable[[int, int], Mesh]) -> Mesh:
    """Return a closed mesh that knows coarser ones."""
    level: Mesh | None = None
    for around, along in reversed(_CUTS):
        level = replace(make(around, along), closed=True, coarser=level)
    assert level is not None
    return level


@functools.cache
def plane() -> Mesh:
    """Return a square whose edges are 1 long, around the origin in the plane of X and Y."""
    positions = np.array([[-0.5, -0.5, 0.0], [0.5, -0.5, 0.0], [0.5, 0.5, 0.0], [-0.5, 0.5, 0.0]])
    return _mesh(positions, np.array([[0.0, 0.0, 1.0]] * 4), np.array([[0, 1, 2], [0, 2, 3]]))


@functools.cache
def rod() -> Mesh:
    """Return a coarse cylinder of radius 1 from the origin to (0, 0, 1), without caps: a piece of a curve."""
    return _revolved(np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([[1.0, 0.0]] * 2), 8)


def _revolved(rim: Doubles, slopes: Doubles, around: int) -> Mesh:
    """Turn a line of (radius, height) with its normals around Z, from below to above."""
    angles = np.linspace(0.0, 2.0 * np.pi, around + 1)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    rows = len(rim)

    def turn(line: Doubles) -> Doubles:
        flat = line[:, None, :1] * circle[None, :, :]
        up = np.broadcast_to(line[:, None, 1:], (rows, around + 1, 1))
        return np.concatenate([flat, up], axis=2).reshape(-1, 3)

    low, left = np.meshgrid(np.arange(rows - 1), np.arange(around), indexing="ij")
    a = (low * (around + 1) + left).ravel()
    b, c, d = a + 1, a + around + 2, a + around + 1
    return _mesh(turn(rim), turn(slopes), np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)]))


def _joined(parts: list[Mesh]) -> Mesh:
    starts = np.cumsum([0, *(len(part.positions) for part in parts[:-1])])
    triangles: Numbers = np.concatenate([part.triangles + start for part, start in zip(parts, starts, strict=True)]).astype(np.uint32)
    return Mesh(np.concatenate([p.positions for p in parts]), np.concatenate([p.normals for p in parts]), triangles)


def _mesh(positions: Doubles, normals: Doubles, triangles: Doubles) -> Mesh:
    return Mesh(positions.astype(np.float32), normals.astype(np.float32), triangles.astype(np.uint32))
