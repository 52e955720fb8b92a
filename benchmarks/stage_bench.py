"""What the benchmarks of frames share: stages of prims and of a crowd, the behaviour on them, and one user who trusts it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from pxr import Gf, Sdf, Usd, UsdGeom, Vt

from portalis.translator import translate
from portalis.translator.source import SourceFile
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.author.trust import Approvals, TrustPolicy
from portalis.translator.stage.run.engine import TranslatorEngine
from portalis.translator.stage.run.loop import Publish, Simulation
from portalis.translator.translating.lanes import build_lane_program

PRIMS = """\
from pxr import Gf

def update(position: Gf.Vec3d, velocity: Gf.Vec3d, drag: float, delta_time: float):
    velocity = velocity + Gf.Vec3d(0.0, 0.0, -9.81) * delta_time - velocity * (drag * velocity.GetLength() * delta_time)
    position = position + velocity * delta_time
    if position[2] < 0.0:
        position = Gf.Vec3d(position[0], position[1], -position[2])
        velocity = Gf.Vec3d(velocity[0], velocity[1], -velocity[2] * 0.8)
    return position, velocity
"""
CROWD = PRIMS.replace("Vec3d", "Vec3f").replace("drag: float, ", "").replace("(drag *", "(0.01 *")
SHARED = ("delta_time",)
ROUNDS, QUICK_ROUNDS = 20, 2
DELTA_TIME = 1.0 / 24.0


def prims(count: int) -> tuple[Usd.Stage, list[str]]:
    """Make a stage of prims with a position, a velocity and a drag each."""
    stage = Usd.Stage.CreateInMemory()
    paths: list[str] = []
    for index in range(count):
        xform = UsdGeom.Xform.Define(stage, f"/World/p{index}")
        xform.AddTranslateOp().Set(Gf.Vec3d(index, 0.0, 10.0))
        xform.GetPrim().CreateAttribute("velocity", Sdf.ValueTypeNames.Vector3d).Set(Gf.Vec3d(1.0, index % 7, 3.0))
        xform.GetPrim().CreateAttribute("drag", Sdf.ValueTypeNames.Double).Set(0.01)
        paths.append(f"/World/p{index}")
    return stage, paths


def crowd_columns(count: int) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    """Return the positions and velocities that a crowd begins with: (count, 3) in single precision, m and m/s."""
    rows = np.stack([np.arange(count), np.arange(count) % 7, np.full(count, 10.0)], axis=1).astype(np.float32)
    return rows, np.ones_like(rows)


def crowd(count: int) -> tuple[Usd.Stage, list[str]]:
    """Make a stage of one crowd."""
    stage = Usd.Stage.CreateInMemory()
    points = UsdGeom.Points.Define(stage, "/World/points")
    positions, velocities = crowd_columns(count)
    points.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(positions))
    points.CreateVelocitiesAttr(Vt.Vec3fArray.FromNumpy(velocities))
    return stage, ["/World/points"]


class Bench:
    """One engine and one user who trusts, for all rows."""

    def __init__(self, folder: Path, quick: bool) -> None:
        self._engine = TranslatorEngine()
        self._approvals = Approvals(folder)
        self._rounds = QUICK_ROUNDS if quick else ROUNDS

    def bound(self, made: tuple[Usd.Stage, list[str]], text: str) -> Usd.Stage:
        """Bind the behaviour `text` and return the stage."""
        source = SourceFile("projectile.py", text)
        wires = {"velocity": "velocities" if text == CROWD else "velocity", **({"drag": "drag"} if text == PRIMS else {})}
        outputs = {"velocity": wires["velocity"]}
        bind(*made, source, self._engine.interface(source, "update"), inputs=wires, outputs=outputs, approvals=self._approvals)
        return made[0]

    def simulation(self, stage: Usd.Stage, publish: Publish) -> Simulation:
        """Return a simulation that is yet to be prepared."""
        return Simulation(stage, self._engine, TrustPolicy(self._approvals), publish=publish)

    def guest(self, text: str, count: int) -> Callable[[], float]:
        """Return what runs the same lanes in the sandbox alone and tells the seconds inside the guest."""
        program = build_lane_program(translate(text, "update"), "update", SHARED)
        module = program.module(count)
        module.inputs["delta_time"][0][0] = DELTA_TIME
        for index, name in enumerate(("position", "velocity")):
            for column in module.inputs[name]:
                column[:] = np.linspace(1.0, 10.0 + index, count)
        return lambda: module.run(count).seconds

    def alternate(self, *calls: Callable[[], float], rounds: int | None = None) -> list[float]:
        """Return the median of each call's seconds, taken in turn."""
        for call in calls:
            call()
        seconds = [[call() for call in calls] for _ in range(rounds or self._rounds)]
        return [statistics.median(column) for column in zip(*seconds, strict=True)]


def timed(call: Callable[[], object]) -> Callable[[], float]:
    """Return what makes a call and tells its seconds."""

    def run() -> float:
        started = time.perf_counter()
        call()
        return time.perf_counter() - started

    return run
