"""At small and large sizes every widget that can be asked for lies in the window, or in a frame that scrolls."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import omni.ui as ui
import pytest

from portalis.translator.ui.models.rows import ROW_COLUMNS, BehaviourRow
from portalis.translator.ui.models.standing import Standing
from tests.ui.widgets.looks import Box, box_of, drawn
from tests.ui.widgets.scale import wanted_scale
from tests.ui.widgets.states import many_rows
from tests.ui.widgets.test_building import BALL, DOOR
from tests.ui.widgets.user import StudioUser

SIZES = [(900, 600), (1280, 720), (1600, 900), (3840, 2160)]


# What may be longer than a window is wide: code, and paths of prims.
_SIDEWAYS = ("window_scroll", "panel_scroll", "editor_scroll", "tab_text_scroll", "picker_prims", "picker_fits")
_FAR = 1e9


def identified(widget: Any, limits: Box, seen: Box) -> Iterator[tuple[Any, Box]]:
    """Give every visible widget with an identifier, and the room that it may have: left, top, right and bottom, without the ways in which
    a frame has a bar that scrolls it. `seen` is what is seen of the widget's room."""
    if widget is None or not widget.visible:
        return
    if widget.identifier:
        yield widget, limits
    if isinstance(widget, ui.ScrollingFrame):
        seen = seen.within(box_of(widget))
        left, top, right, bottom = limits.within(box_of(widget))
        across = (-_FAR, _FAR) if widget.identifier in _SIDEWAYS else (left, right)
        down = (-_FAR, _FAR) if widget.vertical_scrollbar_policy != ui.ScrollBarPolicy.SCROLLBAR_ALWAYS_OFF else (top, bottom)
        limits = Box(across[0], down[0], across[1], down[1])
    children = ui.Inspector.get_children(widget)
    if isinstance(widget, ui.TreeView):
        # Cells that were scrolled away are still where they were drawn last.
        children = list(drawn(children, seen))
    for child in children:
        yield from identified(child, limits, seen)


def outside(user: StudioUser, width: float, height: float) -> list[str]:
    """Name the widgets that are neither in the window, of this size in points, nor scrolled into it."""
    window = Box(0.0, 0.0, width, height)
    return [
        widget.identifier
        for widget, (left, top, right, bottom) in identified(user.studio._window.frame, window, window)
        if not (
            widget.screen_position_x >= left - 1.0
            and widget.screen_position_y >= top - 1.0
            and widget.screen_position_x + widget.computed_width <= right + 1.0
            and widget.screen_position_y + widget.computed_height <= bottom + 1.0
        )
    ]


@pytest.mark.parametrize("size", SIZES[:2])
def test_parts_end_at_whole_points_which_borders_are_seen_at(studio: StudioUser, size: tuple[int, int]) -> None:
    studio.studio.size = size
    studio.frames(12)
    for split in (*studio.studio._splits, *studio.studio.panel._splits):
        for length in (split.first.computed_width, split.first.computed_height):
            assert float(length) == round(float(length)), (split._whole.identifier, length)


@pytest.mark.parametrize("size", SIZES)
def test_every_widget_lies_in_the_window(studio: StudioUser, size: tuple[int, int]) -> None:
    scale = ui.Workspace.get_dpi_scale()
    assert scale == wanted_scale()
    studio.studio.size = size
    studio.model.load(DOOR, "door.py")
    studio.model.translate()
    studio.until(lambda: not studio.model.translating)
    studio.select(BALL)
    studio.frames(6)
    assert studio.find("port_input_hero") is not None
    assert not outside(studio, size[0] / scale, size[1] / scale)
    # Whatever asks for something: a path, a port, a word.
    studio.model.files.ask("open")
    studio.model.tabs.show_port("input hero")
    studio.frames()
    assert studio.find("path").visible and studio.find("picker_prims").visible
    assert not outside(studio, size[0] / scale, size[1] / scale)
    # Where there is not room for all, the window scrolls, and only there.
    small = size[0] / scale < 880 or size[1] / scale < 500
    assert (studio.find("window_scroll").scroll_x_max + studio.find("window_scroll").scroll_y_max > 0.0) == small


@pytest.mark.parametrize("size", SIZES)
def test_every_column_lies_in_its_table_or_is_told(studio: StudioUser, size: tuple[int, int]) -> None:
    scale = ui.Workspace.get_dpi_scale()
    studio.studio.size = size
    studio.model.load(DOOR, "door.py")
    studio.model.translate()
    studio.until(lambda: not studio.model.translating)
    studio.select(BALL)
    studio.model.run.rows = many_rows()
    studio.model.changed.tell()
    studio.frames(8)
    assert not outside(studio, size[0] / scale, size[1] / scale)
    told = studio.find("behaviour_behaviour").tooltip
    for column in ROW_COLUMNS:
        assert studio.has(f"sort_{column}") or f"{column}: " in told, column
    # Of a port, the type as well, after it was bound too.
    assert all(studio.has(f"type_input_{name}") for name in ("position", "hero", "open_at"))


