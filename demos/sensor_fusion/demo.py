"""Carts that know where they are: an extended Kalman filter fuses an inertial sensor with LiDAR sweeps of 100,000 points.

From Python to a stage: translate and verify, bind to a room with carts and a cloud, run, bake, check against numpy, draw.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from picture import draw
from pxr import Sdf, Usd
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from scene import CLOUD, FRAMES_PER_SECOND, SWEEPS_PER_SECOND, Group, Sizes, build, groups
from truth import SWEEP_FRAMES, Check, Record, checks, corners

from portalis.translator.bridge import Budget
from portalis.translator.source import SourceFile
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
# The behaviours in the order in which a frame runs them: file, function, and the inputs that come of the frame before.
BEHAVIOURS = (("cart", "drive", ()), ("kalman", "predict", ("estimate", "covariance")), ("cart", "scan", ()), ("kalman", "correct", ()))
# A lane compares a whole sweep: far more than a host expects of one by default.
BUDGET = Budget(fuel=20_000_000, fuel_per_lane=100_000_000, deadline_seconds=60.0)


@dataclass(frozen=True)
class Outcome:
    """One run of the stage: what each group of carts did, the clouds by frame (n, 3), and what it cost."""

    carts: list[Group]
    records: dict[str, Record]
    clouds: dict[int, np.ndarray[Any, Any]]
    report: RunReport


def main() -> int:
    """Run the demo and return 0 where every check holds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--output", type=Path, default=Path("out/sensor_fusion"))
    parser.add_argument("--frames", type=int, default=180)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    # A table that is piped into a file has no terminal to fit into.
    console = Console(highlight=False, quiet=options.json, soft_wrap=True, width=None if sys.stdout.isatty() else 140)
    sizes, engine, sources = Sizes(), TranslatorEngine(budget=BUDGET), behaviour_sources()
    translations = _say_translated(console, engine, sources)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("frames", total=options.frames)
        outcome = run(engine, sources, sizes, options.output, options.frames, lambda: progress.advance(task))
    found = checks(sizes, outcome.carts, outcome.records, outcome.clouds)
    picture = draw(options.output / "fusion.png", outcome.records, outcome.clouds)
    if options.json:
        _print_json(translations, outcome.report, found, options.output)
    else:
        _print_tables(console, outcome.report, found)
        console.print(f"picture: {picture or 'not drawn, for want of matplotlib: pip install matplotlib'}", markup=False)
        console.print(f"stage:   {options.output / 'out.usdc'}", markup=False)
    ran = all(item.status == "ok" for item in outcome.report.behaviours)
    return 0 if ran and all(check.holds for check in found) else 1


def behaviour_sources() -> dict[str, SourceFile]:
    """Return the files that hold the behaviours, by name."""
    return {name: SourceFile(f"{name}.py", (HERE / f"{name}.py").read_text(encoding="utf-8")) for name in ("cart", "kalman")}


def run(
    engine: TranslatorEngine,
    sources: Mapping[str, SourceFile],
    sizes: Sizes,
    output: Path,
    frames: int,
    advance: Callable[[], None] = lambda: None,
) -> Outcome:
    """Build the stage, bind the behaviours to it, run and bake it, and return what happened."""
    carts, policy = groups(sizes), default_policy()
    stage = make_stage(output, engine, sources, sizes, carts, policy)
    baker = Baker(overlay(stage, output / "out.usdc"))
    rows: dict[str, list[list[Any]]] = {group.name: [] for group in carts}
    with Simulation(stage, engine, policy, sinks=[baker]) as simulation:
        for _ in range(frames):
            baker.at(simulation.clock.at(simulation.frame).time_code)
            simulation.step()
            for group in carts:
                rows[group.name].append(_state(stage, group))
            advance()
        report = simulation.report()
    baker.finish(FRAMES_PER_SECOND)
    records = {name: Record(*(np.array(column) for column in zip(*found, strict=True))) for name, found in rows.items()}
    return Outcome(carts, records, _clouds(output / "out.usdc", frames), report)


