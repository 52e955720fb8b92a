"""The names that are offered under the caret, over the editor: chosen by keys, taken by a click as well."""

from __future__ import annotations

import functools
from collections.abc import Callable

import omni.ui as ui

from portalis.translator.ui.models.completing import Completion

_ROW = 18
_MOST_ROWS = 8
_EDGE = 8
# Between a name and what it is, in characters.
_APART = 3


class CompletionList:
    """Shows a `Completion` in the current container, which is as large as the editor; `take` is given the place of a name that is clicked.

    What is scrolled takes the mouse from whatever lies over it, unless that is a scrolling frame too, and a later one.
    """

    def __init__(self, completion: Completion, take: Callable[[int], None]) -> None:
        self._completion = completion
        self._take = take
        self._shown: object = None
        with ui.Placer() as self._place:
            self._frame = ui.ScrollingFrame(
                horizontal_scrollbar_policy=ui.ScrollBarPolicy.SCROLLBAR_ALWAYS_OFF,
                vertical_scrollbar_policy=ui.ScrollBarPolicy.SCROLLBAR_ALWAYS_OFF,
                width=0,
                height=0,
                visible=False,
                identifier="completions",
            )

    def draw(self, x: float, top: float, width: float, height: float, advance: float) -> None:
        """Show the list below the line whose upper edge is at `top`, above it where there is more room, of a container of this size."""
        offers, chosen = self._completion.offers, self._completion.chosen
        shown = offers, chosen, x, top, width, height, advance
        if shown == self._shown:
            return
        self._shown = shown
        self._frame.visible = bool(offers)
        if not offers:
            return
        below, above = height - top - _ROW - 2, top
        count = min(len(offers), _MOST_ROWS, max(1, int(max(below, above) // _ROW)))
        first = min(max(0, chosen - count // 2), len(offers) - count)
        longest = max(len(item.name) + len(item.about) for item in offers) + _APART
        wide = min(longest * advance + 2 * _EDGE, max(width - 2 * _EDGE, 0.0))
        self._frame.width, self._frame.height = ui.Pixel(wide), ui.Pixel(count * _ROW)
        self._place.offset_x = max(0.0, min(x - _EDGE, width - wide - _EDGE))
        self._place.offset_y = top + _ROW if below >= count * _ROW else max(0.0, top - count * _ROW)
        self._frame.clear()
        with self._frame, ui.ZStack():
            ui.Rectangle(name="offers")
            with ui.VStack():
                for index in range(first, first + count):
                    self._build_row(index, chosen)

    def _build_row(self, index: int, chosen: int) -> None:
        offer = self._completion.offers[index]
        with ui.ZStack(height=_ROW):
            ground = ui.Rectangle(name="offer_chosen" if index == chosen else "offer", identifier=f"offer_{offer.name}")
            # The press, for a click gives the focus to what is clicked, and what is typed next belongs to the editor.
            ground.set_mouse_pressed_fn(functools.partial(self._pressed, index))
            with ui.HStack(height=_ROW):
                ui.Spacer(width=_EDGE)
                ui.Label(offer.name, name="code_plain", width=0, height=_ROW)
                ui.Label(offer.about, name="numbers", alignment=ui.Alignment.RIGHT_CENTER, height=_ROW, elided_text=True)
                ui.Spacer(width=_EDGE)

    def _pressed(self, index: int, _x: float, _y: float, button: int, _modifiers: int) -> None:
        if button == 0:
            self._take(index)
