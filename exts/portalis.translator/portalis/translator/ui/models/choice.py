"""Which of the translators is chosen, and whether each works now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from portalis.translator.ui.host import Listeners
    from portalis.translator.ui.models.jobs import Jobs
    from portalis.translator.ui.models.problems import Tone
    from portalis.translator.ui.models.translators import Translator


class Window(Protocol):
    """What of the window the choice needs, and whom it tells."""

    jobs: Jobs
    changed: Listeners

    def say(self, message: str, tone: Tone = "plain") -> None:
        """Show news."""


class Choice:
    """The translators in the order of the selector; `index` is the chosen one's place, and `why_not` says of each why it does not work."""

    def __init__(self, window: Window, translators: Sequence[Translator]) -> None:
        self.translators = tuple(translators)
        self.index = 0
        self.why_not = [translator.why_not() for translator in self.translators]
        self._window = window

    @property
    def translator(self) -> Translator:
        """The chosen one."""
        return self.translators[self.index]

    @property
    def refusal(self) -> str:
        """Why the chosen one does not work; empty where it does."""
        return self.why_not[self.index]

    def about(self) -> tuple[str, Tone]:
        """Say what there is to know of the chosen one."""
        if self.refusal:
            return self.refusal, "bad"
        return self.translator.shown or "type a behaviour, translate it, select prims, bind it, play", "plain"

    def labels(self) -> list[str]:
        """Return what the selector shows."""
        return [f"{item.title} (offline)" if why else item.title for item, why in zip(self.translators, self.why_not, strict=True)]

    def choose(self, index: int) -> None:
        """Select a translator."""
        if index == self.index:
            return
        self.index = index
        # A server may have come or gone since this was asked; one that does not answer keeps nobody waiting.
        self._window.say(f"asking {self.translator.title} whether it works", "busy")
        self._ask_whether_it_works(index)

    def use(self, translators: Sequence[Translator]) -> None:
        """Translate by others from now on, in the order of those there were; what is being translated is not lost."""
        self.translators = tuple(translators)
        for index in range(len(self.translators)):
            self._ask_whether_it_works(index)

    def _ask_whether_it_works(self, index: int) -> None:
        asked = self.translators[index]

        def answered(why_not: str) -> None:
            # What was asked may be at another address by now.
            if self.translators[index] is not asked:
                return
            self.why_not[index] = why_not
            if self.index == index:
                self._window.say(*self.about())
            else:
                self._window.changed.tell()

        self._window.jobs.submit(asked.why_not, answered, lambda error: answered(str(error)))
