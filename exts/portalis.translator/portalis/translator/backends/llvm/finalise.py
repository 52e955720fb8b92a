"""Turns the relocatable object that LLVM emits into a self-contained module, in a closed world.

The object format is WebAssembly tool-conventions, Linking.md. Its only imports may be the memory and the stack pointer; both become
definitions, so that no index shifts. Memory, from 0: the stack, which grows down and so runs into address 0 and a trap, never into data;
then the constant data; then, from the exported `__heap_base`, what belongs to the host. The memory cannot grow.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from portalis.translator.backends.llvm.machine import InternalCompilerError
from portalis.translator.backends.llvm.wasm import (
    CODE,
    CUSTOM,
    DATA,
    DATA_COUNT,
    EXPORT,
    FUNCTION,
    GLOBAL,
    I32,
    IMPORT,
    MAGIC,
    MEMORY,
    PAGE,
    TYPE,
    Reader,
    Section,
    padded,
    read_sections,
    section,
    sequence,
    signed,
    unsigned,
    vector,
)

_ALIGNMENT = 16
_IMPORT_FUNCTION, _IMPORT_TABLE, _IMPORT_MEMORY, _IMPORT_GLOBAL = range(4)
_SYMBOL_FUNCTION, _SYMBOL_DATA, _SYMBOL_GLOBAL = range(3)
_SYMBOL_UNDEFINED, _SYMBOL_EXPLICIT_NAME, _SYMBOL_ABSOLUTE = 0x10, 0x40, 0x200
_LINKING_VERSION, _SEGMENT_INFO, _SYMBOL_TABLE = 2, 5, 8
_FUNCTION_INDEX, _MEMORY_LEB, _MEMORY_SLEB, _MEMORY_I32, _TYPE_INDEX, _GLOBAL_INDEX = 0, 3, 4, 5, 6, 7
_WITH_ADDEND = (_MEMORY_LEB, _MEMORY_SLEB, _MEMORY_I32)


class UnresolvedImport(InternalCompilerError):
    """The object calls a function that the module does not define."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the module would import the function {name}")
        self.name = name


@dataclass(frozen=True, slots=True)
class _Symbol:
    kind: int
    name: str
    index: int
    offset: int = 0


@dataclass
class _Object:
    """What the sections of one object say."""

    sections: dict[int, bytes] = field(default_factory=dict)
    symbols: list[_Symbol] = field(default_factory=list)
    alignments: list[int] = field(default_factory=list)
    relocations: dict[int, bytes] = field(default_factory=dict)
    stack_pointer: bool = False


def finalise(object_file: bytes, heap_bytes: int, stack_bytes: int) -> bytes:
    """Return the finished module for an object; `heap_bytes` is the host's room from `__heap_base` on.

    Raises UnresolvedImport where the object calls a function that it does not define, InternalCompilerError for all else that is unknown.
    """
    source = _read(object_file)
    segments, heap_base = _lay_out(source, stack_bytes)
    if CODE in source.sections:
        _relocate(source, CODE, [base for base, _ in segments])
    data = _data_bodies(source, segments)
    parts = [MAGIC]
    for number in (TYPE, FUNCTION):
        if number in source.sections:
            parts.append(section(number, source.sections[number]))
    parts.append(section(MEMORY, _memory(heap_base + heap_bytes)))
    parts.append(section(GLOBAL, _globals(source, heap_base, stack_bytes)))
    parts.append(section(EXPORT, _exports(source)))
    if DATA_COUNT in source.sections:
        parts.append(section(DATA_COUNT, unsigned(len(data))))
    if CODE in source.sections:
        parts.append(section(CODE, source.sections[CODE]))
    if data:
        parts.append(section(DATA, vector(data)))
    parts.append(section(CUSTOM, _names(source)))
    return b"".join(parts)


