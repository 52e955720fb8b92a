"""The translated solver, called once a step: fields go in as lists and come out as lists, and NumPy only looks at them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

# Calls that say every type and take every path that a run takes: a grid too coarse for a coarser one, and one that has it.
_ALIKE = "[0.1, 0.3, -0.2, 0.4, 0.7, -0.5, 0.2, -0.1]"
_OTHER = "[0.2, -0.3, 0.6, 0.1, -0.4, 0.5, 0.3, -0.7]"
_DYE = "[1.0, 0.0, 0.25, 0.5, 0.75, 0.2, 0.9, 0.1]"
EXAMPLES = [
    f"advance([{_ALIKE}, {_OTHER}, {_ALIKE}], [0.0] * 8, {_DYE}, [[0.1], [0.2], [0.3]], 2, 1.0, 0.1, 0.01, 1.0)",
    f"advance([{_ALIKE} * 8, {_OTHER} * 8, ({_ALIKE} + {_OTHER}) * 4], {_DYE} * 8, {_DYE} * 8, [[0.4, -0.1], [0.9, 1.2], [0.7, 0.5]], "
    "4, 1.0, 0.05, 0.01, 1.0)",
    f"advance([[0.0] * 64, [0.0] * 64, [0.0] * 64], [0.0] * 64, {_DYE} * 4 + [0.0] * 32, [[0.4], [0.9], [0.7]], 4, 1.0, 0.05, 0.0, 1.0)",
]


class Fluid:
    """The state of a fluid: `velocity` (3, n, n, n) on lower faces; `pressure`, `dye`, `divergence` before projection (n, n, n)."""

    def __init__(self, advance: Callable[..., Any], size: float, velocity: Array, dye: Array) -> None:
        self._advance = advance
        self.cells = len(dye)
        self.size = size
        self.seconds: list[float] = []
        self._lists = (velocity.reshape(3, -1).tolist(), [0.0] * dye.size, dye.ravel().tolist(), [0.0] * dye.size)

    def step(self, seconds: float, viscosity: float, lift: float, points: Array | None = None) -> Array:
        """Advance by one step and return the velocities at points (m, 3)."""
        velocity, pressure, dye, _ = self._lists
        places = [[], [], []] if points is None else points.T.tolist()
        started = time.perf_counter()
        *lists, drift = self._advance(velocity, pressure, dye, places, self.cells, self.size, seconds, viscosity, lift)
        self.seconds.append(time.perf_counter() - started)
        self._lists = tuple(lists)
        return np.ascontiguousarray(np.array(drift).T)

    @property
    def velocity(self) -> Array:
        """The velocity, component first."""
        return np.array(self._lists[0]).reshape(3, *[self.cells] * 3)

    @property
    def pressure(self) -> Array:
        """The pressure of the last step, divided by density."""
        return np.array(self._lists[1]).reshape([self.cells] * 3)

    @property
    def dye(self) -> Array:
        """The concentration of dye."""
        return np.array(self._lists[2]).reshape([self.cells] * 3)

    @property
    def divergence(self) -> Array:
        """The divergence that the last step found before its projection."""
        return np.array(self._lists[3]).reshape([self.cells] * 3)
