"""What crossing into the sandbox costs: a scalar call, and lane calls on 1,000, 10,000 and 100,000 lanes.

Stands for: the part of a frame that is neither USD nor Python bookkeeping. The guest does as little as possible (`b = a * 2.0`; for lanes
three columns in, three out), so that what is seen is the crossing: copying in, budgets, the call, every check, copying out. A row "fed
back" is a projectile's step, with more to compute, whose results become its next inputs. "guest" is the time inside the wasm function. Each
runs with bounds checked by instructions (the default) and by signals. Leaves out: compiling, which happens once (`translation_latency`),
and reading and writing USD.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from common import Result, Timing, arguments, measure, show

from portalis.translator.backends.llvm import build_lanes, build_scalar
from portalis.translator.bridge import LaneModule, ScalarModule, heap_bytes_needed
from portalis.translator.frontend import lower
from portalis.translator.ir.abi import lane_signature
from portalis.translator.ir.nodes import Function
from portalis.translator.passes.lanes.body import total_body
from portalis.translator.passes.pipeline import optimise
from portalis.translator.source import SourceFile

ROOT = Path(__file__).parents[1]

SCALAR = "def double(a: float) -> float:\n    return a * 2.0\n"
LANES = "from pxr import Gf\n\ndef double(a: Gf.Vec3d) -> Gf.Vec3d:\n    b = a * 2.0\n    return b\n"
PROJECTILE = ROOT / "demos/projectile/projectile.py"
FED_BACK = ("position", "velocity")
SHARED = frozenset({"drag", "wind", "gravity", "meters_per_unit", "delta_time"})
COUNTS = (1_000, 10_000, 100_000)
RUNS_FOR_GUEST_TIME = 50
RUNS_FED_BACK = 20_000_000


def microseconds(seconds: float) -> str:
    """Format a duration for the table."""
    return f"{seconds * 1e6:.2f}"


def scalar_call(signals: bool, quick: bool) -> Timing:
    """Time one call with one float in and one out."""
    wasm = build_scalar(lower(SourceFile("double.py", SCALAR)).program).wasm
    with ScalarModule(wasm, name="double", signals_based_traps=signals) as module:
        return measure(lambda: module.call("call", [1.5], ("f64",)), quick=quick)


def lane_call(count: int, signals: bool, quick: bool) -> tuple[Timing, float, Timing]:
    """Time one run over `count` lanes: the whole, the guest's share, and numpy doing the same arithmetic."""
    program = lower(SourceFile("double.py", LANES)).program
    signature = lane_signature(program, "update")
    fast = total_body(program, program.entry)
    wasm = build_lanes(program, "update", signature, fast if isinstance(fast, Function) else None, heap_bytes_needed(signature, count)).wasm
    with LaneModule(wasm, signature, count, name="double", signals_based_traps=signals) as module:
        columns = [column for port in module.inputs.values() for column in port]
        for column in columns:
            column[:] = np.linspace(0.0, 1.0, count)
        whole = measure(lambda: module.run(count), quick=quick)
        guest = statistics.median(module.run(count).seconds for _ in range(RUNS_FOR_GUEST_TIME))
        results = [np.empty(count) for _ in columns]
        peer = measure(lambda: [np.multiply(column, 2.0, out=out) for column, out in zip(columns, results, strict=True)], quick=quick)
    return whole, guest, peer


def fed_back_call(count: int, signals: bool, quick: bool) -> tuple[float, float]:
    """Time one step of `count` projectiles whose results are fed back: the best of the whole and of the guest's share, in seconds."""
    program = optimise(lower(SourceFile("projectile.py", PROJECTILE.read_text())).program)
    signature = lane_signature(program, "update", SHARED)
    fast = total_body(program, program.entry)
    assert isinstance(fast, Function)
    wasm = build_lanes(program, "update", signature, fast, heap_bytes_needed(signature, count)).wasm
    with LaneModule(wasm, signature, count, name="projectile", feedback=FED_BACK, signals_based_traps=signals) as module:
        for name in FED_BACK:
            module.feed(name, [np.linspace(1.0, 2.0, count)] * 3)
        for name, value in (("drag", 0.01), ("meters_per_unit", 1.0), ("delta_time", 1e-6)):
            module.inputs[name][0][:] = value
        module.inputs["gravity"][1][:] = -9.8
        whole: list[float] = []
        guest: list[float] = []
        for _ in range(2 if quick else RUNS_FED_BACK // count):
            started = time.perf_counter()
            guest.append(module.run(count).seconds)
            module.advance()
            whole.append(time.perf_counter() - started)
    return min(whole), min(guest)


def main() -> None:
    """Measure and print."""
    options = arguments(__doc__ or "").parse_args()
    result = Result(
        "the bridge, µs a call (best; guest: median; fed back: both best)",
        ("call", "traps by", "whole", "guest", "numpy", "ns a lane", "whole / guest"),
    )
    figures: list[dict[str, Any]] = []
    for signals in (False, True):
        traps = "signals" if signals else "checks"
        scalar = scalar_call(signals, options.quick)
        result.rows.append(["scalar", traps, microseconds(scalar.best), "", "", "", ""])
        figures.append({"call": "scalar", "traps": traps, "whole_seconds": scalar.best})
        for count in COUNTS[:1] if options.quick else COUNTS:
            whole, guest, peer = lane_call(count, signals, options.quick)
            per_lane = f"{whole.best / count * 1e9:.2f}"
            result.rows.append(
                [f"{count} lanes", traps, microseconds(whole.best), microseconds(guest), microseconds(peer.best), per_lane, ""]
            )
            figures.append(
                {
                    "call": "lanes",
                    "lanes": count,
                    "traps": traps,
                    "whole_seconds": whole.best,
                    "guest_seconds": guest,
                    "numpy_seconds": peer.best,
                }
            )
            fed, guest = fed_back_call(count, signals, options.quick)
            shown = [microseconds(fed), microseconds(guest), "", f"{fed / count * 1e9:.2f}", f"{fed / guest:.2f}"]
            result.rows.append([f"{count} lanes fed back", traps, *shown])
            figures.append({"call": "fed back", "lanes": count, "traps": traps, "whole_seconds": fed, "guest_seconds": guest})
    result.data = {"calls": figures}
    show([result], options.json)


if __name__ == "__main__":
    sys.exit(main())
