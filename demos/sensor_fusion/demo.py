"""Carts that know where they are: an extended Kalman filter fuses an inertial sensor with LiDAR sweeps of 100,000 points.

From Python to a stage: translate and verify, bind to a room with carts and a cloud, run, bake, check against numpy, draw.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from picture import draw
from pxr import Sdf, Usd
from scene import CLOUD, SWEEPS_PER_SECOND, Group, Sizes, build, groups
from truth import SWEEP_FRAMES, Record, checks, corners

from portalis.translator.bridge import Budget
from portalis.translator.cli.demonstration import Demonstration, fresh, options_of, sources
from portalis.translator.source import SourceFile
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.author.trust import TrustPolicy, default_policy
from portalis.translator.stage.bake.baker import Baker
from portalis.translator.stage.files import open_stage
from portalis.translator.stage.layers import overlay
from portalis.translator.stage.run.engine import TranslatorEngine
from portalis.translator.stage.run.loop import Simulation

HERE = Path(__file__).parent
FILES = ("cart", "kalman")
# The behaviours in the order in which a frame runs them: file, function, and the inputs that come of the frame before.
BEHAVIOURS = (("cart", "drive", ()), ("kalman", "predict", ("estimate", "covariance")), ("cart", "scan", ()), ("kalman", "correct", ()))
# A lane compares a whole sweep: far more than a host expects of one by default.
BUDGET = Budget(fuel=20_000_000, fuel_per_lane=100_000_000, deadline_seconds=60.0)


@dataclass(frozen=True)
class Outcome:
    """One run of the stage: the groups of carts, what each of them did, and the clouds by frame (n, 3)."""

    carts: list[Group]
    records: dict[str, Record]
    clouds: dict[int, np.ndarray[Any, Any]]


def main() -> int:
    """Run the demo and return 0 where every check holds."""
    options = options_of(__doc__, "sensor_fusion", 180).parse_args()
    show, sizes, engine, texts = Demonstration.of(options), Sizes(), TranslatorEngine(budget=BUDGET), sources(HERE, *FILES)
    for file, name in (*((file, name) for file, name, _ in BEHAVIOURS), ("cart", "sweep")):
        show.verified(name, engine.compile(texts[file], name).translation)
    outcome = run(show, engine, texts, sizes, options.output, options.frames)
    show.checks["carts"] = checks(sizes, outcome.carts, outcome.records, outcome.clouds)
    picture = draw(options.output / "fusion.png", outcome.records, outcome.clouds)
    return show.end(picture, [options.output / "out.usdc"])


def run(show: Demonstration, engine: TranslatorEngine, texts: Mapping[str, SourceFile], sizes: Sizes, output: Path, frames: int) -> Outcome:
    """Build the stage, bind the behaviours to it, run and bake it, and return what happened."""
    carts, policy = groups(sizes), default_policy()
    stage = bound_carts(output, engine, texts, sizes, carts, policy)
    baker = Baker(overlay(stage, output / "out.usdc"))
    rows: dict[str, list[list[Any]]] = {group.name: [] for group in carts}
    with Simulation(stage, engine, policy, sinks=[baker]) as simulation:
        for _ in show.frames(simulation, frames, "carts"):
            for group in carts:
                rows[group.name].append(_state(stage, group))
        show.runs["carts"] = simulation.report()
    baker.finish(simulation.clock.fps)
    records = {name: Record(*(np.array(column) for column in zip(*found, strict=True))) for name, found in rows.items()}
    return Outcome(carts, records, _clouds(output / "out.usdc", frames))


def bound_carts(
    output: Path, engine: TranslatorEngine, texts: Mapping[str, SourceFile], sizes: Sizes, carts: list[Group], policy: TrustPolicy
) -> Usd.Stage:
    """Write scene.usda into a folder, with the behaviours bound to its prims, and return it opened."""
    scene, _ = fresh(output, "scene.usda", "out.usdc")
    build(scene, sizes, carts, corners())
    stage = open_stage(scene)
    _bind(stage, engine, texts, carts, policy)
    stage.GetRootLayer().Save()
    return stage


def _bind(stage: Usd.Stage, engine: TranslatorEngine, texts: Mapping[str, SourceFile], carts: list[Group], policy: TrustPolicy) -> None:
    for file, name, previous in BEHAVIOURS:
        source = texts[file]
        interface = engine.interface(source, name)
        paths = [path for group in carts if group.sees or name != "scan" for path in group.paths]
        bind(stage, paths, source, interface, previous=previous, approvals=policy.approvals)
    source, first = texts["cart"], carts[0].paths[0]
    inputs = {name: f"{first}.{name}" for name in ("truth", "columns", "rings", "lidar_noise", "noise_seed")}
    (key,) = bind(stage, [CLOUD], source, engine.interface(source, "sweep"), inputs=inputs, approvals=policy.approvals)
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


if __name__ == "__main__":
    sys.exit(main())
