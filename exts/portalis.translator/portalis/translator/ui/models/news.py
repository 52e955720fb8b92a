"""What somebody is told who does not look at the window: faults that are new, the end of long work, and what goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portalis.translator.ui.models.problems import Problem
from portalis.translator.words import counted

if TYPE_CHECKING:
    from portalis.translator.ui.models.run import RunState
    from portalis.translator.ui.models.window import PanelModel


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell. `fault`: something is wrong, and the list of problems has more."""

    text: str
    fault: bool


@dataclass(frozen=True, slots=True)
class Activity:
    """Work that goes on; `progress` is from 0 to 1, None where nobody knows."""

    text: str
    progress: float | None = None


def activity_of(model: PanelModel) -> Activity | None:
    """Return what the window is at that takes its time, or None."""
    if model.run.state == "baking":
        return Activity("Portalis: baking", model.run.progress)
    if model.run.state == "preparing":
        return Activity("Portalis: translating and verifying what is bound")
    return Activity("Portalis: translating and verifying") if model.translating else None


class News:
    """What became of a window's model since somebody asked. Nothing is told twice in one run."""

    def __init__(self, model: PanelModel) -> None:
        self._model = model
        self._told: set[tuple[str, str, str, int]] = set()
        self._state: RunState = "stopped"
        self._waiting: list[Notice] = []
        self._stale = False
        self._leave = model.changed.add(self._mark)

    def add(self, text: str) -> None:
        """Tell of something that nothing else will tell."""
        self._waiting.append(Notice(text, fault=True))

    def take(self) -> Notice | None:
        """Return what is new since the last time, all in one, or None."""
        if self._stale:
            self._stale = False
            self._look()
        waiting, self._waiting = self._waiting, []
        if len(waiting) < 2:
            return waiting[0] if waiting else None
        more = len(waiting) - 1
        return Notice(f"{waiting[0].text}\nand {counted(more, 'more problem')}", any(item.fault for item in waiting))

    def close(self) -> None:
        """Let go of the model."""
        self._leave()

    def _mark(self) -> None:
        self._stale = True

    def _look(self) -> None:
        run = self._model.run
        was, self._state = self._state, run.state
        if was == "stopped" != run.state:
            self._told = {key for key in self._told if key[0] != "run"}
        if was != "stopped" and run.state == "stopped" and (run.failed or was == "baking"):
            self._waiting.append(Notice(f"Portalis: {run.message}", run.failed))
        # What a binding would be refused for is asked for by whoever looks at the ports; code that waits is asked about.
        faults = [item for item in self._model.problems.all() if item.origin in ("translation", "run") and item.severity == "error"]
        present = {_key(item): item for item in faults}
        self._waiting += [Notice(_said(item), fault=True) for key, item in present.items() if key not in self._told]
        # A run's faults come and go; what a text was refused for may be told again when it comes again.
        self._told = {key for key in self._told if key[0] == "run"} | set(present)


def _key(problem: Problem) -> tuple[str, str, str, int]:
    return problem.origin, problem.code, problem.message, problem.line


def _said(problem: Problem) -> str:
    return f"Portalis: {problem.place}: {problem.message}" if problem.place else f"Portalis: {problem.message}"
