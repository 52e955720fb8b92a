"""The rows of a run: one a behaviour, with its state in words and what it costs, and the order that somebody wants them in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portalis.translator.ui.models.standing import Standing

if TYPE_CHECKING:
    from portalis.translator.stage.run.report import BehaviourReport

ROW_COLUMNS = ("behaviour", "state", "ms", "share", "errors", "prims", "fuel", "MB")
_SORT_KEYS = ("name", "state", "milliseconds", "share", "errors", "prims", "fuel", "memory_mb")


@dataclass(frozen=True, slots=True)
class BehaviourRow:
    """One behaviour over all of its prims: milliseconds and instructions a frame, its share of the frame, what its sandboxes hold.

    `line` is where its first error was raised, 0 where there is none.
    """

    name: str
    standing: Standing
    milliseconds: float
    share: float
    errors: int
    line: int
    prims: int
    fuel: float
    memory_mb: float

    @property
    def state(self) -> str:
        """How it is doing, in a word."""
        return self.standing.name

    def whole(self, column: int) -> str:
        """Return what a column says to somebody who wants to know all of it."""
        return self.standing.words if ROW_COLUMNS[column] == "state" else self.cells()[column]

    def cells(self) -> tuple[str, ...]:
        """Return what each of `ROW_COLUMNS` shows."""
        where = f" (line {self.line})" if self.line else ""
        cost = f"{self.milliseconds:.3f}", f"{self.share:.0%}", f"{self.errors}{where}"
        return self.name, self.state, *cost, str(self.prims), short(self.fuel), f"{self.memory_mb:.1f}"


def short(count: float) -> str:
    """Return a count in a few characters: 950, 12.3 k, 4.5 M."""
    for unit, size in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count:.0f}"


def row_of(report: BehaviourReport, standing: Standing, line: int) -> BehaviourRow:
    """Return the row of a behaviour that is doing so."""
    cost = report.ms_per_frame, report.share, report.errors, line, report.prims, report.fuel_per_frame, report.memory_mb
    return BehaviourRow(report.name, standing, *cost)


def sort(rows: Sequence[BehaviourRow], by: tuple[int, bool] | None) -> tuple[BehaviourRow, ...]:
    """Return rows by a column, the largest first where that is asked for; as they are where no column is given."""
    if by is None:
        return tuple(rows)
    column, largest_first = by
    key = _SORT_KEYS[column]
    return tuple(sorted(rows, key=lambda row: getattr(row, key), reverse=largest_first))
