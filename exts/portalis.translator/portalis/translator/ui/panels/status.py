"""The line at the bottom: what the window does, or what came of it, and what to do next."""

from __future__ import annotations

import time

import omni.ui as ui

from portalis.translator.ui.models.glyphs import glyphs
from portalis.translator.ui.models.next_step import next_step
from portalis.translator.ui.models.tips import tip
from portalis.translator.ui.models.window import PanelModel
from portalis.translator.ui.style import GAP

# What is said while it plays is there for so long.
_SECONDS_TO_READ = 6.0
# What takes longer shows how long.
_MOMENT = 0.3
# What to do next is read whole, up to a width: what was said has the rest, and its tooltip all of it.
_LETTER, _WIDEST = 7.0, 460.0


class StatusLine:
    """Shows a model's news in the current container: on one line, or, where it is `narrow`, above what to do next."""

    def __init__(self, model: PanelModel, narrow: bool) -> None:
        self._model = model
        self._narrow = narrow
        self.waiting_since = 0.0
        with ui.ZStack(height=44 if narrow else 26):
            ui.Rectangle(name="raised")
            with ui.HStack(spacing=GAP):
                ui.Spacer(width=2)
                with ui.VStack() if narrow else ui.HStack(spacing=GAP):
                    alignment = ui.Alignment.LEFT_CENTER if narrow else ui.Alignment.RIGHT_CENTER
                    self.label = ui.Label("", identifier="status", elided_text=True)
                    self._next = ui.Label("", name="quiet", elided_text=True, alignment=alignment, identifier="next_step")
                with ui.VStack(width=0):
                    ui.Spacer()
                    self._progress = ui.ProgressBar(width=160, height=18, identifier="progress", visible=False)
                    ui.Spacer()
                ui.Spacer(width=2)

    def draw(self) -> None:
        """Say what there is to say now."""
        model = self._model
        following = next_step(model).words
        self._next.text = following
        self._next.set_tooltip(tip(following))
        if not self._narrow:
            self._next.width = ui.Pixel(min(len(following) * _LETTER, _WIDEST))
        if model.browsed is None:
            self._say(model.message, model.tone)
        else:
            self._say(model.browsed or "each example opens a stage of its own", "plain")
        self._progress.visible = model.run.state == "baking"
        self._progress.model.set_value(model.run.progress)

    def tick(self) -> None:
        """Follow what goes on: how long it takes already, or which frame it is at."""
        model = self._model
        if model.browsed is not None:
            return
        if model.translating or model.run.state == "preparing":
            self._draw_waiting()
        else:
            self.waiting_since = 0.0
        if model.run.state in ("playing", "baking"):
            self._draw_playing()

    def _draw_waiting(self) -> None:
        """Say how long it takes already, of what takes longer than a moment."""
        now = time.perf_counter()
        self.waiting_since = self.waiting_since or now
        waited = now - self.waiting_since
        if waited > _MOMENT:
            working = "translating and verifying" if self._model.translating else self._model.run.message
            self._say(f"{working}: {waited:.0f} s", "busy")

    def _draw_playing(self) -> None:
        """Say which frame it is at, once what was said last could be read."""
        model = self._model
        playing = model.run.message if model.run.state == "baking" else "nothing runs" if model.run.idle else "playing"
        if model.message == "playing" or time.monotonic() > model.said_at + _SECONDS_TO_READ:
            self._say(f"{playing}: frame {model.run.frame}", "busy")

    def _say(self, text: str, tone: str) -> None:
        self.label.text, self.label.name = glyphs(text), "" if tone == "plain" else tone
        self.label.set_tooltip(tip(text))
