"""Texts that an attribute does not allow are told before anything runs, and those that never reach it are not."""

from __future__ import annotations

import pytest
from pxr import Sdf, Usd, UsdGeom

from portalis.translator.source import SourceFile
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.plan.executor import BehaviourEngine
from portalis.translator.stage.problems import StageError, StageProblem
from tests.stage.conftest import BindSource, Simulate

CHOICE = """\
def hide(speed: float):
    visibility = "hidden" if speed > 1.0 else "inherited"
    return visibility
"""
ONE_AFTER_THE_OTHER = """\
def pick(near: bool) -> str:
    if near:
        return "hiden"
    return "inherited"

def hide(speed: float):
    kind = "fast" if speed > 1.0 else "slow"
    visibility = "invisible"
    if kind == "slow":
        visibility = pick(speed < 0.5)
    return visibility
"""
FIELD = """\
class Hide:
    visibility: str = "inherited"
    seen: str = "never"

    def set_to(self, text: str):
        self.visibility = text

    def on_update(self, speed: float):
        if self.seen == "never":
            self.set_to("hidden")
        self.seen = "once"
"""
NOTHING_ALLOWED = 'def hide(speed: float):\n    visibility = "shown" if speed > 1.0 else "hidden"\n    return visibility\n'
ALLOWED = 'def hide(speed: float):\n    visibility = "invisible" if speed > 1.0 else "inherited"\n    return visibility\n'


def _bind(stage: Usd.Stage, engine: BehaviourEngine, text: str) -> list[StageProblem]:
    UsdGeom.Sphere.Define(stage, "/World/Ball")
    source, warnings = SourceFile("hide.py", text), list[StageProblem]()
    interface = engine.interface(source, "")
    bind(stage, ["/World/Ball"], source, interface, inputs={"speed": "1.0"}, engine=engine, warn=warnings.append)
    return warnings


@pytest.mark.parametrize(
    ("text", "said", "help_"), [(CHOICE, "'hidden'", "one of these"), (ONE_AFTER_THE_OTHER, "'hiden'", "one of these")]
)
def test_what_a_result_may_be_and_is_not_allowed_is_a_warning(
    stage: Usd.Stage, engine: BehaviourEngine, text: str, said: str, help_: str
) -> None:
    (problem,) = _bind(stage, engine, text)
    assert (problem.code, problem.severity, problem.path) == ("PS130", "warning", "/World/Ball.visibility")
    assert problem.message == f"the source says {said} here, where 'inherited', 'invisible' are allowed"
    assert help_ in problem.help


def test_what_comes_through_a_call_into_a_field_counts_and_other_fields_do_not(stage: Usd.Stage, engine: BehaviourEngine) -> None:
    with pytest.raises(StageError, match="the source says 'hidden' here"):
        _bind(stage, engine, FIELD)


def test_a_result_that_is_nothing_allowed_is_refused(stage: Usd.Stage, engine: BehaviourEngine) -> None:
    with pytest.raises(StageError, match="'hidden' and 'shown' here"):
        _bind(stage, engine, NOTHING_ALLOWED)
    assert not stage.GetPrimAtPath("/World/Ball").GetAppliedSchemas()


def test_what_is_allowed_is_no_problem(stage: Usd.Stage, engine: BehaviourEngine) -> None:
    assert _bind(stage, engine, ALLOWED) == []


@pytest.mark.parametrize("text", ["'a\\0b'", "'\\ud800'"])
def test_a_text_that_openusd_cannot_hold_is_never_cut_off(
    text: str, stage: Usd.Stage, engine: BehaviourEngine, bind_source: BindSource, simulate: Simulate
) -> None:
    prim = stage.GetPrimAtPath("/World")
    label = prim.CreateAttribute("label", Sdf.ValueTypeNames.String)
    source = f"def name(odd: bool):\n    label = {text} if odd else 'fine'\n    return label\n"
    warnings: list[StageProblem] = []
    bind_source(stage, "/World", source, inputs={"odd": "True"}, engine=engine, warn=warnings.append)
    assert [problem.code for problem in warnings] == ["PS130"] and "OpenUSD cannot hold" in warnings[0].message
    with simulate(stage) as simulation:
        simulation.step()
        assert label.Get() is None and [fault.fault.name for fault in simulation.faults()] == ["a result does not fit its attribute"]
    with pytest.raises(StageError, match="OpenUSD cannot hold"):
        bind_source(
            stage, "/World", f"def never(speed: float):\n    label = {text}\n    return label\n", inputs={"speed": "1.0"}, engine=engine
        )
