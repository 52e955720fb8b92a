"""Where the time of a run goes: every second belongs to one phase."""

from __future__ import annotations

import time

# What belongs to no other phase: between the calls of whoever runs it.
_REST = "rest"


class Phases:
    """Seconds of wall time by phase, from when this is made. A phase within another one is not counted to that."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        self._names = [_REST]
        self._since = time.perf_counter()

    def phase(self, name: str) -> Phase:
        """Count what happens within this to `name`."""
        return Phase(self, name)

    def begin(self, name: str) -> None:
        """Count to `name` from now on."""
        self._charge()
        self._names.append(name)

    def end(self) -> None:
        """Count to what was counted to before `begin`."""
        self._charge()
        self._names.pop()

    def seconds(self) -> dict[str, float]:
        """Return the seconds so far, by phase, in the order in which the phases began; what belongs to none is the last."""
        self._charge()
        rest = self._seconds.get(_REST, 0.0)
        return {name: seconds for name, seconds in self._seconds.items() if name != _REST} | {_REST: rest}

    def _charge(self) -> None:
        now = time.perf_counter()
        self._seconds[self._names[-1]] = self._seconds.get(self._names[-1], 0.0) + now - self._since
        self._since = now


class Phase:
    """The time within a `with`: every frame enters one, and a generator would cost it twice as much."""

    __slots__ = ("_name", "_phases")

    def __init__(self, phases: Phases, name: str) -> None:
        self._phases = phases
        self._name = name

    def __enter__(self) -> None:
        self._phases.begin(self._name)

    def __exit__(self, *_: object) -> None:
        self._phases.end()
