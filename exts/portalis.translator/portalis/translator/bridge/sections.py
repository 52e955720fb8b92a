"""Reads the sections of a wasm module one by one, refusing what the bridge does not run (WebAssembly core specification, section 5.5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from portalis.translator.bridge.budget import MAX_MEMORY_BYTES
from portalis.translator.bridge.code_scan import scan_body
from portalis.translator.bridge.reader import ByteReader
from portalis.translator.ir.abi import MAX_WASM_PARAMETERS

PAGE_BYTES = 65_536
# Compiling takes up to ten seconds a megabyte of the worst code; a thousand lines of Python come to about 50 kB.
MAX_MODULE_BYTES = 2**20
MAX_BODY_BYTES = 2**18
MAX_FUNCTIONS = 10_000
MAX_TYPES = 2_000
MAX_GLOBALS = 1_000
MAX_EXPORTS = 200
MAX_SEGMENTS = 10_000
MAX_LOCALS = 10_000
MAX_TABLE_ELEMENTS = 4_096
MAX_NAME_BYTES = 200
MAX_COMPILE_WEIGHT = 2_000_000

_VALUE_TYPES = {0x7F: "i32", 0x7E: "i64", 0x7D: "f32", 0x7C: "f64", 0x7B: "v128"}
_FUNCTION_TYPE, _FUNCREF = 0x60, 0x70
_KINDS = ("function", "table", "memory", "global", "tag")
_UNLINKED = ("linking", "dylink", "dylink.0")


@dataclass(frozen=True, slots=True)
class WasmSignature:
    """A wasm function's parameter and result types: "i32", "i64", "f32", "f64" or "v128"."""

    parameters: tuple[str, ...]
    results: tuple[str, ...]

    def __str__(self) -> str:
        return f"({', '.join(self.parameters)}) -> ({', '.join(self.results)})"


@dataclass(frozen=True, slots=True)
class Global:
    """A global variable; `value` is its initial value where that is an integer, else 0."""

    type: str
    mutable: bool
    value: int


@dataclass
class DeclaredSections:
    """What the sections read so far declare; `exports` maps a name to a kind of thing and its index."""

    types: list[WasmSignature] = field(default_factory=list)
    functions: list[WasmSignature] = field(default_factory=list)
    tables: list[int] = field(default_factory=list)
    memories: list[int] = field(default_factory=list)
    globals: list[Global] = field(default_factory=list)
    exports: dict[str, tuple[str, int]] = field(default_factory=dict)
    bodies: int = 0
    data_count: int | None = None
    data_segments: int = 0
    data_end: int = 0
    compile_weight: int = 0


def read_custom(section: ByteReader) -> None:
    """Skip a custom section, unless it shows that the module is an object file."""
    name = section.name(MAX_NAME_BYTES)
    if name in _UNLINKED or name.startswith("reloc."):
        raise section.fail(f"{name!a} says that this is an object file that was not linked")


def _value_type(section: ByteReader) -> str:
    kind = section.byte()
    if kind not in _VALUE_TYPES:
        raise section.fail(f"has a value of type {kind:#04x}, which is not a number or vector")
    return _VALUE_TYPES[kind]


def _exact_limits(section: ByteReader, what: str) -> int:
    flags = section.byte()
    if flags not in (0, 1):
        raise section.fail(f"declares a {what} that is shared, 64-bit or of an unknown form")
    least = section.unsigned()
    if flags == 0 or section.unsigned() != least:
        raise section.fail(f"declares a {what} that can grow (its minimum and maximum must be equal)")
    return least


def _constant(section: ByteReader, kind: str) -> int:
    opcode = section.byte()
    value = 0
    match kind, opcode:
        case "i32", 0x41:
            value = section.signed(32)
        case "i64", 0x42:
            value = section.signed(64)
        case "f32", 0x43:
            section.take(4)
        case "f64", 0x44:
            section.take(8)
        case "v128", 0xFD if section.take(1) == b"\x0c":
            section.take(16)
        case _:
            raise section.fail("has an initial value that is not a constant of its type")
    if section.byte() != 0x0B:
        raise section.fail("has an initial value that is not a single constant")
    return value


def _read_types(section: ByteReader, declared: DeclaredSections) -> None:
    for _ in range(section.count("types", MAX_TYPES)):
        if section.byte() != _FUNCTION_TYPE:
            raise section.fail("has a type that is not a function's")
        parameters = tuple(_value_type(section) for _ in range(section.count("parameters", MAX_WASM_PARAMETERS)))
        declared.types.append(WasmSignature(parameters, tuple(_value_type(section) for _ in range(section.count("results", 1)))))


def _read_imports(section: ByteReader, declared: DeclaredSections) -> None:
    if section.count("imports", MAX_FUNCTIONS):
        source, name = section.name(MAX_NAME_BYTES), section.name(MAX_NAME_BYTES)
        kind = section.byte()
        raise section.fail(f"imports {_KINDS[kind] if kind < len(_KINDS) else 'something'} {f'{source}.{name}'!a}; a guest imports nothing")


def _read_functions(section: ByteReader, declared: DeclaredSections) -> None:
    for _ in range(section.count("functions", MAX_FUNCTIONS)):
        index = section.unsigned()
        if index >= len(declared.types):
            raise section.fail(f"has a function of type {index}, which does not exist")
        declared.functions.append(declared.types[index])


