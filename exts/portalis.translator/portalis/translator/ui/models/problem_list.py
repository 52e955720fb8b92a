"""All that is wrong in a window, in the order in which it is mended, with what can be done about it at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from portalis.translator.diagnostics import Diagnostic, TranslationError
from portalis.translator.diagnostics.spelling import asked_import
from portalis.translator.ui.models import problems as said
from portalis.translator.ui.models.editing import Marker, line_marker, markers_of
from portalis.translator.ui.models.editor_text import EditorText, Place
from portalis.translator.ui.models.importing import import_at
from portalis.translator.ui.models.misspelt import Misspelt, misspelt
from portalis.translator.ui.models.moved import line_now
from portalis.translator.ui.models.port_values import Way
from portalis.translator.ui.models.ports import PortsModel, behaviour_of, named_port
from portalis.translator.ui.models.problems import Problem, Remedy, Told

if TYPE_CHECKING:
    from portalis.translator.stage.plan.bindings import PrimBinding
    from portalis.translator.stage.problems import StageProblem
    from portalis.translator.stage.run.report import LaneError
    from portalis.translator.stage.run.warm import TrustRequest
    from portalis.translator.ui.host import Host, Listeners
    from portalis.translator.ui.models.bindings import BindingsModel
    from portalis.translator.ui.models.budgets import BudgetsModel
    from portalis.translator.ui.models.document import Document
    from portalis.translator.ui.models.problems import Tabs, Tone
    from portalis.translator.ui.models.run import RunModel
    from portalis.translator.ui.models.translators import ShownTranslation


class Window(Protocol):
    """What of the window can be wrong, and what mends it."""

    host: Host
    run: RunModel
    bindings: BindingsModel
    ports: PortsModel
    document: Document
    pad: EditorText
    budgets: BudgetsModel
    translated: ShownTranslation | None
    refused: Exception | None
    not_bound: tuple[StageProblem, ...]
    changed: Listeners
    loaded: Listeners

    @property
    def tabs(self) -> Tabs:
        """The tabs beside the code."""

    @property
    def text(self) -> str:
        """The text in the editor."""

    def edit(self, text: str) -> None:
        """Take another text."""

    def give(self, way: Way, name: str, text: str) -> None:
        """Bind a port to something else."""

    def approve(self, these: Sequence[TrustRequest] | None = None) -> None:
        """Trust code that came with the stage, and play it."""

    def jump(self, line: int, column: int = 1) -> None:
        """Bring a place of the editor into view."""

    def say(self, message: str, tone: Tone = "plain") -> None:
        """Show news."""


class ProblemList:
    """The problems of a window. `explained` are the codes that are explained at length."""

    def __init__(self, window: Window) -> None:
        self.explained: frozenset[str] = frozenset()
        self._window = window

    def all(self) -> tuple[Problem, ...]:
        """Return all that is wrong, what has to be done first before the rest."""
        window, run, ports = self._window, self._window.run, self._window.ports
        live = ports.problems if ports.behaviour is not None and not window.not_bound else window.not_bound
        # A run finds again what binding was warned of.
        told = {(item.code, item.message) for item in live}
        lanes = tuple(self._of_lanes())
        # A prim that met it says more of a loop that does not end.
        endless = self._endless if all(item.line != self._endless for item in lanes) else 0
        return (
            *said.of_translation(window.refused, window.text, self._respelt),
            *said.of_endless(endless, window.translated.summary if window.translated else ""),
            *said.of_requests(run.requests, lambda item: (Remedy("Trust it and play", lambda: window.approve((item,))),)),
            *said.of_stage(live, "binding", self._remedies),
            *said.of_stage([item for item in run.problems if item.code != "PS150" and (item.code, item.message) not in told], "run"),
            *lanes,
        )

    def _of_lanes(self) -> Iterator[Problem]:
        return said.of_lanes(self._window.run.errors, self._told)

    def _told(self, error: LaneError) -> Told:
        """Tell of a lane's error: its line where its code is at hand, what is known of it, and what to do."""
        window = self._window
        binding = behaviour_of(window.host.stage, error.prim, error.behaviour)
        own = binding is not None and binding.modules[0] == window.document.module
        message, help_ = window.budgets.about(error)
        code = self._bound_code(binding) if binding is not None and own else ""
        line = line_now(code, window.text, error.line)
        remedies: tuple[Remedy, ...] = ()
        if binding is not None and (not own or (help_ and line)):
            label = f"go to line {line}" if own else "open its code"
            remedies = (Remedy(label, lambda: self._go_to(binding, error.line)),)
        return Told(message or error.message, help_, code, window.text, (*remedies, *window.budgets.remedies(error)))

    def _bound_code(self, binding: PrimBinding) -> str:
        """Return the code of a binding; empty where the stage has it no more."""
        from portalis.translator.stage.plan.modules import read_module
        from portalis.translator.stage.problems import StageError

        try:
            return read_module(self._window.host.stage, binding.modules[0]).source.text
        except StageError:
            return ""

    def marks(self) -> tuple[Marker, ...]:
        """Return what the text at hand is refused for, and where it failed in the run, in the lines that are as they were then."""
        text, refused = self._window.text, self._window.refused
        failed = [line_marker(item.line, text, item.message, item.help) for item in self._of_lanes() if item.line]
        if not isinstance(refused, TranslationError):
            return tuple(failed)
        found, before = markers_of(refused.diagnostics, refused.source), refused.source.text
        moved = (replace(item, line=line_now(before, text, item.line)) for item in found)
        return (*(item for item in moved if item.line), *failed)

    def _go_to(self, binding: PrimBinding, line: int) -> None:
        """Show a line of a binding's code; what is not saved of another is asked about first."""
        window = self._window
        if binding.modules[0] != window.document.module:
            window.bindings.open_code(binding)
        now = line_now(self._bound_code(binding), window.text, line)
        if now and binding.modules[0] == window.document.module:
            window.jump(now)

    @property
    def _endless(self) -> int:
        """The line of a loop of the text at hand that did not end, 0 where there is none."""
        translated = self._window.translated
        return translated.endless if translated is not None and translated.source.text == self._window.text else 0

    @property
    def mended(self) -> bool:
        """Whether what was refused is a text that is another by now."""
        refused = self._window.refused
        return isinstance(refused, TranslationError) and refused.source.text != self._window.text

    # ---------------------------------------------------------------------------------------------------------- explaining
    def explain(self, code: str) -> None:
        """Show at length what a problem's code means, or no more."""
        self.explained ^= {code}
        self._window.changed.tell()

    def explain_here(self) -> None:
        """Explain the problem of the line that the caret is in, else the first there is."""
        problems = self.all()
        if not problems:
            self._window.say("no problems to explain", "plain")
            return
        line = self._window.pad.caret.line + 1
        self.explained |= {next((problem for problem in problems if problem.line == line), problems[0]).code}
        self._window.tabs.show("Problems")

    # ------------------------------------------------------------------------------------------------------------ remedies
    def _remedies(self, problem: StageProblem) -> tuple[Remedy, ...]:
        port, meant = named_port(problem), self._window.ports.nearest(problem)
        if port is None or not meant or problem.severity != "error":
            return ()
        return (Remedy(f"use {meant}", lambda: self._window.give(*port, meant)),)

    def _respelt(self, item: Diagnostic) -> tuple[Remedy, ...]:
        """Offer the name that is meant, or the import that is forgotten, while the text has the line that was refused."""
        refused, text = self._window.refused, self._window.text
        if not isinstance(refused, TranslationError):
            return ()
        before = refused.source.text
        if (line := asked_import(item.help)) and import_at(text, line) is not None:
            return (Remedy(f"write {line}", lambda: self._import(line)),)
        found = misspelt(item, refused.source)
        if found is None or not line_now(before, text, found.line):
            return ()
        return (Remedy(f"write {found.offered}", lambda: self._respell(found, before)),)

    def _import(self, line: str) -> None:
        """Put an import where the text has its imports, as a step of its undo."""
        if (at := import_at(self._window.text, line)) is not None:
            self._put(Place(at.line, at.column), Place(at.line, at.column), at.text)

    def _respell(self, name: Misspelt, before: str) -> None:
        """Put the name that is meant into the text that was refused as `before`, as a step of its undo."""
        line = line_now(before, self._window.text, name.line)
        if line:
            self._put(Place(line - 1, name.column), Place(line - 1, name.end_column), name.instead)

    def _put(self, begin: Place, end: Place, text: str) -> None:
        window, pad = self._window, self._window.pad
        if pad.text != window.text:
            # Another editor's text, which this one follows when it is asked to.
            pad.reset(window.text)
        pad.select(begin, end)
        pad.insert(text)
        window.edit(pad.text)
        window.loaded.tell()
        window.jump(pad.caret.line + 1, pad.caret.column + 1)
