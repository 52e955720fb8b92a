"""The stage of the sensor fusion demo: a room, the carts that drive in it, and the cloud that one of them sees.

Every cart is one run of an experiment with noise of its own. In `Fused` a filter takes both sensors, in `Blind` the inertial one alone,
in `Overconfident` it believes that sensor too much, and what is in `Straight` drives without turning, which makes the problem linear.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from pxr import Gf, Sdf, Usd, UsdGeom, Vt

FRAMES_PER_SECOND = 60.0
SWEEPS_PER_SECOND = 10.0
# Standard deviations of what the filter is told at the start: x, y, heading, speed.
FIRST_ERROR = np.array([0.02, 0.02, 0.002, 0.1])
GYRO_NOISE, ACCELEROMETER_NOISE, LIDAR_NOISE = 0.02, 0.3, 0.03
CLOUD = "/World/Cloud"
# The two circles that carts drive on, in metres, and how fast they turn there.
SMALL, LARGE, TURN = 2.0, 3.0, 0.45
# Who is drawn: the carts of the other groups drive where those in `Fused` do.
COLOURS = {"Fused": (0.15, 0.45, 0.8), "Straight": (0.2, 0.6, 0.35)}


@dataclass(frozen=True)
class Sizes:
    """How many carts there are in a group, how many beams in a sweep, and from one cart's sweeps to the next one's how many frames."""

    runs: int = 50
    straight: int = 2
    columns: int = 1000
    rings: int = 100
    stagger: int = 0


@dataclass(frozen=True)
class Group:
    """Carts that are run alike: where they start and what their filters are told (n, 4), how they drive and what they believe."""

    name: str
    truth: np.ndarray[Any, Any]
    estimate: np.ndarray[Any, Any]
    first_error: np.ndarray[Any, Any]
    seeds: np.ndarray[Any, Any]
    turn: np.ndarray[Any, Any]
    gyro_noise: float = GYRO_NOISE
    process_noise: float = 1.0
    sees: bool = True

    @property
    def paths(self) -> list[str]:
        """Return the paths of the carts' prims."""
        return [f"/World/{self.name}/c{number:02d}" for number in range(len(self.seeds))]


def groups(sizes: Sizes, seed: int = 11) -> list[Group]:
    """Start the carts on two circles, each filter with an error of its own that is as large as it is told."""
    source = np.random.default_rng(seed)
    angle = np.linspace(0.0, 2.0 * np.pi, sizes.runs, endpoint=False)
    radius = np.where(np.arange(sizes.runs) % 2 == 0, SMALL, LARGE)
    turn = np.full(sizes.runs, TURN)
    truth = np.stack([radius * np.cos(angle), radius * np.sin(angle), angle + 0.5 * np.pi, turn * radius], axis=1)
    estimate = truth + FIRST_ERROR * source.standard_normal(truth.shape)
    fused = Group("Fused", truth, estimate, FIRST_ERROR, np.arange(sizes.runs) + 1, turn)
    heading = np.linspace(0.3, 2.0, sizes.straight)
    begin = np.stack([-1.5 * np.cos(heading), -1.5 * np.sin(heading), heading, np.full(sizes.straight, 1.0)], axis=1)
    known = FIRST_ERROR * np.array([1.0, 1.0, 0.0, 1.0])
    told = begin + known * source.standard_normal(begin.shape)
    straight = Group("Straight", begin, told, known, np.arange(sizes.straight) + 1001, np.zeros(sizes.straight), gyro_noise=0.0)
    return [fused, replace(fused, name="Overconfident", process_noise=0.1), replace(fused, name="Blind", sees=False), straight]


