"""The tabs beside the code: ports, problems, the code that was made of it, its proof; and in their place the list of keys."""

from __future__ import annotations

from typing import Any

import omni.ui as ui

from portalis.translator.ui.models.problems import TABS, Tab
from portalis.translator.ui.models.window import PanelModel
from portalis.translator.ui.panels.code_area import CodeArea
from portalis.translator.ui.panels.keys import KeysPanel
from portalis.translator.ui.panels.ports import PortsPanel
from portalis.translator.ui.panels.problems import ProblemsPanel

_HEADING = 26
_WIDTH: dict[Tab, int] = {"Ports": 60, "Problems": 96, "Rust": 56, "WAT": 56, "Proof": 60}
_SHOWS: dict[Tab, str] = {
    "Ports": "What each input and output is bound to.",
    "Problems": "All that is wrong, and what to do about it.",
    "Rust": "The behaviour as Rust.",
    "WAT": "The module that runs, as text.",
    "Proof": "How the module was compared with CPython.",
}


def title(alignment: ui.Alignment) -> Any:
    """Build the label that says what is edited."""
    return ui.Label("", name="quiet", elided_text=True, alignment=alignment, identifier="title")


class Tabs:
    """Shows a model's tabs in the current container, and in `label`, or a label of their own, what is edited. `draw` brings it up to date.

    `own_keys` tells whether the list of keys has those of the studio's editor.
    """

    def __init__(self, model: PanelModel, label: Any, own_keys: bool) -> None:
        self._model = model
        self._buttons: dict[Tab, tuple[Any, Any]] = {}
        self._shown: tuple[Tab, str] | None = None
        with ui.VStack(spacing=2):
            with ui.HStack(height=_HEADING, spacing=2):
                for tab in TABS:
                    self._build_heading(tab)
                if label is None:
                    self.title = title(ui.Alignment.RIGHT_CENTER)
                    ui.Spacer(width=4)
                else:
                    self.title = label
                    ui.Spacer()
            with ui.ZStack():
                ui.Rectangle(name="field")
                self._text = CodeArea("tab_text")
                self.ports = PortsPanel(model)
                self._problems = ProblemsPanel(model)
                self._keys = KeysPanel(own_keys, model.tabs.show_keys)
                self._empty = ui.Label("", name="empty", alignment=ui.Alignment.CENTER, identifier="tab_empty", word_wrap=True)

    def _build_heading(self, tab: Tab) -> None:
        with ui.ZStack(width=_WIDTH[tab]):
            button = ui.Button(tab, clicked_fn=lambda: self._model.tabs.show(tab), identifier=f"tab_{tab}", tooltip=_SHOWS[tab])
            with ui.VStack():
                ui.Spacer()
                line = ui.Rectangle(name="tab_line", height=2)
        self._buttons[tab] = button, line

    def tick(self) -> None:
        """Follow the width that there is."""
        self._text.tick()
        self.ports.fit()

    def draw(self) -> None:
        """Show the tab in front as it is now."""
        model = self._model
        for tab, (button, line) in self._buttons.items():
            button.name = "tab_front" if tab == model.tabs.front else "tab"
            line.visible = tab == model.tabs.front and not model.tabs.keys_shown
        problems = model.problems.all()
        self._buttons["Problems"][0].text = f"Problems {len(problems)}" if problems else "Problems"
        shows = {"Ports": bool(model.ports.rows), "Problems": bool(problems)} if not model.tabs.keys_shown else {}
        text = model.tabs.text_of(model.tabs.front) if model.tabs.front not in shows and not model.tabs.keys_shown else ""
        self._keys.frame.visible = model.tabs.keys_shown
        self._empty.visible = not model.tabs.keys_shown and not shows.get(model.tabs.front, bool(text))
        self._empty.text = model.tabs.empty_text_of(model.tabs.front)
        self.ports.frame.visible = model.tabs.front == "Ports" and shows.get("Ports", False)
        self._problems.frame.visible = model.tabs.front == "Problems" and shows.get("Problems", False)
        if self.ports.frame.visible:
            self.ports.draw()
        if self._problems.frame.visible:
            self._problems.draw(problems)
        if self._shown != (model.tabs.front, text):
            self._shown = model.tabs.front, text
            (self._text.set_text if model.tabs.front in ("Rust", "WAT") else self._text.set_prose)(text)
        self._text.set_visible(bool(text))
        star = " *" if model.document.unsaved else ""
        self.title.text = f"{model.document.title}{star}"
        self.title.set_tooltip(f"{self.title.text}{': not saved' if star else ''}")
