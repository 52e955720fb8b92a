"""A factory cell of twenty conveyors and robots that runs on the tags of a CSV: queues, states, energy, and every part accounted for.

From Python to a moving cell: translate and verify, turn the tags into time samples, bind, run, bake, check against what the tags alone say
and against the theory of queues, draw.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
from picture import draw
from pxr import Usd
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from scene import COUNTS, FRAMES_PER_SECOND, METERS, SHOWN_INTS, Cell, build, line_path
from tags import ROBOTS, Array, Plan, Tags, by_frame, generate, read
from truth import Check, Run, checks

from portalis.translator.source import SourceFile, visible
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.author.trust import TrustPolicy, default_policy
from portalis.translator.stage.bake.baker import Baker
from portalis.translator.stage.files import open_stage
from portalis.translator.stage.layers import overlay
from portalis.translator.stage.registry import register_schemas
from portalis.translator.stage.run.engine import TranslatorEngine
from portalis.translator.stage.run.loop import Simulation
from portalis.translator.stage.run.report import RunReport

HERE = Path(__file__).parent
BEHAVIOURS = {"line": "Line", "part": "show", "robot": "turn", "lamp": "light"}
SHIFT = Cell("shift", 240, 6.0, shown=True)
SHIFT_PLAN = Plan(float(SHIFT.ends[-1]), between=5.0, work=4.0, stops=1, rejects=3)
# Half loaded, Poisson arrivals and exponential work: M/M/1, and long enough for a hundred thousand parts.
QUEUES = Cell("queues", 2520, 240.0, shown=False)
QUEUES_PLAN = Plan(float(QUEUES.ends[-1]), between=5.0, work=2.5)


def main() -> int:
    """Run the demo and return 0 where every check holds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--output", type=Path, default=Path("out/digital_twin"))
    parser.add_argument("--frames", type=int, help="of each run, at most; each knows its own number")
    parser.add_argument("--tags", type=Path, help="a CSV of your own for the shift; see tags.py")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    register_schemas()  # OpenUSD reads schemas once, when the first stage is made
    # A table that is piped into a file has no terminal to fit into.
    console = Console(highlight=False, quiet=options.json, soft_wrap=True, width=None if sys.stdout.isatty() else 140)
    options.output.mkdir(parents=True, exist_ok=True)

    sources = {name: SourceFile(f"{name}.py", (HERE / f"{name}.py").read_text(encoding="utf-8")) for name in BEHAVIOURS}
    engine = TranslatorEngine()
    translated = write_artefacts(console, engine, sources, options.output)
    reports, found, results = {}, {}, {}
    for cell, plan, own in ((SHIFT, SHIFT_PLAN, options.tags), (QUEUES, QUEUES_PLAN, None)):
        cell = Cell(cell.name, min(cell.frames, options.frames or cell.frames), cell.pace, cell.shown)
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
        reports[cell.name], run = simulate(console, engine, sources, folder, cell, tags)
        results[cell.name] = cell, tags, run
        found[cell.name] = checks(cell, tags, run, None if cell.shown else plan)
    picture = draw(options.output / "cell.png", results["shift"], results["queues"], QUEUES_PLAN)
    if options.json:
        _print_json(translated, reports, found, options.output)
    else:
        _print_tables(console, reports, found)
        console.print(f"picture: {picture or 'not drawn, for want of matplotlib: pip install matplotlib'}", markup=False)
        console.print(f"stages:  {', '.join(str(options.output / name / 'out.usdc') for name in reports)}", markup=False)
    holds = all(check.holds for items in found.values() for check in items)
    return 0 if holds and all(item.status == "ok" for report in reports.values() for item in report.behaviours) else 1


def write_artefacts(console: Console, engine: TranslatorEngine, sources: dict[str, SourceFile], output: Path) -> dict[str, object]:
    """Translate and verify each behaviour, write its module and crate and say what was found; return the reports."""
    reports: dict[str, object] = {}
    for name, function in BEHAVIOURS.items():
        translation = engine.compile(sources[name], function).translation
        report = translation.report
        assert report is not None
        (output / f"{name}.wasm").write_bytes(translation.wasm)
        for file, text in translation.crate.files.items():
            path = output / "crates" / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        wasm = report.artefact("wasm")
        console.print(
            f"{name}.py: verified: {wasm.agreed} of {wasm.cases} cases agree with CPython {report.versions['cpython']} to the bit, "
            f"{wasm.guarded} guarded, 0 wrong; {len(translation.wasm):,} bytes of WASM",
            markup=False,
        )
        reports[name] = report.document()
    return reports


