"""Escape closes whatever lies on top, and the editor takes what is typed again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from omni.ui import Inspector

from tests.ui.widgets.test_building import BALL, DOOR
from tests.ui.widgets.user import StudioUser


@dataclass(frozen=True)
class Layer:
    """Something that is opened, by what it is seen."""

    seen: str
    open: Callable[[StudioUser], None]


def picker(user: StudioUser) -> None:
    user.model.translate()
    user.until(lambda: not user.model.translating)
    user.select(BALL)
    user.model.tabs.show("Ports")
    user.frames()
    user.click("pick_input_hero")
    user.click("picker_filter")


def overwriting(user: StudioUser) -> None:
    there = Path("there.py").absolute()
    there.write_text("x = 1\n")
    user.model.files.ask("save")
    user.model.files.answer(str(there))
    user.frames()


def leaving(user: StudioUser) -> None:
    assert not user.model.leaving.closed()
    user.frames()


def replacing(user: StudioUser) -> None:
    user.model.replacing.before("opening it", lambda: None, stage=False)
    user.frames()


LAYERS = [
    Layer("keys_scroll", lambda user: user.click("keys")),
    Layer("examples_scroll", lambda user: user.click("examples")),
    Layer("picker_prims", picker),
    Layer("path", lambda user: user.press("ctrl", "o")),
    Layer("leaving", leaving),
    Layer("replacing", replacing),
    Layer("overwriting", overwriting),
]


def shown(user: StudioUser, identifier: str) -> bool:
    """Whether it is drawn: it and all that it is in."""

    def within(widget: Any) -> bool:
        if widget is None or not widget.visible:
            return False
        return widget.identifier == identifier or any(map(within, Inspector.get_children(widget)))

    return within(user.studio._window.frame)


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.seen)
def test_escape_closes_what_lies_on_top(studio: StudioUser, layer: Layer) -> None:
    studio.write(DOOR)
    layer.open(studio)
    assert shown(studio, layer.seen)
    studio.press("escape")
    studio.frames(8)
    assert not shown(studio, layer.seen)
    assert studio.model.text == DOOR
    studio.type("#")
    assert studio.model.text == f"{DOOR}#"


def test_the_list_of_keys_has_a_button_that_closes_it(studio: StudioUser) -> None:
    studio.click("keys")
    studio.click("keys_close")
    assert not shown(studio, "keys_scroll")


def test_what_lies_below_is_closed_by_the_next_escape(studio: StudioUser) -> None:
    studio.click("examples")
    studio.click("keys")
    studio.press("ctrl", "o")
    for left in (["examples_scroll", "keys_scroll"], ["examples_scroll"], []):
        studio.press("escape")
        studio.frames(5)
        assert [seen for seen in ("examples_scroll", "keys_scroll", "path") if shown(studio, seen)] == left
