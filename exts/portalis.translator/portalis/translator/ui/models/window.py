"""The window's model: the editor, what was translated, binding, the run. It knows nothing of omni."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from portalis.translator.diagnostics import TranslationError
from portalis.translator.source import SourceFile
from portalis.translator.ui.host import Host, Listeners, Stages
from portalis.translator.ui.models.bindings import BindingsModel
from portalis.translator.ui.models.budgets import BudgetsModel
from portalis.translator.ui.models.choice import Choice
from portalis.translator.ui.models.document import Document
from portalis.translator.ui.models.editing import Marker
from portalis.translator.ui.models.editor_text import EditorText
from portalis.translator.ui.models.files import Files
from portalis.translator.ui.models.jobs import Job, Jobs
from portalis.translator.ui.models.leaving import Leaving
from portalis.translator.ui.models.loading import load_ahead
from portalis.translator.ui.models.port_values import Way
from portalis.translator.ui.models.ports import Behaviour, PortsModel
from portalis.translator.ui.models.problem_list import ProblemList
from portalis.translator.ui.models.problems import Tone
from portalis.translator.ui.models.replacing import Replacing
from portalis.translator.ui.models.run import RunModel
from portalis.translator.ui.models.tabs import TabsModel
from portalis.translator.ui.models.translators import MakeOptions, ShownTranslation, Translator, missing_packages
from portalis.translator.words import counted

if TYPE_CHECKING:
    from portalis.translator.stage.problems import StageProblem
    from portalis.translator.stage.run.report import LaneError
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
        self.jobs = Jobs()
        self.run = RunModel(self.jobs, options, publish_hz)
        self.run.changed.add(self._run_changed)
        self.ports = PortsModel(self.run)
        self.document = Document(copy)
        # The text under the studio's caret, which outlives the widgets that show it.
        self.pad = EditorText(self.document.text)
        self.changed = Listeners()
        self.edited = Listeners()
        # Told when the text was replaced, and not by typing.
        self.loaded = Listeners()
        # Told when the text or the stage was written to a file.
        self.saved = Listeners()
        # Which function of the text is meant, empty for its only one; and the name that came with the text, which nobody typed.
        self.function = self._named = ""
        # What the menu of examples says of the one that a pointer is on, empty where it is on none; None where the menu is closed.
        self.browsed: str | None = None
        # Whether what a run costs is written over the preview.
        self.overlay = False
        # Errors of the run that are marked in the text.
        self._marked: tuple[LaneError, ...] = ()
        # The line and the column to bring into view, where that is asked for.
        self.wanted_place: tuple[int, int] | None = None
        self.translated: ShownTranslation | None = None
        self.translating = False
        self._translation: tuple[Job, Translator]
        self.choice = Choice(self, translators)
        self.files = Files(self)
        self.problems = ProblemList(self)
        self.tabs = TabsModel(self)
        self.bindings = BindingsModel(self)
        self.budgets = BudgetsModel(self)
        self.leaving = Leaving(self)
        self.replacing = Replacing(self)
        # Where the host leaves it to the window to open and save stages.
        self.stages: Stages | None = None
        # What the last translation and the last edit were refused for.
        self.refused: Exception | None = None
        self.not_bound: tuple[StageProblem, ...] = ()
        self._ports_stale = True
        # Whether something changed since the tabs looked.
        self._tabs_stale = True
        for told in (self.changed, self.edited):
            told.add(self._mark_tabs)
        # The message that is about the text or the selection at hand, and goes with it.
        self._verdict = ""
        self._run_news = self.run.news
        # When it was said.
        self.said_at = 0.0
        self.message, self.tone = self.choice.about()

    def load_ahead(self) -> None:
        """Import off this thread what it would import in the frames in which it is needed first."""
        # Where a package is missing, that is told when it is needed.
        if not missing_packages():
            self.jobs.submit(load_ahead, lambda _: None, lambda _: None)

    # -------------------------------------------------------------------------------------------------------------- editor
    @property
    def text(self) -> str:
        """The text in the editor."""
        return self.document.text

    @property
    def markers(self) -> tuple[Marker, ...]:
        """What is marked in the text: what it is refused for, and where it failed in the run."""
        return self.problems.marks()

    def edit(self, text: str) -> None:
        """Take what was typed; the right to bind what was translated from the text before is gone."""
        if text == self.text:
            return
        self.document.text = text
        if self.message == self._verdict:
            # It was about the text before.
            self.say("")
        if self._named and self.function == self._named and not re.search(rf"\b{re.escape(self._named)}\b", text):
            # Another behaviour was written in its place.
            self.function = self._named = ""
            self.changed.tell()
        self.edited.tell()

    def load(self, text: str, title: str, path: Path | None = None, function: str = "", module: str = "") -> None:
        """Put a text into the editor that is somewhere: in a file, in a module of the stage, an example."""
        # What comes of another text is not shown beside this one.
        self.cancel()
        self.document.load(text, title, path, module)
        self.function = self._named = function
        self.translated, self.refused, self.not_bound = None, None, ()
        self.ports.take(None)
        self.ports.forget_given()
        self._ports_stale = True
        self.loaded.tell()
        self.edited.tell()
        self.changed.tell()

    def recover(self) -> None:
        """Take up what an earlier window was ended with before it was saved; it goes where it came from, if that has what it had."""
        left = self.document.recovered()
        if left is None:
            return
        self.edit(left.text)
        self.document.waits_for = left
        self.bindings.find_module()
        moved = bool(left.path) and not self.files.find_again(left)
        self.loaded.tell()
        odd = ", which is another now or gone: saving it asks for a name" if moved else ""
        self.say(f"this is what an earlier window had not saved of {left.title or self.document.title}{odd}", "busy")

    def browse(self, shows: str | None) -> None:
        """Say what an example shows for as long as somebody looks at it; None ends looking."""
        self.browsed = shows
        self.changed.tell()

    def toggle_overlay(self) -> None:
        """Write what a run costs over the preview, or no more."""
        self.overlay = not self.overlay
        self.changed.tell()

    def jump(self, line: int, column: int = 1) -> None:
        """Bring a place of the editor into view."""
        self.wanted_place = line, max(column, 1)
        self.changed.tell()

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

    def _refresh_ports(self) -> None:
        if not self._ports_stale or self.run.state in ("preparing", "baking"):
            return
        self._ports_stale = False
        # Before it is answered whose code is to be seen, the ports are of that which is, and on no prim.
        self.ports.refresh(self.host.stage, () if self.bindings.asks else self.host.selection())
        self.changed.tell()

    # --------------------------------------------------------------------------------------------------------- translating
    @property
    def can_translate(self) -> bool:
        """Whether Translate would do something."""
        return not self.translating and not self.choice.refusal

    def translate(self) -> None:
        """Translate and verify what is in the editor, off this thread."""
        translator = self.choice.translator
        translate = translator.translate
        if not self.can_translate or translate is None:
            return
        source, function = SourceFile(self.document.name, self.text), self.function.strip() or None
        self.translating = True
        self.say("translating and verifying", "busy")
        job = self.jobs.submit(lambda: translate(source, function), self._accept, self.refuse)
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
        interface = translated.interface
        self.ports.take(Behaviour(translated.source, interface) if interface is not None else None)
        self._ports_stale = True
        self.tabs.leave_problems()
        if self.tabs.front == "Ports" and interface is None:
            self.tabs.show("Rust")
        if translated.endless:
            self.say(f"the loop in line {translated.endless} did not end for values that were tried: see Problems", "busy")
        else:
            self.say(f"verified: {translated.summary}", "good")
        self._verdict = self.message
        self.edited.tell()

    def refuse(self, error: Exception) -> None:
        """Show what a text is refused for, or why it could not be translated."""
        self.translating = False
        self.translated = None
        self.ports.take(None)
        self.refused = error
        if isinstance(error, TranslationError):
            count = len(error.diagnostics)
            self.say(f"refused for {counted(count, 'reason')}", "bad")
        else:
            self.say(f"the translation failed: {error}", "bad")
        self._verdict = self.message
        self.tabs.show("Problems")
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
        self.document.module = ""
        self.bindings.find_module()
        self.not_bound = ()
        self.ports_changed()

    def selection_changed(self) -> None:
        """Other prims are selected; the code of one that is bound is shown, once it is answered what becomes of text that is not saved."""
        self.not_bound = ()
        self.ports.forget_given()
        self.ports_changed()
        if self.message == self.bindings.refusal:
            self.say("")
        self.bindings.follow_selection()

    def tick(self, seconds: float | None = None) -> None:
        """Do one frame's work; `seconds` is the time line's time while it plays or holds."""
        before = self.run.state
        self.jobs.pump()
        if seconds is not None:
            self.run.follow(seconds)
        # Making a bake ready took its time of this frame.
        if self.run.state == before:
            self.run.tick()
        self._refresh_ports()
        if self._tabs_stale:
            self._tabs_stale = False
            self.tabs.look()
        self.document.tick()
        self.leaving.tick()
        self.replacing.tick()

    def _mark_tabs(self) -> None:
        self._tabs_stale = True

    def close(self) -> None:
        """End the run, give the stage back, let the thread go."""
        self.run.forget()
        self.document.close()
        self.jobs.close()

    # -------------------------------------------------------------------------------------------------------------- saying
    def _run_changed(self) -> None:
        entered, self._run_news = self._run_news != self.run.news, self.run.news
        if self.run.state == "playing":
            # What else was said while it plays stays for a while: whoever draws goes back to this.
            if entered and self.run.message:
                self.say(self.run.message, "busy")
            elif entered:
                self.message, self.tone = "playing", "busy"
        elif self.run.message and entered:
            self.message, self.tone = self.run.message, "bad" if self.run.failed else "plain"
        # However a run ended, the stage has its own values again.
        self._ports_stale |= entered and self.run.state == "stopped"
        if self.run.errors != self._marked:
            self._marked = self.run.errors
            self.edited.tell()
        self.changed.tell()

    def say(self, message: str, tone: Tone = "plain") -> None:
        """Show news in the line at the bottom."""
        self.message, self.tone, self.said_at = message, tone, time.monotonic()
        self.changed.tell()
