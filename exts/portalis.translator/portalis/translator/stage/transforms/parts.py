"""What a transform is made of, and how it is taken from the ops of a stack.

`position` is the translation of the stack without its pivot pairs, which for a stack with pivots is the value of its translate op.
`orientation` and `scale` are those of the linear part, scale · rotation. Where the ops say both apart (scales innermost, around them
rotations only), they are read from the ops; else from the matrix, whose rows must then be at right angles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from portalis.translator.stage.transforms.compose import Values, compose, op_matrix
from portalis.translator.stage.transforms.rotations import Array, matrix_quaternion
from portalis.translator.stage.transforms.stack import TransformOp

Part: TypeAlias = Literal["position", "orientation", "scale", "transform"]
Mask: TypeAlias = NDArray[np.bool_]

# The attribute type that holds every value of a part.
PART_TYPES: dict[Part, str] = {"position": "double3", "orientation": "quatd", "scale": "double3", "transform": "matrix4d"}
# How far from a right angle (its cosine) two rows may be: a matrix that was computed or written with single precision has no shear.
RIGHT_ANGLE = 1e-5


@dataclass(frozen=True, slots=True)
class Linear:
    """Linear parts taken apart: `rotation` (lanes, 3, 3), `scale` (lanes, 3), and which lanes cannot be: sheared, or a scale of zero."""

    rotation: Array
    scale: Array
    bad: Mask


def is_linear(op: TransformOp) -> bool:
    """Tell whether an op does more than move the origin."""
    return not op.translates


def says_apart(ops: Sequence[TransformOp]) -> bool:
    """Tell whether ops say scale and rotation apart: every scale inside of every rotation, and no matrix."""
    linear = [op for op in ops if is_linear(op)]
    rotating = [index for index, op in enumerate(linear) if op.rotates]
    scaling = [index for index, op in enumerate(linear) if op.scales]
    known = len(rotating) + len(scaling) == len(linear)
    return known and (not rotating or not scaling or max(rotating) < min(scaling))


def positions(ops: Sequence[TransformOp], values: Values, lanes: int) -> Array:
    """Return (lanes, 3): where stacks put the origin, pivots left aside."""
    return compose(ops, values, lanes, lambda op: not op.pivot)[:, 3, :3]


def linear_parts(ops: Sequence[TransformOp], values: Values, lanes: int, signs: Array | None = None) -> Linear:
    """Take linear parts apart. A mirrored matrix scales x negatively, or the axes that `signs` (lanes, 3) has negative."""
    if not says_apart(ops):
        return split(compose(ops, values, lanes, is_linear)[:, :3, :3], signs)
    scale = np.ones((lanes, 3))
    for op, value in zip(ops, values, strict=True):
        if op.scales:
            scale = scale * np.diagonal(op_matrix(op, value)[:, :3, :3], axis1=1, axis2=2)
    rotation = compose(ops, values, lanes, lambda op: op.rotates)[:, :3, :3]
    finite = np.isfinite(scale).all(axis=1) & np.isfinite(rotation).all(axis=(1, 2))
    return Linear(rotation, scale, np.logical_not(finite))


def split(matrices: Array, signs: Array | None = None) -> Linear:
    """Take matrices (lanes, 3, 3) apart as scale · rotation."""
    finite: Mask = np.asarray(np.isfinite(matrices).all(axis=(1, 2)))
    safe = np.where(finite[:, None, None], matrices, np.eye(3))
    largest = np.abs(safe).max(axis=2)
    flat = (largest == 0.0).any(axis=1)
    reduced = safe / np.where(largest == 0.0, 1.0, largest)[:, :, None]
    norms = np.sqrt((reduced * reduced).sum(axis=2))
    rotation = reduced / np.where(norms == 0.0, 1.0, norms)[:, :, None]
    gram = rotation @ np.swapaxes(rotation, 1, 2)
    sheared = np.abs(gram - np.eye(3))[:, (0, 0, 1), (1, 2, 2)].max(axis=1) > RIGHT_ANGLE
    mirrored = np.linalg.det(rotation) < 0.0
    flip = np.where(mirrored[:, None], np.array([-1.0, 1.0, 1.0]), 1.0)
    if signs is not None:
        asked = np.where(signs < 0.0, -1.0, 1.0)
        flip = np.where(((asked.prod(axis=1) < 0.0) == mirrored)[:, None], asked, flip)
    return Linear(rotation * flip[:, :, None], largest * norms * flip, flat | sheared | ~finite)


def read_part(
    part: Part, ops: Sequence[TransformOp], values: Values, lanes: int, signs: Array | None = None, like: Array | None = None
) -> tuple[Array, Mask]:
    """Return rows (lanes, width) of one part, and which lanes do not have it.

    `signs` are scales and `like` orientations that the lanes were given: of several answers that mean the same, those are given back.
    """
    fine = np.zeros(lanes, np.bool_)
    if part == "position":
        rows = positions(ops, values, lanes)
    elif part == "transform":
        rows = compose(ops, values, lanes).reshape(lanes, 16)
    else:
        linear = linear_parts(ops, values, lanes, signs)
        fine = linear.bad
        rows = linear.scale if part == "scale" else matrix_quaternion(linear.rotation, like)
    return rows, fine | ~np.isfinite(rows).all(axis=1)
