"""Spaces: gravity where a transform is, and what other prims' transforms are, ordered and composed as OpenUSD composes them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from pxr import Gf, Sdf, Usd, UsdGeom, UsdPhysics

from portalis.translator.stage.columns.backend import Indices
from portalis.translator.stage.plan.check import check
from portalis.translator.stage.plan.executor import BehaviourEngine
from portalis.translator.stage.plan.resolved import Target
from portalis.translator.stage.problems import StageError
from portalis.translator.stage.transforms.spaces import into_spaces
from portalis.translator.stage.values import Codec, Rows
from tests.stage.conftest import BindSource, Simulate

FALL = """\
from pxr import Gf

def fall(position: Gf.Vec3d, gravity: Gf.Vec3d):
    position = position + gravity
    return position
"""
LOOK = "from pxr import Gf\n\ndef look(gravity: Gf.Vec3d, gravity_world: Gf.Vec3d):\n    return gravity, gravity_world\n"
FOLLOW = "from pxr import Gf\n\ndef follow(target: Gf.Vec3d):\n    seen = target + Gf.Vec3d(0.0)\n    return seen\n"


class Last:
    """A sink that keeps the last value of each attribute."""

    def __init__(self) -> None:
        self.rows: dict[str, list[float]] = {}

    def at(self, time_code: float) -> None:
        """Nothing depends on the time."""

    def column(self, targets: Sequence[Target], codec: Codec, strings: Sequence[str], which: Indices, rows: Rows) -> None:
        self.rows |= {targets[index].path: row for index, row in zip(which.tolist(), rows.tolist(), strict=True)}

    def array(self, target: Target, codec: Codec, rows: Rows) -> None:
        raise AssertionError("no arrays are written")


def _ball(stage: Usd.Stage) -> UsdGeom.Xformable:
    parent = UsdGeom.Xform.Define(stage, "/World/Parent")
    parent.AddTranslateOp().Set((7.0, 8.0, 9.0))
    parent.AddRotateYOp(UsdGeom.XformOp.PrecisionDouble).Set(90.0)
    ball = UsdGeom.Sphere.Define(stage, "/World/Parent/Ball")
    ball.AddTranslateOp().Set((0.0, 0.0, 0.0))
    return ball


def _seen(stage: Usd.Stage, path: str, *names: str) -> list[Usd.Attribute]:
    prim = stage.DefinePrim(path)
    made = [prim.CreateAttribute(name, Sdf.ValueTypeNames.Double3) for name in names]
    for attribute in made:
        attribute.Set((0.0, 0.0, 0.0))
    return made


def _world(prim: Usd.Prim, time: float = 1.0) -> Gf.Vec3d:
    return UsdGeom.Xformable(prim).ComputeLocalToWorldTransform(Usd.TimeCode(time)).ExtractTranslation()


def test_a_ball_falls_down_whichever_way_its_parent_is_turned(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    ball = _ball(stage)
    bind_source(stage, "/World/Parent/Ball", FALL)
    with simulate(stage) as simulation:
        simulation.run(3)
        assert np.abs(np.array(_world(ball.GetPrim())) - (7.0, 8.0, 9.0 - 3 * 9.81)).max() < 1e-12


def test_the_parents_scale_is_followed_and_said(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate, engine: BehaviourEngine
) -> None:
    ball = _ball(stage)
    UsdGeom.Xformable(stage.GetPrimAtPath("/World/Parent")).AddScaleOp().Set((2.0, 4.0, 1.0))
    bind_source(stage, "/World/Parent/Ball", FALL, engine=engine)
    (problem,) = check(stage, engine)
    assert (problem.code, problem.severity, problem.path) == ("PS126", "warning", "/World/Parent/Ball")
    with simulate(stage) as simulation:
        simulation.step()
        assert np.abs(np.array(_world(ball.GetPrim())) - (7.0, 8.0, 9.0 - 9.81)).max() < 1e-12


def test_a_direction_goes_into_a_space_by_the_inverse_and_not_by_the_transpose() -> None:
    parent = Gf.Matrix4d().SetScale(Gf.Vec3d(2, 4, 1)) * Gf.Matrix4d().SetRotate(Gf.Rotation(Gf.Vec3d(0, 0, 1), 90.0))
    flat = Gf.Matrix4d().SetScale(Gf.Vec3d(1, 0, 1))
    rows = into_spaces(np.array([np.array(parent), np.eye(4), np.array(flat)]), (0.0, -9.81, 0.0))
    assert np.abs(rows[0] - (-4.905, 0.0, 0.0)).max() < 1e-14
    assert rows[1].tolist() == [0.0, -9.81, 0.0] and np.isnan(rows[2]).all()


def test_who_writes_no_transform_of_its_own_sees_gravity_in_stage_axes(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate
) -> None:
    _ball(stage)
    names = ("gravity", "gravity_world")
    here, world = _seen(stage, "/World/Parent/Ball", "here", "world")
    bind_source(stage, "/World/Parent/Ball", LOOK, outputs=dict(zip(names, ("here", "world"), strict=True)))
    with simulate(stage) as simulation:
        simulation.step()
        assert here.Get() == world.Get() == Gf.Vec3d(0, 0, -9.81)


def test_both_gravities_are_there_for_who_moves_itself(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    _ball(stage)
    here, world = _seen(stage, "/World/Parent/Ball", "here", "world")
    text = "from pxr import Gf\n\ndef look(position: Gf.Vec3d, gravity: Gf.Vec3d, gravity_world: Gf.Vec3d):\n"
    text += "    here = gravity + Gf.Vec3d(0.0)\n    world = gravity_world + Gf.Vec3d(0.0)\n    return position, here, world\n"
    bind_source(stage, "/World/Parent/Ball", text)
    with simulate(stage) as simulation:
        simulation.step()
        assert np.abs(np.array(here.Get()) - (9.81, 0.0, 0.0)).max() < 1e-14 and world.Get() == Gf.Vec3d(0, 0, -9.81)


def test_gravity_comes_in_the_space_of_a_crowds_instancer(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    points = UsdGeom.Points.Define(stage, "/World/Cloud")
    points.AddRotateXOp().Set(90.0)
    points.CreatePointsAttr([(0.0, 0.0, 0.0)] * 3)
    text = "from pxr import Gf\n\ndef fall(point: Gf.Vec3f, gravity: Gf.Vec3d):\n    point = Gf.Vec3f(gravity)\n    return point\n"
    bind_source(stage, "/World/Cloud", text)
    with simulate(stage) as simulation:
        simulation.step()
        assert np.abs(np.array(points.GetPointsAttr().Get()) - (0.0, -9.81, 0.0)).max() < 1e-5


def test_gravity_that_is_animated_is_read_every_frame(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    scene = UsdPhysics.Scene.Define(stage, "/World/Physics")
    for code in (1.0, 3.0):
        scene.CreateGravityMagnitudeAttr().Set(code, code)
    here, world = _seen(stage, "/World/A", "here", "world")
    bind_source(stage, "/World/A", LOOK, outputs={"gravity": "here", "gravity_world": "world"})
    with simulate(stage) as simulation:
        for length in (1.0, 2.0, 3.0):
            simulation.step()
            assert here.Get() == world.Get() == Gf.Vec3d(0, 0, -length)


# ---------------------------------------------------------------------------------------------------------- other prims' names
MOVE = "from pxr import Gf\n\ndef move(position: Gf.Vec3d):\n    position = position + Gf.Vec3d(1.0, 0.0, 0.0)\n    return position\n"


def _hero(stage: Usd.Stage) -> None:
    group = UsdGeom.Xform.Define(stage, "/World/Group")
    group.AddTranslateOp().Set((10.0, 0.0, 0.0))
    group.AddRotateZOp(UsdGeom.XformOp.PrecisionDouble).Set(90.0)
    hero = UsdGeom.Xform.Define(stage, "/World/Group/Hero")
    hero.AddRotateXYZOp(UsdGeom.XformOp.PrecisionDouble).Set((0.0, 0.0, 90.0))
    hero.AddTranslateOp().Set((2.0, 0.0, 0.0))
    hero.AddScaleOp().Set((1.0, 2.0, 3.0))


@pytest.mark.parametrize(
    ("name", "expected"),
    [("position", (0.0, 2.0, 0.0)), ("scale", (1.0, 2.0, 3.0)), ("world_position", (8.0, 0.0, 0.0))],
)
def test_another_prims_transform_is_read_by_the_names_of_ones_own(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate, engine: BehaviourEngine, name: str, expected: tuple[float, float, float]
) -> None:
    _hero(stage)
    (seen,) = _seen(stage, "/World/A", "seen")
    bind_source(stage, "/World/A", FOLLOW, inputs={"target": f"/World/Group/Hero.{name}"}, engine=engine)
    assert check(stage, engine) == ()
    with simulate(stage) as simulation:
        simulation.step()
        assert np.abs(np.array(seen.Get()) - expected).max() < 1e-14


@pytest.mark.parametrize("name", ["orientation", "world_orientation", "parent_to_world", "world_transform", "transform"])
def test_orientations_and_matrices_of_another_prim(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate, name: str) -> None:
    _hero(stage)
    hero = UsdGeom.Xformable(stage.GetPrimAtPath("/World/Group/Hero"))
    prim = stage.DefinePrim("/World/A")
    turn = "orientation" in name
    seen = prim.CreateAttribute("seen", Sdf.ValueTypeNames.Quatd if turn else Sdf.ValueTypeNames.Matrix4d)
    annotation = "Gf.Quatd" if turn else "Gf.Matrix4d"
    product = "target * Gf.Quatd(1.0, 0.0, 0.0, 0.0)" if turn else "target * Gf.Matrix4d(1.0)"
    text = f"from pxr import Gf\n\ndef follow(target: {annotation}):\n    seen = {product}\n    return seen\n"
    bind_source(stage, "/World/A", text, inputs={"target": f"../Group/Hero.{name}"})
    local, world = hero.GetLocalTransformation(), hero.ComputeLocalToWorldTransform(Usd.TimeCode(1))
    wanted = {
        "orientation": local.RemoveScaleShear(),
        "world_orientation": world.RemoveScaleShear(),
        "parent_to_world": hero.ComputeParentToWorldTransform(Usd.TimeCode(1)),
        "world_transform": world,
        "transform": local,
    }[name]
    with simulate(stage) as simulation:
        simulation.step()
        found = Gf.Matrix4d().SetRotate(seen.Get()) if turn else seen.Get()
        rows = 3 if turn else 4
        assert np.abs(np.array(found)[:rows, :3] - np.array(wanted)[:rows, :3]).max() < 1e-14


def test_what_is_read_of_the_world_runs_after_whoever_moves_an_ancestor(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate
) -> None:
    _hero(stage)
    (seen,) = _seen(stage, "/World/A", "seen")
    bind_source(stage, "/World/A", FOLLOW, inputs={"target": "/World/Group/Hero.world_position"})
    bind_source(stage, "/World/Group", MOVE)
    with simulate(stage) as simulation:
        simulation.step()
        assert seen.Get() == _world(stage.GetPrimAtPath("/World/Group/Hero"))
        assert np.abs(np.array(seen.Get()) - (9.0, 0.0, 0.0)).max() < 1e-14


def test_two_that_follow_one_anothers_world_are_a_cycle_unless_one_is_previous(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate, engine: BehaviourEngine
) -> None:
    for name in "AB":
        UsdGeom.Xform.Define(stage, f"/World/{name}").AddTranslateOp().Set((0.0, 0.0, 0.0))
    text = "from pxr import Gf\n\ndef chase(target: Gf.Vec3d):\n    position = target + Gf.Vec3d(1.0, 0.0, 0.0)\n    return position\n"
    bind_source(stage, "/World/A", text, inputs={"target": "/World/B.world_position"})
    with pytest.raises(StageError, match="cycle"):
        bind_source(stage, "/World/B", text, inputs={"target": "/World/A.world_position"}, engine=engine)
    bind_source(stage, "/World/B", text, inputs={"target": "/World/A.world_position"}, previous=["target"], engine=engine)
    with simulate(stage) as simulation:
        simulation.run(2)
        # A frame: B takes A of the frame before, then A takes this frame's B.
        assert _world(stage.GetPrimAtPath("/World/B")) == Gf.Vec3d(3, 0, 0) and _world(stage.GetPrimAtPath("/World/A")) == Gf.Vec3d(4, 0, 0)


def test_a_crowds_elements_all_see_another_prim(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    _hero(stage)
    points = UsdGeom.Points.Define(stage, "/World/Cloud")
    points.CreatePointsAttr([(0.0, 0.0, 0.0)] * 3)
    text = "from pxr import Gf\n\ndef follow(point: Gf.Vec3f, a: Gf.Vec3d, b: Gf.Vec3d):\n    point = Gf.Vec3f(a + b)\n    return point\n"
    bind_source(stage, "/World/Cloud", text, inputs={"a": "/World/Group/Hero.position", "b": "/World/Group/Hero.world_position"})
    with simulate(stage) as simulation:
        simulation.step()
        assert np.abs(np.array(points.GetPointsAttr().Get()) - (8.0, 2.0, 0.0)).max() < 1e-6


def test_nothing_is_written_to_a_world_transform(stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine) -> None:
    UsdGeom.Xform.Define(stage, "/World/A").AddTranslateOp()
    text = "from pxr import Gf\n\ndef go(frame: int):\n    return Gf.Vec3d(0.0)\n"
    with pytest.raises(StageError, match="composed of several prims"):
        bind_source(stage, "/World/A", text, outputs={"result": "world_position"}, engine=engine)


@pytest.mark.parametrize("publish", ["all", "needed"])
def test_columns_and_the_stage_say_the_same_of_stacks(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate, publish: str) -> None:
    """Hero turns through its stack, below a group that moves; others read its parts, its ops and its place in the world."""
    _hero(stage)
    seen, raw, far = _seen(stage, "/World/A", "seen", "raw", "far")
    hero = UsdGeom.Xformable(stage.GetPrimAtPath("/World/Group/Hero"))
    turn = "from pxr import Gf\n\ndef turn(orientation: Gf.Quatd):\n    orientation = orientation * Gf.Quatd(0.8, 0.0, 0.0, 0.6)\n"
    bind_source(stage, "/World/Group/Hero", turn + "    return orientation\n")
    bind_source(stage, "/World/Group", MOVE)
    text = "from pxr import Gf\n\ndef look(a: Gf.Vec3d, b: Gf.Vec3d, c: Gf.Vec3d):\n"
    text += "    seen = a * 1.0\n    raw = b * 1.0\n    far = c * 1.0\n    return seen, raw, far\n"
    name = "/World/Group/Hero"
    inputs = {"a": f"{name}.position", "b": f"{name}.xformOp:rotateXYZ", "c": f"{name}.world_position"}
    bind_source(stage, "/World/A", text, inputs=inputs)
    with simulate(stage) as simulation:
        simulation.run(3)
        wanted = hero.GetLocalTransformation(), hero.GetOrderedXformOps()[0].Get(), _world(hero.GetPrim())
        live = seen.Get(), raw.Get(), far.Get()
    assert np.abs(np.array(live[0]) - np.array(wanted[0].ExtractTranslation())).max() < 1e-14
    assert live[1:] == wanted[1:] and live[1][2] != 90.0
    last = Last()
    with simulate(stage, publish=publish, sinks=[last]) as simulation:
        simulation.run(3)
    assert [tuple(last.rows[f"/World/A.{name}"]) for name in ("seen", "raw", "far")] == [tuple(value) for value in live]
