"""The state of a module between calls: its variables, each in a list that holds its value or nothing.

The lists go into every call as its last arguments, and what the call leaves is put into them. What they hold are Python's own objects, so
that a caller who is given one of them, or who passed one in, has the very object that the next call finds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from portalis.translator.calling.outcome import Outcome
from portalis.translator.diagnostics import GuardError


@dataclass(frozen=True, slots=True)
class KeptDefault:
    """Stands for the default of a parameter that is one of the module's variables, by its place among them."""

    place: int


@dataclass
class ModuleState:
    """What calls of one translation find of the ones before them.

    Where a call was stopped, CPython would have gone on and left something: then nobody knows the state, until it is made anew.
    """

    _cells: list[list[Any]] | None = field(default=None, repr=False)
    _stopped: str = ""

    def cells(self, variables: int, make: Callable[[Sequence[Any]], Outcome]) -> list[list[Any]]:
        """Return the variables, which `make` makes where there are none yet; GuardError where nobody knows them any more."""
        if self._stopped:
            raise GuardError(f"a call before this one was stopped ({self._stopped}): reset() makes the module's state anew")
        if self._cells is None:
            cells: list[list[Any]] = [[] for _ in range(variables)]
            if make(cells).error is not None:
                raise GuardError("the module's state cannot be made")
            self._cells = cells
        return self._cells

    def stop(self, reason: str) -> None:
        """Say that a call was stopped."""
        self._stopped = self._stopped or reason

    def reset(self) -> None:
        """Let the next call find the state that a module has which nothing has called."""
        self._cells, self._stopped = None, ""
