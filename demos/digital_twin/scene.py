"""The stage of the factory cell: twenty lines in two banks, each a conveyor, a crowd of parts and a robot, and the tags as time samples."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pxr import Gf, Sdf, Usd, UsdGeom, Vt
from tags import ROBOTS, TAGS_PER_FRAME, Array, Tags, by_frame

FRAMES_PER_SECOND = 24.0
SLOTS = 32
LENGTH = 4.0  # metres of conveyor
# What the meters of every line show, and what its crowd, its arm and its lamp need besides.
METERS = ("energy", "part_seconds", "robot_seconds", "sojourn")
COUNTS = ("parts_in", "parts_out", "scrapped")
SHOWN_FLOATS, SHOWN_INTS = ("now", "progress"), ("done", "state")


@dataclass(frozen=True)
class Cell:
    """One run of the cell: its name, frames, how many of its seconds one second of the stage is, and whether there is anything to see."""

    name: str
    frames: int
    pace: float
    shown: bool
    fps: float = FRAMES_PER_SECOND

    @property
    def ends(self) -> Array:
        """When each frame ends, in seconds of the cell, as the behaviour computes it."""
        frames = np.arange(self.frames)
        return np.asarray((frames / self.fps + 1.0 / self.fps) * self.pace)


def line_path(robot: int) -> str:
    """Name a line's prim."""
    return f"/World/Line{robot:02d}"


def build(folder: Path, cell: Cell, tags: list[Tags]) -> Path:
    """Write the stage and, as a layer below it, what the tags say of each frame; return the stage's path."""
    _write_tags(folder / "tags.usdc", cell, tags)
    path = folder / "scene.usda"
    stage = Usd.Stage.CreateNew(str(path))
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    stage.SetTimeCodesPerSecond(cell.fps)
    stage.SetFramesPerSecond(cell.fps)
    stage.SetStartTimeCode(0)
    stage.SetEndTimeCode(cell.frames - 1)
    stage.SetDefaultPrim(UsdGeom.Xform.Define(stage, "/World").GetPrim())
    stage.GetRootLayer().subLayerPaths.append("./tags.usdc")
    if cell.shown:
        _floor_and_camera(stage)
    for robot in range(ROBOTS):
        _line(stage, robot, cell)
    stage.Save()
    return path


def _floor_and_camera(stage: Usd.Stage) -> None:
    _box(stage, "/World/Floor", Gf.Vec3f(14.0, 18.5, 0.1), Gf.Vec3d(0.0, 0.0, -0.05), Gf.Vec3f(0.4, 0.42, 0.45))
    camera = UsdGeom.Camera.Define(stage, "/World/Camera")
    camera.CreateFocalLengthAttr(28.0)
    view = Gf.Matrix4d().SetLookAt(Gf.Vec3d(-17.0, -20.0, 16.0), Gf.Vec3d(-0.4, -1.8, 0.0), Gf.Vec3d(0.0, 0.0, 1.0))
    camera.AddTransformOp().Set(view.GetInverse())


def _write_tags(path: Path, cell: Cell, tags: list[Tags]) -> None:
    layer = Sdf.Layer.CreateNew(str(path))
    kinds = {
        "tag_count": Sdf.ValueTypeNames.Int,
        "tag_times": Sdf.ValueTypeNames.DoubleArray,
        "tag_kinds": Sdf.ValueTypeNames.IntArray,
        "tag_values": Sdf.ValueTypeNames.DoubleArray,
    }
    for robot, its in enumerate(tags):
        prim = Sdf.CreatePrimInLayer(layer, line_path(robot))
        paths = {name: Sdf.AttributeSpec(prim, name, kind).path for name, kind in kinds.items()}
        for frame, part in enumerate(by_frame(its, cell.ends)):
            layer.SetTimeSample(paths["tag_count"], float(frame), part.stop - part.start)
            rest = (0, TAGS_PER_FRAME - (part.stop - part.start))
            layer.SetTimeSample(paths["tag_times"], float(frame), Vt.DoubleArray.FromNumpy(np.pad(its.times[part], rest)))
            layer.SetTimeSample(paths["tag_values"], float(frame), Vt.DoubleArray.FromNumpy(np.pad(its.values[part], rest)))
            layer.SetTimeSample(paths["tag_kinds"], float(frame), Vt.IntArray.FromNumpy(np.pad(its.kinds[part], rest).astype(np.int32)))
    layer.Save()


