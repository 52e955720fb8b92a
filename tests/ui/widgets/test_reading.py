"""What somebody reads in the studio while they build: numbers that stay, places that are jumped to, ports that wait, words in full."""

from __future__ import annotations

import pytest
from pxr import Sdf

from portalis.translator.ui.models.ports import MIXED
from tests.ui.widgets.test_studio import BALL
from tests.ui.widgets.user import StudioUser

OTHER = "/World/Ball_01"
WIDE = "def f(x: float):\n    size = x" + " + x" * 60 + " + mising\n    return size\n"
GROW = "def grow(size: float, rate: float = 1.0):\n    size = size + rate\n    return size\n"


@pytest.fixture
def studio(studio: StudioUser) -> StudioUser:
    """A small one, which is drawn in half the time."""
    studio.studio.size = (900.0, 600.0)
    studio.frames(8)
    return studio


def test_the_proof_is_folded_to_the_width_that_there_is(studio: StudioUser) -> None:
    studio.translate()
    studio.click("tab_Proof")
    studio.frames(3)
    for size in ((900.0, 600.0), (1280.0, 720.0), (900.0, 600.0)):
        studio.studio.size = size
        studio.frames(8)
        area, lines = studio.find("tab_text_scroll"), studio.find("tab_text").model.as_string.split("\n")
        assert 0.6 * area.computed_width < 7.0 * max(map(len, lines)) < area.computed_width


def sized(studio: StudioUser) -> None:
    """Give two prims a size and a rate, each its own, and select them."""
    for number, path in enumerate((BALL, OTHER)):
        for name, value in (("size", 0.0), ("other", 10.0 + number)):
            studio.stage.GetPrimAtPath(path).CreateAttribute(name, Sdf.ValueTypeNames.Double).Set(value)
    studio.select(BALL, OTHER)


def test_numbers_and_marks_stay_where_text_is_scrolled_and_a_problem_leads_to_its_column(studio: StudioUser) -> None:
    studio.write(WIDE)
    studio.translate()
    studio.model.jump(1)
    studio.frames(4)
    at_rest = studio.find("marker_2").screen_position_x
    assert studio.find("editor_scroll").scroll_x == 0.0
    studio.click("problem_0_jump")
    studio.frames(4)
    scroll = studio.find("editor_scroll")
    assert studio.model.pad.caret.line == 1 and WIDE.splitlines()[1][studio.model.pad.caret.column :] == "mising"
    assert scroll.scroll_x > 100.0 and abs(studio.find("marker_2").screen_position_x - at_rest) < 1.0


def test_the_keys_are_listed_where_they_can_be_read(studio: StudioUser) -> None:
    studio.click("keys")
    keys = studio.find("keys_page")
    assert keys.visible and not studio.find("tab_empty").visible
    for label in ("Ctrl+Enter", "F5", "Ctrl+Space"):
        assert studio.find(f"key_{label}").computed_width > 40.0
    studio.click("tab_Ports")
    assert studio.find("tab_empty").visible and not keys.visible


def test_ports_say_what_waits_what_is_mixed_and_what_can_be(studio: StudioUser) -> None:
    sized(studio)
    studio.write(GROW)
    studio.translate()
    studio.click("bind")
    assert studio.find("value_input_size").text == "0"
    assert [studio.find(f"way_{key}").text for key in ("input_size", "output_size")] == ["in", "out"]
    studio.studio.size = (1280.0, 720.0)
    studio.frames(8)
    assert studio.find("name_input_rate").computed_width >= 80.0 and studio.find("port_input_rate").computed_width >= 100.0
    studio.click("pick_output_size")
    assert not studio.find("picker_literal").visible
    studio.click("picker_back")
    studio.click("pick_input_rate")
    assert studio.find("picker_literal").visible
    studio.click("choice_other")
    assert studio.find("waits_input_rate").visible and studio.find("value_input_rate").text == MIXED
    assert studio.find("next_step").text.startswith("press Bind again")
    studio.click("bind")
    assert not studio.find("waits_input_rate").visible


def test_a_problem_says_its_prims_whole_and_its_button_leads_to_the_port(studio: StudioUser) -> None:
    studio.select(BALL, OTHER)
    studio.write("def f(missing: float):\n    visibility = 'inherited' if missing > 0.0 else 'invisible'\n    return visibility\n")
    studio.translate()
    studio.click("tab_Problems")
    place = studio.find("problem_0_place")
    assert place.text == f"{BALL} and 1 more" and place.word_wrap
    studio.click("problem_0_jump")
    studio.frames(4)
    assert studio.model.tabs.front == "Ports" and studio.find("picker_title").text == "the input missing: float"
    # A message that does not say which port it is about has that beside it.
    studio.model.give("output", "visibility", "unseen")
    studio.click("tab_Problems")
    places = [studio.find(f"problem_{index}_place").text for index in range(2)]
    assert f"{BALL} and 1 more, output visibility" in places


def test_handles_lie_between_their_parts_and_the_line_below_uses_its_room(studio: StudioUser) -> None:
    for size in ((900.0, 600.0), (1280.0, 720.0)):
        studio.studio.size = size
        studio.frames(8)
        plot, handle, table = studio.find("plot"), studio.find("split_run"), studio.find("no_rows")
        left = handle.screen_position_x
        assert plot.screen_position_x + plot.computed_width <= left + 1.0 and left + handle.computed_width <= table.screen_position_x + 1.0
        studio.model.say("x" * 60)
        studio.frames(4)
        status, following = studio.find("status"), studio.find("next_step")
        # Beside one another where there is room, else one below the other, each as wide as the window.
        below = following.screen_position_y > status.screen_position_y
        assert below == (size[0] < 1000.0)
        assert status.computed_width == following.computed_width if below else status.computed_width > following.computed_width * 1.3


def test_a_warning_that_names_several_ports_lets_its_user_choose_which(studio: StudioUser) -> None:
    studio.select(BALL)
    fields, results = "    low: int = 0\n    high: int = 9\n", "        self.low += 1\n        self.high -= 1\n"
    studio.model.load(f"class Meet:\n{fields}\n    def on_update(self):\n{results}", "meet.py")
    studio.frames()
    studio.translate()
    studio.click("tab_Problems")
    assert studio.find("problem_0_severity").text == "warning" and not studio.has("problem_0_jump")
    assert "it works, but Meet writes nothing" in studio.find("next_step").text
    for name in ("high", "low"):
        studio.click("tab_Problems")
        studio.click(f"problem_0_port_{name}")
        studio.frames(4)
        assert studio.find("picker_title").text == f"the output {name}: int"
        studio.click("picker_back")
