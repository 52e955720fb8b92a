"""What became of edits while behaviours run: which are loading, which cannot run and why, and how long the next one waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, Protocol, TypeAlias

from portalis.translator.source import SourceFile
from portalis.translator.stage.plan.bindings import BindingKey
from portalis.translator.stage.plan.interface import EntryName
from portalis.translator.stage.problems import StageProblem
from portalis.translator.stage.run.reload import Edits

BehaviourState: TypeAlias = Literal["loading", "running", "paused", "dirty"]
Standing: TypeAlias = tuple[BehaviourState, str]
Builds: TypeAlias = Sequence[tuple[EntryName, frozenset[str]]]
# The next edit of a module whose last ones could not run waits 1, 2, 4, … frames, and never more than these.
_LONGEST_WAIT = 64


class Loader(Protocol):
    """Who translates edited modules while the old ones run on."""

    def ready(self, source: SourceFile, function: str, builds: Builds) -> bool:
        """Tell whether the engine answers at once for a behaviour and its lanes, refusals too; where not, see to it."""


class Reloads:
    """The standing of every binding, and the patience with modules that keep failing; frames, not seconds, so that runs repeat."""

    def __init__(self) -> None:
        self._failures: dict[str, int] = {}
        self._until: dict[str, int] = {}
        self._held = Edits()
        self._reasons: dict[BindingKey, str] = {}
        # The bindings that are to run a module which is loading, whatever they run now.
        self._coming: set[BindingKey] = set()
        self._loading: dict[str, tuple[SourceFile, str, Builds]] = {}

    # ------------------------------------------------------------------------------------------------------------ patience
    def admit(self, edits: Edits, frame: int) -> Edits:
        """Return the edits to take up in `frame`: without those of modules whose last edits failed, until their time has come."""
        if not edits and not self._held:
            return edits
        waiting = [module for module, until in self._until.items() if until > frame]
        held = {path for path in edits.structure if any(_of(path, module) for module in waiting)}
        due = {path for path in self._held.structure if not any(_of(path, module) for module in waiting)}
        self._held.structure = (self._held.structure | held) - due
        return Edits(edits.values, (edits.structure - held) | due)

    def settled(self, edits: Edits, errors: Iterable[StageProblem], modules: Iterable[str], frame: int) -> None:
        """Take note of which edited `modules` came to run."""
        wrong = {problem.path for problem in errors}
        for module in modules:
            if module not in wrong:
                self._failures.pop(module, None)
                self._until.pop(module, None)
            elif any(_of(path, module) for path in edits.structure):
                failures = self._failures[module] = self._failures.get(module, 0) + 1
                self._until[module] = frame + 1 + min(1 << (failures - 1), _LONGEST_WAIT)

    # ------------------------------------------------------------------------------------------------------------ standing
    def explain(self, refused: Iterable[BindingKey], modules: Mapping[BindingKey, Sequence[str]], errors: Sequence[StageProblem]) -> None:
        """Keep, for every binding that cannot run as it is authored, the first problem of its own or of its modules."""
        self._reasons, self._coming = {}, set()
        by_place: dict[str, StageProblem] = {}
        for problem in errors:
            by_place.setdefault(problem.path.partition(".")[0], problem)
        for key in refused:
            if any(module in self._loading for module in modules.get(key, ())):
                self._coming.add(key)
                continue
            found = [by_place[place] for place in (key.path, *modules.get(key, ())) if place in by_place]
            self._reasons[key] = _said(found[0]) if found else _said(errors[0]) if len(errors) == 1 else ""

    def standing(self, bindings: Iterable[tuple[BindingKey, Sequence[str]]], paused: bool) -> Standing:
        """Return the state of a behaviour with these bindings and their modules, and the reason where it is not simply running."""
        plain: Standing = ("paused", "the run holds") if paused else ("running", "")
        if not (self._loading or self._reasons or self._coming or self._held):
            return plain
        for key, modules in bindings:
            if key in self._coming or any(module in self._loading for module in modules):
                return "loading", "an edit is being translated and verified"
            for module in modules:
                if any(_of(path, module) for path in self._held.structure):
                    return "loading", self._waits_for(module)
            if key in self._reasons:
                return "dirty", self._reasons[key]
        return plain

    def _waits_for(self, module: str) -> str:
        if module not in self._until:
            # It ran meanwhile, as it was before the edit.
            return "an edit waits for the next frame"
        return f"an edit waits until frame {self._until[module]}: the last {self._failures[module]} could not run"

    # ------------------------------------------------------------------------------------------------------------- loading
    def load(self, loader: Loader, module: str, source: SourceFile, function: str, builds: Builds) -> bool:
        """Tell whether a behaviour can be compiled at once; where not, it is loading."""
        if loader.ready(source, function, builds):
            self._loading.pop(module, None)
            return True
        self._loading[module] = source, function, builds
        return False

    def loaded(self, loader: Loader | None) -> set[str]:
        """Return the modules that were loading and are ready."""
        if not self._loading:
            return set()
        ready = {module for module, wanted in self._loading.items() if loader is not None and loader.ready(*wanted)}
        for module in ready:
            del self._loading[module]
        return ready


def _of(path: str, module: str) -> bool:
    return path == module or path.startswith((f"{module}.", f"{module}/"))


def _said(problem: StageProblem) -> str:
    """Return a problem in one line: the first reason of the translator, where there is one."""
    first = problem.diagnostics[0] if problem.diagnostics else None
    return f"{problem.message}: {first.span}: {first.message}" if first else problem.message
