"""What is chosen for the ports of a behaviour, through edits that are made, refused and taken back."""

from __future__ import annotations

import pytest
from pxr import Gf, UsdGeom

from portalis.translator.ui.models.port_values import Way
from portalis.translator.ui.models.section import SectionModel
from portalis.translator.ui.models.window import PanelModel
from tests.ui.test_model import BALL, SCALED, bind, play, row, select, sized, translate
from tests.ui.test_model import model as model

OTHER, ARM = "/World/Ball_01", "/World/Arm"


def chosen(model: PanelModel) -> tuple[str, str]:
    """What the user gave for `rate`, and what it is bound to."""
    rate = row(model, "input", "rate")
    return rate.given, rate.bound.partition(" (")[0]


@pytest.mark.parametrize("again", [False, True])
def test_undo_of_bind_gives_back_what_was_chosen_for_it_and_redo_applies_it(model: PanelModel, again: bool) -> None:
    sized(model, BALL)
    if again:
        bind(model, SCALED)
    translate(model, SCALED)
    model.give("input", "rate", "other")
    model.bindings.bind()
    assert chosen(model) == ("", "other")
    model.bindings.undo()
    assert chosen(model) == ("other", "other") and row(model, "input", "rate").waits == again
    model.bindings.redo()
    assert chosen(model) == ("", "other")
    model.give("input", "rate", "2.5")
    model.bindings.undo()
    assert chosen(model) == ("2.5", "the value 2.5"), "what was chosen since stays"


def test_what_was_chosen_for_a_prim_is_no_other_prims_when_its_bind_is_undone(model: PanelModel) -> None:
    sized(model, BALL, OTHER)
    select(model, BALL)
    translate(model, SCALED)
    model.give("input", "rate", "other")
    model.bindings.bind()
    select(model, OTHER)
    model.bindings.undo()
    assert chosen(model)[0] == ""


def test_what_is_chosen_outlives_a_text_that_is_refused(model: PanelModel) -> None:
    sized(model, BALL)
    translate(model, SCALED)
    model.give("input", "rate", "other")
    translate(model, SCALED.replace("return size", "return siz"))
    assert model.refused is not None
    translate(model, SCALED)
    assert chosen(model) == ("other", "other")


COUNTS = """from pxr import Gf

class Counter:
    position: Gf.Vec3d = Gf.Vec3d(0.0, 0.0, 0.0)
    turn: Gf.Quatd = Gf.Quatd(1.0, 0.0, 0.0, 0.0)
    passed: int = 7
    size: float = 1.0
    label: str = "idle"
    blocked: bool = False
    never: float = 2.5

    def on_update(self, there: Gf.Vec3d, spin: Gf.Quatd):
        self.passed += 1
        self.size += 0.5
        self.label = "busy"
        self.blocked = True
        self.turn = spin
        self.position = there
"""


def composed(model: PanelModel) -> None:
    """Have an arm in the space of another prim, that turns by two ops of its own and moves with time alone."""
    stage = model.host.stage
    UsdGeom.Xformable(stage.GetPrimAtPath("/World")).AddTranslateOp().Set(Gf.Vec3d(0.0, 0.0, 100.0))
    arm = UsdGeom.Xform.Define(stage, ARM)
    moved = arm.AddTranslateOp()
    for code in (0.0, 240.0):
        moved.Set(Gf.Vec3d(code, 0.0, 2.0), code)
    for joint in "AB":
        arm.AddRotateZOp(opSuffix=joint).Set(45.0)


def test_values_are_those_that_behaviours_keep_and_that_ops_compose_to(model: PanelModel) -> None:
    composed(model)
    translate(model, COUNTS)
    select(model, BALL)
    model.give("input", "there", f"{ARM}.world_position")
    model.give("input", "spin", f"{ARM}.orientation")

    def values(way: str) -> dict[str, str]:
        model.tick()
        return {item.name: item.value for item in model.ports.rows if item.way == way}

    kept = {"passed": "7", "size": "1", "label": "idle", "blocked": "False", "never": "2.5", "turn": "(1, 0, 0, 0)"}
    given = {"there": "(0, 0, 102)", "spin": "(0.7071, 0, 0, 0.7071)"}
    before = values("input")
    assert before == kept | given | {"position": before["position"]}
    model.bindings.bind()
    assert values("input") == before, model.message
    assert row(model, "input", "passed").bound == row(model, "output", "passed").bound == "kept by the behaviour"
    play(model)
    for frame in range(4):
        model.tick(frame / 60.0)
    model.ports.look()
    kept |= {"passed": "11", "size": "3", "label": "busy", "blocked": "True", "turn": given["spin"], "there": "(3, 0, 102)"}
    now = values("input")
    assert {name: now[name] for name in kept} == kept
    assert values("output") == {name: now[name] for name in values("output")}
    assert now["position"] == "(3, 0, 102)" and len(values("output")) == 6
    model.host.timeline.stop()
    assert values("input") == before, "a run that is over keeps nothing"


def test_the_property_window_has_the_same_values(model: PanelModel) -> None:
    composed(model)
    select(model, BALL)
    translate(model, COUNTS)
    model.give("input", "there", f"{ARM}.world_position")
    model.give("input", "spin", f"{ARM}.orientation")
    model.bindings.bind()
    model.tick()
    section = SectionModel(model)
    section.show((BALL,))
    [card] = section.cards
    assert {(item.way, item.name): item.value for item in card.ports} == {(item.way, item.name): item.value for item in model.ports.rows}


GUARD = "from pxr import Gf\n\ndef guard(spin: Gf.Quatd):\n    spin = spin * spin\n    return spin\n"


@pytest.mark.parametrize("way", ["input", "output"])
@pytest.mark.parametrize(
    ("given", "op", "meant"),
    [
        (f"{OTHER}.orientation", True, f"{OTHER}.xformOp:orient"),
        (f"{OTHER}.orientation", False, f"{OTHER}.orient"),
        ("orientation", True, "xformOp:orient"),
        ("orientation", False, "orient"),
    ],
)
def test_a_gprims_token_that_is_named_as_a_rotation_is_refused_and_the_rotation_offered(
    model: PanelModel, way: Way, given: str, op: bool, meant: str
) -> None:
    for path in (BALL, OTHER):
        ball = UsdGeom.Sphere(model.host.stage.GetPrimAtPath(path))
        if op:
            ball.AddOrientOp(UsdGeom.XformOp.PrecisionDouble)
        else:
            ball.AddRotateXYZOp()
    translate(model, GUARD)
    select(model, BALL)
    for port in ("input", "output"):
        model.give(port, "spin", "orient")
    model.give(way, "spin", given)
    model.tick()
    [problem] = model.problems.all()
    assert "how its faces are wound, leftHanded or rightHanded" in problem.message and "quaternion /World/Ball" in problem.help
    assert meant in [item.text for item in model.ports.choices(way, "spin", OTHER if given != "orientation" else "")]
    [remedy] = problem.remedies
    assert remedy.label == f"use {meant}"
    remedy.act()
    model.tick()
    assert not model.problems.all()
    model.bindings.bind()
    assert model.bindings.selected(), model.message
