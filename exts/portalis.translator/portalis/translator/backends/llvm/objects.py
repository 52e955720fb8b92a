"""Reads the relocatable objects that LLVM emits (WebAssembly tool-conventions, Linking.md), and refuses what it does not know."""

from __future__ import annotations

from dataclasses import dataclass, field

from portalis.translator.backends.llvm.errors import InternalCompilerError
from portalis.translator.backends.llvm.wasm import (
    CODE,
    CUSTOM,
    DATA,
    DATA_COUNT,
    EXPORT,
    FUNCTION,
    IMPORT,
    TYPE,
    Section,
    WasmReader,
    read_sections,
)

_IMPORT_FUNCTION, _IMPORT_MEMORY, _IMPORT_GLOBAL = 0, 2, 3
SYMBOL_FUNCTION, SYMBOL_DATA, SYMBOL_GLOBAL = range(3)
_SYMBOL_LOCAL, _SYMBOL_UNDEFINED, _SYMBOL_EXPLICIT_NAME, _SYMBOL_ABSOLUTE = 0x02, 0x10, 0x40, 0x200
_LINKING_VERSION, _SEGMENT_INFO, _SYMBOL_TABLE = 2, 5, 8
RELOCATE_FUNCTION, RELOCATE_MEMORY_LEB, RELOCATE_MEMORY_SLEB, RELOCATE_MEMORY_I32, RELOCATE_TYPE, RELOCATE_GLOBAL = 0, 3, 4, 5, 6, 7
MEMORY_RELOCATIONS = (RELOCATE_MEMORY_LEB, RELOCATE_MEMORY_SLEB, RELOCATE_MEMORY_I32)
_I32_CONST, _END = 0x41, 0x0B


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name: a function or global by its index in the object, data by segment and offset; `local` ones are the object's own."""

    kind: int
    name: str
    defined: bool
    local: bool
    index: int = 0
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Relocation:
    """A place in the code, counted from the start of the section's body, that depends on a symbol (or on a type, by its index)."""

    kind: int
    offset: int
    index: int
    addend: int = 0


@dataclass
class ObjectFile:
    """What the sections of one object say; the code starts with the number of its functions."""

    types: list[bytes] = field(default_factory=list)
    imports: list[tuple[str, int]] = field(default_factory=list)
    functions: list[int] = field(default_factory=list)
    exports: list[tuple[str, int]] = field(default_factory=list)
    code: bytes = b"\0"
    segments: list[bytes] = field(default_factory=list)
    alignments: list[int] = field(default_factory=list)
    symbols: list[Symbol] = field(default_factory=list)
    relocations: list[Relocation] = field(default_factory=list)
    stack_pointer: bool = False


def read_object(data: bytes) -> ObjectFile:
    """Read an object; raises InternalCompilerError where it holds anything that the linker would not understand."""
    source = ObjectFile()
    for item in read_sections(data):
        reader = WasmReader(item.body)
        match item:
            case Section(number, "", body) if number == TYPE:
                source.types = reader.vector(_read_type)
            case Section(number, "", _) if number == IMPORT:
                _read_imports(source, reader)
            case Section(number, "", _) if number == FUNCTION:
                source.functions = reader.vector(WasmReader.unsigned)
            case Section(number, "", _) if number == EXPORT:
                source.exports = reader.vector(_read_export)
            case Section(number, "", body) if number == CODE:
                source.code = body
            case Section(number, "", _) if number == DATA:
                source.segments = reader.vector(_read_segment)
            case Section(number, "linking", _) if number == CUSTOM:
                _read_linking(source, reader)
            case Section(number, "reloc.CODE", _) if number == CUSTOM:
                reader.unsigned()
                source.relocations = reader.vector(_read_relocation)
            case Section(number, name, _) if number == DATA_COUNT or name in ("target_features", "producers"):
                pass
            case _:
                raise InternalCompilerError(f"the object has an unexpected section {item.number} {item.name!r}")
    return source


