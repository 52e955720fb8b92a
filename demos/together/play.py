"""All demos on one stage, side by side: what the engine takes of a frame, and what OpenUSD does.

Each demo's folder has a `live.py`, which writes the part of it that plays here. They are referenced on a stage in metres of sixty frames a
second and run as one. A frame is measured apart into OpenUSD (reading and writing attributes, with the conversion between its types and
columns of numbers) and the engine, which is all the rest: sandboxes, gathering and scattering columns, and the frame loop itself.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from compose import CAMERA, EXTENT, FRAMES_PER_SECOND, PLACES, compose, demo_of, root_of
from pxr import Sdf, Usd
from rich.console import Console
from rich.table import Table

from portalis.translator.cli.demonstration import options_of, sources
from portalis.translator.cli.programs import imported
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.author.trust import default_policy
from portalis.translator.stage.bake.baker import Baker
from portalis.translator.stage.columns.openusd import UsdBackend
from portalis.translator.stage.columns.timed import HostSeconds
from portalis.translator.stage.files import open_stage
from portalis.translator.stage.layers import overlay
from portalis.translator.stage.plan.modules import source_sha256
from portalis.translator.stage.registry import register_schemas
from portalis.translator.stage.run.engine import TranslatorEngine
from portalis.translator.stage.run.loop import Simulation
from portalis.translator.stage.run.report import RunReport
from portalis.translator.translating.options import Options

HERE = Path(__file__).parent
ALL = "all five"
# What a display of sixty pictures a second leaves for a frame.
GOAL_MS = 1000.0 / FRAMES_PER_SECOND


@dataclass
class Costs:
    """Milliseconds of every frame, by demo and for all of them together."""

    engine: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    usd: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def percentiles(self) -> dict[str, dict[str, float]]:
        """Return p50 and p99 of engine and OpenUSD."""
        return {
            name: {
                f"{what}_p{percent}": float(np.percentile(each.get(name, [0.0]), percent))
                for what, each in (("engine", self.engine), ("usd", self.usd))
                for percent in (50, 99)
            }
            for name in self.engine
        }


def main() -> int:
    """Write the common stage, run it, bake it, and print what its frames took; 0 where everything ran."""
    options = options_of(__doc__, "together", 360).parse_args()
    register_schemas()  # OpenUSD reads schemas once, when the first stage is made
    options.output.mkdir(parents=True, exist_ok=True)
    live = Together(options.output, options.frames)
    costs = Costs()
    report = live.run(costs)
    live.run(None)
    if options.json:
        print(json.dumps({"run": report.model_dump(), "ms": costs.percentiles(), "output": str(options.output)}, indent=2))
    else:
        _print(live, report, costs)
    return 0 if report.behaviours and all(item.status == "ok" for item in report.behaviours) else 1


class Together:
    """The common stage in a folder, written and bound, and what runs it."""

    def __init__(self, folder: Path, frames: int, options: Options | None = None) -> None:
        self.frames = frames
        # What is here is trusted, wherever a stage has it.
        self._owners = _owners()
        self.out = folder / "out.usdc"
        parts = {path.parent.name: _part(path) for path in sorted(HERE.parent.glob("*/live.py"))}
        budgets = [part.BUDGET for part in parts.values() if hasattr(part, "BUDGET")]
        self.engine = TranslatorEngine(options, budget=budgets[0])
        scenes = {name: part.build(folder / name, self.engine, frames, FRAMES_PER_SECOND) for name, part in parts.items()}
        self.does: Mapping[str, str] = {name: part.DOES for name, part in parts.items()}
        self.hosts = {name: part.Host(FRAMES_PER_SECOND, options) for name, part in parts.items() if hasattr(part, "Host")}
        stage = compose(folder / "scene.usda", scenes)
        source = sources(HERE, "sway")["sway"]
        bind(stage, [CAMERA], source, self.engine.interface(source, "sway"), approvals=default_policy().approvals)
        stage.SetEndTimeCode(frames - 1)
        stage.GetRootLayer().Save()
        self.stage = open_stage(folder / "scene.usda")

    def run(self, costs: Costs | None) -> RunReport:
        """Run from the start, and either note what each frame takes, or bake."""
        self.out.unlink(missing_ok=True)
        baker = Baker(overlay(self.stage, self.out)) if costs is None else None
        host = HostSeconds(demo_of)
        trust, sinks = default_policy(list(self._owners)), [baker] if baker is not None else []
        with (
            _edited_for_now(self.stage),
            Simulation(self.stage, self.engine, trust, sinks=sinks, backend=host.of(UsdBackend)) as simulation,
        ):
            for part in self.hosts.values():
                part.begin()
            for frame in range(self.frames):
                usd, behaviours = _since(host.seconds), _since(_taken(simulation))
                began = time.perf_counter()
                engine = {name: self._work(name, part, host) for name, part in self.hosts.items() if part.due(frame)}
                simulation.step()
                seconds = time.perf_counter() - began
                if costs is not None:
                    for (source, _), taken in behaviours(_taken(simulation)).items():
                        engine[self._owners[source]] = engine.get(self._owners[source], 0.0) + taken
                    _note(costs, seconds, engine, usd(host.seconds))
            report = simulation.report()
        if baker is not None:
            baker.finish(FRAMES_PER_SECOND)
        return report

    def _work(self, name: str, part: Any, host: HostSeconds) -> float:
        """Let a demo's program do its own part of a frame; return how long it took, with what OpenUSD took of that."""
        started, root = time.perf_counter(), root_of(name)
        with host.counting(root):
            read = part.read(self.stage, root)
        made = part.work(read)
        with host.counting(root):
            part.write(self.stage, root, made)
        return time.perf_counter() - started


