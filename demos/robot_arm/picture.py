"""The picture of the hundred robots with what they drew, and of how fast the solver finds joint angles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from checks import Solutions
from scene import FRAMES_PER_SECOND, Drawings
from truth import HEIGHT, Array, link_poses

LINK, JOINT, PEN, INK, PAPER = "#5b6673", "#2f6fb0", "#d9541e", "#20242a", "#ffffff"
# How far from its joint's axis a link runs beside it, so that a robot looks like one: along z of the link's own frame.
ASIDE = 0.138


def draw(path: Path, found: Solutions, what: Drawings, angles: Array) -> Path | None:
    """Draw the robots as they stand after the frames of `angles` (frames, n, 6); None where there is no matplotlib to draw with."""
    try:
        import matplotlib
    except ModuleNotFoundError:
        return None
    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure = pyplot.figure(figsize=(13, 6.4), facecolor=PAPER)
    robots = figure.add_axes((0.0, 0.0, 0.66, 0.93), projection="3d")
    counts = figure.add_axes((0.71, 0.12, 0.27, 0.7))
    _robots(robots, what, angles)
    _counts(counts, found)
    seconds = (len(angles) - 1) / FRAMES_PER_SECOND
    title = f"{angles.shape[1]} robots after {seconds:.1f} s of drawing; {len(found.solved):,} poses to be found joint angles for"
    figure.suptitle(title, color=INK, x=0.01, y=0.975, ha="left", fontsize=14)
    figure.savefig(path, dpi=80)
    pyplot.close(figure)
    return path


def _robots(axes: Any, what: Drawings, angles: Array) -> None:
    from mpl_toolkits.mplot3d.art3d import Line3DCollection

    pens = np.stack([link_poses(joints)[0][:, -1] for joints in angles], axis=1) + what.base[:, None]
    axes.add_collection3d(Line3DCollection(pens[:, 1:], colors=PEN, linewidths=0.8))
    arms = _skeletons(angles[-1]) + what.base[:, None]
    axes.add_collection3d(Line3DCollection(arms, colors=LINK, linewidths=2.2, capstyle="round", joinstyle="round"))
    joints = arms[:, 1:-1].reshape(-1, 3)
    axes.scatter(*joints.T, s=4, color=JOINT, depthshade=False)
    low, high = what.base.min(axis=0) - 0.7, what.base.max(axis=0) + 0.4
    axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), zlim=(0.0, 1.0))
    axes.set_box_aspect((high[0] - low[0], high[1] - low[1], 1.0), zoom=1.5)
    axes.view_init(elev=48, azim=-75)
    axes.set_proj_type("persp", focal_length=0.6)
    axes.set_axis_off()


def _skeletons(joints: Array) -> Array:
    """Return the lines (n, 10, 3) that robots with joint angles (n, 6) are drawn by, the links beside the joints' axes as they are."""
    positions, rotations = link_poses(joints)
    shoulder, elbow, wrist = positions[:, 0], positions[:, 1], positions[:, 2]
    aside = ASIDE * rotations[:, 1, :, 2]
    ground = shoulder - np.array([0.0, 0.0, HEIGHT])
    corners = [ground, shoulder, shoulder + aside, elbow + aside, elbow, wrist, *(positions[:, k] for k in (3, 4, 5))]
    return np.stack(corners, axis=1)


def _counts(axes: Any, found: Solutions) -> None:
    used = np.sort((found.restarts * 100 + found.iterations)[found.solved])
    share = 100.0 * np.arange(1, len(used) + 1) / len(found.solved)
    axes.step(used, share, where="post", color=JOINT, linewidth=1.6)
    for restart in range(1, 9):
        axes.axvline(100 * restart, color="#e4e7eb", linewidth=0.8, zorder=0)
    axes.set_title(f"poses met: {len(used):,} of {len(found.solved):,}", color=INK, loc="left", fontsize=12)
    axes.set_xlabel("iterations; a new start after every hundred", color=INK)
    axes.set_ylabel("share met, %", color=INK)
    axes.set_xlim(0, 900)
    axes.set_ylim(0, 102)
    axes.spines[["top", "right"]].set_visible(False)
