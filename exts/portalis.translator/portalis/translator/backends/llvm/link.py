"""Makes a self-contained module of relocatable objects, in a closed world.

Memory, from 0: the stack, which grows down and so runs into address 0 and a trap, never into data; then the constant data; then, from the
exported `__heap_base`, what belongs to the host. The memory cannot grow, and nothing is imported.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from portalis.translator.backends.llvm.errors import InternalCompilerError
from portalis.translator.backends.llvm.objects import (
    RELOCATE_FUNCTION,
    RELOCATE_GLOBAL,
    RELOCATE_MEMORY_I32,
    RELOCATE_TYPE,
    SYMBOL_DATA,
    SYMBOL_FUNCTION,
    ObjectFile,
    Symbol,
)
from portalis.translator.backends.llvm.wasm import (
    CODE,
    CUSTOM,
    DATA,
    EXPORT,
    FUNCTION,
    GLOBAL,
    I32,
    MAGIC,
    MEMORY,
    PAGE,
    TYPE,
    WasmReader,
    padded,
    read_sections,
    section,
    sequence,
    signed,
    unsigned,
    vector,
)

_ALIGNMENT = 16
_STACK_POINTER = 0


class UnresolvedImport(InternalCompilerError):
    """An object calls a function that no object defines."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the module would import the function {name}")
        self.name = name


@dataclass(frozen=True)
class Input:
    """An object, and the values of the names that it leaves open and that are no addresses: the numbers of error sites."""

    object: ObjectFile
    constants: Mapping[str, int] = field(default_factory=dict)


@dataclass
class _Layout:
    """Where everything goes: for each input its first function, its types' indices and its segments' addresses; then names to both."""

    first_function: list[int] = field(default_factory=list)
    types: dict[bytes, int] = field(default_factory=dict)
    segments: list[list[int]] = field(default_factory=list)
    functions: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    data: dict[str, int] = field(default_factory=dict)
    heap_base: int = 0


def link(inputs: Sequence[Input], heap_bytes: int, stack_bytes: int) -> bytes:
    """Return the finished module; its entries are the exports of the inputs, `heap_bytes` the host's room from `__heap_base` on.

    Raises UnresolvedImport where a function is called that no input defines, InternalCompilerError for all else that is unknown.
    """
    stack_top = _align(stack_bytes, _ALIGNMENT)
    layout = _lay_out(inputs, stack_top)
    has_stack = any(item.object.stack_pointer for item in inputs)
    function_types = [layout.types[item.object.types[index]] for item in inputs for index in item.object.functions]
    bodies = b"".join(_relocated_code(item, number, layout) for number, item in enumerate(inputs))
    parts = [MAGIC, section(TYPE, vector(list(layout.types)))]
    parts.append(section(FUNCTION, vector([unsigned(index) for index in function_types])))
    parts.append(section(MEMORY, _memory(layout.heap_base + heap_bytes)))
    parts.append(section(GLOBAL, _globals(layout.heap_base, stack_top if has_stack else None)))
    parts.append(section(EXPORT, _exports(inputs, layout, int(has_stack))))
    parts.append(section(CODE, unsigned(len(function_types)) + bodies))
    data = _data(inputs, layout)
    if data:
        parts.append(section(DATA, vector(data)))
    parts.append(section(CUSTOM, _names(inputs, layout)))
    return b"".join(parts)


def repage(wasm: bytes, heap_bytes: int) -> bytes:
    """Return a finished module with room for `heap_bytes` from `__heap_base` on; nothing else changes.

    Raises ValueError where a wasm memory cannot be that large.
    """
    sections = list(read_sections(wasm))
    heap_base = next(_last_global(item.body) for item in sections if item.number == GLOBAL)
    parts = [MAGIC]
    for item in sections:
        body = _memory(heap_base + heap_bytes) if item.number == MEMORY else item.body
        parts.append(section(item.number, sequence(item.name.encode()) + body if item.number == CUSTOM else body))
    return b"".join(parts)


# ----------------------------------------------------------------------------------------------------------------- layout
def _lay_out(inputs: Sequence[Input], stack_top: int) -> _Layout:
    layout = _Layout()
    address, function = stack_top, 0
    for number, item in enumerate(inputs):
        source = item.object
        layout.first_function.append(function)
        function += len(source.functions)
        for type_ in source.types:
            layout.types.setdefault(type_, len(layout.types))
        bases = []
        for alignment, contents in zip(source.alignments, source.segments, strict=True):
            address = _align(address, alignment)
            bases.append(address)
            address += len(contents)
        layout.segments.append(bases)
        for symbol in source.symbols:
            if symbol.defined and not symbol.local:
                _define(layout, item, number, symbol)
    layout.heap_base = _align(address, _ALIGNMENT)
    return layout


