"""The tabs beside the code: which is in front, and what each says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from portalis.translator.ui.host import Host, Listeners
    from portalis.translator.ui.models.ports import PortsModel
    from portalis.translator.ui.models.problem_list import ProblemList
    from portalis.translator.ui.models.problems import Tab
    from portalis.translator.ui.models.translators import ShownTranslation


class Window(Protocol):
    """What of the window the tabs show."""

    host: Host
    ports: PortsModel
    problems: ProblemList
    translated: ShownTranslation | None
    refused: Exception | None
    changed: Listeners


class TabsModel:
    """Which tab is in `front`, and whether the list of keys is shown in its place."""

    def __init__(self, window: Window) -> None:
        self.front: Tab = "Ports"
        self.keys_shown = False
        self._window = window
        # What was in front before the problems, and whether there were any when these were looked at last.
        self._before: Tab = "Ports"
        self._problems = False

    def show(self, tab: Tab) -> None:
        """Bring a tab to the front."""
        if self.front != "Problems":
            self._before = self.front
        self.front, self.keys_shown = tab, False
        self._window.changed.tell()

    def leave_problems(self) -> None:
        """Where problems are in front, show what was there before them."""
        if self.front == "Problems":
            self.front = self._before
            self._window.changed.tell()

    def look(self) -> None:
        """Something may have been mended: leave the problems when the last of them is gone."""
        before, self._problems = self._problems, self.front == "Problems" and bool(self._window.problems.all())
        if before and not self._problems:
            self.leave_problems()

    def show_port(self, port: str) -> None:
        """Bring the ports to the front, and the choice for one of them, as in "input NAME"."""
        way, _, name = port.partition(" ")
        self._window.ports.pick("input" if way == "input" else "output", name)
        self.show("Ports")

    def show_keys(self) -> None:
        """Show the list of keys in the place of a tab, or no more."""
        self.keys_shown = not self.keys_shown
        self._window.changed.tell()

    def text_of(self, tab: Tab) -> str:
        """Return a tab's text; empty where there is nothing to show."""
        translated = self._window.translated
        match tab:
            case "Problems":
                return "\n\n".join(problem.text() for problem in self._window.problems.all())
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
        return "Refused: see Problems." if self._window.refused is not None else "Press Translate."

    def _why_no_ports(self) -> str:
        if self._window.ports.behaviour is None:
            return "Translate a behaviour, or select a prim that has one."
        return "Open a stage." if self._window.host.stage is None else "Select the prims to bind it to."
