"""What plain OpenUSD and CPython compute: every binding's frames, one prim and one element after the other."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pxr import Gf, Sdf, Usd, UsdGeom

from stage_sweep.behaviours import from_stage, python_type, to_stage
from stage_sweep.candidates import MOST_ELEMENTS, Candidate

# Relative, by the precision of the ops that hold a transform: a double's, a float's, a half's.
TOLERANCES = {"": 1e-12, "f": 1e-6, "h": 4e-3}


@dataclass
class Expected:
    """What one binding writes: the attribute, its value at each frame, and what ended it early.

    `elements` limits an array to those that were computed; `failed` is the frame at which CPython or OpenUSD refused, `why` what it said.
    `empty` is an array that never has an element, for which nothing is computed. `unfit` tells that elements were left out from where
    their result was not finite.
    """

    path: str
    values: list[Any] = field(default_factory=list)
    elements: int | None = None
    failed: int | None = None
    why: str = ""
    empty: bool = False
    unfit: bool = False


def expected_values(stage: Usd.Stage, authored: Usd.Stage, bound: Mapping[str, Candidate], codes: list[float]) -> dict[str, Expected]:
    """Run every binding that writes or reads attributes over the frames at `codes`; transforms and worlds are judged by what was baked.

    `stage` is written to; `authored` is the same stage, and stays as it is.
    """
    runs = {name: _Run(stage, authored, name, item) for name, item in bound.items() if item.shape in ("attribute", "crowd", "see")}
    # What reads comes after all that writes, as the order of dependencies has it.
    ordered = sorted(runs.values(), key=lambda run: run.candidate.shape == "see")
    for frame, code in enumerate(codes):
        for run in ordered:
            run.step(frame, code)
    return {name: run.expected for name, run in runs.items()}


class _Run:
    """One binding over a stage that nothing else writes to but others like it."""

    def __init__(self, stage: Usd.Stage, authored: Usd.Stage, name: str, candidate: Candidate) -> None:
        self.candidate = candidate
        self._attribute = stage.GetAttributeAtPath(f"{candidate.prim}.{candidate.attribute}")
        self._authored = authored.GetAttributeAtPath(self._attribute.GetPath())
        self._current: list[Any] = []
        self._type_name = str(self._attribute.GetTypeName())
        self._spelled = python_type(self._type_name) or "str"
        self._function: Callable[..., Any] = candidate.behaviour.function()
        self._seen = 0.0
        self._left_out: set[int] = set()
        own = f"{candidate.prim}.portalis:behavior:{name}:outputs:seen"
        self.expected = Expected(own if candidate.shape == "see" else f"{candidate.prim}.{candidate.attribute}")
        self.expected.empty = candidate.shape == "crowd"

    def step(self, frame: int, code: float) -> None:
        expected = self.expected
        if expected.failed is not None:
            # A lane that failed is taken out: what it wrote stays.
            return
        try:
            expected.values.append(self._crowd(frame, code) if self.candidate.shape == "crowd" else self._single(frame, code))
        except Exception as error:
            expected.failed, expected.why = frame, f"{type(error).__name__}: {error}".replace("\n", " ")

    def _single(self, frame: int, code: float) -> Any:
        value = self._attribute.Get(Usd.TimeCode(code))
        if value is None and self.candidate.attribute.startswith("xformOp:"):
            # Where the files of value clips are missing, an op has a value at no time: OpenUSD composes that as the identity.
            value = _identity(self.candidate.attribute, self._type_name)
        if value is None:
            raise ValueError("the attribute has no value")
        if self._spelled == "str" and value not in ("inherited", "invisible"):
            raise ValueError(f"{value!r} is no text of the behaviour's")
        converted = from_stage(value, self._spelled)
        if self.candidate.shape == "see":
            self._seen = self._function(converted, self._seen)
            return self._seen
        _set(self._attribute, to_stage(self._function(converted, frame), self._type_name))
        return self._attribute.Get(Usd.TimeCode(code))

    def _crowd(self, frame: int, code: float) -> Any:
        values = self._authored.Get(Usd.TimeCode(code)) or ()
        if len(self._current) != len(values):
            # Elements keep what was computed by their place; those that were not there before are as authored.
            common = min(len(values), len(self._current))
            self._current = [*self._current[:common], *list(values)[common:]]
        if not self._current:
            return None
        self.expected.empty = False
        count = self.expected.elements = min(len(values), MOST_ELEMENTS)
        elements = self._current[:count]
        results = [self._element(value, frame, index) for index, value in enumerate(elements)]
        _set(self._attribute, type(values)([*results, *self._current[count:]]))
        written = self._attribute.Get(Usd.TimeCode(code))
        self._current = list(written)
        return written

    def _element(self, value: Any, frame: int, index: int) -> Any:
        """Return an element's result; one that is not finite is not written, and none of that element any more."""
        result = value
        if index not in self._left_out:
            result = to_stage(self._function(from_stage(value, self._spelled), frame, index), self._type_name)
        if _is_finite(result):
            return result
        self._left_out.add(index)
        self.expected.unfit = True
        return value


def _identity(name: str, type_name: str) -> Any:
    """Return the value of a transform op that moves nothing."""
    default = Sdf.ValueTypeNames.Find(type_name).defaultValue
    return type(default)(1.0) if name.startswith(("xformOp:scale", "xformOp:transform")) else default


def _is_finite(value: Any) -> bool:
    packed = np.array(value)
    return packed.dtype.kind != "f" or bool(np.isfinite(packed).all())


def _set(attribute: Usd.Attribute, value: Any) -> None:
    stage = attribute.GetStage()
    # The session layer has its own time codes per second, by which time codes in it would be scaled.
    with Usd.EditContext(stage, stage.GetEditTargetForLocalLayer(stage.GetSessionLayer())):
        attribute.Set(value)


