"""The host's inputs: units, gravity, seeds and frames of reference, on metre Z-up and on centimetre Y-up stages."""

from __future__ import annotations

from pathlib import Path

import pytest
from pxr import Gf, Sdf, Tf, Usd, UsdGeom, UsdPhysics

from portalis.translator.stage.columns.units import Gravity, meters_per_unit, stage_clock
from tests.stage.conftest import BindSource, Simulate


@pytest.mark.parametrize(("axis", "unit", "expected"), [("Z", 1.0, (0.0, 0.0, -9.81)), ("Y", 0.01, (0.0, -981.0, 0.0))])
def test_gravity_is_that_of_the_earth_in_stage_units(axis: str, unit: float, expected: tuple[float, float, float]) -> None:
    stage = Usd.Stage.CreateInMemory()
    UsdGeom.SetStageUpAxis(stage, axis)
    UsdGeom.SetStageMetersPerUnit(stage, unit)
    assert Gravity(stage).at(0.0) == pytest.approx(expected)
    scene = UsdPhysics.Scene.Define(stage, "/Scene")
    assert Gravity(stage).at(0.0) == pytest.approx(expected)
    scene.CreateGravityMagnitudeAttr(0.0)
    assert Gravity(stage).at(0.0) == (0.0, 0.0, 0.0)
    scene.CreateGravityMagnitudeAttr(5.0)
    scene.CreateGravityDirectionAttr(Gf.Vec3f(2.0, 0.0, 0.0))
    assert Gravity(stage).at(0.0) == (5.0, 0.0, 0.0)


def test_units_that_a_file_holds_as_a_float_are_read(tmp_path: Path) -> None:
    path = tmp_path / "old.usdc"
    layer = Sdf.Layer.CreateNew(str(path))
    layer.pseudoRoot.SetInfo("metersPerUnit", 0.5)
    layer.Save()
    # A value that a usdc file keeps in place: its bits, and 9 for a double or 8 for a float.
    double, single = b"\0\0\0\x3f\0\0\x09\x40", b"\0\0\0\x3f\0\0\x08\x40"
    assert path.read_bytes().count(double) == 1
    old = tmp_path / "patched.usdc"
    old.write_bytes(path.read_bytes().replace(double, single))
    stage = Usd.Stage.Open(str(old))
    with pytest.raises(Tf.ErrorException, match="float"):
        UsdGeom.GetStageMetersPerUnit(stage)
    assert meters_per_unit(stage) == 0.5 and Gravity(stage).at(0.0) == (0.0, -2.0 * 9.81, 0.0)


def test_the_clock_starts_at_the_authored_range_and_runs_at_the_stages_rate(stage: Usd.Stage) -> None:
    stage.SetTimeCodesPerSecond(30.0)
    stage.SetStartTimeCode(15.0)
    now = stage_clock(stage).at(3)
    assert (now.current_time, now.delta_time, now.time_code) == (0.5 + 3 / 30.0, 1 / 30.0, pytest.approx(18.0))
    assert stage_clock(stage, 60.0).at(2).time_code == pytest.approx(16.0)