def _define(layout: _Layout, item: Input, number: int, symbol: Symbol) -> None:
    if symbol.name in layout.functions or symbol.name in layout.data:
        raise InternalCompilerError(f"two objects define {symbol.name}")
    if symbol.kind == SYMBOL_FUNCTION:
        own = symbol.index - len(item.object.imports)
        layout.functions[symbol.name] = (layout.first_function[number] + own, item.object.types[item.object.functions[own]])
    elif symbol.kind == SYMBOL_DATA:
        layout.data[symbol.name] = layout.segments[number][symbol.index] + symbol.offset


def _align(value: int, alignment: int) -> int:
    return -(-value // alignment) * alignment


# ------------------------------------------------------------------------------------------------------------- relocation
def _relocated_code(item: Input, number: int, layout: _Layout) -> bytes:
    """Return an input's function bodies, patched: every field that depends on the layout is five bytes (or four) wide."""
    code = bytearray(item.object.code)
    for place in item.object.relocations:
        if place.kind == RELOCATE_TYPE:
            value = layout.types[item.object.types[place.index]]
        else:
            value = _value(item, number, layout, place.kind, item.object.symbols[place.index]) + place.addend
        patch = struct.pack("<I", value) if place.kind == RELOCATE_MEMORY_I32 else padded(value)
        code[place.offset : place.offset + len(patch)] = patch
    start = WasmReader(item.object.code)
    start.unsigned()
    return bytes(code[start.position :])


def _value(item: Input, number: int, layout: _Layout, kind: int, symbol: Symbol) -> int:
    """Return the index or address that a symbol stands for."""
    if kind == RELOCATE_GLOBAL:
        return _STACK_POINTER
    if kind == RELOCATE_FUNCTION:
        return _function(item, number, layout, symbol)
    if symbol.kind != SYMBOL_DATA:
        raise InternalCompilerError(f"the object takes the address of {symbol.name}")
    if symbol.defined:
        return layout.segments[number][symbol.index] + symbol.offset
    if symbol.name in item.constants:
        return item.constants[symbol.name]
    if symbol.name not in layout.data:
        raise InternalCompilerError(f"no object defines {symbol.name}")
    return layout.data[symbol.name]


def _function(item: Input, number: int, layout: _Layout, symbol: Symbol) -> int:
    imports = item.object.imports
    if symbol.index >= len(imports):
        return layout.first_function[number] + symbol.index - len(imports)
    name, type_index = imports[symbol.index]
    if name not in layout.functions:
        raise UnresolvedImport(name)
    index, type_ = layout.functions[name]
    if type_ != item.object.types[type_index]:
        raise InternalCompilerError(f"{name} is not called as it is defined")
    return index


# ---------------------------------------------------------------------------------------------------------------- writing
def _memory(size: int) -> bytes:
    pages = max(1, -(-size // PAGE))
    if pages > PAGE:
        raise ValueError(f"a wasm memory cannot hold {size} bytes")
    return b"\x01\x01" + unsigned(pages) * 2


def _globals(heap_base: int, stack_top: int | None) -> bytes:
    items = [bytes((I32, 0, 0x41)) + signed(heap_base) + b"\x0b"]
    if stack_top is not None:
        items.insert(_STACK_POINTER, bytes((I32, 1, 0x41)) + signed(stack_top) + b"\x0b")
    return vector(items)


def _last_global(body: bytes) -> int:
    reader = WasmReader(body)
    value = 0
    for _ in range(reader.unsigned()):
        reader.take(3)
        value = reader.signed()
        reader.byte()
    return value


def _exports(inputs: Sequence[Input], layout: _Layout, heap_base_index: int) -> bytes:
    items = []
    for number, item in enumerate(inputs):
        shift = layout.first_function[number] - len(item.object.imports)
        items += [sequence(name.encode()) + b"\x00" + unsigned(index + shift) for name, index in item.object.exports]
    items.append(sequence(b"memory") + b"\x02\x00")
    items.append(sequence(b"__heap_base") + b"\x03" + unsigned(heap_base_index))
    return vector(items)


def _data(inputs: Sequence[Input], layout: _Layout) -> list[bytes]:
    # All memory starts as zeros, so a segment of zeros needs no bytes.
    placed = [pair for item, bases in zip(inputs, layout.segments, strict=True) for pair in zip(bases, item.object.segments, strict=True)]
    return [b"\0\x41" + signed(base) + b"\x0b" + sequence(contents) for base, contents in placed if any(contents)]


def _names(inputs: Sequence[Input], layout: _Layout) -> bytes:
    """The name section: what a trap's backtrace and the text form show."""
    names: dict[int, str] = {}
    for number, item in enumerate(inputs):
        shift = layout.first_function[number] - len(item.object.imports)
        names |= {symbol.index + shift: symbol.name for symbol in item.object.symbols if symbol.kind == SYMBOL_FUNCTION and symbol.defined}
    functions = vector([unsigned(index) + sequence(name.encode()) for index, name in sorted(names.items())])
    return sequence(b"name") + b"\x01" + sequence(functions)
