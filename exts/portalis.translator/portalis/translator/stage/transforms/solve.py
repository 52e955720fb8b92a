"""Write a transform through a stack: find the values of its ops with which OpenUSD composes what is wanted.

The linear part comes first, then the translation for what the rounded linear part is; each value is rounded to its op's type at once.
Then the stack is composed from the rounded values and held to what was wanted. A lane where they differ is not written.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from portalis.translator.stage.transforms.compose import Values, compose, op_matrix
from portalis.translator.stage.transforms.parts import Linear, Mask, Part, is_linear, linear_parts, positions, says_apart, split
from portalis.translator.stage.transforms.roles import Roles, carrying
from portalis.translator.stage.transforms.rotations import (
    Array,
    euler_angles,
    matrix_quaternion,
    normalised,
    quaternion_matrix,
)
from portalis.translator.stage.transforms.stack import TransformOp
from portalis.translator.stage.values import Codec, codec_of, narrow

# How far what is composed may be from what is wanted, relative to the largest number of the matrix: 4 units in the last place.
TOLERANCES = {2: 4e-3, 4: 1e-6, 8: 1e-12}
# Beyond these angles, in degrees, the steps of an op's type are too large for that.
_ANGLE_LIMITS = {2: 255.0, 4: 511.0, 8: 1e5}


@dataclass(frozen=True, slots=True)
class Solution:
    """The ops' values that changed, by place in the order, as rounded; and the lanes where they do not compose to what was wanted."""

    values: dict[int, Array]
    bad: Mask


