"""The window's model: the editor, what was translated, binding, the run. It knows nothing of omni."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias

from portalis.translator.diagnostics import TranslationError, render
from portalis.translator.source import SourceFile, visible
from portalis.translator.ui.host import Host, Listeners
from portalis.translator.ui.models.editing import FILE, STARTER, Marker, markers_of
from portalis.translator.ui.models.jobs import Jobs
from portalis.translator.ui.models.run import RunModel
from portalis.translator.ui.models.translators import MakeOptions, ShownTranslation, Translator

Tab: TypeAlias = Literal["Rust", "WAT", "Diagnostics", "Proof"]
TABS: tuple[Tab, ...] = ("Rust", "WAT", "Diagnostics", "Proof")
Tone: TypeAlias = Literal["plain", "good", "bad", "busy"]

_BAKED_FRAMES = 240


class PanelModel:
    """Everything that the window shows and can be asked to do. Not for use by several threads: `tick` belongs to the UI thread."""

    def __init__(self, host: Host, translators: Sequence[Translator], options: MakeOptions, publish_hz: float | None = None) -> None:
        self.host = host
        self.translators = tuple(translators)
        self.jobs = Jobs()
        self.run = RunModel(self.jobs, options, publish_hz)
        self.run.changed.add(self._run_changed)
        self.changed = Listeners()
        self.edited = Listeners()
        self.text = STARTER
        self.function = ""
        self.chosen = 0
        self.why_not = [translator.why_not() for translator in self.translators]
        self.tab: Tab = "Rust"
        self.markers: tuple[Marker, ...] = ()
        self.translated: ShownTranslation | None = None
        self.refusal = ""
        self.translating = False
        self.message, self.tone = self._about_translator()

    # -------------------------------------------------------------------------------------------------------------- editor
    def edit(self, text: str) -> None:
        """Take what was typed; marks of the text before are gone, and so is the right to bind what was translated from it."""
        if text == self.text:
            return
        self.text = text
        self.markers = ()
        self.edited.tell()

    def choose(self, index: int) -> None:
        """Select a translator."""
        if index == self.chosen:
            return
        self.chosen = index
        # A server may have come or gone since this was asked.
        self.why_not[index] = self.translators[index].why_not()
        self.message, self.tone = self._about_translator()
        self.changed.tell()

    def labels(self) -> list[str]:
        """Return what the selector shows."""
        return [f"{item.title} (not available)" if why else item.title for item, why in zip(self.translators, self.why_not, strict=True)]

    def show(self, tab: Tab) -> None:
        """Bring a tab to the front."""
        self.tab = tab
        self.changed.tell()

    def text_of(self, tab: Tab) -> str:
        """Return a tab's text; empty where there is nothing to show."""
        translated = self.translated
        match tab:
            case "Diagnostics":
                return "\n\n".join(self._diagnostics())
            case "Rust":
                return translated.rust if translated else ""
            case "WAT":
                return translated.wat if translated else ""
            case "Proof":
                return translated.proof if translated else ""

    def empty_text_of(self, tab: Tab) -> str:
        """Return what to say where a tab has no text."""
        if tab == "Diagnostics":
            return "Nothing was refused."
        return "Refused: see Diagnostics." if self.refusal else "Press Translate."

    # --------------------------------------------------------------------------------------------------------- translating
    @property
    def can_translate(self) -> bool:
        """Whether Translate would do something."""
        return not self.translating and not self.why_not[self.chosen]

    def translate(self) -> None:
        """Translate and verify what is in the editor, off this thread."""
        translate = self.translators[self.chosen].translate
        if not self.can_translate or translate is None:
            return
        source, function = SourceFile(FILE, self.text), self.function.strip() or None
        self.translating = True
        self._say("translating and verifying", "busy")
        self.jobs.submit(lambda: translate(source, function), self._accepted, self._refused)

    def _accepted(self, translated: ShownTranslation) -> None:
        self.translating = False
        self.translated, self.refusal = translated, ""
        if self.text == translated.source.text:
            self.markers = ()
        if self.tab == "Diagnostics":
            self.tab = "Rust"
        self._say(f"verified: {translated.summary}", "good")
        self.edited.tell()

    def _refused(self, error: Exception) -> None:
        self.translating = False
        self.translated = None
        if isinstance(error, TranslationError):
            count = len(error.diagnostics)
            self.refusal = "\n\n".join(render(item, error.source) for item in error.diagnostics)
            if error.source.text == self.text:
                self.markers = markers_of(error.diagnostics, error.source)
            self._say(f"refused for {count} reason{'s' if count != 1 else ''}", "bad")
        else:
            self.refusal = f"{type(error).__name__}: {error}"
            self._say(f"the translation failed: {error}", "bad")
        self.tab = "Diagnostics"
        self.edited.tell()
        self.changed.tell()

    # ------------------------------------------------------------------------------------------------------------- binding
    def why_not_bind(self) -> str:
        """Say why Bind cannot be pressed; empty where it can."""
        translated = self.translated
        if translated is None:
            return "translate first"
        if translated.source.text != self.text:
            return "the text changed: translate again"
        if translated.interface is None:
            return "only a behaviour can be bound: return outputs by name, or write a class with on_update"
        if self.host.stage is None:
            return "open a stage"
        return "" if self.host.selection() else "select a prim"

    def bind(self) -> None:
        """Bind what was translated to the selected prims, as one edit that can be undone."""
        if why_not := self.why_not_bind():
            self._say(why_not, "bad")
            return
        from portalis.translator.stage.author.trust import Approvals, settings_folder
        from portalis.translator.stage.author.undo import BindEdit
        from portalis.translator.stage.problems import StageError
        from portalis.translator.stage.run.engine import TranslatorEngine

        translated, paths = self.translated, tuple(self.host.selection())
        assert translated is not None and translated.interface is not None
        approvals = Approvals(settings_folder())
        edit = BindEdit(self.host.stage, paths, translated.source, translated.interface, approvals, TranslatorEngine())
        try:
            self.host.perform(edit)
        except StageError as error:
            self.refusal = "\n\n".join(map(str, error.problems))
            self.tab = "Diagnostics"
            self._say(f"not bound: {error.problems[0].message}", "bad")
        else:
            self.refusal = "\n\n".join(map(str, edit.warnings))
            odd = f", but {edit.warnings[0].message}" if edit.warnings else ""
            self._say(f"bound {translated.name} to {len(paths)} prim{'s' if len(paths) != 1 else ''}{odd}", "bad" if odd else "good")

    def undo(self) -> None:
        """Take the last edit back, where the window keeps the history."""
        history = self.host.history()
        if history is not None and history.can_undo():
            history.undo()
            self._say("undone", "plain")

    def redo(self) -> None:
        """Make the last edit again, where the window keeps the history."""
        history = self.host.history()
        if history is not None and history.can_redo():
            history.redo()
            self._say("made again", "plain")

    # ------------------------------------------------------------------------------------------------- what the host tells
    def played(self) -> None:
        """The time line plays."""
        self.run.play(self.host.stage)

    def paused(self) -> None:
        """The time line holds."""
        self.run.pause()

    def stopped(self) -> None:
        """The time line went back to the beginning."""
        self.run.stop()

    def approve(self) -> None:
        """Trust the code that came with the stage, and play it."""
        if self.run.approve():
            self.host.timeline.play()

    def bake(self) -> None:
        """Write the frames of the stage's own range (or of some seconds, where it has none) into a layer over it."""
        from portalis.translator.stage.files import own_frames
        from portalis.translator.stage.problems import StageError

        stage = self.host.stage
        if stage is None:
            self._say("open a stage", "bad")
            return
        if self.run.state != "stopped":
            self._say("stop first", "bad")
            return
        if not stage.GetRootLayer().realPath:
            self._say("this stage is in no file: a bake is a layer over one", "bad")
            return
        try:
            frames = own_frames(stage) or _BAKED_FRAMES
        except StageError as error:
            self._say(error.problems[0].message, "bad")
            return
        self.run.bake(stage, self.host.bake_path(), frames)

    def stage_changed(self) -> None:
        """Another stage was opened, or none."""
        self.run.forget()
        self.changed.tell()

    def selection_changed(self) -> None:
        """Other prims are selected."""
        self.changed.tell()

    def tick(self, seconds: float | None = None) -> None:
        """Do one frame's work; `seconds` is the time line's time while it plays or holds."""
        self.jobs.pump()
        if seconds is not None:
            self.run.follow(seconds)
        self.run.tick()

    def close(self) -> None:
        """End the run, give the stage back, let the thread go."""
        self.run.forget()
        self.jobs.close()

    # -------------------------------------------------------------------------------------------------------------- saying
    def _about_translator(self) -> tuple[str, Tone]:
        if why_not := self.why_not[self.chosen]:
            return why_not, "bad"
        return self.translators[self.chosen].note or "type a behaviour, translate it, select prims, bind it, play", "plain"

    def _run_changed(self) -> None:
        self.message = self.run.message or self.message
        if self.run.state == "playing":
            self.message, self.tone = "playing", "busy"
        elif self.run.message:
            self.tone = "bad" if self.run.message.startswith("the run ended") else "plain"
        self.changed.tell()

    def _diagnostics(self) -> Iterator[str]:
        if self.refusal:
            yield self.refusal
        for request in self.run.requests:
            # Whoever is asked to trust code has to be able to read it, with nothing in it that hides.
            yield f"{request.module.path} writes {request.described} and waits for your word:\n\n{visible(request.module.source.text)}"
        yield from map(str, self.run.problems)
        for item in self.run.errors:
            place = f" line {item.line}" if item.line else ""
            yield f"{item.prim}: {item.behaviour}{place}: frame {item.frame}: {item.error}: {item.message}"

    def say(self, message: str, tone: Tone = "plain") -> None:
        """Show a host's own news."""
        self._say(message, tone)

    def _say(self, message: str, tone: Tone) -> None:
        self.message, self.tone = message, tone
        self.changed.tell()
