"""What a run costs, written over the preview: the last frame by what was done, and the behaviours that take the most of it."""

from __future__ import annotations

import time

import omni.ui as ui

from portalis.translator.ui.models.window import PanelModel
from portalis.translator.ui.style import CODE_SIZE, GAP

_LINES = 6
_SECONDS_BETWEEN = 0.2
# How wide a letter of code is at most, of its height.
_ADVANCE = 0.62


class Overlay:
    """Shows a model's costs in the current container, above whatever is drawn there. `draw` brings it up to date, some times a second."""

    def __init__(self, model: PanelModel) -> None:
        self._model = model
        self._due = 0.0
        self._shown: object = None
        # Clipped: what it shows gets the room that there is, and takes none from what is beside it.
        self.frame = ui.Frame(visible=False, horizontal_clipping=True, vertical_clipping=True)
        with self.frame, ui.VStack():
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
        letters = int((self.frame.computed_width - 4.0 * GAP) / (_ADVANCE * CODE_SIZE))
        if not self._model.overlay or now < self._due or letters <= 0:
            return
        self._due = now + _SECONDS_BETWEEN
        lines = self._model.run.costs(_LINES)
        if (lines, letters) == self._shown:
            return
        self._shown = lines, letters
        for index, label in enumerate(self._labels):
            label.visible = index < len(lines)
            line = lines[index] if index < len(lines) else ""
            label.text = line if len(line) <= letters else f"{line[: letters - 1]}…"
            label.set_tooltip(line.strip())
