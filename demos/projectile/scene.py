"""The two stages of the projectile demo: one in metres with Z up, one in centimetres with Y up, holding the same thousand throws."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pxr import Gf, Sdf, Usd, UsdGeom, Vt

# Every tenth projectile flies without drag and wind, so that its path has a closed form.
VACUUM_EVERY = 10
WIND = (3.0, 1.0, 0.0)
FRAMES_PER_SECOND = 60.0
STANDARD_GRAVITY = 9.81


@dataclass(frozen=True)
class StageKind:
    """How a stage measures: metres per unit, and which axis is up."""

    name: str
    meters_per_unit: float
    up: Literal["Y", "Z"]

    def vectors(self, metres: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Turn (n, 3) vectors in metres with Z up into this stage's units and axes."""
        axes = metres if self.up == "Z" else np.stack([metres[:, 0], metres[:, 2], -metres[:, 1]], axis=1)
        return np.asarray(axes / self.meters_per_unit)

    def metres(self, vectors: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Turn (n, 3) vectors of this stage back into metres with Z up."""
        axes = vectors if self.up == "Z" else np.stack([vectors[:, 0], -vectors[:, 2], vectors[:, 1]], axis=1)
        return np.asarray(axes * self.meters_per_unit)


METRES_Z_UP = StageKind("metres_z_up", 1.0, "Z")
CENTIMETRES_Y_UP = StageKind("centimetres_y_up", 0.01, "Y")


@dataclass(frozen=True)
class Throws:
    """The thousand throws in metres with Z up: positions and velocities (n, 3), drag (n) in 1/m, wind (n, 3) in m/s."""

    position: np.ndarray[Any, Any]
    velocity: np.ndarray[Any, Any]
    drag: np.ndarray[Any, Any]
    wind: np.ndarray[Any, Any]

    @property
    def vacuum(self) -> np.ndarray[Any, Any]:
        """Which throws nothing but gravity acts on."""
        return np.asarray(self.drag == 0.0)


def throws(count: int = 1000, seed: int = 3) -> Throws:
    """Throw from a ring around the origin, outwards, at 20 to 35 m/s and 30° to 70°."""
    source = np.random.default_rng(seed)
    heading = np.linspace(0.0, 2.0 * np.pi, count, endpoint=False)
    elevation = np.radians(source.uniform(30.0, 70.0, count))
    speed = source.uniform(20.0, 35.0, count)
    outwards = np.stack([np.cos(heading), np.sin(heading), np.zeros(count)], axis=1)
    velocity = outwards * (speed * np.cos(elevation))[:, None]
    velocity[:, 2] = speed * np.sin(elevation)
    drag = source.uniform(0.002, 0.02, count)
    wind = np.tile(np.array(WIND), (count, 1))
    drag[::VACUUM_EVERY] = 0.0
    return Throws(outwards * 2.0, velocity, drag, wind)


def build(path: Path, kind: StageKind, start: Throws) -> list[str]:
    """Write a stage with one sphere per throw and return the spheres' paths.

    Each carries `xformOp:translate`, and as custom attributes what the behaviour reads: `velocity`, `wind` (stage units per second) and
    `drag` (1/m).
    """
    stage = Usd.Stage.CreateNew(str(path))
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z if kind.up == "Z" else UsdGeom.Tokens.y)
    UsdGeom.SetStageMetersPerUnit(stage, kind.meters_per_unit)
    stage.SetTimeCodesPerSecond(FRAMES_PER_SECOND)
    stage.SetFramesPerSecond(FRAMES_PER_SECOND)
    stage.SetStartTimeCode(0)
    world = UsdGeom.Xform.Define(stage, "/World")
    stage.SetDefaultPrim(world.GetPrim())
    UsdGeom.Scope.Define(stage, "/World/Projectiles")
    columns = {
        "position": kind.vectors(start.position),
        "velocity": kind.vectors(start.velocity),
        "wind": kind.vectors(start.wind),
    }
    paths = []
    for index in range(len(start.drag)):
        sphere = UsdGeom.Sphere.Define(stage, f"/World/Projectiles/p{index:04d}")
        sphere.CreateRadiusAttr(0.25 / kind.meters_per_unit)
        colour = Gf.Vec3f(0.9, 0.3, 0.1) if start.drag[index] == 0.0 else Gf.Vec3f(0.2, 0.5, 0.9)
        sphere.CreateDisplayColorAttr(Vt.Vec3fArray([colour]))
        sphere.AddTranslateOp().Set(Gf.Vec3d(*columns["position"][index]))
        prim = sphere.GetPrim()
        for name in ("velocity", "wind"):
            prim.CreateAttribute(name, Sdf.ValueTypeNames.Vector3d).Set(Gf.Vec3d(*columns[name][index]))
        prim.CreateAttribute("drag", Sdf.ValueTypeNames.Double).Set(float(start.drag[index]))
        paths.append(str(prim.GetPath()))
    stage.Save()
    return paths