def repage(wasm: bytes, heap_bytes: int) -> bytes:
    """Return a finished module with room for `heap_bytes` from `__heap_base` on; nothing else changes."""
    sections = list(read_sections(wasm))
    heap_base = next(_last_global(item.body) for item in sections if item.number == GLOBAL)
    parts = [MAGIC]
    for item in sections:
        body = _memory(heap_base + heap_bytes) if item.number == MEMORY else item.body
        parts.append(section(item.number, sequence(item.name.encode()) + body if item.number == CUSTOM else body))
    return b"".join(parts)


# ---------------------------------------------------------------------------------------------------------------- reading
def _read(object_file: bytes) -> _Object:
    source = _Object()
    for item in read_sections(object_file):
        match item:
            case Section(number, "", body) if number in (TYPE, FUNCTION, EXPORT, CODE, DATA, DATA_COUNT):
                source.sections[number] = body
            case Section(number, "", body) if number == IMPORT:
                _read_imports(source, Reader(body))
            case Section(number, "linking", body) if number == CUSTOM:
                _read_linking(source, Reader(body))
            case Section(number, "reloc.CODE", body) if number == CUSTOM:
                source.relocations[CODE] = body
            case Section(number, "reloc.DATA", body) if number == CUSTOM:
                source.relocations[DATA] = body
            case Section(number, "target_features" | "producers", _) if number == CUSTOM:
                pass
            case _:
                raise InternalCompilerError(f"the object has an unexpected section {item.number} {item.name!r}")
    return source


def _read_imports(source: _Object, reader: Reader) -> None:
    for _ in range(reader.unsigned()):
        reader.name()
        name, kind = reader.name(), reader.byte()
        if kind == _IMPORT_FUNCTION:
            raise UnresolvedImport(name)
        if kind == _IMPORT_MEMORY and name == "__linear_memory":
            limits = reader.byte()
            reader.unsigned()
            if limits & 1:
                reader.unsigned()
        elif kind == _IMPORT_GLOBAL and name == "__stack_pointer":
            reader.take(2)
            source.stack_pointer = True
        else:
            raise InternalCompilerError(f"the object imports {name!r} (kind {kind})")


def _read_linking(source: _Object, reader: Reader) -> None:
    if reader.unsigned() != _LINKING_VERSION:
        raise InternalCompilerError("the object's linking section has an unknown version")
    while reader.more:
        kind = reader.byte()
        part = Reader(reader.take(reader.unsigned()))
        if kind == _SEGMENT_INFO:
            for _ in range(part.unsigned()):
                part.name()
                source.alignments.append(1 << part.unsigned())
                part.unsigned()
        elif kind == _SYMBOL_TABLE:
            source.symbols = part.vector(lambda part=part: _read_symbol(part))  # type: ignore[misc]
        else:
            raise InternalCompilerError(f"the object's linking section has an unexpected part {kind}")


def _read_symbol(reader: Reader) -> _Symbol:
    kind, flags = reader.byte(), reader.unsigned()
    if kind == _SYMBOL_DATA:
        name = reader.name()
        if flags & (_SYMBOL_UNDEFINED | _SYMBOL_ABSOLUTE):
            raise InternalCompilerError(f"the object does not define {name}")
        index, offset = reader.unsigned(), reader.unsigned()
        reader.unsigned()
        return _Symbol(kind, name, index, offset)
    if kind not in (_SYMBOL_FUNCTION, _SYMBOL_GLOBAL):
        raise InternalCompilerError(f"the object has a symbol of unexpected kind {kind}")
    index = reader.unsigned()
    named = not flags & _SYMBOL_UNDEFINED or flags & _SYMBOL_EXPLICIT_NAME
    return _Symbol(kind, reader.name() if named else "", index)


