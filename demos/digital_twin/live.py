"""The factory cell on the stage of all demos: all twenty lines, on a shift of its own that is as long as the run."""

from __future__ import annotations

from pathlib import Path

from demo import BEHAVIOURS, HERE, SHIFT, bound_cell
from scene import Cell
from tags import Plan, generate, read

from portalis.translator.cli.demonstration import sources
from portalis.translator.stage.author.trust import default_policy
from portalis.translator.stage.run.engine import TranslatorEngine

DOES = "20 conveyors and robots, six times as fast as life, on tags that the stage holds as time samples"


def build(folder: Path, engine: TranslatorEngine, frames: int, fps: float) -> Path:
    """Write the stage with its behaviours bound and return its path."""
    cell = Cell("live", frames, SHIFT.pace, shown=True, fps=fps)
    folder.mkdir(parents=True, exist_ok=True)
    generate(folder / "tags.csv", Plan(float(cell.ends[-1]), between=4.0, work=3.0, stops=1, rejects=2), seed=7)
    bound_cell(engine, sources(HERE, *BEHAVIOURS), folder, cell, read(folder / "tags.csv"), default_policy())
    return folder / "scene.usda"