def _line(stage: Usd.Stage, robot: int, cell: Cell) -> None:
    """A line begins at the outer side and ends at its robot; those of the right bank are turned round."""
    bank = robot % 2
    line = UsdGeom.Xform.Define(stage, line_path(robot))
    line.AddTranslateOp().Set(Gf.Vec3d((-6.4, 6.4)[bank], (robot // 2 - 4.5) * 1.8, 0.0))
    line.AddRotateZOp().Set((0.0, 180.0)[bank])
    prim = line.GetPrim()
    prim.CreateAttribute("pace", Sdf.ValueTypeNames.Double).Set(cell.pace)
    for name in METERS + SHOWN_FLOATS * cell.shown:
        prim.CreateAttribute(name, Sdf.ValueTypeNames.Double).Set(0.0)
    for name in COUNTS + SHOWN_INTS * cell.shown:
        prim.CreateAttribute(name, Sdf.ValueTypeNames.Int).Set(0)
    if cell.shown:
        prim.CreateAttribute("entered", Sdf.ValueTypeNames.DoubleArray).Set([0.0] * SLOTS)
        _furniture(stage, line_path(robot))


def _furniture(stage: Usd.Stage, path: str) -> None:
    _box(stage, f"{path}/Conveyor", Gf.Vec3f(LENGTH + 0.3, 0.42, 0.3), Gf.Vec3d(0.5 * LENGTH, 0.0, 0.2), Gf.Vec3f(0.2, 0.22, 0.26))
    _box(stage, f"{path}/Bin", Gf.Vec3f(0.6, 0.6, 0.4), Gf.Vec3d(LENGTH + 1.7, 0.0, 0.2), Gf.Vec3f(0.25, 0.4, 0.6))
    parts = UsdGeom.PointInstancer.Define(stage, f"{path}/Parts")
    box = _box(stage, f"{path}/Parts/Box", Gf.Vec3f(0.2), Gf.Vec3d(0.0), Gf.Vec3f(0.85, 0.55, 0.2))
    parts.CreatePrototypesRel().SetTargets([box.GetPath()])
    parts.CreateProtoIndicesAttr([0] * SLOTS)
    parts.CreatePositionsAttr([Gf.Vec3f(0.0)] * SLOTS)
    parts.CreateScalesAttr([Gf.Vec3f(0.0)] * SLOTS)
    arm = UsdGeom.Xform.Define(stage, f"{path}/Robot")
    arm.AddTranslateOp().Set(Gf.Vec3d(LENGTH + 0.8, 0.0, 0.0))
    arm.AddOrientOp(UsdGeom.XformOp.PrecisionDouble).Set(Gf.Quatd(1.0))
    _box(stage, f"{path}/Robot/Base", Gf.Vec3f(0.3, 0.3, 0.8), Gf.Vec3d(0.0, 0.0, 0.4), Gf.Vec3f(0.9, 0.9, 0.92))
    _box(stage, f"{path}/Robot/Boom", Gf.Vec3f(0.95, 0.16, 0.16), Gf.Vec3d(-0.4, 0.0, 0.82), Gf.Vec3f(0.9, 0.9, 0.92))
    _box(stage, f"{path}/Robot/Hand", Gf.Vec3f(0.14, 0.14, 0.3), Gf.Vec3d(-0.8, 0.0, 0.68), Gf.Vec3f(0.3, 0.3, 0.35))
    lamp = UsdGeom.Sphere.Define(stage, f"{path}/Lamp")
    lamp.CreateRadiusAttr(0.22)
    lamp.AddTranslateOp().Set(Gf.Vec3d(LENGTH + 0.8, 0.0, 1.25))
    lamp.CreateDisplayColorAttr([Gf.Vec3f(0.95, 0.7, 0.1)])


def _box(stage: Usd.Stage, path: str, size: Gf.Vec3f, centre: Gf.Vec3d, colour: Gf.Vec3f) -> Usd.Prim:
    cube = UsdGeom.Cube.Define(stage, path)
    cube.CreateSizeAttr(1.0)
    cube.CreateExtentAttr([(-0.5, -0.5, -0.5), (0.5, 0.5, 0.5)])
    cube.AddTranslateOp().Set(centre)
    cube.AddScaleOp().Set(size)
    cube.CreateDisplayColorAttr([colour])
    return cube.GetPrim()
