"""Odd time lines and units are refused by name, and a bake is what its frames computed: nothing else runs into it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pxr import Gf, Sdf, Usd, UsdGeom

from portalis.translator.stage.bake.baker import Baker
from portalis.translator.stage.files import own_frames
from portalis.translator.stage.layers import overlay
from portalis.translator.stage.plan.check import check
from portalis.translator.stage.plan.executor import BehaviourEngine
from portalis.translator.stage.plan.settings import MAX_STEPS_PER_FRAME
from portalis.translator.stage.problems import StageError
from tests.stage.conftest import MOVE, BindSource, Simulate

Field = tuple[str, dict[str, float | str]]
ODD: list[Field] = [
    (name, {name: value})
    for name in ("metersPerUnit", "timeCodesPerSecond", "framesPerSecond")
    for value in (0.0, -24.0, float("inf"), float("nan"))
]
ODD += [
    ("startTimeCode", {"startTimeCode": 5.0, "endTimeCode": 2.0}),
    ("endTimeCode", {"startTimeCode": 5.0, "endTimeCode": float("nan")}),
    ("endTimeCode", {"startTimeCode": 5.0, "endTimeCode": float("inf")}),
    ("upAxis", {"upAxis": "X"}),
    ("upAxis", {"upAxis": "z"}),
]


@pytest.mark.parametrize(("named", "fields"), ODD, ids=str)
def test_odd_metadata_of_the_root_is_refused_by_name(
    named: str, fields: dict[str, float | str], stage: Usd.Stage, engine: BehaviourEngine, bind_source: BindSource, simulate: Simulate
) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", MOVE)
    assert not check(stage, engine)
    if named == "framesPerSecond":
        stage.GetRootLayer().ClearTimeCodesPerSecond()
    for name, value in fields.items():
        stage.GetRootLayer().pseudoRoot.SetInfo(name, value)
    problems = check(stage, engine)
    assert [problem.code for problem in problems] == ["PS140"] and named in problems[0].message
    for refused in (lambda: simulate(stage, strict=False).start(), lambda: own_frames(stage)):
        with pytest.raises(StageError, match=named):
            refused()


@pytest.mark.parametrize("step", [1e-9, -1.0, float("inf"), float("nan")])
def test_a_fixed_step_that_would_never_end_a_frame_is_refused(
    step: float, stage: Usd.Stage, engine: BehaviourEngine, bind_source: BindSource, simulate: Simulate
) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", MOVE)
    prim = stage.GetPrimAtPath("/World")
    prim.ApplyAPI("PortalisSceneAPI")
    attribute = prim.GetAttribute("portalis:scene:fixedStep")
    attribute.Set(1.0 / 24.0 / (MAX_STEPS_PER_FRAME - 1))
    assert not check(stage, engine)
    # Fewer frames a second are longer frames.
    with pytest.raises(StageError, match="steps a frame"):
        simulate(stage, fps=12.0, strict=False).start()
    attribute.Set(step)
    problems = check(stage, engine)
    assert [(problem.code, problem.path) for problem in problems] == [("PS140", "/World")] and "fixedStep" in problems[0].message
    with pytest.raises(StageError, match="fixedStep"):
        simulate(stage, strict=False).start()


@pytest.mark.parametrize(("start", "end", "frames"), [(0.5, 2.25, 2), (1.0, 3.0, 3), (0.0, 0.0, 1), (0.0, 2.9999999999, 4)])
def test_no_frame_lies_past_the_end_of_the_range(start: float, end: float, frames: int, stage: Usd.Stage) -> None:
    stage.SetStartTimeCode(start)
    stage.SetEndTimeCode(end)
    assert own_frames(stage) == frames


def _bake(simulate: Simulate, stage: Usd.Stage, path: Path, frames: int) -> Usd.Stage:
    baker = Baker(overlay(stage, path))
    with simulate(stage, sinks=[baker]) as simulation:
        simulation.run(frames)
    baker.finish(24.0)
    return Usd.Stage.Open(str(path))


@pytest.fixture
def saved(stage: Usd.Stage, tmp_path: Path) -> Usd.Stage:
    """A stage in a file."""
    stage.GetRootLayer().Export(str(tmp_path / "scene.usda"))
    return Usd.Stage.Open(str(tmp_path / "scene.usda"))


def test_what_is_written_at_the_end_is_no_frame(saved: Usd.Stage, bind_source: BindSource, simulate: Simulate, tmp_path: Path) -> None:
    text = """\
class Counter:
    value: float = 100.0

    def on_update(self):
        self.value = self.value + 1.0

    def on_stop(self):
        self.value = -7.0
