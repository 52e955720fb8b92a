"""The picture of the demo: the cell from above at one moment of the shift, its parts over time, and twenty queues beside the theory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from scene import LENGTH, Cell
from tags import ROBOTS, Plan, Tags
from truth import Run

INK, PAPER, GREY, BELT, PART, ARM = "#20242a", "#ffffff", "#e4e7eb", "#3a4048", "#d98c33", "#8a94a0"
STATES = (("waits", "#e0a81e"), ("works", "#2f9e55"), ("is stopped", "#c8342b"))
Result = tuple[Cell, list[Tags], Run]


def draw(path: Path, shift: Result, queues: Result, plan: Plan) -> Path | None:
    """Draw the shift and the queues, and return the picture's path; None where there is no matplotlib to draw with."""
    try:
        import matplotlib
    except ModuleNotFoundError:
        return None
    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplot_mosaic([["cell", "parts"], ["cell", "queue"]], figsize=(13, 7.2), facecolor=PAPER, width_ratios=(1.25, 1))
    cell, _, run = shift
    frame = _moment(run)
    _cell(axes["cell"], run, frame)
    _parts(axes["parts"], cell, run, frame)
    _queue(axes["queue"], queues, plan)
    axes["cell"].set_title(f"the cell from above, after {cell.ends[frame]:.0f} s", color=INK, loc="left", fontsize=12)
    parts = int(queues[2].values["parts_in"][-1].sum())
    title = f"{ROBOTS} conveyors and robots: a shift of {cell.ends[-1]:.0f} s, and {parts:,} parts through their queues"
    figure.suptitle(title, color=INK, x=0.01, ha="left", fontsize=14)
    figure.tight_layout()
    figure.savefig(path, dpi=80)
    pyplot.close(figure)
    return path


def _moment(run: Run) -> int:
    """Choose the frame of the second half that shows most: robots in all states, and then as many parts as there are."""
    assert run.there is not None
    state, held = run.values["state"], run.there.sum(axis=(1, 2))
    least = np.min([(state == kind).sum(axis=1) for kind in range(len(STATES))], axis=0)
    half = len(held) // 2
    return half + int(np.argmax(least[half:] * 10_000 + held[half:]))


def _cell(axes: Any, run: Run, frame: int) -> None:
    """Draw what the stage has in this frame, from above: each line in its own place, those of the right bank turned round."""
    from matplotlib.patches import Rectangle

    assert run.there is not None and run.positions is not None
    for robot in range(ROBOTS):
        turn, y = (1.0, -1.0)[robot % 2], float(robot // 2)
        x = -6.4 * turn
        for start, length, height, colour in ((-0.15, LENGTH + 0.3, 0.36, BELT), (LENGTH + 1.4, 0.6, 0.5, "#40668f")):
            axes.add_patch(Rectangle((x + turn * start, y - 0.5 * height), turn * length, height, color=colour, linewidth=0))
        places = x + turn * run.positions[frame, robot, run.there[frame, robot], 0]
        axes.scatter(places, np.full(len(places), y), s=26, marker="s", color=PART, edgecolors=PAPER, linewidths=0.5, zorder=3)
        half = run.arms[frame, robot] if run.arms is not None else 0.0
        centre = x + turn * (LENGTH + 0.8)
        tip = -0.8 * turn * np.array([np.cos(2.0 * half), np.sin(2.0 * half)])
        axes.plot([centre, centre + tip[0]], [y, y + 0.55 * tip[1]], color=ARM, linewidth=3.5, solid_capstyle="round", zorder=4)
        axes.scatter([centre], [y], s=95, color=STATES[int(run.values["state"][frame, robot])][1], edgecolors=PAPER, zorder=5)
        axes.text(x - 0.3 * turn, y, f"{robot:02d}", color=INK, fontsize=8, va="center", ha="right" if turn > 0 else "left")
    for name, colour in STATES:
        axes.scatter([], [], s=95, color=colour, label=f"robot {name}")
    axes.scatter([], [], s=26, marker="s", color=PART, label="part")
    axes.legend(frameon=False, loc="lower center", ncols=4, bbox_to_anchor=(0.5, -0.09), columnspacing=1.2, handletextpad=0.3)
    axes.set_xlim(-7.2, 7.2)
    axes.set_ylim(-0.6, 9.6)
    axes.axis("off")


def _parts(axes: Any, cell: Cell, run: Run, frame: int) -> None:
    assert run.there is not None
    total = {name: run.values[name].sum(axis=1) for name in ("parts_in", "parts_out", "scrapped")}
    series = (
        ("in", total["parts_in"], INK),
        ("out", total["parts_out"], STATES[1][1]),
        ("held", run.there.sum(axis=(1, 2)), PART),
        ("scrapped", total["scrapped"], STATES[2][1]),
    )
    for name, values, colour in series:
        axes.plot(cell.ends, values, color=colour, linewidth=1.6, drawstyle="steps-post", label=f"{name}: {values[-1]}")
    axes.axvline(cell.ends[frame], color=ARM, linewidth=0.8, linestyle=":")
    axes.set_title("parts: in = out + held + scrapped, at every frame", color=INK, loc="left", fontsize=12)
    axes.set_xlabel("seconds of the shift", color=INK)
    axes.set_xlim(0.0, cell.ends[-1])
    axes.set_ylim(bottom=0.0)
    axes.legend(frameon=False, loc="upper left")
    _clean(axes)


def _queue(axes: Any, queues: Result, plan: Plan) -> None:
    """Draw each robot's mean queue so far, and what the theory says of it."""
    cell, _, run = queues
    mean = run.values["robot_seconds"] / cell.ends[:, None]
    axes.plot(cell.ends / 3600.0, mean, color="#2f6fb0", linewidth=0.6, alpha=0.45)
    axes.plot([], [], color="#2f6fb0", linewidth=0.8, label="each robot")
    axes.plot(cell.ends / 3600.0, mean.mean(axis=1), color=INK, linewidth=1.8, label="their mean")
    load = plan.work / plan.between
    axes.axhline(load / (1.0 - load), color="#d9541e", linewidth=1.4, linestyle="--", label="M/M/1: ρ / (1 − ρ)")
    axes.set_title(f"parts at a robot, mean so far (load ρ = {load:g})", color=INK, loc="left", fontsize=12)
    axes.set_xlabel("hours", color=INK)
    axes.set_xlim(0.0, cell.ends[-1] / 3600.0)
    axes.set_ylim(0.0, 2.2 * load / (1.0 - load))
    axes.legend(frameon=False, loc="upper right", ncols=3)
    _clean(axes)


def _clean(axes: Any) -> None:
    axes.grid(True, color=GREY, linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