def simulate(
    console: Console, engine: TranslatorEngine, sources: dict[str, SourceFile], folder: Path, cell: Cell, tags: list[Tags]
) -> tuple[RunReport, Run]:
    """Build the stage, bind, run and bake; return the report and what was baked."""
    for name in ("scene.usda", "tags.usdc", "out.usdc"):
        (folder / name).unlink(missing_ok=True)
    stage = open_stage(build(folder, cell, tags))
    policy = default_policy()
    _bind(stage, engine, sources, policy, cell)
    stage.GetRootLayer().Save()
    baker = Baker(overlay(stage, folder / "out.usdc"))
    simulation = Simulation(stage, engine, policy, sinks=[baker], publish="needed")
    with simulation, Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(cell.name, total=cell.frames)
        for _ in range(cell.frames):
            baker.at(simulation.clock.at(simulation.frame).time_code)
            simulation.step()
            progress.advance(task)
        report = simulation.report()
    baker.finish(FRAMES_PER_SECOND)
    return report, _baked(folder / "out.usdc", cell)


def _bind(stage: Usd.Stage, engine: TranslatorEngine, sources: dict[str, SourceFile], policy: TrustPolicy, cell: Cell) -> None:
    """Bind the lines, and where there is something to see, what follows each: its parts, its robot and its lamp."""
    interfaces = {name: engine.interface(sources[name], function) for name, function in BEHAVIOURS.items()}
    lines = [line_path(robot) for robot in range(ROBOTS)]
    bind(stage, lines, sources["line"], interfaces["line"], kind="array", approvals=policy.approvals)
    for line in lines if cell.shown else []:
        for name, prim, kind, follows in (
            ("part", "Parts", None, ("entered", "now", "parts_in", "done")),
            ("robot", "Robot", None, ("progress",)),
            ("lamp", "Lamp", "array", ("state",)),
        ):
            wires = {port: f"{line}.{port}" for port in follows}
            colour = {"color": "primvars:displayColor"} if name == "lamp" else {}
            paths, what = [f"{line}/{prim}"], (sources[name], interfaces[name])
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


def _print_tables(console: Console, reports: dict[str, RunReport], found: dict[str, list[Check]]) -> None:
    costs = Table("run", "lanes", "frames", "frame p50 ms", "p95", "p99", "sandbox p50 ms", "USD p50 ms", "status", title="costs")
    for name, report in reports.items():
        cells = (report.frame_ms.p50, report.frame_ms.p95, report.frame_ms.p99, report.bridge_ms.p50, report.stage_ms.p50)
        lanes = sum(item.lanes for item in report.behaviours)
        status = "ok" if all(item.status == "ok" for item in report.behaviours) else "failed"
        costs.add_row(name, str(lanes), str(report.frames), *(f"{cell:.3f}" for cell in cells), status)
    console.print(costs)
    for error in [error for report in reports.values() for error in report.first_errors]:
        console.print(f"{error.prim}, frame {error.frame}: {error.error} {error.message} ({error.file}:{error.line})", markup=False)
    table = Table("run", "check", "error", "bound", "values", "holds", title="every part, every joule")
    for name, items in found.items():
        for check in items:
            table.add_row(name, check.name, f"{check.error:.2e}", f"{check.bound:g}", f"{check.values:,}", check.verdict)
    console.print(table)


def _print_json(translated: dict[str, object], reports: dict[str, RunReport], found: dict[str, list[Check]], output: Path) -> None:
    answer = {
        "reports": translated,
        "runs": {name: report.model_dump() for name, report in reports.items()},
        "checks": {name: [asdict(check) | {"holds": check.holds} for check in items] for name, items in found.items()},
        "output": os.fspath(output),
    }
    print(json.dumps(answer, indent=2))


if __name__ == "__main__":
    sys.exit(main())
