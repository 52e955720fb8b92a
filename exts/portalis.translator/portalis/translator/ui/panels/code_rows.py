"""Lines of code as labels in cells of one width, only those that are seen."""

from __future__ import annotations

import math
from collections.abc import Sequence

import omni.ui as ui

from portalis.translator.ui.models.cells import pieces
from portalis.translator.ui.models.colours import Part
from portalis.translator.ui.models.editing import Marker
from portalis.translator.ui.models.tips import tip
from portalis.translator.ui.style import CODE_SIZE

ROW_HEIGHT = 18
GUTTER = 46
_TOP = (ROW_HEIGHT - CODE_SIZE) // 2 - 1
_RULED = 40


class Ruler:
    """Measures the font that there is: labels that draw nothing, and how wide they are."""

    def __init__(self) -> None:
        with ui.ZStack(height=0), ui.Placer(), ui.ZStack():
            self._labels = [ui.Label(letter * _RULED, name="ruler", width=0, height=CODE_SIZE) for letter in "iM"]
        self.advance, self.fixed = CODE_SIZE / 2.0, True

    def measure(self) -> bool:
        """Take the measure; True where it is another than before. Before the first frame there is none."""
        narrow, wide = (float(label.computed_width) / _RULED for label in self._labels)
        if wide <= 0.0 or (wide, narrow == wide) == (self.advance, self.fixed):
            return False
        self.advance, self.fixed = wide, narrow == wide
        return True


class CodeRows:
    """The lines in view: a label for each run of one colour, the number, and what is marked. Built into a container as high as the text."""

    def __init__(self, ruler: Ruler) -> None:
        self._ruler = ruler
        self._stack = ui.ZStack()
        # Over the text, and where the view begins, however far it is scrolled to the side.
        self._beside = ui.Placer()
        with self._beside:
            self._gutters = ui.ZStack(width=GUTTER - 4)
        self._numbers: list[tuple[ui.Placer, ui.Frame]] = []
        self._rows: list[tuple[ui.Placer, ui.Frame]] = []
        self._shown: list[object] = []

    def draw(
        self, lines: Sequence[str], parts: Sequence[Sequence[Part]], markers: Sequence[Marker], first: int, height: float, current: int
    ) -> None:
        """Show the lines from `first` on, as many as `height` pixels show; rows that are the same are left alone."""
        self._make(math.ceil(height / ROW_HEIGHT) + 2)
        count = len(self._rows)
        for line in range(first, first + count):
            slot = line % count
            placer, frame = self._rows[slot]
            beside, gutter = self._numbers[slot]
            placer.visible = beside.visible = line < len(lines)
            if line >= len(lines):
                self._shown[slot] = None
                continue
            of_line = [marker for marker in markers if marker.line == line + 1]
            shown = (line, lines[line], parts[line], of_line, line == current, self._ruler.advance, self._ruler.fixed)
            if self._shown[slot] != shown:
                self._shown[slot] = shown
                placer.offset_y = beside.offset_y = line * ROW_HEIGHT
                frame.clear()
                gutter.clear()
                with gutter, ui.ZStack(height=ROW_HEIGHT, width=GUTTER - 4):
                    self._draw_number(line, of_line, line == current)
                with frame, ui.ZStack(height=ROW_HEIGHT):
                    self._draw_row(lines[line], parts[line], of_line, line == current)

    def keep_gutter(self, left: float) -> None:
        """Have the numbers and the marks where the view begins."""
        self._beside.offset_x = left

    def _make(self, count: int) -> None:
        if count <= len(self._rows):
            return
        self._shown = [None] * count
        self._rows, self._numbers = self._places(self._stack, count), self._places(self._gutters, count)

    @staticmethod
    def _places(stack: ui.ZStack, count: int) -> list[tuple[ui.Placer, ui.Frame]]:
        stack.clear()
        places = []
        with stack:
            for _ in range(count):
                with ui.Placer() as placer:
                    frame = ui.Frame(height=ROW_HEIGHT)
                places.append((placer, frame))
        return places

    def _draw_row(self, line: str, parts: Sequence[Part], markers: Sequence[Marker], current: bool) -> None:
        advance = self._ruler.advance
        if markers or current:
            # No placer: what fills one makes the text wider by the offset.
            with ui.HStack():
                ui.Spacer(width=GUTTER - 4)
                ui.Rectangle(name="mark_line" if markers else "current_line", height=ROW_HEIGHT)
        for cell, text, kind in pieces(line, parts, self._ruler.fixed):
            with ui.Placer(offset_x=GUTTER + cell * advance, offset_y=_TOP):
                ui.Label(text, name=f"code_{kind}", width=0, height=CODE_SIZE)
        for marker in markers:
            end = max(min(marker.end_column, len(line) + 1), marker.column + 1)
            with ui.Placer(offset_x=GUTTER + (marker.column - 1) * advance, offset_y=ROW_HEIGHT - 3):
                ui.Rectangle(name="mark_span", height=2, width=ui.Pixel((end - marker.column) * advance))

    def _draw_number(self, number: int, markers: Sequence[Marker], current: bool) -> None:
        ui.Rectangle(name="gutter", height=ROW_HEIGHT)
        with ui.Placer(offset_y=_TOP):
            name = "number_now" if current else "numbers"
            ui.Label(str(number + 1), name=name, alignment=ui.Alignment.RIGHT_TOP, width=GUTTER - 12, height=CODE_SIZE)
        if markers:
            tooltip = tip("\n".join(f"{marker.title}\n{marker.help}".rstrip() for marker in markers))
            with ui.Placer(offset_x=4, offset_y=5):
                ui.Circle(name="mark", width=8, height=8, tooltip=tooltip, identifier=f"marker_{number + 1}")
