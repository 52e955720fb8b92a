"""Trajectories: what a behaviour's outputs are frame after frame, each frame starting from the last one's, and whether two are the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from portalis.translator.bridge import GuestStop
from portalis.translator.bridge.comparison import ColumnDifference, CompareColumns, column_comparison
from portalis.translator.verify.lane_verification import LaneSide

# For each output slot, named `position[0]`, and for the error words, `errors`: an array of (frames, lanes).
Trajectory: TypeAlias = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class TrajectoryDifference:
    """One column in which two trajectories differ, and the frame and lane of the first difference, frames first."""

    column: str
    difference: ColumnDifference
    frame: int
    lane: int

    def __str__(self) -> str:
        found = self.difference
        return f"{self.column}: {found.differing} differ, first in frame {self.frame}, lane {self.lane}; at most {found.farthest} apart"


def follow(lanes: LaneSide, frames: int, count: int) -> Trajectory:
    """Run `count` lanes for so many frames; outputs become the inputs of the same name. Raises GuestStop where a lane is stopped."""
    kinds = {f"{name}[{slot}]": column.dtype for name, columns in lanes.outputs.items() for slot, column in enumerate(columns)}
    recorded = {name: np.zeros((frames, count), kind) for name, kind in kinds.items()}
    recorded["errors"] = np.zeros((frames, count), np.int64)
    for frame in range(frames):
        run = lanes.run(count)
        stops = (run.stop, *run.isolated) if run.stop is not None else run.isolated
        if stops:
            raise _at_frame(stops[0], frame)
        recorded["errors"][frame] = run.error_words
        for name, columns in lanes.outputs.items():
            for slot, column in enumerate(columns):
                recorded[f"{name}[{slot}]"][frame] = column[:count]
                if name in lanes.inputs and lanes.inputs[name][slot].shape == column.shape:
                    # A lane with an error keeps what it had.
                    np.copyto(lanes.inputs[name][slot][:count], column[:count], where=run.error_words == 0)
    return recorded


def _at_frame(stop: GuestStop, frame: int) -> GuestStop:
    return GuestStop(stop.module, stop.kind, f"{stop.reason} (frame {frame})", stop.lane)


def compare_trajectories(left: Trajectory, right: Trajectory, compare: CompareColumns | None = None) -> tuple[TrajectoryDifference, ...]:
    """Compare two trajectories bit for bit, on the GPU where there is one; return what differs, column by column.

    `compare` is what compares two columns. ValueError where the trajectories do not have the same columns, frames and lanes.
    """
    if left.keys() != right.keys():
        raise ValueError(f"trajectories of {sorted(left)} and {sorted(right)} cannot be compared")
    compare = compare or column_comparison()
    found = []
    for name, column in left.items():
        if column.shape != right[name].shape:
            raise ValueError(f"{name}: {column.shape} and {right[name].shape} frames and lanes cannot be compared")
        difference = compare(column.reshape(-1), right[name].reshape(-1))
        if difference.first is not None:
            frame, lane = divmod(difference.first, column.shape[1])
            found.append(TrajectoryDifference(name, difference, frame, lane))
    return tuple(found)
