"""Frames of a stage as ratios to what they cannot do without: the guest's own time, a bare write of OpenUSD, and start-up by size.

Stands for: thousands of projectiles on prims, and on the points of one crowd, headless (columns are the truth) and live (the stage gets
every result), and what users would pick instead for the points (crowd_peers.py), which read and write no stage. Each row alternates with
its reference in this process; the medians are compared. Leaves out: bakes, Kit, the GPU, and what a machine that does other work meanwhile
makes of the last ten per cent.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from common import Result, arguments, chatter_apart, show
from crowd_peers import absent, peers
from pxr import Gf, Sdf, Tf, Usd, Vt
from stage_bench import CROWD, PRIMS, Bench, crowd, prims, timed

from portalis.translator.stage.columns.handed import HandedLanes
from portalis.translator.stage.columns.written import Wires, Written
from portalis.translator.stage.plan.resolved import Target
from portalis.translator.stage.registry import register_schemas
from portalis.translator.stage.values import codec_of


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


def peer_rows(bench: Bench, stage: Usd.Stage, count: int) -> list[list[str]]:
    """Measure what users would pick instead, beside a whole frame of the crowd that nobody looks at."""
    rows = []
    for name, step in peers(count):
        with bench.simulation(stage, "needed") as simulation:
            simulation.run(2)
            theirs, frame = bench.alternate(timed(step), timed(simulation.step))
        rows.append([f"{name}, {count:,}", f"{theirs * 1e3:.3f} ms", "headless frame", f"{theirs / frame:.2f}", "no stage, no checks"])
    return rows


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
    small, middle, large, huge = (10, 100, 1_000, 2_000) if options.quick else (1_000, 10_000, 100_000, 1_000_000)
    result = Result("frames of a stage", ("what", "time", "against", "ratio", ""))
    with tempfile.TemporaryDirectory() as folder, chatter_apart():
        bench = Bench(Path(folder), options.quick)
        few, many = (bench.bound(prims(count), PRIMS) for count in (small, middle))
        result.rows.append(headless_row(bench, f"{middle:,} prims", many, PRIMS, middle))
        for count in (large, huge):
            points = bench.bound(crowd(count), CROWD)
            result.rows.append(headless_row(bench, f"a crowd of {count:,}", points, CROWD, count))
            result.rows.append(crowd_row(bench, points, count))
            result.rows += peer_rows(bench, points, count)
        result.rows += start_rows(bench, (few, many), (small, middle))
        result.rows += [live_row(bench, many, middle, listeners) for listeners in (0, 1)]
        result.rows.append(wire_row(bench, middle))
    result.remarks = absent()
    show([result], options.json)


if __name__ == "__main__":
    sys.exit(main())
