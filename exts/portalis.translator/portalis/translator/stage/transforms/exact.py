"""Matrices of transform ops, and their products, with the bits that OpenUSD computes: its own steps, in its order, for many prims at once.

Matrices are (4, 4, count), so that a step of all of them is one call of numpy, and for row vectors. Nothing here is fused or summed in
another order, so that no bit depends on how many there are. Sines come from the C library, as OpenUSD's do: numpy's own may differ.
Whether all that is so where this runs is found out once, from OpenUSD (`agrees`); where it is not, it is asked for every matrix.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Usd, UsdGeom

from portalis.translator.stage.transforms.compose import inverted_scale
from portalis.translator.stage.transforms.rotations import Array
from portalis.translator.stage.transforms.stack import AXES, TransformOp, read_stack

Matrices = Array
Mask = NDArray[np.bool_]

# What OpenUSD takes for no length (GF_MIN_VECTOR_LENGTH), and for a matrix without an inverse where it inverts an op.
_SHORT, _SINGULAR = 1e-10, 1e-9
_IDENTITY = np.eye(4)[:, :, None]


def identities(count: int) -> Matrices:
    """Return that many identities."""
    return np.repeat(_IDENTITY, count, axis=2)


def product(one: Matrices, other: Matrices) -> Matrices:
    """Return `one` applied first, then `other`: Gf.Matrix4d's product, or for (3, 3, count) Gf.Matrix3d's."""
    result: Matrices = one[:, 0, None] * other[0]
    term = np.empty_like(result)
    for index in range(1, len(one)):
        result += np.multiply(one[:, index, None], other[index], out=term)
    return result


class LocalMatrices:
    """Stacks of one shape, composed: each op's matrices are kept, and with them the product of it and what is applied before it."""

    def __init__(self, ops: Sequence[TransformOp], count: int) -> None:
        self._ops = ops
        # An op and its own inverse beside it are left out, and with them what rounding they would do.
        self._places: list[int] = []
        place = len(ops)
        while place:
            place -= 1
            if place and ops[place - 1].path == ops[place].path and ops[place - 1].inverse != ops[place].inverse:
                place -= 1
            else:
                self._places.append(place)
        self._identities = identities(count)
        self._matrices = {place: identities(count) for place in self._places}
        self._products = {place: identities(count) for place in self._places}
        self._refused = {place: np.zeros(count, np.bool_) for place in self._places if ops[place].is_matrix and ops[place].inverse}

    def compose(self, rows: Mapping[int, Array], which: Any) -> tuple[Matrices, Mask | bool]:
        """Return the matrices of the stacks `which`, and which of them OpenUSD refuses to compose.

        `rows` has the values (which, width) of the ops, by their place, that may be others than the last time; a stack's first time is all.
        """
        before, later = self._identities, False
        for place in self._places:
            matrices, products = self._matrices[place], self._products[place]
            if place in rows:
                matrices[:, :, which] = made = _op_matrices(self._ops[place], rows[place])
                if place in self._refused:
                    self._refused[place][which] = _is_singular(rows[place])
            elif later:
                made = matrices[:, :, which]
            later = later or place in rows
            if later:
                products[:, :, which] = _applied(before[:, :, which], made)
            before = products
        bad: Mask | bool = False
        for refused in self._refused.values():
            bad = bad | refused[which]
        return before[:, :, which], bad


def _applied(before: Matrices, matrices: Matrices) -> Matrices:
    """Return the product, but leave alone what meets an identity: that would round, or lose the sign of a zero."""
    changes = (matrices != _IDENTITY).any(axis=(0, 1))
    return product(before, matrices) if changes.all() else np.where(changes, product(before, matrices), before)


def local_matrices(ops: Sequence[TransformOp], values: Sequence[Array]) -> tuple[Matrices, Mask]:
    """Compose stacks of one shape; `values` has the rows (count, width) of each op. Also tell which OpenUSD refuses to compose."""
    count = len(values[0]) if values else 1
    matrices, bad = LocalMatrices(ops, count).compose(dict(enumerate(values)), slice(None))
    return matrices, np.broadcast_to(bad, count)


