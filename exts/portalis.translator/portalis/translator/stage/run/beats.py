"""When in a frame a behaviour runs: once, as often as fixed steps fit, or at a rate of its own."""

from __future__ import annotations

import math
from collections.abc import Iterator

from portalis.translator.stage.columns.units import Clock, FrameTime
from portalis.translator.stage.run.group import Group

# In steps or beats: k/fps is not exact, and a step must not slip into the next frame because of that.
_SLACK = 1e-6


class Steps:
    """The time steps of a run that takes fixed ones of `fixed` seconds, or with 0 one a frame."""

    def __init__(self, clock: Clock, fixed: float, done: int = 0) -> None:
        self._clock = clock
        self._fixed = fixed
        # How many fixed steps were made.
        self.done = done

    def of_length(self, fixed: float, now: FrameTime) -> Steps:
        """Return the steps from the frame `now` on, of the length that was authored by then."""
        if fixed == self._fixed:
            return self
        return Steps(self._clock, fixed, self._due(self._clock.at(now.frame - 1), fixed) if fixed > 0.0 and now.frame else 0)

    def of(self, now: FrameTime) -> Iterator[FrameTime]:
        """Yield the steps of a frame: the frame itself, or as many fixed steps as bring the behaviours up to it."""
        if self._fixed <= 0.0:
            yield now
            return
        due = self._due(now, self._fixed)
        while self.done < due:
            current = self._clock.start + self.done * self._fixed
            self.done += 1
            yield FrameTime(now.frame, current, self._fixed, now.time_code)

    def _due(self, now: FrameTime, fixed: float) -> int:
        return math.floor((now.current_time - self._clock.start) / fixed + _SLACK) + 1


def beat(clock: Clock, group: Group, now: FrameTime) -> FrameTime | None:
    """Return the step that `group` takes: the frame's, at its own rate one with the seconds since it last ran, or None between beats."""
    rate = group.bindings[0].binding.rate
    if rate <= 0.0:
        return now
    ticks = math.floor((now.current_time - clock.start) * rate + _SLACK)
    if group.last_run is not None and ticks <= group.ticks:
        return None
    elapsed = 1.0 / rate if group.last_run is None else now.current_time - group.last_run
    group.ticks, group.last_run = ticks, now.current_time
    return FrameTime(now.frame, now.current_time, elapsed, now.time_code)


def is_shown(clock: Clock, frame: int, rate: float) -> bool:
    """Tell whether `frame` is the first on a beat of `rate` a second of the run's own time, as frame 0 is."""
    beats = [math.floor(number * rate / clock.fps + _SLACK) for number in (frame - 1, frame)]
    return frame == 0 or beats[0] < beats[1]
