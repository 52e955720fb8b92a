"""What frames cost over the last ten minutes: for a plot, for a pointer over it, and for a file."""

from __future__ import annotations

import csv
import io
import json
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from portalis.translator.saving import replace_file

# What a frame consists of, in the order in which it is stacked.
PARTS = ("gather", "guest", "scatter", "USD and rest")
# A frame that is to keep up with sixty a second.
WANTED_MS = 1000.0 / 60.0
# Ten minutes at sixty frames a second.
_KEPT = 36_000
_STEPS = (1.0, 2.0, 5.0)


class FrameRow(NamedTuple):
    """One frame: its number, its time code, and the milliseconds of each of `PARTS`."""

    frame: int
    time_code: float
    parts: tuple[float, float, float, float]

    @property
    def whole(self) -> float:
        """All of its milliseconds."""
        return sum(self.parts)

    def words(self) -> str:
        """Return the numbers of this frame, for people."""
        parts = "  ".join(f"{name} {value:.2f}" for name, value in zip(PARTS, self.parts, strict=True))
        return f"frame {self.frame}: {self.whole:.2f} ms ({parts})"


@dataclass(frozen=True, slots=True)
class Curve:
    """A range of frames as columns: `stacked[i]` are the parts up to the i-th added up, `rows` the costliest frame of each column."""

    stacked: tuple[tuple[float, ...], ...]
    rows: tuple[FrameRow, ...]
    scale: float

    def at(self, fraction: float) -> FrameRow | None:
        """Return the frame at a place from 0 (left) to 1 (right)."""
        return self.rows[min(len(self.rows) - 1, max(0, int(fraction * len(self.rows))))] if self.rows else None


class FrameHistory:
    """The last frames of a run, the newest last."""

    def __init__(self) -> None:
        self._rows: deque[FrameRow] = deque(maxlen=_KEPT)

    def __len__(self) -> int:
        return len(self._rows)

    def clear(self) -> None:
        """Forget all frames."""
        self._rows.clear()

    def add(self, frame: int, time_code: float, cost: Sequence[float]) -> None:
        """Take a frame with the seconds that each of its parts took."""
        gather, guest, scatter, rest = (value * 1000.0 for value in cost)
        self._rows.append(FrameRow(frame, time_code, (gather, guest, scatter, rest)))

    def curve(self, frames: int, columns: int) -> Curve:
        """Return the last `frames` frames in at most so many columns; a column of several frames shows the costliest of them."""
        rows = list(islice(reversed(self._rows), frames))[::-1]
        if len(rows) > columns:
            size = -(-len(rows) // columns)
            # Columns keep their frames while new ones come: they begin at multiples of their size.
            first = (size - rows[0].frame % size) % size
            blocks = [rows[:first], *(rows[start : start + size] for start in range(first, len(rows), size))]
            rows = [max(block, key=lambda row: row.whole) for block in blocks if block]
        stacked = []
        so_far = [0.0] * len(rows)
        for index in range(len(PARTS)):
            so_far = [total + row.parts[index] for total, row in zip(so_far, rows, strict=True)]
            stacked.append(tuple(so_far))
        return Curve(tuple(stacked), tuple(rows), nice_scale(max(so_far, default=0.0)))

    def summary(self, frames: int) -> str:
        """Return the last frames' times in words; empty where there are none."""
        times = sorted(row.whole for row in islice(reversed(self._rows), frames))
        if not times:
            return ""
        middle, high = times[len(times) // 2], times[min(len(times) - 1, int(len(times) * 0.95))]
        return f"p50 {middle:.2f}  p95 {high:.2f}  largest {times[-1]:.2f} ms"

    def export(self, path: Path) -> int:
        """Write every frame to a .csv or .json file, whole, and return how many; OSError where that cannot be."""
        names = ("frame", "time code", *(f"{name} ms" for name in PARTS))
        table = [(row.frame, row.time_code, *row.parts) for row in self._rows]
        if path.suffix == ".json":
            text = json.dumps([dict(zip(names, row, strict=True)) for row in table], indent=1)
        else:
            lines = io.StringIO()
            writer = csv.writer(lines, lineterminator="\n")
            writer.writerow(names)
            writer.writerows(table)
            text = lines.getvalue()
        replace_file(path, text.encode())
        return len(table)


def nice_scale(most: float) -> float:
    """Return the next round figure from `most` on: a scale that shows everything and does not breathe with every frame."""
    step = 0.1
    while True:
        for factor in _STEPS:
            if most <= step * factor:
                return step * factor
        step *= 10.0
