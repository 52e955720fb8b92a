"""How much a guest may use, and how soon a guest that keeps failing is started again."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

MAX_FUEL = 2**62
MAX_DEADLINE_SECONDS = 3600.0
MAX_MEMORY_BYTES = 2**30


@dataclass(frozen=True, slots=True)
class Budget:
    """The limits of one call. ValueError where a limit is not a positive number within the bridge's own caps.

    Fuel is counted by the engine, about one unit a wasm instruction, and is the same on every run: it decides. A scalar call gets `fuel`,
    a lane call `fuel + n * fuel_per_lane`, and a lane is at fault when it alone needs more than `fuel + fuel_per_lane`.
    `deadline_seconds` of wall time is the backstop; `memory_bytes` is what the module may declare.
    """

    fuel: int = 200_000_000
    fuel_per_lane: int = 2_000_000
    deadline_seconds: float = 2.0
    memory_bytes: int = 256 * 2**20

    def __post_init__(self) -> None:
        _require("fuel", self.fuel, MAX_FUEL, whole=True)
        _require("fuel_per_lane", self.fuel_per_lane, MAX_FUEL, whole=True)
        _require("deadline_seconds", self.deadline_seconds, MAX_DEADLINE_SECONDS, whole=False)
        _require("memory_bytes", self.memory_bytes, MAX_MEMORY_BYTES, whole=True)

    def fuel_for_lanes(self, count: int) -> int:
        """Return the fuel of a call on `count` lanes."""
        return min(MAX_FUEL, self.fuel + count * self.fuel_per_lane)


def _require(name: str, value: float, most: float, *, whole: bool) -> None:
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        raise ValueError(f"{name} must be {'an int' if whole else 'a number'}, not {value!r}")
    if math.isnan(value) or not 0 < value <= most:
        raise ValueError(f"{name} must be above 0 and at most {most}, not {value!r}")


@dataclass(frozen=True, slots=True)
class RestartPolicy:
    """After `free` failures in a row each further one doubles the pause before the next start, from `first_seconds` up."""

    free: int = 32
    first_seconds: float = 0.05
    longest_seconds: float = 5.0

    def pause(self, failures: int) -> float:
        """Return the seconds to wait after this many failures in a row."""
        if failures <= self.free:
            return 0.0
        # The exponent is capped because a float overflows at 2**1024.
        doublings = min(failures - self.free - 1, 64)
        return min(self.longest_seconds, self.first_seconds * 2.0**doublings)


class Backoff:
    """Counts a module's failures in a row and says how long it still has to wait."""

    def __init__(self, policy: RestartPolicy, clock: Callable[[], float] = time.monotonic) -> None:
        self._policy = policy
        self._clock = clock
        self._failures = 0
        self._not_before = -math.inf

    def remaining(self) -> float:
        """Return the seconds until the module may run; 0 where it may run now."""
        return max(0.0, self._not_before - self._clock()) if self._failures > self._policy.free else 0.0

    def failed(self) -> None:
        """Count one more failure."""
        self._failures += 1
        self._not_before = self._clock() + self._policy.pause(self._failures)

    def succeeded(self) -> None:
        """Forget the failures: the module works."""
        self._failures = 0