@contextlib.contextmanager
def _edited_for_now(stage: Usd.Stage) -> Iterator[None]:
    """Let what programs write to a stage go into a layer of its own, and take that away in the end."""
    layer, session = Sdf.Layer.CreateAnonymous("programs.usda"), stage.GetSessionLayer()
    session.subLayerPaths.append(layer.identifier)
    try:
        with Usd.EditContext(stage, Usd.EditTarget(layer)):
            yield
    finally:
        session.subLayerPaths.remove(layer.identifier)


def _part(path: Path) -> ModuleType:
    with imported(path.parent, path.stem) as part:
        return part


def _owners() -> dict[str, str]:
    """Name the demo that each source in this folder of demos belongs to, by its digest."""
    return {source_sha256(path.read_text(encoding="utf-8")): path.parent.name for path in HERE.parent.glob("*/*.py")}


def _taken(simulation: Simulation) -> dict[tuple[str, str], float]:
    return {key: tally.seconds for key, tally in simulation.tallies.items()}


def _since(before: Mapping[Any, float]) -> Callable[[Mapping[Any, float]], dict[Any, float]]:
    """Return what tells by how much counts have grown from now on."""
    then = dict(before)
    return lambda now: {key: value - then.get(key, 0.0) for key, value in now.items()}


def _note(costs: Costs, seconds: float, engine: Mapping[str, float], usd: Mapping[str, float]) -> None:
    """Take note of a frame: `engine` has what each demo took of it, with what OpenUSD took of that."""
    for name in PLACES:
        costs.engine[name].append((engine.get(name, 0.0) - usd.get(name, 0.0)) * 1000.0)
        costs.usd[name].append((usd.get(name, 0.0) + usd.get(f"{name}{EXTENT}", 0.0)) * 1000.0)
    costs.engine[ALL].append((seconds - sum(usd.values())) * 1000.0)
    costs.usd[ALL].append(sum(usd.values()) * 1000.0)


def _print(live: Together, report: RunReport, costs: Costs) -> None:
    console = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 160)
    title = f"{report.frames} frames of {GOAL_MS:.1f} ms: wall-clock milliseconds a frame"
    table = Table("demo", "engine p50", "p99", "OpenUSD p50", "p99", "on the stage", title=title)
    found = costs.percentiles()
    for name, each in found.items():
        cells = (f"{each[key]:.2f}" for key in ("engine_p50", "engine_p99", "usd_p50", "usd_p99"))
        table.add_row(name, *cells, live.does.get(name, "with the camera and the frame loop itself"))
    console.print(table)
    for error in report.first_errors:
        console.print(f"{error.prim}, frame {error.frame}: {error.error} {error.message} ({error.file}:{error.line})", markup=False)
    fits = found[ALL]["engine_p50"] <= GOAL_MS
    console.print(
        f"engine p50 of all five: {found[ALL]['engine_p50']:.2f} ms, which {'fits' if fits else 'does NOT fit'} into a frame", markup=False
    )
    console.print(f"stage:  {live.out}", markup=False)


if __name__ == "__main__":
    sys.exit(main())
