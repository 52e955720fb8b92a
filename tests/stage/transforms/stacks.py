"""Stacks of transform ops of every kind, each in double, float and half, and what OpenUSD composes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Sdf, Usd, UsdGeom

EULER = ("rotateXYZ", "rotateXZY", "rotateYXZ", "rotateYZX", "rotateZXY", "rotateZYX")
PRECISIONS = ("double", "float", "half")
TOLERANCES = {"double": 1e-12, "float": 1e-6, "half": 4e-3}
MATRIX = Gf.Matrix4d().SetScale(Gf.Vec3d(2.0, 0.5, 3.0)) * Gf.Matrix4d().SetRotate(Gf.Rotation(Gf.Vec3d(1, 2, 3), 50.0))
PLACED = MATRIX * Gf.Matrix4d().SetTranslate(Gf.Vec3d(5.0, 6.0, 7.0))
MIRRORED = Gf.Matrix4d().SetScale(Gf.Vec3d(2.0, -0.5, 3.0)) * PLACED
SHEARED = Gf.Matrix4d(1, 0, 0, 0, 0.5, 1, 0, 0, 0, 0.25, 1, 0, 1, 2, 3, 1)
FLAT = Gf.Matrix4d(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 2, 3, 1)
TURN = (20.0, -35.0, 110.0)
QUAT = (0.5, 0.1, -0.7, 0.5)
PIVOT = (0.5, -1.0, 2.0)


@dataclass(frozen=True)
class Case:
    """A stack: (token of xformOpOrder, value) in order; an attribute that stands twice has its value at the first. What is refused."""

    name: str
    ops: tuple[tuple[str, object], ...]
    refuses: frozenset[str] = frozenset()
    resets: bool = False


def _case(name: str, *ops: tuple[str, object], refuses: str = "", resets: bool = False) -> Case:
    return Case(name, ops, frozenset(refuses.split()), resets)


T: tuple[str, object] = ("translate", (1.0, -2.0, 0.25))
S: tuple[str, object] = ("scale", (2.0, 0.5, 3.0))

CASES: tuple[Case, ...] = (
    _case("empty"),
    _case("translate", T),
    _case("translate suffixed", ("translate:t", (1.0, -2.0, 0.25))),
    _case("two translates", ("translate:rest", (4.0, 5.0, 6.0)), T),
    _case("matrix", ("transform", PLACED)),
    _case("matrix suffixed", ("transform:edit", PLACED)),
    _case("matrix inverse", ("!invert!transform:edit", PLACED), refuses="orientation scale"),
    _case("matrix rigid inverse", ("!invert!transform:edit", PLACED.RemoveScaleShear())),
    _case("matrix mirrored", ("transform", MIRRORED)),
    _case("matrix sheared", ("transform", SHEARED), refuses="orientation scale"),
    _case("matrix flat", ("transform", FLAT), refuses="orientation scale"),
    _case("translate and matrix", T, ("transform", PLACED)),
    _case("transform and scale", ("transform", PLACED), S),
    _case("mirrored transform and scale", T, ("transform:edit", MIRRORED), S),
    _case("orient and transform", T, ("orient", QUAT), ("transform", PLACED)),
    _case("transform and orient", ("transform", PLACED.RemoveScaleShear()), ("orient", QUAT)),
    _case("rotateXYZ and transform", ("rotateXYZ", TURN), ("transform", PLACED)),
    _case("uniform scale and transform", ("scale", (2.0, 2.0, 2.0)), ("transform", PLACED.RemoveScaleShear()), refuses="scale"),
    _case("scale translate", S, T),
    _case("translate orient scale", T, ("orient", QUAT), S),
    _case("translate orient scale suffixed", ("translate:a", (1.0, -2.0, 0.25)), ("orient:b", QUAT), ("scale:c", (2.0, 0.5, 3.0))),
    *(_case(f"translate {kind} scale", T, (kind, TURN), S) for kind in EULER),
    _case("rotateXYZ inverse", T, ("!invert!rotateXYZ", TURN), S),
    _case("orient inverse", T, ("!invert!orient", QUAT)),
    _case("scale inverse", T, ("rotateZYX", TURN), ("!invert!scale", (2.0, 0.5, 4.0))),
    _case("scaleX inverse", T, ("rotateZYX", TURN), ("!invert!scaleX", 2.0), refuses="scale"),
    _case("translate inverse", ("!invert!translate", (1.0, 2.0, 3.0)), ("rotateXYZ", TURN)),
    _case("rotateX", T, ("rotateX", 30.0), S, refuses="orientation"),
    _case("rotateX rotateY rotateZ", T, ("rotateX", 30.0), ("rotateY", 40.0), ("rotateZ", 50.0), refuses="orientation"),
    _case("scale pivot", T, ("translate:pivot", PIVOT), S, ("!invert!translate:pivot", None)),
    _case("common pivot", T, ("translate:pivot", PIVOT), ("rotateXYZ", TURN), S, ("!invert!translate:pivot", None)),
    _case(
        "maya pivots",
        T,
        ("translate:rotatePivotTranslate", (0.1, 0.2, 0.3)),
        ("translate:rotatePivot", PIVOT),
        ("rotateXYZ", TURN),
        ("!invert!translate:rotatePivot", None),
        ("translate:scalePivot", (1.0, 1.0, 0.0)),
        S,
        ("!invert!translate:scalePivot", None),
    ),
    _case("reset", T, ("rotateXYZ", TURN), S, resets=True),
    _case("mirrored scale", T, ("rotateYXZ", TURN), ("scale", (-2.0, 0.5, 3.0))),
    _case("rotate translate", ("rotateXYZ", TURN), T),
    _case("orient translate scale", ("orient", QUAT), T, S),
    _case("scale rotate", T, S, ("rotateXYZ", TURN), refuses="orientation scale"),
    _case("uniform scale rotate", T, ("scale", (2.0, 2.0, 2.0)), ("rotateXYZ", TURN), refuses="scale"),
    _case("units", T, ("rotateXYZ", TURN), S, ("rotateX:unitsResolve", 90.0), ("scale:unitsResolve", (0.5, 0.5, 0.5))),
    _case("rotateXYZ at +90", T, ("rotateXYZ", (20.0, 90.0, -50.0)), S),
    _case("rotateXYZ near -90", T, ("rotateXYZ", (20.0, -90.0 + 1e-7, -50.0)), S),
)


def type_name(kind: str, precision: str) -> str:
    """Return the attribute type of an op of a kind."""
    if kind == "transform":
        return "matrix4d"
    if kind == "orient":
        return f"quat{precision[0]}"
    return precision if kind[:-1] in ("rotate", "scale", "translate") else f"{precision}3"


def make(stage: Usd.Stage, path: str, case: Case, precision: str) -> UsdGeom.Xformable:
    """Define an Xform with a stack."""
    xform = UsdGeom.Xform.Define(stage, path)
    prim = xform.GetPrim()
    order = ["!resetXformStack!"] if case.resets else []
    for token, value in case.ops:
        inverse, name = token.startswith("!invert!"), f"xformOp:{token.removeprefix('!invert!')}"
        order.append(f"!invert!{name}" if inverse else name)
        sdf_type = Sdf.ValueTypeNames.Find(type_name(name.split(":")[1], precision))
        if value is not None:
            prim.CreateAttribute(name, sdf_type, False).Set(as_value(sdf_type, value))
    if order:
        xform.CreateXformOpOrderAttr(order)
    return xform


def as_value(sdf_type: Sdf.ValueTypeName, value: object) -> object:
    """Return numbers as a value of an op's type; a quaternion's are real, i, j, k, and come out with length 1."""
    default = sdf_type.defaultValue
    if isinstance(default, float):
        return value
    if "quat" in str(sdf_type):
        real, i, j, k = value  # type: ignore[misc]
        return type(default)(Gf.Quatd(real, i, j, k).GetNormalized())
    return type(default)(value) if "matrix" in str(sdf_type) else type(default)(*value)  # type: ignore[misc]


def local_matrix(xform: UsdGeom.Xformable, time: float = 0.0) -> NDArray[np.float64]:
    """Return what OpenUSD composes: (4, 4)."""
    return np.array(xform.GetLocalTransformation(Usd.TimeCode(time)))


def pivotless(xform: UsdGeom.Xformable, time: float = 0.0) -> NDArray[np.float64]:
    """Return what OpenUSD composes of a copy of the stack without its pivots."""
    scratch = Usd.Stage.CreateInMemory()
    copy = UsdGeom.Xform.Define(scratch, "/Copy")
    for attribute in xform.GetPrim().GetAttributes():
        if attribute.Get(Usd.TimeCode(time)) is not None and attribute.GetName().startswith("xformOp:"):
            copy.GetPrim().CreateAttribute(attribute.GetName(), attribute.GetTypeName()).Set(attribute.Get(Usd.TimeCode(time)))
    order = [str(token) for token in xform.GetXformOpOrderAttr().Get() or ()]
    inverted = {token.removeprefix("!invert!") for token in order if token.startswith("!invert!")}
    pairs = {name for name in inverted if name in order and "translate" in name}
    copy.CreateXformOpOrderAttr([token for token in order if token.removeprefix("!invert!") not in pairs])
    return local_matrix(copy)


def distance(left: NDArray[np.float64], right: NDArray[np.float64]) -> float:
    """Return the largest difference of two matrices relative to the largest number of the first."""
    return float(np.abs(left - right).max() / max(1.0, np.abs(left).max()))


def rotation_scale(rows: Sequence[float], scale: Sequence[float]) -> NDArray[np.float64]:
    """Return scale · rotation (3, 3) of a quaternion i, j, k, real, by Gf."""
    i, j, k, real = rows
    quaternion = Gf.Quatd(real, i, j, k).GetNormalized()
    turned = np.array(Gf.Matrix4d().SetRotate(quaternion))[:3, :3]
    return np.diag(np.array(scale, np.float64)) @ turned
