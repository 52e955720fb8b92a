"""The stages of the projectile demo: one in metres with Z up, one in centimetres with Y up, holding the same thousand throws."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pxr import Gf, Sdf, Usd, UsdGeom, Vt

Array = np.ndarray[Any, Any]

# Every tenth projectile flies without drag and wind, so that its path has a closed form.
VACUUM_EVERY = 10
WIND = (3.0, 1.0, 0.0)
FRAMES_PER_SECOND = 60.0
STANDARD_GRAVITY = 9.81
RADIUS = 0.25
IN_VACUUM, IN_AIR = (0.9, 0.3, 0.1), (0.2, 0.5, 0.9)
# The ground: metres from its middle to its edge, and the width of its tiles.
GROUND, TILE = 120.0, 10.0
PROJECTILES, CAMERA = "/World/Projectiles", "/World/Camera"
# Where the camera is at the start, in metres with Z up.
CAMERA_START = (16.0, -40.0, 8.0)


@dataclass(frozen=True)
class StageKind:
    """How a stage measures: metres per unit, and which axis is up."""

    name: str
    meters_per_unit: float
    up: Literal["Y", "Z"]

    def vectors(self, metres: Array) -> Array:
        """Turn (n, 3) vectors in metres with Z up into this stage's units and axes."""
        axes = metres if self.up == "Z" else np.stack([metres[:, 0], metres[:, 2], -metres[:, 1]], axis=1)
        return np.asarray(axes / self.meters_per_unit)

    def metres(self, vectors: Array) -> Array:
        """Turn (n, 3) vectors of this stage back into metres with Z up."""
        axes = vectors if self.up == "Z" else np.stack([vectors[:, 0], -vectors[:, 2], vectors[:, 1]], axis=1)
        return np.asarray(axes * self.meters_per_unit)


METRES_Z_UP = StageKind("metres_z_up", 1.0, "Z")
CENTIMETRES_Y_UP = StageKind("centimetres_y_up", 0.01, "Y")


@dataclass(frozen=True)
class Throws:
    """The thousand throws in metres with Z up: positions and velocities (n, 3), drag (n) in 1/m, wind (n, 3) in m/s."""

    position: Array
    velocity: Array
    drag: Array
    wind: Array

    @property
    def vacuum(self) -> Array:
        """Which throws nothing but gravity acts on."""
        return np.asarray(self.drag == 0.0)


def followed(count: int) -> int:
    """Return which of so many throws the camera follows: the one towards -y, in a vacuum like every tenth."""
    return count * 3 // 4 // VACUUM_EVERY * VACUUM_EVERY


def throws(count: int = 1000, seed: int = 3, slowest: float = 20.0, fastest: float = 35.0) -> Throws:
    """Throw from a ring around the origin, outwards, at 20 to 35 m/s and 30° to 70°."""
    source = np.random.default_rng(seed)
    heading = np.linspace(0.0, 2.0 * np.pi, count, endpoint=False)
    elevation = np.radians(source.uniform(30.0, 70.0, count))
    speed = source.uniform(slowest, fastest, count)
    outwards = np.stack([np.cos(heading), np.sin(heading), np.zeros(count)], axis=1)
    velocity = outwards * (speed * np.cos(elevation))[:, None]
    velocity[:, 2] = speed * np.sin(elevation)
    drag = source.uniform(0.002, 0.02, count)
    wind = np.tile(np.array(WIND), (count, 1))
    drag[::VACUUM_EVERY] = 0.0
    return Throws(outwards * 2.0, velocity, drag, wind)


def build(path: Path, kind: StageKind, start: Throws) -> list[str]:
    """Write a stage with one sphere per throw, the ground and a camera, and return the spheres' paths.

    Each sphere carries `xformOp:translate`, and as custom attributes what the behaviour reads: `velocity`, `wind` (stage units per second)
    and `drag` (1/m).
    """
    stage = new_stage(path, kind)
    UsdGeom.Scope.Define(stage, PROJECTILES)
    columns = {
        "position": kind.vectors(start.position),
        "velocity": kind.vectors(start.velocity),
        "wind": kind.vectors(start.wind),
    }
    paths = []
    for index in range(len(start.drag)):
        sphere = UsdGeom.Sphere.Define(stage, f"{PROJECTILES}/p{index:04d}")
        sphere.CreateRadiusAttr(RADIUS / kind.meters_per_unit)
        sphere.CreateDisplayColorAttr(Vt.Vec3fArray([Gf.Vec3f(*(IN_VACUUM if start.drag[index] == 0.0 else IN_AIR))]))
        sphere.AddTranslateOp().Set(Gf.Vec3d(*columns["position"][index]))
        prim = sphere.GetPrim()
        for name in ("velocity", "wind"):
            prim.CreateAttribute(name, Sdf.ValueTypeNames.Vector3d).Set(Gf.Vec3d(*columns[name][index]))
        prim.CreateAttribute("drag", Sdf.ValueTypeNames.Double).Set(float(start.drag[index]))
        paths.append(str(prim.GetPath()))
    _ground(stage, kind)
    camera = UsdGeom.Camera.Define(stage, CAMERA)
    camera.CreateFocalLengthAttr(24.0)
    camera.CreateClippingRangeAttr(Gf.Vec2f(0.1, 1000.0) / kind.meters_per_unit)
    camera.AddTranslateOp().Set(Gf.Vec3d(*kind.vectors(np.array([CAMERA_START]))[0]))
    camera.AddOrientOp(UsdGeom.XformOp.PrecisionDouble).Set(Gf.Quatd(1.0))
    stage.Save()
    return paths


def new_stage(path: Path, kind: StageKind) -> Usd.Stage:
    """Write an empty stage of a kind."""
    stage = Usd.Stage.CreateNew(str(path))
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z if kind.up == "Z" else UsdGeom.Tokens.y)
    UsdGeom.SetStageMetersPerUnit(stage, kind.meters_per_unit)
    stage.SetTimeCodesPerSecond(FRAMES_PER_SECOND)
    stage.SetFramesPerSecond(FRAMES_PER_SECOND)
    stage.SetStartTimeCode(0)
    stage.SetDefaultPrim(UsdGeom.Xform.Define(stage, "/World").GetPrim())
    return stage


def _ground(stage: Usd.Stage, kind: StageKind) -> None:
    """Lay square tiles of two greys where the spheres touch the ground: their middles come down to height 0."""
    tiles = round(2.0 * GROUND / TILE)
    edges = np.linspace(-GROUND, GROUND, tiles + 1)
    x, y = np.meshgrid(edges, edges, indexing="ij")
    corners = kind.vectors(np.stack([x.ravel(), y.ravel(), np.full(x.size, -RADIUS)], axis=1))
    row, column = np.divmod(np.arange(tiles * tiles), tiles)
    first = row * (tiles + 1) + column
    faces = np.stack([first, first + tiles + 1, first + tiles + 2, first + 1], axis=1)
    shade = np.where((row + column) % 2 == 0, 0.62, 0.7)
    mesh = UsdGeom.Mesh.Define(stage, "/World/Ground")
    mesh.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(corners.astype(np.float32)))
    mesh.CreateFaceVertexCountsAttr(Vt.IntArray(len(faces), 4))
    mesh.CreateFaceVertexIndicesAttr(Vt.IntArray.FromNumpy(faces.ravel().astype(np.int32)))
    mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    colours = np.stack([shade, shade + 0.02, shade - 0.02], axis=1).astype(np.float32)
    mesh.CreateDisplayColorPrimvar(UsdGeom.Tokens.uniform).Set(Vt.Vec3fArray.FromNumpy(colours))