def _read_type(reader: WasmReader) -> bytes:
    start = reader.position
    reader.byte()
    for _ in range(2):
        reader.take(reader.unsigned())
    return reader.data[start : reader.position]


def _read_imports(source: ObjectFile, reader: WasmReader) -> None:
    for _ in range(reader.unsigned()):
        reader.name()
        name, kind = reader.name(), reader.byte()
        if kind == _IMPORT_FUNCTION:
            source.imports.append((name, reader.unsigned()))
        elif kind == _IMPORT_MEMORY and name == "__linear_memory":
            bounded = reader.byte() & 1
            for _ in range(1 + bounded):
                reader.unsigned()
        elif kind == _IMPORT_GLOBAL and name == "__stack_pointer":
            reader.take(2)
            source.stack_pointer = True
        else:
            raise InternalCompilerError(f"the object imports {name!r} (kind {kind})")


def _read_export(reader: WasmReader) -> tuple[str, int]:
    name = reader.name()
    if reader.byte() != 0:
        raise InternalCompilerError(f"the object exports {name!r}, which is not a function")
    return name, reader.unsigned()


def _read_segment(reader: WasmReader) -> bytes:
    if reader.byte() != 0 or reader.byte() != _I32_CONST:
        raise InternalCompilerError("the object has a data segment that is not active at a constant")
    reader.signed()
    if reader.byte() != _END:
        raise InternalCompilerError("a data segment's offset is not a constant")
    return reader.take(reader.unsigned())


def _read_linking(source: ObjectFile, reader: WasmReader) -> None:
    if reader.unsigned() != _LINKING_VERSION:
        raise InternalCompilerError("the object's linking section has an unknown version")
    while reader.more:
        kind = reader.byte()
        part = WasmReader(reader.take(reader.unsigned()))
        if kind == _SEGMENT_INFO:
            for _ in range(part.unsigned()):
                part.name()
                source.alignments.append(1 << part.unsigned())
                part.unsigned()
        elif kind == _SYMBOL_TABLE:
            source.symbols = [_read_symbol(source, part) for _ in range(part.unsigned())]
        else:
            raise InternalCompilerError(f"the object's linking section has an unexpected part {kind}")


def _read_symbol(source: ObjectFile, reader: WasmReader) -> Symbol:
    kind, flags = reader.byte(), reader.unsigned()
    defined, local = not flags & _SYMBOL_UNDEFINED, bool(flags & _SYMBOL_LOCAL)
    if kind == SYMBOL_DATA:
        name = reader.name()
        if flags & _SYMBOL_ABSOLUTE:
            raise InternalCompilerError(f"the object has the absolute symbol {name}")
        if not defined:
            return Symbol(kind, name, defined, local)
        index, offset = reader.unsigned(), reader.unsigned()
        reader.unsigned()
        return Symbol(kind, name, defined, local, index, offset)
    if kind not in (SYMBOL_FUNCTION, SYMBOL_GLOBAL):
        raise InternalCompilerError(f"the object has a symbol of unexpected kind {kind}")
    index = reader.unsigned()
    if defined or flags & _SYMBOL_EXPLICIT_NAME:
        return Symbol(kind, reader.name(), defined, local, index)
    name = source.imports[index][0] if kind == SYMBOL_FUNCTION else "__stack_pointer"
    return Symbol(kind, name, defined, local, index)


def _read_relocation(reader: WasmReader) -> Relocation:
    kind, offset, index = reader.byte(), reader.unsigned(), reader.unsigned()
    if kind in MEMORY_RELOCATIONS:
        return Relocation(kind, offset, index, reader.signed())
    if kind not in (RELOCATE_FUNCTION, RELOCATE_TYPE, RELOCATE_GLOBAL):
        raise InternalCompilerError(f"the object has a relocation of unexpected kind {kind}")
    return Relocation(kind, offset, index)
