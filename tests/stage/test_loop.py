"""The frame loop: time, state, feedback, faults, and that Stop restores the stage."""

from __future__ import annotations

import gc
from pathlib import Path

import numpy as np
import pytest
from pxr import Gf, Sdf, Usd, UsdGeom, Vt

from portalis.translator.bridge import Budget
from portalis.translator.stage.author.trust import Approvals, TrustPolicy
from portalis.translator.stage.plan.check import check
from portalis.translator.stage.plan.executor import BehaviourEngine, Limits
from portalis.translator.stage.problems import StageError
from portalis.translator.stage.run.engine import TranslatorEngine, lowered_budget
from portalis.translator.stage.run.loop import Simulation
from tests.stage.conftest import MOVE, BindSource, Simulate, export, new_stage


def _ball(stage: Usd.Stage, path: str = "/World/Ball", at: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Usd.Attribute:
    ball = UsdGeom.Sphere.Define(stage, path)
    operation = ball.AddTranslateOp()
    operation.Set(Gf.Vec3d(*at))
    return operation.GetAttr()


def test_a_function_moves_a_prim_and_sees_its_own_result_in_the_next_frame(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate
) -> None:
    position = _ball(stage, at=(1.0, 2.0, 3.0))
    bind_source(stage, "/World/Ball", MOVE)
    with simulate(stage, fps=4.0) as simulation:
        seen = []
        for _ in range(3):
            simulation.step()
            seen.append(tuple(position.Get()))
    assert seen == [(1.5, 2.0, 3.0), (2.0, 2.0, 3.0), (2.5, 2.0, 3.0)]


def test_stop_restores_every_layer_bit_for_bit(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    _ball(stage)
    bind_source(stage, "/World/Ball", MOVE)
    before = export(stage)
    with simulate(stage) as simulation:
        simulation.run(3)
        assert export(stage) != before
    assert export(stage) == before


def test_frames_never_touch_a_layer_that_a_user_saves(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    _ball(stage)
    bind_source(stage, "/World/Ball", MOVE)
    root = stage.GetRootLayer().ExportToString()
    with simulate(stage) as simulation:
        simulation.run(2)
        assert stage.GetRootLayer().ExportToString() == root
        assert not stage.GetSessionLayer().rootPrims


def test_the_stage_is_restored_even_when_a_frame_raises(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    class Broken:
        def at(self, _: float) -> None:
            pass

        def column(self, *_: object) -> None:
            raise OSError("disk full")

        def array(self, *_: object) -> None:
            raise OSError("disk full")

    _ball(stage)
    bind_source(stage, "/World/Ball", MOVE)
    before = export(stage)
    with pytest.raises(OSError, match="disk full"), simulate(stage, sinks=[Broken()]) as simulation:
        simulation.step()
    assert export(stage) == before
    bind_source(stage, "/World/Ball", CLASS, instance_name="update")
    before = export(stage)
    with pytest.raises(OSError, match="disk full"):
        simulate(stage, sinks=[Broken()]).start()
    assert export(stage) == before


def test_frame_k_has_the_time_of_the_authored_start_plus_k_frames(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    source = """\
def update(t: float, step: float, k: int, current_time: float, delta_time: float, frame: int):
    t = current_time
    step = delta_time
    k = frame
    return t, step, k
"""
    prim = stage.DefinePrim("/World/Clock")
    for name, type_name in (("t", "double"), ("step", "double"), ("k", "int64")):
        prim.CreateAttribute(name, Sdf.ValueTypeNames.Find(type_name)).Set(0)
    bind_source(stage, "/World/Clock", source)
    with simulate(stage, fps=12.0) as simulation:
        times = []
        for _ in range(2):
            code = simulation.step().time_code
            times.append((prim.GetAttribute("t").Get(), prim.GetAttribute("step").Get(), prim.GetAttribute("k").Get(), code))
    start = 1.0 / 24.0
    assert times == [(start, 1 / 12, 0, 1.0), (start + 1 / 12, 1 / 12, 1, 3.0)]


def test_a_time_sampled_input_is_read_at_every_frame(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    source = "def update(height: float, doubled: float):\n    doubled = height * 2.0\n    return doubled\n"
    prim = stage.DefinePrim("/World/P")
    height = prim.CreateAttribute("height", Sdf.ValueTypeNames.Double)
    for code in range(1, 5):
        height.Set(code * 10.0, code)
    doubled = prim.CreateAttribute("doubled", Sdf.ValueTypeNames.Float)
    doubled.Set(0.0)
    bind_source(stage, "/World/P", source)
    with simulate(stage) as simulation:
        seen = []
        for _ in range(3):
            simulation.step()
            seen.append(doubled.Get())
    assert seen == [20.0, 40.0, 60.0]


def test_a_function_sees_its_result_as_the_attribute_rounds_it(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    source = "def update(x: float):\n    x = x + 0.1\n    return x\n"
    prim = stage.DefinePrim("/World/P")
    attribute = prim.CreateAttribute("x", Sdf.ValueTypeNames.Float)
    attribute.Set(0.0)
    bind_source(stage, "/World/P", source)
    with simulate(stage) as simulation:
        simulation.run(50)
        rounded, exact = np.float32(0.0), 0.0
        for _ in range(50):
            rounded, exact = np.float32(float(rounded) + 0.1), exact + 0.1
        assert attribute.Get() == rounded != np.float32(exact)


CLASS = """\
from pxr import Gf

class Bouncer:
    height: float = 4.0
    speed: float = 0.0
    position: Gf.Vec3d = Gf.Vec3d(0.0, 0.0, 0.0)
    events: int = 0

    def on_init(self):
        self.events = 1

    def on_play(self):
        self.events = self.events * 10 + 2
        self.position = Gf.Vec3d(0.0, 0.0, self.height)

    def on_update(self, delta_time: float):
        self.events = self.events * 10 + 3
        self.speed = self.speed - delta_time
        self.position = self.position + Gf.Vec3d(0.0, 0.0, self.speed)

    def on_stop(self):
        self.events = 0
"""


def test_a_class_keeps_its_fields_and_runs_its_entries_in_order(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    position = _ball(stage)
    events = stage.GetPrimAtPath("/World/Ball").CreateAttribute("seen", Sdf.ValueTypeNames.Int64)
    bind_source(stage, "/World/Ball", CLASS, inputs={"height": "8.0"}, outputs={"events": "seen"})
    with simulate(stage, fps=1.0) as simulation:
        assert (tuple(position.Get()), events.Get()) == ((0.0, 0.0, 8.0), 12)
        simulation.run(2)
        assert (tuple(position.Get()), events.Get()) == ((0.0, 0.0, 5.0), 1233)


def test_a_result_that_only_the_binding_keeps_starts_from_the_literal(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate
) -> None:
    source = """\
from pxr import Gf

def update(position: Gf.Vec3d, velocity: Gf.Vec3d):
    position = position + velocity
    velocity = velocity * 0.5
    return position, velocity
"""
    position = _ball(stage)
    bind_source(stage, "/World/Ball", source, inputs={"velocity": "(4.0, 0.0, 0.0)"})
    with simulate(stage) as simulation:
        simulation.run(3)
        assert tuple(position.Get()) == (7.0, 0.0, 0.0)


FAILING = """\
def update(number: float, result: float):
    result = 1.0 / number
    return result
"""


def test_a_failing_lane_is_named_and_the_others_run_on(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    paths = [f"/World/P{index}" for index in range(5)]
    for index, path in enumerate(paths):
        prim = stage.DefinePrim(path)
        prim.CreateAttribute("number", Sdf.ValueTypeNames.Double).Set(float(index - 3))
        prim.CreateAttribute("result", Sdf.ValueTypeNames.Double).Set(-1.0)
    bind_source(stage, paths, FAILING)
    with simulate(stage) as simulation:
        simulation.run(2)
        results = [stage.GetAttributeAtPath(f"{path}.result").Get() for path in paths]
        report = simulation.report()
    assert results == [-1 / 3, -0.5, -1.0, -1.0, 1.0]
    error = report.first_errors[0]
    assert (error.behaviour, error.prim, error.error, error.line, error.frame) == ("update", "/World/P3", "ZeroDivisionError", 2, 0)
    assert [(b.name, b.prims, b.errors, b.status) for b in report.behaviours] == [("update", 5, 1, "degraded")]


def test_a_lane_is_retried_where_the_policy_says_so(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    prim = stage.DefinePrim("/World/P")
    number = prim.CreateAttribute("number", Sdf.ValueTypeNames.Double)
    number.Set(0.0)
    prim.CreateAttribute("result", Sdf.ValueTypeNames.Double).Set(-1.0)
    bind_source(stage, "/World/P", FAILING)
    with simulate(stage, on_error="retry") as simulation:
        simulation.step()
        number.Set(2.0)
        simulation.step()
        assert prim.GetAttribute("result").Get() == 0.5
        assert simulation.report().behaviours[0].errors == 1


def test_a_transform_is_never_given_an_infinity(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    source = """\
from pxr import Gf

def update(position: Gf.Vec3d):
    position = position * 1e300
    return position
"""
    position = _ball(stage, at=(1.0, 0.0, 0.0))
    bind_source(stage, "/World/Ball", source)
    with simulate(stage) as simulation:
        simulation.run(3)
        assert tuple(position.Get()) == (1e300, 0.0, 0.0)
        fault = simulation.report().first_errors[0]
        assert fault.error == "a result does not fit its attribute"
        assert fault.message.startswith("position is Gf.Vec3d(") and fault.message.endswith("which is not finite")


def test_an_int_beyond_the_attribute_is_refused_for_its_lane(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    prim = stage.DefinePrim("/World/P")
    attribute = prim.CreateAttribute("count", Sdf.ValueTypeNames.Int)
    attribute.Set(2**30)
    bind_source(stage, "/World/P", "def update(count: int):\n    count = count * 2\n    return count\n")
    with simulate(stage) as simulation:
        simulation.run(2)
        assert attribute.Get() == 2**30
        fault = simulation.report().first_errors[0]
        assert fault.kind == "value" and fault.message == f"count is {2**31}, which is out of its attribute's range"


def test_tokens_cross_and_only_allowed_ones_are_written(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    source = """\
def update(visibility: str, frame: int):
    visibility = "invisible" if visibility == "inherited" else "bogus"
    return visibility
"""
    _ball(stage)
    visibility = UsdGeom.Imageable(stage.GetPrimAtPath("/World/Ball")).CreateVisibilityAttr("inherited")
    bind_source(stage, "/World/Ball", source)
    with simulate(stage) as simulation:
        simulation.step()
        assert visibility.Get() == "invisible"
        simulation.step()
        assert visibility.Get() == "invisible"
        assert simulation.report().behaviours[0].status == "stopped"
        assert simulation.report().first_errors[0].message == "visibility is 'bogus', which its attribute does not allow"


KEEP_MODE = """\
def update(mode: str, frame: int):
    mode = "fast" if mode == "slow" else "slow"
    return mode
"""


def test_a_binding_keeps_only_tokens_that_its_source_names(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine, simulate: Simulate
) -> None:
    _ball(stage)
    (key,) = bind_source(stage, "/World/Ball", KEEP_MODE, inputs={"mode": "'slow'"})
    own = stage.GetAttributeAtPath(f"/World/Ball.{key.prefix}outputs:mode")
    assert sorted(own.GetMetadata("allowedTokens")) == ["fast", "slow"]
    with simulate(stage) as simulation:
        simulation.step()
        assert own.Get() == "fast"
    own.SetMetadata("allowedTokens", Vt.TokenArray(["slow"]))
    with simulate(stage) as simulation:
        simulation.step()
        assert own.Get() == "slow" and simulation.report().behaviours[0].status == "stopped"
    own.ClearMetadata("allowedTokens")
    (problem,) = [problem for problem in check(stage, engine) if problem.severity == "error"]
    assert problem.code == "PS130" and "allowedTokens" in problem.message


def test_only_rows_that_changed_are_written(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    source = "def update(x: float, frame: int, moves_from: int):\n    x = x if frame < moves_from else x + 1.0\n    return x\n"
    for index in range(3):
        prim = stage.DefinePrim(f"/World/P{index}")
        prim.CreateAttribute("x", Sdf.ValueTypeNames.Double).Set(0.0)
        prim.CreateAttribute("moves_from", Sdf.ValueTypeNames.Int).Set(index + 1)
    bind_source(stage, ["/World/P0", "/World/P1", "/World/P2"], source)
    written = []
    with simulate(stage) as simulation:
        for _ in range(4):
            before = simulation.report().attributes_written
            simulation.step()
            written.append(simulation.report().attributes_written - before)
    assert written == [3, 1, 2, 3]


def test_a_rate_runs_a_behaviour_less_often_with_its_own_delta_time(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    source = """\
def update(runs: int, elapsed: float, delta_time: float):
    runs = runs + 1
    elapsed = elapsed + delta_time
    return runs, elapsed
"""
    prim = stage.DefinePrim("/World/P")
    prim.CreateAttribute("runs", Sdf.ValueTypeNames.Int64).Set(0)
    prim.CreateAttribute("elapsed", Sdf.ValueTypeNames.Double).Set(0.0)
    (key,) = bind_source(stage, "/World/P", source)
    prim.CreateAttribute(f"{key.prefix}rate", Sdf.ValueTypeNames.Double).Set(6.0)
    with simulate(stage, fps=24.0) as simulation:
        simulation.run(24)
        assert prim.GetAttribute("runs").Get() == 6
        assert prim.GetAttribute("elapsed").Get() == pytest.approx(1.0)


def test_a_fixed_step_runs_as_many_steps_as_fit(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    prim = stage.DefinePrim("/World/P")
    prim.CreateAttribute("runs", Sdf.ValueTypeNames.Int64).Set(0)
    bind_source(stage, "/World/P", "def update(runs: int):\n    runs = runs + 1\n    return runs\n")
    settings = stage.DefinePrim("/World/Settings")
    settings.ApplyAPI("PortalisSceneAPI")
    settings.GetAttribute("portalis:scene:fixedStep").Set(0.01)
    with simulate(stage, fps=50.0) as simulation:
        simulation.run(50)
        assert prim.GetAttribute("runs").Get() == 99


def test_what_is_wrong_keeps_a_strict_run_from_starting_and_is_left_out_of_another(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate
) -> None:
    position = _ball(stage)
    other = _ball(stage, "/World/Other")
    bind_source(stage, ["/World/Ball", "/World/Other"], MOVE)
    stage.GetPrimAtPath("/World/Other").RemoveProperty("xformOp:translate")
    with pytest.raises(StageError, match="PS101"):
        simulate(stage).prepare()
    with simulate(stage, strict=False, fps=2.0) as simulation:
        simulation.step()
        assert tuple(position.Get()) == (1.0, 0.0, 0.0)
        assert [(item.prims, item.status) for item in simulation.report().behaviours] == [(1, "ok"), (1, "refused")]
    assert not other


LOOPS = """\
def update(x: float, turns: int):
    for turn in range(turns):
        x = x + 1.0
    return x
"""


def test_a_stage_may_lower_the_budget_and_never_raise_it(
    stage: Usd.Stage, bind_source: BindSource, sandbox_engine: TranslatorEngine
) -> None:
    prim = stage.DefinePrim("/World/P")
    prim.CreateAttribute("x", Sdf.ValueTypeNames.Double).Set(0.0)
    prim.CreateAttribute("turns", Sdf.ValueTypeNames.Int).Set(10_000)
    bind_source(stage, "/World/P", LOOPS)
    settings = stage.DefinePrim("/World/Settings")
    settings.ApplyAPI("PortalisSceneAPI")
    trust = TrustPolicy(Approvals(Path("/nonexistent")), ("*",))

    def statuses() -> list[str]:
        with Simulation(stage, sandbox_engine, trust) as simulation:
            simulation.step()
            return [item.status for item in simulation.report().behaviours]

    assert statuses() == ["ok"]
    settings.GetAttribute("portalis:scene:fuelPerFrame").Set(1000)
    assert statuses() == ["stopped"]
    settings.GetAttribute("portalis:scene:fuelPerFrame").Set(2**60)
    assert statuses() == ["ok"]
    settings.GetAttribute("portalis:scene:memoryBytes").Set(1000)
    assert statuses() == ["stopped"]
    host = Budget(fuel=500, fuel_per_lane=10, deadline_seconds=1.0, memory_bytes=2**20)
    assert lowered_budget(host, Limits(2**60, 2**40, 99.0), 100) == host
    assert lowered_budget(host, Limits(-1, -1, -1.0), 100) == host
    assert lowered_budget(host, Limits(1000, 4096, 0.5), 100).fuel_for_lanes(100) <= 1000


def test_a_default_stands_where_an_attribute_has_no_value(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    prim = UsdGeom.Xform.Define(stage, "/World/A").GetPrim()
    speed = prim.CreateAttribute("speed", Sdf.ValueTypeNames.Double)
    bind_source(
        stage, "/World/A", "def update(speed: float = 2.0):\n    seen = speed\n    return seen\n", outputs={"seen": "xformOp:rotateZ"}
    )
    with simulate(stage) as simulation:
        simulation.step()
        assert prim.GetAttribute("xformOp:rotateZ").Get() == 2.0
        speed.Set(5.0)
        simulation.step()
        assert prim.GetAttribute("xformOp:rotateZ").Get() == 5.0
        speed.Clear()
        simulation.step()
        assert prim.GetAttribute("xformOp:rotateZ").Get() == 2.0 and not simulation.report().first_errors


def test_a_class_default_stands_where_an_attribute_has_no_value(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    prim = UsdGeom.Xform.Define(stage, "/World/A").GetPrim()
    prim.CreateAttribute("speed", Sdf.ValueTypeNames.Double)
    text = "class Spin:\n    speed: float = 2.0\n    angle: float = 0.0\n\n"
    text += "    def on_update(self):\n        self.angle = self.angle + self.speed\n"
    bind_source(stage, "/World/A", text, outputs={"angle": "xformOp:rotateZ"})
    with simulate(stage) as simulation:
        simulation.run(2)
        assert prim.GetAttribute("xformOp:rotateZ").Get() == 4.0 and not simulation.report().first_errors


@pytest.mark.parametrize("op", ["position", "scale", "orientation", "matrix"])
def test_an_op_without_a_value_is_the_identity(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate, op: str) -> None:
    type_, made, half = {
        "position": ("Gf.Vec3d", UsdGeom.Xformable.AddTranslateOp, "position + Gf.Vec3d(0.5)"),
        "scale": ("Gf.Vec3f", UsdGeom.Xformable.AddScaleOp, "scale * 0.5"),
        "orientation": ("Gf.Quatf", UsdGeom.Xformable.AddOrientOp, "orientation * 0.5"),
        "matrix": ("Gf.Matrix4d", UsdGeom.Xformable.AddTransformOp, "matrix * 0.5"),
    }[op]
    added = made(UsdGeom.Xform.Define(stage, "/World/A"))
    bind_source(stage, "/World/A", f"from pxr import Gf\n\ndef update({op}: {type_}):\n    {op} = {half}\n    return {op}\n")
    with simulate(stage) as simulation:
        simulation.step()
        wanted = {"position": Gf.Vec3d(0.5), "scale": Gf.Vec3f(0.5), "orientation": Gf.Quatf(0.5), "matrix": Gf.Matrix4d(0.5)}[op]
        assert added.Get() == wanted and not simulation.report().first_errors


def test_one_prims_transform_decides_nothing_for_anothers_attribute(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    for name in "AB":
        UsdGeom.Xform.Define(stage, f"/World/{name}")
    stage.GetPrimAtPath("/World/B").CreateAttribute("heat", Sdf.ValueTypeNames.Double).Set(1.0)
    text = "def update(value: float):\n    result_value = value * 1e308 * 1e308\n    return result_value\n"
    bind_source(stage, "/World/A", text, inputs={"value": "1.0"}, outputs={"result_value": "xformOp:rotateZ"})
    bind_source(stage, "/World/B", text, inputs={"value": "1.0"}, outputs={"result_value": "heat"})
    with simulate(stage) as simulation:
        simulation.step()
        assert stage.GetAttributeAtPath("/World/B.heat").Get() == float("inf")
        assert [error.prim for error in simulation.report().first_errors] == ["/World/A"]


def test_a_stage_is_gone_with_its_run_and_not_only_when_somebody_collects(bind_source: BindSource, simulate: Simulate) -> None:
    stage = new_stage()
    UsdGeom.Sphere.Define(stage, "/World/Ball").AddTranslateOp()
    bind_source(stage, "/World/Ball", MOVE)
    gc.collect()
    gc.disable()
    try:
        with simulate(stage) as simulation:
            simulation.run(2)
            layers = [layer.identifier for layer in stage.GetLayerStack()]
        del simulation, stage
        # What was anonymous and is used by nobody is no longer there.
        assert [name for name in layers if Sdf.Layer.Find(name)] == []
    finally:
        gc.enable()