# ----------------------------------------------------------------------------------------------------------- memory layout
def _lay_out(source: _Object, stack_bytes: int) -> tuple[list[tuple[int, bytes]], int]:
    """Place the data segments after the stack; return (address, contents) of each and the first address after them."""
    address = _align(stack_bytes, _ALIGNMENT)
    segments: list[tuple[int, bytes]] = []
    if DATA in source.sections:
        reader = Reader(source.sections[DATA])
        for index in range(reader.unsigned()):
            if reader.byte() != 0 or reader.byte() != 0x41:
                raise InternalCompilerError("the object has a data segment that is not active at a constant")
            reader.signed()
            if reader.byte() != 0x0B:
                raise InternalCompilerError("a data segment's offset is not a constant")
            address = _align(address, source.alignments[index])
            contents = reader.take(reader.unsigned())
            segments.append((address, contents))
            address += len(contents)
    return segments, _align(address, _ALIGNMENT)


def _align(value: int, alignment: int) -> int:
    return -(-value // alignment) * alignment


def _relocate(source: _Object, number: int, bases: list[int]) -> None:
    """Patch a section in place; offsets count from the start of the section's body."""
    if number not in source.relocations:
        return
    reader = Reader(source.relocations[number])
    reader.unsigned()
    body = bytearray(source.sections[number])
    for _ in range(reader.unsigned()):
        kind, offset, index = reader.byte(), reader.unsigned(), reader.unsigned()
        addend = reader.signed() if kind in _WITH_ADDEND else 0
        if kind == _TYPE_INDEX:
            continue
        symbol = source.symbols[index]
        if kind in (_FUNCTION_INDEX, _GLOBAL_INDEX):
            body[offset : offset + 5] = padded(symbol.index)
            continue
        if kind not in _WITH_ADDEND or symbol.kind != _SYMBOL_DATA:
            raise InternalCompilerError(f"the object has a relocation of unexpected kind {kind}")
        address = bases[symbol.index] + symbol.offset + addend
        match kind:
            case 5:
                body[offset : offset + 4] = struct.pack("<I", address)
            case _:
                body[offset : offset + 5] = padded(address)
    source.sections[number] = bytes(body)


def _data_bodies(source: _Object, segments: list[tuple[int, bytes]]) -> list[bytes]:
    if DATA in source.relocations:
        raise InternalCompilerError("the object has addresses among its data")
    # All memory starts as zeros, so a segment of zeros needs no bytes; the count stays right because it is written from here.
    return [b"\0\x41" + signed(base) + b"\x0b" + sequence(contents) for base, contents in segments if any(contents)]


# ---------------------------------------------------------------------------------------------------------------- writing
def _memory(size: int) -> bytes:
    pages = max(1, -(-size // PAGE))
    if pages > PAGE:
        raise ValueError(f"a wasm memory cannot hold {size} bytes")
    return b"\x01\x01" + unsigned(pages) * 2


def _globals(source: _Object, heap_base: int, stack_bytes: int) -> bytes:
    items = [bytes((I32, 0, 0x41)) + signed(heap_base) + b"\x0b"]
    if source.stack_pointer:
        items.insert(0, bytes((I32, 1, 0x41)) + signed(_align(stack_bytes, _ALIGNMENT)) + b"\x0b")
    return vector(items)


def _last_global(body: bytes) -> int:
    reader = Reader(body)
    value = 0
    for _ in range(reader.unsigned()):
        reader.take(3)
        value = reader.signed()
        reader.byte()
    return value


def _exports(source: _Object) -> bytes:
    reader = Reader(source.sections.get(EXPORT, b"\0"))
    items = []
    for _ in range(reader.unsigned()):
        name, kind, index = reader.name(), reader.byte(), reader.unsigned()
        items.append(sequence(name.encode()) + bytes((kind,)) + unsigned(index))
    items.append(sequence(b"memory") + b"\x02\x00")
    items.append(sequence(b"__heap_base") + b"\x03" + (b"\x01" if source.stack_pointer else b"\x00"))
    return vector(items)


def _names(source: _Object) -> bytes:
    """The name section: what a trap's backtrace and the text form show."""
    names = sorted({symbol.index: symbol.name for symbol in source.symbols if symbol.kind == _SYMBOL_FUNCTION}.items())
    functions = vector([unsigned(index) + sequence(name.encode()) for index, name in names])
    return sequence(b"name") + b"\x01" + sequence(functions)