class Solver:
    """Solves stacks of one shape: `ops` in order, `roles` says which of them are set."""

    def __init__(self, ops: Sequence[TransformOp], roles: Roles) -> None:
        self._ops = ops
        self._roles = roles
        self._apart = says_apart(ops)
        self._carries = bool(carrying(ops))
        self._codecs = [_codec(op) for op in ops]

    def set_ops(self, parts: frozenset[Part]) -> tuple[int, ...]:
        """Return the places in the order that are set when `parts` are written."""
        chosen = set(self._linear_ops(parts))
        if self._roles.position is not None and (parts & {"position", "transform"} or self._carries):
            chosen.add(self._roles.position)
        return tuple(sorted(chosen))

    def _linear_ops(self, parts: Collection[Part]) -> tuple[int, ...]:
        """Return the places of the ops that are set for orientation and scale: a matrix among them can take all of it."""
        roles = {"orientation": self._roles.orientation, "scale": self._roles.scale}
        wanted = [place for part, place in roles.items() if place is not None and ("transform" in parts or part in parts)]
        matrix = next((place for place in wanted if self._ops[place].is_matrix), None)
        return tuple(wanted) if matrix is None else (matrix,)

    def solve(self, before: Values, wanted: Mapping[Part, Array], signs: Array | None = None) -> Solution:
        """Return the values that replace some of `before` (one array (lanes, width) an op) so that the stacks have the `wanted` parts.

        What is not wanted stays as it is, mirrored along the axes that `signs` (lanes, 3) has negative. `transform` is wanted alone.
        """
        lanes = len(next(iter(wanted.values())))
        values = [*before]
        bad = np.zeros(lanes, np.bool_)
        full = wanted.get("transform")
        if full is not None:
            matrices = full.reshape(lanes, 4, 4)
            bad |= (matrices[:, :3, 3] != 0.0).any(axis=1) | (matrices[:, 3, 3] != 1.0)
        position = wanted.get("position")
        if position is None and full is None and self._carries:
            position = positions(self._ops, before, lanes)
        if wanted.keys() & {"orientation", "scale", "transform"}:
            bad |= self._solve_linear(values, before, wanted, signs)
        if position is not None:
            bad |= self._solve_position(values, position, lambda op: not op.pivot)
        elif full is not None:
            bad |= self._solve_position(values, matrices[:, 3, :3], lambda _: True)
        changed = {index: value for index, value in enumerate(values) if value is not before[index]}
        return Solution(changed, bad)

    # ------------------------------------------------------------------------------------------------------ the linear part
    def _solve_linear(self, values: list[Array], before: Values, wanted: Mapping[Part, Array], signs: Array | None) -> Mask:
        lanes = len(next(iter(wanted.values())))
        linear, bad = self._wanted_linear(before, wanted, signs, lanes)
        target = linear.scale[:, :, None] * linear.rotation
        touched = self._linear_ops(wanted)
        with np.errstate(all="ignore"):
            # A scale first: the rotation is what is left then.
            for place in reversed(touched):
                if self._ops[place].is_matrix:
                    self._set_matrix(values, place, target)
                elif place == self._roles.scale:
                    bad |= self._round(values, place, self._scale_value(values, linear, lanes))
                else:
                    bad |= self._round(values, place, self._rotation_value(values, linear, target, lanes))
            return bad | self._linear_misses(values, linear, target, touched, lanes)

    def _wanted_linear(self, before: Values, wanted: Mapping[Part, Array], signs: Array | None, lanes: int) -> tuple[Linear, Mask]:
        if "transform" in wanted:
            linear = split(wanted["transform"].reshape(lanes, 4, 4)[:, :3, :3])
            return linear, linear.bad.copy()
        scale = wanted.get("scale")
        now = linear_parts(self._ops, before, lanes, signs)
        rotation, bad = now.rotation, np.zeros(lanes, np.bool_)
        if scale is None or "orientation" not in wanted:
            bad |= now.bad
        if "orientation" in wanted:
            unit, usable = normalised(wanted["orientation"])
            rotation = quaternion_matrix(unit)
            bad |= ~usable
        if scale is None:
            scale = now.scale
        elif not self._apart:
            bad |= (scale == 0.0).any(axis=1)
        return Linear(rotation, scale, bad), bad

    def _set_matrix(self, values: list[Array], index: int, target: Array) -> None:
        op = self._ops[index]
        matrix = np.array(op_matrix(op, values[index]))
        matrix[:, :3, :3] = self._between(values, index, target)
        values[index] = _stored_matrix(op, matrix)

    def _scale_value(self, values: Values, linear: Linear, lanes: int) -> Array:
        index = self._roles.scale
        assert index is not None, "a scale is set where there is an op for it"
        op = self._ops[index]
        inside = compose(self._ops[index + 1 :], values[index + 1 :], lanes, is_linear)[:, :3, :3]
        if not any(inner.rotates or inner.is_matrix for inner in self._ops[index + 1 :]):
            # Other scales, inside and outside of it, are along the same axes.
            others = inside[:, (0, 1, 2), (0, 1, 2)]
            if self._apart:
                before = [(o, v) for place, (o, v) in enumerate(zip(self._ops, values, strict=True)) if o.scales and place < index]
                for other, value in before:
                    others = others * op_matrix(other, value)[:, (0, 1, 2), (0, 1, 2)]
            elif any(outer.is_matrix for outer in self._ops[:index]):
                # A matrix outside of it stretches the same axes; what comes before its rotation is no shear.
                others = others * split(compose(self._ops[:index], values[:index], lanes, is_linear)[:, :3, :3]).scale
            factors = linear.scale / others
        else:
            # (inside · X)(inside · X)ᵀ has to be scale²: what is outside only turns.
            undone = np.linalg.inv(_regular(inside))
            square = undone @ (linear.scale[:, :, None] ** 2 * np.swapaxes(undone, 1, 2))
            factors = np.sqrt(square[:, (0, 1, 2), (0, 1, 2)])
        return 1.0 / factors if op.inverse else factors

    def _rotation_value(self, values: Values, linear: Linear, target: Array, lanes: int) -> Array:
        index = self._roles.orientation
        assert index is not None, "an orientation is set where there is an op for it"
        op = self._ops[index]
        if self._apart:
            inner, outer = self._around(values, index, lambda other: other.rotates)
            turned = np.swapaxes(inner[:, :3, :3], 1, 2) @ linear.rotation @ np.swapaxes(outer[:, :3, :3], 1, 2)
        else:
            turned = self._between(values, index, target)
        turned = np.swapaxes(turned, 1, 2) if op.inverse else turned
        if op.kind == "orient":
            return matrix_quaternion(turned, values[index])
        return euler_angles(op.kind.removeprefix("rotate"), turned, values[index], _ANGLE_LIMITS[self._codecs[index].dtype.itemsize])

    def _linear_misses(self, values: Values, linear: Linear, target: Array, touched: Sequence[int], lanes: int) -> Mask:
        if self._apart:
            found = compose(self._ops, values, lanes, lambda op: op.rotates)[:, :3, :3]
            scales = compose(self._ops, values, lanes, lambda op: op.scales)[:, (0, 1, 2), (0, 1, 2)]
            largest = np.abs(linear.scale).max(axis=1)
            miss = np.abs(found - linear.rotation).max(axis=(1, 2))
            miss = np.maximum(miss, np.abs(scales - linear.scale).max(axis=1) / np.where(largest > 0.0, largest, 1.0))
        else:
            found = compose(self._ops, values, lanes, is_linear)[:, :3, :3]
            largest = np.abs(target).max(axis=(1, 2))
            miss = np.abs(found - target).max(axis=(1, 2)) / np.where(largest > 0.0, largest, 1.0)
        return np.asarray(~(miss <= self._tolerance(values, touched, lanes)))

    def _tolerance(self, values: Values, touched: Sequence[int], lanes: int) -> Array:
        size = min((self._codecs[index].dtype.itemsize for index in touched), default=8)
        allowed = np.full(lanes, TOLERANCES[size])
        for index in touched:
            if self._ops[index].kind == "orient":
                # OpenUSD takes the angle from the real part alone, which near 1 has few steps: no value of the type comes nearer.
                step = np.finfo(self._codecs[index].dtype).eps
                sine = np.sqrt(np.clip(1.0 - values[index][:, 3] ** 2, 0.0, 1.0))
                allowed = np.maximum(allowed, np.minimum(step / np.maximum(sine, 1e-30), 2.0 * np.sqrt(step)))
        return allowed

    # ------------------------------------------------------------------------------------------------------ the translation
    def _solve_position(self, values: list[Array], position: Array, counts: Callable[[TransformOp], bool]) -> Mask:
        index = self._roles.position
        lanes = len(position)
        if index is None:
            return np.asarray((position != compose(self._ops, values, lanes, counts)[:, 3, :3]).any(axis=1))
        op = self._ops[index]
        inner, outer = self._around(values, index, counts)
        matrix = np.array(op_matrix(op, values[index]))
        with np.errstate(all="ignore"):
            outside: Array = position - outer[:, 3, :3]
            if _turns(self._ops[:index]):
                turned = np.swapaxes(_regular(outer[:, :3, :3]), 1, 2)
                outside = np.asarray(np.linalg.solve(turned, outside[:, :, None])[:, :, 0], np.float64)
            matrix[:, 3, :3] = outside - (inner[:, 3:, :3] @ matrix[:, :3, :3])[:, 0]
            value = _stored_matrix(op, matrix) if op.is_matrix else -matrix[:, 3, :3] if op.inverse else matrix[:, 3, :3]
            bad = self._round(values, index, value)
            found = compose(self._ops, values, lanes, counts)
            largest = np.maximum(np.abs(found[:, :3, :3]).max(axis=(1, 2)), np.abs(position).max(axis=1))
            miss = np.abs(found[:, 3, :3] - position).max(axis=1) / np.maximum(largest, 1.0)
        return np.asarray(bad | ~(miss <= TOLERANCES[self._codecs[index].dtype.itemsize]))

    # --------------------------------------------------------------------------------------------------------------- helpers
    def _around(self, values: Values, index: int, counts: Callable[[TransformOp], bool]) -> tuple[Array, Array]:
        """Return what is applied before the op at `index`, and what after."""
        lanes = len(values[index])
        inner = compose(self._ops[index + 1 :], values[index + 1 :], lanes, counts)
        return inner, compose(self._ops[:index], values[:index], lanes, counts)

    def _between(self, values: Values, index: int, target: Array) -> Array:
        """Return the linear part with which the op at `index` makes the whole compose to `target`."""
        inner, outer = self._around(values, index, is_linear)
        if _turns(self._ops[index + 1 :]):
            target = np.asarray(np.linalg.solve(_regular(inner[:, :3, :3]), target), np.float64)
        return target @ np.linalg.inv(_regular(outer[:, :3, :3])) if _turns(self._ops[:index]) else target

    def _round(self, values: list[Array], index: int, value: Array) -> Mask:
        """Put a value into `values` as its op's type rounds it; return the lanes where it does not fit."""
        with np.errstate(all="ignore"):
            rows, bad = narrow(value, self._codecs[index], True)
        values[index] = rows.astype(np.float64)
        return bad


def _turns(ops: Sequence[TransformOp]) -> bool:
    return any(is_linear(op) for op in ops)


def _regular(matrices: Array) -> Array:
    """Return matrices that can be inverted: NaN, which no lane is written with, where one cannot."""
    singular = ~(np.abs(np.linalg.det(matrices)) > 0.0)
    return np.where(singular[:, None, None], np.eye(3), matrices) * np.where(singular, np.nan, 1.0)[:, None, None]


def _stored_matrix(op: TransformOp, matrix: Array) -> Array:
    """Return the value of a matrix op that composes as `matrix`."""
    if op.inverse:
        determinant = np.linalg.det(matrix)
        usable = np.isfinite(determinant) & (determinant != 0.0)
        matrix = np.linalg.inv(np.where(usable[:, None, None], matrix, np.eye(4))) * np.where(usable, 1.0, np.nan)[:, None, None]
    return np.asarray(matrix).reshape(len(matrix), 16)


def _codec(op: TransformOp) -> Codec:
    codec = codec_of(op.type_name)
    assert codec is not None, "ops have types that cross"
    return codec
