"""A fluid of 64 × 64 × 64 cells, in which two puffs of warm dye rise, and a crowd of specks that goes with it on the stage.

From Python to moving points: translate and verify the solver and the behaviour, step the one, bind and run the other, bake, check against
what is known of the fluid, draw.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from fluid import advance
from physics import Check, Watch, convergence
from picture import draw
from pxr import Usd, UsdGeom, Vt
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from scene import CROWD, FRAMES_PER_SECOND, LIFT, SIZE, VISCOSITY, Start, build, start
from solver import EXAMPLES, Fluid

from portalis.translator import translate
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
PICTURES = 4

Array = np.ndarray[Any, Any]


def main() -> int:
    """Run the demo and return 0 where every check holds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--output", type=Path, default=Path("out/fluid"))
    parser.add_argument("--frames", type=int, default=42)
    parser.add_argument("--cells", type=int, default=64)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    register_schemas()  # OpenUSD reads schemas once, when the first stage is made
    # A table that is piped into a file has no terminal to fit into.
    console = Console(highlight=False, quiet=options.json, soft_wrap=True, width=None if sys.stdout.isatty() else 140)
    options.output.mkdir(parents=True, exist_ok=True)

    solver = translate(SourceFile("fluid.py", (HERE / "fluid.py").read_text(encoding="utf-8")), "advance", EXAMPLES)
    source = SourceFile("drift.py", (HERE / "drift.py").read_text(encoding="utf-8"))
    engine = TranslatorEngine()
    behaviour = engine.compile(source, "update").translation
    for translation in (solver, behaviour):
        _write_artefacts(translation, options.output)
        _say_translated(console, translation)

    begin = start(options.cells)
    fluid = Fluid(solver, SIZE, np.zeros((3, *begin.dye.shape)), begin.dye)
    watch = Watch(fluid, 1.0 / FRAMES_PER_SECOND, VISCOSITY, LIFT)
    report, kept = _run(console, engine, source, watch, begin, options.output, options.frames)
    orders, errors = convergence(solver)
    checks = [*watch.checks(), *orders, compared(solver)]
    picture = draw(options.output / "puffs.png", *kept, begin.puff)
    milliseconds = np.percentile(np.array(fluid.seconds) * 1000.0, (50, 95, 99))
    if options.json:
        _print_json((solver, behaviour), report, milliseconds, checks, options.output)
    else:
        _print_tables(console, report, milliseconds, checks, watch.courant)
        _print_orders(console, errors)
        console.print(f"picture: {picture or 'not drawn, for want of matplotlib: pip install matplotlib'}", markup=False)
        console.print(f"stage:   {options.output / 'out.usda'}", markup=False)
    return 0 if all(check.holds for check in checks) and all(item.status == "ok" for item in report.behaviours) else 1


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
    return Check(f"values of {cells}³ cells with other bits than CPython's", float(other), 0.0, here.size)


def _write_artefacts(translation: Translation, output: Path) -> None:
    assert translation.report is not None
    name = "drift" if translation.lowered.name == "update" else "fluid"
    (output / f"{name}.wasm").write_bytes(translation.wasm)
    (output / f"{name}.json").write_text(json.dumps(translation.report.document(), indent=2) + "\n", encoding="utf-8")


def _say_translated(console: Console, translation: Translation) -> None:
    report = translation.report
    assert report is not None
    wasm = report.artefact("wasm")
    console.print(translation.signature, markup=False)
    console.print(
        f"{wasm.status}: {wasm.agreed} of {wasm.cases} cases agree with CPython {report.versions['cpython']} to the bit "
        f"({wasm.raised} by raising the same), {wasm.guarded} guarded, {wasm.over_budget} over budget, 0 wrong; "
        f"{report.branches.total - len(report.unexercised)} of {report.branches.total} branches taken; "
        f"{len(translation.wasm):,} bytes of WASM",
        markup=False,
    )


