"""What the window needs from where it lives: a stage, a selection, an undoable bind and a timeline."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias

EditName: TypeAlias = Literal["bind", "rebind", "unbind", "enable", "disable"]


class Edit(Protocol):
    """One change of the stage that can be taken back and made again; `label` says what it is, in words."""

    @property
    def name(self) -> EditName:
        """Which kind of change it is."""

    @property
    def label(self) -> str:
        """What undo takes back."""

    def do(self) -> object:
        """Make the change."""

    def undo(self) -> None:
        """Take it back."""


class Timeline(Protocol):
    """Who decides about time. What was asked for becomes true when the host says so (`PanelModel.played` and its like).

    `loops`: whether it goes from the end of the stage's range to its start again; None where the host has a switch of its own for that.
    """

    loops: bool | None

    def play(self) -> None:
        """Start or go on."""

    def pause(self) -> None:
        """Hold the time."""

    def stop(self) -> None:
        """Go back to the beginning."""


class Host(Protocol):
    """Kit or the studio. `stage` is None where none is open."""

    @property
    def timeline(self) -> Timeline:
        """Who decides about time."""

    @property
    def stage(self) -> Any:
        """The `Usd.Stage` that is open, or None."""

    def selection(self) -> Sequence[str]:
        """Return the paths of the selected prims."""

    def perform(self, edit: Edit) -> None:
        """Make an edit so that the user can undo it. Raises what the edit raises."""

    def history(self) -> History | None:
        """Return the undo history where the window shows it; None where the host has its own."""

    def bake_path(self) -> Path:
        """Return the file that Bake writes; asked for only where the stage has a file."""


class Stages(Protocol):
    """Stages as files, for a host that has no menu of its own for them."""

    @property
    def title(self) -> str:
        """What the open stage is called."""

    @property
    def unsaved(self) -> bool:
        """Whether it has edits that are in no file."""

    def open(self, path: Path, news: str = "") -> None:
        """Open another in its place."""

    def save(self, path: Path | None = None) -> bool:
        """Write it to its file, or to one that it gets now; False where that cannot be."""


class History(Protocol):
    """Undo and redo, for a host that has none of its own."""

    def to_undo(self) -> str:
        """Return the label of the edit that undo would take back; empty where there is none."""

    def to_redo(self) -> str:
        """Return the label of the edit that redo would make again; empty where there is none."""

    def undo(self) -> str:
        """Take the last edit back and return its label."""

    def redo(self) -> str:
        """Make the last edit that was taken back again and return its label."""


class EditHistory:
    """Edits in the order they were made; making one drops what was taken back."""

    def __init__(self) -> None:
        self._done: list[Edit] = []
        self._undone: list[Edit] = []

    def perform(self, edit: Edit) -> None:
        """Make an edit and remember it."""
        edit.do()
        self._done.append(edit)
        self._undone.clear()

    def to_undo(self) -> str:
        """Return the label of the edit that undo would take back; empty where there is none."""
        return self._done[-1].label if self._done else ""

    def to_redo(self) -> str:
        """Return the label of the edit that redo would make again; empty where there is none."""
        return self._undone[-1].label if self._undone else ""

    def undo(self) -> str:
        """Take the last edit back and return its label. One that cannot be taken back stays where it is."""
        edit = self._done[-1]
        edit.undo()
        self._undone.append(self._done.pop())
        return edit.label

    def redo(self) -> str:
        """Make the last edit that was taken back again and return its label."""
        edit = self._undone[-1]
        edit.do()
        self._done.append(self._undone.pop())
        return edit.label


class Listeners:
    """Who wants to know that something changed."""

    def __init__(self) -> None:
        self._functions: list[Callable[[], None]] = []

    def add(self, function: Callable[[], None]) -> Callable[[], None]:
        """Call `function` after every change, until what this returns is called."""
        self._functions.append(function)
        return lambda: self._functions.remove(function)

    def tell(self) -> None:
        """Call everybody."""
        for function in tuple(self._functions):
            function()
