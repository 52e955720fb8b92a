"""From a program to a finished wasm module."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from portalis.translator.backends.llvm import support
from portalis.translator.backends.llvm.context import DEPTH, ERROR, ModuleContext
from portalis.translator.backends.llvm.entries import write_scalar_entry
from portalis.translator.backends.llvm.finalise import UnresolvedImport, finalise
from portalis.translator.backends.llvm.lanes import write_lanes
from portalis.translator.backends.llvm.machine import TRIPLE, compile_text
from portalis.translator.backends.llvm.statements import write_function
from portalis.translator.ir.abi import MAX_WASM_PARAMETERS, EntrySignature, scalar_entries
from portalis.translator.ir.errors import ErrorSite
from portalis.translator.ir.nodes import Function, Program

SCALAR_HEAP_BYTES = 65536
# What a lane entry takes before its columns: n, active, errors, current.
LANE_HEADER = 4


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How to compile: optimisation level, 128-bit SIMD, and the bytes of the guest's stack."""

    opt: Literal[0, 1, 2, 3] = 3
    simd: bool = True
    stack_bytes: int = 256 * 1024


@dataclass(frozen=True, slots=True)
class Built:
    """A finished module, the LLVM text that it was made from, and the error sites that its error words number."""

    wasm: bytes
    llvm: str
    sites: tuple[ErrorSite, ...]


def build_scalar(program: Program, options: BuildOptions = BuildOptions(), heap_bytes: int = SCALAR_HEAP_BYTES) -> Built:
    """Compile a program's scalar entries; `heap_bytes` is the host's room for arguments and results."""
    context = ModuleContext(program)
    entries = scalar_entries(program)
    parts = [write_function(context, function) for function in context.reachable(tuple(name for _, name in entries))]
    parts += [write_scalar_entry(context, export, context.functions[name]) for export, name in entries]
    return _finish(context, parts, heap_bytes, options)


def build_lanes(
    program: Program,
    entry: str,
    signature: EntrySignature,
    fast: Function | None,
    heap_bytes: int,
    options: BuildOptions = BuildOptions(),
) -> Built:
    """Compile the lane entry `entry` of a behaviour.

    `fast` is the total body of `passes.lane` where there is one; `heap_bytes` is the host's room for columns. Raises ValueError where the
    columns are more than a wasm function can have parameters.
    """
    assert program.behaviour is not None, "only a behaviour has lanes"
    columns = sum(len(port.slots) for port in (*signature.inputs, *signature.outputs))
    if columns + LANE_HEADER > MAX_WASM_PARAMETERS:
        raise ValueError(
            f"{signature.name} needs {columns} columns, more than the {MAX_WASM_PARAMETERS - LANE_HEADER} that one call can take"
        )
    context = ModuleContext(program)
    exact = context.functions[dict(program.behaviour.entries)[entry]]
    parts = [write_function(context, function) for function in context.reachable((exact.name,))]
    parts.append(write_lanes(context, signature, exact, fast))
    return _finish(context, parts, heap_bytes, options)


def _finish(context: ModuleContext, functions: list[str], heap_bytes: int, options: BuildOptions) -> Built:
    text = _module_text(context, "\n".join(functions))
    supplied: dict[str, str] = {}
    while True:
        complete = "\n".join((text, *supplied.values()))
        try:
            wasm = finalise(compile_text(complete, options.opt, options.simd), heap_bytes, options.stack_bytes)
        except UnresolvedImport as missing:
            if missing.name not in support.RUNTIME or missing.name in supplied:
                raise
            supplied[missing.name] = support.RUNTIME[missing.name]
        else:
            return Built(wasm, complete, context.sites)


def _module_text(context: ModuleContext, body: str) -> str:
    head = f'target triple = "{TRIPLE}"\n{ERROR} = internal global i32 0, align 4\n{DEPTH} = internal global i32 0, align 4\n'
    return "\n".join((head + context.constants_text(), body, support.support_text(body), support.DECLARATIONS, support.ATTRIBUTES))
