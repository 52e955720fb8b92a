"""At small and large sizes every widget that can be asked for lies in the window, or in a frame that scrolls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import omni.ui as ui
import pytest

from tests.ui.widgets.test_building import BALL, DOOR
from tests.ui.widgets.user import StudioUser


def identified(widget: Any, scrolled: bool = False) -> Iterator[tuple[Any, bool]]:
    """Give every visible widget with an identifier, and whether a frame scrolls it."""
    if widget is None or not widget.visible:
        return
    if widget.identifier:
        yield widget, scrolled
    for child in ui.Inspector.get_children(widget):
        yield from identified(child, scrolled or isinstance(widget, ui.ScrollingFrame | ui.TreeView))


@pytest.mark.parametrize("size", [(900, 600), (1280, 720), (1600, 900)])
def test_every_widget_lies_in_the_window(studio: StudioUser, size: tuple[int, int]) -> None:
    studio.studio.size = size
    studio.write(DOOR)
    studio.translate()
    studio.click(f"prim_0_{BALL}")
    studio.frames(6)
    studio.photograph(f"size_{size[0]}")
    width, height = size
    outside = [
        widget.identifier
        for widget, scrolled in identified(studio.studio._window.frame)
        if not scrolled
        and not (
            widget.screen_position_x >= -0.5
            and widget.screen_position_y >= -0.5
            and widget.screen_position_x + widget.computed_width <= width + 0.5
            and widget.screen_position_y + widget.computed_height <= height + 0.5
        )
    ]
    assert not outside
    # What became narrow and wide again is as it was.
    assert studio.model.text == DOOR and studio.find("port_input_hero") is not None


def test_keys_do_what_the_list_says(studio: StudioUser) -> None:
    studio.write("def f(x):\n    return x\n")
    studio.press("ctrl", "enter")
    studio.until(lambda: not studio.model.translating)
    assert studio.model.tab == "Problems" and studio.model.tone == "bad"
    studio.type("# kept")
    assert studio.model.text.endswith("# kept")
    studio.press("f1")
    assert "Write instead" in studio.find("problem_0_explained").text
    studio.press("ctrl", "s")
    assert studio.find("path").visible and studio.model.asked == "save"
    studio.click("path_cancel")
    assert studio.model.asked is None
    assert "Ctrl+Enter" in studio.find("keys").tooltip
