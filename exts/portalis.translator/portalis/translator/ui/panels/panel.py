"""The window's content: editor and tabs above, the run below. Built into any omni.ui container."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any

import omni.ui as ui

from portalis.translator.ui.actions import tooltip_of
from portalis.translator.ui.models.beginning import begin_new
from portalis.translator.ui.models.editor_keys import ESCAPE, held
from portalis.translator.ui.models.layout import Layout
from portalis.translator.ui.models.next_step import next_step
from portalis.translator.ui.models.on_top import close_top
from portalis.translator.ui.models.tips import tip
from portalis.translator.ui.models.window import PanelModel
from portalis.translator.ui.panels.code_area import CodeEditor
from portalis.translator.ui.panels.editor import Editor
from portalis.translator.ui.panels.hinted import HintedField
from portalis.translator.ui.panels.path_row import PathRow
from portalis.translator.ui.panels.performance import BehaviourPanel, FramePlot
from portalis.translator.ui.panels.questions import Questions
from portalis.translator.ui.panels.room import Room
from portalis.translator.ui.panels.split import Split
from portalis.translator.ui.panels.status import StatusLine
from portalis.translator.ui.panels.tabs import Tabs, title
from portalis.translator.ui.shortcuts import shortcut_of
from portalis.translator.ui.style import GAP, ROW, panel_style

# A combo box is as high as its text, wherever its room ends.
_BOX = 24
# Below this width editor and tabs stand one above the other.
_NARROW = 760
# What the panel needs; where it gets less, it scrolls.
LEAST = (572.0, 480.0)
_SECONDS_BETWEEN_VALUES = 0.2
_SECONDS_BETWEEN_PLOTS = 0.1
# Of the selected prims, so many are named where a pointer rests on their number.
_MOST_NAMED = 20

_FUNCTION = "Which function or class; empty where there is only one."

MakeEditor = Callable[[str, PanelModel], CodeEditor]


class Panel:
    """Shows a `PanelModel`. Nothing is drawn from callbacks: they mark what changed, and `tick` draws."""

    def __init__(self, model: PanelModel, make_editor: MakeEditor = Editor, layout: Layout | None = None) -> None:
        self.model = model
        self._layout = layout if layout is not None else Layout()
        self._stale = True
        self._marks_stale = True
        self._loaded = False
        self._values_due = self._plot_due = 0.0
        self._leave = [model.changed.add(self._mark), model.edited.add(self._mark_editor), model.loaded.add(self._load)]
        self._buttons: dict[str, Any] = {}
        self._make_editor = make_editor
        self._narrow = False
        self._frame = ui.Frame(style=panel_style())
        with self._frame:
            self._room = Room("panel_scroll", LEAST)
        self._build()

    def _build(self) -> None:
        """Build everything: editor and tabs beside one another where there is room, else one above the other."""
        layout = self._layout
        self._room.content.clear()
        with self._room.content:
            ui.Rectangle(name="ground")
            with ui.HStack():
                ui.Spacer(width=GAP)
                with ui.VStack(spacing=GAP):
                    ui.Spacer(height=0)
                    self._questions = Questions(self.model)
                    self._build_top()
                    with ui.ZStack():
                        work = Split("split_work", False, layout.work, (240.0, 110.0), lambda share: setattr(layout, "work", share))
                    self._status = StatusLine(self.model, self._narrow)
                ui.Spacer(width=GAP)
        with work.first, ui.VStack(spacing=GAP):
            share, least = ("stacked", (110.0, 90.0)) if self._narrow else ("code", (200.0, 340.0))
            with ui.ZStack():
                code = Split("split_code", not self._narrow, getattr(layout, share), least, functools.partial(setattr, layout, share))
            self._build_actions()
            self._build_notice()
        with code.first:
            self._build_editor()
        with code.second:
            self._tabs = Tabs(self.model, self._title if not self._narrow else None, isinstance(self.editor, Editor))
        with work.second:
            run = Split("split_run", True, layout.run, (332.0, 230.0), lambda share: setattr(layout, "run", share))
        with run.first:
            self._plot = FramePlot(self.model.run)
        with run.second:
            self._behaviours = BehaviourPanel(self.model.run)
        self._splits = (work, code, run)
        self._stale = self._marks_stale = True

    def _fit(self) -> None:
        """Follow the room there is; build anew where the window became narrow, or wide again."""
        self._room.fit()
        for split in self._splits:
            split.fit()
        self._behaviours.fit()
        self._tabs.tick()
        width = self._room.content.computed_width
        narrow = 0.0 < width < _NARROW
        if narrow != self._narrow and width > 0.0:
            self._narrow = narrow
            self.editor.destroy()
            self._build()

    def tick(self) -> None:
        """Draw what changed since the last frame."""
        self._fit()
        if self._loaded:
            self._loaded = False
            self.editor.set_text(self.model.text)
        if self._function.model.as_string != self.model.function:
            self._function.model.set_value(self.model.function)
        if self.model.wanted_place is not None:
            self.editor.show_place(*self.model.wanted_place)
            self.model.wanted_place = None
        if self._marks_stale:
            self._marks_stale = False
            self.editor.set_markers(self.model.markers)
        if self._stale:
            self._stale = False
            self._draw()
        self.editor.tick()
        self._path.tick()
        self._status.tick()
        if self.model.run.state in ("playing", "baking"):
            self._draw_plot()
            self._look_at_values()

    def press(self, key: int, modifiers: int, down: bool) -> None:
        """Do what a key of the window stands for: in what takes what is typed, else what the list of shortcuts says."""
        if self.typed(key, modifiers, down):
            return
        shortcut = shortcut_of(key, modifiers) if down else None
        if shortcut is not None:
            shortcut.act(self.model)
            if shortcut.keeps_focus and self.model.files.asked is None:
                self.editor.focus()

    def typed(self, key: int, modifiers: int, down: bool) -> bool:
        """Do what a key means to what is typed into; else Escape closes what lies on top, and the editor takes what is typed again."""
        if (down and self._path.press(key, modifiers)) or self.editor.press(key, modifiers, down):
            return True
        closed = down and key == ESCAPE and not held(modifiers) and close_top(self.model)
        if closed:
            self.editor.focus()
        return closed

    def destroy(self) -> None:
        """Let go of the model and the widgets' models."""
        for leave in self._leave:
            leave()
        self._leave = []
        self.editor.destroy()

    # ------------------------------------------------------------------------------------------------------------ building
    def _build_top(self) -> None:
        model = self.model
        with ui.HStack(height=ROW, spacing=GAP):
            self._button("translate", "Translate", self._translate, width=90)
            self._function = HintedField("function", "function", _FUNCTION, width=84)
            self._function.model.add_value_changed_fn(lambda value: self._name_function(value.as_string))
            if self._narrow:
                ui.Spacer()
            else:
                self._title = title(ui.Alignment.LEFT_CENTER)
            self._button("new", "New", lambda: begin_new(model), width=44)
            self._button("open", "Open…", lambda: model.files.ask("open"), width=56)
            self._button("save_code", "Save code", model.files.save_or_ask, width=78)
            ui.Button("?", width=24, identifier="keys", tooltip="Which key does what.", clicked_fn=model.tabs.show_keys)
            self._selector = ui.Frame(width=150)
            self._labels: list[str] = []
        self._path = PathRow(model, lambda: self.editor.leave())

    def _name_function(self, name: str) -> None:
        self.model.function = name

    def _draw_selector(self) -> None:
        """Build the selector anew where a translator works now, or does no more: a box keeps the words that it was made with."""
        choice = self.model.choice
        labels = choice.labels()
        if labels == self._labels:
            return
        self._labels = labels
        self._selector.clear()
        with self._selector, ui.VStack():
            ui.Spacer()
            box = ui.ComboBox(
                self.model.choice.index, *labels, height=_BOX, identifier="translator", tooltip="Who translates and verifies."
            )
            ui.Spacer()
        box.model.add_item_changed_fn(lambda items, _: choice.choose(items.get_item_value_model().as_int))

    def _build_editor(self) -> None:
        with ui.ZStack():
            ui.Rectangle(name="field")
            # Inside the edge of its ground: it draws on all of its room.
            with ui.VStack():
                ui.Spacer(height=1)
                with ui.HStack():
                    ui.Spacer(width=1)
                    self.editor = self._make_editor("editor", self.model)
                    ui.Spacer(width=1)
                ui.Spacer(height=1)
        self.editor.set_text(self.model.text)

    def _build_actions(self) -> None:
        model = self.model
        timeline = model.host.timeline
        with ui.HStack(height=ROW, spacing=GAP):
            self._button("bind", "Bind", model.bindings.bind, width=90)
            self._button("unbind", "Unbind", model.bindings.unbind, width=70)
            self._button("switch", "Disable", self._switch, width=70)
            self._button("budget", "Instructions…", lambda: model.files.ask("budget"), width=104)
            self._selected = ui.Label("", name="quiet", identifier="selected", elided_text=True)
            if model.host.history() is not None:
                self._button("undo", "Undo", model.bindings.undo, width=56)
                self._button("redo", "Redo", model.bindings.redo, width=56)
        with ui.HStack(height=ROW, spacing=GAP):
            self._button("play", "Play", timeline.play, width=70)
            self._button("pause", "Pause", timeline.pause, width=70)
            self._button("stop", "Stop", timeline.stop, width=70)
            if timeline.loops is not None:
                self._button("loop", "", self._switch_loop, width=80)
            self._button("bake", "Bake", model.bake, width=70)
            ui.Spacer()
            self._button("export", "Export times…", lambda: model.files.ask("export"), width=104)

    def _build_notice(self) -> None:
        self._notice = ui.ZStack(height=ROW + 8, visible=False)
        with self._notice:
            ui.Rectangle(name="notice")
            with ui.HStack(spacing=GAP):
                ui.Spacer(width=4)
                self._notice_text = ui.Label("", name="busy", elided_text=True, identifier="notice_text")
                with ui.VStack(width=160):
                    ui.Spacer(height=4)
                    self._button("approve", "Trust it and play", self.model.approve, width=156)
                    ui.Spacer(height=4)

    def _button(self, key: str, text: str, clicked: Callable[[], None], width: int, name: str = "") -> None:
        self._buttons[key] = ui.Button(text, clicked_fn=clicked, width=width, name=name, identifier=key, tooltip=tooltip_of(key))

    def _translate(self) -> None:
        (self.model.cancel if self.model.translating else self.model.translate)()

    def _switch(self) -> None:
        self.model.bindings.switch(not self._any_enabled())

    def _switch_loop(self) -> None:
        timeline = self.model.host.timeline
        timeline.loops = not timeline.loops
        self.model.changed.tell()

    def _any_enabled(self) -> bool:
        return any(item.enabled for item in self.model.bindings.selected())

    # ------------------------------------------------------------------------------------------------------------- drawing
    def _load(self) -> None:
        self._loaded = True

    def _look_at_values(self) -> None:
        """Show the values that ports have now, some times a second."""
        now = time.perf_counter()
        if now >= self._values_due and self._tabs.ports.frame.visible:
            self._values_due = now + _SECONDS_BETWEEN_VALUES
            self.model.ports.look()
            self._tabs.ports.draw()

    def _draw_plot(self) -> None:
        """Show the frames that were run since, some times a second."""
        now = time.perf_counter()
        if now >= self._plot_due:
            self._plot_due = now + _SECONDS_BETWEEN_PLOTS
            self._plot.draw()

    def _mark(self) -> None:
        self._stale = True

    def _mark_editor(self) -> None:
        self._stale = self._marks_stale = True

    def _draw(self) -> None:
        model, run = self.model, self.model.run
        self._enable()
        self._draw_selector()
        self._status.draw()
        selected = list(model.host.selection())
        count = f"{len(selected)} prims selected" if len(selected) != 1 else selected[0]
        self._selected.text = count if selected else "no prim selected"
        self._selected.set_tooltip(tip("\n".join(selected[:_MOST_NAMED])))
        self._notice.visible = bool(run.requests)
        if run.requests:
            waiting = model.waiting
            first = waiting[0]
            more = f" and {len(waiting) - 1} more" if len(waiting) > 1 else ""
            of_all = f" of {len(run.requests)}" if len(waiting) < len(run.requests) else ""
            self._buttons["approve"].text = f"Trust {len(waiting)}{of_all} and play" if len(run.requests) > 1 else "Trust it and play"
            self._notice_text.text = (
                f"code that came with the stage: {first.module.path}{more} writes {first.described}; read it under Problems"
            )
            self._notice_text.set_tooltip(tip(self._notice_text.text))
        self._behaviours.draw(model.bindings.somewhere)
        self._questions.draw()
        self._tabs.draw()
        self._path.draw()
        if run.state not in ("playing", "baking"):
            self._plot.draw()

    def _enable(self) -> None:
        model, run = self.model, self.model.run
        history = model.host.history()
        steps = {"undo": history.to_undo(), "redo": history.to_redo()} if history is not None else {}
        enabled = {
            "translate": model.can_translate or model.translating,
            "bind": not model.bindings.why_not_bind(),
            "undo": bool(steps.get("undo")),
            "redo": bool(steps.get("redo")),
            "play": run.state in ("stopped", "paused"),
            "pause": run.state == "playing",
            "stop": run.state != "stopped",
            "bake": run.state == "stopped" and model.host.stage is not None,
        }
        following = next_step(model).button
        for key, button in self._buttons.items():
            if key in enabled:
                button.enabled = enabled[key]
                button.name = "primary" if key == following else ""
        for key, label in steps.items():
            self._buttons[key].set_tooltip(tip(f"{tooltip_of(key)[:-1]}: {label}." if label else tooltip_of(key)))
        bindings = model.bindings.selected() if run.state in ("stopped", "paused") else []
        for key in ("unbind", "switch", "budget"):
            self._buttons[key].enabled = bool(bindings)
        self._buttons["switch"].text = "Disable" if any(item.enabled for item in bindings) or not bindings else "Enable"
        self._buttons["translate"].text = "Cancel" if model.translating else "Translate"
        self._buttons["translate"].set_tooltip(
            "End the translation; nothing is lost of the text." if model.translating else tooltip_of("translate")
        )
        if (loop := self._buttons.get("loop")) is not None:
            loop.text = "Loop: on" if model.host.timeline.loops else "Loop: off"
            loop.set_tooltip(tooltip_of("loop" if model.host.timeline.loops else "loop_off"))
        self._buttons["bind"].text = "Bind again" if model.ports.rebinds else "Bind"
        self._buttons["bind"].set_tooltip(tip(model.bindings.why_not_bind() or "Write the binding into the stage. Undo takes it back."))
