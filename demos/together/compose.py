"""The common stage: each demo's own stage is referenced below a root of its own, side by side in metres."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from pxr import Gf, Usd, UsdGeom, Vt

FRAMES_PER_SECOND = 60.0
CAMERA = "/World/Camera"
EXTENT = ".extent"
# Where the origin of each demo's stage is, in metres.
PLACES = {
    "digital_twin": (-9.5, 13.0, 0.0),
    "projectile": (12.5, 13.0, 0.0),
    "robot_arm": (-15.5, 1.5, 0.0),
    "sensor_fusion": (9.0, -6.0, 0.0),
    "fluid": (-3.6, -14.5, 0.2),
}
# The ground: metres from its middle to its edge, the width of its tiles, and how far below the demos' own floors it is.
GROUND, TILE, BELOW = 40.0, 2.0, 0.13


def root_of(name: str) -> str:
    """Name the prim that has a demo's stage below it."""
    return f"/World/{name}"


def demo_of(path: str) -> str:
    """Name the demo that a path belongs to; the camera is on its own, and so are extents, which come after all behaviours."""
    name = path.split("/")[2].partition(".")[0]
    return f"{name}{EXTENT}" if path.endswith(EXTENT) else name


def compose(path: Path, scenes: Mapping[str, Path]) -> Usd.Stage:
    """Write the stage that references the demos' scenes, and return it; nothing of them is copied."""
    path.unlink(missing_ok=True)
    stage = Usd.Stage.CreateNew(str(path))
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    stage.SetTimeCodesPerSecond(FRAMES_PER_SECOND)
    stage.SetFramesPerSecond(FRAMES_PER_SECOND)
    stage.SetStartTimeCode(0)
    stage.SetDefaultPrim(UsdGeom.Xform.Define(stage, "/World").GetPrim())
    camera = UsdGeom.Camera.Define(stage, CAMERA)
    camera.CreateFocalLengthAttr(20.0)
    camera.CreateClippingRangeAttr(Gf.Vec2f(0.1, 1000.0))
    camera.AddTranslateOp().Set(Gf.Vec3d(0.0, -35.0, 17.0))
    camera.AddOrientOp(UsdGeom.XformOp.PrecisionDouble).Set(Gf.Quatd(1.0))
    for name, scene in scenes.items():
        root = UsdGeom.Xform.Define(stage, root_of(name))
        root.AddTranslateOp().Set(Gf.Vec3d(*PLACES[name]))
        root.GetPrim().GetReferences().AddReference(f"./{scene.relative_to(path.parent).as_posix()}")
    _ground(stage)
    stage.Save()
    return stage


def _ground(stage: Usd.Stage) -> None:
    edges = np.arange(-GROUND, GROUND + TILE, TILE)
    tiles = len(edges) - 1
    x, y = np.meshgrid(edges, edges, indexing="ij")
    row, column = np.divmod(np.arange(tiles * tiles), tiles)
    first = row * len(edges) + column
    shade = np.where((row + column) % 2 == 0, 0.34, 0.38)
    mesh = UsdGeom.Mesh.Define(stage, "/World/Ground")
    mesh.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(np.stack([x.ravel(), y.ravel(), np.full(x.size, -BELOW)], axis=1).astype(np.float32)))
    mesh.CreateFaceVertexCountsAttr(Vt.IntArray(len(first), 4))
    corners = np.stack([first, first + len(edges), first + len(edges) + 1, first + 1], axis=1)
    mesh.CreateFaceVertexIndicesAttr(Vt.IntArray.FromNumpy(corners.ravel().astype(np.int32)))
    mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    colours = np.stack([shade, shade + 0.02, shade - 0.01], axis=1).astype(np.float32)
    mesh.CreateDisplayColorPrimvar(UsdGeom.Tokens.uniform).Set(Vt.Vec3fArray.FromNumpy(colours))
