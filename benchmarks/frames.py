"""Frames of a stage as ratios to what they cannot do without: the guest's own time, a bare write of OpenUSD, and start-up by size.

Stands for: thousands of projectiles on prims, and on the points of one crowd, headless (columns are the truth) and live (the stage gets
every result). Each row alternates with its reference in this process; the medians are compared. Leaves out: bakes, Kit, the GPU, more than
one core, and what a machine that does other work meanwhile makes of the last ten per cent.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from common import Result, arguments, chatter_apart, show
from pxr import Gf, Sdf, Tf, Usd, UsdGeom, Vt

from portalis.translator import translate
from portalis.translator.source import SourceFile
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.author.trust import Approvals, TrustPolicy
from portalis.translator.stage.columns.handed import HandedLanes
from portalis.translator.stage.columns.written import Wires, Written
from portalis.translator.stage.plan.resolve import Target
from portalis.translator.stage.registry import register_schemas
from portalis.translator.stage.run.engine import TranslatorEngine
from portalis.translator.stage.run.loop import Publish, Simulation
from portalis.translator.stage.values import codec_of
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


def crowd(count: int) -> tuple[Usd.Stage, list[str]]:
    """Make a stage of one crowd."""
    stage = Usd.Stage.CreateInMemory()
    points = UsdGeom.Points.Define(stage, "/World/points")
    rows = np.stack([np.arange(count), np.arange(count) % 7, np.full(count, 10.0)], axis=1).astype(np.float32)
    points.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(rows))
    points.CreateVelocitiesAttr(Vt.Vec3fArray.FromNumpy(np.ones_like(rows)))
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
        module.inputs["delta_time"][0][0] = 1 / 24
        for index, name in enumerate(("position", "velocity")):
            for column in module.inputs[name]:
                column[:] = np.linspace(1.0, 10.0 + index, count)
        return lambda: module.run(count).seconds

    def alternate(self, *calls: Callable[[], float]) -> list[float]:
        """Return the median of each call's seconds, taken in turn."""
        for call in calls:
            call()
        seconds = [[call() for call in calls] for _ in range(self._rounds)]
        return [statistics.median(column) for column in zip(*seconds, strict=True)]


def timed(call: Callable[[], object]) -> Callable[[], float]:
    """Return what makes a call and tells its seconds."""

    def run() -> float:
        started = time.perf_counter()
        call()
        return time.perf_counter() - started

    return run


def bare_writes(stage: Usd.Stage, paths: Sequence[str], values: Vt.Vec3dArray) -> Callable[[], object]:
    """Return what sets the default of each attribute in a session sublayer by nothing but OpenUSD's own setter, another value each time."""
    layer = Sdf.Layer.CreateAnonymous(".usda")
    stage.GetSessionLayer().subLayerPaths.append(layer.identifier)
    with Sdf.ChangeBlock():
        for path in paths:
            Sdf.JustCreatePrimAttributeInLayer(layer, path, Sdf.ValueTypeNames.Double3)
    specs = [layer.GetAttributeAtPath(path) for path in paths]
    setter = next(vars(kind)["default"].fset for kind in Sdf.AttributeSpec.__mro__ if "default" in vars(kind))
    turn = [list(values), [value + Gf.Vec3d(1.0) for value in values]]

    def write(keep: Sdf.Layer = layer) -> None:
        deque(map(setter, specs, turn[0]), maxlen=0)
        turn.reverse()

    return write


def headless_row(bench: Bench, name: str, stage: Usd.Stage, text: str, count: int) -> list[str]:
    """Measure a frame that nobody looks at against its guest, and count what the stage is told meanwhile."""
    told = 0

    def count_changes(notice: Usd.Notice.ObjectsChanged, _: Usd.Stage) -> None:
        nonlocal told
        told += len(notice.GetChangedInfoOnlyPaths())

    with bench.simulation(stage, "needed") as simulation:
        simulation.run(2)
        key = Tf.Notice.Register(Usd.Notice.ObjectsChanged, count_changes, stage)
        frame, guest = bench.alternate(timed(simulation.step), bench.guest(text, count))
        key.Revoke()
    return [f"headless frame, {name}", f"{frame * 1e3:.3f} ms", "guest", f"{frame / guest:.2f}", f"{told} changes of the stage"]


