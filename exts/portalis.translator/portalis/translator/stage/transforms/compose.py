"""Compose stacks of one shape for many lanes, as OpenUSD composes each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from portalis.translator.stage.transforms.rotations import Array, as_composed, axis_matrix, euler_matrix, quaternion_matrix
from portalis.translator.stage.transforms.stack import AXES, TransformOp

Values = Sequence[Array]


def op_matrix(op: TransformOp, values: Array) -> Array:
    """Return the matrices (lanes, 4, 4) of one op, for row vectors; `values` are (lanes, width) in the order of the op's codec."""
    if op.is_matrix:
        matrix = values.reshape(-1, 4, 4)
        return _inverse(matrix) if op.inverse else matrix
    matrix = np.zeros((len(values), 4, 4))
    matrix[:, 3, 3] = 1.0
    if op.translates:
        matrix[:, 0, 0] = matrix[:, 1, 1] = matrix[:, 2, 2] = 1.0
        matrix[:, 3, :3] = -_spread(op, values, 0.0) if op.inverse else _spread(op, values, 0.0)
        return matrix
    if op.scales:
        factors = _spread(op, inverted_scale(op, values) if op.inverse else values, 1.0)
        for axis in range(3):
            matrix[:, axis, axis] = factors[:, axis]
        return matrix
    turned = rotation(op, values)
    matrix[:, :3, :3] = np.swapaxes(turned, 1, 2) if op.inverse else turned
    return matrix


def inverted_scale(op: TransformOp, factors: Array) -> Array:
    """Return as what OpenUSD composes an inverse scale: of one about a single axis it takes the negative, and not the reciprocal."""
    if op.kind != "scale":
        return -factors
    with np.errstate(divide="ignore"):
        return np.asarray(1.0 / factors)


def rotation(op: TransformOp, values: Array) -> Array:
    """Return the rotations (lanes, 3, 3) that an op's values mean, leaving aside whether it is applied inversely."""
    if op.kind == "orient":
        return quaternion_matrix(as_composed(values))
    letters = op.kind.removeprefix("rotate")
    return axis_matrix(AXES.index(letters), values[:, 0]) if len(letters) == 1 else euler_matrix(letters, values)


def compose(ops: Sequence[TransformOp], values: Values, lanes: int, wanted: Callable[[TransformOp], bool] = lambda _: True) -> Array:
    """Return the product (lanes, 4, 4) of the ops that are `wanted`: the first op of the order is applied last."""
    result: Array | None = None
    for op, value in zip(reversed(ops), reversed(values), strict=True):
        if wanted(op):
            matrix = op_matrix(op, value)
            result = matrix if result is None else result @ matrix
    return np.broadcast_to(np.eye(4), (lanes, 4, 4)) if result is None else result


def _spread(op: TransformOp, values: Array, neutral: float) -> Array:
    """Return what an op says for all three axes, where it may have a value for one only."""
    if values.shape[1] == 3:
        return values
    spread = np.full((len(values), 3), neutral)
    spread[:, AXES.index(op.kind[-1])] = values[:, 0]
    return spread


def _inverse(matrices: Array) -> Array:
    """Return inverses; of a matrix without one, NaN."""
    singular = ~(np.abs(np.linalg.det(matrices)) > 0.0)
    safe = np.where(singular[:, None, None], np.eye(4), matrices)
    inverse = np.linalg.inv(safe)
    inverse[singular] = np.nan
    return np.asarray(inverse)
