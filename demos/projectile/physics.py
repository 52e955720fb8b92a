"""What physics says about the demo's trajectories, and how far the run is from it.

A path without drag is a parabola, and the behaviour's step is exact for constant acceleration, so before the first bounce position and
energy may differ from the closed form by rounding alone. Range: where the parabola from the throw's height meets the ground.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scene import FRAMES_PER_SECOND, STANDARD_GRAVITY, Throws

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Check:
    """One comparison: the largest relative error found, the bound it has to keep, and over how many values (none in a very short run)."""

    name: str
    error: float
    bound: float
    values: int

    @property
    def holds(self) -> bool:
        """Whether no value is past the bound."""
        return self.error <= self.bound

    @property
    def verdict(self) -> str:
        """What a table says of it."""
        return "too few frames" if not self.values else "yes" if self.holds else "NO"


def checks(start: Throws, positions: Array) -> list[Check]:
    """Compare baked positions (frames, n, 3), in metres with Z up, frame k at time k / fps, with the closed form."""
    time = np.arange(len(positions)) / FRAMES_PER_SECOND
    gravity = np.array([0.0, 0.0, -STANDARD_GRAVITY])
    vacuum = start.vacuum
    p0, v0 = start.position[vacuum], start.velocity[vacuum]
    parabola = p0 + v0 * time[:, None, None] + 0.5 * gravity * (time**2)[:, None, None]
    flying = np.logical_and.accumulate(parabola[:, :, 2] >= 0.0, axis=0)
    return [
        _position(positions[:, vacuum], parabola, flying),
        _energy(positions[:, vacuum], v0, flying),
        _range(positions[:, vacuum], p0, v0, flying),
        _drag_shortens(positions, start),
    ]


def _position(positions: Array, parabola: Array, flying: Array) -> Check:
    scale = np.abs(parabola).max()
    error = np.abs(positions - parabola).max(axis=2)[flying].max() / scale
    return Check("position against the parabola", float(error), 1e-12, int(flying.sum()))


def _energy(positions: Array, v0: Array, flying: Array) -> Check:
    """Kinetic plus potential energy per mass, with velocities from central differences, which are exact on a parabola."""
    velocity = (positions[2:] - positions[:-2]) * (FRAMES_PER_SECOND / 2.0)
    energy = 0.5 * (velocity**2).sum(axis=2) + STANDARD_GRAVITY * positions[1:-1, :, 2]
    first = 0.5 * (v0**2).sum(axis=1) + STANDARD_GRAVITY * positions[0, :, 2]
    error = np.abs(energy / first - 1.0)[flying[2:]]
    return Check("energy before the first bounce", float(error.max(initial=0.0)), 1e-11, int(error.size))


def _range(positions: Array, p0: Array, v0: Array, flying: Array) -> Check:
    """Extrapolate from the last frame in the air to the ground along the run's own last step, and compare with the closed form."""
    landed = ~flying[-1]
    flight = (v0[:, 2] + np.sqrt(v0[:, 2] ** 2 + 2.0 * STANDARD_GRAVITY * p0[:, 2])) / STANDARD_GRAVITY
    expected = np.linalg.norm(v0[:, :2], axis=1) * flight
    last = flying.sum(axis=0) - 1
    lanes = np.arange(len(p0))
    step = positions[last, lanes] - positions[last - 1, lanes]
    # Height falls by the last step's drop and half a step of gravity more; a quadratic, as between any two frames.
    drop, height, g = step[:, 2] * FRAMES_PER_SECOND, positions[last, lanes, 2], STANDARD_GRAVITY
    falling = drop - 0.5 * g / FRAMES_PER_SECOND
    remaining = (falling + np.sqrt(falling**2 + 2.0 * g * height)) / g
    end = positions[last, lanes, :2] + step[:, :2] * (FRAMES_PER_SECOND * remaining)[:, None]
    error = np.abs(np.linalg.norm(end - p0[:, :2], axis=1) / expected - 1.0)[landed]
    return Check("range against v²·sin(2θ)/g", float(error.max(initial=0.0)), 1e-11, int(error.size))


def _drag_shortens(positions: Array, start: Throws) -> Check:
    """Drag has no closed form here; but no throw in air may rise higher than the same throw without it."""
    air = ~start.vacuum
    highest = positions[:, air, 2].max(axis=0)
    vacuum = start.position[air, 2] + start.velocity[air, 2] ** 2 / (2.0 * STANDARD_GRAVITY)
    excess = np.maximum(highest / vacuum - 1.0, 0.0)
    return Check("height with drag below height without", float(excess.max()), 0.0, int(air.sum()))
