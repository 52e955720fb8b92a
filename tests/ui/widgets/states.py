"""The states that the window can be in, one after another, with long names, long texts and many rows wherever somebody could have them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import omni.ui as ui
from pxr import Gf, Sdf, Usd, UsdGeom

from portalis.translator.source import SourceFile
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.author.trust import Approvals, default_policy
from portalis.translator.stage.outline import starter_stage
from portalis.translator.stage.run.engine import TranslatorEngine
from portalis.translator.ui.models.preferences import PREFERENCES, Preferences
from portalis.translator.ui.models.rows import BehaviourRow
from portalis.translator.ui.models.standing import Standing
from portalis.translator.ui.panels.preferences import PreferencesPanel
from portalis.translator.ui.style import panel_style
from tests.ui.widgets.user import StudioUser

BALL = "/World/Ball_00"
DEEP = "/World/Building_with_a_long_name/Second_floor_north_wing/Conveyor_number_seventeen/Roller_with_a_sensor_at_its_left_end"
PORTS = """from pxr import Gf

class RollerThatFollowsTheBeltAndReportsEveryBox:
    \"\"\"Turns with the belt, and counts what passes.\"\"\"

    position: Gf.Vec3d = Gf.Vec3d(0.0, 0.0, 0.0)
    direction_of_the_belt_below: Gf.Vec3d = Gf.Vec3d(1.0, 0.0, 0.0)
    speed_of_the_belt_in_units_a_second: float = 1.5
    orientation_of_the_neighbour: Gf.Quatd = Gf.Quatd(1.0, 0.0, 0.0, 0.0)
    boxes_that_passed: int = 0
    angle: float = 0.0

    def on_update(self, delta_time: float, hero: Gf.Vec3d, weight_of_the_box: float, is_blocked: bool):
        self.angle += self.speed_of_the_belt_in_units_a_second * delta_time
        if not is_blocked and weight_of_the_box > 1.0:
            self.boxes_that_passed += 1
        self.position = hero + self.direction_of_the_belt_below
"""
LIFT = """from pxr import Gf

def lift(position: Gf.Vec3d, delta_time: float):
    position[2] += 2.0 * delta_time
    return position
"""
FAILS = """from pxr import Gf

