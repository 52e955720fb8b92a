"""Room for a window's content: never less than it needs; where the window has less, its content scrolls."""

from __future__ import annotations

import omni.ui as ui

from portalis.translator.ui.style import SCROLLBAR


class Room:
    """Build into `content`. `fit` follows the window; `least` is the width and height that the content needs."""

    def __init__(self, identifier: str, least: tuple[float, float]) -> None:
        self._least = least
        self._fitted = (0.0, 0.0)
        self.frame = ui.ScrollingFrame(
            horizontal_scrollbar_policy=ui.ScrollBarPolicy.SCROLLBAR_ALWAYS_OFF,
            vertical_scrollbar_policy=ui.ScrollBarPolicy.SCROLLBAR_ALWAYS_OFF,
            identifier=identifier,
        )
        with self.frame:
            self.content = ui.ZStack()

    def fit(self) -> None:
        """Give the content the room that there is now, or what it needs."""
        width, height = float(self.frame.computed_width), float(self.frame.computed_height)
        if (width, height) == self._fitted or width <= 0.0 or height <= 0.0:
            return
        self._fitted = width, height
        across, down = width < self._least[0], height < self._least[1]
        self.content.width = ui.Pixel(max(width - (SCROLLBAR if down else 0.0), self._least[0]))
        self.content.height = ui.Pixel(max(height - (SCROLLBAR if across else 0.0), self._least[1]))
        on, off = ui.ScrollBarPolicy.SCROLLBAR_ALWAYS_ON, ui.ScrollBarPolicy.SCROLLBAR_ALWAYS_OFF
        self.frame.horizontal_scrollbar_policy = on if across else off
        self.frame.vertical_scrollbar_policy = on if down else off
