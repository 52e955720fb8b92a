"""What a stage is as arrays: which prims, where, in which colours, and what is said of what is left out."""

from __future__ import annotations

import numpy as np
import pytest
from pxr import Gf, Sdf, Usd, UsdGeom, UsdLux, UsdShade, Vt

from portalis.translator.pictures.scene import Batch, Scene
from portalis.translator.pictures.usd.extraction import Extractor


@pytest.fixture
def stage() -> Usd.Stage:
    return Usd.Stage.CreateInMemory()


def scene(stage: Usd.Stage, time: float = 0.0) -> Scene:
    return Extractor(stage).scene(Usd.TimeCode(time))


def square(stage: Usd.Stage, path: str = "/Mesh") -> UsdGeom.Mesh:
    """Two squares that share an edge, folded at a right angle."""
    mesh = UsdGeom.Mesh.Define(stage, path)
    mesh.GetPointsAttr().Set([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 1, 1), (1, 1, 1)])
    mesh.GetFaceVertexCountsAttr().Set([4, 4])
    mesh.GetFaceVertexIndicesAttr().Set([0, 1, 2, 3, 3, 2, 5, 4])
    return mesh


def only(found: Scene) -> Batch:
    [batch] = found.batches
    return batch


def colours_of_corners(batch: Batch) -> list[list[float]]:
    """Return the colour of each triangle's first corner."""
    assert batch.mesh.colours is not None
    return batch.mesh.colours[batch.mesh.triangles[:, 0]].round(3).tolist()


def material(stage: Usd.Stage, path: str, colour: tuple[float, float, float] | None) -> UsdShade.Material:
    made = UsdShade.Material.Define(stage, path)
    shader = UsdShade.Shader.Define(stage, f"{path}/Surface")
    shader.CreateIdAttr("UsdPreviewSurface")
    if colour is not None:
        shader.CreateInput("diffuseColor", Sdf.ValueTypeNames.Color3f).Set(colour)
    made.CreateSurfaceOutput().ConnectToSource(shader.ConnectableAPI(), "surface")
    return made


def bind(prim: Usd.Prim, made: UsdShade.Material) -> None:
    UsdShade.MaterialBindingAPI.Apply(prim).Bind(made)


@pytest.mark.parametrize(
    ("interpolation", "rows", "expected"),
    [
        ("constant", [(0, 0, 1)], None),
        ("uniform", [(1, 0, 0), (0, 1, 0)], [[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0]]),
        ("vertex", [(i / 8, 0, 0) for i in range(6)], [[0, 0, 0], [0, 0, 0], [0.375, 0, 0], [0.375, 0, 0]]),
        ("varying", [(i / 8, 0, 0) for i in range(6)], [[0, 0, 0], [0, 0, 0], [0.375, 0, 0], [0.375, 0, 0]]),
        ("faceVarying", [(i / 8, 0, 0) for i in range(8)], [[0, 0, 0], [0, 0, 0], [0.5, 0, 0], [0.5, 0, 0]]),
    ],
)
def test_display_colours_of_every_interpolation(
    stage: Usd.Stage, interpolation: str, rows: list[tuple[float, ...]], expected: list[list[float]] | None
) -> None:
    mesh = square(stage)
    mesh.GetDisplayColorPrimvar().SetInterpolation(interpolation)
    mesh.GetDisplayColorAttr().Set(rows)
    batch = only(scene(stage))
    if expected is None:
        assert batch.mesh.colours is None and batch.colours.tolist() == [[0, 0, 1]]
    else:
        assert colours_of_corners(batch) == expected
    # Through indices, the same.
    primvar = mesh.GetDisplayColorPrimvar()
    primvar.Set(rows[::-1])
    primvar.SetIndices(Vt.IntArray(list(range(len(rows)))[::-1]))
    again = only(scene(stage))
    assert again.colours.tolist() == batch.colours.tolist() if expected is None else colours_of_corners(again) == expected


def test_a_number_of_colours_that_fits_nothing_is_said(stage: Usd.Stage) -> None:
    mesh = square(stage)
    mesh.GetDisplayColorPrimvar().SetInterpolation("vertex")
    mesh.GetDisplayColorAttr().Set([(1, 0, 0)] * 4)
    assert scene(stage).skipped["display colours whose number fits nothing"] == 1


def test_a_material_counts_before_display_colours_and_on_subsets(stage: Usd.Stage) -> None:
    mesh = square(stage)
    mesh.GetDisplayColorAttr().Set([(0, 0, 1)])
    bind(mesh.GetPrim(), material(stage, "/Red", (1, 0, 0)))
    assert only(scene(stage)).colours.tolist() == [[1, 0, 0]]
    subset = UsdGeom.Subset.CreateGeomSubset(mesh, "part", "face", Vt.IntArray([1]), "materialBind")
    bind(subset.GetPrim(), material(stage, "/Green", (0, 1, 0)))
    assert colours_of_corners(only(scene(stage))) == [[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0]]


