"""Functions of the library compiled as lanes: the SIMD code that behaviours run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from portalis.translator.backends.llvm import BuildOptions, build_lanes
from portalis.translator.bridge import LaneModule, heap_bytes_needed
from portalis.translator.frontend import lower
from portalis.translator.ir.abi import lane_signature
from portalis.translator.passes.lanes.body import LaneRefusal, total_body
from portalis.translator.passes.pipeline import optimise
from portalis.translator.source import SourceFile


def in_lanes(name: str, points: Sequence[tuple[float, ...]]) -> list[float]:
    """Return `math.name` of every point, run as lanes in wasmtime; AssertionError where a lane ends with an error or has no fast body."""
    names = ("x", "y")[: len(points[0])]
    parameters, arguments = ", ".join(f"{name}: float" for name in names), ", ".join(names)
    source = f"import math\n\n\ndef update({parameters}) -> float:\n    result = math.{name}({arguments})\n    return result\n"
    program = optimise(lower(SourceFile("lanes.py", source), "update", target=(3, 11)).program)
    fast = total_body(program, program.entry)
    assert not isinstance(fast, LaneRefusal), fast
    signature = lane_signature(program, "update")
    built = build_lanes(program, "update", signature, fast, heap_bytes_needed(signature, len(points)), BuildOptions())
    with LaneModule(built.wasm, signature, len(points)) as module:
        for argument, column in zip(names, zip(*points, strict=True), strict=True):
            module.inputs[argument][0][:] = np.array(column)
        run = module.run(len(points))
        assert (run.errors, run.stop) == (0, None)
        found: list[float] = module.outputs["result"][0].tolist()
    return found