@functools.cache
def agrees() -> bool:
    """Tell whether the bits are OpenUSD's with the libraries that are here: it may have been built to fuse sums with products."""
    stage = Usd.Stage.CreateInMemory()
    xform = UsdGeom.Xform.Define(stage, "/Probe")
    times = range(40)
    angles = np.linspace(-400.0, 400.0, 3 * len(times)).reshape(-1, 3) * np.array([1.0, 0.37, -0.71])
    made: list[tuple[UsdGeom.XformOp, Array, Callable[[list[float]], object]]] = [
        (xform.AddTranslateOp(UsdGeom.XformOp.PrecisionDouble), 0.77 * angles, lambda row: Gf.Vec3d(*row)),
        (xform.AddRotateYZXOp(UsdGeom.XformOp.PrecisionDouble), angles, lambda row: Gf.Vec3d(*row)),
        (xform.AddOrientOp(UsdGeom.XformOp.PrecisionDouble), np.cos(angles[:, (0, 1, 2, 0)]), lambda row: Gf.Quatd(row[3], *row[:3])),
        (xform.AddRotateXOp(UsdGeom.XformOp.PrecisionDouble), angles[:, 1:2], lambda row: row[0]),
        (xform.AddScaleOp(UsdGeom.XformOp.PrecisionDouble), 1.0 + 0.01 * angles, lambda row: Gf.Vec3d(*row)),
    ]
    for op, rows, value in made:
        for time in times:
            op.Set(value(rows[time].tolist()), time)
    cache, theirs = UsdGeom.XformCache(), []
    for time in times:
        cache.SetTime(Usd.TimeCode(time))
        theirs.append(np.array(cache.GetLocalToWorldTransform(xform.GetPrim())))
    ours, _ = local_matrices(read_stack(xform.GetPrim()).ops, [rows for _, rows, _ in made])
    return bool(np.array_equal(product(ours, identities(1)), np.stack(theirs, axis=2)))


def _op_matrices(op: TransformOp, rows: Array) -> Matrices:
    """Return one op's matrices."""
    if op.is_matrix:
        matrices = np.ascontiguousarray(rows.T).reshape(4, 4, -1)
        return _inverses(matrices) if op.inverse else matrices
    matrices = identities(len(rows))
    if op.translates:
        for axis, column in _spread(op, rows):
            matrices[3, axis] = -column if op.inverse else column
    elif op.scales:
        for axis, column in _spread(op, rows):
            matrices[axis, axis] = inverted_scale(op, column) if op.inverse else column
    else:
        turned = _orientations(rows, op.inverse) if op.kind == "orient" else _angles(op, rows)
        matrices[:3, :3] = turned
    return matrices


def _spread(op: TransformOp, rows: Array) -> list[tuple[int, Array]]:
    """Return the columns of an op's values, each with the axis that it is about."""
    axes = range(3) if rows.shape[1] == 3 else (AXES.index(op.kind[-1]),)
    return list(zip(axes, rows.T, strict=True))


def _angles(op: TransformOp, rows: Array) -> Array:
    """Return the rotations (3, 3, count) of an op that turns about one axis or three; backwards in the other order where inverse."""
    letters = op.kind.removeprefix("rotate")
    signed = -rows if op.inverse else rows
    columns = signed.T if len(letters) == 3 else [signed[:, 0]] * 3
    turns = [_about(AXES.index(letter), columns[AXES.index(letter)]) for letter in (reversed(letters) if op.inverse else letters)]
    return functools.reduce(product, turns)


def _about(axis: int, degrees: Array) -> Array:
    """Return the rotations about a coordinate axis that a Gf.Rotation of `degrees` is."""
    sine, cosine = _halves(degrees)
    imaginary = np.zeros((3, len(degrees)))
    imaginary[axis] = sine
    # The axis times the sine: its zeros have the sine's sign.
    for other in (axis - 2, axis - 1):
        imaginary[other] = 0.0 * sine
    return _from_quaternion(cosine, imaginary)


