"""A scene that follows edits is the scene that somebody gets who looks for the first time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pxr import Gf, Sdf, Usd, UsdGeom, UsdShade, Vt

from portalis.translator.pictures.marking import Marker
from portalis.translator.pictures.scene import Scene
from portalis.translator.pictures.usd.extraction import Extractor
from portalis.translator.pictures.usd.live import LiveScene


@pytest.fixture
def stage(tmp_path: Path) -> Usd.Stage:
    """One of everything that an edit may change, and an instance twice."""
    asset = Usd.Stage.CreateNew(str(tmp_path / "part.usda"))
    UsdGeom.Cube.Define(asset, "/Part/Cube")
    asset.GetRootLayer().Save()
    stage = Usd.Stage.CreateInMemory()
    for name in ("A", "B"):
        part = UsdGeom.Xform.Define(stage, f"/World/{name}").GetPrim()
        part.GetReferences().AddReference(str(tmp_path / "part.usda"), "/Part")
        part.SetInstanceable(True)
    ball = UsdGeom.Sphere.Define(stage, "/World/Ball")
    ball.AddTranslateOp().Set((1, 2, 3))
    mesh = UsdGeom.Mesh.Define(stage, "/World/Mesh")
    mesh.GetPointsAttr().Set([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 1)])
    mesh.GetFaceVertexCountsAttr().Set([3, 3])
    mesh.GetFaceVertexIndicesAttr().Set([0, 1, 2, 0, 2, 3])
    points = UsdGeom.Points.Define(stage, "/World/Points")
    points.GetPointsAttr().Set([(0, 0, 0), (1, 1, 1)])
    crowd = UsdGeom.PointInstancer.Define(stage, "/World/Crowd")
    UsdGeom.Cone.Define(stage, "/World/Crowd/Cone")
    crowd.GetPrototypesRel().AddTarget("/World/Crowd/Cone")
    crowd.GetPositionsAttr().Set([(0, 0, 0), (3, 0, 0)])
    crowd.GetProtoIndicesAttr().Set([0, 0])
    material = UsdShade.Material.Define(stage, "/World/Look")
    shader = UsdShade.Shader.Define(stage, "/World/Look/Surface")
    shader.CreateIdAttr("UsdPreviewSurface")
    shader.CreateInput("diffuseColor", Sdf.ValueTypeNames.Color3f).Set((0.1, 0.2, 0.3))
    material.CreateSurfaceOutput().ConnectToSource(shader.ConnectableAPI(), "surface")
    UsdShade.MaterialBindingAPI.Apply(ball.GetPrim()).Bind(material)
    return stage


def told(scene: Scene) -> dict[str, list[object]]:
    """Return what a scene says of each prim, in an order of its own."""
    found: dict[str, list[object]] = {path: [] for path in scene.paths}
    for batch in scene.batches:
        shape = (
            len(batch.mesh.triangles),
            batch.mesh.positions.tobytes(),
            (batch.mesh.colours if batch.mesh.colours is not None else np.zeros(0)).tobytes(),
        )
        for matrix, colour, prim in zip(batch.matrices, batch.colours, batch.prims, strict=True):
            found[scene.paths[prim - 1]].append((shape, matrix.tobytes(), colour.tobytes()))
    balls = scene.spheres
    for row in zip(balls.centres.tolist(), balls.radii.tolist(), balls.colours.tolist(), balls.prims, strict=True):
        found[scene.paths[row[3] - 1]].append(row[:3])
    return found


def at(stage: Usd.Stage, path: str) -> Usd.Attribute:
    return stage.GetAttributeAtPath(path)


EDITS: list[Callable[[Usd.Stage], object]] = [
    lambda stage: at(stage, "/World/Ball.xformOp:translate").Set(Gf.Vec3d(4, 5, 6)),
    lambda stage: at(stage, "/World/Ball.radius").Set(3.0),
    lambda stage: at(stage, "/World/Look/Surface.inputs:diffuseColor").Set((0.9, 0.8, 0.7)),
    lambda stage: UsdShade.MaterialBindingAPI(stage.GetPrimAtPath("/World/Ball")).UnbindAllBindings(),
    lambda stage: UsdGeom.Sphere.Get(stage, "/World/Ball").GetDisplayColorAttr().Set([(1, 0, 0)]),
    lambda stage: UsdGeom.Imageable(stage.GetPrimAtPath("/World/Ball")).MakeInvisible(),
    lambda stage: UsdGeom.Imageable(stage.GetPrimAtPath("/World/Ball")).MakeVisible(),
    lambda stage: (
        UsdGeom.PrimvarsAPI(stage.GetPrimAtPath("/World")).CreatePrimvar("displayColor", Sdf.ValueTypeNames.Color3fArray).Set([(0, 1, 0)])
    ),
    lambda stage: at(stage, "/World.primvars:displayColor").Set([(0, 1, 1)]),
    lambda stage: (
        UsdGeom.PrimvarsAPI(stage.GetPrimAtPath("/World/B")).CreatePrimvar("displayColor", Sdf.ValueTypeNames.Color3fArray).Set([(1, 1, 0)])
    ),
    lambda stage: at(stage, "/World/Mesh.points").Set([(0, 0, 0), (2, 0, 0), (2, 2, 0), (0, 2, 1)]),
    lambda stage: at(stage, "/World/Mesh.faceVertexIndices").Set([0, 1, 2, 0, 1, 3]),
    lambda stage: UsdGeom.Mesh.Get(stage, "/World/Mesh").GetDisplayColorPrimvar().SetInterpolation("vertex"),
    lambda stage: UsdGeom.Mesh.Get(stage, "/World/Mesh").GetDisplayColorAttr().Set([(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1)]),
    lambda stage: at(stage, "/World/Points.points").Set([(5, 0, 0)]),
    lambda stage: at(stage, "/World/Crowd.positions").Set(Vt.Vec3fArray([(0, 0, 9), (3, 0, 9)])),
    lambda stage: at(stage, "/World/Crowd/Cone.height").Set(7.0),
    lambda stage: stage.GetPrimAtPath("/World/A").SetActive(False),
    lambda stage: stage.RemovePrim("/World/Points"),
    lambda stage: UsdGeom.Cylinder.Define(stage, "/World/Post"),
    lambda stage: UsdGeom.Imageable(stage.GetPrimAtPath("/World/Post")).GetPurposeAttr().Set("guide"),
]


def test_after_every_edit_it_is_the_scene_of_a_first_look(stage: Usd.Stage) -> None:
    live = LiveScene(stage)
    for number, edit in enumerate(EDITS):
        before = live.scene(0.0)
        assert live.scene(0.0) is before, "nothing was changed"
        edit(stage)
        assert live.scene(0.0) is not before, number
        assert told(live.scene(0.0)) == told(Extractor(stage).scene(Usd.TimeCode(0.0))), number
    live.close()
    before = live.scene(0.0)
    at(stage, "/World/Ball.radius").Set(9.0)
    assert live.scene(0.0) is before, "it follows no longer"


def test_an_edit_of_a_place_asks_for_no_mesh(stage: Usd.Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    live = LiveScene(stage)
    mesh = {path: batch.mesh for batch in live.scene(0.0).batches for path in live.scene(0.0).paths}
    at(stage, "/World/Ball.xformOp:translate").Set(Gf.Vec3d(7, 7, 7))
    assert {path: batch.mesh for batch in live.scene(0.0).batches for path in live.scene(0.0).paths} == mesh


def test_what_is_marked_has_the_colour_and_all_else_keeps_its_own(stage: Usd.Stage) -> None:
    mesh = UsdGeom.Mesh.Get(stage, "/World/Mesh")
    mesh.GetDisplayColorPrimvar().SetInterpolation("vertex")
    mesh.GetDisplayColorAttr().Set([(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1)])
    scene = Extractor(stage).scene(Usd.TimeCode(0.0))
    marker = Marker((1.0, 0.5, 0.25))
    assert marker.marked(scene, []) is scene and marker.marked(scene, ["/World/Bal"]) is scene
    marked = marker.marked(scene, ["/World/Ball", "/World/Mesh", "/World/A"])
    before, after = told(scene), told(marked)
    changed = {path for path in before if before[path] != after[path]}
    assert changed == {"/World/Ball", "/World/Mesh", "/World/A/Cube"}
    assert all(batch.mesh.colours is None for batch in marked.batches)
    assert told(marker.marked(scene, ["/World"])).keys() == before.keys()