def test_what_is_edited_of_units_gravity_and_seed_counts_from_the_next_frame(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate
) -> None:
    text = (
        "from pxr import Gf\n\ndef see(gravity: Gf.Vec3d, meters_per_unit: float, seed: int):\n"
        "    g = gravity\n    unit = meters_per_unit\n    number = seed\n    return g, unit, number\n"
    )
    prim = UsdGeom.Xform.Define(stage, "/World/A").GetPrim()
    for name, kind in (("g", Sdf.ValueTypeNames.Double3), ("unit", Sdf.ValueTypeNames.Double), ("number", Sdf.ValueTypeNames.Int64)):
        prim.CreateAttribute(name, kind)
    world = stage.GetPrimAtPath("/World")
    world.AddAppliedSchema("PortalisSceneAPI")
    bind_source(stage, "/World/A", text)

    def scene() -> None:
        UsdPhysics.Scene.Define(stage, "/World/Physics").CreateGravityMagnitudeAttr(5.0)

    def reseed() -> None:
        world.CreateAttribute("portalis:scene:seed", Sdf.ValueTypeNames.Int64, False).Set(7)

    edits = (
        (lambda: None, (0.0, 0.0, -9.81), 1.0, 0),
        (lambda: UsdGeom.SetStageMetersPerUnit(stage, 0.01), (0.0, 0.0, -981.0), 0.01, 0),
        (lambda: UsdGeom.SetStageUpAxis(stage, "Y"), (0.0, -981.0, 0.0), 0.01, 0),
        (scene, (0.0, -5.0, 0.0), 0.01, 0),
        (lambda: UsdGeom.SetStageMetersPerUnit(stage, 0.0), (0.0, -5.0, 0.0), 0.01, 0),
        (lambda: UsdGeom.SetStageMetersPerUnit(stage, 0.5), (0.0, -5.0, 0.0), 0.5, 0),
        (reseed, (0.0, -5.0, 0.0), 0.5, 7),
        (lambda: stage.RemovePrim("/World/Physics"), (0.0, -9.81 / 0.5, 0.0), 0.5, 7),
    )
    with simulate(stage, strict=False) as simulation:
        for edit, gravity, unit, seed in edits:
            edit()
            simulation.step()
            assert prim.GetAttribute("g").Get() == pytest.approx(gravity)
            assert (prim.GetAttribute("unit").Get(), prim.GetAttribute("number").Get()) == (unit, seed)


