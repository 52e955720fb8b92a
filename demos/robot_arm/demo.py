"""A UR5e: joint angles for ten thousand poses, by damped least squares, and a hundred robots that draw Lissajous's table.

From Python to moving robots: translate and verify, bind to crowds, run, bake, check against a product of exponentials and against the
closed form, draw.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from checks import Solutions, drawing_checks, solver_checks
from picture import draw
from pxr import Usd
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from scene import (
    BEYOND,
    FRAMES_PER_SECOND,
    LINKS,
    ROBOTS,
    TARGETS,
    Drawings,
    build_robots,
    build_targets,
    drawings,
    poses_beyond_reach,
    seeded_joints,
)
from truth import Array, Check

from portalis.translator.source import SourceFile
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.author.trust import default_policy
from portalis.translator.stage.bake.baker import Baker
from portalis.translator.stage.files import open_stage
from portalis.translator.stage.layers import overlay
from portalis.translator.stage.registry import register_schemas
from portalis.translator.stage.run.engine import TranslatorEngine
from portalis.translator.stage.run.loop import Simulation
from portalis.translator.stage.run.report import RunReport

HERE = Path(__file__).parent
BEHAVIOURS = ("forward", "inverse", "follow", "links")
# An attempt is judged on the frame after its last iteration, and there are nine: no target is at work any longer.
FRAMES_OF_THE_SOLVER = 9 * 101 + 1


@dataclass
class Program:
    """The behaviours' source with the engine that translates it, and where to say so."""

    source: SourceFile
    engine: TranslatorEngine
    console: Console


def main() -> int:
    """Run the demo and return 0 where every check holds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--output", type=Path, default=Path("out/robot_arm"))
    parser.add_argument("--frames", type=int, default=960, help="of the drawing robots; a drawing takes 960")
    parser.add_argument("--targets", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    register_schemas()  # OpenUSD reads schemas once, when the first stage is made
    # A table that is piped into a file has no terminal to fit into.
    console = Console(highlight=False, quiet=options.json, soft_wrap=True, width=None if sys.stdout.isatty() else 140)
    options.output.mkdir(parents=True, exist_ok=True)

    program = Program(SourceFile("robot_arm.py", (HERE / "robot_arm.py").read_text(encoding="utf-8")), TranslatorEngine(), console)
    verified = _translate(program, options.output)
    joints, beyond = seeded_joints(options.targets), poses_beyond_reach(max(1, options.targets // 100))
    what = drawings()
    solving, solutions, unreachable = solve(program, options.output / "targets", joints, beyond)
    drawing, angles, links = follow_paths(program, options.output / "robots", what, options.frames)
    runs = {"targets": solving, "robots": drawing}
    found = {"targets": solver_checks(solutions, unreachable), "robots": drawing_checks(what, angles, links)}
    picture = draw(options.output / "robots.png", solutions, what, angles)
    if options.json:
        _print_json(verified, runs, found, options.output)
    else:
        _print_tables(console, runs, found)
        console.print(f"picture: {picture or 'not drawn, for want of matplotlib: pip install matplotlib'}", markup=False)
        console.print(f"stages:  {options.output / 'targets' / 'scene.usda'}, {options.output / 'robots' / 'out.usdc'}", markup=False)
    holds = all(check.holds for checks in found.values() for check in checks)
    return 0 if holds and all(item.status == "ok" for report in runs.values() for item in report.behaviours) else 1


def _translate(program: Program, output: Path) -> dict[str, Any]:
    """Translate every behaviour, write its module and its report, and say how it was verified."""
    reports = {}
    for name in BEHAVIOURS:
        translation = program.engine.compile(program.source, name).translation
        report = translation.report
        assert report is not None
        wasm = report.artefact("wasm")
        (output / f"{name}.wasm").write_bytes(translation.wasm)
        reports[name] = report.document()
        (output / f"{name}.json").write_text(json.dumps(reports[name], indent=2) + "\n", encoding="utf-8")
        program.console.print(
            f"{name}: {wasm.agreed} of {wasm.cases} cases agree with CPython {report.versions['cpython']} to the bit, "
            f"{wasm.guarded} guarded, {wasm.over_budget} too long to compare, 0 wrong; "
            f"{report.branches.total - len(report.unexercised)} of {report.branches.total} branches taken; "
            f"{len(translation.wasm):,} bytes of WASM",
            markup=False,
        )
    return reports


def solve(
    program: Program, folder: Path, joints: Array, beyond: Array, frames: int = FRAMES_OF_THE_SOLVER
) -> tuple[RunReport, Solutions, Solutions]:
    """Solve for the poses that joint angles (n, 6) give, and for poses (m, 4, 4) beyond reach; a frame is an iteration of all of them."""
    scene = _fresh(folder, "scene.usda")
    build_targets(scene, joints, beyond)
    stage = open_stage(scene)
    policy = default_policy()
    _bind(program, stage, [TARGETS], "forward", {"arm": "seedArm", "wrist": "seedWrist"}, {"pose": "target"}, policy)
    _bind(program, stage, [TARGETS, BEYOND], "inverse", {}, {}, policy)
    stage.GetRootLayer().Save()
    with Simulation(stage, program.engine, policy) as simulation, _progress(program.console) as progress:
        task = progress.add_task("targets", total=frames)
        for _ in range(frames):
            simulation.step()
            progress.advance(task)
        report = simulation.report()
        return report, _solutions(stage, TARGETS, joints), _solutions(stage, BEYOND, None)


def follow_paths(program: Program, folder: Path, what: Drawings, frames: int) -> tuple[RunReport, Array, dict[str, tuple[Array, Array]]]:
    """Let the robots draw and bake it; return the report, the angles (frames, n, 6), and each link's positions and stored quaternions."""
    scene, out = _fresh(folder, "scene.usda"), _fresh(folder, "out.usdc")
    build_robots(scene, what)
    base = f"{ROBOTS}/Base"
    stage = open_stage(scene)
    policy = default_policy()
    _bind(program, stage, [base], "follow", {}, {}, policy)
    names = ("shoulder", "upper", "fore", "first", "second", "tool")
    wires = {name: f"{ROBOTS}/{link}.positions" for name, link in zip(names, LINKS, strict=True)}
    wires |= {f"{name}_turn": f"{ROBOTS}/{link}.orientations" for name, link in zip(names, LINKS, strict=True)}
    _bind(program, stage, [base], "links", {}, wires, policy)
    stage.GetRootLayer().Save()
    baker = Baker(overlay(stage, out))
    with Simulation(stage, program.engine, policy, sinks=[baker]) as simulation, _progress(program.console) as progress:
        task = progress.add_task("robots", total=frames)
        for _ in range(frames):
            baker.at(simulation.clock.at(simulation.frame).time_code)
            simulation.step()
            progress.advance(task)
        report = simulation.report()
    baker.finish(FRAMES_PER_SECOND)

    # Read the baked file back, as anybody would.
    baked = Usd.Stage.Open(str(out))
    angles = np.concatenate([_samples(baked, f"{base}.primvars:{name}", frames) for name in ("arm", "wrist")], axis=2)
    links = {
        link: (_samples(baked, f"{ROBOTS}/{link}.positions", frames), _samples(baked, f"{ROBOTS}/{link}.orientations", frames))
        for link in LINKS
    }
    return report, angles, links


