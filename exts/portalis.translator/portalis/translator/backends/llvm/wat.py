"""Prints a finished module in the text format of WebAssembly (core specification, chapter 6), flat and indented."""

from __future__ import annotations

import re
import struct

from portalis.translator.backends.llvm.errors import InternalCompilerError
from portalis.translator.backends.llvm.opcodes import (
    BULK_PREFIX,
    TYPED_SELECT,
    VECTOR_PREFIX,
    bulk_instructions,
    plain_instructions,
    vector_instructions,
)
from portalis.translator.backends.llvm.wasm import (
    CODE,
    CUSTOM,
    DATA,
    DATA_COUNT,
    EXPORT,
    FUNCTION,
    GLOBAL,
    MEMORY,
    TYPE,
    WasmReader,
    read_sections,
)

_VALUE_TYPES = {0x7F: "i32", 0x7E: "i64", 0x7D: "f32", 0x7C: "f64", 0x7B: "v128"}
_NO_RESULT = 0x40
_FLOATS = {"f32.const": ("<f", "<I", 23), "f64.const": ("<d", "<Q", 52)}
# The bytes that an access without a number in its name touches.
_WHOLE_WIDTHS = {"i32": 4, "f32": 4, "i64": 8, "f64": 8, "v128": 16}
_ACCESS = re.compile(r"\.(?:load|store)(\d*)(x\d)?")


def disassemble(wasm: bytes) -> str:
    """Return the text of a module made by this back-end; assembling it gives a module that behaves the same.

    Raises InternalCompilerError on anything that such a module never holds: imports, tables, unknown instructions.
    """
    return _Printer(wasm).text()


class _Printer:
    def __init__(self, wasm: bytes) -> None:
        self.types: list[str] = []
        self.function_types: list[int] = []
        self.exports: dict[tuple[int, int], list[str]] = {}
        self.names: dict[int, str] = {}
        self.memories: list[str] = []
        self.globals: list[str] = []
        self.bodies: list[bytes] = []
        self.data: list[str] = []
        for item in read_sections(wasm):
            self._read(item.number, item.name, WasmReader(item.body))

    def text(self) -> str:
        """Return the whole module."""
        rows = ["(module"]
        rows += [f"  (type (;{index};) (func{type_}))" for index, type_ in enumerate(self.types)]
        rows += [f"  (memory (;{index};){self._exported(2, index)} {limits})" for index, limits in enumerate(self.memories)]
        rows += [f"  (global (;{index};){self._exported(3, index)} {value})" for index, value in enumerate(self.globals)]
        for index, body in enumerate(self.bodies):
            rows += self._function(index, body)
        rows += self.data
        return "\n".join(rows) + ")\n"

    # --------------------------------------------------------------------------------------------------------- sections
    def _read(self, number: int, name: str, reader: WasmReader) -> None:
        if number == TYPE:
            self.types = reader.vector(self._type)
        elif number == FUNCTION:
            self.function_types = reader.vector(WasmReader.unsigned)
        elif number == MEMORY:
            self.memories = reader.vector(self._limits)
        elif number == GLOBAL:
            self.globals = reader.vector(self._global)
        elif number == EXPORT:
            for _ in range(reader.unsigned()):
                exported, kind, index = reader.name(), reader.byte(), reader.unsigned()
                self.exports.setdefault((kind, index), []).append(exported)
        elif number == CODE:
            self.bodies = reader.vector(_read_bytes)
        elif number == DATA:
            self.data = reader.vector(self._data)
        elif number == CUSTOM and name == "name":
            self._read_names(reader)
        elif number not in (CUSTOM, DATA_COUNT):
            raise InternalCompilerError(f"no text form for section {number}")

    def _type(self, reader: WasmReader) -> str:
        reader.byte()
        groups = []
        for word in ("param", "result"):
            types = reader.vector(_read_value_type)
            groups.append(f" ({word} {' '.join(types)})" if types else "")
        return "".join(groups)

    def _limits(self, reader: WasmReader) -> str:
        bounded = reader.byte() & 1
        return " ".join(str(reader.unsigned()) for _ in range(1 + bounded))

    def _global(self, reader: WasmReader) -> str:
        type_, mutable = _VALUE_TYPES[reader.byte()], reader.byte()
        return f"{f'(mut {type_})' if mutable else type_} ({self._constant(reader)})"

    def _constant(self, reader: WasmReader) -> str:
        name, immediates = _instruction(reader, self)
        if reader.byte() != 0x0B:
            raise InternalCompilerError("no text form for a computed constant")
        return f"{name}{immediates}"

    def _data(self, reader: WasmReader) -> str:
        if reader.unsigned() != 0:
            raise InternalCompilerError("no text form for a passive data segment")
        return f"  (data ({self._constant(reader)}) {_string(reader.take(reader.unsigned()))})"

    def _read_names(self, reader: WasmReader) -> None:
        while reader.more:
            kind, part = reader.byte(), WasmReader(reader.take(reader.unsigned()))
            if kind == 1:
                for _ in range(part.unsigned()):
                    index, name = part.unsigned(), part.name()
                    # Two names may become one when what an identifier cannot hold is replaced; the index keeps them apart.
                    plain = re.sub(r"[^A-Za-z0-9!#$%&'*+./:<=>?@\\^_`|~-]", "_", name)
                    self.names[index] = plain if plain == name else f"{plain}.{index}"

    def _exported(self, kind: int, index: int) -> str:
        return "".join(f" (export {_string(name.encode())})" for name in self.exports.get((kind, index), ()))

    def function_name(self, index: int) -> str:
        """Return what the text calls a function."""
        return f"${self.names[index]}" if index in self.names else str(index)

    # -------------------------------------------------------------------------------------------------------- functions
    def _function(self, index: int, body: bytes) -> list[str]:
        reader = WasmReader(body)
        groups = reader.vector(_read_locals)
        type_index = self.function_types[index]
        name = self.function_name(index) if index in self.names else f"(;{index};)"
        rows = [f"  (func {name}{self._exported(0, index)} (type {type_index}){self.types[type_index]}"]
        if groups:
            rows.append(f"    (local {' '.join(type_ for count, type_ in groups for _ in range(count))})")
        depth = 0
        while reader.more:
            name, immediates = _instruction(reader, self)
            if name in ("end", "else"):
                depth -= 1
            if depth < 0:
                break
            rows.append(f"    {'  ' * depth}{name}{immediates}")
            if name in ("block", "loop", "if", "else"):
                depth += 1
        rows[-1] += ")"
        return rows


