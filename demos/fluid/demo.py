"""A fluid of 64 × 64 × 64 cells, in which two puffs of warm dye rise, and a crowd of specks that goes with it on the stage.

From Python to moving points: translate and verify the solver and the behaviour, step the one, bind and run the other, bake, check against
what is known of the fluid, draw.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from fluid import advance
from physics import Watch, convergence
from picture import draw
from pxr import Usd, UsdGeom, Vt
from scene import CROWD, FRAMES_PER_SECOND, LIFT, SIZE, VISCOSITY, Start, build, start
from solver import EXAMPLES, Fluid

from portalis.translator import translate
from portalis.translator.cli.demonstration import Check, Demonstration, at_most, fresh, options_of, sources
from portalis.translator.source import SourceFile
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.author.trust import TrustPolicy, default_policy
from portalis.translator.stage.bake.baker import Baker
from portalis.translator.stage.files import open_stage
from portalis.translator.stage.layers import overlay
from portalis.translator.stage.run.engine import TranslatorEngine
from portalis.translator.stage.run.loop import Simulation

HERE = Path(__file__).parent
PICTURES = 4

Array = np.ndarray[Any, Any]


def main() -> int:
    """Run the demo and return 0 where every check holds."""
    parser = options_of(__doc__, "fluid", 42)
    parser.add_argument("--cells", type=int, default=64)
    options = parser.parse_args()
    show, engine, texts = Demonstration.of(options), TranslatorEngine(), sources(HERE, "fluid", "drift")
    solver = translate(texts["fluid"], "advance", EXAMPLES)
    show.verified("fluid", solver)
    show.verified("drift", engine.compile(texts["drift"], "update").translation)

    begin = start(options.cells)
    watch = Watch(Fluid(solver, SIZE, np.zeros((3, *begin.dye.shape)), begin.dye), 1.0 / FRAMES_PER_SECOND, VISCOSITY, LIFT)
    kept = run(show, engine, texts["drift"], watch, begin, options.output, options.frames)
    show.took("a step of the fluid", watch.fluid.seconds)
    orders, errors = convergence(solver)
    show.checks = {"fluid": watch.checks(), "vortex": orders, "sandbox": [compared(solver)]}
    show.say(f"fastest: {watch.courant:.2f} cells a step, the components added")
    for plane, found in errors.items():
        show.say(f"Taylor–Green in {plane}: {', '.join(f'{error:.2e}' for error in found)} on grids each twice as fine")
    return show.end(draw(options.output / "puffs.png", *kept, begin.puff), [options.output / "out.usda"])


def compared(translated: Callable[..., Any], cells: int = 16) -> Check:
    """Take two steps on a coarse grid in the sandbox and in CPython, which takes far too long for the fine one, and compare all bits."""
    begin = start(cells, 100)
    fluids = [Fluid(step, SIZE, np.zeros((3, *begin.dye.shape)), begin.dye) for step in (translated, advance)]
    drifts = [[fluid.step(1.0 / FRAMES_PER_SECOND, VISCOSITY, LIFT, begin.specks) for _ in range(2)] for fluid in fluids]
    here, there = (
        np.concatenate([part.ravel() for part in (fluid.velocity, fluid.pressure, fluid.dye, fluid.divergence, *drift)])
        for fluid, drift in zip(fluids, drifts, strict=True)
    )
    other = np.count_nonzero(here.view(np.uint64) != there.view(np.uint64))
    return at_most(f"values of {cells}³ cells with other bits than CPython's", float(other), 0.0, here.size)


def run(
    show: Demonstration, engine: TranslatorEngine, source: SourceFile, watch: Watch, begin: Start, output: Path, frames: int
) -> tuple[list[float], list[Array], list[Array]]:
    """Build the stage, bind, run and bake; return, for the picture, some times with dye and specks."""
    policy = default_policy()
    stage = bound_specks(engine, source, output, begin, policy)
    baker = Baker(overlay(stage, output / "out.usda"))
    velocities = UsdGeom.Points(stage.GetPrimAtPath(CROWD)).GetVelocitiesAttr()
    shown = {round(frames * number / (PICTURES - 1)) for number in range(PICTURES)}
    before = begin.specks
    times, dye, specks = [0.0], [begin.dye], [before]

    def blow() -> Array:
        """Step the fluid, and give the specks on the stage the velocities where they are."""
        drift = watch.fluid.step(watch.seconds, watch.viscosity, watch.lift, before)
        velocities.Set(Vt.Vec3fArray.FromNumpy(drift.astype(np.float32)))
        return drift

    with Simulation(stage, engine, policy, sinks=[baker]) as simulation:
        drift = blow()
        for frame in show.frames(simulation, frames, "specks"):
            after = _places(stage)
            watch.look(before, drift, after)
            before = after
            if frame + 1 in shown:
                times.append((frame + 1) * watch.seconds)
                dye.append(watch.fluid.dye)
                specks.append(after)
            if frame + 1 < frames:
                drift = blow()
        show.runs["specks"] = simulation.report()
    baker.finish(simulation.clock.fps)
    return times, dye, specks


def bound_specks(engine: TranslatorEngine, source: SourceFile, folder: Path, begin: Start, policy: TrustPolicy) -> Usd.Stage:
    """Write the stage of the specks into a folder, with their behaviour bound, and return it opened."""
    scene, _ = fresh(folder, "scene.usda", "out.usda")
    build(scene, begin)
    stage = open_stage(scene)
    bind(stage, [CROWD], source, engine.interface(source, "update"), approvals=policy.approvals)
    stage.GetRootLayer().Save()
    return stage


def _places(stage: Usd.Stage) -> Array:
    """Read the points from the stage, as anybody would."""
    return np.array(UsdGeom.Points(stage.GetPrimAtPath(CROWD)).GetPointsAttr().Get(), float)


if __name__ == "__main__":
    sys.exit(main())
