"""The picture of the demo: what a cart sees from above, how far off the filters are, and whether they know it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from scene import FRAMES_PER_SECOND
from truth import SWEEP_FRAMES, Record, nees_bounds, position_error

FUSED, OVERCONFIDENT, BLIND, INK, PAPER = "#2f6fb0", "#d9541e", "#8a929c", "#20242a", "#ffffff"
# Every how many points of the cloud one is drawn: all would be one grey.
EVERY = 7


def draw(path: Path, records: dict[str, Record], clouds: dict[int, np.ndarray[Any, Any]]) -> Path | None:
    """Draw what a run recorded and return the picture's path; None where there is no matplotlib to draw with."""
    try:
        import matplotlib
    except ModuleNotFoundError:
        return None
    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure = pyplot.figure(figsize=(13, 5.8), facecolor=PAPER)
    grid = figure.add_gridspec(2, 2, width_ratios=(1.25, 1))
    above, error, nees = figure.add_subplot(grid[:, 0]), figure.add_subplot(grid[0, 1]), figure.add_subplot(grid[1, 1])
    frame = max(clouds)
    _draw_above(figure, above, records["Fused"].truth[: frame + 1], clouds[frame])
    _draw_error(error, records)
    _draw_nees(nees, records)
    for axes in (above, error, nees):
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(colors=INK)
    sweeps, beams = len(records["Fused"].nees()), len(clouds[frame])
    title = f"{records['Fused'].truth.shape[1]} carts, {sweeps} sweeps of {beams:,} points each"
    figure.suptitle(title, color=INK, x=0.01, ha="left", fontsize=14)
    figure.tight_layout()
    figure.savefig(path, dpi=80)
    pyplot.close(figure)
    return path


def _draw_above(figure: Any, axes: Any, truth: np.ndarray[Any, Any], cloud: np.ndarray[Any, Any]) -> None:
    some = cloud[::EVERY]
    dots = axes.scatter(some[:, 0], some[:, 1], c=some[:, 2], s=1.2, cmap="viridis", linewidths=0, rasterized=True)
    figure.colorbar(dots, ax=axes, shrink=0.6, label="height of a point, m")
    axes.plot(truth[:, 1:, 0], truth[:, 1:, 1], color=BLIND, linewidth=0.6, alpha=0.8)
    axes.plot(truth[:, 0, 0], truth[:, 0, 1], color=OVERCONFIDENT, linewidth=1.8)
    axes.plot(truth[-1, 1:, 0], truth[-1, 1:, 1], "o", color=INK, markersize=2.5, label="carts, and their paths")
    axes.plot(truth[-1, 0, 0], truth[-1, 0, 1], "o", color=OVERCONFIDENT, markersize=7, label="the cart whose sweep is shown")
    axes.set_aspect("equal")
    axes.set_title("one sweep, from above", color=INK, loc="left", fontsize=12)
    axes.set_xlabel("x, m", color=INK)
    axes.set_ylabel("y, m", color=INK)
    axes.legend(frameon=False, loc="lower left", fontsize=9)


def _draw_error(axes: Any, records: dict[str, Record]) -> None:
    time = np.arange(1, len(records["Fused"].truth) + 1) / FRAMES_PER_SECOND
    for name, colour, label in (("Blind", BLIND, "inertial sensor alone"), ("Fused", FUSED, "with LiDAR")):
        axes.semilogy(time, 1000.0 * position_error(records[name]), color=colour, linewidth=1.6, label=label)
    axes.set_title("error of the position, root mean square", color=INK, loc="left", fontsize=12)
    axes.set_ylabel("mm", color=INK)
    axes.grid(True, color="#e4e7eb", linewidth=0.6)
    axes.legend(frameon=False, loc="center right", fontsize=9)


def _draw_nees(axes: Any, records: dict[str, Record]) -> None:
    for name, colour, label in (("Overconfident", OVERCONFIDENT, "Q/10"), ("Fused", FUSED, "Q")):
        mean = records[name].nees().mean(axis=1)
        time = (np.arange(len(mean)) * SWEEP_FRAMES + 1) / FRAMES_PER_SECOND
        axes.semilogy(time, mean, "o-", color=colour, linewidth=1.2, markersize=3.5, label=label)
    low, high = nees_bounds(records["Fused"].truth.shape[1])
    axes.axhspan(low, high, color=FUSED, alpha=0.15, linewidth=0, label="95 % of χ²")
    axes.set_yticks((2, 4, 8, 16), ("2", "4", "8", "16"))
    axes.minorticks_off()
    axes.set_ylim(2.0, 32.0)
    axes.set_title("error by what the filter says of it: mean NEES after each sweep", color=INK, loc="left", fontsize=12)
    axes.set_xlabel("time, s", color=INK)
    axes.grid(True, color="#e4e7eb", linewidth=0.6)
    axes.legend(frameon=False, loc="upper right", ncols=3, fontsize=9)
