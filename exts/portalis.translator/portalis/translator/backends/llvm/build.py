"""From a program to a finished wasm module."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from portalis.translator.backends.llvm.context import ModuleContext, site_name
from portalis.translator.backends.llvm.entries import write_entry
from portalis.translator.backends.llvm.library import OBJECT_LEVEL, Linkage, library_object, partition, runtime_object
from portalis.translator.backends.llvm.link import Input, link
from portalis.translator.backends.llvm.loops import loops_deeply
from portalis.translator.backends.llvm.machine import SMALL, compile_text
from portalis.translator.backends.llvm.objects import read_object
from portalis.translator.backends.llvm.statements import declare_function, write_function
from portalis.translator.backends.llvm.support import has_runtime, module_text
from portalis.translator.ir.abi import scalar_entries
from portalis.translator.ir.errors import ErrorSite
from portalis.translator.ir.nodes import Program
from portalis.translator.passes.facts.effects import uses_objects
from portalis.translator.passes.lowering.wire_codecs import write_codecs

SCALAR_HEAP_BYTES = 65536
# With the stack and the data it stays below what the bridge's default budget allows. Memory that nobody touches costs nothing.
ARENA_BYTES = 248 * 2**20
# The longest text that is worth LLVM's own pipeline where loops nest deeply: about a second of it.
_LARGE_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How to compile: optimisation level (`machine.compile_text`), 128-bit SIMD, and the bytes of the guest's stack."""

    opt: Literal[0, 1, 2, 3] = 3
    simd: bool = True
    stack_bytes: int = 256 * 1024


@dataclass(frozen=True, slots=True)
class Built:
    """A finished module, the LLVM text of its own functions, and the error sites that its error words number.

    Large functions of the library are linked to it and only declared in the text.
    """

    wasm: bytes
    llvm: str
    sites: tuple[ErrorSite, ...]


# A call runs a scalar module's code once, so what compiling takes counts as much as how fast the code is.
SCALAR = BuildOptions(opt=SMALL)


def build_scalar(program: Program, options: BuildOptions = SCALAR, heap_bytes: int = SCALAR_HEAP_BYTES) -> Built:
    """Compile a program's scalar entries; `heap_bytes` is the host's room for arguments and results.

    A program with objects gets at least `ARENA_BYTES`.
    """
    codecs = write_codecs(program)
    context = ModuleContext(codecs.program, marks_inline=options.opt == SMALL)
    entries = scalar_entries(program)
    has_heap = uses_objects(codecs.program)
    text = "\n".join(write_entry(context, codecs, export, context.functions[name], has_heap) for export, name in entries)
    roots = (*(name for _, name in entries), *codecs.names)
    return build_module(context, roots, text, max(heap_bytes, ARENA_BYTES) if has_heap else heap_bytes, options, has_heap)


def build_module(
    context: ModuleContext, roots: tuple[str, ...], entry_text: str, heap_bytes: int, options: BuildOptions, has_heap: bool = False
) -> Built:
    """Compile the functions that `roots` reach, together with the entries that call them, and link the library."""
    linkage = Linkage(context.functions)
    parts = partition(linkage, roots)
    text = [write_function(context, function) for function in parts.own]
    text += [declare_function(context, function) for function in parts.linked]
    shared: Literal["common", "internal"] = "common" if parts.linked else "internal"
    module = module_text(context, "\n".join((*text, entry_text)), shared, has_heap)
    numbers = {site.key: number for number, site in enumerate(context.sites, start=1)}
    is_small = options.opt == SMALL
    is_worth_more = is_small and len(module) <= _LARGE_TEXT and loops_deeply(context.functions, [function.name for function in parts.own])
    own = compile_text(module, OBJECT_LEVEL if is_worth_more else options.opt, options.simd, unrolls=context.unrolls)
    inputs = [Input(read_object(own))]
    level = None if is_small else options.opt
    for function in parts.linked:
        item = library_object(linkage, function.name, context.program.target, options.simd, level)
        inputs.append(Input(item.object, {site_name(number): numbers[key] for number, key in enumerate(item.written.sites, start=1)}))
    return Built(link(_with_runtime(inputs, options.simd), heap_bytes, options.stack_bytes), module, context.sites)


def _with_runtime(inputs: list[Input], simd: bool) -> list[Input]:
    """Return the inputs, and after them the functions that we supply and that any of them calls."""
    found = list(inputs)
    supplied: set[str] = set()
    for item in found:
        for name, _ in item.object.imports:
            if name not in supplied and has_runtime(name):
                supplied.add(name)
                found.append(Input(runtime_object(name, simd)))
    return found
