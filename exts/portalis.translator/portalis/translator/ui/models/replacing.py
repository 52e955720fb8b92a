"""The question that is asked before something else is opened in the place of text or edits that are nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from portalis.translator.ui.host import Listeners, Stages
    from portalis.translator.ui.models.document import Document
    from portalis.translator.ui.models.problems import Tone


class Saving(Protocol):
    """Who saves what is at stake."""

    @property
    def asks(self) -> bool:
        """Whether a path is asked for, or whether to replace what is there."""

    def save_or_ask(self) -> None:
        """Write the text to its file, or ask for one."""

    def save_stage(self) -> bool:
        """Write the stage to its file, or ask for one; False where that cannot be."""


class Window(Protocol):
    """What of the window the question is about."""

    document: Document
    stages: Stages | None
    changed: Listeners
    loaded: Listeners
    saved: Listeners

    @property
    def files(self) -> Saving:
        """Who saves."""

    def edit(self, text: str) -> None:
        """Take another text."""

    def ports_changed(self) -> None:
        """Show the ports on the selected prims, which waited for the answer."""

    def say(self, message: str, tone: Tone = "plain") -> None:
        """Show news."""


class Replacing:
    """Asks what becomes of what is not saved; `what` is to be done, in words, while it is asked, and empty otherwise."""

    def __init__(self, window: Window) -> None:
        self.what = ""
        self._window = window
        self._act: Callable[[], None] = lambda: None
        self._with_stage = False
        # What was at stake when saving was last begun; empty where nobody saves.
        self._saving: tuple[str, ...] = ()
        # Whether anything was saved since it is asked, by an answer or by a key of its own.
        self._saved = False
        window.saved.add(self._note_saved)

    def before(self, what: str, act: Callable[[], None], *, stage: bool) -> None:
        """Do `act`, which replaces the text and, where `stage`, the stage; ask first where anything of these is nowhere else."""
        self._act, self._with_stage, self._saving, self._saved = act, stage, (), False
        if self.at_stake(stage):
            self.what = what
            self._window.changed.tell()
        else:
            self.discard()

    def at_stake(self, stage: bool) -> tuple[str, ...]:
        """Return what would be lost, in words."""
        text = (f"the code of {self._window.document.title}",) if self._window.document.unsaved else ()
        stages = self._window.stages
        return (*text, f"edits of {stages.title}") if stage and stages is not None and stages.unsaved else text

    @property
    def question(self) -> str:
        """What is asked, in words."""
        return f"{self.what} replaces {' and '.join(self.at_stake(self._with_stage))}, which nobody saved"

    def save(self) -> None:
        """Save everything, under names that are asked for where there are none, and go on."""
        self._saving = self.at_stake(self._with_stage)
        (self._window.files.save_or_ask if self._window.document.unsaved else self._window.files.save_stage)()

    def discard(self) -> None:
        """Go on without saving; the text is as it was saved last, so that what is opened may show its own."""
        if self._window.document.unsaved:
            self._window.edit(self._window.document.saved)
            self._window.loaded.tell()
        act, self.what, self._act = self._act, "", lambda: None
        act()
        self._window.changed.tell()

    def keep(self) -> None:
        """Replace nothing, and say what is still there."""
        self._window.say(f"the text is still that of {self._window.document.title}")
        self.withdraw()

    def withdraw(self) -> None:
        """Ask no more: nobody wants it."""
        self.what, self._act = "", lambda: None
        self._window.ports_changed()

    def _note_saved(self) -> None:
        self._saved = True

    def tick(self) -> None:
        """See what became of saving: a name that was not given, or a disk that refused, leaves the question where it was.

        Who saves, by whatever key or button, agrees to go on; who takes the text back does not.
        """
        if not self.what or self._window.files.asks:
            return
        left = self.at_stake(self._with_stage)
        if not left:
            (self.discard if self._saved else self.withdraw)()
        elif self._saving and len(left) < len(self._saving):
            self.save()
        else:
            self._saving = ()