def _read_bytes(reader: WasmReader) -> bytes:
    return reader.take(reader.unsigned())


def _read_value_type(reader: WasmReader) -> str:
    return _VALUE_TYPES[reader.byte()]


def _read_locals(reader: WasmReader) -> tuple[int, str]:
    return reader.unsigned(), _read_value_type(reader)


# ------------------------------------------------------------------------------------------------------------ instructions
def _instruction(reader: WasmReader, printer: _Printer) -> tuple[str, str]:
    """Read one instruction; return its name and the text of its immediates, a space before each."""
    code = reader.byte()
    if code == TYPED_SELECT:
        return "select", "".join(f" (result {_VALUE_TYPES[reader.byte()]})" for _ in range(reader.unsigned()))
    table, number = plain_instructions(), code
    if code in (BULK_PREFIX, VECTOR_PREFIX):
        table, number = (bulk_instructions() if code == BULK_PREFIX else vector_instructions()), reader.unsigned()
    if number not in table:
        raise InternalCompilerError(f"no text form for instruction {code:#x} {number}")
    return table[number], _immediates(table[number], reader, printer)


def _immediates(name: str, reader: WasmReader, printer: _Printer) -> str:
    match name:
        case "block" | "loop" | "if":
            return _block_type(reader, printer)
        case "br" | "br_if" | "local.get" | "local.set" | "local.tee" | "global.get" | "global.set":
            return f" {reader.unsigned()}"
        case "br_table":
            return "".join(f" {label}" for label in [*reader.vector(WasmReader.unsigned), reader.unsigned()])
        case "call":
            return f" {printer.function_name(reader.unsigned())}"
        case "i32.const" | "i64.const":
            return f" {reader.signed()}"
        case "f32.const" | "f64.const":
            return f" {_float(name, reader)}"
        case "v128.const":
            return " i64x2 " + " ".join(f"{half:#018x}" for half in struct.unpack("<QQ", reader.take(16)))
        case "i8x16.shuffle":
            return "".join(f" {lane}" for lane in reader.take(16))
        case "memory.size" | "memory.grow" | "memory.fill" | "memory.copy":
            reader.take(2 if name == "memory.copy" else 1)
            return ""
        case _ if _ACCESS.search(name):
            return _access(name, reader) + (f" {reader.byte()}" if name.endswith("_lane") else "")
        case _ if "_lane" in name:
            return f" {reader.byte()}"
        case _:
            return ""


def _block_type(reader: WasmReader, printer: _Printer) -> str:
    type_ = reader.signed()
    if type_ >= 0:
        return f" (type {type_}){printer.types[type_]}"
    return "" if type_ & 0x7F == _NO_RESULT else f" (result {_VALUE_TYPES[type_ & 0x7F]})"


def _access(name: str, reader: WasmReader) -> str:
    alignment, offset = 1 << reader.unsigned(), reader.unsigned()
    found = _ACCESS.search(name)
    assert found is not None
    # `load8x8` and its like read 8 bytes and widen them.
    natural = 8 if found[2] else int(found[1]) // 8 if found[1] else _WHOLE_WIDTHS[name.split(".")[0]]
    return (f" offset={offset}" if offset else "") + (f" align={alignment}" if alignment != natural else "")


def _float(name: str, reader: WasmReader) -> str:
    float_format, bits_format, fraction_bits = _FLOATS[name]
    data = reader.take(struct.calcsize(float_format))
    value, bits = struct.unpack(float_format, data)[0], struct.unpack(bits_format, data)[0]
    if value == value:
        return float.hex(value)
    sign = "-" if bits >> (len(data) * 8 - 1) else ""
    return f"{sign}nan:{bits & (1 << fraction_bits) - 1:#x}"


def _string(data: bytes) -> str:
    return '"' + "".join(chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\{byte:02x}" for byte in data) + '"'
