"""The editor under a user's keys and mouse: what is typed, where the caret is, what is seen of it."""

from __future__ import annotations

from collections.abc import Callable

import omni.ui as ui
import pytest
from omni.ui import testing

from portalis.translator.ui.models import colours
from portalis.translator.ui.models.editing import NEW
from portalis.translator.ui.models.editor_text import Place
from portalis.translator.ui.panels import editor as editor_module
from portalis.translator.ui.panels.code_rows import GUTTER, ROW_HEIGHT, CodeRows
from tests.ui.widgets.user import StudioUser

TEXT = "def f(x: float):\n    y = x\n    return y\n"


def at(user: StudioUser, line: int, column: int) -> tuple[float, float]:
    """Return where a place of the text is on the screen."""
    ground = user.find("editor")
    advance = user.studio.panel.editor._ruler.advance
    return ground.screen_position_x + GUTTER + column * advance, ground.screen_position_y + (line + 0.5) * ROW_HEIGHT


def press_all(user: StudioUser, *keys: str) -> None:
    for key in keys:
        user.press(*key.split("+"))


def test_typed_by_keys(studio: StudioUser) -> None:
    studio.write("")
    for line in ("def f(x):", "if x:", "return 1"):
        for index in range(0, len(line), 3):
            studio.type(line[index : index + 3])
        studio.press("enter")
    press_all(studio, "shift+tab", "shift+tab", "tab")
    studio.type("#")
    assert studio.model.text == "def f(x):\n    if x:\n        return 1\n    #"
    press_all(studio, "backspace", "up", "home", "up", "shift+down", "tab")
    assert studio.model.text == "def f(x):\n        if x:\n            return 1\n    "
    press_all(studio, "ctrl+z", "ctrl+z", "ctrl+z")
    assert studio.model.text == "def f(x):\n    if x:\n        return 1\n    "
    press_all(studio, "ctrl+a", "ctrl+x")
    assert studio.model.text == "" and testing.get_clipboard_text().startswith("def f(x):")
    press_all(studio, "ctrl+v", "ctrl+v", "ctrl+z")
    assert studio.model.text == testing.get_clipboard_text()
    press_all(studio, "shift+left", "shift+left")
    studio.type("ab")
    studio.type("ab")
    assert studio.model.text == testing.get_clipboard_text()[:-2] + "abab"


def test_the_mouse_places_the_caret_and_selects(studio: StudioUser) -> None:
    pad = studio.model.pad
    studio.write(TEXT)
    studio._loop.run_until_complete(testing.mouse_click(*at(studio, 1, 8)))
    studio.frames()
    assert pad.caret == Place(1, 8)
    studio.type("1 + ")
    assert studio.model.text.split("\n")[1] == "    y = 1 + x"
    caret = studio.studio.panel.editor._caret
    assert caret.visible and abs(caret.screen_position_x - at(studio, 1, 12)[0]) <= 1.5
    studio._loop.run_until_complete(testing.mouse_drag(*at(studio, 0, 4), *at(studio, 2, 6)))
    studio.frames()
    assert pad.selected == "f(x: float):\n    y = 1 + x\n    re"
    studio.type("g")
    assert studio.model.text == "def gturn y\n"
    area = studio.find("editor_scroll")
    bottom = area.screen_position_y + area.computed_height - 30
    studio._loop.run_until_complete(testing.mouse_click(area.screen_position_x + 200, bottom))
    studio.frames()
    assert pad.caret == pad.end
    studio.type("pass")
    assert studio.model.text.endswith("\npass")
    studio.click("prims")
    assert not caret.visible
    studio.type("lost")
    assert "lost" not in studio.model.text


def offered(user: StudioUser) -> list[str]:
    return [item.name for item in user.studio.panel.editor.completion.offers]


def test_names_are_completed_by_keys(studio: StudioUser) -> None:
    studio.write("import math\n\ndef f(amount: float, other: float):\n    ")
    studio.type("am")
    assert offered(studio) == ["amount"] and studio.find("completions").visible and studio.has("offer_amount")
    studio.press("enter")
    assert studio.model.text.endswith("\n    amount") and not studio.find("completions").visible
    for typed in (" = ", "mat", "h.", "lo"):
        studio.type(typed)
    assert offered(studio)[:2] == ["log", "log10"]
    studio.press("down")
    studio.press("tab")
    assert studio.model.text.endswith("    amount = math.log10")
    studio.press("enter")
    assert studio.model.text.endswith("math.log10\n    ")
    studio.type("ot")
    studio.press("escape")
    assert not offered(studio) and studio.model.text.endswith("\n    ot")
    studio.type("h")
    assert offered(studio) == ["other"]
    press_all(studio, "backspace", "backspace", "backspace")
    assert not offered(studio) and studio.model.text.endswith("\n    ")
    studio.press("ctrl", "space")
    assert "amount" in offered(studio) and studio.model.text.endswith("\n    ")
    studio.press("left")
    assert not offered(studio)
    studio.press("end")
    for typed in ("# o", "th"):
        studio.type(typed)
    assert not offered(studio) and studio.model.text.endswith("# oth")


