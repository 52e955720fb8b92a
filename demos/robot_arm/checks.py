"""How far the run is from what is true."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scene import FRAMES_PER_SECOND, LEAN, LINKS, SIZE, Drawings
from truth import Array, angle_between, closed_form, link_poses, path, rotations_of, tool_pose

from portalis.translator.cli.demonstration import Check, at_most

ITERATIONS, RESTARTS = 100, 8
# Metres and radians.
MET = 1e-6
# UR5e data sheet: every joint turns by at most 180 degrees a second.
FASTEST_JOINT = np.pi


@dataclass(frozen=True)
class Solutions:
    """What the solver made of poses (n, 4, 4), as rows: angles (n, 6), counts (n), and whether it says that they are met.

    `seeds` (n, 6) are the angles that the poses come of, where they come of any.
    """

    seeds: Array | None
    target: Array
    joints: Array
    iterations: Array
    restarts: Array
    solved: Array


def solver_checks(found: Solutions, beyond: Solutions) -> list[Check]:
    """Check forward and inverse kinematics of poses in reach, and that poses beyond reach are reported unsolved."""
    assert found.seeds is not None
    position, rotation = tool_pose(found.seeds)
    target, turn = found.target[:, 3, :3], np.swapaxes(found.target[:, :3, :3], 1, 2)
    count, solved = len(target), found.solved
    reached, turned = tool_pose(found.joints[solved])
    branches = closed_form(position[solved], rotation[solved])
    apart = np.abs(np.remainder(branches - found.joints[solved][:, None] + np.pi, 2.0 * np.pi) - np.pi).max(axis=2)
    nearest = np.where(np.isnan(apart), np.inf, apart).min(axis=1)
    iterations, restarts, met = (
        np.concatenate(pair)
        for pair in ((found.iterations, beyond.iterations), (found.restarts, beyond.restarts), (found.solved, beyond.solved))
    )
    excess = np.maximum(iterations - ITERATIONS, 0) + np.maximum(restarts - RESTARTS, 0)
    too_early = ~met & ((iterations < ITERATIONS) | (restarts < RESTARTS))
    missing, turns_missing = np.linalg.norm(reached - position[solved], axis=1), angle_between(turned, rotation[solved])
    return [
        at_most("forward: position against exponentials, m", _largest(np.linalg.norm(target - position, axis=1)), 1e-12, count),
        at_most("forward: turn against exponentials, rad", _largest(angle_between(turn, rotation)), 1e-12, count),
        Check("inverse: share of targets solved", float(solved.mean()), 0.995, 1.0, count),
        at_most("inverse: solved, but so far away, m", _largest(missing), MET, int(solved.sum())),
        at_most("inverse: solved, but turned so far, rad", _largest(turns_missing), MET, int(solved.sum())),
        at_most("inverse: solved, against the closed form, rad", _largest(nearest), 1e-5, int(solved.sum())),
        at_most("inverse: iterations and restarts past 100 and 8", _largest(excess), 0, len(met)),
        at_most("inverse: given up too early", float(too_early.sum()), 0, len(met)),
        at_most("inverse: beyond reach, but said to be solved", float(beyond.solved.sum()), 0, len(beyond.solved)),
    ]


def drawing_checks(what: Drawings, angles: Array, links: dict[str, tuple[Array, Array]]) -> list[Check]:
    """Check the robots' angles (frames, n, 6) and links; frame 0 is still on its way from where they all start."""
    off: list[float] = []
    leaning: list[float] = []
    away: list[float] = []
    aside: list[float] = []
    for frame, joints in enumerate(angles):
        positions, rotations = link_poses(joints)
        if frame:
            position, rotation = path(what.across, what.along, frame / FRAMES_PER_SECOND / what.period, SIZE, LEAN)
            off.append(_largest(np.linalg.norm(positions[:, -1] - position, axis=1)))
            leaning.append(_largest(angle_between(rotations[:, -1], rotation)))
        for number, name in enumerate(LINKS):
            away.append(_largest(np.abs(links[name][0][frame] - what.base - positions[:, number])))
            aside.append(_largest(angle_between(rotations_of(links[name][1][frame]), rotations[:, number])))
    drawn = (len(angles) - 1) * len(what.base)
    speed = np.abs(np.diff(angles[1:], axis=0)) * FRAMES_PER_SECOND
    return [
        at_most("pen from its path, m", _largest(np.array(off)), MET, drawn),
        at_most("pen's lean from its path's, rad", _largest(np.array(leaning)), MET, drawn),
        at_most("fastest joint, rad/s", _largest(speed), float(FASTEST_JOINT), speed.size),
        # Stages hold positions of instances as floats and turns as halves.
        at_most("links on the stage against exponentials, m", _largest(np.array(away)), 1e-6, len(away) * len(what.base)),
        at_most("links' turns on the stage, rad", _largest(np.array(aside)), 2e-3, len(aside) * len(what.base)),
    ]


def _largest(values: Array) -> float:
    return float(values.max(initial=0.0))
