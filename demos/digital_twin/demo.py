"""A factory cell of twenty conveyors and robots that runs on the tags of a CSV: queues, states, energy, and every part accounted for.

From Python to a moving cell: translate and verify, turn the tags into time samples, bind, run, bake, check against what the tags alone say
and against the theory of queues, draw.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from picture import draw
from pxr import Usd
from scene import COUNTS, METERS, SHOWN_INTS, Cell, build, line_path
from tags import ROBOTS, Array, Plan, Tags, by_frame, generate, read
from truth import Run, checks

from portalis.translator.cli.demonstration import Demonstration, fresh, options_of, sources
from portalis.translator.source import SourceFile, visible
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.author.trust import TrustPolicy, default_policy
from portalis.translator.stage.bake.baker import Baker
from portalis.translator.stage.files import open_stage
from portalis.translator.stage.layers import overlay
from portalis.translator.stage.run.engine import TranslatorEngine
from portalis.translator.stage.run.loop import Simulation

HERE = Path(__file__).parent
BEHAVIOURS = {"line": "Line", "part": "show", "robot": "turn", "lamp": "light"}
SHIFT = Cell("shift", 240, 6.0, shown=True)
SHIFT_PLAN = Plan(float(SHIFT.ends[-1]), between=5.0, work=4.0, stops=1, rejects=3)
# Half loaded, Poisson arrivals and exponential work: M/M/1, and long enough for a hundred thousand parts.
QUEUES = Cell("queues", 2520, 240.0, shown=False)
QUEUES_PLAN = Plan(float(QUEUES.ends[-1]), between=5.0, work=2.5)


def main() -> int:
    """Run the demo and return 0 where every check holds."""
    parser = options_of(__doc__, "digital_twin", QUEUES.frames, "of each run, at most; each knows its own number")
    parser.add_argument("--tags", type=Path, help="a CSV of your own for the shift; see tags.py")
    options = parser.parse_args()
    show, engine, texts = Demonstration.of(options), TranslatorEngine(), sources(HERE, *BEHAVIOURS)
    for name, function in BEHAVIOURS.items():
        show.verified(name, engine.compile(texts[name], function).translation, crate=True)
    results = {}
    for cell, plan, own in ((SHIFT, SHIFT_PLAN, options.tags), (QUEUES, QUEUES_PLAN, None)):
        cell = Cell(cell.name, min(cell.frames, options.frames), cell.pace, cell.shown)
        folder = options.output / cell.name
        folder.mkdir(exist_ok=True)
        if own is None:
            generate(folder / "tags.csv", plan, seed=7)
        try:
            tags = read(own or folder / "tags.csv")
            for its in tags:
                by_frame(its, cell.ends)
        except (OSError, ValueError) as error:
            parser.error(visible(str(error)))
        run = simulate(show, engine, texts, folder, cell, tags)
        results[cell.name] = cell, tags, run
        show.checks[cell.name] = checks(cell, tags, run, None if cell.shown else plan)
    picture = draw(options.output / "cell.png", results["shift"], results["queues"], QUEUES_PLAN)
    return show.end(picture, [options.output / name / "out.usdc" for name in results])


def simulate(
    show: Demonstration, engine: TranslatorEngine, texts: Mapping[str, SourceFile], folder: Path, cell: Cell, tags: list[Tags]
) -> Run:
    """Build the stage, bind, run and bake; return what was baked."""
    policy = default_policy()
    stage = bound_cell(engine, texts, folder, cell, tags, policy)
    baker = Baker(overlay(stage, folder / "out.usdc"))
    with Simulation(stage, engine, policy, sinks=[baker], publish="needed") as simulation:
        for _ in show.frames(simulation, cell.frames, cell.name):
            pass
        show.runs[cell.name] = simulation.report()
    baker.finish(simulation.clock.fps)
    return _baked(folder / "out.usdc", cell)


def bound_cell(
    engine: TranslatorEngine, texts: Mapping[str, SourceFile], folder: Path, cell: Cell, tags: list[Tags], policy: TrustPolicy
) -> Usd.Stage:
    """Write the stage of a cell into a folder, with its behaviours bound, and return it opened."""
    fresh(folder, "scene.usda", "tags.usdc", "out.usdc")
    stage = open_stage(build(folder, cell, tags))
    _bind(stage, engine, texts, policy, cell)
    stage.GetRootLayer().Save()
    return stage


def _bind(stage: Usd.Stage, engine: TranslatorEngine, texts: Mapping[str, SourceFile], policy: TrustPolicy, cell: Cell) -> None:
    """Bind the lines, and where there is something to see, what follows each: its parts, its robot and its lamp."""
    interfaces = {name: engine.interface(texts[name], function) for name, function in BEHAVIOURS.items()}
    lines = [line_path(robot) for robot in range(ROBOTS)]
    bind(stage, lines, texts["line"], interfaces["line"], kind="array", approvals=policy.approvals)
    for line in lines if cell.shown else []:
        for name, prim, kind, follows in (
            ("part", "Parts", None, ("entered", "now", "parts_in", "done")),
            ("robot", "Robot", None, ("progress",)),
            ("lamp", "Lamp", "array", ("state",)),
        ):
            wires = {port: f"{line}.{port}" for port in follows}
            colour = {"color": "primvars:displayColor"} if name == "lamp" else {}
            paths, what = [f"{line}/{prim}"], (texts[name], interfaces[name])
            bind(stage, paths, *what, kind=kind, inputs=wires, outputs=colour, approvals=policy.approvals)


def _baked(path: Path, cell: Cell) -> Run:
    """Read the baked file back, as anybody would: the sample of frame k is the state at its end."""
    stage = Usd.Stage.Open(str(path))

    def values(below: str) -> Array:
        attributes = [stage.GetAttributeAtPath(f"{line_path(robot)}{below}") for robot in range(ROBOTS)]
        return np.array([[attribute.Get(float(frame)) for attribute in attributes] for frame in range(cell.frames)])

    found = {name: values(f".{name}") for name in METERS + COUNTS + SHOWN_INTS * cell.shown}
    if not cell.shown:
        return Run(found)
    turned = values("/Robot.xformOp:orient")
    arms = np.array([[np.arctan2(arm.GetImaginary()[2], arm.GetReal()) for arm in row] for row in turned])
    return Run(found, values("/Parts.positions"), values("/Parts.scales")[..., 0] > 0.0, arms)


if __name__ == "__main__":
    sys.exit(main())
