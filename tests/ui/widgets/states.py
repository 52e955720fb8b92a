"""The states that the window can be in, one after another, with long names, long texts and many rows wherever somebody could have them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import omni.ui as ui
from pxr import Usd

from portalis.translator.ui.models.preferences import PREFERENCES, Preferences
from portalis.translator.ui.panels.preferences import PreferencesPanel
from portalis.translator.ui.style import panel_style
from tests.ui.widgets.user import StudioUser

LIFT = """from pxr import Gf

def lift(position: Gf.Vec3d, delta_time: float):
    position[2] += 2.0 * delta_time
    return position
"""
WRONG = """def step_of_a_long_calculation_with_a_long_name(everything_that_is_known_of_the_belt, speed_of_the_belt: float):
    return [os for value in everything_that_is_known_of_the_belt]

import os
"""


@dataclass(frozen=True, slots=True)
class State:
    """One state of a window: how it is called, what says so in words, and what says what to do next, by the widgets that say it."""

    name: str
    says: tuple[str, str]
    next: tuple[str, str]


def _studio(name: str, says: str, following: str) -> State:
    return State(name, ("status", says), ("next_step", following))


STATES = (
    _studio("empty", "type a behaviour, translate it", "press Translate"),
    _studio("completion", "", "press Translate"),
    _studio("busy", "translating and verifying", "Cancel gives it up"),
    State("no_translator", ("status", "server"), ("next_step", "choose another translator")),
    _studio("refused", "refused for 3 reasons", "mend what is listed under Problems"),
    State("explained", ("problem_0_explained", "Write instead"), ("next_step", "mend what is listed")),
    State("path", ("path_label", "save"), ("path_cancel", "Cancel")),
    State("keys", ("key_Ctrl+Enter", "Ctrl+Enter"), ("keys", "?")),
    State("examples", ("examples_title", "Examples: each opens a stage of its own"), ("examples_back", "Back")),
    State("no_prims", ("viewport_hint", "Nothing to draw"), ("next_step", "press Translate")),
    State("preferences", ("refused_laneFuel", "a whole number from 0 up"), ("prefer_undo", "What is chosen here counts")),
)


class Tour:
    """Goes through the states. `look` is called in each, with the state and the window that it is in."""

    def __init__(self, user: StudioUser, look: Callable[[State, ui.Window], None]) -> None:
        self._user = user
        self._look = look
        self.seen: list[str] = []

    def go(self) -> None:
        """Show every state."""
        self._with_code()
        self._with_little()
        self._preferences()

    def _see(self, name: str, window: ui.Window | None = None) -> None:
        state = next(state for state in STATES if state.name == name)
        self._user.frames(2)
        self._look(state, window or self._user.studio._window)
        self.seen.append(name)

    def _with_code(self) -> None:
        user, model = self._user, self._user.model
        self._see("empty")
        user.write("def f(")
        user.type("gr")
        self._see("completion")
        user.press("escape")
        model.load(WRONG, "a_long_name_for_the_code_of_a_behaviour_that_is_refused.py")
        user.frames(2)
        model.translate()
        with still(user):
            user.studio.panel._waiting_since = 1e-3
            self._see("busy")
        user.until(lambda: not model.translating)
        self._see("refused")
        user.click("problem_0_explain")
        self._see("explained")
        user.find("translator").model.get_item_value_model().set_value(1)
        user.until(lambda: not model.jobs.busy)
        model.load(LIFT, "lift.py")
        model.say(model.why_not[1], "bad")
        self._see("no_translator")
        user.find("translator").model.get_item_value_model().set_value(0)
        user.until(lambda: not model.jobs.busy)

    def _with_little(self) -> None:
        user = self._user
        user.click("examples")
        self._see("examples")
        user.click("examples_back")
        self._open(Usd.Stage.CreateInMemory())
        user.model.ask("save")
        self._see("path")
        user.model.answer("")
        user.model.show_keys()
        self._see("keys")
        user.model.show_keys()
        user.model.load("", "untitled.py")
        user.model.show("Ports")
        self._see("no_prims")

    def _preferences(self) -> None:
        preferences = Preferences(_Store())
        panel_title = "Preferences, as a host would hold them"
        window = ui.Window(panel_title, width=900, height=600, padding_x=0, padding_y=0, flags=ui.WINDOW_FLAGS_NO_TITLE_BAR)
        window.setPosition(0, 0)
        with window.frame, ui.ZStack(style=panel_style()):
            ui.Rectangle(name="ground")
            with ui.ScrollingFrame(horizontal_scrollbar_policy=ui.ScrollBarPolicy.SCROLLBAR_ALWAYS_OFF):
                panel = PreferencesPanel(preferences, {"hotkeys": "omni.kit.hotkeys.core is not enabled"})
        item = next(item for item in PREFERENCES if item.name == "laneFuel")
        panel._set(item, "many")
        ours = self._user._window
        self._user._window = lambda: window
        try:
            self._see("preferences", window)
        finally:
            self._user._window = ours
            window.visible = False
            window.destroy()

    def _open(self, stage: Usd.Stage) -> None:
        user = self._user
        user.studio.open_stage(stage, "opened")
        user.frames(3)
        user.select()


class _Store:
    def __init__(self) -> None:
        self._values: dict[str, Any] = {}

    def get(self, name: str) -> Any:
        """Return what is kept."""
        return self._values.get(name)

    def set(self, name: str, value: Any) -> None:
        """Keep it."""
        self._values[name] = value


@contextmanager
def still(user: StudioUser) -> Iterator[None]:
    """Nothing that goes on in the background ends meanwhile."""
    pump, tick = user.model.jobs.pump, user.model.run.tick
    user.model.jobs.pump = user.model.run.tick = lambda: None  # type: ignore[method-assign]
    try:
        yield
    finally:
        user.model.jobs.pump, user.model.run.tick = pump, tick  # type: ignore[method-assign]
