"""What the run is held to: rays against planes, a Kalman filter and the statistics of errors, all in numpy.

Nothing here is the demo's answer. The room and the noise are written once more, from their definitions: a 32-bit hash and the method of
Box and Muller, so that what the LiDAR measures is known to the last beam.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scene import ACCELEROMETER_NOISE, FRAMES_PER_SECOND, LIDAR_NOISE, SWEEPS_PER_SECOND, Group, Sizes

from portalis.translator.cli.demonstration import Check, at_most

Array = np.ndarray[Any, Any]
# Fewer sweeps than this say nothing of how large errors are.
FEWEST_SWEEPS = 10
SWEEP_FRAMES = round(FRAMES_PER_SECOND / SWEEPS_PER_SECOND)
NORMALS = np.array([[1.0, 0.0], [0.28, 0.96], [-0.96, 0.28], [-0.28, -0.96], [0.6, -0.8]])
OFFSETS = np.array([7.0, 5.0, 6.0, 4.5, 6.5])
LIDAR_HEIGHT, ROOM_HEIGHT, STEEPEST = 1.2, 3.0, 0.6


@dataclass(frozen=True)
class Record:
    """What one group of carts did: rows of every frame, for each cart (frames, n, …)."""

    truth: Array
    estimate: Array
    covariance: Array
    accelerometer: Array

    def nees(self) -> Array:
        """Return eᵀ P⁻¹ e after each sweep, (sweeps, n): how large the errors are by what the filter says of itself."""
        error = (self.estimate - self.truth)[::SWEEP_FRAMES]
        weighed = np.linalg.solve(self.covariance[::SWEEP_FRAMES], error[..., None])[..., 0]
        return np.asarray((error * weighed).sum(axis=-1))


def chi_square_interval(freedom: int) -> tuple[float, float]:
    """Return between which bounds 95 % of χ² with that many degrees of freedom lie (Wilson and Hilferty 1931; 1e-4 from 50 on)."""
    part = 2.0 / (9.0 * freedom)
    low, high = (freedom * (1.0 - part + sign * 1.959964 * part**0.5) ** 3 for sign in (-1.0, 1.0))
    return low, high


def corners() -> Array:
    """Return the corners of the floor in order, (n, 2): where each wall meets the next."""
    return np.array([np.linalg.solve(np.stack([NORMALS[k - 1], NORMALS[k]]), [OFFSETS[k - 1], OFFSETS[k]]) for k in range(len(OFFSETS))])


# ------------------------------------------------------------------------------------------------------------- measurements
def _scramble(numbers: Array | np.uint64) -> Array:
    x = np.asarray(numbers, dtype=np.uint64)
    for _ in range(2):
        x = ((x >> np.uint64(16)) ^ x) * np.uint64(0x45D9F3B) & np.uint64(0xFFFFFFFF)
    return np.asarray((x >> np.uint64(16)) ^ x)


def _normal(key: Array, which: Array) -> Array:
    bits = _scramble(key ^ _scramble(which))
    radius = np.sqrt(-2.0 * np.log((bits.astype(float) + 0.5) / 2.0**32))
    return np.asarray(radius * np.cos(2.0 * np.pi * _scramble(bits ^ np.uint64(0x5BF03635)).astype(float) / 2.0**32))


@dataclass(frozen=True)
class Beams:
    """The directions of a sweep in the sensor's frame, (n, 3) of length 1, ring by ring within each column."""

    directions: Array

    @classmethod
    def of(cls, sizes: Sizes) -> Beams:
        """Return the beams of a sweep of these sizes."""
        around = np.repeat(2.0 * np.pi * np.arange(sizes.columns) / sizes.columns, sizes.rings)
        slope = np.tile(STEEPEST * ((2.0 * np.arange(sizes.rings) + 1.0) / sizes.rings - 1.0), sizes.columns)
        straight = np.stack([np.cos(around), np.sin(around), slope], axis=1)
        return cls(straight / np.linalg.norm(straight, axis=1)[:, None])

    def turned(self, heading: float) -> Array:
        """Return the directions in the room's frame."""
        c, s = np.cos(heading), np.sin(heading)
        return np.asarray(self.directions @ np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]]))

    def ranges(self, x: float, y: float, heading: float) -> tuple[Array, Array]:
        """Return the range of every beam to the nearest plane, and its derivatives by x and y, (n, 2)."""
        planes = np.concatenate([np.pad(NORMALS, ((0, 0), (0, 1))), [[0.0, 0.0, -1.0], [0.0, 0.0, 1.0]]])
        clearance = np.append(OFFSETS, [0.0, ROOM_HEIGHT]) - planes @ np.array([x, y, LIDAR_HEIGHT])
        closing = self.turned(heading) @ planes.T
        with np.errstate(divide="ignore"):
            reach = np.where(closing > 1e-12, clearance / closing, np.inf)
        hit = reach.argmin(axis=1)
        lanes = np.arange(len(hit))
        return reach[lanes, hit], -planes[hit, :2] / closing[lanes, hit][:, None]

    def noise(self, seed: int, frame: int) -> Array:
        """Return the error of every beam of one sweep, in standard deviations."""
        key = _scramble(_scramble(np.uint64(seed) ^ np.uint64(0x2545F491)) ^ np.uint64(frame))
        return _normal(key, np.arange(len(self.directions), dtype=np.uint64))


