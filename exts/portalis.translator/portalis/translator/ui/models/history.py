"""What frames cost over the last ten minutes: for a plot, for a pointer over it, and for a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from portalis.translator.saving import replace_file

# What a frame consists of, in the order in which it is stacked.
PARTS = ("read", "run", "write", "USD and rest")
ABOUT_PARTS = (
    "Bringing the values of attributes to the behaviours.",
    "The behaviours themselves, in the sandbox.",
    "Bringing their results back to attributes.",
    "What OpenUSD does with what was written, and all else of a frame.",
)
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
    """A range of frames as columns: `stacked[i]` are the parts up to the i-th added up, `kept` the costliest frame of each column."""

    stacked: list[list[float]]
    kept: NDArray[np.float64]
    scale: float

    def __len__(self) -> int:
        return len(self.kept)

    def at(self, fraction: float) -> FrameRow | None:
        """Return the frame at a place from 0 (left) to 1 (right)."""
        return _row(self.kept[min(len(self) - 1, max(0, int(fraction * len(self))))]) if len(self) else None


class FrameHistory:
    """The last frames of a run, the newest last: a ring of numbers, of which a plot some times a second asks for all."""

    def __init__(self) -> None:
        # Frame, time code, and the milliseconds of each of `PARTS`; beside them all milliseconds, which every plot asks for.
        self._ring: NDArray[np.float64] = np.empty((_KEPT, 2 + len(PARTS)))
        self._whole: NDArray[np.float64] = np.empty(_KEPT)
        self._added = 0

    def __len__(self) -> int:
        return min(self._added, _KEPT)

    @property
    def last(self) -> FrameRow | None:
        """The newest frame; None before the first."""
        return _row(self._ring[(self._added - 1) % _KEPT]) if self._added else None

    def clear(self) -> None:
        """Forget all frames."""
        self._added = 0

    def add(self, frame: int, time_code: float, cost: Sequence[float]) -> None:
        """Take a frame with the seconds that each of its parts took."""
        self._ring[self._added % _KEPT] = frame, time_code, *(seconds * 1e3 for seconds in cost)
        self._whole[self._added % _KEPT] = sum(cost) * 1e3
        self._added += 1

    def _newest(self, ring: NDArray[np.float64], count: int) -> NDArray[np.float64]:
        count = min(count, len(self))
        start, end = (self._added - count) % _KEPT, self._added % _KEPT
        return ring[start:end] if start < end or not count else np.concatenate((ring[start:], ring[:end]))

    def curve(self, frames: int, columns: int) -> Curve:
        """Return the last `frames` frames in at most so many columns; a column of several frames shows the costliest of them."""
        kept = self._newest(self._ring, frames)
        if len(kept) > columns:
            size = -(-len(kept) // columns)
            # Columns keep their frames while new ones come: they begin at multiples of their size.
            first = int(-kept[0, 0] % size)
            starts = np.arange(first - size if first else 0, len(kept), size)
            whole = np.full(len(starts) * size, -1.0)
            whole[-starts[0] : len(kept) - starts[0]] = self._newest(self._whole, frames)
            kept = kept[starts + whole.reshape(-1, size).argmax(axis=1)]
        stacked = np.cumsum(kept[:, 2:], axis=1)
        most = float(stacked[:, -1].max()) if len(kept) else 0.0
        return Curve(stacked.T.tolist(), kept, nice_scale(most))

    def summary(self, frames: int) -> str:
        """Return the last frames' times in words; empty where there are none."""
        times = self._newest(self._whole, frames)
        if not len(times):
            return ""
        places = len(times) // 2, int(len(times) * 0.95), len(times) - 1
        middle, high, most = np.partition(times, places)[list(places)]
        return f"p50 {middle:.2f}  p95 {high:.2f}  max {most:.2f} ms"

    def export(self, path: Path) -> int:
        """Write every frame to a .csv or .json file, whole, and return how many; OSError where that cannot be."""
        names = ("frame", "time code", *(f"{name} ms" for name in PARTS))
        table = [(int(frame), *rest) for frame, *rest in self._newest(self._ring, _KEPT).tolist()]
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


def _row(numbers: NDArray[np.float64]) -> FrameRow:
    frame, time_code, read, run, write, rest = numbers.tolist()
    return FrameRow(int(frame), time_code, (read, run, write, rest))


def nice_scale(most: float) -> float:
    """Return the next round figure from `most` on: a scale that shows everything and does not breathe with every frame."""
    step = 0.1
    while True:
        for factor in _STEPS:
            if most <= step * factor:
                return step * factor
        step *= 10.0
