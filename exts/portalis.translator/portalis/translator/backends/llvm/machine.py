"""LLVM itself: text in, an optimised relocatable wasm object or PTX out, in this process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

import llvmlite
import llvmlite.binding as llvm

from portalis.translator.backends.llvm.errors import InternalCompilerError

TRIPLE = "wasm32-unknown-unknown"
DEVICE_TRIPLE = "nvptx64-nvidia-cuda"
DEVICE_LAYOUT = "e-p6:32:32-i64:64-i128:128-i256:256-v16:16-v32:32-n16:32:64"
# The oldest GPUs and assemblers that the PTX is for: Hopper, CUDA 12.0.
_DEVICE, _PTX_VERSION = "sm_90", "+ptx80"
# Bulk memory makes copies and fills instructions instead of calls. Relaxed SIMD stays off: its results differ between machines.
_FEATURES = {True: "+simd128,+bulk-memory,+bulk-memory-opt,-relaxed-simd", False: "-simd128,+bulk-memory,+bulk-memory-opt,-relaxed-simd"}


@cache
def _initialise() -> None:
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()


# The level whose pipeline is ours: what code that runs once a call gains from, at a tenth of the time of LLVM's own.
SMALL: Final = 1
# Aggregates to registers, callees in, and then again; short loops over lists of known length unrolled, so that their indices are known.
_INLINING = ("sroa", "simplify_cfg", "always_inliner", "global_dead_code_eliminate", "sroa", "simplify_cfg")
_UNROLLING = ("loop_rotate", "loop_unroll", "sroa", "simplify_cfg")
_SMALL_PASSES = (*_INLINING, *_UNROLLING, "instruction_combine")


def fingerprint(opt: int, simd: bool) -> str:
    """Name all that decides, besides a text, what `compile_text` makes of it."""
    return repr((llvmlite.__version__, llvm.llvm_version_info, TRIPLE, opt, _FEATURES[simd], _SMALL_PASSES if opt == SMALL else ()))


def compile_text(text: str, opt: int, simd: bool, *, unrolls: bool = True) -> bytes:
    """Compile the text of a module to a relocatable object.

    `opt` is 0 … 3, of which 1 is not LLVM's own but our small pipeline: it inlines only what is marked, does not vectorise, and looks for
    loops to write out only where the text `unrolls` any. Every call has its own context, so calls on several threads do not meet (llvmlite
    serialises them).
    """
    # The code generator's level 0 takes a fifth of the time, and the engine, which compiles its output again, makes as fast code of it.
    machine = _machine(0 if opt == SMALL else opt, simd)
    with _parsed(text) as module:
        if opt == SMALL:
            _optimise_little(module, machine, unrolls)
        else:
            _optimise(module, machine, opt, simd)
        return bytes(machine.emit_object(module))


@cache
def _machine(opt: int, simd: bool) -> llvm.TargetMachine:
    """Return the machine that code is generated for: what it knows of its target, it works out once."""
    _initialise()
    return llvm.Target.from_triple(TRIPLE).create_target_machine(opt=opt, features=_FEATURES[simd], reloc="static")


def compile_device_text(text: str, opt: int) -> tuple[str, str]:
    """Compile the text of a module for a GPU; return the PTX and the optimised text that it was written from.

    Nothing is fused or relaxed, so that every operation rounds by itself.
    """
    _initialise()
    machine = llvm.Target.from_triple(DEVICE_TRIPLE).create_target_machine(cpu=_DEVICE, opt=opt, features=_PTX_VERSION)
    with machine:
        with _parsed(text) as module:
            _optimise(module, machine, opt, simd=False)
            optimised = _FLOAT_CHOICE.sub(_choose_bits, str(module))
        with _parsed(optimised) as module:
            return str(machine.emit_assembly(module)), optimised


# To the code generator `x if x < 0.0 else 0.0` is `min`, which on a GPU makes a zero of -0.0. A choice between bits stays a choice.
_FLOAT_CHOICE = re.compile(r"^  (%\S+) = select i1 (\S+), (double|float) (\S+), (?:double|float) ([^\s,]+).*$", re.MULTILINE)


def _choose_bits(match: re.Match[str]) -> str:
    result, test, kind, *values = match.groups()
    name, width = result.strip('%"'), {"double": "i64", "float": "i32"}[kind]
    bits = [f'%"{name}.{side}"' for side in ("then", "else", "bits")]
    lines = [f"  {place} = bitcast {kind} {value} to {width}" for place, value in zip(bits, values, strict=False)]
    lines.append(f"  {bits[2]} = select i1 {test}, {width} {bits[0]}, {width} {bits[1]}")
    return "\n".join([*lines, f"  {result} = bitcast {width} {bits[2]} to {kind}"])


@contextmanager
def _parsed(text: str) -> Iterator[llvm.ModuleRef]:
    _initialise()
    with llvm.create_context() as context:
        try:
            module = llvm.parse_assembly(text, context=context)
        except RuntimeError as error:
            raise InternalCompilerError(f"LLVM refuses the module: {error}") from error
        with module:
            yield module


def _optimise(module: llvm.ModuleRef, machine: llvm.TargetMachine, opt: int, simd: bool) -> None:
    options = llvm.create_pipeline_tuning_options(opt)
    options.loop_vectorization = options.slp_vectorization = simd and opt > 1
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)


def _optimise_little(module: llvm.ModuleRef, machine: llvm.TargetMachine, unrolls: bool) -> None:
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(SMALL))
    passes = llvm.create_new_module_pass_manager()
    for name in _SMALL_PASSES if unrolls else (*_INLINING, "instruction_combine"):
        getattr(passes, f"add_{name}_pass")()
    passes.run(module, builder)
