"""One frame of the projectile over 10,000 prims: the sandbox beside what a user would pick instead.

Stands for: a behaviour with drag, wind and bounces on many prims, warm. "CPython" is what `BehaviorScript` does: one call of the same
function per prim, over real `Gf` types. numpy, Numba and Warp run the same formulas rewritten for them (projectile_peers.py). The sandbox's
time includes copying columns in and out and the checks that commit them; reading and writing USD is counted apart and printed. Leaves out:
Fabric, the GPU, and more than one core.
"""

from __future__ import annotations

import importlib.util
import runpy
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from common import Result, Timing, arguments, chatter_apart, measure, milliseconds, show
from projectile_peers import DELTA_TIME, GRAVITY, WIND, lanes, numba_step, numpy_step, warp_step
from pxr import Gf, Sdf, Usd, UsdGeom

from portalis.translator import translate
from portalis.translator.source import SourceFile
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.author.trust import Approvals, TrustPolicy
from portalis.translator.stage.registry import register_schemas
from portalis.translator.stage.run.engine import TranslatorEngine
from portalis.translator.stage.run.loop import Simulation
from portalis.translator.translating.lanes import build_lane_program

SOURCE = Path(__file__).parents[1] / "demos" / "projectile" / "projectile.py"
UNIFORM = ("wind", "gravity", "meters_per_unit", "delta_time")
LANES, QUICK_LANES = 10_000, 100
FRAMES = 20

# What a user would pick instead, by the module that has to be there.
PEERS: dict[str, tuple[str, Callable[[dict[str, np.ndarray[Any, Any]]], Callable[[], None]]]] = {
    "numpy": ("numpy", numpy_step),
    "numba": ("Numba, one core", numba_step),
    "warp": ("Warp on the CPU", warp_step),
}


def cpython_step(columns: dict[str, np.ndarray[Any, Any]]) -> Callable[[], None]:
    """Advance by calling the user's function once per prim, in CPython."""
    update = runpy.run_path(str(SOURCE))["update"]
    positions = [Gf.Vec3d(*row) for row in columns["position"]]
    velocities = [Gf.Vec3d(*row) for row in columns["velocity"]]
    drag = columns["drag"].tolist()
    gravity, wind = Gf.Vec3d(*GRAVITY), Gf.Vec3d(*WIND)

    def step() -> None:
        for lane, factor in enumerate(drag):
            update(positions[lane], velocities[lane], factor, wind, gravity, 1.0, DELTA_TIME)

    return step


def sandbox_step(columns: dict[str, np.ndarray[Any, Any]]) -> Callable[[], None]:
    """Advance in the sandbox: inputs in, one call, results back in as the next inputs."""
    translation = translate(SOURCE.read_text(encoding="utf-8"), "update")
    program = build_lane_program(translation, "update", UNIFORM)
    assert program.build.fast, program.build.why_not_fast
    module = program.module(len(columns["drag"]))
    for name in ("position", "velocity"):
        for axis, column in enumerate(module.inputs[name]):
            column[:] = columns[name][:, axis]
    module.inputs["drag"][0][:] = columns["drag"]
    for name, vector in (("wind", WIND), ("gravity", GRAVITY)):
        for column, value in zip(module.inputs[name], vector, strict=True):
            column[0] = value
    module.inputs["meters_per_unit"][0][0], module.inputs["delta_time"][0][0] = 1.0, DELTA_TIME
    pairs = [pair for name in ("position", "velocity") for pair in zip(module.inputs[name], module.outputs[name], strict=True)]

    def step() -> None:
        run = module.run(module.capacity)
        assert run.stop is None and run.errors == 0
        for given, result in pairs:
            given[:] = result

    return step


def stage_frame(columns: dict[str, np.ndarray[Any, Any]]) -> dict[str, float]:
    """Run whole frames on a stage; return median seconds of the frame, of the sandbox, and of reading and writing USD."""
    stage = Usd.Stage.CreateInMemory()
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    paths = []
    for lane in range(len(columns["drag"])):
        xform = UsdGeom.Xform.Define(stage, f"/World/p{lane}")
        xform.AddTranslateOp().Set(Gf.Vec3d(*columns["position"][lane]))
        prim = xform.GetPrim()
        prim.CreateAttribute("velocity", Sdf.ValueTypeNames.Vector3d).Set(Gf.Vec3d(*columns["velocity"][lane]))
        prim.CreateAttribute("drag", Sdf.ValueTypeNames.Double).Set(float(columns["drag"][lane]))
        paths.append(str(prim.GetPath()))
    source = SourceFile(SOURCE.name, SOURCE.read_text(encoding="utf-8"))
    engine = TranslatorEngine()
    wires = {"velocity": "velocity", "drag": "drag", "wind": str(WIND)}
    with tempfile.TemporaryDirectory() as folder:
        approvals = Approvals(Path(folder))
        interface = engine.interface(source, "update")
        bind(stage, paths, source, interface, inputs=wires, outputs={"velocity": "velocity"}, approvals=approvals)
        simulation = Simulation(stage, engine, TrustPolicy(approvals))
        with simulation:
            simulation.run(FRAMES)
            report = simulation.report()
    return {"frame": report.frame_ms.p50 / 1e3, "sandbox": report.bridge_ms.p50 / 1e3, "usd": report.stage_ms.p50 / 1e3}


def main() -> None:
    """Measure and print."""
    options = arguments(__doc__ or "").parse_args()
    register_schemas()
    count = QUICK_LANES if options.quick else LANES
    columns = lanes(count)
    peers = {module: name for module, name in PEERS.items() if importlib.util.find_spec(module)}
    with chatter_apart():
        steps: dict[str, Callable[[], None]] = {
            "CPython, one call per prim": cpython_step(columns),
            **{name: make(columns) for name, make in peers.values()},
            "Portalis, sandboxed": sandbox_step(columns),
        }
        timings: dict[str, Timing] = {name: measure(step, quick=options.quick) for name, step in steps.items()}
    ours = timings["Portalis, sandboxed"]
    result = Result(f"projectile, {count:,} lanes", ("who", "best ms", "median ms", "its time / time of Portalis"))
    for name, timing in timings.items():
        ratio = timing.median / ours.median
        shown = f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.2f}"
        result.rows.append([name, milliseconds(timing.best), milliseconds(timing.median), "" if name.startswith("Portalis") else shown])
    frame = stage_frame(columns)
    result.data = {name: {"best": timing.best, "median": timing.median} for name, timing in timings.items()} | {"stage": frame}
    result.remarks = [
        f"a whole frame on a stage: {milliseconds(frame['frame'])} ms, of it sandbox {milliseconds(frame['sandbox'])} ms, "
        f"USD reads and writes {milliseconds(frame['usd'])} ms ({2 * count:,} attributes written)",
        *(f"{name} is absent: `portalis doctor` says how to get it" for module, (name, _) in PEERS.items() if module not in peers),
    ]
    show([result], options.json)


if __name__ == "__main__":
    sys.exit(main())