def test_what_became_narrow_and_wide_again_is_as_it_was(studio: StudioUser) -> None:
    studio.write(DOOR)
    for size in ((900, 600), (1600, 900)):
        studio.studio.size = size
        studio.frames(6)
        assert studio.model.text == DOOR == studio.studio.panel.editor.pad.text and studio.find("editor").visible


def test_a_choice_for_a_port_goes_on_in_a_window_that_becomes_narrow(studio: StudioUser) -> None:
    studio.model.load(DOOR, "door.py")
    studio.model.translate()
    studio.until(lambda: not studio.model.translating)
    studio.select(BALL)
    studio.click("pick_input_hero")
    assert (studio.find("hint_picker_filter").text, studio.find("hint_picker_filter").visible) == ("filter prims by path", True)
    studio.find("picker_filter").model.set_value("Ball_0")
    assert not studio.find("hint_picker_filter").visible
    studio.frames()
    studio.click("picker_prim_/World/Ball_02")
    studio.find("picker_value").model.set_value("2.5")
    studio.studio.size = (900, 600)
    studio.frames(12)
    assert studio.find("picker_of").text == "what fits of /World/Ball_02"
    assert [studio.find(f"picker_{field}").model.as_string for field in ("filter", "value")] == ["Ball_0", "2.5"]
    assert studio.has("picker_prim_/World/Ball_01") and not studio.has("picker_prim_/World/Ball_11")
    rows = studio.find("picker_prims").computed_height // (studio.find("picker_prim_own").computed_height + 1)
    assert rows >= (3 if ui.Workspace.get_dpi_scale() == 1.0 else 1)
    studio.click("picker_use")
    assert studio.model.ports.given("input") == {"hero": "2.5"} and studio.model.ports.picking is None


def test_names_of_behaviours_are_in_the_font_in_which_they_are_shortened_rightly(studio: StudioUser) -> None:
    studio.model.run.rows = (BehaviourRow("lift", Standing("running"), 0.05, 0.01, 0, 0, 1, 4321.0, 1.1),)
    studio.model.changed.tell()
    studio.frames(2)
    name, cost = (studio.find(f"behaviour_{column}") for column in ("behaviour", "ms"))
    assert (name.elided_text, name.name) == (True, "") and (cost.elided_text, cost.name) == (False, "code")


def test_lines_between_parts_are_dragged_and_remembered(tmp_path: Path) -> None:
    file = tmp_path / "window.json"
    user = StudioUser(remembers=file)
    try:
        before = {name: user.find(name).computed_height for name in ("prims", "viewport")}
        wide = user.find("viewport").computed_width
        user.drag("split_stage", 120.0, 0.0)
        user.drag("split_tree", 0.0, 60.0)
        user.drag("split_code", 80.0, 0.0)
        user.drag("split_work", 0.0, -90.0)
        assert user.find("viewport").computed_width == pytest.approx(wide + 120.0, abs=2.0)
        assert user.find("viewport").computed_height == pytest.approx(before["viewport"] - 60.0, abs=2.0)
        left = [user.find(f"split_{name}").screen_position_x for name in ("stage", "code")]
        down = [user.find(f"split_{name}").screen_position_y for name in ("tree", "work")]
        # Farther than it may go: something of both sides stays.
        user.drag("split_work", 0.0, 400.0)
        assert user.find("split_work").screen_position_y < user.find("status").screen_position_y - 100.0
        assert not outside(user, 1600.0, 900.0)
        user.drag("split_work", 0.0, down[1] - user.find("split_work").screen_position_y)
    finally:
        user.close()
    user = StudioUser(remembers=file)
    try:
        assert [user.find(f"split_{name}").screen_position_x for name in ("stage", "code")] == pytest.approx(left, abs=2.0)
        assert [user.find(f"split_{name}").screen_position_y for name in ("tree", "work")] == pytest.approx(down, abs=4.0)
    finally:
        user.close()


def test_keys_do_what_the_list_says(studio: StudioUser) -> None:
    studio.write("def f(x):\n    return x\n")
    studio.press("ctrl", "enter")
    studio.until(lambda: not studio.model.translating)
    assert studio.model.tabs.front == "Problems" and studio.model.tone == "bad"
    studio.type("# kept")
    assert studio.model.text.endswith("# kept")
    studio.press("f1")
    assert studio.find("problem_0_explained").text
    studio.press("ctrl", "s")
    assert studio.find("path").visible and studio.model.files.asked == "save"
    studio.click("path_cancel")
    assert studio.model.files.asked is None
    studio.click("keys")
    assert studio.find("keys_scroll").visible and studio.find("key_Ctrl+Enter").text == "Ctrl+Enter"
    studio.click("keys")