def _halves(degrees: Array) -> tuple[Array, Array]:
    """Return sine and cosine of half the angles; NaN for what is no angle."""
    radians = (degrees * (math.pi / 180.0)) / 2.0
    radians = np.where(np.isfinite(radians), radians, math.nan)
    listed = radians.tolist()
    count = len(listed)
    return np.fromiter(map(math.sin, listed), np.float64, count), np.fromiter(map(math.cos, listed), np.float64, count)


def _from_quaternion(real: Array, imaginary: Array) -> Array:
    """Return the rotations (3, 3, count) of quaternions, brought to length 1 first."""
    x, y, z = imaginary
    length = np.sqrt((x * x + y * y + z * z) + real * real)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = 1.0 / length
        # Of a quaternion OpenUSD divides the real part, and multiplies the others.
        r, x, y, z = real / length, x * factor, y * factor, z * factor
    short = length < _SHORT
    if short.any():
        r, x, y, z = np.where(short, 1.0, r), *(np.where(short, 0.0, part) for part in (x, y, z))
    result = np.empty((3, 3, len(real)))
    result[0, 0] = 1.0 - 2.0 * (y * y + z * z)
    result[0, 1] = 2.0 * (x * y + z * r)
    result[0, 2] = 2.0 * (z * x - y * r)
    result[1, 0] = 2.0 * (x * y - z * r)
    result[1, 1] = 1.0 - 2.0 * (z * z + x * x)
    result[1, 2] = 2.0 * (y * z + x * r)
    result[2, 0] = 2.0 * (z * x + y * r)
    result[2, 1] = 2.0 * (y * z - x * r)
    result[2, 2] = 1.0 - 2.0 * (y * y + x * x)
    return result


def _orientations(rows: Array, inverse: bool) -> Array:
    """Return the rotations of an orient op, which OpenUSD takes for an angle about an axis; rows are i, j, k, real."""
    x, y, z, real = rows.T
    with np.errstate(over="ignore", invalid="ignore"):
        length = np.sqrt(x * x + y * y + z * z)
    turns = length > _SHORT
    if not np.isfinite(length).all() or not np.isfinite(real).all():
        return _as_openusd_turns(rows, inverse)
    factor = 1.0 / np.where(turns, length, 1.0)
    half = list(map(math.acos, np.clip(real, -1.0, 1.0).tolist()))
    degrees = 2.0 * (np.array(half) * (180.0 / math.pi))
    sine, cosine = _halves(-degrees if inverse else degrees)
    imaginary = np.stack([x * factor * sine, y * factor * sine, z * factor * sine])
    result = _from_quaternion(cosine, imaginary)
    result[:, :, ~turns] = np.eye(3)[:, :, None]
    return result


def _as_openusd_turns(rows: Array, inverse: bool) -> Array:
    """Return the rotations of quaternions that OpenUSD makes something of that is no rotation."""
    result = np.empty((3, 3, len(rows)))
    for index, (x, y, z, real) in enumerate(rows.tolist()):
        rotation = Gf.Rotation(Gf.Quatd(real, Gf.Vec3d(x, y, z)))
        result[:, :, index] = Gf.Matrix3d(rotation.GetInverse() if inverse else rotation)
    return result


def _inverses(matrices: Matrices) -> Matrices:
    """Return inverses, which OpenUSD itself computes."""
    result = np.empty_like(matrices)
    for index in range(matrices.shape[2]):
        result[:, :, index] = Gf.Matrix4d(*matrices[:, :, index].ravel().tolist()).GetInverse()
    return result


def _is_singular(rows: Array) -> Mask:
    """Tell of the values of matrix ops which OpenUSD refuses to invert."""
    return np.array([abs(Gf.Matrix4d(*row).GetDeterminant()) < _SINGULAR for row in rows.tolist()], np.bool_)
