"""What a run costs, written over the preview: the last frame by what was done, and the behaviours that take the most of it."""

from __future__ import annotations

import time

import omni.ui as ui

from portalis.translator.ui.models.window import PanelModel
from portalis.translator.ui.style import GAP

_LINES = 6
_SECONDS_BETWEEN = 0.2


class Overlay:
    """Shows a model's costs in the current container, above whatever is drawn there. `draw` brings it up to date, some times a second."""

    def __init__(self, model: PanelModel) -> None:
        self._model = model
        self._due = 0.0
        self._shown: tuple[str, ...] = ()
        with ui.VStack(visible=False) as self.frame:
            ui.Spacer(height=GAP)
            with ui.HStack(height=0):
                ui.Spacer(width=GAP)
                with ui.ZStack(width=0, height=0):
                    ui.Rectangle(name="overlay")
                    with ui.HStack(height=0):
                        ui.Spacer(width=GAP)
                        with ui.VStack(height=0):
                            self._labels = [
                                ui.Label("", name="code", height=18, visible=False, identifier=f"overlay_{index}")
                                for index in range(_LINES)
                            ]
                        ui.Spacer(width=GAP)
                ui.Spacer()
            ui.Spacer()

    def draw(self) -> None:
        """Show what there is to know now."""
        if self.frame.visible != self._model.overlay:
            self.frame.visible, self._due = self._model.overlay, 0.0
        now = time.perf_counter()
        if not self._model.overlay or now < self._due:
            return
        self._due = now + _SECONDS_BETWEEN
        lines = self._model.run.costs(_LINES)
        if lines == self._shown:
            return
        self._shown = lines
        for index, label in enumerate(self._labels):
            label.visible = index < len(lines)
            label.text = lines[index] if index < len(lines) else ""
