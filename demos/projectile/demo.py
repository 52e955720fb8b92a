"""A thousand projectiles with drag, wind and bounces, on a stage in metres with Z up and on one in centimetres with Y up.

From Python to moving prims: translate and verify, write the Rust crate and the WASM module, bind, run 240 frames, bake, check against the
closed form, draw.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from physics import Check, checks
from picture import draw
from pxr import Usd
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from scene import CENTIMETRES_Y_UP, FRAMES_PER_SECOND, METRES_Z_UP, StageKind, Throws, build, throws

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
from portalis.translator.translating.translation import Translation

HERE = Path(__file__).parent
INPUTS = {"velocity": "velocity", "drag": "drag", "wind": "wind"}


def main() -> int:
    """Run the demo and return 0 where every check holds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--output", type=Path, default=Path("out/projectile"))
    parser.add_argument("--frames", type=int, default=240)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    register_schemas()  # OpenUSD reads schemas once, when the first stage is made
    # A table that is piped into a file has no terminal to fit into.
    console = Console(highlight=False, quiet=options.json, soft_wrap=True, width=None if sys.stdout.isatty() else 140)
    options.output.mkdir(parents=True, exist_ok=True)

    source = SourceFile("projectile.py", (HERE / "projectile.py").read_text(encoding="utf-8"))
    engine = TranslatorEngine()
    translation = engine.compile(source, "update").translation
    _write_artefacts(translation, options.output)
    _say_translated(console, translation)

    start = throws()
    runs, all_checks, paths = {}, {}, {}
    for kind in (METRES_Z_UP, CENTIMETRES_Y_UP):
        report, positions = _run(console, engine, source, kind, start, options.output, options.frames)
        runs[kind.name], paths[kind.name] = report, positions
        all_checks[kind.name] = checks(start, positions)
    agreement = _stages_agree(paths)
    picture = draw(options.output / "trajectories.png", start, paths[METRES_Z_UP.name])
    if options.json:
        _print_json(translation, runs, all_checks, agreement, options.output)
    else:
        _print_tables(console, runs, all_checks, agreement)
        console.print(f"picture: {picture or 'not drawn, for want of matplotlib: pip install matplotlib'}", markup=False)
        console.print(f"stages:  {', '.join(str(options.output / name / 'out.usda') for name in runs)}", markup=False)
    holds = agreement.holds and all(check.holds for found in all_checks.values() for check in found)
    return 0 if holds and all(item.status == "ok" for report in runs.values() for item in report.behaviours) else 1


def _write_artefacts(translation: Translation, output: Path) -> None:
    (output / "projectile.wasm").write_bytes(translation.wasm)
    (output / "projectile.wat").write_text(translation.wat, encoding="utf-8")
    for name, text in translation.crate.files.items():
        path = output / "crate" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert translation.report is not None
    (output / "report.json").write_text(json.dumps(translation.report.document(), indent=2) + "\n", encoding="utf-8")


def _say_translated(console: Console, translation: Translation) -> None:
    report = translation.report
    assert report is not None
    wasm = report.artefact("wasm")
    console.print(f"[bold]{translation.signature}[/bold]" if console.is_terminal else translation.signature, markup=console.is_terminal)
    console.print(
        f"verified: {wasm.agreed} of {wasm.cases} cases agree with CPython {report.versions['cpython']} to the bit, "
        f"{wasm.guarded} guarded, 0 wrong; {report.branches.total - len(report.unexercised)} of {report.branches.total} branches taken; "
        f"{len(translation.wasm):,} bytes of WASM",
        markup=False,
    )


def _run(
    console: Console, engine: TranslatorEngine, source: SourceFile, kind: StageKind, start: Throws, output: Path, frames: int
) -> tuple[RunReport, np.ndarray[Any, Any]]:
    """Build one stage, bind, run and bake; return the report and positions (frames + 1, n, 3) in metres with Z up, the start first."""
    folder = output / kind.name
    folder.mkdir(exist_ok=True)
    for name in ("scene.usda", "out.usda"):
        (folder / name).unlink(missing_ok=True)
    prims = build(folder / "scene.usda", kind, start)
    stage = open_stage(folder / "scene.usda")
    policy = default_policy()
    behaviour = engine.compile(source, "update")
    bind(stage, prims, source, behaviour.interface, inputs=INPUTS, outputs={"velocity": "velocity"}, approvals=policy.approvals)
    stage.GetRootLayer().Save()
    baker = Baker(overlay(stage, folder / "out.usda"))
    simulation = Simulation(stage, engine, policy, sinks=[baker])
    with simulation, Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(kind.name, total=frames)
        for _ in range(frames):
            baker.at(simulation.clock.at(simulation.frame).time_code)
            simulation.step()
            progress.advance(task)
        report = simulation.report()
    baker.finish(FRAMES_PER_SECOND)
    return report, _baked_positions(folder / "out.usda", prims, kind, start, frames)


def _baked_positions(path: Path, prims: list[str], kind: StageKind, start: Throws, frames: int) -> np.ndarray[Any, Any]:
    """Read the baked file back, as anybody would: the sample of frame k is the state after k + 1 steps."""
    stage = Usd.Stage.Open(str(path))
    attributes = [stage.GetPrimAtPath(prim).GetAttribute("xformOp:translate") for prim in prims]
    baked = [kind.metres(np.array([attribute.Get(float(frame)) for attribute in attributes])) for frame in range(frames)]
    return np.stack([start.position, *baked])


def _stages_agree(paths: dict[str, np.ndarray[Any, Any]]) -> Check:
    """Both stages hold the same throws: before chaos sets in at the first bounce, their positions in metres agree to rounding."""
    left, right = paths.values()
    flying = np.logical_and.accumulate((left[:, :, 2] > 0.01) | (np.arange(len(left)) == 0)[:, None], axis=0)
    error = np.abs(left - right).max(axis=2)[flying].max() / np.abs(left).max()
    return Check("metres against centimetres", float(error), 1e-12, int(flying.sum()))


def _print_tables(console: Console, runs: dict[str, RunReport], found: dict[str, list[Check]], agreement: Check) -> None:
    costs = Table("stage", "prims", "frames", "frame p50 ms", "p95", "p99", "sandbox p50 ms", "USD p50 ms", "status", title="costs")
    for name, report in runs.items():
        cells = (report.frame_ms.p50, report.frame_ms.p95, report.frame_ms.p99, report.bridge_ms.p50, report.stage_ms.p50)
        costs.add_row(name, str(report.prims), str(report.frames), *(f"{cell:.3f}" for cell in cells), report.behaviours[0].status)
    console.print(costs)
    physics = Table("stage", "check", "largest relative error", "bound", "values", "holds", title="physics")
    for name, items in (*found.items(), ("both", [agreement])):
        for check in items:
            physics.add_row(name, check.name, f"{check.error:.2e}", f"{check.bound:g}", f"{check.values:,}", check.verdict)
    console.print(physics)


def _print_json(
    translation: Translation, runs: dict[str, RunReport], found: dict[str, list[Check]], agreement: Check, output: Path
) -> None:
    assert translation.report is not None
    answer = {
        "report": translation.report.document(),
        "runs": {name: report.model_dump() for name, report in runs.items()},
        "checks": {name: [asdict(check) | {"holds": check.holds} for check in items] for name, items in found.items()},
        "agreement": asdict(agreement) | {"holds": agreement.holds},
        "output": os.fspath(output),
    }
    print(json.dumps(answer, indent=2))


if __name__ == "__main__":
    sys.exit(main())