def test_a_colour_comes_through_connections_and_what_is_no_colour_is_left_out(stage: Usd.Stage) -> None:
    mesh = square(stage)
    mesh.GetDisplayColorAttr().Set([(0, 0, 1)])
    made = material(stage, "/Look", (1, 0, 0))
    bind(mesh.GetPrim(), made)
    surface = UsdShade.Shader.Get(stage, "/Look/Surface")
    outer = made.CreateInput("tint", Sdf.ValueTypeNames.Color3f)
    outer.Set((0.25, 0.5, 0.75))
    surface.GetInput("diffuseColor").ConnectToSource(outer)
    assert only(scene(stage)).colours.tolist() == [[0.25, 0.5, 0.75]]
    surface.CreateInput("opacity", Sdf.ValueTypeNames.Float).Set(0.5)
    surface.CreateInput("emissiveColor", Sdf.ValueTypeNames.Color3f).Set((0, 0, 0))
    assert {"transparency": 1}.items() <= scene(stage).skipped.items() and "emission" not in scene(stage).skipped
    texture = UsdShade.Shader.Define(stage, "/Look/Texture")
    texture.CreateIdAttr("UsdUVTexture")
    surface.GetInput("diffuseColor").ConnectToSource(texture.ConnectableAPI(), "rgb")
    found = scene(stage)
    assert only(found).colours.tolist() == [[0, 0, 1]] and found.skipped["textures"] == 1
    texture.GetIdAttr().Set("ND_constant_color3")
    surface.GetIdAttr().Set("ND_standard_surface_surfaceshader")
    assert scene(stage).skipped["materials that are no UsdPreviewSurface"] == 1


def test_normals_are_authored_or_smooth_but_at_edges(stage: Usd.Stage) -> None:
    mesh = square(stage)
    built = only(scene(stage)).mesh
    normals = built.normals[built.triangles].reshape(-1, 3)
    assert sorted(map(tuple, np.unique(normals.round(3), axis=0).tolist())) == [(0, -1, 0), (0, 0, 1)], "a fold of 90° is an edge"
    mesh.GetPointsAttr().Set([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 2, 0.2), (1, 2, 0.2)])
    built = only(scene(stage)).mesh
    assert len(built.positions) == 6, "a fold of some degrees is none"
    mesh.SetNormalsInterpolation("vertex")
    mesh.GetNormalsAttr().Set([(0, 2, 0)] * 6)
    assert only(scene(stage)).mesh.normals.tolist() == [[0, 1, 0]] * 6
    mesh.GetNormalsAttr().Set([(0, 2, 0)] * 5)
    assert scene(stage).skipped["normals whose number fits nothing"] == 1


def test_faces_have_an_orientation_and_holes(stage: Usd.Stage) -> None:
    mesh = square(stage)
    before = only(scene(stage)).mesh
    mesh.GetOrientationAttr().Set("leftHanded")
    after = only(scene(stage)).mesh
    assert after.triangles[:, [0, 2, 1]].tolist() == before.triangles.tolist()
    mesh.GetHoleIndicesAttr().Set([0])
    assert len(only(scene(stage)).mesh.triangles) == 2
    mesh.GetFaceVertexIndicesAttr().Set([0, 1, 2, 3, 3, 2, 5, 99])
    assert not scene(stage).batches and scene(stage).skipped["meshes without sound faces"] == 1
    mesh.GetFaceVertexIndicesAttr().Set([0, 1, 2, 3, 3, 2, 5, 4])
    mesh.GetHoleIndicesAttr().Set(Vt.IntArray())
    mesh.GetPointsAttr().Set([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 1, float("nan")), (1, 1, 1)])
    found = scene(stage)
    assert len(only(found).mesh.triangles) == 3 and np.isfinite(found.reach(np.eye(3))).all(), "one triangle has no place"


def test_what_is_invisible_or_of_another_purpose_is_not_drawn(stage: Usd.Stage) -> None:
    for name in ("Shown", "Hidden", "Guide", "Proxy", "Render", "Blinking"):
        UsdGeom.Xform.Define(stage, f"/{name}")
        UsdGeom.Cube.Define(stage, f"/{name}/Cube")
    UsdGeom.Imageable(stage.GetPrimAtPath("/Hidden")).MakeInvisible()
    for name in ("Guide", "Proxy", "Render"):
        UsdGeom.Imageable(stage.GetPrimAtPath(f"/{name}")).GetPurposeAttr().Set(name.lower())
    visibility = UsdGeom.Imageable(stage.GetPrimAtPath("/Blinking")).GetVisibilityAttr()
    visibility.Set("invisible", 0.0)
    visibility.Set("inherited", 5.0)
    UsdLux.DomeLight.Define(stage, "/Sky")
    stage.DefinePrim("/Cloud", "Volume")
    extractor = Extractor(stage)
    early, late = (extractor.scene(Usd.TimeCode(time)) for time in (0.0, 6.0))
    assert early.paths == ("/Shown/Cube", "/Render/Cube") and late.paths == (*early.paths, "/Blinking/Cube")
    assert early.skipped == {"prims of purpose guide": 1, "prims of purpose proxy": 1, "lights": 1, "volumes": 1}