def _read_tables(section: ByteReader, declared: DeclaredSections) -> None:
    for _ in range(section.count("tables", 1)):
        if section.byte() != _FUNCREF:
            raise section.fail("has a table of something other than functions")
        size = _exact_limits(section, "table")
        if size > MAX_TABLE_ELEMENTS:
            raise section.fail(f"has a table of {size} elements, more than the {MAX_TABLE_ELEMENTS} allowed")
        declared.tables.append(size)


def _read_memories(section: ByteReader, declared: DeclaredSections) -> None:
    for _ in range(section.count("memories", 1)):
        size = _exact_limits(section, "memory") * PAGE_BYTES
        if size > MAX_MEMORY_BYTES:
            raise section.fail(f"has a memory of {size} bytes, more than the {MAX_MEMORY_BYTES} allowed")
        declared.memories.append(size)


def _read_tags(section: ByteReader, declared: DeclaredSections) -> None:
    raise section.fail("uses exceptions, which the bridge does not run")


def _read_globals(section: ByteReader, declared: DeclaredSections) -> None:
    for _ in range(section.count("globals", MAX_GLOBALS)):
        kind = _value_type(section)
        mutable = section.byte()
        if mutable > 1:
            raise section.fail("has a global that is shared or of an unknown form")
        declared.globals.append(Global(kind, bool(mutable), _constant(section, kind)))


def _read_exports(section: ByteReader, declared: DeclaredSections) -> None:
    for _ in range(section.count("exports", MAX_EXPORTS)):
        name = section.name(MAX_NAME_BYTES)
        kind, index = section.byte(), section.unsigned()
        if name in declared.exports:
            raise section.fail(f"exports {name!a} twice")
        if kind >= len(_KINDS):
            raise section.fail(f"exports {name!a} as something unknown")
        declared.exports[name] = (_KINDS[kind], index)


def _read_start(section: ByteReader, declared: DeclaredSections) -> None:
    raise section.fail("has a start function; nothing may run before the host calls")


def _read_elements(section: ByteReader, declared: DeclaredSections) -> None:
    for _ in range(section.count("segments", MAX_SEGMENTS)):
        if section.unsigned() != 0 or not declared.tables:
            raise section.fail("has a segment that is not active for the one table of functions")
        offset = _constant(section, "i32")
        count = section.count("elements", MAX_TABLE_ELEMENTS)
        if not 0 <= offset <= declared.tables[0] - count:
            raise section.fail("has a segment outside its table")
        for _ in range(count):
            if section.unsigned() >= len(declared.functions):
                raise section.fail("refers to a function that does not exist")


def _read_data_count(section: ByteReader, declared: DeclaredSections) -> None:
    declared.data_count = section.count("data segments", MAX_SEGMENTS)


def _read_code(section: ByteReader, declared: DeclaredSections) -> None:
    if section.count("bodies", MAX_FUNCTIONS) != len(declared.functions):
        raise section.fail("has not one body for each function")
    for number, type_ in enumerate(declared.functions):
        size = section.count("bytes in a body", MAX_BODY_BYTES)
        start = section.position
        section.take(size)
        body = ByteReader(section.data, start, start + size, f"body of function {number}")
        declared.compile_weight += scan_body(body, len(type_.parameters), MAX_LOCALS).weight
        declared.bodies += 1
        if declared.compile_weight > MAX_COMPILE_WEIGHT:
            raise body.fail("makes the module too expensive to compile (locals times loops)")


def _read_data(section: ByteReader, declared: DeclaredSections) -> None:
    declared.data_segments = section.count("segments", MAX_SEGMENTS)
    for _ in range(declared.data_segments):
        if section.unsigned() != 0 or not declared.memories:
            raise section.fail("has a segment that is not active for the one memory")
        offset = _constant(section, "i32")
        size = len(section.take(section.count("bytes in a segment", MAX_MODULE_BYTES)))
        if not 0 <= offset <= declared.memories[0] - size:
            raise section.fail("has a segment outside the memory")
        declared.data_end = max(declared.data_end, offset + size)


# In the order in which sections must appear; the numbers are their identifiers.
SECTIONS: dict[int, tuple[str, Callable[[ByteReader, DeclaredSections], None]]] = {
    1: ("type", _read_types),
    2: ("import", _read_imports),
    3: ("function", _read_functions),
    4: ("table", _read_tables),
    5: ("memory", _read_memories),
    13: ("tag", _read_tags),
    6: ("global", _read_globals),
    7: ("export", _read_exports),
    8: ("start", _read_start),
    9: ("element", _read_elements),
    12: ("data count", _read_data_count),
    10: ("code", _read_code),
    11: ("data", _read_data),
}


def read_sections(wasm: bytes, start: int, most: int) -> DeclaredSections:
    """Read the sections that begin at byte `start`, at most `most` of them; Malformed where one is not accepted."""
    declared = DeclaredSections()
    order = list(SECTIONS)
    module = ByteReader(wasm, start, len(wasm), "module")
    last = -1
    for _ in range(most):
        if module.at_end:
            return declared
        identifier, size = module.byte(), module.unsigned()
        begin = module.position
        module.take(size)
        if identifier == 0:
            read_custom(ByteReader(wasm, begin, begin + size, "custom section"))
            continue
        if identifier not in SECTIONS or order.index(identifier) <= last:
            raise module.fail(f"has section {identifier} twice, out of order, or does not know it")
        last = order.index(identifier)
        name, read = SECTIONS[identifier]
        section = ByteReader(wasm, begin, begin + size, f"{name} section")
        read(section, declared)
        section.finish()
    if module.at_end:
        return declared
    raise module.fail(f"has more than the {most} sections allowed")
