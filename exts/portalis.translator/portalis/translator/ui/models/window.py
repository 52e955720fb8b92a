"""The window's model: the editor, what was translated, binding, the run. It knows nothing of omni."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from portalis.translator.diagnostics import Diagnostic, TranslationError
from portalis.translator.source import SourceFile
from portalis.translator.ui.host import Host, Listeners, Stages
from portalis.translator.ui.models import problems as said
from portalis.translator.ui.models.bindings import BindingsModel
from portalis.translator.ui.models.budgets import BudgetsModel
from portalis.translator.ui.models.document import Document
from portalis.translator.ui.models.editing import Marker, markers_of
from portalis.translator.ui.models.editor_text import EditorText, Place
from portalis.translator.ui.models.jobs import Job, Jobs
from portalis.translator.ui.models.leaving import Leaving
from portalis.translator.ui.models.misspelt import Misspelt, misspelt
from portalis.translator.ui.models.overwriting import Overwriting
from portalis.translator.ui.models.paths import WRITTEN, completed, folder_of, is_stage, suggested
from portalis.translator.ui.models.ports import Behaviour, PortsModel, Way, named_port
from portalis.translator.ui.models.problems import Problem, Purpose, Remedy, Tab, Tone
from portalis.translator.ui.models.replacing import Replacing
from portalis.translator.ui.models.run import RunModel
from portalis.translator.ui.models.translators import MakeOptions, ShownTranslation, Translator
from portalis.translator.words import counted

if TYPE_CHECKING:
    from portalis.translator.stage.problems import StageProblem
    from portalis.translator.stage.run.warm import TrustRequest

_BAKED_FRAMES = 240


class PanelModel:
    """Everything that the window shows and can be asked to do. Not for use by several threads: `tick` belongs to the UI thread.

    `copy` is the file that keeps unsaved text, where a crash should lose none.
    """

    def __init__(
        self,
        host: Host,
        translators: Sequence[Translator],
        options: MakeOptions,
        publish_hz: float | None = None,
        copy: Path | None = None,
    ) -> None:
        self.host = host
        self.translators = tuple(translators)
        self.jobs = Jobs()
        self.run = RunModel(self.jobs, options, publish_hz)
        self.run.changed.add(self._run_changed)
        self.ports = PortsModel(self.run.engine, lambda: self.run.frame)
        self.document = Document(copy)
        # The text under the studio's caret, which outlives the widgets that show it.
        self.pad = EditorText(self.document.text)
        self.changed = Listeners()
        self.edited = Listeners()
        # Told when the text was replaced, and not by typing.
        self.loaded = Listeners()
        # Which function of the text is meant, empty for its only one; and the name that came with the text, which nobody typed.
        self.function = self._named = ""
        self.chosen = 0
        self.why_not = [translator.why_not() for translator in self.translators]
        self.tab: Tab = "Ports"
        # What the menu of examples says of the one that a pointer is on, empty where it is on none; None where the menu is closed.
        self.browsed: str | None = None
        # Whether what a run costs is written over the preview.
        self.overlay = False
        self.markers: tuple[Marker, ...] = ()
        # The line and the column to bring into view, where that is asked for.
        self.wanted_place: tuple[int, int] | None = None
        # Whether the list of keys is shown in the place of a tab.
        self.keys_shown = False
        # What a path or a number is asked for.
        self.asked: Purpose | None = None
        # The codes of problems that are explained at length.
        self.explained: frozenset[str] = frozenset()
        self.translated: ShownTranslation | None = None
        self.translating = False
        self._translation: tuple[Job, Translator]
        self.bindings = BindingsModel(self)
        self.budgets = BudgetsModel(self)
        self.leaving = Leaving(self)
        self.replacing = Replacing(self)
        self.overwriting = Overwriting(self)
        # Where the host leaves it to the window to open and save stages.
        self.stages: Stages | None = None
        # What the last translation and the last edit were refused for.
        self.refused: Exception | None = None
        self._misspelt: dict[Diagnostic, Misspelt] = {}
        self.not_bound: tuple[StageProblem, ...] = ()
        self._ports_stale = True
        # The message that is about the text or the selection at hand, and goes with it.
        self._verdict = ""
        self._run_news = self.run.news
        # When it was said.
        self.said_at = 0.0
        self.message, self.tone = self._about_translator()

    # -------------------------------------------------------------------------------------------------------------- editor
    @property
    def text(self) -> str:
        """The text in the editor."""
        return self.document.text

    def edit(self, text: str) -> None:
        """Take what was typed; marks of the text before are gone, and so is the right to bind what was translated from it."""
        if text == self.text:
            return
        self.document.text = text
        self.markers = ()
        if self.message == self._verdict:
            # It was about the text before.
            self.say("")
        if self._named and self.function == self._named and not re.search(rf"\b{re.escape(self._named)}\b", text):
            # Another behaviour was written in its place.
            self.function = self._named = ""
            self.changed.tell()
        self.edited.tell()

    def load(self, text: str, title: str, path: Path | None = None, function: str = "") -> None:
        """Put a text into the editor that is somewhere: in a file, on the stage, an example."""
        self.document.load(text, title, path)
        self.function = self._named = function
        self.markers, self.translated, self.refused, self.not_bound = (), None, None, ()
        self.ports.take(None)
        self.ports.forget_given()
        self._ports_stale = True
        self.loaded.tell()
        self.edited.tell()
        self.changed.tell()

    def recover(self) -> None:
        """Take up what an earlier window was ended with before it was saved."""
        if text := self.document.recovered():
            self.edit(text)
            self.loaded.tell()
            self.say("this is what an earlier window had not saved", "busy")

    def open(self, path: Path) -> None:
        """Read a Python file into the editor, or open a stage; what is saved nowhere is asked about first."""
        from portalis.translator.frontend import read_source

        if is_stage(path):
            stages = self.stages
            if stages is None:
                self.say(f"{path.name} is a stage: open it with File > Open; this opens Python files", "bad")
            elif not path.is_file():
                self.say(f"not opened: there is no file {path}", "bad")
            else:
                self.replacing.before(f"opening {path.name}", lambda: stages.open(path), stage=True)
            return
        try:
            source = read_source(path)
        except (OSError, TranslationError) as error:
            self.say(f"not opened: {_first_line(error)}", "bad")
            return

        def load() -> None:
            self.load(source.text, path.name, path)
            self.say(f"opened {path}", "plain")

        self.replacing.before(f"opening {path.name}", load, stage=False)

    def save(self, path: Path | None = None) -> None:
        """Write the text to its file, or to another."""
        target = path or self.document.path
        if target is None:
            self.say("name a file to save to", "bad")
            return
        target = completed("save", target)
        if target.suffix not in WRITTEN["save"]:
            stage = ": a stage is saved by Save stage" if is_stage(target) else ""
            self.say(f"not saved: code is saved to a .py file, not to {target.name}{stage}", "bad")
            return
        try:
            self.document.save(target)
        except OSError as error:
            self.say(f"not saved: {error.strerror or error}: {target}", "bad")
            return
        self.say(f"saved {target}", "good")

    def save_or_ask(self) -> None:
        """Write the text to its file, or ask for one where it has none."""
        if self.document.path is None:
            self.ask("save")
        else:
            self.save()

    def save_stage(self, path: Path | None = None) -> None:
        """Write the stage to its file, or ask for one where it has none, where the host leaves that to the window."""
        if self.stages is None:
            return
        if path is None and not self._stage_file:
            self.ask("save_stage")
        elif path is not None and path.suffix not in WRITTEN["save_stage"]:
            self.say(f"not saved: a stage is saved to a .usda, .usdc or .usd file, not to {path.name}", "bad")
        else:
            self.stages.save(path)

    @property
    def _stage_file(self) -> str:
        stage = self.host.stage
        return str(stage.GetRootLayer().realPath) if stage is not None else ""

    def suggestion(self) -> str:
        """Return the path that the field begins with."""
        if self.asked == "budget":
            return self.budgets.selected()
        return suggested(self.asked, self.document, self._stage_file) if self.asked is not None else ""

    def ask(self, purpose: Purpose) -> None:
        """Ask the user for a path, or for a number."""
        self.asked = purpose
        self.changed.tell()

    @property
    def asks(self) -> bool:
        """Whether a path or a number is asked for, or whether to replace what is there."""
        return self.asked is not None or self.overwriting.path is not None

    def answer(self, path: str) -> None:
        """Do what a path, or a number, was asked for; an empty one asks no more."""
        purpose, self.asked = self.asked, None
        self.changed.tell()
        if path.strip() and purpose == "budget":
            self.budgets.give(path)
        elif path.strip() and purpose is not None:
            use = {"open": self.open, "save": self.save, "save_stage": self.save_stage, "export": self.export}[purpose]
            target = completed(purpose, folder_of(self.document, self._stage_file) / Path(path.strip()).expanduser())
            own = {"save": str(self.document.path or ""), "save_stage": self._stage_file}.get(purpose, "")
            if target.suffix in WRITTEN.get(purpose, ()) and not (own and target.resolve() == Path(own).resolve()):
                self.overwriting.before(target, purpose, lambda: use(target))
            else:
                use(target)

    def export(self, path: Path) -> None:
        """Write the times of the last frames to a .csv or .json file."""
        if path.suffix not in WRITTEN["export"]:
            self.say("frame times are exported to a .csv or .json file", "bad")
            return
        try:
            count = self.run.history.export(path)
        except OSError as error:
            self.say(f"not exported: {_first_line(error)}", "bad")
        else:
            self.say(f"exported {counted(count, 'frame')} to {path}", "good")

    def choose(self, index: int) -> None:
        """Select a translator."""
        if index == self.chosen:
            return
        self.chosen = index
        # A server may have come or gone since this was asked; one that does not answer keeps nobody waiting.
        self.say(f"asking {self.translators[index].title} whether it works", "busy")
        self._ask_whether_it_works(index)

    def _ask_whether_it_works(self, index: int) -> None:
        asked = self.translators[index]

        def answered(why_not: str) -> None:
            # What was asked may be at another address by now.
            if self.translators[index] is not asked:
                return
            self.why_not[index] = why_not
            if self.chosen == index:
                self.say(*self._about_translator())
            else:
                self.changed.tell()

        self.jobs.submit(asked.why_not, answered, lambda error: answered(str(error)))

    def use(self, translators: Sequence[Translator]) -> None:
        """Translate by others from now on, in the order of those there were; what is being translated is not lost."""
        self.translators = tuple(translators)
        for index in range(len(self.translators)):
            self._ask_whether_it_works(index)

    def labels(self) -> list[str]:
        """Return what the selector shows."""
        return [f"{item.title} (offline)" if why else item.title for item, why in zip(self.translators, self.why_not, strict=True)]

    def show(self, tab: Tab) -> None:
        """Bring a tab to the front."""
        self.tab, self.keys_shown = tab, False
        self.changed.tell()

    def show_port(self, port: str) -> None:
        """Bring the ports to the front, and the choice for one of them, as in "input NAME"."""
        way, _, name = port.partition(" ")
        self.ports.pick("input" if way == "input" else "output", name)
        self.show("Ports")

    def show_keys(self) -> None:
        """Show the list of keys in the place of a tab, or no more."""
        self.keys_shown = not self.keys_shown
        self.changed.tell()

    def browse(self, shows: str | None) -> None:
        """Say what an example shows for as long as somebody looks at it; None ends looking."""
        self.browsed = shows
        self.changed.tell()

    def toggle_overlay(self) -> None:
        """Write what a run costs over the preview, or no more."""
        self.overlay = not self.overlay
        self.changed.tell()

    def text_of(self, tab: Tab) -> str:
        """Return a tab's text; empty where there is nothing to show."""
        translated = self.translated
        match tab:
            case "Problems":
                return "\n\n".join(problem.text() for problem in self.problems())
            case "Rust":
                return translated.rust if translated else ""
            case "WAT":
                return translated.wat if translated else ""
            case "Proof":
                return translated.proof if translated else ""
            case "Ports":
                return ""

    def empty_text_of(self, tab: Tab) -> str:
        """Return what to say where a tab has nothing to show."""
        if tab == "Problems":
            return "No problems."
        if tab == "Ports":
            return self._why_no_ports()
        return "Refused: see Problems." if self.refused is not None else "Press Translate."

    # ------------------------------------------------------------------------------------------------------------ problems
    def problems(self) -> tuple[Problem, ...]:
        """Return all that is wrong, what has to be done first before the rest."""
        run = self.run
        live = self.ports.problems if self.ports.behaviour is not None and not self.not_bound else self.not_bound
        # A run finds again what binding was warned of.
        told = {(item.code, item.message) for item in live}
        code = self.text if self.ports.rebinds and not self.ports.differs and not self.document.unsaved else ""
        return (
            *said.of_translation(self.refused, self._respelt),
            *said.of_endless(self._endless, self.translated.summary if self.translated else ""),
            *said.of_requests(run.requests, lambda item: (Remedy("Trust it and play", lambda: self.approve((item,))),)),
            *said.of_stage(live, "binding", self._remedies),
            *said.of_stage([item for item in run.problems if item.code != "PS150" and (item.code, item.message) not in told], "run"),
            *said.of_lanes(run.errors, code, self.budgets.remedies),
        )

    @property
    def _endless(self) -> int:
        """The line of a loop of the text at hand that did not end, 0 where there is none."""
        translated = self.translated
        return translated.endless if translated is not None and translated.source.text == self.text else 0

    def explain(self, code: str) -> None:
        """Show at length what a problem's code means, or no more."""
        self.explained ^= {code}
        self.changed.tell()

    def explain_here(self) -> None:
        """Explain the problem of the line that the caret is in, else the first there is."""
        problems = self.problems()
        if not problems:
            self.say("no problems to explain", "plain")
            return
        self.tab = "Problems"
        line = self.pad.caret.line + 1
        self.explained |= {next((problem for problem in problems if problem.line == line), problems[0]).code}
        self.changed.tell()

    def jump(self, line: int, column: int = 1) -> None:
        """Bring a place of the editor into view."""
        self.wanted_place = line, max(column, 1)
        self.changed.tell()

    def _remedies(self, problem: StageProblem) -> tuple[Remedy, ...]:
        port, meant = named_port(problem), self.ports.nearest(problem)
        if port is None or not meant or problem.severity != "error":
            return ()
        return (Remedy(f"use {meant}", lambda: self.give(*port, meant)),)

    @property
    def mended(self) -> bool:
        """Whether what was refused is a text that is another by now."""
        return isinstance(self.refused, TranslationError) and self.refused.source.text != self.text

    def _respelt(self, item: Diagnostic) -> tuple[Remedy, ...]:
        """Offer the name that is meant, while the line is the one that was refused."""
        found = self._misspelt.get(item)
        if found is None or self.document.line(found.line) != found.within:
            return ()
        return (Remedy(f"write {found.offered}", lambda: self._respell(found)),)

    def _respell(self, name: Misspelt) -> None:
        """Put the name that is meant into the text, as a step of its undo."""
        if self.document.line(name.line) != name.within:
            return
        pad = self.pad
        if pad.text != self.text:
            # Another editor's text, which this one follows when it is asked to.
            pad.reset(self.text)
        pad.select(Place(name.line, name.column), Place(name.line, name.end_column))
        pad.insert(name.instead)
        self.edit(pad.text)
        self.loaded.tell()
        self.jump(name.line + 1, pad.caret.column + 1)

    # --------------------------------------------------------------------------------------------------------------- ports
    def give(self, way: Way, name: str, text: str) -> None:
        """Bind a port to something else, from the next Bind on; what `portalis bind` would say of it is asked at once."""
        self.ports.give(way, name, text)
        self.not_bound = ()
        self.ports_changed()

    def ports_changed(self) -> None:
        """Have the answer of `bind` asked for again: the stage, the selection or what is given is another."""
        self._ports_stale = True
        self.changed.tell()

    def _why_no_ports(self) -> str:
        if self.ports.behaviour is None:
            return "Translate a behaviour, or select a prim that has one."
        return "Open a stage." if self.host.stage is None else "Select the prims to bind it to."

    def _refresh_ports(self) -> None:
        if not self._ports_stale or self.run.state in ("preparing", "baking"):
            return
        self._ports_stale = False
        self.ports.refresh(self.host.stage, self.host.selection())
        self.changed.tell()

    # --------------------------------------------------------------------------------------------------------- translating
    @property
    def can_translate(self) -> bool:
        """Whether Translate would do something."""
        return not self.translating and not self.why_not[self.chosen]

    def translate(self) -> None:
        """Translate and verify what is in the editor, off this thread."""
        translator = self.translators[self.chosen]
        translate = translator.translate
        if not self.can_translate or translate is None:
            return
        source, function = SourceFile(self.document.name, self.text), self.function.strip() or None
        self.translating = True
        self.say("translating and verifying", "busy")
        job = self.jobs.submit(lambda: translate(source, function), self._accept, self._refuse)
        self._translation = job, translator

    def cancel(self) -> None:
        """End a translation, whatever it is at, and show nothing of it; the next one does not wait for it."""
        if self.translating:
            self.translating = False
            job, translator = self._translation
            if self.jobs.cancel(job):
                translator.interrupt()
            self.say("cancelled: nothing was translated", "plain")

    def _accept(self, translated: ShownTranslation) -> None:
        self.translating = False
        self.translated, self.refused, self.not_bound = translated, None, ()
        if self.text == translated.source.text:
            self.markers = ()
        interface = translated.interface
        self.ports.take(Behaviour(translated.source, interface) if interface is not None else None)
        self._ports_stale = True
        if self.tab in ("Problems", "Ports"):
            self.tab = "Ports" if interface is not None else "Rust"
        if translated.endless:
            self.say(f"the loop in line {translated.endless} did not end for values that were tried: see Problems", "busy")
        else:
            self.say(f"verified: {translated.summary}", "good")
        self._verdict = self.message
        self.edited.tell()

    def _refuse(self, error: Exception) -> None:
        self.translating = False
        self.translated = None
        self.ports.take(None)
        self.refused = error
        if isinstance(error, TranslationError):
            count = len(error.diagnostics)
            self._misspelt = {item: name for item in error.diagnostics if (name := misspelt(item, error.source)) is not None}
            if error.source.text == self.text:
                self.markers = markers_of(error.diagnostics, error.source)
            self.say(f"refused for {count} reason{'s' if count != 1 else ''}", "bad")
        else:
            self.say(f"the translation failed: {error}", "bad")
        self._verdict = self.message
        self.tab = "Problems"
        self.ports_changed()
        self.edited.tell()

    # ------------------------------------------------------------------------------------------------- what the host tells
    def played(self) -> None:
        """The time line plays."""
        self.run.play(self.host.stage)

    def play_or_pause(self) -> None:
        """Ask the time line for the other of the two."""
        timeline = self.host.timeline
        (timeline.pause if self.run.state == "playing" else timeline.play)()

    def paused(self) -> None:
        """The time line holds."""
        self.run.pause()

    def stopped(self) -> None:
        """The time line went back to the beginning."""
        self.run.stop()
        self._ports_stale = True

    @property
    def waiting(self) -> tuple[TrustRequest, ...]:
        """The code that waits for the user's word: that of the selected prims, or all where none of theirs waits."""
        modules = {module for item in self.bindings.selected() for module in item.modules}
        return tuple(item for item in self.run.requests if item.module.path in modules) or self.run.requests

    def approve(self, these: Sequence[TrustRequest] | None = None) -> None:
        """Trust code that came with the stage, what waits of the selected prims where none is given, and play it."""
        if self.run.approve(self.waiting if these is None else these):
            self.host.timeline.play()

    def play_again(self) -> None:
        """Play from the start."""
        self.run.again()
        self.host.timeline.play()

    def bake(self) -> None:
        """Write the frames of the stage's own range (or of some seconds, where it has none) into a layer over it."""
        from portalis.translator.stage.files import own_frames
        from portalis.translator.stage.problems import StageError

        stage = self.host.stage
        if stage is None:
            self.say("open a stage", "bad")
            return
        if self.run.state != "stopped":
            self.say("stop first", "bad")
            return
        if not stage.GetRootLayer().realPath:
            self.say("this stage is in no file: a bake is a layer over one", "bad")
            return
        try:
            frames = own_frames(stage) or _BAKED_FRAMES
        except StageError as error:
            self.say(error.problems[0].message, "bad")
            return
        self.run.bake(stage, self.host.bake_path(), frames)

    def stage_changed(self) -> None:
        """Another stage was opened, or none."""
        self.run.forget()
        self.not_bound = ()
        self.ports_changed()

    def selection_changed(self) -> None:
        """Other prims are selected; the code of one that is bound is shown, where no text would be lost."""
        self.not_bound = ()
        self.ports.forget_given()
        self.ports_changed()
        if self.message == self.bindings.refusal:
            self.say("")
        if not self.document.unsaved:
            self.bindings.open_code()

    def tick(self, seconds: float | None = None) -> None:
        """Do one frame's work; `seconds` is the time line's time while it plays or holds."""
        self.jobs.pump()
        if seconds is not None:
            self.run.follow(seconds)
        self.run.tick()
        self._refresh_ports()
        self.document.tick()
        self.leaving.tick()
        self.replacing.tick()

    def close(self) -> None:
        """End the run, give the stage back, let the thread go."""
        self.run.forget()
        self.document.close()
        self.jobs.close()

    # -------------------------------------------------------------------------------------------------------------- saying
    def _about_translator(self) -> tuple[str, Tone]:
        if why_not := self.why_not[self.chosen]:
            return why_not, "bad"
        return self.translators[self.chosen].shown or "type a behaviour, translate it, select prims, bind it, play", "plain"

    def _run_changed(self) -> None:
        entered, self._run_news = self._run_news != self.run.news, self.run.news
        if self.run.state == "playing":
            # What else was said while it plays stays for a while: whoever draws goes back to this.
            if entered:
                self.message, self.tone = "playing", "busy"
        elif self.run.message and entered:
            self.message, self.tone = self.run.message, "bad" if self.run.failed else "plain"
        self.changed.tell()

    def say(self, message: str, tone: Tone = "plain") -> None:
        """Show news in the line at the bottom."""
        self.message, self.tone, self.said_at = message, tone, time.monotonic()
        self.changed.tell()


def _first_line(error: Exception) -> str:
    if isinstance(error, TranslationError):
        return error.diagnostics[0].message
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}"
    return str(error).partition("\n")[0]