def test_crowds_are_drawn_in_crowds_and_instances_in_their_own_colours(stage: Usd.Stage) -> None:
    inner = UsdGeom.PointInstancer.Define(stage, "/Outer/Prototypes/Inner")
    ball = UsdGeom.Sphere.Define(stage, "/Outer/Prototypes/Inner/Ball")
    ball.AddTranslateOp().Set((0, 0, 10))
    ball.GetRadiusAttr().Set(0.5)
    for crowd, target, places in ((inner, "/Outer/Prototypes/Inner/Ball", 2), (None, "/Outer/Prototypes/Inner", 3)):
        crowd = crowd or UsdGeom.PointInstancer.Define(stage, "/Outer")
        crowd.GetPrototypesRel().AddTarget(target)
        crowd.GetPositionsAttr().Set([(i if places == 2 else 0, i if places == 3 else 0, 0) for i in range(places)])
        crowd.GetProtoIndicesAttr().Set([0] * places)
    outer = UsdGeom.PointInstancer(stage.GetPrimAtPath("/Outer"))
    outer.AddTranslateOp().Set((100, 0, 0))
    outer.GetScalesAttr().Set([Gf.Vec3f(2)] * 3)
    found = scene(stage)
    expected = sorted([100 + 2.0 * i, float(j), 20.0] for j in range(3) for i in range(2))
    assert sorted(found.spheres.centres.tolist()) == expected and found.spheres.radii.tolist() == [1.0] * 6
    assert found.paths == ("/Outer",) and (found.spheres.prims == 1).all(), "a click selects the crowd"
    primvar = UsdGeom.PrimvarsAPI(outer.GetPrim()).CreatePrimvar("displayColor", Sdf.ValueTypeNames.Color3fArray, "vertex")
    primvar.Set([(0.25, 0, 0), (0.5, 0, 0), (0.75, 0, 0)])
    found = scene(stage)
    assert {
        (centre[1], colour[0]) for centre, colour in zip(found.spheres.centres.tolist(), found.spheres.colours.tolist(), strict=True)
    } == {
        (0.0, 0.25),
        (1.0, 0.5),
        (2.0, 0.75),
    }


def test_points_and_curves_have_widths(stage: Usd.Stage) -> None:
    points = UsdGeom.Points.Define(stage, "/Points")
    points.AddScaleOp().Set((3, 3, 3))
    points.GetPointsAttr().Set([(1, 0, 0), (2, 0, 0), (float("inf"), 0, 0)])
    points.GetWidthsAttr().Set([1.0, 2.0, 1.0])
    curves = UsdGeom.BasisCurves.Define(stage, "/Curves")
    curves.GetTypeAttr().Set("linear")
    curves.GetPointsAttr().Set([(0, 0, 0), (5, 0, 0), (5, 0, 0), (5, 5, 0), (0, 0, 9), (0, 0, 11)])
    curves.GetCurveVertexCountsAttr().Set([4, 2])
    curves.GetWidthsAttr().Set([0.5] * 6)
    curves.GetDisplayColorPrimvar().SetInterpolation("vertex")
    curves.GetDisplayColorAttr().Set([(i / 10, 0, 0) for i in range(6)])
    found = scene(stage)
    assert found.spheres.centres.tolist() == [[3, 0, 0], [6, 0, 0]] and found.spheres.radii == pytest.approx([1.5, 3.0])
    rods = only(found)
    starts, ends = rods.matrices[:, 3, :3], rods.matrices[:, 3, :3] + rods.matrices[:, 2, :3]
    assert starts.tolist() == [[0, 0, 0], [5, 0, 0], [0, 0, 9]] and ends.tolist() == [[5, 0, 0], [5, 5, 0], [0, 0, 11]]
    assert np.linalg.norm(rods.matrices[:, :2, :3], axis=2) == pytest.approx(0.25) and rods.colours[:, 0] == pytest.approx([0.0, 0.2, 0.4])


@pytest.mark.parametrize("basis", ["bezier", "bspline", "catmullRom"])
def test_cubic_curves_go_where_their_basis_says(stage: Usd.Stage, basis: str) -> None:
    curves = UsdGeom.BasisCurves.Define(stage, "/Curves")
    curves.GetBasisAttr().Set(basis)
    # Points of a straight line at even distances: each basis keeps to it, from its own first to its own last point.
    curves.GetPointsAttr().Set([(i, 2 * i, 0) for i in range(7)])
    curves.GetCurveVertexCountsAttr().Set([7])
    curves.GetWidthsAttr().Set([0.1])
    curves.SetWidthsInterpolation("constant")
    rods = only(scene(stage)).matrices
    starts, ends = rods[:, 3, :3], rods[:, 3, :3] + rods[:, 2, :3]
    assert starts[0] == pytest.approx([0, 0, 0] if basis == "bezier" else [1, 2, 0])
    assert ends[-1] == pytest.approx([6, 12, 0] if basis == "bezier" else [5, 10, 0])
    assert starts[1:] == pytest.approx(ends[:-1]) and starts[:, 1] == pytest.approx(2 * starts[:, 0])
