"""The two stages of the robot demo: ten thousand poses to be found joint angles for, and a hundred robots that draw."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pxr import Gf, Sdf, Usd, UsdGeom, Vt
from truth import HEIGHT, smallest_singular_value
from truth import path as path_at

Array = np.ndarray[Any, Any]

FRAMES_PER_SECOND = 60.0
SMALLEST_SINGULAR_VALUE = 0.05
# An ordinary posture, elbow up and tool down, from which the solver starts; the drawing robots' pens are about where drawings begin then.
START = (-0.27, -1.104, 2.166, -2.633, -1.571, 1.301)
TARGETS, BEYOND, ROBOTS = "/World/Targets", "/World/BeyondReach", "/World/Robots"
# What the robots draw: half the width of a drawing in metres, how far the pens lean at its edge in radians, and how long a pen is.
SIZE, LEAN, PEN = 0.15, 0.3, 0.08
LINKS = ("Shoulder", "UpperArm", "Forearm", "Wrist1", "Wrist2", "Tool")
ROWS = 10
SPACING = 1.1
TYPES = Sdf.ValueTypeNames


@dataclass(frozen=True)
class Drawings:
    """What a hundred robots draw: bases (n, 3) in metres, and how often the pen goes across and along the table in one drawing (n)."""

    base: Array
    across: Array
    along: Array
    period: float


def seeded_joints(count: int, seed: int = 9) -> Array:
    """Return joint angles (n, 6) whose smallest singular value is at least 0.05, drawn uniformly from a turn each."""
    source = np.random.default_rng(seed)
    found = np.empty((0, 6))
    while len(found) < count:
        drawn = source.uniform(-np.pi, np.pi, (count, 6))
        found = np.concatenate([found, drawn[smallest_singular_value(drawn) >= SMALLEST_SINGULAR_VALUE]])
    return found[:count]


def drawings(period: float = 16.0) -> Drawings:
    """Return Lissajous's table: a robot's column and row are how often its pen goes across and along."""
    row, column = np.divmod(np.arange(ROWS * ROWS), ROWS)
    base = np.stack([SPACING * column, -SPACING * row, np.zeros(ROWS * ROWS)], axis=1)
    return Drawings(base, 1.0 + column, 1.0 + row, period)


def poses_beyond_reach(count: int, seed: int = 10) -> Array:
    """Return poses (n, 4, 4), as rows, whose wrist no posture reaches: straight up, down and aside, 1.3 to 2 metres from the shoulder."""
    source = np.random.default_rng(seed)
    direction = source.normal(size=(count, 3))
    poses = np.tile(np.eye(4), (count, 1, 1))
    poses[:, 3, :3] = direction / np.linalg.norm(direction, axis=1)[:, None] * source.uniform(1.3, 2.0, (count, 1)) + (0.0, 0.0, HEIGHT)
    return poses


def build_targets(path: Path, joints: Array, beyond: Array) -> None:
    """Write a stage with a point per target: `TARGETS`, whose poses come of joint angles, and `BEYOND`, whose poses are given.

    Arrays say, element by element, from which angles a target comes (`seedArm`, `seedWrist`), its pose (`target`), and the solver's angles
    and counts.
    """
    stage = _stage(path)
    _points(stage, TARGETS, Vt.Matrix4dArray(len(joints), Gf.Matrix4d(1.0)))
    arrays = UsdGeom.PrimvarsAPI(stage.GetPrimAtPath(TARGETS))
    for name, values in (("seedArm", joints[:, :3]), ("seedWrist", joints[:, 3:])):
        arrays.CreatePrimvar(name, TYPES.Double3Array, UsdGeom.Tokens.vertex).Set(Vt.Vec3dArray.FromNumpy(values.copy()))
    _points(stage, BEYOND, Vt.Matrix4dArray.FromNumpy(beyond))
    stage.GetPrimAtPath(BEYOND).GetAttribute("points").Set(Vt.Vec3fArray.FromNumpy(beyond[:, 3, :3].astype(np.float32)))
    stage.Save()


def _points(stage: Usd.Stage, path: str, targets: Vt.Matrix4dArray) -> None:
    points = UsdGeom.Points.Define(stage, path)
    count = len(targets)
    points.CreatePointsAttr(Vt.Vec3fArray(count))
    points.CreateWidthsAttr(Vt.FloatArray.FromNumpy(np.full(count, 0.02, dtype=np.float32)))
    start = np.tile(START, (count, 1))
    arrays = UsdGeom.PrimvarsAPI(points)
    for name, kind, values in (
        ("target", TYPES.Matrix4dArray, targets),
        ("arm", TYPES.Double3Array, Vt.Vec3dArray.FromNumpy(start[:, :3].copy())),
        ("wrist", TYPES.Double3Array, Vt.Vec3dArray.FromNumpy(start[:, 3:].copy())),
        ("iterations", TYPES.IntArray, Vt.IntArray(count)),
        ("restarts", TYPES.IntArray, Vt.IntArray(count)),
        ("solved", TYPES.BoolArray, Vt.BoolArray(count)),
    ):
        arrays.CreatePrimvar(name, kind, UsdGeom.Tokens.vertex).Set(values)


def build_robots(path: Path, what: Drawings) -> str:
    """Write a stage with a hundred robots, an instancer per link, and return the path of the bases, which hold the joint angles."""
    stage = _stage(path)
    count = len(what.base)
    UsdGeom.Xform.Define(stage, ROBOTS)
    base = _instancer(stage, f"{ROBOTS}/Base", count, [((0, 0, 0.05), (0, 0, 1), 0.1, 0.075, _GREY)])
    base.CreatePositionsAttr(Vt.Vec3fArray.FromNumpy(what.base.astype(np.float32)))
    start = np.tile(START, (count, 1))
    arrays = UsdGeom.PrimvarsAPI(base)
    for name, kind, values in (
        ("arm", TYPES.Double3Array, Vt.Vec3dArray.FromNumpy(start[:, :3].copy())),
        ("wrist", TYPES.Double3Array, Vt.Vec3dArray.FromNumpy(start[:, 3:].copy())),
        ("tip", TYPES.Double3Array, Vt.Vec3dArray(count)),
        ("across", TYPES.DoubleArray, Vt.DoubleArray.FromNumpy(what.across)),
        ("along", TYPES.DoubleArray, Vt.DoubleArray.FromNumpy(what.along)),
        ("period", TYPES.DoubleArray, Vt.DoubleArray.FromNumpy(np.full(count, what.period))),
    ):
        arrays.CreatePrimvar(name, kind, UsdGeom.Tokens.vertex).Set(values)
    for name, parts in _SHAPES.items():
        _instancer(stage, f"{ROBOTS}/{name}", count, parts)
    _surroundings(stage, what)
    stage.Save()
    return f"{ROBOTS}/Base"


def _surroundings(stage: Usd.Stage, what: Drawings) -> None:
    """Add the table, the paths upon it, and a camera that sees all robots."""
    turns = np.linspace(0.0, 1.0, 241)
    corners = np.stack([path_at(what.across, what.along, turn, SIZE, LEAN)[0] for turn in turns], axis=1) + what.base[:, None]
    curves = UsdGeom.BasisCurves.Define(stage, "/World/Paths")
    curves.CreateTypeAttr(UsdGeom.Tokens.linear)
    curves.CreatePointsAttr(Vt.Vec3fArray.FromNumpy((corners - (0.0, 0.0, PEN)).reshape(-1, 3).astype(np.float32)))
    curves.CreateCurveVertexCountsAttr(Vt.IntArray(len(what.base), len(turns)))
    curves.CreateWidthsAttr(Vt.FloatArray(1, 0.008))
    curves.SetWidthsInterpolation(UsdGeom.Tokens.constant)
    curves.CreateDisplayColorAttr(Vt.Vec3fArray([Gf.Vec3f(0.85, 0.3, 0.1)]))

    low, high = what.base.min(axis=0) - 0.9, what.base.max(axis=0) + 0.6
    table = UsdGeom.Mesh.Define(stage, "/World/Table")
    table.CreatePointsAttr([Gf.Vec3f(x, y, 0.0) for x, y in ((low[0], low[1]), (high[0], low[1]), (high[0], high[1]), (low[0], high[1]))])
    table.CreateFaceVertexCountsAttr([4])
    table.CreateFaceVertexIndicesAttr([0, 1, 2, 3])
    table.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    table.CreateDisplayColorAttr(Vt.Vec3fArray([Gf.Vec3f(0.34, 0.36, 0.38)]))

    camera = UsdGeom.Camera.Define(stage, "/World/Camera")
    camera.CreateFocalLengthAttr(30.0)
    centre, away = 0.5 * (low + high), np.array([0.0, -np.sin(np.pi / 4), np.cos(np.pi / 4)])
    camera.AddTranslateOp().Set(Gf.Vec3d(*(centre + 21.5 * away)))
    camera.AddRotateXOp().Set(45.0)


# A link's capsules in its own frame, as Denavit and Hartenberg put it: centre, axis, length, radius, colour.
_GREY, _BLUE, _LIGHT = (0.35, 0.37, 0.4), (0.25, 0.55, 0.8), (0.82, 0.84, 0.86)
Capsule = tuple[tuple[float, float, float], tuple[int, int, int], float, float, tuple[float, float, float]]
_SHAPES: dict[str, list[Capsule]] = {
    "Shoulder": [((0, 0, 0.04), (0, 0, 1), 0.16, 0.06, _BLUE)],
    "UpperArm": [
        ((0.2125, 0, 0.138), (1, 0, 0), 0.425, 0.05, _LIGHT),
        ((0, 0, 0.1), (0, 0, 1), 0.12, 0.055, _BLUE),
    ],
    "Forearm": [((0.1961, 0, 0.02), (1, 0, 0), 0.3922, 0.042, _LIGHT), ((0, 0, 0.04), (0, 0, 1), 0.1, 0.045, _BLUE)],
    "Wrist1": [((0, -0.02, 0), (0, 1, 0), 0.1, 0.042, _LIGHT)],
    "Wrist2": [((0, 0.03, 0), (0, 1, 0), 0.1, 0.042, _BLUE)],
    "Tool": [((0, 0, -0.04), (0, 0, 1), 0.06, 0.035, _GREY), ((0, 0, 0.04), (0, 0, 1), 0.08, 0.01, (0.85, 0.3, 0.1))],
}


def _stage(path: Path) -> Usd.Stage:
    stage = Usd.Stage.CreateNew(str(path))
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    stage.SetTimeCodesPerSecond(FRAMES_PER_SECOND)
    stage.SetFramesPerSecond(FRAMES_PER_SECOND)
    stage.SetStartTimeCode(0)
    stage.SetDefaultPrim(UsdGeom.Xform.Define(stage, "/World").GetPrim())
    return stage


def _instancer(stage: Usd.Stage, path: str, count: int, parts: list[Capsule]) -> UsdGeom.PointInstancer:
    instancer = UsdGeom.PointInstancer.Define(stage, path)
    prototype = UsdGeom.Xform.Define(stage, f"{path}/Link")
    for number, (centre, axis, length, radius, colour) in enumerate(parts):
        capsule = UsdGeom.Capsule.Define(stage, f"{path}/Link/part{number}")
        capsule.CreateAxisAttr("XYZ"[axis.index(1)])
        capsule.CreateHeightAttr(length)
        capsule.CreateRadiusAttr(radius)
        half = [radius + 0.5 * length * along for along in axis]
        capsule.CreateExtentAttr([Gf.Vec3f(*(-value for value in half)), Gf.Vec3f(*half)])
        capsule.CreateDisplayColorAttr(Vt.Vec3fArray([Gf.Vec3f(*colour)]))
        capsule.AddTranslateOp().Set(Gf.Vec3d(*centre))
    instancer.CreatePrototypesRel().SetTargets([prototype.GetPath()])
    instancer.CreateProtoIndicesAttr(Vt.IntArray(count))
    instancer.CreatePositionsAttr(Vt.Vec3fArray(count))
    instancer.CreateOrientationsAttr(Vt.QuathArray(count, Gf.Quath(1.0)))
    return instancer
