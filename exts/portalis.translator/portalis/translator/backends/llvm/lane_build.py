"""From a behaviour to a finished module of lanes."""

from __future__ import annotations

from portalis.translator.backends.llvm.build import BuildOptions, Built, build_module
from portalis.translator.backends.llvm.context import ModuleContext
from portalis.translator.backends.llvm.lanes import write_lanes
from portalis.translator.backends.llvm.machine import SMALL
from portalis.translator.ir.abi import MAX_WASM_PARAMETERS, EntrySignature
from portalis.translator.ir.nodes import Function, Program
from portalis.translator.passes.facts.effects import uses_objects

# What a lane entry takes before its columns: n, active, errors, current.
LANE_HEADER = 4
_AS_FAST_AS_CAN_BE = BuildOptions()


def build_lanes(
    program: Program,
    entry: str,
    signature: EntrySignature,
    fast: Function | None,
    heap_bytes: int,
    options: BuildOptions = _AS_FAST_AS_CAN_BE,
) -> Built:
    """Compile the lane entry `entry` of a behaviour.

    `fast` is the total body of `passes.lanes` where there is one; `heap_bytes` is the host's room for columns. Raises ValueError where the
    columns are more than a wasm function can have parameters.
    """
    assert program.behaviour is not None, "only a behaviour has lanes"
    assert not uses_objects(program), "a behaviour is a program of values"
    columns = sum(len(port.slots) for port in (*signature.inputs, *signature.outputs))
    most = MAX_WASM_PARAMETERS - LANE_HEADER
    if columns > most:
        raise ValueError(f"{signature.name} needs {columns} columns, more than the {most} that one call can take")
    context = ModuleContext(program, marks_inline=options.opt == SMALL)
    exact = context.functions[dict(program.behaviour.entries)[entry]]
    return build_module(context, (exact.name,), write_lanes(context, signature, exact, fast), heap_bytes, options)