def _run(
    console: Console, engine: TranslatorEngine, source: SourceFile, watch: Watch, begin: Start, output: Path, frames: int
) -> tuple[RunReport, tuple[list[float], list[Array], list[Array]]]:
    """Build the stage, bind, run and bake; return the report and, for the picture, some times with dye and specks."""
    for name in ("scene.usda", "out.usda"):
        (output / name).unlink(missing_ok=True)
    build(output / "scene.usda", begin)
    stage = open_stage(output / "scene.usda")
    policy = default_policy()
    bind(stage, [CROWD], source, engine.compile(source, "update").interface, approvals=policy.approvals)
    stage.GetRootLayer().Save()
    baker = Baker(overlay(stage, output / "out.usda"))
    velocities = UsdGeom.Points(stage.GetPrimAtPath(CROWD)).GetVelocitiesAttr()
    shown = {round(frames * number / (PICTURES - 1)) for number in range(PICTURES)}
    places = begin.specks
    times, dye, specks = [0.0], [begin.dye], [places]
    simulation = Simulation(stage, engine, policy, sinks=[baker])
    with simulation, Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("frames", total=frames)
        for frame in range(1, frames + 1):
            drift = watch.fluid.step(watch.seconds, watch.viscosity, watch.lift, places)
            velocities.Set(Vt.Vec3fArray.FromNumpy(drift.astype(np.float32)))
            baker.at(simulation.clock.at(simulation.frame).time_code)
            simulation.step()
            before, places = places, _places(stage)
            watch.look(before, drift, places)
            if frame in shown:
                times.append(frame * watch.seconds)
                dye.append(watch.fluid.dye)
                specks.append(places)
            progress.advance(task)
        report = simulation.report()
    baker.finish(FRAMES_PER_SECOND)
    return report, (times, dye, specks)


def _places(stage: Usd.Stage) -> Array:
    """Read the points from the stage, as anybody would."""
    return np.array(UsdGeom.Points(stage.GetPrimAtPath(CROWD)).GetPointsAttr().Get(), float)


def _print_tables(console: Console, report: RunReport, milliseconds: Array, found: list[Check], courant: float) -> None:
    costs = Table("what", "frames", "p50 ms", "p95", "p99", "sandbox p50 ms", "USD p50 ms", "status", title="costs")
    costs.add_row("step of the fluid", str(report.frames), *(f"{cell:.0f}" for cell in milliseconds), "", "", "")
    cells = (report.frame_ms.p50, report.frame_ms.p95, report.frame_ms.p99, report.bridge_ms.p50, report.stage_ms.p50)
    costs.add_row("frame of the crowd", str(report.frames), *(f"{cell:.3f}" for cell in cells), report.behaviours[0].status)
    console.print(costs)
    console.print(f"fastest: {courant:.2f} cells a step, the components added")
    physics = Table("check", "largest error", "bound", "values", "holds", title="physics")
    for check in found:
        physics.add_row(check.name, f"{check.error:.2e}", f"{check.bound:g}", f"{check.values:,}", check.verdict)
    console.print(physics)


def _print_orders(console: Console, errors: dict[str, list[float]]) -> None:
    """Print the errors of the vortex, coarsest grid first."""
    for plane, found in errors.items():
        console.print(f"Taylor–Green in {plane}: {', '.join(f'{error:.2e}' for error in found)} on grids each twice as fine", markup=False)


def _print_json(translations: tuple[Translation, ...], report: RunReport, milliseconds: Array, checks: list[Check], output: Path) -> None:
    answer = {
        "reports": [item.report.document() for item in translations if item.report is not None],
        "run": report.model_dump(),
        "step_ms": dict(zip(("p50", "p95", "p99"), milliseconds.tolist(), strict=True)),
        "checks": [asdict(check) | {"holds": check.holds} for check in checks],
        "output": os.fspath(output),
    }
    print(json.dumps(answer, indent=2))


if __name__ == "__main__":
    sys.exit(main())
