"""The window's content: editor and tabs above, the run below. Built into any omni.ui container."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import omni.ui as ui

from portalis.translator.ui.actions import tooltip_of
from portalis.translator.ui.models.editor_keys import ENTER, ESCAPE, held
from portalis.translator.ui.models.layout import Layout
from portalis.translator.ui.models.paths import LABELS, TOOLTIPS
from portalis.translator.ui.models.problems import TABS, Purpose, Tab
from portalis.translator.ui.models.window import PanelModel
from portalis.translator.ui.panels.code_area import CodeArea, CodeEditor
from portalis.translator.ui.panels.editor import Editor
from portalis.translator.ui.panels.keys import KeysPanel
from portalis.translator.ui.panels.performance import BehaviourPanel, FramePlot
from portalis.translator.ui.panels.ports import PortsPanel
from portalis.translator.ui.panels.problems import ProblemsPanel
from portalis.translator.ui.panels.questions import Questions
from portalis.translator.ui.panels.room import Room
from portalis.translator.ui.panels.split import Split
from portalis.translator.ui.panels.status import StatusLine
from portalis.translator.ui.shortcuts import shortcut_of
from portalis.translator.ui.style import GAP, ROW, panel_style

_HEADING = 26
# A combo box is as high as its text, wherever its room ends.
_BOX = 24
# Below this width editor and tabs stand one above the other.
_NARROW = 760
# What the panel needs; where it gets less, it scrolls.
LEAST = (560.0, 480.0)
_SECONDS_BETWEEN_VALUES = 0.2
_SECONDS_BETWEEN_PLOTS = 0.1
# What a field's edit counts while it lasts, and for how many frames after it ended.
_WHILE_EDITED, _AFTER_EDIT = 100, 3
# Of the selected prims, so many are named where a pointer rests on their number.
_MOST_NAMED = 20
_TAB_WIDTH: dict[Tab, int] = {"Ports": 60, "Problems": 96, "Rust": 56, "WAT": 56, "Proof": 60}
_TAB_SHOWS: dict[Tab, str] = {
    "Ports": "What each input and output is bound to.",
    "Problems": "All that is wrong, and what to do about it.",
    "Rust": "The behaviour as Rust.",
    "WAT": "The module that runs, as text.",
    "Proof": "How the module was compared with CPython.",
}

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
        self._asked: Purpose | None = None
        # Frames until the path's field asks for the focus, and for how many its last edit counts: Enter ends it before it is told of.
        self._path_wanted = self._path_edited = 0
        self._leave = [model.changed.add(self._mark), model.edited.add(self._mark_editor), model.loaded.add(self._load)]
        self._buttons: dict[str, Any] = {}
        self._tabs: dict[Tab, tuple[Any, Any]] = {}
        self._shown: tuple[Tab, str] | None = None
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
            least = (110.0, 90.0) if self._narrow else (200.0, 200.0)
            with ui.ZStack():
                code = Split("split_code", not self._narrow, layout.code, least, lambda share: setattr(layout, "code", share))
            self._build_actions()
            self._build_notice()
        with code.first:
            self._build_editor()
        with code.second:
            self._build_tabs()
        with work.second:
            run = Split("split_run", True, layout.run, (330.0, 200.0), lambda share: setattr(layout, "run", share))
        with run.first:
            self._plot = FramePlot(self.model.run)
        with run.second:
            self._behaviours = BehaviourPanel(self.model.run)
        self._splits = (work, code, run)
        self._shown = self._asked = None
        self._stale = self._marks_stale = True

    def _fit(self) -> None:
        """Follow the room there is; build anew where the window became narrow, or wide again."""
        self._room.fit()
        for split in self._splits:
            split.fit()
        self._behaviours.fit()
        width = self._room.content.computed_width
        narrow = 0.0 < width < _NARROW
        if narrow != self._narrow and width > 0.0:
            self._narrow = narrow
            # Whoever chooses for a port goes on choosing.
            self.model.wanted_port = self._ports.picking
            self.editor.destroy()
            self._build()

    def tick(self) -> None:
        """Draw what changed since the last frame."""
        self._fit()
        if self._loaded:
            self._loaded = False
            self.editor.set_text(self.model.text)
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
        self._tick_path()
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
            if shortcut.keeps_focus and self.model.asked is None:
                self.editor.focus()

    def typed(self, key: int, modifiers: int, down: bool) -> bool:
        """Do what a key means to the field that is typed into: in that of the path Enter is its button, Escape asks no more."""
        if down and not held(modifiers) and key in (ENTER, ESCAPE) and self._path_edited:
            self.model.answer(self._path.model.as_string if key == ENTER else "")
            return True
        return self.editor.press(key, modifiers, down)

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
            self._button("translate", "Translate", self._translate, width=90, name="primary")
            ui.Label("function", name="quiet", width=0)
            self._function = ui.StringField(
                width=70, identifier="function", tooltip="Which function or class; empty where there is only one."
            )
            self._function.model.add_value_changed_fn(lambda value: setattr(model, "function", value.as_string))
            if self._narrow:
                ui.Spacer()
            else:
                self._build_title(ui.Alignment.LEFT_CENTER)
            self._button("open", "Open…", lambda: model.ask("open"), width=60)
            self._button("save_code", "Save code", model.save_or_ask, width=78)
            ui.Button("?", width=24, identifier="keys", tooltip="Which key does what.", clicked_fn=model.show_keys)
            self._selector = ui.Frame(width=126)
            self._labels: list[str] = []
        self._build_path()

    def _build_title(self, alignment: ui.Alignment) -> None:
        self._title = ui.Label("", name="quiet", elided_text=True, alignment=alignment, identifier="title")

    def _draw_selector(self) -> None:
        """Build the selector anew where a translator works now, or does no more: a box keeps the words that it was made with."""
        labels = self.model.labels()
        if labels == self._labels:
            return
        self._labels = labels
        self._selector.clear()
        with self._selector, ui.VStack():
            ui.Spacer()
            box = ui.ComboBox(self.model.chosen, *labels, height=_BOX, identifier="translator", tooltip="Who translates and verifies.")
            ui.Spacer()
        box.model.add_item_changed_fn(lambda items, _: self.model.choose(items.get_item_value_model().as_int))

    def _build_path(self) -> None:
        model = self.model
        self._path_row = ui.HStack(height=ROW, spacing=GAP, visible=False, identifier="path_row")
        with self._path_row:
            self._path_label = ui.Label("", name="quiet", width=96, identifier="path_label")
            self._path = ui.StringField(identifier="path")
            self._button("path_use", "", lambda: model.answer(self._path.model.as_string), width=70, name="primary")
            self._button("path_cancel", "Cancel", lambda: model.answer(""), width=70)
        self._edits = [
            self._path.model.subscribe_begin_edit_fn(lambda _: setattr(self, "_path_edited", _WHILE_EDITED)),
            self._path.model.subscribe_end_edit_fn(lambda _: setattr(self, "_path_edited", _AFTER_EDIT)),
        ]

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

    def _build_tabs(self) -> None:
        with ui.VStack(spacing=2):
            with ui.HStack(height=_HEADING, spacing=2):
                for tab in TABS:
                    with ui.ZStack(width=_TAB_WIDTH[tab]):
                        button = ui.Button(
                            tab, clicked_fn=lambda tab=tab: self.model.show(tab), identifier=f"tab_{tab}", tooltip=_TAB_SHOWS[tab]
                        )
                        with ui.VStack():
                            ui.Spacer()
                            line = ui.Rectangle(name="tab_line", height=2)
                        self._tabs[tab] = button, line
                if self._narrow:
                    # Beside its buttons there is no room for it.
                    self._build_title(ui.Alignment.RIGHT_CENTER)
                    ui.Spacer(width=4)
                else:
                    ui.Spacer()
            with ui.ZStack():
                ui.Rectangle(name="field")
                self._text = CodeArea("tab_text")
                self._ports = PortsPanel(self.model)
                self._problems = ProblemsPanel(self.model)
                self._keys = KeysPanel(isinstance(self.editor, Editor))
                self._empty = ui.Label("", name="empty", alignment=ui.Alignment.CENTER, identifier="tab_empty", word_wrap=True)

    def _build_actions(self) -> None:
        model = self.model
        timeline = model.host.timeline
        with ui.HStack(height=ROW, spacing=GAP):
            self._button("bind", "Bind", model.bindings.bind, width=90, name="primary")
            self._button("unbind", "Unbind", model.bindings.unbind, width=70)
            self._button("switch", "Disable", self._switch, width=70)
            self._button("budget", "Budget…", lambda: model.ask("budget"), width=70)
            self._selected = ui.Label("", name="quiet", identifier="selected", elided_text=True)
            if model.host.history() is not None:
                self._button("undo", "Undo", model.bindings.undo, width=56)
                self._button("redo", "Redo", model.bindings.redo, width=56)
        with ui.HStack(height=ROW, spacing=GAP):
            self._button("play", "Play", timeline.play, width=70)
            self._button("pause", "Pause", timeline.pause, width=70)
            self._button("stop", "Stop", timeline.stop, width=70)
            self._button("bake", "Bake", model.bake, width=70)
            ui.Spacer()
            self._button("export", "Export…", lambda: model.ask("export"), width=76)

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

    def _any_enabled(self) -> bool:
        return any(item.enabled for item in self.model.bindings.selected())

    # ------------------------------------------------------------------------------------------------------------- drawing
    def _load(self) -> None:
        self._loaded = True

    def _look_at_values(self) -> None:
        """Show the values that ports have now, some times a second."""
        now = time.perf_counter()
        if now >= self._values_due and self._ports.frame.visible:
            self._values_due = now + _SECONDS_BETWEEN_VALUES
            self.model.ports.look()
            self._ports.draw()

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
        self._selected.set_tooltip("\n".join(selected[:_MOST_NAMED]))
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
            self._notice_text.set_tooltip(self._notice_text.text)
        self._behaviours.draw(bool(model.bindings.selected()))
        self._questions.draw()
        self._draw_tabs()
        self._draw_path()
        if run.state not in ("playing", "baking"):
            self._plot.draw()

    def _draw_path(self) -> None:
        """Ask for a path, in a row of its own: every omni.ui has fields, and not every host a file dialog."""
        asked = self.model.asked
        if asked == self._asked:
            return
        self._asked = asked
        self._path_row.visible = asked is not None
        self._path_edited = 0
        if asked is not None:
            # A field that was not drawn yet gets no focus.
            self._path_wanted = 3
            self.editor.leave()
            self._path_label.text, self._buttons["path_use"].text = LABELS[asked]
            self._path.set_tooltip(TOOLTIPS[asked])
            self._path.model.set_value(self.model.suggestion())

    def _tick_path(self) -> None:
        if self._path_wanted:
            self._path_wanted -= 1
            if not self._path_wanted:
                self._path.focus_keyboard(True)
        if self._path_edited <= _AFTER_EDIT:
            self._path_edited = max(0, self._path_edited - 1)

    def _enable(self) -> None:
        model, run = self.model, self.model.run
        history = model.host.history()
        enabled = {
            "translate": model.can_translate or model.translating,
            "bind": not model.bindings.why_not_bind(),
            "undo": history is not None and history.can_undo(),
            "redo": history is not None and history.can_redo(),
            "play": run.state in ("stopped", "paused"),
            "pause": run.state == "playing",
            "stop": run.state != "stopped",
            "bake": run.state == "stopped" and model.host.stage is not None,
        }
        for key, button in self._buttons.items():
            if key in enabled:
                button.enabled = enabled[key]
        bindings = model.bindings.selected() if run.state in ("stopped", "paused") else []
        for key in ("unbind", "switch", "budget"):
            self._buttons[key].enabled = bool(bindings)
        self._buttons["switch"].text = "Disable" if any(item.enabled for item in bindings) or not bindings else "Enable"
        self._buttons["translate"].text = "Cancel" if model.translating else "Translate"
        self._buttons["translate"].set_tooltip(
            "End the translation; nothing is lost of the text." if model.translating else tooltip_of("translate")
        )
        self._buttons["bind"].text = "Bind again" if model.ports.rebinds else "Bind"
        self._buttons["bind"].set_tooltip(model.bindings.why_not_bind() or "Write the binding into the stage. Undo takes it back.")

    def _draw_tabs(self) -> None:
        model = self.model
        for tab, (button, line) in self._tabs.items():
            button.name = "tab_front" if tab == model.tab else "tab"
            line.visible = tab == model.tab and not model.keys_shown
        problems = model.problems()
        self._tabs["Problems"][0].text = f"Problems {len(problems)}" if problems else "Problems"
        shows = {"Ports": bool(model.ports.rows), "Problems": bool(problems)} if not model.keys_shown else {}
        text = model.text_of(model.tab) if model.tab not in shows and not model.keys_shown else ""
        self._keys.frame.visible = model.keys_shown
        self._empty.visible = not model.keys_shown and not shows.get(model.tab, bool(text))
        self._empty.text = model.empty_text_of(model.tab)
        self._ports.frame.visible = model.tab == "Ports" and shows.get("Ports", False)
        self._problems.frame.visible = model.tab == "Problems" and shows.get("Problems", False)
        if self._ports.frame.visible:
            self._ports.draw()
            if model.wanted_port is not None:
                self._ports.pick(*model.wanted_port)
                model.wanted_port = None
        if self._problems.frame.visible:
            self._problems.draw(problems)
        if self._shown != (model.tab, text):
            self._shown = model.tab, text
            (self._text.set_text if model.tab in ("Rust", "WAT") else self._text.set_prose)(text)
        self._text.set_visible(bool(text))
        star = " •" if model.document.unsaved else ""
        self._title.text = f"{model.document.title}{star}"
        self._title.set_tooltip(f"{self._title.text}{': not saved' if star else ''}")