def _bind(
    program: Program, stage: Usd.Stage, prims: list[str], name: str, inputs: dict[str, str], outputs: dict[str, str], policy: Any
) -> None:
    interface = program.engine.compile(program.source, name).interface
    bind(stage, prims, program.source, interface, inputs=inputs, outputs=outputs, approvals=policy.approvals)


def _fresh(folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).unlink(missing_ok=True)
    return folder / name


def _progress(console: Console) -> Progress:
    return Progress(console=console, transient=True, disable=not console.is_terminal)


def _solutions(stage: Usd.Stage, prim: str, seeds: Array | None) -> Solutions:
    found = {
        name: np.asarray(stage.GetPrimAtPath(prim).GetAttribute(f"primvars:{name}").Get())
        for name in ("target", "arm", "wrist", "iterations", "restarts", "solved")
    }
    joints = np.concatenate([found["arm"], found["wrist"]], axis=1)
    return Solutions(seeds, found["target"], joints, found["iterations"], found["restarts"], found["solved"].astype(bool))


def _samples(stage: Usd.Stage, path: str, frames: int) -> Array:
    attribute = stage.GetAttributeAtPath(path)
    return np.stack([np.asarray(attribute.Get(float(frame)), dtype=float) for frame in range(frames)])


def _print_tables(console: Console, runs: dict[str, RunReport], found: dict[str, list[Check]]) -> None:
    costs = Table("stage", "lanes", "frames", "frame p50 ms", "p95", "p99", "sandbox p50 ms", "USD p50 ms", "status", title="costs")
    for name, report in runs.items():
        cells = (report.frame_ms.p50, report.frame_ms.p95, report.frame_ms.p99, report.bridge_ms.p50, report.stage_ms.p50)
        lanes = " + ".join(f"{item.lanes:,}" for item in report.behaviours)
        status = ", ".join(sorted({item.status for item in report.behaviours}))
        costs.add_row(name, lanes, str(report.frames), *(f"{cell:.3f}" for cell in cells), status)
    console.print(costs)
    physics = Table("stage", "check", "found", "bound", "values", "holds", title="checks")
    for name, checks in found.items():
        for check in checks:
            bound = f"{'≥' if check.at_least else '≤'} {check.bound:g}"
            physics.add_row(name, check.name, f"{check.error:.4g}", bound, f"{check.values:,}", check.verdict)
    console.print(physics)


def _print_json(verified: dict[str, Any], runs: dict[str, RunReport], found: dict[str, list[Check]], output: Path) -> None:
    answer = {
        "reports": verified,
        "runs": {name: report.model_dump() for name, report in runs.items()},
        "checks": {name: [asdict(check) | {"holds": check.holds} for check in checks] for name, checks in found.items()},
        "output": os.fspath(output),
    }
    print(json.dumps(answer, indent=2))


if __name__ == "__main__":
    sys.exit(main())
