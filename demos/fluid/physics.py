"""What is known of the fluid without the solver, and how far the run is from it.

Dye and momentum of a periodic box stay what they are. Pressure solves Poisson's equation, which on a periodic grid a Fourier transform
solves exactly. A fluid at rest begins to move as the lift, less its gradient part, pushes it. Taylor and Green's vortex, carried along by a
uniform wind, decays as exp(−2νk²t) without changing its form: Navier and Stokes' equations hold for it exactly, advection included.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scene import SIZE
from solver import Fluid

from portalis.translator.cli.demonstration import Check, at_most

Array = np.ndarray[Any, Any]


@dataclass
class Watch:
    """Looks at a fluid after every step, with the specks where the stage has them, and keeps the largest error of each check."""

    fluid: Fluid
    seconds: float
    viscosity: float
    lift: float
    courant: float = 0.0
    _errors: dict[str, tuple[float, float, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Keep what the start had."""
        self._dye = self._last = self.fluid.dye
        self._sum = math.fsum(self._dye.ravel())

    def look(self, before: Array, drift: Array, after: Array) -> None:
        """Take the velocities that the solver gave specks which stood at `before`, and where the stage has them `after` the frame."""
        fluid = self.fluid
        velocity, dye, pressure = fluid.velocity, fluid.dye, fluid.pressure
        fastest = np.abs(velocity).max()
        self.courant = max(self.courant, float(np.abs(velocity).sum(axis=0).max() * self.seconds * fluid.cells / fluid.size))
        if not any(name.startswith("first") for name in self._errors):
            expected = projected(_lifted(self._dye, self.lift), fluid.size) * self.seconds
            error = np.abs(velocity - expected).max() / np.abs(expected).max()
            self._note("first step against the lift, projected by FFT", error, 0.05, velocity.size)
        self._note("sum of dye", abs(math.fsum(dye.ravel()) / self._sum - 1.0), 1e-12, dye.size)
        excess = max(dye.max() - self._dye.max(), self._dye.min() - dye.min())
        self._note("dye within its bounds", max(0.0, float(excess)), 1e-6, dye.size)
        self._note("mean velocity", np.abs(velocity.mean(axis=(1, 2, 3))).max() / fastest, 1e-12, velocity.size)
        left = np.abs(divergence(velocity, fluid.size)).max() / np.abs(fluid.divergence).max()
        self._note("divergence after projection, of before", left, 1e-6, dye.size)
        exact = poisson(fluid.divergence / self.seconds, fluid.size)
        self._note("pressure against Poisson by FFT", np.abs(pressure - exact).max() / np.abs(exact).max(), 1e-6, dye.size)
        expected = np.stack([_sampled(velocity, axis, before, fluid.size) for axis in range(3)], axis=1)
        self._note("velocity at specks", np.abs(drift - expected).max() / fastest, 1e-12, drift.size)
        way = (after - before - expected * self.seconds + 0.5 * fluid.size) % fluid.size - 0.5 * fluid.size
        self._note("way of the specks on the stage, in boxes", np.abs(way).max() / fluid.size, 1e-6, after.size)

    def checks(self) -> list[Check]:
        """Return what was found so far."""
        return [at_most(name, *found) for name, found in self._errors.items()]

    def _note(self, name: str, error: float, bound: float, values: int) -> None:
        old, _, count = self._errors.get(name, (0.0, bound, 0))
        self._errors[name] = (float(np.maximum(old, error)), bound, count + values)


# --------------------------------------------------------------------------------------------------------- operators, by NumPy
def divergence(velocity: Array, size: float) -> Array:
    """Return what flows out of each cell per volume, for velocities (3, n, n, n) on lower faces."""
    scale = velocity.shape[1] / size
    return np.asarray(sum(np.roll(velocity[axis], -1, axis) - velocity[axis] for axis in range(3)) * scale)


def poisson(source: Array, size: float) -> Array:
    """Return the field of mean zero whose seven-point Laplacian is the source, by FFT."""
    n = len(source)
    along = (2.0 * np.cos(2.0 * np.pi * np.fft.fftfreq(n)) - 2.0) * (n / size) ** 2
    factor = along[:, None, None] + along[None, :, None] + along[None, None, :]
    factor[0, 0, 0] = 1.0
    spectrum = np.fft.fftn(source) / factor
    spectrum[0, 0, 0] = 0.0
    return np.fft.ifftn(spectrum).real


