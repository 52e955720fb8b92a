"""What a picture covers is what geometry says: spheres by their tangent cones, boxes by the hull of their corners."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from pxr import Gf, Usd, UsdGeom

from portalis.translator.pictures import primitives
from portalis.translator.pictures.camera import View, fit
from portalis.translator.pictures.scene import Mesh, Scene
from portalis.translator.pictures.usd.cameras import camera_view, find_camera
from portalis.translator.pictures.usd.extraction import Extractor
from tests.pictures.renderers import RENDERERS, Mask, convex, middles, overlap, renderer

SIZE = (320, 200)
NOW = Usd.TimeCode(0.0)


def place(prim: UsdGeom.Xformable, *ops: tuple[str, object]) -> None:
    for kind, value in ops:
        getattr(prim, f"Add{kind}Op")().Set(value)


@pytest.fixture
def stage() -> Usd.Stage:
    """A sphere, a ball under a scale, a box that is turned, points, and boxes by an instancer: nothing overlaps much."""
    stage = Usd.Stage.CreateInMemory()
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    sphere = UsdGeom.Sphere.Define(stage, "/Sphere")
    sphere.GetRadiusAttr().Set(1.5)
    place(sphere, ("Translate", (-4, 0, 0)), ("RotateXYZ", (10, 20, 30)), ("Scale", (1.2, 1.2, 1.2)))
    cube = UsdGeom.Cube.Define(stage, "/Cube")
    place(cube, ("Translate", (3, 0, 1)), ("RotateXYZ", (20, 30, 40)), ("Scale", (1.0, 2.0, 0.5)))
    points = UsdGeom.Points.Define(stage, "/Points")
    points.GetPointsAttr().Set([(0, 4, 0), (1, 5, 2), (-2, 4, 3)])
    points.GetWidthsAttr().Set([0.5, 1.0, 1.5])
    crowd = UsdGeom.PointInstancer.Define(stage, "/Crowd")
    UsdGeom.Cube.Define(stage, "/Crowd/Box").GetSizeAttr().Set(1.0)
    crowd.GetPrototypesRel().AddTarget("/Crowd/Box")
    crowd.GetPositionsAttr().Set([(0, -5, 0), (2, -5, 1), (4, -4, 2)])
    crowd.GetProtoIndicesAttr().Set([0, 0, 0])
    crowd.GetOrientationsAttr().Set([Gf.Quath(1, 0, 0, 0), Gf.Quath(0.8, 0.6, 0, 0), Gf.Quath(0.6, 0, 0.8, 0)])
    crowd.GetInvisibleIdsAttr().Set([1])
    return stage


def discs(centres: NDArray[np.float64], radii: NDArray[np.float64], view: View) -> Mask:
    """Return the pixels from whose middles a ray meets a sphere."""
    x, y = middles(*SIZE)
    left, right, bottom, top = view.window
    across, up = left + (right - left) * x / SIZE[0], top + (bottom - top) * y / SIZE[1]
    covered = np.zeros(x.shape, np.bool_)
    for centre, radius in zip(centres @ view.matrix[:3, :3] + view.matrix[3, :3], radii, strict=True):
        if view.orthographic:
            covered |= (across - centre[0]) ** 2 + (up - centre[1]) ** 2 <= radius**2
            continue
        ray = np.stack([across, up, -np.ones_like(x)], axis=-1)
        ray /= np.linalg.norm(ray, axis=-1, keepdims=True)
        covered |= (ray @ centre) ** 2 >= centre @ centre - radius**2
    return covered


def box_corners(prim: Usd.Prim) -> NDArray[np.float64]:
    matrix = np.array(UsdGeom.XformCache(0.0).GetLocalToWorldTransform(prim))
    half = UsdGeom.Cube(prim).GetSizeAttr().Get() / 2.0
    corners = np.array([[(i & 1) * 2 - 1, (i >> 1 & 1) * 2 - 1, (i >> 2 & 1) * 2 - 1] for i in range(8)]) * half
    return corners @ matrix[:3, :3] + matrix[3, :3]


def wanted(stage: Usd.Stage, view: View) -> dict[str, Mask]:
    """Return the silhouette of each prim, as if nothing were before it."""
    crowd = np.zeros(SIZE[::-1], np.bool_)
    instancer = UsdGeom.PointInstancer(stage.GetPrimAtPath("/Crowd"))
    matrices = instancer.ComputeInstanceTransformsAtTime(1.0, 1.0)
    assert len(matrices) == 2, "one of the three is invisible"
    unit = box_corners(stage.GetPrimAtPath("/Crowd/Box"))
    for matrix in np.array(matrices):
        crowd |= convex(view.pixels(unit @ matrix[:3, :3] + matrix[3, :3], *SIZE), *SIZE)
    points = UsdGeom.Points(stage.GetPrimAtPath("/Points"))
    return {
        "/Sphere": discs(np.array([[-4.0, 0.0, 0.0]]), np.array([1.8]), view),
        "/Cube": convex(view.pixels(box_corners(stage.GetPrimAtPath("/Cube")), *SIZE), *SIZE),
        "/Points": discs(np.array(points.GetPointsAttr().Get(), np.float64), np.array(points.GetWidthsAttr().Get()) / 2.0, view),
        "/Crowd": crowd,
    }


def camera(stage: Usd.Stage, projection: str) -> View:
    camera = UsdGeom.Camera.Define(stage, "/Camera")
    camera.GetProjectionAttr().Set(projection)
    camera.AddTransformOp().Set(Gf.Matrix4d().SetLookAt(Gf.Vec3d(20, 6, 8), Gf.Vec3d(0, 0, 1), Gf.Vec3d(0, 0, 1)).GetInverse())
    camera.GetFocalLengthAttr().Set(25.0)
    aperture = 20.0 if projection == "perspective" else 170.0
    camera.GetHorizontalApertureAttr().Set(aperture)
    camera.GetVerticalApertureAttr().Set(aperture * 0.4)
    camera.GetHorizontalApertureOffsetAttr().Set(aperture * 0.1)
    camera.GetVerticalApertureOffsetAttr().Set(aperture * -0.05)
    found = find_camera(stage, None)
    assert found and str(found.GetPath()) == "/Camera"
    return camera_view(found, NOW).widened(SIZE[0] / SIZE[1])


def silhouettes(name: str, scene: Scene, view: View) -> dict[str, Mask]:
    ids = renderer(name).identify(scene, view, *SIZE, z_up=True)
    return {path: ids == 1 + number for number, path in enumerate(scene.paths)}


@pytest.mark.parametrize("name", RENDERERS)
@pytest.mark.parametrize("projection", ["fitted", "perspective", "orthographic"])
def test_silhouettes_are_where_geometry_says(stage: Usd.Stage, name: str, projection: str) -> None:
    scene = Extractor(stage).scene(NOW)
    view = fit([scene], SIZE[0] / SIZE[1], z_up=True) if projection == "fitted" else camera(stage, projection)
    assert view is not None
    found, expected = silhouettes(name, scene, view), wanted(stage, view)
    assert found.keys() == expected.keys()
    for path, mask in expected.items():
        # What stands before it takes from it, and adds nothing.
        others = np.any([other for key, other in expected.items() if key != path], axis=0)
        assert mask.sum() > 40 and overlap(found[path] | (mask & others), mask) > 0.96, path


@pytest.mark.parametrize("name", RENDERERS)
def test_the_nearer_one_hides_the_farther_one(name: str) -> None:
    stage = Usd.Stage.CreateInMemory()
    for path, near, kind in (("/Ball", 0.0, UsdGeom.Sphere), ("/Wall", -3.0, UsdGeom.Cube), ("/Front", 3.0, UsdGeom.Cube)):
        shape = kind.Define(stage, path)
        place(shape, ("Translate", (0, 0, near)), ("Scale", (0.4, 0.4, 0.4) if path == "/Front" else (1, 1, 1)))
    eye = UsdGeom.Camera.Define(stage, "/Eye")
    place(eye, ("Translate", (0, 0, 12)))
    scene = Extractor(stage).scene(NOW)
    ids = renderer(name).identify(scene, camera_view(eye.GetPrim(), NOW).widened(1.6), *SIZE, z_up=False)
    middle = ids[SIZE[1] // 2]
    seen = [scene.paths[number - 1] for number in middle[np.flatnonzero(np.diff(middle, prepend=0))] if number]
    assert seen == ["/Ball", "/Front", "/Ball"], "the wall is in the ball's shadow"


@pytest.mark.parametrize("name", RENDERERS)
def test_a_picture_shows_colours_lit_from_where_they_are_seen(name: str) -> None:
    stage = Usd.Stage.CreateInMemory()
    for path, across, colour in (("/Red", -2.0, (1, 0, 0)), ("/Blue", 2.0, (0, 0, 1))):
        sphere = UsdGeom.Sphere.Define(stage, path)
        place(sphere, ("Translate", (across, 0, 0)))
        sphere.GetDisplayColorAttr().Set([colour])
    scene = Extractor(stage).scene(NOW)
    view = fit([scene], SIZE[0] / SIZE[1], z_up=False)
    assert view is not None
    picture = renderer(name).picture(scene, view, *SIZE, z_up=False).astype(int)
    assert picture.shape == (SIZE[1], SIZE[0], 3)
    for number, channel in ((1, 0), (2, 2)):
        inside = renderer(name).identify(scene, view, *SIZE, z_up=False) == number
        mine = picture[inside]
        assert (mine[:, channel] > mine[:, 1] + 30).mean() > 0.95
        rows = np.nonzero(inside)[0]
        upper, lower = mine[rows < np.median(rows)], mine[rows > np.median(rows)]
        assert upper[:, channel].mean() > lower[:, channel].mean() + 10, "the sun is above"


def shapes(stage: Usd.Stage) -> None:
    """Every shape around every axis, some mirrored or sheared, in rows."""
    kinds = (UsdGeom.Cylinder, UsdGeom.Cone, UsdGeom.Capsule, UsdGeom.Plane)
    for row, kind in enumerate(kinds):
        for column, axis in enumerate("XYZ"):
            shape = kind.Define(stage, f"/{kind.__name__}{axis}")
            shape.GetAxisAttr().Set(axis)
            place(shape, ("Translate", (4 * column - 16, 4 * row, 0)), ("RotateXYZ", (15, 25, 35)), ("Scale", (1, -0.5, 0.7)))
    mesh = UsdGeom.Mesh.Define(stage, "/Mesh")
    mesh.GetPointsAttr().Set([(9, 0, 0), (12, 0, 0), (12, 3, 0), (9, 3, 0), (10.5, 1.5, 2)])
    mesh.GetFaceVertexCountsAttr().Set([4, 3, 3, 3, 3])
    mesh.GetFaceVertexIndicesAttr().Set([3, 2, 1, 0, 0, 1, 4, 1, 2, 4, 2, 3, 4, 3, 0, 4])
    mesh.GetDisplayColorPrimvar().SetInterpolation("uniform")
    mesh.GetDisplayColorAttr().Set([(1, 1, 1), (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0)])
    curves = UsdGeom.BasisCurves.Define(stage, "/Curves")
    curves.GetTypeAttr().Set("cubic")
    curves.GetBasisAttr().Set("bspline")
    curves.GetPointsAttr().Set([(9, 6, 0), (10, 9, 1), (12, 6, 2), (12, 9, 0), (9, 12, 0)])
    curves.GetCurveVertexCountsAttr().Set([5])
    curves.GetWidthsAttr().Set([0.4])
    curves.SetWidthsInterpolation("constant")
    egg = UsdGeom.Sphere.Define(stage, "/Egg")
    place(egg, ("Translate", (0, 12, 0)), ("Scale", (1, 2, 1)))


def test_rays_and_opengl_draw_the_same(stage: Usd.Stage) -> None:
    shapes(stage)
    scene = Extractor(stage).scene(NOW)
    # From high above, so that nothing hides another.
    view = fit([scene], SIZE[0] / SIZE[1], z_up=True, elevation=75.0)
    assert view is not None
    found = {name: silhouettes(name, scene, view) for name in RENDERERS}
    for path in scene.paths:
        size = found["gl"][path].sum()
        assert size > 10 and overlap(found["gl"][path], found["rays"][path]) > 1.0 - 6.0 / np.sqrt(size) / 4.0, path
    pictures = [renderer(name).picture(scene, view, *SIZE, z_up=True).astype(int) for name in RENDERERS]
    apart = np.abs(pictures[0] - pictures[1]).max(axis=2)
    assert apart.mean() < 1.0 and (apart > 24).mean() < 0.02


@pytest.mark.parametrize("axis", "XYZ")
@pytest.mark.parametrize("kind", ["Cylinder", "Cone", "Capsule", "Plane", "Cylinder_1", "Capsule_1", "Cube", "Sphere"])
def test_shapes_reach_as_far_as_openusd_says(kind: str, axis: str) -> None:
    stage = Usd.Stage.CreateInMemory()
    prim = stage.DefinePrim("/Shape", kind)
    sizes = {"axis": axis, "height": 3.0, "radius": 0.7, "radiusTop": 0.5, "radiusBottom": 0.5, "width": 2.0, "length": 5.0, "size": 3.0}
    for name, value in sizes.items():
        if prim.HasAttribute(name):
            prim.GetAttribute(name).Set(value)
    low, high = UsdGeom.Boundable.ComputeExtentFromPlugins(UsdGeom.Boundable(prim), NOW)
    directions = np.concatenate([np.eye(3), -np.eye(3)])
    reach = Extractor(stage).scene(NOW).reach(directions)
    assert reach == pytest.approx([*high, *(-np.array(low))], abs=1e-5)


@pytest.mark.parametrize("aspect", [0.2, 1.0, 16 / 9, 6.0])
@pytest.mark.parametrize("heading", [0.0, 35.0, 200.0])
def test_a_fitted_camera_keeps_every_bound_from_the_edges(stage: Usd.Stage, aspect: float, heading: float) -> None:
    shapes(stage)
    big = UsdGeom.Sphere.Define(stage, "/Big")
    big.GetRadiusAttr().Set(6.0)
    place(big, ("Translate", (-12, 3, 4)))
    scene = Extractor(stage).scene(NOW)
    view = fit([scene], aspect, z_up=True, heading=heading)
    assert view is not None and view.aspect == pytest.approx(aspect)
    height = 400
    width = round(height * aspect)
    ids = renderer("gl").identify(scene, view, width, height, z_up=True)
    assert set(np.unique(ids)) - {0} and (ids == scene.paths.index("/Big") + 1).any()
    rows, columns = np.nonzero(ids)
    edges = (columns.min() / width, 1 - (columns.max() + 1) / width, rows.min() / height, 1 - (rows.max() + 1) / height)
    # A pixel's middle counts, so half a pixel is given; one side or its opposite is as near as it may be.
    assert min(edges) >= 0.03 - 0.5 / min(width, height) and min(edges) <= 0.03 + 1.5 / min(width, height)


@pytest.mark.parametrize(
    "mesh", [primitives.cube(), primitives.sphere(), primitives.cylinder(), primitives.cone(), primitives.capsule(0.5, 0.3, 2.0)]
)
def test_closed_shapes_turn_their_faces_outwards_at_every_level(mesh: Mesh) -> None:
    levels = [mesh]
    while levels[-1].coarser is not None:
        levels.append(levels[-1].coarser)
    assert len(levels) == (1 if mesh is primitives.cube() else 3)
    for level in levels:
        corners = level.positions[level.triangles].astype(float)
        across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        wide = np.linalg.norm(across, axis=1) > 1e-7
        outwards = np.einsum("ij,ij->i", across, level.normals[level.triangles].mean(axis=1))
        assert level.closed and (outwards[wide] > 0.0).all()
        assert np.einsum("ij,ij->", corners[:, 0], across) > 0.0, "a volume, the right way round"


def test_who_is_inside_of_a_shape_sees_it_from_inside() -> None:
    stage = Usd.Stage.CreateInMemory()
    room = UsdGeom.Cube.Define(stage, "/Room")
    room.GetSizeAttr().Set(20.0)
    eye = UsdGeom.Camera.Define(stage, "/Eye")
    scene = Extractor(stage).scene(NOW)
    for name in RENDERERS:
        assert (renderer(name).identify(scene, camera_view(eye.GetPrim(), NOW).widened(1.6), *SIZE, z_up=False) == 1).all()


@pytest.mark.parametrize("name", RENDERERS)
def test_one_sample_a_pixel_is_the_same_picture_but_for_edges(stage: Usd.Stage, name: str) -> None:
    scene = Extractor(stage).scene(NOW)
    view = fit([scene], SIZE[0] / SIZE[1], z_up=True)
    assert view is not None
    one, two = (renderer(name).picture(scene, view, *SIZE, z_up=True, samples=samples).astype(int) for samples in (1, 2))
    assert (np.abs(one - two).max(axis=2) > 40).mean() < 0.04
