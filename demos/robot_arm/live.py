"""The robots on the stage of all demos: the hundred that draw, as in the demo itself."""

from __future__ import annotations

from pathlib import Path

from demo import HERE, Program, bound_robots
from scene import drawings

from portalis.translator.cli.demonstration import Demonstration, fresh, sources
from portalis.translator.stage.author.trust import default_policy
from portalis.translator.stage.run.engine import TranslatorEngine

DOES = "100 UR5e that draw: two iterations of inverse kinematics each a frame, and the poses of their six links"


def build(folder: Path, engine: TranslatorEngine, frames: int, fps: float) -> Path:
    """Write the stage with its behaviours bound and return its path."""
    (path,) = fresh(folder, "scene.usda")
    program = Program(sources(HERE, "robot_arm")["robot_arm"], engine, Demonstration(folder, quiet=True))
    bound_robots(program, path, drawings(), default_policy())
    return path