def live_row(bench: Bench, stage: Usd.Stage, count: int, listeners: int) -> list[str]:
    """Measure a frame on the stage against the same number of bare writes, with as many foreign listeners."""
    bare, names = prims(count)
    keys = [Tf.Notice.Register(Usd.Notice.ObjectsChanged, lambda *_: None, seen) for seen in (stage, bare) for _ in range(listeners)]
    values = Vt.Vec3dArray([Gf.Vec3d(index, 1.0, 2.0) for index in range(count)])
    paths = [f"{path}.{name}" for name in ("xformOp:translate", "velocity") for path in names]
    write = bare_writes(bare, paths, Vt.Vec3dArray([*values, *values]))
    with bench.simulation(stage, "all") as simulation:
        simulation.run(2)
        frame, plain = bench.alternate(timed(simulation.step), timed(write))
    for key in keys:
        key.Revoke()
    return [f"live frame, {count:,} prims", f"{frame * 1e3:.2f} ms", "bare map(fset)", f"{frame / plain:.2f}", f"{listeners} listeners"]


def crowd_row(bench: Bench, stage: Usd.Stage, count: int) -> list[str]:
    """Measure what a live crowd's frame takes besides its call, against the guest."""
    with bench.simulation(stage, "all") as simulation:
        simulation.run(2)
        frame, guest = bench.alternate(timed(simulation.step), bench.guest(CROWD, count))
        report = simulation.report()
    besides = report.stage_ms.p50 / 1e3
    return [f"crowd's frame on the stage, {count:,}", f"{frame * 1e3:.3f} ms", "guest", f"{besides / guest:.2f}", "without the call"]


def start_rows(bench: Bench, stages: Sequence[Usd.Stage], counts: tuple[int, int]) -> list[list[str]]:
    """Measure preparing and starting, where everything is compiled already, for two sizes."""
    seconds = []
    for stage in stages:
        bench.simulation(stage, "needed").prepare()
        simulation = bench.simulation(stage, "needed")
        started = time.process_time()
        simulation.start()
        seconds.append(time.process_time() - started)
        simulation.stop()
    small, large = counts
    return [
        [f"prepare and start, {large:,} prims", f"{seconds[1]:.2f} s", "a prim", f"{seconds[1] / large * 1e6:.0f} µs", ""],
        [
            "prepare and start",
            f"{large:,} prims",
            f"{small:,} prims",
            f"{seconds[1] / seconds[0]:.1f}",
            f"linear: {large // small}",
        ],
    ]


def wire_row(bench: Bench, count: int) -> list[str]:
    """Measure handing a column of vectors from one behaviour to another, in another order."""
    codec = codec_of("double3")
    assert codec is not None
    paths = [f"/World/p{index}.v" for index in range(count)]
    written = Written([Target(path, "double3") for path in paths], codec, ())
    written.there[:] = written.complete = True
    wires = Wires(frozenset(paths))
    wires.lay(written)
    order = np.random.default_rng(1).permutation(count)
    columns = tuple(np.zeros(count) for _ in range(3))
    lanes = HandedLanes(wires, [paths[index] for index in order.tolist()], np.arange(count), np.arange(count), columns, ())
    missing = np.zeros(count, np.bool_)
    (seconds,) = bench.alternate(timed(lambda: lanes.take(missing)))
    return [f"a wire, {count:,} vectors", f"{seconds * 1e3:.3f} ms", "a value", f"{seconds / count / 3 * 1e9:.2f} ns", "shuffled"]


def main() -> None:
    """Measure and print."""
    options = arguments(__doc__ or "").parse_args()
    register_schemas()
    small, middle, large = (10, 100, 1000) if options.quick else (1_000, 10_000, 100_000)
    result = Result("frames of a stage", ("what", "time", "against", "ratio", ""))
    with tempfile.TemporaryDirectory() as folder, chatter_apart():
        bench = Bench(Path(folder), options.quick)
        few, many = (bench.bound(prims(count), PRIMS) for count in (small, middle))
        points = bench.bound(crowd(large), CROWD)
        result.rows.append(headless_row(bench, f"{middle:,} prims", many, PRIMS, middle))
        result.rows.append(headless_row(bench, f"a crowd of {large:,}", points, CROWD, large))
        result.rows.append(crowd_row(bench, points, large))
        result.rows += start_rows(bench, (few, many), (small, middle))
        result.rows += [live_row(bench, many, middle, listeners) for listeners in (0, 1)]
        result.rows.append(wire_row(bench, middle))
    show([result], options.json)


if __name__ == "__main__":
    sys.exit(main())
