"""The question that is asked of somebody who closes the window over text, or edits of a stage, that are nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from portalis.translator.ui.host import Listeners
    from portalis.translator.ui.models.document import Document
    from portalis.translator.ui.models.replacing import Replacing, Saving


class Window(Protocol):
    """What of the window the question is about."""

    document: Document
    changed: Listeners
    loaded: Listeners
    saved: Listeners
    replacing: Replacing

    @property
    def files(self) -> Saving:
        """Who saves."""

    def edit(self, text: str) -> None:
        """Take another text."""


class Leaving:
    """Asks once: who closes the window again without an answer leaves, and the text stays as it is, for the next window."""

    def __init__(self, window: Window) -> None:
        # Whether the question is asked, and whether it was answered with leaving.
        self.asked = self.agreed = False
        # Whether a host cannot take the close back: then the question stays, and the window closes when all is saved.
        self.for_good = False
        self._window = window
        # What was at stake when saving was last begun; empty where nobody saves.
        self._saving: tuple[str, ...] = ()
        # Whether anything was saved since it is asked, by an answer or by a key of its own.
        self._saved = False
        window.saved.add(self._note_saved)

    @property
    def _at_stake(self) -> tuple[str, ...]:
        return self._window.replacing.at_stake(stage=True)

    @property
    def question(self) -> str:
        """What is asked, in words; empty where nothing is."""
        if not self.asked:
            return ""
        left, code = self._at_stake, self._window.document.unsaved
        then = "the window closes when it is saved or discarded"
        if not self.for_good:
            kept = ("keeps the code for the next window",) if code else ()
            lost = ("loses the edits",) if len(left) > len(kept) else ()
            then = f"closing again {' and '.join((*kept, *lost))}"
        return f"saved nowhere: {' and '.join(left)}; {then}"

    def closed(self) -> bool:
        """Take note that the window was closed; True where nothing keeps anybody, else it has to be there again, with the question."""
        leaves = self.agreed or self.asked or not self._at_stake
        self.asked, self.agreed, self._saving, self._saved = not leaves, False, (), False
        # Whatever becomes of the question: the next window finds the text.
        self._window.document.close()
        self._window.changed.tell()
        return leaves

    def save(self) -> None:
        """Save everything, under names that are asked for where there are none, and leave."""
        self._saving = self._at_stake
        (self._window.files.save_or_ask if self._window.document.unsaved else self._window.files.save_stage)()

    def discard(self) -> None:
        """Have the text as it was saved last, and leave."""
        self._window.edit(self._window.document.saved)
        self.agreed, self.asked = True, False
        self._window.loaded.tell()

    def keep(self) -> None:
        """Go on working."""
        self._saving = ()
        self.asked = self.for_good
        self._window.changed.tell()

    def _note_saved(self) -> None:
        self._saved = True

    def tick(self) -> None:
        """See what became of saving: a name that was not given, or a disk that refused, leaves the question where it was.

        Who saves, by whatever key or button, agrees to leave; who takes the text back does not.
        """
        if not self.asked or self._window.files.asks:
            return
        left = self._at_stake
        if not left:
            self.agreed, self.asked = self._saved or self.for_good, False
            # Who leaves wants nothing opened any more.
            self._window.replacing.withdraw()
            self._window.changed.tell()
        elif self._saving and len(left) < len(self._saving):
            self.save()
        else:
            self._saving = ()