def same(one: Any, other: Any) -> bool:
    """Tell whether two values of attributes are the same in every bit."""
    if type(one) is not type(other):
        return False
    if isinstance(one, float):
        return struct.pack("d", one) == struct.pack("d", other)
    if one is None or isinstance(one, bool | int | str):
        return bool(one == other)
    left, right = _bytes(one), _bytes(other)
    return left == right if left is not None and right is not None else bool(one == other) or repr(one) == repr(other)


def _bytes(value: Any) -> bytes | None:
    """Return the bits of a value of numbers, or None where it holds anything else."""
    if isinstance(value, Gf.Quath | Gf.Quatf | Gf.Quatd):
        return struct.pack("4d", value.GetReal(), *value.GetImaginary())
    if type(value).__module__ not in ("pxr.Gf", "pxr.Vt"):
        return None
    try:
        packed = np.array(value)
    except (TypeError, ValueError):
        return None
    return packed.tobytes() if packed.dtype.kind in "biuf" else None


def first_elements(value: Any, count: int | None) -> Any:
    """Return the elements of an array that were computed, or the value as it is; an array without elements is as good as none."""
    if count is None or value is None:
        return value if count is None else None
    return value[:count] if len(value) else None


# --------------------------------------------------------------------------------------------------------------- transforms
@dataclass(frozen=True)
class Pose:
    """A prim's transform taken apart: the matrix is scale, then rotation, then position; `shear` is by how much it is more than that."""

    matrix: Gf.Matrix4d
    position: Gf.Vec3d
    orientation: Gf.Quatd
    scale: Gf.Vec3d
    shear: float

    @property
    def sheared(self) -> bool:
        """Whether it has no rotation and scale of its own."""
        return self.shear > 1e-6


def pose_of(prim: Usd.Prim, code: float) -> Pose:
    """Return a prim's local transform; with a pivot and its inverse, the position is the translate op's own value."""
    xformable = UsdGeom.Xformable(prim)
    matrix = xformable.GetLocalTransformation(Usd.TimeCode(code))
    rows = [np.array([matrix[row, column] for column in range(3)]) for row in range(3)]
    lengths = [float(np.linalg.norm(row)) for row in rows]
    scale = Gf.Vec3d(*lengths)
    if matrix.GetDeterminant3() < 0.0:
        scale = -scale
    units = [row / length if length else row for row, length in zip(rows, (scale[0], scale[1], scale[2]), strict=True)]
    shear = max(abs(float(units[0] @ units[1])), abs(float(units[0] @ units[2])), abs(float(units[1] @ units[2])))
    rotation = Gf.Matrix4d(1.0)
    rotation.SetRotateOnly(Gf.Matrix3d(*(float(item) for row in units for item in row)))
    position = matrix.ExtractTranslation()
    if _has_pivot(xformable):
        plain = [op for op in xformable.GetOrderedXformOps() if op.GetOpName() == "xformOp:translate"]
        position = Gf.Vec3d(plain[0].Get(Usd.TimeCode(code)) or (0.0, 0.0, 0.0)) if plain else Gf.Vec3d(0.0)
    return Pose(matrix, position, rotation.ExtractRotationQuat(), scale, shear if min(lengths) > 1e-9 else 1.0)


def _has_pivot(xformable: UsdGeom.Xformable) -> bool:
    return any("pivot" in op.GetOpName() and op.IsInverseOp() for op in xformable.GetOrderedXformOps())


def transform_difference(item: Candidate, before: Pose, after: Pose, frame: int, tolerance: float) -> str:
    """Say how a prim's transform at one frame is not what its behaviour makes of the one `before`; empty where it is."""
    names = item.behaviour.ports
    arguments = [getattr(before, name) for name in names] + ([frame] if item.behaviour.extra else [])
    results = item.behaviour.function()(*arguments)
    wanted = dict(zip(names, results if len(names) > 1 else (results,), strict=True))
    size = max(1.0, *(abs(after.matrix[i, j]) for i in range(4) for j in range(4)))
    # A matrix that was exported in floats is sheared in its last digits, and there are several ways to leave that out.
    bound = (tolerance + before.shear) * size * 4.0
    if "position" in wanted and (wanted["position"] - after.position).GetLength() > bound:
        return f"position is {after.position}, and {wanted['position']} was computed of {before.position}"
    if "orientation" not in wanted and "scale" not in wanted:
        return _rest(before, after, bound)
    if before.sheared:
        return ""
    linear = _linear(wanted.get("scale", before.scale), wanted.get("orientation", before.orientation))
    found = after.matrix.ExtractRotationMatrix()
    largest = max(abs(linear[i, j] - found[i, j]) for i in range(3) for j in range(3))
    if largest > bound:
        return f"rotation and scale differ by {largest:g} from what was computed: {found} instead of {linear}"
    if "position" not in wanted and (before.position - after.position).GetLength() > bound:
        return f"position was not written, and is {after.position} instead of {before.position}"
    return ""


def _rest(before: Pose, after: Pose, bound: float) -> str:
    largest = max(abs(before.matrix[i, j] - after.matrix[i, j]) for i in range(3) for j in range(3))
    return f"rotation or scale changed by {largest:g}, and only the position is written" if largest > bound else ""


def _linear(scale: Gf.Vec3d, orientation: Gf.Quatd) -> Gf.Matrix3d:
    scaled = Gf.Matrix3d(scale[0], 0.0, 0.0, 0.0, scale[1], 0.0, 0.0, 0.0, scale[2])
    turned = Gf.Matrix3d(1.0)
    turned.SetRotate(orientation.GetNormalized())
    return scaled * turned
