"""Kit's own code editor, where that extension is enabled."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import Any

from portalis.translator.ui.models.editing import Marker
from portalis.translator.ui.panels.code_area import CodeEditor


def kit_editor(edited: Callable[[str], None]) -> CodeEditor | None:
    """Build Kit's editor in the current container; None where this Kit has none."""
    try:
        from omni.kit.widget.text_editor import TextEditor
    except ImportError:
        return None
    return _KitEditor(TextEditor, edited)


class _KitEditor:
    def __init__(self, text_editor: Any, edited: Callable[[str], None]) -> None:
        self._editor = text_editor(text="", syntax=text_editor.Syntax.PYTHON)
        self._edited = edited
        self._setting = False
        # What the callback is given differs between versions; the text is asked for instead.
        self._editor.set_edited_fn(lambda *_: self._changed())

    def set_text(self, text: str) -> None:
        self._setting = True
        self._editor.text = text
        self._setting = False

    def set_markers(self, markers: Sequence[Marker]) -> None:
        by_line: dict[int, str] = {}
        for marker in markers:
            text = f"{marker.title}\n{marker.help}".strip()
            by_line[marker.line] = f"{by_line[marker.line]}\n{text}" if marker.line in by_line else text
        # A version that wants something else shows no marks; the diagnostics are in their tab all the same.
        with contextlib.suppress(TypeError):
            self._editor.set_error_markers(by_line)

    def show_place(self, line: int, column: int) -> None:
        # Its markers show the line; there is no call that every version has to scroll to one.
        pass

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
        # It draws itself.
        pass

    def destroy(self) -> None:
        self._editor.set_edited_fn(None)

    def _changed(self) -> None:
        if not self._setting:
            # The editor ends its text with a line end that nobody typed.
            self._edited(self._editor.text[:-1])
