"""What frames cost, by what was done: the newest one, and all of them for percentiles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from portalis.translator.stage.run.kept import BehaviourTally
from portalis.translator.stage.run.report import Durations


class FrameCost(NamedTuple):
    """Seconds of one frame: from the stage into columns, in the sandbox, back to the stage, and whatever else belongs to a frame."""

    gather: float
    guest: float
    scatter: float
    rest: float

    @property
    def whole(self) -> float:
        """All of it."""
        return self.gather + self.guest + self.scatter + self.rest


class Costs:
    """Adds up what behaviours tell of their time, frame by frame."""

    def __init__(self) -> None:
        self.frame, self.bridge, self.stage = Durations(), Durations(), Durations()
        self.last: FrameCost | None = None
        self._before = (0.0, 0.0, 0.0)

    def begin(self, tallies: Iterable[BehaviourTally]) -> None:
        """A frame begins."""
        self._before = _sums(tallies)

    def end(self, tallies: Iterable[BehaviourTally], seconds: float) -> None:
        """The frame is over that took so many seconds."""
        sums, before = _sums(tallies), self._before
        gather, guest, scatter = sums[0] - before[0], sums[1] - before[1], sums[2] - before[2]
        self.last = FrameCost(gather, guest, scatter, max(0.0, seconds - gather - guest - scatter))
        self.frame.add(seconds)
        self.bridge.add(guest)
        self.stage.add(gather + scatter)


def _sums(tallies: Iterable[BehaviourTally]) -> tuple[float, float, float]:
    gather = bridge = scatter = 0.0
    for item in tallies:
        gather += item.gather
        bridge += item.bridge
        scatter += item.scatter
    return gather, bridge, scatter
