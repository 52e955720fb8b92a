"""The window's content: editor and tabs above, the run below. Built into any omni.ui container."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import omni.ui as ui

from portalis.translator.ui.models.run import summary
from portalis.translator.ui.models.window import TABS, PanelModel, Tab
from portalis.translator.ui.panels.code_area import CodeArea, CodeEditor
from portalis.translator.ui.panels.tables import BehaviourDelegate, BehaviourTable
from portalis.translator.ui.style import GAP, ROW, panel_style

_HEADING = 26
_SCALES = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)

MakeEditor = Callable[[str, Callable[[str], None]], CodeEditor]


class Panel:
    """Shows a `PanelModel`. Nothing is drawn from callbacks: they mark what changed, and `tick` draws."""

    def __init__(self, model: PanelModel, make_editor: MakeEditor = CodeArea) -> None:
        self.model = model
        self._stale = True
        self._marks_stale = True
        self._leave = [model.changed.add(self._mark), model.edited.add(self._mark_editor)]
        self._buttons: dict[str, Any] = {}
        self._tabs: dict[Tab, tuple[Any, Any]] = {}
        self._shown: tuple[Tab, str] | None = None
        self.table = BehaviourTable()
        self._delegate = BehaviourDelegate()
        with ui.ZStack(style=panel_style()):
            ui.Rectangle(name="ground")
            with ui.HStack():
                ui.Spacer(width=GAP)
                with ui.VStack(spacing=GAP):
                    ui.Spacer(height=0)
                    self._build_top()
                    with ui.HStack(spacing=GAP, height=ui.Fraction(1)):
                        self._build_editor(make_editor)
                        self._build_tabs()
                    self._build_actions()
                    self._build_notice()
                    with ui.HStack(spacing=GAP, height=170):
                        self._build_plot()
                        self._build_table()
                    self._build_status()
                ui.Spacer(width=GAP)

    def tick(self) -> None:
        """Draw what changed since the last frame."""
        if self._marks_stale:
            self._marks_stale = False
            self.editor.set_markers(self.model.markers)
        if self._stale:
            self._stale = False
            self._draw()
        if self.model.run.state in ("playing", "baking"):
            self._draw_plot()
            self._status.text = f"{self.model.message}: frame {self.model.run.frame}"

    def destroy(self) -> None:
        """Let go of the model and the widgets' models."""
        for leave in self._leave:
            leave()
        self._leave = []
        self.editor.destroy()
        self._text.destroy()

    # ------------------------------------------------------------------------------------------------------------ building
    def _build_top(self) -> None:
        with ui.HStack(height=ROW, spacing=GAP):
            self._button("translate", "Translate", self.model.translate, width=100, name="primary")
            ui.Label("function", name="quiet", width=0)
            field = ui.StringField(width=130, identifier="function", tooltip="Which function or class; empty where there is only one.")
            field.model.add_value_changed_fn(lambda value: setattr(self.model, "function", value.as_string))
            ui.Spacer()
            ui.Label("translator", name="quiet", width=0)
            box = ui.ComboBox(self.model.chosen, *self.model.labels(), width=190, identifier="translator")
            box.model.add_item_changed_fn(lambda items, _: self.model.choose(items.get_item_value_model().as_int))

    def _build_editor(self, make_editor: MakeEditor) -> None:
        with ui.VStack(width=ui.Fraction(1), spacing=2):
            ui.Label("Python", name="heading", height=_HEADING)
            with ui.ZStack():
                ui.Rectangle(name="field")
                self.editor = make_editor("editor", self.model.edit)
        self.editor.set_text(self.model.text)

    def _build_tabs(self) -> None:
        with ui.VStack(width=ui.Fraction(1), spacing=2):
            with ui.HStack(height=_HEADING, spacing=2):
                for tab in TABS:
                    with ui.ZStack(width=92):
                        button = ui.Button(tab, clicked_fn=lambda tab=tab: self.model.show(tab), identifier=f"tab_{tab}")
                        with ui.VStack():
                            ui.Spacer()
                            line = ui.Rectangle(name="tab_line", height=2)
                        self._tabs[tab] = button, line
                ui.Spacer()
            with ui.ZStack():
                ui.Rectangle(name="field")
                self._text = CodeArea("tab_text")
                self._empty = ui.Label("", name="empty", alignment=ui.Alignment.CENTER, identifier="tab_empty")

    def _build_actions(self) -> None:
        model = self.model
        with ui.HStack(height=ROW, spacing=GAP):
            self._button("bind", "Bind to selection", model.bind, width=140)
            if model.host.history() is not None:
                self._button("undo", "Undo", model.undo, width=60)
                self._button("redo", "Redo", model.redo, width=60)
            self._selected = ui.Label("", name="quiet", identifier="selected", elided_text=True)
            timeline = model.host.timeline
            self._button("play", "Play", timeline.play, width=70)
            self._button("pause", "Pause", timeline.pause, width=70)
            self._button("stop", "Stop", timeline.stop, width=70)
            self._button("bake", "Bake", model.bake, width=70)

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

    def _build_plot(self) -> None:
        with ui.VStack(width=ui.Fraction(1), spacing=2):
            with ui.HStack(height=20):
                self._scale = ui.Label("", name="heading", width=150, identifier="scale")
                self._figures = ui.Label("", name="quiet", alignment=ui.Alignment.RIGHT_CENTER, identifier="figures")
            with ui.ZStack():
                ui.Rectangle(name="field")
                self._plot = ui.Plot(ui.Type.LINE, 0.0, 1.0, 0.0, 0.0, identifier="plot")
                self._no_frames = ui.Label("No frames yet.", name="empty", alignment=ui.Alignment.CENTER, identifier="no_frames")

    def _build_table(self) -> None:
        with ui.VStack(width=ui.Fraction(1), spacing=2):
            ui.Label("behaviours", name="heading", height=20)
            with ui.ZStack():
                ui.Rectangle(name="field")
                self._rows = ui.ScrollingFrame(horizontal_scrollbar_policy=ui.ScrollBarPolicy.SCROLLBAR_ALWAYS_OFF)
                with self._rows:
                    ui.TreeView(
                        self.table,
                        delegate=self._delegate,
                        root_visible=False,
                        header_visible=True,
                        column_widths=[ui.Fraction(3), ui.Fraction(2), ui.Fraction(2), ui.Fraction(2), ui.Fraction(2)],
                        identifier="behaviours",
                    )
                self._no_rows = ui.Label("", name="empty", alignment=ui.Alignment.CENTER, identifier="no_rows")

    def _build_status(self) -> None:
        with ui.ZStack(height=26):
            ui.Rectangle(name="raised")
            with ui.HStack():
                ui.Spacer(width=8)
                self._status = ui.Label("", identifier="status", elided_text=True)
                self._progress = ui.ProgressBar(width=160, height=18, identifier="progress", visible=False)
                ui.Spacer(width=8)

    def _button(self, key: str, text: str, clicked: Callable[[], None], width: int, name: str = "") -> None:
        self._buttons[key] = ui.Button(text, clicked_fn=clicked, width=width, name=name, identifier=key)

    # ------------------------------------------------------------------------------------------------------------- drawing
    def _mark(self) -> None:
        self._stale = True

    def _mark_editor(self) -> None:
        self._stale = self._marks_stale = True

    def _draw(self) -> None:
        model, run = self.model, self.model.run
        self._enable()
        self._status.text, self._status.name = model.message, "" if model.tone == "plain" else model.tone
        self._progress.visible = run.state == "baking"
        self._progress.model.set_value(run.progress)
        selected = list(model.host.selection())
        count = f"{len(selected)} prims selected" if len(selected) != 1 else selected[0]
        self._selected.text = count if selected else "no prim selected"
        self._notice.visible = bool(run.requests)
        if run.requests:
            first = run.requests[0]
            more = f" and {len(run.requests) - 1} more" if len(run.requests) > 1 else ""
            self._notice_text.text = (
                f"code that came with the stage: {first.module.path}{more} writes {first.described}; read it under Diagnostics"
            )
        self.table.set_rows(run.rows)
        self._rows.visible = bool(run.rows)
        self._no_rows.visible = not run.rows
        self._no_rows.text = "Bind a behaviour and press Play."
        self._draw_tabs()
        self._draw_plot()

    def _enable(self) -> None:
        model, run = self.model, self.model.run
        history = model.host.history()
        enabled = {
            "translate": model.can_translate,
            "bind": not model.why_not_bind(),
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
        self._buttons["bind"].set_tooltip(model.why_not_bind() or "author the binding at the edit target")

    def _draw_tabs(self) -> None:
        model = self.model
        for tab, (button, line) in self._tabs.items():
            button.name = "tab_front" if tab == model.tab else "tab"
            line.visible = tab == model.tab
        text = model.text_of(model.tab)
        self._empty.visible = not text
        self._empty.text = model.empty_text_of(model.tab)
        if self._shown != (model.tab, text):
            self._shown = model.tab, text
            (self._text.set_text if model.tab in ("Rust", "WAT") else self._text.set_prose)(text)
            self._text.set_visible(bool(text))

    def _draw_plot(self) -> None:
        values = list(self.model.run.frame_ms)
        self._figures.text = summary(values)
        self._plot.visible, self._no_frames.visible = len(values) > 1, len(values) < 2
        usual = sorted(values)[int(len(values) * 0.95)] if values else 0.0
        # Round figures, so that the scale does not breathe with every frame; from the usual, so that one slow frame does not hide the rest.
        scale = next((step for step in _SCALES if step >= 1.3 * usual), 1.3 * usual)
        self._scale.text = f"frame time, 0 to {scale:g} ms" if values else "frame time"
        self._plot.scale_max = scale
        if len(values) > 1:
            self._plot.set_data(*values)
