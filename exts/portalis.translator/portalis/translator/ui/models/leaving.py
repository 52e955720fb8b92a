"""The question that is asked of somebody who closes the window over text that is nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from portalis.translator.ui.host import Listeners
    from portalis.translator.ui.models.document import Document
    from portalis.translator.ui.models.problems import Purpose


class Window(Protocol):
    """What of the window the question is about."""

    document: Document
    asked: Purpose | None
    changed: Listeners
    loaded: Listeners

    def edit(self, text: str) -> None:
        """Take another text."""

    def save_or_ask(self) -> None:
        """Write the text to its file, or ask for one."""


class Leaving:
    """Asks once: who closes the window again without an answer leaves, and the text stays as it is, for the next window."""

    def __init__(self, window: Window) -> None:
        # Whether the question is asked, and whether it was answered with leaving.
        self.asked = self.agreed = False
        # Whether a host cannot take the close back: then the question stays, and the window closes when the text is saved.
        self.for_good = False
        self._window = window
        self._saving = False

    def closed(self) -> bool:
        """Take note that the window was closed; True where nothing keeps anybody, else it has to be there again, with the question."""
        leaves = self.agreed or self.asked or not self._window.document.unsaved
        self.asked, self.agreed, self._saving = not leaves, False, False
        # Whatever becomes of the question: the next window finds the text.
        self._window.document.close()
        self._window.changed.tell()
        return leaves

    def save(self) -> None:
        """Save the text, under a name that is asked for where it has none, and leave."""
        self._saving = True
        self._window.save_or_ask()

    def discard(self) -> None:
        """Have the text as it was saved last, and leave."""
        self._window.edit(self._window.document.saved)
        self.agreed, self.asked = True, False
        self._window.loaded.tell()

    def keep(self) -> None:
        """Go on working."""
        self._saving = False
        self.asked = self.for_good
        self._window.changed.tell()

    def tick(self) -> None:
        """See what became of saving: a name that was not given, or a disk that refused, leaves the question where it was."""
        if self._window.document.unsaved:
            self._saving = self._saving and self._window.asked == "save"
        elif self.asked:
            self.agreed, self.asked = self._saving or self.for_good, False
            self._window.changed.tell()
