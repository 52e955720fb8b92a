"""The question whether to leave text that is saved nowhere, as a bar over the window's content."""

from __future__ import annotations

import omni.ui as ui

from portalis.translator.ui.models.window import PanelModel
from portalis.translator.ui.style import GAP, ROW


class LeavingBar:
    """Shows the question of `model.leaving`, in the current container."""

    def __init__(self, model: PanelModel) -> None:
        self._model = model
        leaving = model.leaving
        self._bar = ui.ZStack(height=ROW + 8, visible=False, identifier="leaving")
        with self._bar:
            ui.Rectangle(name="notice")
            with ui.HStack(spacing=GAP):
                ui.Spacer(width=4)
                self._text = ui.Label("", name="busy", elided_text=True, identifier="leaving_text")
                for key, text, act, name, tooltip in (
                    ("save", "Save", leaving.save, "primary", "write it to its file, or to one that you name, and close"),
                    ("discard", "Discard", leaving.discard, "", "close, and have it as it was saved last"),
                    ("keep", "Keep working", leaving.keep, "", "close nothing"),
                ):
                    with ui.VStack(width=104 if key == "keep" else 76):
                        ui.Spacer(height=4)
                        ui.Button(text, clicked_fn=act, name=name, identifier=f"leaving_{key}", tooltip=tooltip)
                        ui.Spacer(height=4)
                ui.Spacer(width=4)

    def draw(self) -> None:
        """Show the question while it is asked."""
        self._bar.visible = self._model.leaving.asked
        leaving = self._model.leaving
        then = "the window closes when it is saved or discarded" if leaving.for_good else "closing again keeps it for the next window"
        self._text.text = f"{self._model.document.title} is saved nowhere as it is; {then}"
        self._text.set_tooltip(self._text.text)