"""
    prim = UsdGeom.Xform.Define(saved, "/World/A").GetPrim()
    prim.CreateAttribute("value", Sdf.ValueTypeNames.Double).Set(100.0)
    bind_source(saved, "/World/A", text, outputs={"value": "value"})
    saved.Save()
    played = _bake(simulate, saved, tmp_path / "out.usda", 4)
    baked = played.GetAttributeAtPath("/World/A.value")
    assert [baked.Get(code) for code in baked.GetTimeSamples()] == [101.0, 102.0, 103.0, 104.0]


@pytest.mark.parametrize("code", [1e308, -1e308, 9007199254740992.0, 1e15])
def test_a_range_where_frames_have_no_time_codes_of_their_own_is_refused(
    code: float, stage: Usd.Stage, engine: BehaviourEngine, bind_source: BindSource, simulate: Simulate
) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", MOVE)
    stage.SetStartTimeCode(min(code, 0.0))
    stage.SetEndTimeCode(max(code, 0.0))
    if abs(code) == 1e15:
        # There whole numbers are apart, and a thousandth is not.
        assert not check(stage, engine)
        with pytest.raises(StageError, match="time codes apart"):
            simulate(stage, fps=stage.GetTimeCodesPerSecond() * 1000.0, strict=False).start()
        return
    (problem,) = check(stage, engine)
    assert problem.code == "PS140" and "time codes apart" in problem.message
    with pytest.raises(StageError, match="time codes apart"):
        own_frames(stage)


def test_a_range_of_no_number_of_frames_is_refused(stage: Usd.Stage) -> None:
    stage.SetStartTimeCode(0.0)
    stage.SetEndTimeCode(1e9)
    stage.SetTimeCodesPerSecond(1e-300)
    with pytest.raises(StageError, match="no number of frames"):
        own_frames(stage, 24.0)


def test_a_crowd_that_empties_is_empty_in_the_bake(saved: Usd.Stage, bind_source: BindSource, simulate: Simulate, tmp_path: Path) -> None:
    dust = UsdGeom.PointInstancer.Define(saved, "/World/Dust")
    for code, count in ((1.0, 3), (3.0, 0), (4.0, 2)):
        dust.CreateProtoIndicesAttr().Set([0] * count, code)
        dust.CreatePositionsAttr().Set([Gf.Vec3f(float(index)) for index in range(count)], code)
    bind_source(saved, "/World/Dust", MOVE, inputs={"speed": "24.0"})
    saved.Save()
    played = _bake(simulate, saved, tmp_path / "out.usda", 4)
    baked = UsdGeom.PointInstancer(played.GetPrimAtPath("/World/Dust")).GetPositionsAttr()
    assert [len(baked.Get(code)) for code in (1.0, 2.0, 3.0, 4.0)] == [3, 3, 0, 2]


def test_points_that_empty_are_empty_in_the_bake(saved: Usd.Stage, bind_source: BindSource, simulate: Simulate, tmp_path: Path) -> None:
    """Their number is that of `points`, which has samples; where that array is written itself, its samples would be hidden."""
    dust = UsdGeom.Points.Define(saved, "/World/Dust")
    for code, count in ((1.0, 3), (3.0, 0), (4.0, 2)):
        dust.CreatePointsAttr().Set([Gf.Vec3f(float(index)) for index in range(count)], code)
        dust.CreateVelocitiesAttr().Set([Gf.Vec3f(0.0)] * count, code)
    faster = "from pxr import Gf\n\ndef faster(velocity: Gf.Vec3f, position: Gf.Vec3f):\n    return velocity + position + Gf.Vec3f(1.0)\n"
    bind_source(saved, "/World/Dust", faster, outputs={"result": "velocities"})
    saved.Save()
    played = _bake(simulate, saved, tmp_path / "out.usda", 4)
    baked = UsdGeom.Points(played.GetPrimAtPath("/World/Dust"))
    found = [[value[0] for value in baked.GetVelocitiesAttr().Get(code)] for code in (1.0, 2.0, 3.0, 4.0)]
    assert found == [[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [], [1.0, 2.0]]
    assert [len(baked.GetPointsAttr().Get(code)) for code in (1.0, 2.0, 3.0, 4.0)] == [3, 3, 0, 2]


def test_an_array_whose_own_samples_count_its_elements_is_not_written(
    saved: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine
) -> None:
    dust = UsdGeom.Points.Define(saved, "/World/Dust")
    for code, count in ((1.0, 3), (3.0, 0), (4.0, 2)):
        dust.CreatePointsAttr().Set([Gf.Vec3f(0.0)] * count, code)
    bind_source(saved, "/World/Dust", MOVE, inputs={"speed": "24.0"})
    assert ("PS124", "/World/Dust.points") in [(problem.code, problem.path) for problem in check(saved, engine)]


def test_nothing_runs_on_top_of_a_bake(saved: Usd.Stage, bind_source: BindSource, simulate: Simulate, tmp_path: Path) -> None:
    UsdGeom.Xform.Define(saved, "/World/A").AddTranslateOp().Set(Gf.Vec3d(0))
    bind_source(saved, "/World/A", MOVE, inputs={"speed": "24.0"})
    saved.Save()
    baked = _bake(simulate, saved, tmp_path / "out.usda", 3)
    assert baked.GetAttributeAtPath("/World/A.portalis:behavior:update:enabled").Get() is False
    assert saved.GetAttributeAtPath("/World/A.portalis:behavior:update:enabled").Get() is True
    with simulate(baked) as again:
        again.run(2)
        assert not again.report().behaviours
        assert baked.GetAttributeAtPath("/World/A.xformOp:translate").Get(3.0)[0] == 3.0
