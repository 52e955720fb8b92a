"""What the studio says and shows of its state: the next button, whose code is seen, what failed and where, and remedies in their place."""

from __future__ import annotations

import pytest
from pxr import Sdf

from portalis.translator.source import SourceFile
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.outline import starter_stage
from portalis.translator.stage.run.engine import TranslatorEngine
from tests.ui.widgets.states import approvals
from tests.ui.widgets.test_studio import BALL, LIFT
from tests.ui.widgets.user import StudioUser

OTHER = "/World/Ball_01"
SINK = LIFT.replace("lift", "sink").replace("+=", "-=")
SPIN = "def spin(size: float):\n    while size >= 0.0:\n        size = size + 1.0\n    return size\n"
SMALL, LARGE = (900.0, 600.0), (1280.0, 720.0)


@pytest.fixture
def studio(studio: StudioUser) -> StudioUser:
    """A small one, which is drawn in half the time."""
    studio.studio.size = SMALL
    studio.frames(8)
    return studio


def photograph(studio: StudioUser, name: str) -> None:
    for size in (LARGE, SMALL):
        studio.studio.size = size
        studio.frames(8)
        studio.photograph(f"{name}_{size[0]:.0f}")


def blue(studio: StudioUser) -> list[str]:
    """Return the buttons that are highlighted; what is said names one."""
    found = [key for key in ("translate", "bind", "play", "pause", "stop", "unbind") if studio.find(key).name == "primary"]
    said = studio.find("next_step").text
    assert all(said.startswith(f"press {studio.find(key).text}") and studio.find(key).enabled for key in found), said
    return found


def test_one_button_is_blue_and_it_is_what_comes_next(studio: StudioUser) -> None:
    assert blue(studio) == ["translate"]
    studio.write(LIFT)
    studio.translate()
    assert blue(studio) == []
    studio.select(BALL)
    assert blue(studio) == ["bind"]
    studio.click("bind")
    assert blue(studio) == ["play"] and studio.find("bind").text == "Bind again"
    # Pressed again, nothing is another.
    studio.click("bind")
    assert blue(studio) == ["play"]
    photograph(studio, "next_button")
    studio.play(3)
    assert blue(studio) == []
    studio.write(LIFT.replace("2.0", "3.0"))
    assert blue(studio) == ["translate"]
    studio.translate()
    assert blue(studio) == ["bind"]


def test_a_binding_made_while_it_plays_is_in_the_tree_and_a_reopened_stage_says_press_play(studio: StudioUser) -> None:
    studio.studio.size = LARGE
    studio.frames(8)
    assert studio.find("no_rows").text == "Bind a behaviour and press Play."
    studio.write(LIFT)
    studio.translate()
    studio.select(BALL)
    studio.click("bind")
    studio.select()
    assert studio.find("no_rows").text == "Press Play."
    studio.play(3)
    studio.write(SINK)
    studio.translate()
    studio.select(OTHER)
    studio.click("bind")
    assert studio.model.run.state == "playing" and studio.find(f"prim_2_{OTHER}").text == "running: sink"


def test_the_tree_says_of_every_prim_that_it_fails_and_why(studio: StudioUser) -> None:
    studio.write(LIFT.replace("+= 2.0 * delta_time", "= 1.0 / (position[0] + 4.0)"))
    studio.translate()
    studio.select(BALL, OTHER)
    studio.click("bind")
    assert studio.find(f"prim_2_{BALL}").text == "ready: lift"
    studio.play(3)
    studio.until(lambda: studio.find(f"prim_2_{BALL}").text == "failing: lift")
    failing, running = studio.find(f"prim_2_{BALL}"), studio.find(f"prim_2_{OTHER}")
    assert (failing.name, running.name, running.text) == ("bad", "good", "running: lift")
    assert failing.tooltip == "failing: lift\nlift: line 4: float division by zero"
    assert studio.behaviour("state") == ["failing"]


def two_bound() -> StudioUser:
    stage = starter_stage()
    for path, text, name in ((BALL, LIFT, "lift.py"), (OTHER, SINK, "sink.py")):
        source = SourceFile(name, text)
        bind(stage, [path], source, TranslatorEngine().interface(source, ""), approvals=approvals())
    user = StudioUser(stage)
    user.studio.size = SMALL
    user.frames(8)
    return user


def test_code_of_another_prim_is_asked_for_over_unsaved_text() -> None:
    user = two_bound()
    try:
        user.select(BALL)
        user.type_into("editor", "# mine\n")
        user.select(OTHER)
        assert user.find("replacing").visible and OTHER in user.find("replacing_text").text
        assert user.find("next_step").text.startswith("answer above") and user.find("tab_Problems").text == "Problems"
        photograph(user, "whose_code")
        user.click("replacing_keep")
        assert user.find("status").text.startswith("the text is still that of") and user.model.text.startswith("# mine")
        user.select()
        user.select(OTHER)
        user.click("replacing_discard")
        user.frames(3)
        assert user.model.text == SINK and user.find("name_input_position").visible and not user.model.problems.all()
    finally:
        user.close()


def test_a_loop_that_does_not_end_is_marked_and_its_remedy_stays_in_its_place(studio: StudioUser) -> None:
    studio.stage.GetPrimAtPath(BALL).CreateAttribute("size", Sdf.ValueTypeNames.Double).Set(0.0)
    studio.select(BALL)
    studio.write(SPIN)
    studio.translate()
    studio.click("bind")
    studio.play(3)
    studio.until(lambda: bool(studio.model.run.errors))
    studio.click("tab_Problems")
    studio.until(lambda: studio.behaviour("state") == ["failing"])
    assert studio.has("marker_2")
    index = next(number for number, item in enumerate(studio.model.problems.all()) if item.origin == "run")
    first, second = (studio.find(f"problem_{index}_remedy_{number}") for number in (0, 1))
    assert first.text == "go to line 2" and second.text.startswith("allow 100.0 M")
    photograph(studio, "endless")
    studio.studio.size = LARGE
    studio.frames(8)
    studio.click(f"problem_{index}_remedy_0")
    assert studio.model.pad.caret.line == 1


def test_an_explanation_stands_below_what_can_be_pressed(studio: StudioUser) -> None:
    studio.write("def f(x: float):\n    size = X\n    return size\n")
    studio.translate()
    before = studio.find("problem_0_remedy_0").screen_position_y
    studio.click("problem_0_explain")
    explained, remedy = studio.find("problem_0_explained"), studio.find("problem_0_remedy_0")
    assert remedy.screen_position_y == before < explained.screen_position_y
    photograph(studio, "explained_below")
    studio.click("problem_0_remedy_0")
    assert "size = x" in studio.model.text
    studio.translate()
    assert studio.model.tabs.front == "Ports"
