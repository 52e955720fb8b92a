"""The fluid on the stage of all demos: a coarser one, stepped thirty times a second, whose specks move in every frame."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from demo import HERE, bound_specks
from pxr import Usd, UsdGeom, Vt
from scene import CROWD, LIFT, SIZE, VISCOSITY, start
from solver import EXAMPLES, Fluid

from portalis.translator import translate
from portalis.translator.cli.demonstration import sources
from portalis.translator.stage.author.trust import default_policy
from portalis.translator.stage.run.engine import TranslatorEngine
from portalis.translator.translating.options import Options

CELLS, SPECKS = 16, 3_000
# Metres, so that it is seen from far away, and a lift with which it rises as fast in sides.
SIDE = 5.0
LIFT_THERE = LIFT * SIDE / SIZE
# The fluid is stepped before every second frame, those in which no cart of the sensor fusion sweeps.
FRAMES_A_STEP, FIRST_STEP = 2, 1
DOES = f"a fluid of {CELLS}³ cells (64³ in its own run), stepped by the program before every second frame, and {SPECKS:,} specks in each"


def build(folder: Path, engine: TranslatorEngine, frames: int, fps: float) -> Path:
    """Write the stage with its behaviour bound and return its path."""
    bound_specks(engine, sources(HERE, "drift")["drift"], folder, start(CELLS, SPECKS, size=SIDE), default_policy(), fps)
    return folder / "scene.usda"


class Host:
    """The program's own part: it steps the fluid, and gives the specks of a stage the velocities where they are."""

    def __init__(self, fps: float, options: Options | None = None) -> None:
        self._solver = translate(sources(HERE, "fluid")["fluid"], "advance", EXAMPLES, options=options)
        self._seconds = FRAMES_A_STEP / fps
        self.begin()

    def begin(self) -> None:
        """Put the fluid back to its start."""
        begin = start(CELLS, SPECKS, size=SIDE)
        self._fluid = Fluid(self._solver, SIDE, np.zeros((3, *begin.dye.shape)), begin.dye)

    def due(self, frame: int) -> bool:
        """Tell whether there is anything to do before a frame."""
        return frame % FRAMES_A_STEP == FIRST_STEP

    def read(self, stage: Usd.Stage, root: str) -> Vt.Vec3fArray:
        """Read what `work` needs from the stage that has the demo's at `root`."""
        return UsdGeom.Points(stage.GetPrimAtPath(root + CROWD.removeprefix("/World"))).GetPointsAttr().Get()

    def work(self, read: Vt.Vec3fArray) -> Vt.Vec3fArray:
        """Step the fluid; return the velocities at points."""
        drift = self._fluid.step(self._seconds, VISCOSITY, LIFT_THERE, np.array(read, float))
        return Vt.Vec3fArray.FromNumpy(drift.astype(np.float32))

    def write(self, stage: Usd.Stage, root: str, made: Vt.Vec3fArray) -> None:
        """Write what `work` made."""
        UsdGeom.Points(stage.GetPrimAtPath(root + CROWD.removeprefix("/World"))).GetVelocitiesAttr().Set(made)
