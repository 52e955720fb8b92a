"""Whether a part of a prim's transform can be read, and written, as the prim is at one time; if not, which op stands against it."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import cast

import numpy as np
from pxr import Usd

from portalis.translator.stage.transforms.parts import RIGHT_ANGLE, Part, is_linear, read_part, says_apart
from portalis.translator.stage.transforms.roles import Refusal, Roles, carrying, lacks, roles
from portalis.translator.stage.transforms.rotations import Array
from portalis.translator.stage.transforms.solve import Solver
from portalis.translator.stage.transforms.stack import Stack, TransformOp
from portalis.translator.stage.values import codec_of

# Any value that has nothing special: whether it can be written tells whether others can.
_PROBES: dict[Part, tuple[float, ...]] = {
    "position": (0.3, -1.7, 2.9),
    "orientation": (0.18257418583505536, -0.3651483716701107, 0.5477225575051661, 0.7302967433402214),
    "scale": (1.25, 0.5, 1.75),
}
_CARRIES: dict[Part, str] = {"position": "translates", "orientation": "rotates", "scale": "scales"}


def op_values(stage: Usd.Stage, ops: Sequence[TransformOp], time_code: float) -> list[Array]:
    """Read the ops' values at a time: one array (1, width) each, in the order of its codec."""
    values = []
    for op in ops:
        codec = codec_of(op.type_name) if op.kind != "unknown" else None
        value = stage.GetAttributeAtPath(op.path).Get(Usd.TimeCode(time_code)) if codec is not None else None
        if value is None or codec is None:
            values.append(np.array([op.identity]))
        else:
            values.append(codec.rows_of_values([value]).astype(np.float64))
    return values


def is_sound(stage: Usd.Stage, stack: Stack, time_code: float) -> bool:
    """Tell whether any stack of this shape that is sound takes the same parts; where that depends on more of its values, it is not."""
    ops = stack.ops
    if says_apart(ops) and not carrying(ops):
        return True
    matrix = next((op for op in ops if is_linear(op)), None)
    if matrix is None or not matrix.is_matrix or matrix.inverse or sum(is_linear(op) for op in ops) != 1:
        return False
    value = stage.GetAttributeAtPath(matrix.path).Get(Usd.TimeCode(time_code))
    if value is None:
        return True
    rows = [value.GetRow3(index) for index in range(3)]
    lengths = [row.GetLength() for row in rows]
    corners = [rows[a] * rows[b] for a, b in ((0, 1), (0, 2), (1, 2))]
    squares = [lengths[a] * lengths[b] for a, b in ((0, 1), (0, 2), (1, 2))]
    return all(0.0 < length < math.inf for length in lengths) and all(
        abs(corner) < 0.5 * RIGHT_ANGLE * square for corner, square in zip(corners, squares, strict=True)
    )


def read_refusal(stack: Stack, values: Sequence[Array], part: Part) -> Refusal | None:
    """Say why `part` cannot be read, or None."""
    if (unknown := _unknown(stack)) is not None:
        return unknown
    _, bad = read_part(part, stack.ops, values, 1)
    return _culprit(stack, "it has shear or a scale of zero") if bad.any() else None


def write_refusal(stack: Stack, values: Sequence[Array], part: Part) -> Refusal | None:
    """Say why `part` cannot be written through a stack that has ops of its kind, or None."""
    if (unknown := _unknown(stack)) is not None:
        return unknown
    chosen, refused = roles(stack)
    parts = cast(tuple[Part, ...], ("position", "orientation", "scale") if part == "transform" else (part,))
    for item in parts:
        if item in refused:
            return refused[item]
    # A shape that says all apart, and carries no translation, can be given any value.
    if says_apart(stack.ops) and not carrying(stack.ops):
        return None
    if part not in ("position", "transform") and (refusal := read_refusal(stack, values, "orientation")) is not None:
        return refusal
    return None if _takes(stack, values, part, chosen) else _culprit(stack, "with it, a transform without shear cannot be composed")


def animated_refusal(stack: Stack, places: Collection[int], varying: Collection[int], wanted: Collection[Part]) -> Refusal | None:
    """Say that an op is set as a whole though only a part of what it carries is wanted, and the rest is animated; or None."""
    for index in sorted(set(places) & set(varying)):
        op = stack.ops[index]
        kept = [part for part, carries in _CARRIES.items() if (op.is_matrix or getattr(op, carries)) and part not in wanted]
        if kept and "transform" not in wanted:
            return Refusal(op, f"it is animated, and its {' and '.join(kept)} would stand still")
    return None


def absent_refusal(stack: Stack, part: Part) -> str:
    """Return which kinds of op a stack would need to be written, in words; empty where it has them."""
    parts: tuple[Part, ...] = ("position", "orientation", "scale") if part == "transform" and stack.ops else (part,)
    return " and ".join(item for item in parts if lacks(stack, item))


def _takes(stack: Stack, values: Sequence[Array], part: Part, chosen: Roles) -> bool:
    if part == "transform":
        matrix = np.eye(4)
        for item in ("position", "orientation", "scale"):
            if getattr(chosen, item) is None:
                return False
        wanted: dict[Part, Array] = {"transform": matrix.reshape(1, 16)}
    else:
        wanted = {part: np.array([_PROBES[part]])}
    return not Solver(stack.ops, chosen).solve(values, wanted).bad.any()


def _unknown(stack: Stack) -> Refusal | None:
    op = next((op for op in stack.ops if op.kind == "unknown"), None)
    return Refusal(op, f"OpenUSD composes no op of this name with the type {op.type_name}") if op is not None else None


def _culprit(stack: Stack, reason: str) -> Refusal:
    """Name the matrix, or else the scale that is outside of a rotation, or else the last op."""
    matrix = next((op for op in stack.ops if op.is_matrix), None)
    outer = next((op for index, op in enumerate(stack.ops) if op.scales and any(o.rotates for o in stack.ops[index + 1 :])), None)
    return Refusal(matrix or outer or stack.ops[-1], reason)
