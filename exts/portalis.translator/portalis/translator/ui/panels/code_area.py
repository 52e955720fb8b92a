"""Text as code: an area that shows it with line numbers, from widgets that every omni.ui has; what an editor of it does."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Protocol

import omni.ui as ui

from portalis.translator.ui.models.editing import Marker
from portalis.translator.ui.style import CODE_SIZE

_TOP = 4
_GUTTER = 46
_RULER = "0" * 40
# What is beyond this is not for reading in a window, and would slow every frame of it.
_MOST_LINES = 2000


class CodeEditor(Protocol):
    """An editor of Python: Kit has a better one than every omni.ui has."""

    def set_text(self, text: str) -> None:
        """Replace the text, without telling anybody."""

    def set_markers(self, markers: Sequence[Marker]) -> None:
        """Mark these places, and no others."""

    def show_place(self, line: int, column: int) -> None:
        """Bring a line and a column (from 1) into view."""

    def focus(self) -> None:
        """Take what is typed from now on."""

    def leave(self) -> None:
        """Let another field have what is typed."""

    def press(self, key: int, modifiers: int, down: bool) -> bool:
        """Do what a key of the window does in the editor; False where that is nothing."""

    def tick(self) -> None:
        """Draw what changed since the last frame."""

    def destroy(self) -> None:
        """Let go of the widgets."""


class CodeArea:
    """Text to read, of fixed width, with line numbers."""

    def __init__(self, identifier: str) -> None:
        # What is folded, and to how many columns it is.
        self._prose, self._columns = "", 0
        self._scroll = ui.ScrollingFrame(
            horizontal_scrollbar_policy=ui.ScrollBarPolicy.SCROLLBAR_AS_NEEDED,
            vertical_scrollbar_policy=ui.ScrollBarPolicy.SCROLLBAR_AS_NEEDED,
            identifier=f"{identifier}_scroll",
        )
        with self._scroll, ui.VStack():
            ui.Spacer(height=_TOP)
            self._body = ui.HStack(height=0)
            with self._body:
                self._gutter = ui.ZStack(width=ui.Pixel(_GUTTER))
                with self._gutter:
                    self._numbers = ui.Label("", name="numbers", alignment=ui.Alignment.RIGHT_TOP)
                ui.Spacer(width=8)
                with ui.ZStack():
                    # Draws nothing: its width tells what a character advances in whatever font there is.
                    with ui.Placer():
                        self._ruler = ui.Label(_RULER, name="ruler", width=0, height=CODE_SIZE)
                    self._field = ui.StringField(multiline=True, read_only=True, name="code", identifier=identifier)

    def set_text(self, text: str) -> None:
        """Replace the text."""
        self._prose = ""
        self._show(text)

    def _show(self, text: str) -> None:
        lines = text.split("\n")
        if len(lines) > _MOST_LINES:
            text = "\n".join([*lines[:_MOST_LINES], f"… {len(lines) - _MOST_LINES} more lines"])
        self._field.model.set_value(text)
        self._measure(text)

    def set_prose(self, text: str) -> None:
        """Show text that is no code: without line numbers, long lines folded to the width there is, and to another when it is so."""
        self._prose, self._columns = text, 0
        self.tick()

    def tick(self) -> None:
        """Fold text that is no code again where the width is another: before it is drawn, it has none."""
        columns = max(20, int((self._scroll.computed_width - 40) / self._advance()))
        if not self._prose or columns == self._columns:
            return
        self._columns = columns
        lines = self._prose.split("\n")
        folded = (textwrap.wrap(line, columns, subsequent_indent=" " * 10, drop_whitespace=False) or [""] for line in lines)
        self._show("\n".join(line for lines in folded for line in lines))
        self._numbers.text = ""
        self._gutter.width = ui.Pixel(4)

    def set_visible(self, visible: bool) -> None:
        """Show or hide the text and its numbers."""
        # What is scrolled would go on taking the mouse from whatever lies over it.
        self._scroll.visible = self._body.visible = visible

    def _measure(self, text: str) -> None:
        """Make the area as large as the text, so that numbers, marks and text scroll as one."""
        lines = text.split("\n")
        self._numbers.text = "\n".join(map(str, range(1, len(lines) + 1)))
        self._gutter.width = ui.Pixel(_GUTTER)
        # One line more than there are: the field scrolls by itself where the last line has no room below it.
        self._body.height = ui.Pixel(CODE_SIZE * (len(lines) + 1))
        self._field.width = ui.Pixel((max(map(len, lines)) + 4) * self._advance())

    def _advance(self) -> float:
        """Return what a character takes, in pixels; half its height until the first frame has measured it."""
        return float(self._ruler.computed_width) / len(_RULER) or CODE_SIZE / 2.0
