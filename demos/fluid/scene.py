"""The fluid's box, what is in it at the start, and the stage with the crowd of specks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pxr import Gf, Sdf, Usd, UsdGeom, Vt

Array = np.ndarray[Any, Any]

FRAMES_PER_SECOND = 24.0
SIZE = 2.0  # metres a side
VISCOSITY = 5e-4  # m²/s
LIFT = 0.9  # m/s² for dye of concentration 1
PUFFS = (((0.40, 0.50, 0.26), 0.15, 1.0), ((0.68, 0.52, 0.34), 0.09, 0.7))  # centre and radius in sides, concentration
SPECKS = 12_000
CROWD = "/World/Specks"


@dataclass(frozen=True)
class Start:
    """The dye (n, n, n) and the specks (m, 3) in metres, with the puff that each began in: 0, 1, or -1 for neither; the box's side."""

    dye: Array
    specks: Array
    puff: Array
    size: float


def start(cells: int, specks: int = SPECKS, seed: int = 5, size: float = SIZE) -> Start:
    """Put two round puffs of warm dye into a fluid at rest, with two specks of three in them."""
    source = np.random.default_rng(seed)
    middles = (np.arange(cells) + 0.5) / cells
    places = np.stack(np.meshgrid(middles, middles, middles, indexing="ij"), axis=-1)
    dye = np.zeros((cells, cells, cells))
    for centre, radius, concentration in PUFFS:
        dye += concentration * np.exp(-((np.linalg.norm(places - centre, axis=-1) / radius) ** 6))
    groups, owners = [], []
    for number, share in ((0, 0.5), (1, 0.2), (-1, 0.3)):
        count = int(specks * share)
        group = source.uniform(0.0, 1.0, (count, 3))
        if number >= 0:
            centre, radius, _ = PUFFS[number]
            direction = source.normal(size=(count, 3))
            direction /= np.linalg.norm(direction, axis=1, keepdims=True)
            group = np.array(centre) + direction * (radius * source.uniform(0.0, 1.0, (count, 1)) ** (1.0 / 3.0))
        groups.append(group)
        owners.append(np.full(count, number))
    # Points hold floats: what the crowd starts from is what the stage has.
    return Start(dye, (np.concatenate(groups) * size).astype(np.float32).astype(float), np.concatenate(owners), size)


def build(path: Path, begin: Start, fps: float = FRAMES_PER_SECOND) -> None:
    """Write a stage in metres, Z up: a crowd of points, the edges of the box, and a camera."""
    stage = Usd.Stage.CreateNew(str(path))
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    stage.SetTimeCodesPerSecond(fps)
    stage.SetFramesPerSecond(fps)
    stage.SetStartTimeCode(0)
    stage.SetDefaultPrim(UsdGeom.Xform.Define(stage, "/World").GetPrim())
    crowd = UsdGeom.Points.Define(stage, CROWD)
    crowd.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(begin.specks.astype(np.float32)))
    crowd.CreateVelocitiesAttr(Vt.Vec3fArray.FromNumpy(np.zeros_like(begin.specks, np.float32)))
    crowd.CreateWidthsAttr([0.008 * begin.size])
    crowd.SetWidthsInterpolation(UsdGeom.Tokens.constant)
    colours = np.array([(0.85, 0.25, 0.05), (0.05, 0.25, 0.7), (0.4, 0.44, 0.5)], np.float32)[begin.puff]
    crowd.CreateDisplayColorPrimvar(UsdGeom.Tokens.vertex).Set(Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(colours)))
    crowd.CreateExtentAttr([(0.0, 0.0, 0.0), (begin.size, begin.size, begin.size)])
    crowd.GetPrim().CreateAttribute("size", Sdf.ValueTypeNames.Double).Set(begin.size)
    _edges(stage, begin.size)
    camera = UsdGeom.Camera.Define(stage, "/World/Camera")
    camera.AddTranslateOp().Set(Gf.Vec3d(0.5 * begin.size, -3.1 * begin.size, 0.5 * begin.size))
    camera.AddRotateXOp().Set(90.0)
    camera.CreateFocalLengthAttr(40.0)
    stage.Save()


def _edges(stage: Usd.Stage, size: float) -> None:
    corners = [(x, y, z) for x in (0.0, size) for y in (0.0, size) for z in (0.0, size)]
    pairs = [(a, b) for a in range(8) for b in range(a + 1, 8) if (a ^ b) in (1, 2, 4)]
    edges = UsdGeom.BasisCurves.Define(stage, "/World/Box")
    edges.CreateTypeAttr(UsdGeom.Tokens.linear)
    edges.CreateCurveVertexCountsAttr([2] * len(pairs))
    edges.CreatePointsAttr([corners[end] for pair in pairs for end in pair])
    edges.CreateWidthsAttr([0.006 * size])
    edges.CreateDisplayColorAttr([Gf.Vec3f(0.2, 0.22, 0.25)])
    edges.SetWidthsInterpolation(UsdGeom.Tokens.constant)
