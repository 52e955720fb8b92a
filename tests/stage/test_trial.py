"""Trying a binding: the answer of `bind`, and no trace of it on the stage."""

from __future__ import annotations

import pytest
from pxr import Sdf, Usd

from portalis.translator.source import SourceFile
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.author.trial import TrialStage, fitting
from portalis.translator.stage.author.undo import SwitchEdit, UnbindEdit
from portalis.translator.stage.outline import starter_stage
from portalis.translator.stage.plan.discovery import bindings_of
from portalis.translator.stage.problems import StageError
from portalis.translator.stage.run.engine import TranslatorEngine

BALL, HERO = "/World/Ball_00", "/World/Ball_01"
DOOR = SourceFile(
    "door.py",
    """from pxr import Gf

def door(position: Gf.Vec3d, hero: Gf.Vec3d, wide: float = 3.0):
    angle = 90.0 if (hero - position).GetLength() < wide else 0.0
    return angle
""",
)
GIVEN = [
    ({}, {}),
    ({"hero": f"{HERO}.position"}, {"angle": "xformOp:rotateZ"}),
    ({"hero": f"{HERO}.position"}, {"angle": "radius"}),
    ({"hero": "/World/Bal_01.position"}, {"angle": "visibility"}),
    ({"hero": "2.5", "wide": "'far'"}, {"angle": "radius"}),
    ({"nobody": "2.5"}, {}),
]


@pytest.fixture(scope="module")
def engine() -> TranslatorEngine:
    return TranslatorEngine()


def texts(stage: Usd.Stage) -> tuple[str, str]:
    return stage.GetRootLayer().ExportToString(), stage.GetSessionLayer().ExportToString()


def test_the_answer_is_that_of_bind_and_leaves_no_trace(engine: TranslatorEngine) -> None:
    stage = starter_stage()
    interface, before = engine.interface(DOOR, ""), texts(stage)
    trial = TrialStage(stage)
    for inputs, outputs in GIVEN:
        answer = trial.bind([BALL], DOOR, interface, engine, inputs=inputs, outputs=outputs)
        assert texts(stage) == before
        other = starter_stage()
        try:
            bind(other, [BALL], DOOR, interface, inputs=inputs, outputs=outputs, engine=engine)
        except StageError as error:
            assert not answer.fits and answer.problems == error.problems
        else:
            assert answer.fits and answer.inputs["position"] == "xformOp:translate" and answer.outputs["angle"] == outputs["angle"]


def test_a_problem_names_its_port(engine: TranslatorEngine) -> None:
    answer = TrialStage(starter_stage()).bind([BALL], DOOR, engine.interface(DOOR, ""), engine, inputs={}, outputs={})
    assert [item.port for item in answer.problems] == ["input hero", "output angle"]


def test_what_is_offered_for_a_port_can_be_bound(engine: TranslatorEngine) -> None:
    stage = starter_stage()
    ball, hero = stage.GetPrimAtPath(BALL), stage.GetPrimAtPath(HERO)
    ball.CreateAttribute("label", Sdf.ValueTypeNames.String).Set("x")
    interface = engine.interface(DOOR, "")
    types = {item.name: item.type for item in interface.parameters}
    inputs, outputs = fitting(hero, ball, types["hero"], "input"), fitting(ball, ball, dict(interface.outputs)["angle"], "output")
    assert f"{HERO}.position" in inputs and "xformOp:rotateZ" in outputs and "label" not in outputs
    trial = TrialStage(stage)
    for given in inputs:
        assert trial.bind([BALL], DOOR, interface, engine, inputs={"hero": given}, outputs={"angle": "radius"}).fits, given
    for place in outputs:
        assert trial.bind([BALL], DOOR, interface, engine, inputs={"hero": "(0.0, 0.0, 0.0)"}, outputs={"angle": place}).fits, place


def test_unbinding_and_switching_are_taken_back_to_the_letter(engine: TranslatorEngine) -> None:
    stage = starter_stage()
    outputs = {"angle": "xformOp:rotateZ"}
    bind(stage, [BALL], DOOR, engine.interface(DOOR, ""), inputs={"hero": f"{HERO}.position"}, outputs=outputs, engine=engine)
    bound = texts(stage)
    bindings = list(bindings_of(stage.GetPrimAtPath(BALL)))
    for edit in (SwitchEdit(stage, bindings, False, engine), UnbindEdit(stage, bindings)):
        edit.do()
        assert texts(stage) != bound
        edit.undo()
        assert texts(stage) == bound, edit.label
