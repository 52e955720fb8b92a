"""What a host without a renderer draws: where everything is, and that it follows the stage."""

from __future__ import annotations

import numpy as np
import pytest
from pxr import Gf, Usd, UsdGeom

from portalis.translator.stage.outline import children, starter_stage
from portalis.translator.stage.preview import Preview


@pytest.fixture
def stage() -> Usd.Stage:
    stage = Usd.Stage.CreateInMemory()
    world = UsdGeom.Xform.Define(stage, "/World")
    world.AddTranslateOp().Set((10.0, 0.0, 0.0))
    ball = UsdGeom.Sphere.Define(stage, "/World/Ball")
    ball.CreateRadiusAttr(0.5)
    ball.AddTranslateOp().Set((0.0, 2.0, 0.0))
    cube = UsdGeom.Cube.Define(stage, "/World/Cube")
    cube.CreateSizeAttr(2.0)
    cube.AddRotateZOp().Set(90.0)
    mesh = UsdGeom.Mesh.Define(stage, "/World/Mesh")
    mesh.CreatePointsAttr([(0, 0, 0), (1, 0, 0), (0, 1, 0)])
    mesh.CreateFaceVertexCountsAttr([3])
    mesh.CreateFaceVertexIndicesAttr([0, 1, 2])
    points = UsdGeom.Points.Define(stage, "/World/Points")
    points.CreatePointsAttr([(0, 0, 1), (0, 0, 2)])
    crowd = UsdGeom.PointInstancer.Define(stage, "/World/Crowd")
    crowd.CreatePositionsAttr([(0, 0, 3)])
    UsdGeom.Sphere.Define(stage, "/World/Crowd/Prototype")
    UsdGeom.Sphere.Define(stage, "/World/Hidden").MakeInvisible()
    return stage


def test_everything_is_where_the_stage_has_it(stage: Usd.Stage) -> None:
    preview = Preview(stage)
    assert [ball.path for ball in preview.balls] == ["/World/Ball"], "neither what is hidden nor a prototype"
    assert preview.ball_positions(0.0).tolist() == [[10.0, 2.0, 0.0]] and preview.ball_radii(0.0).tolist() == [0.5]
    assert {path: points.tolist() for path, _, points in preview.crowd_positions(0.0)} == {
        "/World/Points": [[10.0, 0.0, 1.0], [10.0, 0.0, 2.0]],
        "/World/Crowd": [[10.0, 0.0, 3.0]],
    }
    wires = dict(zip([wire.path for wire in preview.wires], preview.wire_points(0.0), strict=True))
    assert wires["/World/Mesh"].tolist() == [[10.0, 0.0, 0.0], [11.0, 0.0, 0.0], [10.0, 1.0, 0.0]]
    box = wires["/World/Cube"]
    assert np.allclose(box.min(axis=0), (9.0, -1.0, -1.0)) and np.allclose(box.max(axis=0), (11.0, 1.0, 1.0))
    centre, radius = preview.bounds(0.0)
    assert np.allclose(centre, (10.0, 0.5, 1.0)) and radius > 1.0


def test_a_preview_follows_what_moves(stage: Usd.Stage) -> None:
    preview = Preview(stage)
    stage.GetAttributeAtPath("/World/Ball.xformOp:translate").Set(Gf.Vec3d(0.0, 5.0, 0.0))
    stage.GetAttributeAtPath("/World/Points.points").Set([(0, 0, 7)])
    assert preview.ball_positions(0.0)[0, 1] == 5.0
    assert preview.crowd_positions(0.0)[0][2].tolist() == [[10.0, 0.0, 7.0]]


def test_nothing_to_draw_has_bounds_too() -> None:
    preview = Preview(Usd.Stage.CreateInMemory())
    centre, radius = preview.bounds(0.0)
    assert centre.tolist() == [0.0, 0.0, 0.0] and radius == 1.0 and preview.balls == () and preview.wires == ()


def test_every_edge_of_a_box_is_drawn_on_two_faces() -> None:
    stage = Usd.Stage.CreateInMemory()
    UsdGeom.Cube.Define(stage, "/Cube")
    [wire] = Preview(stage).wires
    [corners] = Preview(stage).wire_points(0.0)
    faces = [wire.face_indices[start : start + 4] for start in range(0, 24, 4)]
    edges = [frozenset((face[i], face[(i + 1) % 4])) for face in faces for i in range(4)]
    assert len(set(edges)) == 12 and all(edges.count(edge) == 2 for edge in edges)
    assert all(np.count_nonzero(corners[first] != corners[second]) == 1 for first, second in map(sorted, edges)), "no diagonals"


def test_the_outline_lists_prims_in_order() -> None:
    stage = starter_stage()
    assert [row.path for row in children(stage)] == ["/World"]
    rows = children(stage, "/World")
    assert rows[0].name == "Ground" and rows[0].type_name == "Mesh" and len(rows) == 26
    assert children(stage, "/Nowhere") == ()