# ------------------------------------------------------------------------------------------------------------------- checks
def checks(sizes: Sizes, carts: list[Group], records: dict[str, Record], clouds: dict[int, Array]) -> list[Check]:
    """Hold what the groups recorded, and the clouds that were baked (by frame), to the truths."""
    by_name = {group.name: group for group in carts}
    return [
        _cloud(sizes, by_name["Fused"], records["Fused"], clouds),
        *_linear(sizes, by_name["Straight"], records["Straight"]),
        *_consistent(records["Fused"]),
        _overconfident(records["Overconfident"]),
        _gain(records["Fused"], records["Blind"]),
    ]


def _cloud(sizes: Sizes, group: Group, record: Record, clouds: dict[int, Array]) -> Check:
    """The points of the first cart's cloud, which are stored as floats, against rays cut with planes."""
    beams, error = Beams.of(sizes), [0.0]
    for frame, points in clouds.items():
        x, y, heading, _ = record.truth[frame, 0]
        ranges = beams.ranges(x, y, heading)[0] + LIDAR_NOISE * beams.noise(int(group.seeds[0]), frame)
        expected = np.array([x, y, LIDAR_HEIGHT]) + beams.turned(heading) * ranges[:, None]
        error.append(float(np.abs(points - expected).max()))
    return at_most("points of the cloud against rays and planes, m", max(error), 2e-6, len(clouds) * len(beams.directions))


def _linear(sizes: Sizes, group: Group, record: Record) -> list[Check]:
    """Carts that keep a known heading: a linear filter in (x, y, speed), in textbook form, with a row of H for each beam."""
    beams, dt = Beams.of(sizes), 1.0 / FRAMES_PER_SECOND
    by_state, by_covariance = 0.0, 0.0
    kept = np.ix_([0, 1, 3], [0, 1, 3])
    for cart in range(len(group.seeds)):
        heading = group.truth[cart, 2]
        state, covariance = group.estimate[cart, [0, 1, 3]], np.diag(group.first_error[[0, 1, 3]] ** 2)
        transition = np.array([[1.0, 0.0, np.cos(heading) * dt], [0.0, 1.0, np.sin(heading) * dt], [0.0, 0.0, 1.0]])
        process = np.diag([0.0, 0.0, (ACCELEROMETER_NOISE * dt) ** 2])
        for frame in range(len(record.truth)):
            state = transition @ state + np.array([0.0, 0.0, record.accelerometer[frame, cart] * dt])
            covariance = transition @ covariance @ transition.T + process
            if frame % SWEEP_FRAMES == 0:
                x, y = record.truth[frame, cart, :2]
                measured = beams.ranges(x, y, heading)[0] + LIDAR_NOISE * beams.noise(int(group.seeds[cart]), frame)
                expected, rows = beams.ranges(state[0], state[1], heading)
                rows = np.pad(rows, ((0, 0), (0, 1)))
                covariance = np.linalg.inv(np.linalg.inv(covariance) + rows.T @ rows / LIDAR_NOISE**2)
                state = state + covariance @ rows.T @ (measured - expected) / LIDAR_NOISE**2
            by_state = max(by_state, float(np.abs(record.estimate[frame, cart, [0, 1, 3]] - state).max()))
            scale = float(np.abs(covariance).max())
            by_covariance = max(by_covariance, float(np.abs(record.covariance[frame, cart][kept] - covariance).max()) / scale)
    count = len(record.truth) * len(group.seeds)
    return [
        at_most("linear case: state against numpy's Kalman filter", by_state, 1e-10, 3 * count),
        at_most("linear case: covariance, relative", by_covariance, 1e-10, 9 * count),
    ]


def nees_bounds(runs: int) -> tuple[float, float]:
    """Return the interval that holds the mean NEES of so many runs in 95 of 100 sweeps, where the filter is consistent."""
    low, high = chi_square_interval(4 * runs)
    return low / runs, high / runs


def _consistent(record: Record) -> list[Check]:
    nees = record.nees()
    low, high = nees_bounds(nees.shape[1])
    mean = nees.mean(axis=1)
    inside = float(np.mean((mean >= low) & (mean <= high)))
    return [
        Check("mean NEES of the runs", float(mean.mean()), low, high, _enough(nees) * nees.size),
        Check("share of sweeps with their mean in that interval", inside, 0.8, 1.0, _enough(nees) * len(mean)),
    ]


def _overconfident(record: Record) -> Check:
    nees = record.nees()
    high = nees_bounds(nees.shape[1])[1]
    # Were there nothing but process noise, squared errors would be ten times what the filter says, for each of four states.
    return Check("the same with Q/10: past that interval", float(nees.mean()), high, 40.0, _enough(nees) * nees.size)


def _enough(nees: Array) -> bool:
    return len(nees) >= FEWEST_SWEEPS


def position_error(record: Record) -> Array:
    """Return how far off the estimates are in each frame, root mean square over the runs, in metres."""
    return np.asarray(np.sqrt(((record.estimate - record.truth)[:, :, :2] ** 2).sum(axis=2).mean(axis=1)))


def _gain(fused: Record, blind: Record) -> Check:
    ratio = float(position_error(fused)[-1] / position_error(blind)[-1])
    return at_most("error at the end, by that without LiDAR", ratio, 0.05, _enough(fused.nees()) * fused.truth.shape[1])
