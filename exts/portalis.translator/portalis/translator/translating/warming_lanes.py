"""What a judge that builds lanes and kernels, too, does once before it is confined: numpy is half of it."""

from __future__ import annotations

import importlib

from portalis.translator.backends.llvm import BuildOptions, build_lanes
from portalis.translator.bridge import LaneModule, heap_bytes_needed
from portalis.translator.ir.abi import lane_signature
from portalis.translator.translating.warming import warm_up_program

_JOBS = ("lane_building", "kernel_building")
_LANES = 2


def warm_up_lanes() -> None:
    """Import what those jobs are done with, and build and run a program of our own over lanes."""
    for name in _JOBS:
        importlib.import_module(f"portalis.translator.translating.{name}")
    program = warm_up_program()
    signature = lane_signature(program, "update")
    lanes = build_lanes(program, "update", signature, None, heap_bytes_needed(signature, _LANES), BuildOptions())
    with LaneModule(lanes.wasm, signature, _LANES) as module:
        module.active[:] = 1
        module.run(_LANES)