def projected(velocity: Array, size: float) -> Array:
    """Return the part of a velocity that has no divergence."""
    pressure = poisson(divergence(velocity, size), size)
    scale = len(pressure) / size
    return np.stack([velocity[axis] - scale * (pressure - np.roll(pressure, 1, axis)) for axis in range(3)])


def _lifted(dye: Array, lift: float) -> Array:
    upwards = lift * (0.5 * (dye + np.roll(dye, 1, 2)) - dye.mean())
    return np.stack([np.zeros_like(dye), np.zeros_like(dye), upwards])


def _sampled(velocity: Array, axis: int, points: Array, size: float) -> Array:
    n = velocity.shape[1]
    places = points * n / size - np.where(np.arange(3) == axis, 0.0, 0.5)
    lower = np.floor(places).astype(int)
    share = places - lower
    total = np.zeros(len(points))
    for corner in np.ndindex(2, 2, 2):
        weight = np.where(np.array(corner) == 1, share, 1.0 - share).prod(axis=1)
        i, j, k = ((lower + corner) % n).T
        total += weight * velocity[axis][i, j, k]
    return total


# -------------------------------------------------------------------------------------------------------- Taylor–Green's vortex
WIND = (0.30, 0.20, 0.25)
VORTEX_VISCOSITY = 0.02
VORTEX_SECONDS = 0.4
VORTEX_BOUND = 5.0  # of the error times the cells a side squared, which second order keeps
PLANES = ((0, 1), (1, 2), (2, 0))


def vortex(cells: int, plane: tuple[int, int], seconds: float) -> Array:
    """Return the velocity (3, n, n, n) on lower faces of Taylor and Green's vortex in a plane, in a wind."""
    wave = 2.0 * np.pi / SIZE
    velocity = np.empty((3, cells, cells, cells))
    for axis in range(3):
        velocity[axis] = WIND[axis]
        if axis in plane:
            first, second = ((_place(cells, item, axis) - WIND[item] * seconds) * wave for item in plane)
            decay = math.exp(-2.0 * VORTEX_VISCOSITY * wave**2 * seconds)
            form = np.sin(first) * np.cos(second) if axis == plane[0] else -np.cos(first) * np.sin(second)
            velocity[axis] += decay * form
    return velocity


def _place(cells: int, direction: int, axis: int) -> Array:
    middles = (np.arange(cells) + (0.0 if direction == axis else 0.5)) * SIZE / cells
    shape = [1, 1, 1]
    shape[direction] = cells
    return middles.reshape(shape)


def vortex_error(advance: Callable[..., Any], cells: int, plane: tuple[int, int]) -> float:
    """Run the vortex on a grid, with steps in proportion to its spacing, and return the largest error of the velocity."""
    steps = cells // 2
    fluid = Fluid(advance, SIZE, vortex(cells, plane, 0.0), np.zeros((cells, cells, cells)))
    for _ in range(steps):
        fluid.step(VORTEX_SECONDS / steps, VORTEX_VISCOSITY, 0.0)
    return float(np.abs(fluid.velocity - vortex(cells, plane, VORTEX_SECONDS)).max())


def convergence(
    advance: Callable[..., Any], finest: int = 32, planes: tuple[tuple[int, int], ...] = PLANES
) -> tuple[list[Check], dict[str, list[float]]]:
    """Return, for each plane, how far the order of convergence is from two, and the errors on three grids, the coarsest first."""
    checks, errors = [], {}
    for plane in planes:
        name = "".join("xyz"[axis] for axis in plane)
        found = [vortex_error(advance, cells, plane) for cells in (finest // 4, finest // 2, finest)]
        order = math.log2(found[-2] / found[-1])
        checks.append(at_most(f"order of Taylor–Green in {name}, from two", abs(order - 2.0), 0.25, len(found)))
        checks.append(at_most(f"Taylor–Green in {name}, times cells squared", found[-1] * finest**2, VORTEX_BOUND, 3 * finest**3))
        errors[name] = found
    return checks, errors
