"""Kit's own code editor, where that extension is enabled."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

from portalis.translator.ui.models.editing import Marker
from portalis.translator.ui.models.editor_text import EditorText
from portalis.translator.ui.models.window import PanelModel
from portalis.translator.ui.panels.code_area import CodeEditor

# Whatever a version calls otherwise, or has not: the editor goes on without it.
_OTHERWISE = (AttributeError, TypeError)
# Frames between two looks at the text, where nobody told of it.
_FRAMES_BETWEEN_LOOKS = 6


def kit_editor(identifier: str, model: PanelModel) -> CodeEditor | None:
    """Build Kit's editor of a window's text in the current container; None where this Kit has none, or makes it in another way."""
    try:
        from omni.kit.widget.text_editor import TextEditor

        return _KitEditor(TextEditor(text="", syntax=TextEditor.Syntax.PYTHON, identifier=identifier), model)
    except (ImportError, *_OTHERWISE):
        return None


class _KitEditor:
    """Follows the text and the caret of the widget into the model. What only some versions have is asked for and gone without."""

    def __init__(self, editor: Any, model: PanelModel) -> None:
        self._editor = editor
        self._model = model
        self._setting = False
        # Most versions end the text with a line end that nobody typed.
        self._ends_text = True
        self._looks_in = _FRAMES_BETWEEN_LOOKS
        with contextlib.suppress(*_OTHERWISE):
            # It is read on our own ground, whatever theme the host has.
            editor.palette = type(editor).Palette.DARK
        with contextlib.suppress(*_OTHERWISE):
            # What the callback is given differs between versions; the text is asked for instead.
            editor.set_edited_fn(lambda *_: self._look())

    def set_text(self, text: str) -> None:
        self._setting = True
        try:
            self._editor.text = text
        finally:
            self._setting = False
        self._ends_text = self._editor.text == f"{text}\n"
        self._hear_of_the_next()

    def set_markers(self, markers: Sequence[Marker]) -> None:
        by_line: dict[int, str] = {}
        for marker in markers:
            text = f"{marker.title}\n{marker.help}".strip()
            by_line[marker.line] = f"{by_line[marker.line]}\n{text}" if marker.line in by_line else text
        # Without its marks the diagnostics are in their tab all the same.
        with contextlib.suppress(*_OTHERWISE):
            self._editor.set_error_markers(by_line)

    def show_place(self, line: int, column: int) -> None:
        # Where the caret cannot be set, the mark shows the line.
        with contextlib.suppress(*_OTHERWISE):
            self._editor.cursor_position = (line, column)

    def focus(self) -> None:
        # Kit's editor keeps it: no key of ours takes it away.
        pass

    def leave(self) -> None:
        # A field that asks for the focus gets it.
        pass

    def press(self, _key: int, _modifiers: int, _down: bool) -> bool:
        # Its keys are its own.
        return False

    def tick(self) -> None:
        # A version may tell of the first edit alone.
        self._looks_in -= 1
        if self._looks_in <= 0:
            self._look()

    def destroy(self) -> None:
        with contextlib.suppress(*_OTHERWISE):
            self._editor.set_edited_fn(None)

    def _look(self) -> None:
        if self._setting:
            return
        self._looks_in = _FRAMES_BETWEEN_LOOKS
        text = self._editor.text
        self._model.edit(text.removesuffix("\n") if self._ends_text else text)
        self._hear_of_the_next()
        self._follow_caret(self._model.pad)

    def _hear_of_the_next(self) -> None:
        with contextlib.suppress(*_OTHERWISE):
            self._editor.reset_edited()

    def _follow_caret(self, pad: EditorText) -> None:
        """Put the model's caret, which F1 explains the line of, where the widget has its own."""
        if pad.text != self._model.text:
            pad.reset(self._model.text)
        with contextlib.suppress(*_OTHERWISE, ValueError):
            line, column = self._editor.cursor_position
            pad.place(pad.nearest(int(line) - 1, int(column) - 1))
