"""The picture: the hundred robots with what they drew, one of them close by, and how fast the solver finds joint angles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from checks import Solutions
from scene import FRAMES_PER_SECOND, ROWS, SPACING, Drawings
from truth import HEIGHT, Array, link_poses

LINK, JOINT, PEN, INK, GRID, PAPER = "#6b7683", "#2f6fb0", "#d9541e", "#20242a", "#e4e7eb", "#ffffff"
# How far a robot's upper arm runs beside the line between its joints' frames, in metres along z of the upper arm's own frame.
ASIDE = 0.138
# How high a viewer who looks along y looks down from.
ELEVATION = np.radians(50.0)
CLOSE_BY = 32


def draw(path: Path, found: Solutions, what: Drawings, angles: Array) -> Path | None:
    """Draw what the robots drew in the frames of `angles` (frames, n, 6), and them as they stood at two fifths of it.

    None where there is no matplotlib to draw with.
    """
    try:
        import matplotlib
    except ModuleNotFoundError:
        return None
    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure = pyplot.figure(figsize=(13, 7.2), facecolor=PAPER)
    grid = figure.add_gridspec(2, 2, width_ratios=(1.75, 1), height_ratios=(1.15, 1), left=0.055, right=0.98, top=0.88, bottom=0.085)
    grid.update(hspace=0.32, wspace=0.13)
    pens = np.stack([link_poses(joints)[0][:, -1] for joints in angles[min(1, len(angles) - 1) :]], axis=1)
    # When all drawings end, all robots stand alike.
    arms = _skeletons(angles[len(angles) * 2 // 5])
    _table(figure.add_subplot(grid[:, 0]), what, arms + what.base[:, None], pens + what.base[:, None])
    _one(figure.add_subplot(grid[0, 1]), what, arms[CLOSE_BY], pens[CLOSE_BY])
    _counts(figure.add_subplot(grid[1, 1]), found)
    seconds = (len(angles) - 1) / FRAMES_PER_SECOND
    title = f"{len(what.base)} robots draw for {seconds:.1f} s, and {len(found.solved):,} poses for which joint angles are found"
    figure.suptitle(title, color=INK, x=0.012, y=0.975, ha="left", fontsize=14)
    figure.savefig(path, dpi=90)
    pyplot.close(figure)
    return path


def _seen(points: Array) -> Array:
    """Return where points (..., 3) are in a picture without vanishing points (..., 2)."""
    return np.stack([points[..., 0], points[..., 1] * np.sin(ELEVATION) + points[..., 2] * np.cos(ELEVATION)], axis=-1)


def _skeletons(joints: Array) -> Array:
    """Return the lines (n, 9, 3) that robots with joint angles (n, 6) are drawn by."""
    positions, rotations = link_poses(joints)
    shoulder, elbow, wrist = positions[:, 0], positions[:, 1], positions[:, 2]
    aside = ASIDE * rotations[:, 1, :, 2]
    ground = shoulder - np.array([0.0, 0.0, HEIGHT])
    corners = [ground, shoulder, shoulder + aside, elbow + aside, elbow, wrist, *(positions[:, k] for k in (3, 4, 5))]
    return np.stack(corners, axis=1)


def _lines(axes: Any, arms: Array, pens: Array, width: float) -> None:
    from matplotlib.collections import LineCollection

    axes.add_collection(LineCollection(list(_seen(pens)), colors=PEN, linewidths=0.35 * width, zorder=1))
    axes.add_collection(LineCollection(list(_seen(arms)), colors=LINK, linewidths=width, capstyle="round", joinstyle="round", zorder=2))
    joints = _seen(arms[:, 1:-1]).reshape(-1, 2)
    axes.scatter(*joints.T, s=2.2 * width**2, color=JOINT, linewidths=0, zorder=3)
    axes.autoscale_view()
    axes.set_aspect("equal")


def _table(axes: Any, what: Drawings, arms: Array, pens: Array) -> None:
    _lines(axes, arms, pens, 2.0)
    across, down = what.base[:ROWS, 0] - 0.3, _seen(what.base[::ROWS])[:, 1]
    axes.set_xticks(across, [f"{turns:.0f}" for turns in what.across[:ROWS]])
    axes.set_yticks(down, [f"{turns:.0f}" for turns in what.along[::ROWS]])
    axes.tick_params(length=0, colors=INK)
    axes.set_xlabel("swings across in a drawing", color=INK)
    axes.set_ylabel("swings along", color=INK)
    axes.set_xlim(across[0] - 0.55 * SPACING, across[-1] + 0.55 * SPACING)
    axes.set_title("Lissajous's table", color=INK, loc="left", fontsize=12)
    axes.spines[:].set_visible(False)


def _one(axes: Any, what: Drawings, arm: Array, pen: Array) -> None:
    _lines(axes, arm[None], pen[None], 6.0)
    axes.margins(0.12)
    axes.autoscale_view()
    axes.set_anchor("W")
    title = f"one of them: {what.across[CLOSE_BY]:.0f} across, {what.along[CLOSE_BY]:.0f} along"
    axes.set_title(title, color=INK, loc="left", fontsize=12)
    axes.set_axis_off()


def _counts(axes: Any, found: Solutions) -> None:
    used = np.sort((found.restarts * 100 + found.iterations)[found.solved])
    share = 100.0 * np.arange(1, len(used) + 1) / len(found.solved)
    for restart in range(1, 9):
        axes.axvline(100 * restart, color=GRID, linewidth=0.8, zorder=0)
    axes.step([0, *used, 900], [0, *share, share[-1] if len(share) else 0], where="post", color=JOINT, linewidth=1.8)
    axes.set_title(f"poses met: {len(used):,} of {len(found.solved):,}", color=INK, loc="left", fontsize=12)
    axes.set_xlabel("iterations, from a start of their own for every hundred", color=INK)
    axes.set_ylabel("share met, %", color=INK)
    axes.set_xlim(0, 900)
    axes.set_ylim(0, 103)
    axes.spines[["top", "right"]].set_visible(False)