def test_names_of_a_binding_are_completed_by_the_mouse(studio: StudioUser) -> None:
    studio.click("prim_0_/World/Ball_00")
    studio.write("def f(")
    studio.type("gr")
    assert offered(studio) == ["gravity", "gravity_world"]
    studio.photograph("completion")
    studio.click("offer_gravity_world")
    assert studio.model.text == "def f(gravity_world" and not studio.find("completions").visible
    studio.type(", ")
    studio.type("rad")
    assert offered(studio) == ["radius"]
    area, list_ = studio.find("editor_scroll"), studio.find("completions")
    assert list_.screen_position_y >= at(studio, 0, 0)[1] and list_.computed_width < area.computed_width
    studio.click("offer_radius")
    studio.type(":")
    assert studio.model.text == "def f(gravity_world, radius:"


def test_names_at_the_bottom_are_offered_above_the_line(studio: StudioUser) -> None:
    studio.write("def f(value):\n" + "    pass\n" * 60 + "    ")
    studio.type("va")
    area, list_ = studio.find("editor_scroll"), studio.find("completions")
    caret = studio.studio.panel.editor._caret.screen_position_y
    assert offered(studio) == ["value", "ValueError"]
    assert area.screen_position_y <= list_.screen_position_y
    assert list_.screen_position_y + list_.computed_height <= area.screen_position_y + area.computed_height + 1
    assert not list_.screen_position_y < caret < list_.screen_position_y + list_.computed_height - 2
    studio.press("tab")
    assert studio.model.text.endswith("    value")


def counted(monkeypatch: pytest.MonkeyPatch, owner: object, name: str) -> list[tuple[object, ...]]:
    """Return what a function is called with from now on."""
    calls: list[tuple[object, ...]] = []
    function = getattr(owner, name)

    def call(*arguments: object) -> object:
        calls.append(arguments)
        return function(*arguments)

    monkeypatch.setattr(owner, name, call)
    return calls


def test_no_word_that_is_typed_waits_for_an_import(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = counted(monkeypatch, editor_module, "known_names")
    user = StudioUser()
    user.close()
    assert asked == [((),)]


def test_a_long_text_scrolls_to_the_caret_and_costs_little(studio: StudioUser, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = studio.studio.panel.editor
    studio.model.load("".join(f"value_{line} = {line} + len('text') * 2.0  # of many\n" for line in range(1000)), "long")
    studio.frames()
    studio.click("editor_scroll")
    studio.press("ctrl", "end")
    scroll = studio.find("editor_scroll")
    assert editor.pad.caret == editor.pad.end and scroll.scroll_y > 900 * ROW_HEIGHT
    caret = editor._caret.screen_position_y
    assert scroll.screen_position_y <= caret <= scroll.screen_position_y + scroll.computed_height - ROW_HEIGHT / 2
    coloured, drawn = counted(monkeypatch, colours, "_pieces"), counted(monkeypatch, CodeRows, "_draw_row")
    for letter in "typed":
        editor.pad.type(letter)
        editor.tick()
    assert studio.model.text.endswith("typed")
    # Of a thousand lines a key colours its own, and draws those in view.
    assert len(coloured) == 5 and len(drawn) <= 5 * (scroll.computed_height / ROW_HEIGHT + 2)
    studio.press("ctrl", "home")
    assert scroll.scroll_y == 0.0
    studio.photograph("editor")


def test_who_begins_a_new_behaviour_goes_on_typing(studio: StudioUser) -> None:
    studio.click("new")
    studio.frames(8)
    studio.type("# mine\n")
    assert studio.model.text == f"# mine\n{NEW}"


def test_a_window_of_1280_shows_two_thirds_of_a_usual_line_of_code(studio: StudioUser) -> None:
    studio.studio.size = (1280 * ui.Workspace.get_dpi_scale(), 720 * ui.Workspace.get_dpi_scale())
    studio.frames(6)
    advance = studio.studio.panel.editor._ruler.advance
    assert (studio.find("editor_scroll").computed_width - GUTTER) / advance >= 66


_LONG = "def f(x):\n    return " + " + ".join(["x"] * 80)


def opened(user: StudioUser) -> None:
    user.model.load("x = 1\n", "other.py")


def opened_again(user: StudioUser) -> None:
    user.model.load(user.model.text, "same.py")


def line_begun(user: StudioUser) -> None:
    user.press("enter")


def home(user: StudioUser) -> None:
    user.press("home")


def up(user: StudioUser) -> None:
    user.press("up")


@pytest.mark.parametrize("go", [opened, opened_again, line_begun, home, up])
def test_beginnings_of_lines_come_back_into_view(studio: StudioUser, go: Callable[[StudioUser], None]) -> None:
    studio.write("")
    studio.type(_LONG)
    scroll = studio.find("editor_scroll")
    assert scroll.scroll_x > 0.0
    go(studio)
    studio.frames(4)
    assert scroll.scroll_x == 0.0 and studio.model.pad.caret.column < 12
