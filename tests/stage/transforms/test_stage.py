"""Behaviours on prims with every kind of stack: read, written live and baked, held to what OpenUSD composes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pxr import Gf, Sdf, Usd, UsdGeom, Vt

from portalis.translator.stage.plan.check import check
from portalis.translator.stage.plan.executor import BehaviourEngine
from portalis.translator.stage.problems import StageError
from tests.stage.conftest import BindSource, Simulate, export

SEE = "from pxr import Gf\n\ndef see(position: Gf.Vec3d):\n    seen = position + Gf.Vec3d(0.0)\n    return seen\n"
STEP = "from pxr import Gf\n\ndef step(position: Gf.Vec3d):\n    position = position + Gf.Vec3d(1.0, 0.0, 0.0)\n    return position\n"
TURN = """\
from pxr import Gf

def turn(orientation: Gf.Quatd):
    orientation = orientation * Gf.Quatd(0.8, 0.6, 0.0, 0.0)
    return orientation
"""
GROW = "from pxr import Gf\n\ndef grow(scale: Gf.Vec3d):\n    scale = scale * 1.5\n    return scale\n"


def _vase(stage: Usd.Stage) -> UsdGeom.Xformable:
    prim = UsdGeom.Cube.Define(stage, "/World/Vase")
    prim.AddTransformOp().Set(Gf.Matrix4d(2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 5, 6, 7, 1))
    return prim


def _seen(stage: Usd.Stage, path: str) -> Usd.Attribute:
    return stage.GetPrimAtPath(path).CreateAttribute("seen", Sdf.ValueTypeNames.Double3)


def test_the_position_of_a_matrix_is_read_and_written_in_the_parents_units(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate
) -> None:
    prim = _vase(stage)
    seen = _seen(stage, "/World/Vase")
    bind_source(stage, "/World/Vase", SEE, outputs={"seen": "seen"})
    bind_source(stage, "/World/Vase", STEP)
    before = export(stage)
    with simulate(stage) as simulation:
        simulation.step()
        assert prim.GetLocalTransformation() == Gf.Matrix4d(2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 6, 6, 7, 1)
        assert seen.Get() == Gf.Vec3d(6, 6, 7)
    assert export(stage) == before and len(prim.GetOrderedXformOps()) == 1


def test_an_op_with_a_suffix_is_the_position(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    prim = UsdGeom.Xform.Define(stage, "/World/A")
    prim.AddTranslateOp(opSuffix="t").Set((1.0, 2.0, 3.0))
    bind_source(stage, "/World/A", STEP)
    with simulate(stage) as simulation:
        simulation.run(2)
        assert prim.GetLocalTransformation().ExtractTranslation() == Gf.Vec3d(3, 2, 3)


def test_the_orientation_of_euler_angles_is_read_and_written(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    prim = UsdGeom.Xform.Define(stage, "/World/A")
    prim.AddTranslateOp().Set((1.0, 2.0, 3.0))
    prim.AddRotateXYZOp(UsdGeom.XformOp.PrecisionDouble).Set((30.0, 90.0, -20.0))
    prim.AddScaleOp().Set((1.0, 2.0, 4.0))
    before = prim.GetLocalTransformation()
    order = prim.GetXformOpOrderAttr().Get()
    bind_source(stage, "/World/A", TURN)
    turned = Gf.Matrix4d().SetRotate(Gf.Quatd(0.8, 0.6, 0.0, 0.0))
    scale = Gf.Matrix4d().SetScale(Gf.Vec3d(1.0, 2.0, 4.0))
    with simulate(stage) as simulation:
        simulation.run(3)
        wanted = scale * turned * turned * turned * scale.GetInverse() * before
        assert np.abs(np.array(prim.GetLocalTransformation()) - np.array(wanted)).max() < 4e-12
        assert prim.GetXformOpOrderAttr().Get() == order and not simulation.faults()


def test_an_op_outside_the_order_is_never_switched_on(stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine) -> None:
    prim = UsdGeom.Xform.Define(stage, "/World/A")
    prim.GetPrim().CreateAttribute("xformOp:translate", Sdf.ValueTypeNames.Double3).Set((100.0, 0.0, 0.0))
    before = export(stage)
    with pytest.raises(StageError, match="authored outside xformOpOrder"):
        bind_source(stage, "/World/A", STEP, engine=engine)
    assert export(stage) == before
    # Reading what the prim's transform is needs no op.
    _seen(stage, "/World/A")
    bind_source(stage, "/World/A", SEE, outputs={"seen": "seen"})
    assert prim.GetLocalTransformation() == Gf.Matrix4d(1.0) and check(stage, engine) == ()


def test_a_scale_goes_inside_the_pivot(stage: Usd.Stage, bind_source: BindSource) -> None:
    prim = UsdGeom.Xform.Define(stage, "/World/A")
    prim.AddTranslateOp().Set((1.0, 2.0, 3.0))
    prim.AddTranslateOp(opSuffix="pivot").Set((5.0, 0.0, 0.0))
    prim.AddTranslateOp(opSuffix="pivot", isInverseOp=True)
    bind_source(stage, "/World/A", GROW)
    bind_source(stage, "/World/A", TURN)
    order = ["xformOp:translate", "xformOp:translate:pivot", "xformOp:orient", "xformOp:scale", "!invert!xformOp:translate:pivot"]
    assert list(prim.GetXformOpOrderAttr().Get()) == order


@pytest.mark.parametrize(
    ("matrix", "said"),
    [
        (Gf.Matrix4d(1, 0, 0, 0, 0.5, 1, 0, 0, 0, 0, 1, 0, 1, 2, 3, 1), "xformOp:transform: it has shear or a scale of zero"),
        (Gf.Matrix4d(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 2, 3, 1), "xformOp:transform: it has shear or a scale of zero"),
    ],
    ids=["shear", "zero scale"],
)
def test_shear_and_a_scale_of_zero_refuse_orientation_and_not_position(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate, engine: BehaviourEngine, matrix: Gf.Matrix4d, said: str
) -> None:
    prim = UsdGeom.Xform.Define(stage, "/World/A")
    prim.AddTransformOp().Set(matrix)
    for text in (TURN, GROW):
        with pytest.raises(StageError, match=said) as refused:
            bind_source(stage, "/World/A", text, engine=engine)
        assert {problem.code for problem in refused.value.problems} == {"PS125"}
    bind_source(stage, "/World/A", STEP, engine=engine)
    with simulate(stage) as simulation:
        simulation.step()
        moved = Gf.Matrix4d(matrix)
        moved[3, 0] += 1.0
        assert prim.GetLocalTransformation() == moved


def test_an_op_about_one_axis_refuses_an_orientation_and_is_named(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate, engine: BehaviourEngine
) -> None:
    prim = UsdGeom.Xform.Define(stage, "/World/A")
    prim.AddRotateXOp().Set(30.0)
    with pytest.raises(StageError, match="because of xformOp:rotateX: it turns about a single axis"):
        bind_source(stage, "/World/A", TURN, engine=engine)
    bind_source(stage, "/World/A", STEP, engine=engine)
    assert list(prim.GetXformOpOrderAttr().Get()) == ["xformOp:translate", "xformOp:rotateX"]


def test_a_matrix_that_is_animated_cannot_be_written_in_part(stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine) -> None:
    prim = UsdGeom.Xform.Define(stage, "/World/A")
    op = prim.AddTransformOp()
    for code in (1.0, 10.0):
        op.Set(Gf.Matrix4d().SetRotate(Gf.Rotation(Gf.Vec3d(0, 0, 1), code)), code)
    with pytest.raises(StageError, match="it is animated, and its orientation and scale would stand still"):
        bind_source(stage, "/World/A", STEP, engine=engine)


def test_an_animated_op_is_read_at_the_frames_time(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate, tmp_path: Path) -> None:
    prim = UsdGeom.Xform.Define(stage, "/World/A")
    rotate = prim.AddRotateZOp(UsdGeom.XformOp.PrecisionDouble)
    rotate.Set(0.0, 1.0)
    rotate.Set(90.0, 10.0)
    prim.AddTranslateOp().Set((2.0, 0.0, 0.0))
    seen = _seen(stage, "/World/A")
    bind_source(stage, "/World/A", SEE, outputs={"seen": "seen"})
    with simulate(stage) as simulation:
        for code in range(1, 5):
            simulation.step()
            assert (
                np.abs(np.array(seen.Get()) - np.array(prim.GetLocalTransformation(Usd.TimeCode(code)).ExtractTranslation())).max() < 1e-14
            )


@pytest.mark.parametrize("order", [["xformOp:nonsense"], [""], True], ids=["unknown op", "empty name", "no list"])
def test_an_order_that_openusd_does_not_compose_is_said_or_left_out(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate, engine: BehaviourEngine, order: list[str] | bool
) -> None:
    for path in ("/World/A", "/World/A/B"):
        UsdGeom.Xform.Define(stage, path)
    prim = stage.GetPrimAtPath("/World/A")
    prim.CreateAttribute("xformOp:nonsense", Sdf.ValueTypeNames.Double3).Set((1.0, 2.0, 3.0))
    spec = Sdf.AttributeSpec(
        stage.GetRootLayer().GetPrimAtPath("/World/A"),
        "xformOpOrder",
        Sdf.ValueTypeNames.Bool if isinstance(order, bool) else Sdf.ValueTypeNames.TokenArray,
    )
    spec.default = order if isinstance(order, bool) else Vt.TokenArray(order)
    fall = "from pxr import Gf\n\ndef fall(position: Gf.Vec3d, gravity: Gf.Vec3d):\n    return position + gravity\n"
    bind_source(stage, "/World/A/B", fall, outputs={"result": "position"}, engine=engine)
    if isinstance(order, list) and order[0]:
        with pytest.raises(StageError, match="OpenUSD composes no op of this name"):
            bind_source(stage, "/World/A", fall, outputs={"result": "position"}, engine=engine)


def test_an_op_of_text_is_refused(stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine) -> None:
    prim = UsdGeom.Xform.Define(stage, "/World/A").GetPrim()
    prim.CreateAttribute("xformOp:translate", Sdf.ValueTypeNames.StringArray).Set(["a", "b"])
    prim.CreateAttribute("xformOpOrder", Sdf.ValueTypeNames.TokenArray).Set(["xformOp:translate"])
    with pytest.raises(StageError, match="OpenUSD composes no op of this name"):
        bind_source(stage, "/World/A", STEP, engine=engine)


def test_beside_an_animated_op_a_behaviour_goes_on_from_what_it_left(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    prim = UsdGeom.Xform.Define(stage, "/World/A")
    prim.AddTranslateOp().Set((0.0, 1.0, 0.0))
    shaken = prim.AddTranslateOp(opSuffix="shake")
    for code in range(1, 5):
        shaken.Set((float(code**2), 0.0, 0.0), float(code))
    bind_source(
        stage,
        "/World/A",
        "from pxr import Gf\n\ndef rise(position: Gf.Vec3d):\n    return position + Gf.Vec3d(0.0, 2.0, 0.0)\n",
        outputs={"result": "position"},
    )
    with simulate(stage) as simulation:
        for code in range(1, 5):
            simulation.step()
            position = prim.GetLocalTransformation(Usd.TimeCode(code)).ExtractTranslation()
            assert tuple(position) == (code**2, 1.0 + 2.0 * code, 0.0)


def test_a_lane_whose_value_cannot_be_written_is_a_fault_of_that_lane(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate
) -> None:
    for name, size in (("A", 1.0), ("B", 0.0)):
        prim = UsdGeom.Xform.Define(stage, f"/World/{name}")
        prim.AddTransformOp().Set(Gf.Matrix4d(1.0))
        prim.GetPrim().CreateAttribute("size", Sdf.ValueTypeNames.Double).Set(size)
    text = "from pxr import Gf\n\ndef grow(size: float):\n    scale = Gf.Vec3d(size + 1.0, size, 1.0)\n    return scale\n"
    bind_source(stage, ["/World/A", "/World/B"], text, outputs={"scale": "scale"})
    with simulate(stage) as simulation:
        simulation.step()
        assert [fault.key.path for fault in simulation.faults()] == ["/World/B"]
        assert UsdGeom.Xformable(stage.GetPrimAtPath("/World/A")).GetLocalTransformation()[0, 0] == 2.0
        assert UsdGeom.Xformable(stage.GetPrimAtPath("/World/B")).GetLocalTransformation() == Gf.Matrix4d(1.0)


def test_an_op_that_moves_nothing_is_no_target(stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine) -> None:
    prims = [UsdGeom.Xform.Define(stage, f"/World/{name}") for name in "AB"]
    for prim in prims:
        prim.AddRotateZOp().Set(10.0)
    text = "def turn(rotateZ: float):\n    rotateZ = rotateZ + 1.0\n    return rotateZ\n"
    paths = ["/World/A", "/World/B"]
    bind_source(stage, paths, text, engine=engine)
    prims[1].GetXformOpOrderAttr().Set([])
    (problem,) = check(stage, engine)
    assert (problem.code, problem.path) == ("PS125", "/World/B.xformOp:rotateZ") and "moves nothing" in problem.message


def test_ops_in_another_order_are_followed_while_behaviours_run(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    prim = UsdGeom.Xform.Define(stage, "/World/A")
    prim.AddRotateZOp().Set(90.0)
    prim.AddTranslateOp().Set((2.0, 0.0, 0.0))
    seen = _seen(stage, "/World/A")
    bind_source(stage, "/World/A", SEE, outputs={"seen": "seen"})
    with simulate(stage) as simulation:
        simulation.step()
        assert np.abs(np.array(seen.Get()) - (0.0, 2.0, 0.0)).max() < 1e-12
        prim.GetXformOpOrderAttr().Set(["xformOp:translate", "xformOp:rotateZ"])
        simulation.step()
        assert seen.Get() == Gf.Vec3d(2.0, 0.0, 0.0)
        prim.GetPrim().GetAttribute("xformOp:translate").Set((3.0, 0.0, 0.0))
        simulation.step()
        assert seen.Get() == Gf.Vec3d(3.0, 0.0, 0.0)