def build(path: Path, sizes: Sizes, carts: list[Group], corners: np.ndarray[Any, Any]) -> Usd.Stage:
    """Write the stage: the floor with these corners (n, 2), a camera, the groups of carts and a cloud of one point a beam."""
    stage = Usd.Stage.CreateNew(str(path))
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    stage.SetTimeCodesPerSecond(FRAMES_PER_SECOND)
    stage.SetFramesPerSecond(FRAMES_PER_SECOND)
    stage.SetStartTimeCode(0)
    stage.SetDefaultPrim(UsdGeom.Xform.Define(stage, "/World").GetPrim())
    floor = UsdGeom.Mesh.Define(stage, "/World/Floor")
    floor.CreatePointsAttr([Gf.Vec3f(float(x), float(y), 0.0) for x, y in corners])
    floor.CreateFaceVertexCountsAttr([len(corners)])
    floor.CreateFaceVertexIndicesAttr(range(len(corners)))
    floor.CreateDisplayColorAttr([Gf.Vec3f(0.45, 0.47, 0.5)])
    floor.CreateSubdivisionSchemeAttr("none")
    camera = UsdGeom.Camera.Define(stage, "/World/Camera")
    view = Gf.Matrix4d().SetLookAt(Gf.Vec3d(0.0, -17.0, 15.0), Gf.Vec3d(0.5, 0.0, 0.0), Gf.Vec3d(0.0, 0.0, 1.0))
    camera.CreateFocalLengthAttr(24.0)
    camera.AddTransformOp().Set(view.GetInverse())
    for group in carts:
        UsdGeom.Scope.Define(stage, f"/World/{group.name}")
        for number, where in enumerate(group.paths):
            _cart(stage, where, group, number, sizes)
    cloud = UsdGeom.Points.Define(stage, CLOUD)
    cloud.CreatePointsAttr(Vt.Vec3fArray(sizes.columns * sizes.rings))
    cloud.CreateWidthsAttr([0.02])
    cloud.SetWidthsInterpolation(UsdGeom.Tokens.constant)
    cloud.CreateDisplayColorAttr([Gf.Vec3f(0.05, 0.45, 0.35)])
    stage.Save()
    return stage


def _cart(stage: Usd.Stage, path: str, group: Group, number: int, sizes: Sizes) -> None:
    cart = UsdGeom.Xform.Define(stage, path)
    truth, estimate = (Gf.Vec4d(*(float(value) for value in rows[number])) for rows in (group.truth, group.estimate))
    cart.AddTranslateOp().Set(Gf.Vec3d(truth[0], truth[1], 0.0))
    cart.AddOrientOp(UsdGeom.XformOp.PrecisionDouble).Set(Gf.Quatd(1.0))
    if group.name in COLOURS:
        for name, size, height in (("Body", (0.36, 0.22, 0.14), 0.1), ("Mast", (0.03, 0.03, 1.0), 0.67), ("Lidar", (0.1, 0.1, 0.08), 1.2)):
            part = UsdGeom.Cube.Define(stage, f"{path}/{name}")
            part.CreateSizeAttr(1.0)
            part.AddTranslateOp().Set(Gf.Vec3d(0.0, 0.0, height))
            part.AddScaleOp().Set(Gf.Vec3f(*size))
            part.CreateDisplayColorAttr([Gf.Vec3f(*COLOURS[group.name])])
    covariance = Gf.Matrix4d().SetDiagonal(Gf.Vec4d(*(float(error) ** 2 for error in group.first_error)))
    numbers = Sdf.ValueTypeNames
    for name, kind, value in (
        ("truth", numbers.Double4, truth),
        ("estimate", numbers.Double4, estimate),
        ("covariance", numbers.Matrix4d, covariance),
        ("predicted", numbers.Double4, estimate),
        ("predicted_covariance", numbers.Matrix4d, covariance),
        ("information", numbers.Matrix4d, Gf.Matrix4d(0.0)),
        ("gradient", numbers.Double4, Gf.Vec4d(0.0)),
        ("gyro", numbers.Double, 0.0),
        ("accelerometer", numbers.Double, 0.0),
        ("thrust", numbers.Double, 0.8),
        ("turn", numbers.Double, float(group.turn[number])),
        ("gyro_noise", numbers.Double, group.gyro_noise),
        ("accelerometer_noise", numbers.Double, ACCELEROMETER_NOISE),
        ("lidar_noise", numbers.Double, LIDAR_NOISE),
        ("process_noise", numbers.Double, group.process_noise),
        ("noise_seed", numbers.Int, int(group.seeds[number])),
        ("first_sweep", numbers.Int, number * sizes.stagger),
        ("columns", numbers.Int, sizes.columns),
        ("rings", numbers.Int, sizes.rings),
    ):
        cart.GetPrim().CreateAttribute(name, kind).Set(value)