def make_stage(
    output: Path, engine: TranslatorEngine, sources: Mapping[str, SourceFile], sizes: Sizes, carts: list[Group], policy: TrustPolicy
) -> Usd.Stage:
    """Write scene.usda into a folder, with the behaviours bound to its prims, and return it opened."""
    register_schemas()  # OpenUSD reads schemas once, when the first stage is made
    output.mkdir(parents=True, exist_ok=True)
    for name in ("scene.usda", "out.usdc"):
        (output / name).unlink(missing_ok=True)
    build(output / "scene.usda", sizes, carts, corners())
    stage = open_stage(output / "scene.usda")
    _bind(stage, engine, sources, carts, policy)
    stage.GetRootLayer().Save()
    return stage


def _bind(stage: Usd.Stage, engine: TranslatorEngine, sources: Mapping[str, SourceFile], carts: list[Group], policy: TrustPolicy) -> None:
    for file, name, previous in BEHAVIOURS:
        source = sources[file]
        interface = engine.compile(source, name).interface
        paths = [path for group in carts if group.sees or name != "scan" for path in group.paths]
        bind(stage, paths, source, interface, previous=previous, approvals=policy.approvals)
    source, first = sources["cart"], carts[0].paths[0]
    inputs = {name: f"{first}.{name}" for name in ("truth", "columns", "rings", "lidar_noise", "noise_seed")}
    (key,) = bind(stage, [CLOUD], source, engine.compile(source, "sweep").interface, inputs=inputs, approvals=policy.approvals)
    rate = stage.GetPrimAtPath(CLOUD).CreateAttribute(f"{key.prefix}rate", Sdf.ValueTypeNames.Double, False, Sdf.VariabilityUniform)
    rate.Set(SWEEPS_PER_SECOND)


def _state(stage: Usd.Stage, group: Group) -> list[Any]:
    prims = [stage.GetPrimAtPath(path) for path in group.paths]
    names = ("truth", "estimate", "covariance", "accelerometer")
    return [np.array([prim.GetAttribute(name).Get() for prim in prims]) for name in names]


def _clouds(path: Path, frames: int) -> dict[int, np.ndarray[Any, Any]]:
    """Read every tenth sweep of the baked file back, as anybody would."""
    stage = Usd.Stage.Open(str(path))
    points = stage.GetAttributeAtPath(f"{CLOUD}.points")
    return {frame: np.array(points.Get(float(frame)), dtype=float) for frame in range(0, frames, 10 * SWEEP_FRAMES)}


def _say_translated(console: Console, engine: TranslatorEngine, sources: Mapping[str, SourceFile]) -> list[dict[str, Any]]:
    documents = []
    for file, name in (*((file, name) for file, name, _ in BEHAVIOURS), ("cart", "sweep")):
        report = engine.compile(sources[file], name).translation.report
        assert report is not None
        wasm = report.artefact("wasm")
        console.print(
            f"{name}: {wasm.agreed} of {wasm.cases} cases agree with CPython {report.versions['cpython']} to the bit, "
            f"{wasm.guarded} guarded, {wasm.over_budget + wasm.dropped} too long to compare; "
            f"{report.branches.total - len(report.unexercised)} of {report.branches.total} branches taken",
            markup=False,
        )
        documents.append(report.document())
    return documents


def _print_tables(console: Console, report: RunReport, found: list[Check]) -> None:
    costs = Table("behaviour", "lanes", "ms a frame", "share", "status", title="costs")
    for item in report.behaviours:
        costs.add_row(item.name, f"{item.lanes:,}", f"{item.ms_per_frame:.3f}", f"{item.share:.0%}", item.status)
    console.print(costs)
    times = (("frame", report.frame_ms), ("sandbox", report.bridge_ms), ("USD", report.stage_ms))
    console.print("; ".join(f"{name} p50 {each.p50:.1f} ms, p99 {each.p99:.1f} ms" for name, each in times), markup=False)
    table = Table("check", "found", "at least", "at most", "values", "holds", title="truths")
    for check in found:
        table.add_row(check.name, f"{check.found:.3g}", f"{check.low:.3g}", f"{check.high:.3g}", f"{check.values:,}", check.verdict)
    console.print(table)


def _print_json(translations: list[dict[str, Any]], report: RunReport, found: list[Check], output: Path) -> None:
    answer = {
        "reports": translations,
        "run": report.model_dump(),
        "checks": [asdict(check) | {"holds": check.holds} for check in found],
        "output": os.fspath(output),
    }
    print(json.dumps(answer, indent=2))


if __name__ == "__main__":
    sys.exit(main())
