"""Groups that read nothing of one another are called at the same time, and give what they give one after the other."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from pxr import Gf, Usd, UsdGeom

from portalis.translator.stage.columns.units import FrameTime
from portalis.translator.stage.plan.executor import ExecutorFailure, Fault, LaneResult
from portalis.translator.stage.run import running, together
from portalis.translator.stage.run.together import Begun, call_together
from tests.stage.conftest import BindSource, Simulate, new_stage

NOW = FrameTime(0, 0.0, 0.0, 0.0)
SPRING = """
class Spring:
    length: float = 1.0
    speed: float = 0.0

    def on_update(self, delta_time: float) -> None:
        self.speed = self.speed - self.length * delta_time
        self.length = self.length + self.speed * delta_time
        if self.length < -0.5:
            raise ValueError("too far")
"""
FALL = """
from pxr import Gf

def fall(position: Gf.Vec3d, delta_time: float):
    position = position - Gf.Vec3d(0.0, delta_time, 0.0)
    return position
"""
FOLLOW = """
from pxr import Gf

def follow(leader: Gf.Vec3d, delta_time: float):
    position = leader + Gf.Vec3d(1.0, 0.0, 0.0)
    return position
"""


class Meeting:
    """An executor whose run ends only once another one runs."""

    def __init__(self, barrier: threading.Barrier) -> None:
        self._barrier = barrier

    def run(self, active: Any) -> LaneResult:
        self._barrier.wait(timeout=60.0)
        return LaneResult(np.zeros(len(active), np.int32))


class Failing:
    def run(self, active: Any) -> LaneResult:
        raise ExecutorFailure(Fault("limit", "refused"))


def begun(executor: Any, lanes: int = 2) -> Begun:
    return Begun(executor, np.ones(lanes, np.uint8), "update", NOW)


def test_calls_run_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "processors", lambda: 3)
    barrier = threading.Barrier(3)
    calls = [begun(Meeting(barrier)) for _ in range(3)]
    call_together(calls, at_least=4)
    assert [len(call.outcome().errors) for call in calls] == [2, 2, 2]


def test_few_lanes_are_worth_no_thread() -> None:
    seen: list[threading.Thread] = []

    class Here:
        def run(self, active: Any) -> LaneResult:
            seen.append(threading.current_thread())
            return LaneResult(np.zeros(len(active), np.int32))

    call_together([begun(Here(), 100), begun(Here(), 3)], at_least=4)
    assert seen == [threading.current_thread()] * 2


def test_a_call_that_raises_leaves_the_others_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "processors", lambda: 2)
    calls = [begun(Failing()), begun(Meeting(threading.Barrier(1))), begun(Failing())]
    call_together(calls, at_least=0)
    assert len(calls[1].outcome().errors) == 2
    for call in (calls[0], calls[2]):
        with pytest.raises(ExecutorFailure):
            call.outcome()


def _stage(bind_source: BindSource) -> Usd.Stage:
    stage = new_stage()
    paths: dict[str, list[str]] = {kind: [f"/World/{kind}{index}" for index in range(40)] for kind in ("Spring", "Fall", "Follow")}
    for kind, prims in paths.items():
        for index, path in enumerate(prims):
            sphere = UsdGeom.Sphere.Define(stage, path)
            if kind == "Spring":
                sphere.CreateRadiusAttr(0.3 + 0.02 * index)
            else:
                sphere.AddTranslateOp().Set(Gf.Vec3d(index, 0.0, 0.0))
    bind_source(stage, paths["Spring"], SPRING, inputs={"length": "radius"}, outputs={"length": "radius"})
    bind_source(stage, paths["Fall"], FALL)
    bind_source(stage, paths["Follow"], FOLLOW, inputs={"leader": "/World/Fall7.xformOp:translate"})
    return stage


def test_a_stage_plays_as_it_does_one_after_the_other(bind_source: BindSource, simulate: Simulate, monkeypatch: pytest.MonkeyPatch) -> None:
    def play(call: Callable[[Sequence[Begun]], None]) -> tuple[list[Any], int]:
        monkeypatch.setattr(running, "call_together", call)
        stage = _stage(bind_source)
        seen: list[Any] = []
        with simulate(stage, fps=10.0) as simulation:
            for _ in range(25):
                simulation.step()
                seen += [UsdGeom.Sphere(prim).GetRadiusAttr().Get() for prim in stage.Traverse() if prim.GetName().startswith("Spring")]
                seen += [
                    prim.GetAttribute("xformOp:translate").Get() for prim in stage.Traverse() if prim.HasAttribute("xformOp:translate")
                ]
            faults = sum(item.errors for item in simulation.report().behaviours)
        return seen, faults

    sizes: list[int] = []

    def one_after_the_other(calls: Sequence[Begun]) -> None:
        sizes.append(len(calls))
        for call in calls:
            call.call()

    monkeypatch.setattr(together, "processors", lambda: 4)
    expected = play(one_after_the_other)
    assert expected[1] and set(sizes) == {1, 2}, "some lanes fail; those that follow wait for those that fall"
    assert play(functools.partial(call_together, at_least=0)) == expected
