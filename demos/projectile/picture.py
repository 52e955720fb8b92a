"""The picture of the trajectories: from the side, and from above."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from scene import Throws

AIR, VACUUM, INK, PAPER = "#2f6fb0", "#d9541e", "#20242a", "#ffffff"


def draw(path: Path, start: Throws, positions: np.ndarray[Any, Any]) -> Path | None:
    """Draw positions (frames, n, 3) in metres with Z up and return the picture's path; None where there is no matplotlib to draw with."""
    try:
        import matplotlib
    except ModuleNotFoundError:
        return None
    matplotlib.use("Agg")
    from matplotlib import pyplot
    from matplotlib.collections import LineCollection

    figure, (side, above) = pyplot.subplots(1, 2, figsize=(13, 5.6), facecolor=PAPER, width_ratios=(1.35, 1))
    distance = np.linalg.norm(positions[:, :, :2], axis=2)
    for mask, every, colour, width, alpha, label in (
        (~start.vacuum, 3, AIR, 0.7, 0.55, "drag and wind"),
        (start.vacuum, 3, VACUUM, 1.1, 0.9, "gravity alone: a parabola"),
    ):
        lanes = np.flatnonzero(mask)[::every]
        profile = np.stack([distance[:, lanes], positions[:, lanes, 2]], axis=2).swapaxes(0, 1)
        plan = positions[:, lanes, :2].swapaxes(0, 1)
        side.add_collection(LineCollection(profile, colors=colour, linewidths=width, alpha=alpha, label=label))
        above.add_collection(LineCollection(plan, colors=colour, linewidths=width, alpha=alpha))
    for axes, title, across, up in (
        (side, "from the side", "distance from the centre, m", "height, m"),
        (above, "from above", "x, m", "y, m"),
    ):
        axes.autoscale()
        axes.set_title(title, color=INK, loc="left", fontsize=12)
        axes.set_xlabel(across, color=INK)
        axes.set_ylabel(up, color=INK)
        axes.grid(True, color="#e4e7eb", linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
    above.set_aspect("equal")
    side.set_ylim(bottom=0.0)
    side.legend(frameon=False, loc="upper right")
    figure.suptitle(f"{positions.shape[1]} projectiles, {positions.shape[0] - 1} frames", color=INK, x=0.01, ha="left", fontsize=14)
    figure.tight_layout()
    figure.savefig(path, dpi=80)
    pyplot.close(figure)
    return path
