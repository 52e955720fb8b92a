"""The behaviours of the selected prims as a column of cards, narrow enough for a property window."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import omni.ui as ui

from portalis.translator.ui.actions import tooltip_of
from portalis.translator.ui.models.section import Card, SectionModel
from portalis.translator.ui.style import panel_style

_LINE = 20
_WIDTHS = (ui.Pixel(26), ui.Fraction(3), ui.Fraction(4), ui.Fraction(3))


class SectionPanel:
    """Shows the cards of a model in the current container; `show` brings the window with the editor up. `draw` brings it up to date."""

    def __init__(self, model: SectionModel, show: Callable[[], None]) -> None:
        self._model = model
        self._show = show
        self._shown: list[Any] | None = None
        self._standings: list[Any] = []
        self._ports: list[list[tuple[Any, Any]]] = []
        self._frame = ui.Frame(height=0, style=panel_style())

    def draw(self) -> None:
        """Show the cards as they are now."""
        cards = self._model.cards
        shown = [
            (card.title, card.module, card.prims, card.enabled, card.note, [(port.way, port.name) for port in card.ports]) for card in cards
        ]
        if shown != self._shown:
            self._shown = shown
            self._standings, self._ports = [], []
            self._frame.clear()
            with self._frame, ui.ZStack(height=0):
                # Our own ground: what is read on it is read in every host's colours.
                ui.Rectangle(name="ground")
                with ui.VStack(height=0, spacing=8):
                    for index, card in enumerate(cards):
                        self._build(index, card)
        for standing, ports, card in zip(self._standings, self._ports, cards, strict=True):
            standing.text, standing.name = card.standing.words, card.standing.tone
            standing.set_tooltip(card.standing.words)
            for (bound, value), port in zip(ports, card.ports, strict=True):
                bound.text, value.text = port.bound, port.value
                bound.set_tooltip(port.bound)
                value.set_tooltip(port.value)

    def _build(self, index: int, card: Card) -> None:
        key = f"section_{index}"
        with ui.VStack(height=0, spacing=2):
            with ui.HStack(height=_LINE):
                ui.Label(card.title, elided_text=True, tooltip=card.module, identifier=f"{key}_title")
                self._standings.append(ui.Label("", elided_text=True, alignment=ui.Alignment.RIGHT_CENTER, identifier=f"{key}_state"))
            lines = []
            for port in card.ports:
                with ui.HStack(height=_LINE, spacing=4):
                    ui.Label("in" if port.way == "input" else "out", name="quiet", width=_WIDTHS[0])
                    ui.Label(port.name, elided_text=True, tooltip=f"{port.name}: {port.type}", width=_WIDTHS[1])
                    bound = ui.Label("", name="quiet", elided_text=True, width=_WIDTHS[2], identifier=f"{key}_bound_{port.way}_{port.name}")
                    value = ui.Label("", elided_text=True, width=_WIDTHS[3], identifier=f"{key}_value_{port.way}_{port.name}")
                    lines.append((bound, value))
            self._ports.append(lines)
            if card.note:
                ui.Label(card.note, name="busy" if card.ports else "bad", word_wrap=True, identifier=f"{key}_note")
            with ui.HStack(height=24, spacing=4):
                self._button(key, "Open code", "open_code", functools.partial(self._open, card))
                switch = "Disable" if card.enabled is True else "Enable"
                self._button(key, switch, switch.lower(), functools.partial(self._model.switch, card))
                self._button(key, "Unbind", "unbind", functools.partial(self._model.unbind, card))

    def _button(self, key: str, text: str, action: str, clicked: Callable[[], None]) -> None:
        name = "switch" if action in ("enable", "disable") else action
        ui.Button(text, clicked_fn=clicked, tooltip=tooltip_of(action), identifier=f"{key}_{name}")

    def _open(self, card: Card) -> None:
        self._model.open_code(card)
        self._show()
