"""LLVM itself: text in, optimised relocatable wasm object out, in this process."""

from __future__ import annotations

from functools import cache

import llvmlite.binding as llvm

TRIPLE = "wasm32-unknown-unknown"
# Bulk memory makes copies and fills instructions instead of calls. Relaxed SIMD stays off: its results differ between machines.
_FEATURES = {True: "+simd128,+bulk-memory,+bulk-memory-opt,-relaxed-simd", False: "-simd128,+bulk-memory,+bulk-memory-opt,-relaxed-simd"}


class InternalCompilerError(Exception):
    """The back-end produced something that it never should; the message says what. A defect of ours, never of the user's code."""


@cache
def _initialise() -> None:
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()


def compile_text(text: str, opt: int, simd: bool) -> bytes:
    """Compile the text of a module to a relocatable object.

    `opt` is 0 … 3. Every call has its own context and target machine, so calls on several threads do not meet (llvmlite serialises them).
    """
    _initialise()
    with llvm.create_context() as context:
        try:
            module = llvm.parse_assembly(text, context=context)
        except RuntimeError as error:
            raise InternalCompilerError(f"LLVM refuses the module: {error}") from error
        with module:
            machine = llvm.Target.from_triple(TRIPLE).create_target_machine(opt=opt, features=_FEATURES[simd], reloc="static")
            with machine:
                _optimise(module, machine, opt, simd)
                return bytes(machine.emit_object(module))


def _optimise(module: llvm.ModuleRef, machine: llvm.TargetMachine, opt: int, simd: bool) -> None:
    options = llvm.create_pipeline_tuning_options(opt)
    options.loop_vectorization = options.slp_vectorization = simd and opt > 1
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)
