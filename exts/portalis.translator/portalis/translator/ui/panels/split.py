"""Two parts of a window with a line between them that can be dragged."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import SupportsFloat

import omni.ui as ui

# How thick the line is for a pointer, and how thick it is drawn.
LINE, _DRAWN = 8, 2


class Split:
    """`first` and `second` are frames to build into; the first takes a share of the room, and neither less than it needs at least.

    `moved` gets the share that the user dragged the line to. `fit` follows the room there is.
    """

    def __init__(
        self,
        identifier: str,
        side_by_side: bool,
        share: float,
        least: tuple[float, float],
        moved: Callable[[float], None],
    ) -> None:
        self._side_by_side = side_by_side
        self._share = share
        self._least = least
        self._moved = moved
        self._room = 0.0
        self._placing = False
        axis = ui.Axis.X if side_by_side else ui.Axis.Y
        with ui.ZStack() as self._whole:
            with ui.HStack() if side_by_side else ui.VStack():
                # Clipped: a part takes the room that there is, whatever is in it.
                self.first = ui.Frame(horizontal_clipping=True, vertical_clipping=True)
                ui.Spacer(width=LINE) if side_by_side else ui.Spacer(height=LINE)
                self.second = ui.Frame(horizontal_clipping=True, vertical_clipping=True)
            self._placer = ui.Placer(draggable=True, drag_axis=axis)
            with self._placer:
                tooltip = "Drag to give one side more room."
                size = {"width": LINE} if side_by_side else {"height": LINE}
                with ui.ZStack(**size, tooltip=tooltip, identifier=identifier):
                    ui.Rectangle(name="clear")
                    with ui.VStack() if side_by_side else ui.HStack():
                        ui.Spacer()
                        ui.Rectangle(name="grip", **_grip(side_by_side))
                        ui.Spacer()
        if side_by_side:
            self._placer.set_offset_x_changed_fn(self._dragged)
        else:
            self._placer.set_offset_y_changed_fn(self._dragged)

    def fit(self) -> None:
        """Give both parts their shares of the room that there is now."""
        room = float(self._whole.computed_width if self._side_by_side else self._whole.computed_height) - LINE
        if room <= 0.0:
            return
        if abs(room - self._room) > 0.25:
            self._room = room
            self._place(self._within(self._share * room))

    def _within(self, first: float) -> float:
        # Whole points: of a border that is cut within one, next to nothing would be seen.
        return math.floor(min(max(first, self._least[0]), max(self._room - self._least[1], self._least[0])))

    def _place(self, first: float) -> None:
        self._placing = True
        if self._side_by_side:
            self.first.width = ui.Pixel(first)
            self._placer.offset_x = ui.Pixel(first)
        else:
            self.first.height = ui.Pixel(first)
            self._placer.offset_y = ui.Pixel(first)
        self._placing = False

    def _dragged(self, offset: SupportsFloat) -> None:
        if self._placing or self._room <= 0.0:
            return
        # At once: a line that is farther than it may go would make the whole larger.
        first = self._within(float(offset))
        self._place(first)
        self._share = first / self._room
        self._moved(self._share)


def _grip(side_by_side: bool) -> dict[str, float]:
    return {"height": 28} if side_by_side else {"width": 28}
