"""The text at hand as a document: where it came from, what of it is saved, and a copy that outlives a crash."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import Literal, TypeAlias

from portalis.translator.saving import replace_file
from portalis.translator.ui.models.editing import FILE, STARTER
from portalis.translator.ui.models.unsaved import Unsaved, digest, read_unsaved

# A crash loses at most what was typed in this time.
_SECONDS_BETWEEN_COPIES = 4.0


# What holds a text: a module of the stage, which an undo may take away, or what stays, a file or an example.
_Holder: TypeAlias = Literal["stage", "file"]


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
        # Recovered text that came from a module of a stage which is not open yet.
        self.waits_for: Unsaved | None = None
        # What was saved where, the last at the end.
        self._held: dict[_Holder, str] = {"file": STARTER}
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
        return self.text not in self._held.values()

    @property
    def saved(self) -> str:
        """The text as it was saved last."""
        return next(reversed(self._held.values()))

    def load(self, text: str, title: str, path: Path | None = None, module: str = "") -> None:
        """Take a text that is somewhere: in a file, on a stage or in an example."""
        self.text, self._held = text, {"stage" if module else "file": text}
        self.title, self.path, self.module, self.waits_for = title, path, module, None
        self._drop_copy()

    def keep(self, module: str) -> None:
        """Take note that the text as it is now is on the stage, in a module."""
        self.module, self.waits_for = module, None
        self._hold("stage", self.text)
        self._drop_copy()

    def look_at_module(self, text: str | None) -> None:
        """Take note of what the module has now: what it had before is held by it no more. None where it is gone."""
        if text is not None:
            self._held["stage"] = text
        elif self._held.pop("stage", None) is not None and not self._held:
            # Nothing is saved of it.
            self._held["file"] = ""

    def save(self, path: Path) -> None:
        """Write the text to a file, whole; OSError where that cannot be, and then nothing has changed."""
        replace_file(path, self.text.encode())
        self.path, self.title = path, path.name
        self._hold("file", self.text)
        self._drop_copy()

    def _hold(self, holder: _Holder, text: str) -> None:
        self._held.pop(holder, None)
        self._held[holder] = text

    def tick(self) -> None:
        """Keep a copy of unsaved text, once in some seconds. A disk that refuses it stops nobody from typing."""
        now = time.monotonic()
        if self._copy is None or not self.unsaved or self.text == self._copied or now < self._copy_due:
            return
        self._copy_due = now + _SECONDS_BETWEEN_COPIES
        with contextlib.suppress(OSError):
            self._copy.parent.mkdir(parents=True, exist_ok=True)
            in_file, on_stage = (digest(self._held.get(holder, "")) for holder in ("file", "stage"))
            Unsaved(self.text, self.title, str(self.path or ""), self.module, in_file, on_stage).write(self._copy)
            self._copied = self.text

    def recovered(self) -> Unsaved | None:
        """Return the text that an earlier window was ended with; None where there is none."""
        return read_unsaved(self._copy) if self._copy is not None else None

    def rejoin_file(self, left: Unsaved, text: str) -> bool:
        """Have recovered text go to the file that it came from, which has `text`; False where that is not what it had."""
        if digest(text) != left.in_file:
            return False
        self.title, self.path = left.title, Path(left.path)
        self._hold("file", text)
        return True

    def rejoin_module(self, text: str) -> None:
        """Have recovered text be that of the module that it waits for, which has `text`, if that is what it had."""
        left = self.waits_for
        if left is not None and digest(text) == left.on_stage:
            self.title, self.module, self.waits_for = left.title, left.module, None
            self._hold("stage", text)

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