def climb_until_the_ceiling_is_reached(position: Gf.Vec3d, delta_time: float):
    if position[2] > 2.0:
        raise ValueError("the ceiling is reached: this prim is higher than anything in this building may ever be, says its plan")
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
    State("explained", ("problem_0_explained", "Types come from"), ("next_step", "mend what is listed")),
    State("ports", ("bound_input_hero", "not bound"), ("next_step", "choose what the ports marked red are bound to")),
    State("picker", ("picker_title", "the input hero"), ("picker_use", "Use value")),
    _studio("ready", "bound", "press Play"),
    State("question_leaving", ("leaving_text", "saved nowhere"), ("leaving_save", "Save")),
    State("question_replacing", ("replacing_text", "replaces the code of"), ("replacing_save", "Save first")),
    State("path", ("path_label", "save"), ("path_cancel", "Cancel")),
    State("keys", ("key_Ctrl+Enter", "Ctrl+Enter"), ("keys", "?")),
    _studio("playing", "playing: frame", "Pause holds it"),
    _studio("paused", "paused after frame", "Play goes on"),
    State("budget", ("path_label", "instructions"), ("path_use", "Allow")),
    State("performance", ("behaviour_state", "running"), ("next_step", "Play goes on")),
    _studio("baking", "baking", "Stop ends it"),
    _studio("error", "playing: frame", "mend what is listed under Problems"),
    State("trust", ("status", "nothing runs: frame"), ("next_step", "read the code under Problems, then trust it")),
    State("problems", ("problem_0_severity", "error"), ("next_step", "mend what is listed under Problems")),
    _studio("examples", "each example opens a stage of its own", "click an example to open it"),
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
        self._with_ports()
        self._with_a_run()
        self._with_errors()
        self._with_trust()
        self._with_many_problems()
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
            status = user.studio.panel._status
            status.waiting_since = time.perf_counter() - 2.0
            user.frames(1)
            # Its seconds stand still: a text is measured, and found as it was measured.
            status.tick = lambda: None  # type: ignore[method-assign]
            self._see("busy")
            del status.tick  # type: ignore[method-assign]
        user.until(lambda: not model.translating)
        self._see("refused")
        user.click("problem_0_explain")
        self._see("explained")
        user.find("translator").model.get_item_value_model().set_value(1)
        user.until(lambda: not model.jobs.busy)
        model.load(LIFT, "lift.py")
        model.say(model.choice.why_not[1], "bad")
        self._see("no_translator")
        user.find("translator").model.get_item_value_model().set_value(0)
        user.until(lambda: not model.jobs.busy)

    def _with_ports(self) -> None:
        user, model = self._user, self._user.model
        self._open(deep_stage())
        model.load(PORTS, "roller.py")
        model.tabs.show("Ports")
        user.select(DEEP)
        user.translate()
        self._see("ports")
        model.tabs.show_port("input hero")
        user.frames(1)
        user.frames(1)
        user.studio.panel._tabs.ports._picker._of_prim(DEEP)
        self._see("picker")
        user.click("picker_back")
        model.load(LIFT, "lift.py")
        user.select(BALL)
        user.translate()
        model.bindings.bind()
        self._see("ready")
        model.edit(LIFT + "# mine\n")
        user.studio.panel.editor.set_text(model.text)
        model.leaving.closed()
        self._see("question_leaving")
        model.leaving.keep()
        model.replacing.before(f"opening the example with a long title in {DEEP}", lambda: None, stage=True)
        self._see("question_replacing")
        model.replacing.keep()
        model.files.ask("save")
        self._see("path")
        model.files.answer("")
        model.tabs.show_keys()
        self._see("keys")
        model.tabs.show_keys()
        model.tabs.show("Ports")
        model.load(LIFT, "lift.py")

    def _with_a_run(self) -> None:
        user, run = self._user, self._user.model.run
        user.model.toggle_overlay()
        user.select()
        user.select(BALL)
        user.play(4)
        with still(user):
            self._see("playing")
        user.click("pause")
        self._see("paused")
        user.model.files.ask("budget")
        self._see("budget")
        user.model.files.answer("")
        rows = run.rows
        run.rows = many_rows()
        for number in range(2000):
            run.history.add(number, number * 0.4, (2e-3, 4e-3 + (number % 97) * 1e-4, 3e-3, 1e-3 if number % 500 else 3e-2))
        user.studio.panel._plot._show_range(3600)
        user.model.changed.tell()
        self._see("performance")
        run.rows = rows
        user.model.toggle_overlay()
        user.click("stop")
        with still(user):
            before = run.state, run.message, run.progress
            run.state, run.message, run.progress = "baking", "baking", 0.42
            user.model.say("baking", "busy")
            self._see("baking")
            run.state, run.message, run.progress = before
            user.model.changed.tell()

    def _with_errors(self) -> None:
        user = self._user
        stage = deep_stage()
        source = SourceFile("climb.py", FAILS)
        bind(stage, [DEEP, BALL], source, TranslatorEngine().interface(source, ""), approvals=approvals())
        self._open(stage)
        user.play(3)
        user.until(lambda: bool(user.model.run.errors))
        user.model.tabs.show("Problems")
        with still(user):
            self._see("error")
        user.click("stop")

    def _with_trust(self) -> None:
        user = self._user
        stage = deep_stage()
        source = SourceFile("climb.py", f"# From elsewhere.\n{FAILS}")
        bind(stage, [DEEP, BALL], source, TranslatorEngine().interface(source, ""))
        self._open(stage)
        user.model.tabs.show("Problems")
        user.click("play")
        user.until(lambda: user.model.run.idle)
        with still(user):
            self._see("trust")
        user.click("stop")

    def _with_many_problems(self) -> None:
        user, model = self._user, self._user.model
        self._open(crowd())
        model.load(PORTS.replace("hero: Gf.Vec3d", "wheelRadios: float").replace("hero +", "wheelRadios *"), "roller.py")
        user.select(*[f"{DEEP}/Wheel_{index:02}" for index in range(20)])
        user.translate()
        model.bindings.bind()
        model.tabs.show("Problems")
        self._see("problems")

    def _with_little(self) -> None:
        user = self._user
        user.click("examples")
        self._see("examples")
        user.click("examples_back")
        self._open(Usd.Stage.CreateInMemory())
        user.model.load("", "untitled.py")
        user.model.tabs.show("Ports")
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
    jobs, run, timeline = user.model.jobs, user.model.run, user.studio.host.timeline
    pump, tick, advance = jobs.pump, run.tick, timeline.advance
    jobs.pump = run.tick = lambda: None  # type: ignore[method-assign]
    timeline.advance = lambda elapsed: None  # type: ignore[method-assign]
    try:
        yield
    finally:
        jobs.pump, run.tick, timeline.advance = pump, tick, advance  # type: ignore[method-assign]


def approvals() -> Approvals:
    """The user's own approvals, which the test's are."""
    return default_policy().approvals


def deep_stage() -> Usd.Stage:
    """The stage that the studio begins with, and a prim far down."""
    stage = starter_stage()
    UsdGeom.Xform.Define(stage, DEEP).AddTranslateOp().Set(Gf.Vec3d(0.0, 0.0, 4.0))
    return stage


def crowd() -> Usd.Stage:
    """Twenty prims far down, none of which has what a behaviour asks for."""
    stage = deep_stage()
    for index in range(20):
        wheel = UsdGeom.Xform.Define(stage, f"{DEEP}/Wheel_{index:02}")
        wheel.AddTranslateOp().Set(Gf.Vec3d(float(index), 0.0, 0.0))
        wheel.GetPrim().CreateAttribute("wheelRadius", Sdf.ValueTypeNames.Double).Set(0.5)
    return stage


def many_rows() -> tuple[BehaviourRow, ...]:
    """A hundred behaviours, one of them with a long name and much to tell of its state."""
    standing = Standing("failing", "3 of 12000 prims: line 107: ValueError: the ceiling is reached, higher than which nothing may ever be")
    name = "roller_that_follows_the_belt_and_reports_every_box"
    first = BehaviourRow(name, standing, 123.456, 0.37, 12345, 107, 12000, 3.4e9, 512.5)
    running = Standing("running")
    rest = (BehaviourRow(f"behaviour_{number:02}", running, 0.05, 0.01, 0, 0, 1, 4321.0, 1.1) for number in range(99))
    return (first, *rest)
