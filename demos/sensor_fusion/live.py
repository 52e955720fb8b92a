"""Sensor fusion on the stage of all demos: three carts of the fifty, whose sweeps of 100,000 points fall into frames of their own."""

from __future__ import annotations

from pathlib import Path

from demo import BUDGET, FILES, HERE, bound_carts
from scene import Sizes, groups

from portalis.translator.cli.demonstration import sources
from portalis.translator.stage.author.trust import default_policy
from portalis.translator.stage.run.engine import TranslatorEngine

__all__ = ["BUDGET", "DOES", "build"]

DOES = "3 carts with their filters; each takes ten LiDAR sweeps of 100,000 points a second, no two in one frame"
LIVE = Sizes(runs=3, straight=0, stagger=2)


def build(folder: Path, engine: TranslatorEngine, frames: int, fps: float) -> Path:
    """Write the stage with its behaviours bound and return its path."""
    bound_carts(folder, engine, sources(HERE, *FILES), LIVE, groups(LIVE)[:1], default_policy())
    return folder / "scene.usda"
