"""The picture of the fluid: the dye as a lamp behind the box would show it, and the specks from the stage, at four times."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from scene import SIZE

INK, PAPER = "#20242a", "#ffffff"
COLOURS = {-1: "#b4bac2", 1: "#2f6fb0", 0: "#d9541e"}

Array = np.ndarray[Any, Any]


def draw(path: Path, seconds: list[float], dye: list[Array], specks: list[Array], puff: Array) -> Path | None:
    """Draw dye (n, n, n) over specks (m, 3) in metres at some times and return the path; None where there is no matplotlib."""
    try:
        import matplotlib
    except ModuleNotFoundError:
        return None
    matplotlib.use("Agg")
    from matplotlib import pyplot

    columns = len(seconds)
    figure, rows = pyplot.subplots(2, columns, figsize=(3.1 * columns + 0.6, 7.0), facecolor=PAPER, sharex=True, sharey=True, squeeze=False)
    sums = [part.sum(axis=1).T * SIZE / len(part) for part in dye]
    brightest = max(float(part.max()) for part in sums)
    for column, (time, shadow, places) in enumerate(zip(seconds, sums, specks, strict=True)):
        above, below = rows[0][column], rows[1][column]
        above.imshow(
            shadow, origin="lower", extent=(0.0, SIZE, 0.0, SIZE), cmap="magma_r", vmin=0.0, vmax=brightest, interpolation="bilinear"
        )
        above.set_title(f"{time:.2f} s", color=INK, loc="left", fontsize=12)
        for number, colour in COLOURS.items():
            of_it = places[puff == number]
            below.scatter(of_it[:, 0], of_it[:, 2], s=0.8 if number >= 0 else 0.5, c=colour, linewidths=0)
        below.set_xlabel("x, m", color=INK)
        for axes in (above, below):
            axes.set_aspect("equal")
            axes.set_xlim(0.0, SIZE)
            axes.set_ylim(0.0, SIZE)
    rows[0][0].set_ylabel("dye along y; z, m", color=INK)
    rows[1][0].set_ylabel("specks on the stage; z, m", color=INK)
    cells = len(dye[0])
    figure.suptitle(f"{cells} × {cells} × {cells} cells, {len(puff):,} specks", color=INK, x=0.01, ha="left", fontsize=14)
    figure.tight_layout()
    figure.savefig(path, dpi=80)
    pyplot.close(figure)
    return path
