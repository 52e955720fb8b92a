"""The text at hand as a document: where it came from, what of it is saved, and a copy that outlives a crash."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from portalis.translator.saving import replace_file
from portalis.translator.ui.models.editing import FILE, STARTER

# A crash loses at most what was typed in this time.
_SECONDS_BETWEEN_COPIES = 4.0


class Document:
    """A text, the file or the module of a stage that it came from, and what was last saved of it.

    `copy` is where unsaved text is kept while it is edited, and removed when it is saved; None keeps none.
    """

    def __init__(self, copy: Path | None = None) -> None:
        self.text = STARTER
        self.path: Path | None = None
        # What is told to people: a file, the path of a module prim, or that it is new.
        self.title = "new behaviour"
        # The module of the stage that has this text, or had it before it was changed; empty where none does.
        self.module = ""
        self._saved = STARTER
        self._copy = copy
        self._copied = STARTER
        self._copy_due = 0.0

    @property
    def name(self) -> str:
        """The name of the text in diagnostics."""
        return str(self.path) if self.path is not None else FILE

    @property
    def unsaved(self) -> bool:
        """Whether there is text that is nowhere else."""
        return self.text != self._saved

    @property
    def saved(self) -> str:
        """The text as it was saved last."""
        return self._saved

    def load(self, text: str, title: str, path: Path | None = None, module: str = "") -> None:
        """Take a text that is somewhere: in a file, on a stage or in an example."""
        self.text = self._saved = text
        self.title, self.path, self.module = title, path, module
        self._drop_copy()

    def keep(self, module: str) -> None:
        """Take note that the text as it is now is on the stage, in a module."""
        self._saved, self.module = self.text, module
        self._drop_copy()

    def save(self, path: Path) -> None:
        """Write the text to a file, whole; OSError where that cannot be, and then nothing has changed."""
        replace_file(path, self.text.encode())
        self.path, self.title, self._saved = path, path.name, self.text
        self._drop_copy()

    def tick(self) -> None:
        """Keep a copy of unsaved text, once in some seconds. A disk that refuses it stops nobody from typing."""
        now = time.monotonic()
        if self._copy is None or not self.unsaved or self.text == self._copied or now < self._copy_due:
            return
        self._copy_due = now + _SECONDS_BETWEEN_COPIES
        with contextlib.suppress(OSError):
            self._copy.parent.mkdir(parents=True, exist_ok=True)
            replace_file(self._copy, self.text.encode())
            self._copied = self.text

    def recovered(self) -> str:
        """Return the text that an earlier window was ended with, empty where there is none."""
        if self._copy is None:
            return ""
        try:
            return self._copy.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return ""

    def close(self) -> None:
        """Let go of the copy; of text that is nowhere else, leave it: nobody was asked, and the next window offers it."""
        if self.unsaved:
            self._copy_due = 0.0
            self.tick()
        else:
            self._drop_copy()

    def _drop_copy(self) -> None:
        self._copied = ""
        if self._copy is not None:
            with contextlib.suppress(OSError):
                self._copy.unlink(missing_ok=True)
