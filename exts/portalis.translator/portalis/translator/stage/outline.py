"""The prims of a stage as a tree to choose from."""

from __future__ import annotations

from dataclasses import dataclass

from pxr import Gf, Usd, UsdGeom

from portalis.translator.stage.registry import register_schemas
from portalis.translator.stage.schema import KIND_OF_API


@dataclass(frozen=True, slots=True)
class PrimRow:
    """One prim: its behaviours are the instance names of its bindings."""

    path: str
    name: str
    type_name: str
    behaviours: tuple[str, ...]


def children(stage: Usd.Stage, path: str = "/") -> tuple[PrimRow, ...]:
    """Return the active, loaded, defined prims right below `path`, in the stage's order."""
    prim = stage.GetPrimAtPath(path)
    return tuple(map(_row, prim.GetChildren())) if prim else ()


def _row(prim: Usd.Prim) -> PrimRow:
    applied = (name.partition(":") for name in prim.GetPrimTypeInfo().GetAppliedAPISchemas())
    behaviours = tuple(instance for api, _, instance in applied if api in KIND_OF_API)
    return PrimRow(str(prim.GetPath()), prim.GetName(), str(prim.GetTypeName()), behaviours)


def starter_stage() -> Usd.Stage:
    """Return a stage in memory to begin with: a grid of balls above the ground, Z up, in metres."""
    register_schemas()
    stage = Usd.Stage.CreateInMemory()
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    stage.SetTimeCodesPerSecond(60.0)
    stage.SetFramesPerSecond(60.0)
    stage.SetStartTimeCode(0.0)
    stage.SetEndTimeCode(240.0)
    stage.SetDefaultPrim(UsdGeom.Xform.Define(stage, "/World").GetPrim())
    ground = UsdGeom.Mesh.Define(stage, "/World/Ground")
    ground.CreatePointsAttr([(-6, -6, 0), (6, -6, 0), (6, 6, 0), (-6, 6, 0)])
    ground.CreateFaceVertexCountsAttr([4])
    ground.CreateFaceVertexIndicesAttr([0, 1, 2, 3])
    ground.CreateDisplayColorAttr([Gf.Vec3f(0.35, 0.38, 0.42)])
    for row in range(5):
        for column in range(5):
            ball = UsdGeom.Sphere.Define(stage, f"/World/Ball_{row}{column}")
            ball.CreateRadiusAttr(0.3)
            ball.CreateDisplayColorAttr([Gf.Vec3f(0.95 - 0.15 * row, 0.45, 0.2 + 0.15 * column)])
            ball.AddTranslateOp().Set((2.0 * column - 4.0, 2.0 * row - 4.0, 2.0 + 0.4 * (row + column)))
    return stage
