"""What the window opens and saves: code, stages, tables of frame times; and the path, or the number, that it asks for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from portalis.translator.diagnostics import TranslationError
from portalis.translator.ui.models.overwriting import Overwriting
from portalis.translator.ui.models.paths import WRITTEN, completed, continued, folder_of, is_stage, meant, suggested
from portalis.translator.words import counted

if TYPE_CHECKING:
    from portalis.translator.ui.host import Host, Listeners, Stages
    from portalis.translator.ui.models.budgets import BudgetsModel
    from portalis.translator.ui.models.document import Document
    from portalis.translator.ui.models.problems import Purpose, Tone
    from portalis.translator.ui.models.replacing import Replacing
    from portalis.translator.ui.models.run import RunModel
    from portalis.translator.ui.models.unsaved import Unsaved


# Of the names that go on with what is written, so many are said.
_MOST_NAMED = 12


class Window(Protocol):
    """What of the window goes into files, and whom it tells."""

    host: Host
    run: RunModel
    document: Document
    budgets: BudgetsModel
    replacing: Replacing
    stages: Stages | None
    changed: Listeners
    saved: Listeners

    def load(self, text: str, title: str, path: Path | None = None) -> None:
        """Put a text into the editor."""

    def say(self, message: str, tone: Tone = "plain") -> None:
        """Show news."""


class Files:
    """Opens and saves for a window. `asked` is what a path, or a number, is asked for; None where nothing is."""

    def __init__(self, window: Window) -> None:
        self.asked: Purpose | None = None
        self.overwriting = Overwriting(window.changed, self.ask)
        self._window = window

    # -------------------------------------------------------------------------------------------------------------- asking
    @property
    def asks(self) -> bool:
        """Whether a path or a number is asked for, or whether to replace what is there."""
        return self.asked is not None or self.overwriting.path is not None

    def ask(self, purpose: Purpose) -> None:
        """Ask the user for a path, or for a number."""
        self.asked = purpose
        self._window.changed.tell()

    def suggestion(self) -> str:
        """Return the path that the field begins with."""
        if self.asked == "budget":
            return self._window.budgets.selected()
        return suggested(self.asked, self._window.document, self._stage_file) if self.asked is not None else ""

    def complete(self, written: str) -> str:
        """Return what is written of a path as far as it can only go on so, and say how it can from there."""
        if self.asked is None or self.asked == "budget":
            return written
        text, names = continued(self.asked, written, folder_of(self._window.document, self._stage_file))
        if not names:
            self._window.say("nothing to go on with: no file or folder that is meant here begins so")
        elif len(names) > 1:
            more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
            self._window.say(f"{', '.join(names[:_MOST_NAMED])}{more}")
        return text

    def answer(self, path: str) -> None:
        """Do what a path, or a number, was asked for, and ask on where that cannot be; an empty one asks no more."""
        purpose, self.asked = self.asked, None
        self._window.changed.tell()
        if path.strip() and purpose == "budget":
            self._again_unless(self._window.budgets.give(path), purpose)
        elif path.strip() and purpose is not None:
            does = {"open": self.open, "save": self.save, "save_stage": self.save_stage, "export": self.export}[purpose]
            document = self._window.document

            def use(target: Path) -> None:
                self._again_unless(does(target), purpose)

            target = completed(purpose, meant(path.strip(), folder_of(document, self._stage_file)))
            own = {"save": str(document.path or ""), "save_stage": self._stage_file}.get(purpose, "")
            if target.suffix in WRITTEN.get(purpose, ()) and not (own and target.resolve() == Path(own).resolve()):
                self.overwriting.before(target, purpose, lambda: use(target))
            else:
                use(target)

    def _again_unless(self, done: bool, purpose: Purpose) -> None:
        if not done:
            self.ask(purpose)

    # ---------------------------------------------------------------------------------------------------- opening and saving
    def open(self, path: Path) -> bool:
        """Read a Python file into the editor, or open a stage; what is saved nowhere is asked about first. False where that cannot be."""
        from portalis.translator.frontend import read_source

        window = self._window
        if is_stage(path):
            stages = window.stages
            if stages is None:
                window.say(f"{path.name} is a stage: open it with File > Open; this opens Python files", "bad")
            elif not path.is_file():
                window.say(f"not opened: there is no file {path}", "bad")
            else:
                window.replacing.before(f"opening {path.name}", lambda: stages.open(path), stage=True)
                return True
            return False
        try:
            source = read_source(path)
        except (OSError, TranslationError) as error:
            window.say(f"not opened: {_first_line(error)}", "bad")
            return False

        def load() -> None:
            window.load(source.text, path.name, path)
            window.say(f"opened {path}", "plain")

        window.replacing.before(f"opening {path.name}", load, stage=False)
        return True

    def find_again(self, left: Unsaved) -> bool:
        """Have recovered text go to the file that it came from; False where that is another now, or gone."""
        from portalis.translator.frontend import read_source

        try:
            return self._window.document.rejoin_file(left, read_source(Path(left.path)).text)
        except (OSError, TranslationError):
            return False

    def save(self, path: Path | None = None) -> bool:
        """Write the text to its file, or to another; False where that cannot be."""
        target = path or self._window.document.path
        if target is None:
            self._window.say("name a file to save to", "bad")
            return False
        target = completed("save", target)
        if target.suffix not in WRITTEN["save"]:
            stage = ": a stage is saved by Save stage" if is_stage(target) else ""
            self._window.say(f"not saved: code is saved to a .py file, not to {target.name}{stage}", "bad")
            return False
        try:
            self._window.document.save(target)
        except OSError as error:
            self._window.say(f"not saved: {error.strerror or error}: {target}", "bad")
            return False
        self._window.say(f"saved {target}", "good")
        self._window.saved.tell()
        return True

    def save_or_ask(self) -> None:
        """Write the text to its file, or ask for one where it has none."""
        if self._window.document.path is None:
            self.ask("save")
        else:
            self.save()

    def save_stage(self, path: Path | None = None) -> bool:
        """Write the stage to its file, or ask for one where it has none, where the host leaves that to the window.

        False where that cannot be.
        """
        stages = self._window.stages
        if stages is None:
            return True
        if path is None and not self._stage_file:
            self.ask("save_stage")
        elif path is not None and path.suffix not in WRITTEN["save_stage"]:
            self._window.say(f"not saved: a stage is saved to a .usda, .usdc or .usd file, not to {path.name}", "bad")
            return False
        else:
            return stages.save(path)
        return True

    def export(self, path: Path) -> bool:
        """Write the times of the last frames to a .csv or .json file; False where that cannot be."""
        if path.suffix not in WRITTEN["export"]:
            self._window.say("frame times are exported to a .csv or .json file", "bad")
            return False
        try:
            count = self._window.run.history.export(path)
        except OSError as error:
            self._window.say(f"not exported: {_first_line(error)}", "bad")
            return False
        self._window.say(f"exported {counted(count, 'frame')} to {path}", "good")
        return True

    @property
    def _stage_file(self) -> str:
        stage = self._window.host.stage
        return str(stage.GetRootLayer().realPath) if stage is not None else ""


def _first_line(error: Exception) -> str:
    if isinstance(error, TranslationError):
        return error.diagnostics[0].message
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}"
    return str(error).partition("\n")[0]
