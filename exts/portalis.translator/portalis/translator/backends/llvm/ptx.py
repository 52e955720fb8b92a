"""Writes the kernels `lanes_NAME` of the ABI (`ir/abi.py`) for NVIDIA GPUs: one thread a lane, each running the exact function.

Nobody can stop a thread: each counts its own fuel (`fuel.py`) and ends with an error word of its own when it is used up.

Arithmetic is the same LLVM instructions as for wasm, without any leave to fuse or approximate; NaNs leave as the canonical one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from portalis.translator.backends.llvm.context import THREAD, ModuleContext, symbol
from portalis.translator.backends.llvm.errors import InternalCompilerError
from portalis.translator.backends.llvm.lanes import LaneWriter, SlotColumn, columns_of, run_exact
from portalis.translator.backends.llvm.library import closure
from portalis.translator.backends.llvm.machine import compile_device_text
from portalis.translator.backends.llvm.statements import FunctionWriter
from portalis.translator.backends.llvm.support import device_text
from portalis.translator.ir.abi import EntrySignature, kernel_name
from portalis.translator.ir.errors import ErrorSite
from portalis.translator.ir.nodes import Function, Program
from portalis.translator.passes.facts.effects import deal_in_values
from portalis.translator.source import Span

_GLOBAL = "ptr addrspace(1)"
_INLINED = "#2"
_THREAD_NUMBERS = ("tid", "ctaid", "ntid")
# Every instruction that names a float type, and those whose results are fixed to the bit (NaNs apart): each rounds once, to nearest even.
# `min` and `max` are not among them, for what they do with zeros of either sign, which only a comparison does not mind.
_FLOAT_INSTRUCTION = re.compile(r"^\s*(?:@!?%p\d+\s+)?([a-z][\w.]*\.(?:f64|f32|f16|bf16|tf32)[\w.]*)\s+([%\w]+)", re.MULTILINE)
_EXTREME = re.compile(r"(?:min|max)\.f(?:64|32)")
_EXACT = re.compile(
    r"(?:add|sub|mul|div|sqrt|rcp)\.rn\.f(?:64|32)|(?:neg|abs|copysign|mov|selp|setp\.\w+|testp\.\w+)\.f(?:64|32)"
    r"|cvt\.r[nmpz]i\.f64\.f64|cvt\.rn\.f32\.f64|cvt\.f64\.f32|cvt\.rn\.f64\.[us](?:16|32|64)|cvt\.rzi\.s64\.f64"
)
# PTX 8.0 passes a kernel 4,352 bytes.
MAX_COLUMNS = 500


class NoKernel(Exception):
    """A behaviour has no kernel; `reason` says why and `span` where."""

    def __init__(self, reason: str, span: Span) -> None:
        self.reason = reason
        self.span = span
        super().__init__(f"{span}: {reason}")


@dataclass(frozen=True, slots=True)
class DeviceModule:
    """The kernels of a behaviour's entries: PTX, the optimised LLVM text it was written from, and the sites that error words number."""

    ptx: str
    llvm: str
    sites: tuple[ErrorSite, ...]


def build_ptx(program: Program, signatures: Sequence[EntrySignature], opt: int = 3) -> DeviceModule:
    """Compile the lane entries that `signatures` describe; NoKernel where one cannot be a kernel."""
    assert program.behaviour is not None, "only a behaviour has lanes"
    context = ModuleContext(program, state=THREAD)
    entries = dict(program.behaviour.entries)
    exact = [context.functions[entries[signature.name]] for signature in signatures]
    reached = {name for function in exact for name in closure(context.functions, function.name)}
    functions = [function for function in program.functions if function.name in reached]
    of_values = deal_in_values(program)
    for function in functions:
        if function.recursive:
            raise NoKernel(
                f"`{function.display}` calls itself, and a GPU's threads have no room for stacks of unknown depth", function.span
            )
        if not function.library and function.name not in of_values:
            raise NoKernel(
                f"`{function.display}` makes or reads objects, and a GPU's threads have no memory to make them in", function.span
            )
    # What only its kernel calls is part of it: aggregates then lie in registers.
    parts = [FunctionWriter(context, item).write(symbol(item.name), attributes=_INLINED if item in exact else "") for item in functions]
    parts += [_kernel(context, signature, function) for signature, function in zip(signatures, exact, strict=True)]
    parts += [f"declare i32 @llvm.nvvm.read.ptx.sreg.{name}.x()" for name in _THREAD_NUMBERS]
    text = device_text(context, "\n".join(parts))
    ptx, optimised = compile_device_text(text, opt)
    require_exact(ptx)
    return DeviceModule(ptx, optimised, context.sites)