def test_another_fixed_step_goes_on_from_the_time_that_was_reached(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    world = stage.GetPrimAtPath("/World")
    world.AddAppliedSchema("PortalisSceneAPI")
    fixed = world.CreateAttribute("portalis:scene:fixedStep", Sdf.ValueTypeNames.Double, False)
    steps, time = (world.CreateAttribute(name, Sdf.ValueTypeNames.Double) for name in ("steps", "time"))
    steps.Set(0.0)
    text = "def count(steps: float, current_time: float):\n    steps = steps + 1.0\n    time = current_time\n    return steps, time\n"
    bind_source(stage, "/World", text)
    found = []
    with simulate(stage, fps=24.0) as simulation:
        for length in (0.0, 0.0, 1 / 48, 1 / 48, 1 / 240, 0.0):
            fixed.Set(length)
            now = simulation.step()
            found.append((steps.Get(), time.Get() - now.current_time))
    assert [count for count, _ in found] == [1.0, 2.0, 4.0, 6.0, 16.0, 17.0]
    assert [late for _, late in found] == pytest.approx([0.0] * 6)


def test_a_time_code_is_the_same_on_a_stage_whose_rate_is_edited(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    cue = stage.GetPrimAtPath("/World").CreateAttribute("cue", Sdf.ValueTypeNames.TimeCode)
    cue.Set(Sdf.TimeCode(3.0))
    bind_source(stage, "/World", "def wait(cue: float):\n    cue = cue + 1.0\n    return cue\n")
    with simulate(stage) as simulation:
        for expected in (4.0, 5.0, 6.0):
            simulation.step()
            assert cue.Get() == expected
            stage.SetTimeCodesPerSecond(48.0)


def test_host_values_reach_the_behaviour(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    text = """\
from pxr import Gf

def update(g: Gf.Vec3d, unit: float, number: int, place: int, gravity: Gf.Vec3d, meters_per_unit: float, seed: int, index: int):
    g = gravity
    unit = meters_per_unit
    number = seed
    place = index
    return g, unit, number, place
"""
    UsdGeom.SetStageMetersPerUnit(stage, 0.01)
    settings = stage.DefinePrim("/World/Settings")
    settings.ApplyAPI("PortalisSceneAPI")
    settings.GetAttribute("portalis:scene:seed").Set(42)
    paths = ["/World/A", "/World/B"]
    for path in paths:
        prim = stage.DefinePrim(path)
        for name, type_name in (("g", "double3"), ("unit", "double"), ("number", "int64"), ("place", "int")):
            attribute = prim.CreateAttribute(name, Sdf.ValueTypeNames.Find(type_name))
            attribute.Set(attribute.GetTypeName().defaultValue)
    bind_source(stage, paths, text)
    with simulate(stage) as simulation:
        simulation.step()
        values = [[stage.GetPrimAtPath(path).GetAttribute(name).Get() for name in ("g", "unit", "number", "place")] for path in paths]
    assert values == [[Gf.Vec3d(0, 0, -981), 0.01, 42, 0], [Gf.Vec3d(0, 0, -981), 0.01, 42, 1]]


def test_parent_to_world_follows_a_parent_that_another_behaviour_moves_this_frame(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate
) -> None:
    move = "from pxr import Gf\n\ndef update(position: Gf.Vec3d):\n    position = position + Gf.Vec3d(1.0, 0.0, 0.0)\n    return position\n"
    look = """\
from pxr import Gf

def update(seen: Gf.Vec3d, parent_to_world: Gf.Matrix4d):
    seen = Gf.Vec3d(parent_to_world[3][0], parent_to_world[3][1], parent_to_world[3][2])
    return seen
"""
    UsdGeom.Xform.Define(stage, "/World/Parent")
    child = UsdGeom.Xform.Define(stage, "/World/Parent/Child").GetPrim()
    child.CreateAttribute("seen", Sdf.ValueTypeNames.Double3).Set((0, 0, 0))
    bind_source(stage, "/World/Parent/Child", look, instance_name="look")
    bind_source(stage, "/World/Parent", move, instance_name="move")
    with simulate(stage) as simulation:
        simulation.step()
        assert child.GetAttribute("seen").Get() == Gf.Vec3d(1, 0, 0)


def test_parent_to_world_is_the_identity_where_a_prim_resets_the_stack(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate
) -> None:
    UsdGeom.Xform.Define(stage, "/World/Parent").AddTranslateOp().Set((100.0, 0.0, 0.0))
    ball = UsdGeom.Sphere.Define(stage, "/World/Parent/Ball")
    ball.AddTranslateOp().Set((1.0, 0.0, 0.0))
    ball.SetResetXformStack(True)
    seen = ball.GetPrim().CreateAttribute("seen", Sdf.ValueTypeNames.Double3)
    text = "from pxr import Gf\n\ndef update(position: Gf.Vec3d, parent_to_world: Gf.Matrix4d):\n"
    text += "    seen = parent_to_world.Transform(position)\n    return seen\n"
    bind_source(stage, "/World/Parent/Ball", text)
    with simulate(stage) as simulation:
        simulation.step()
        assert seen.Get() == Gf.Vec3d(1.0, 0.0, 0.0)


WORLD = """\
from pxr import Gf

def world(parent_to_world: Gf.Matrix4d):
    seen = parent_to_world.Transform(Gf.Vec3d(0.0, 0.0, 0.0))
    return seen
"""


@pytest.mark.parametrize("text", [WORLD, WORLD.replace("parent_to_world: Gf.Matrix4d", "parent_to_world: Gf.Matrix4d, gravity: Gf.Vec3d")])
def test_a_space_with_an_op_that_is_none_is_an_input_without_a_value(
    text: str, stage: Usd.Stage, bind_source: BindSource, simulate: Simulate
) -> None:
    for name in ("Odd", "Fine"):
        parent = UsdGeom.Xform.Define(stage, f"/World/{name}")
        parent.AddTranslateOp().Set(Gf.Vec3d(1.0, 2.0, 3.0))
        child = UsdGeom.Xform.Define(stage, f"/World/{name}/A").GetPrim()
        child.CreateAttribute("seen", Sdf.ValueTypeNames.Double3).Set(Gf.Vec3d(9.0))
        bind_source(stage, f"/World/{name}/A", text, outputs={"seen": "seen"})
    odd = stage.GetPrimAtPath("/World/Odd")
    odd.CreateAttribute("xformOp:nonsense", Sdf.ValueTypeNames.Double3).Set(Gf.Vec3d(4.0))
    UsdGeom.Xformable(odd).GetXformOpOrderAttr().Set(["xformOp:translate", "xformOp:nonsense"])
    with simulate(stage, strict=False) as simulation:
        simulation.run(2)
        assert [error.prim for error in simulation.report().first_errors] == ["/World/Odd/A"]
        assert stage.GetAttributeAtPath("/World/Odd/A.seen").Get() == Gf.Vec3d(9.0)
        assert stage.GetAttributeAtPath("/World/Fine/A.seen").Get() == Gf.Vec3d(1.0, 2.0, 3.0)