def require_exact(ptx: str) -> None:
    """Raise InternalCompilerError where PTX holds an instruction on floats whose result is not the one that Python's operation has."""
    # Registers are numbered anew in every function.
    for function in ptx.split("\n}\n"):
        for instruction, result in _FLOAT_INSTRUCTION.findall(function):
            if not (_EXACT.fullmatch(instruction) or (_EXTREME.fullmatch(instruction) and _is_only_compared(function, result))):
                raise InternalCompilerError(f"PTX with {instruction}, whose result may differ from CPython's")


def _is_only_compared(function: str, register: str) -> bool:
    """Tell whether nothing but comparisons, or other extremes, sees a register: LLVM makes `a < max(b, c)` of `a < b or a < c`."""
    uses = re.findall(rf"^\s*(\S+).*{re.escape(register)}\b", function, re.MULTILINE)
    return all(use.startswith("setp.") or _EXTREME.fullmatch(use) for use in uses)


def _kernel(context: ModuleContext, signature: EntrySignature, function: Function) -> str:
    """Return the kernel that runs `function` on the lane that is the thread's number."""
    inputs, outputs = columns_of("i", signature.inputs), columns_of("o", signature.outputs)
    if len(inputs) + len(outputs) > MAX_COLUMNS:
        raise NoKernel(f"{len(inputs) + len(outputs)} columns are more than the {MAX_COLUMNS} that a kernel takes", function.span)
    if not outputs:
        raise NoKernel("it gives nothing back", function.span)
    writer = LaneWriter(_GLOBAL)
    lane, run, commit, done = (writer.label() for _ in range(4))
    within, block, threads = (writer.value(f"call i32 @llvm.nvvm.read.ptx.sreg.{name}.x()") for name in _THREAD_NUMBERS)
    index = writer.value(f"add i32 {writer.value(f'mul i32 {block}, {threads}')}, {within}")
    writer.branch_if(writer.value(f"icmp ult i32 {index}, %n"), lane, done)
    writer.begin(lane)
    error_place = writer.value(f"getelementptr inbounds i32, {_GLOBAL} %errors, i32 {index}")
    writer.emit(f"store i32 0, {_GLOBAL} {error_place}, align 4")
    active = writer.value(f"load i8, {_GLOBAL} {writer.value(f'getelementptr inbounds i8, {_GLOBAL} %active, i32 {index}')}, align 1")
    writer.branch_if(writer.value(f"icmp ne i8 {active}, 0"), run, done)
    writer.begin(run)
    error, fuel = writer.stack_scalar("i32"), writer.stack_scalar("i32")
    writer.emit(f"store i32 0, ptr {error}, align 4")
    writer.emit(f"store i32 %fuel, ptr {fuel}, align 4")
    state = (error, fuel) if context.passed_state(function.name) else ()
    result = run_exact(writer, function, inputs, index, state)
    word = writer.value(f"load i32, ptr {error}, align 4")
    writer.emit(f"store i32 {word}, {_GLOBAL} {error_place}, align 4")
    writer.branch_if(writer.value(f"icmp ne i32 {word}, 0"), done, commit)
    writer.begin(commit)
    writer.commit(result, outputs, signature.places, index)
    writer.begin(done)
    writer.close("ret void")
    parameters = ["i32 %n", "i32 %fuel", *_parameters(inputs, outputs)]
    return writer.text(f"define ptx_kernel void @{kernel_name(signature.name)}({', '.join(parameters)}) #0")


def _parameters(inputs: tuple[SlotColumn, ...], outputs: tuple[SlotColumn, ...]) -> list[str]:
    """Return the addresses that a kernel takes; outputs overlap nothing, inputs are only read."""
    given = ["%active", *(column.register for column in inputs)]
    written = ["%errors", *(column.register for column in outputs)]
    read_only, own = f"{_GLOBAL} noalias readonly align 16", f"{_GLOBAL} noalias align 16"
    return [
        f"{read_only} {given[0]}",
        f"{own} {written[0]}",
        *(f"{read_only} {item}" for item in given[1:]),
        *(f"{own} {item}" for item in written[1:]),
    ]
