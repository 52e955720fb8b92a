"""Decides from a module's bytes whether the bridge runs it, before the engine sees any of them.

Accepted is what `ir/abi.py` describes: no imports, no start function, one memory that cannot grow, constant data inside it and below the
host's heap, and exports that are known by name and type. Everything else is refused with a reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from portalis.translator.bridge.errors import InvalidModule
from portalis.translator.bridge.reader import Malformed
from portalis.translator.bridge.sections import MAX_MODULE_BYTES, DeclaredSections, WasmSignature, read_sections
from portalis.translator.ir.abi import MAX_WASM_PARAMETERS

MAGIC = b"\0asm\x01\0\0\0"
MAX_SECTIONS = 200
_ENTRY = re.compile(r"call(?:\.(?:[A-Za-z_][A-Za-z0-9_]*|[1-9][0-9]{0,3}))?|lanes\.[A-Za-z_][A-Za-z0-9_]*")
_ADDRESSES = ("__heap_base", "__data_end")  # what linkers export; the second is harmless and unused
_OTHER_FORMATS = {
    b"\0asm": "another version of wasm, or a component",
    b"\x7fELF": "compiled code",
    b"PK": "a zip archive",
    b"\x1f\x8b": "gzip",
}


@dataclass(frozen=True, slots=True)
class ModuleInfo:
    """What a host needs to know of a valid module: sizes in bytes, and the type of each entry (`call…`, `lanes…`) that it exports."""

    memory_bytes: int
    heap_base: int
    entries: dict[str, WasmSignature]
    table_elements: int
    functions: int

    @property
    def heap_bytes(self) -> int:
        """Bytes of memory that belong to the host."""
        return self.memory_bytes - self.heap_base


def validate_module(wasm: bytes, name: str = "module") -> ModuleInfo:
    """Return what a module declares; InvalidModule, with `name` and the reason, where the bridge would not run it."""
    if not isinstance(wasm, bytes):
        raise TypeError(f"a module is bytes, not {type(wasm).__name__}")
    try:
        _check_form(wasm)
        return _describe(read_sections(wasm, len(MAGIC), MAX_SECTIONS))
    except Malformed as error:
        raise InvalidModule(name, str(error)) from None


def _check_form(wasm: bytes) -> None:
    if len(wasm) > MAX_MODULE_BYTES:
        raise Malformed(f"has {len(wasm)} bytes, more than the {MAX_MODULE_BYTES} allowed")
    if wasm.startswith(MAGIC):
        return
    # The engine's binding would take text for a module in text form, so the first bytes decide.
    form = next((form for start, form in _OTHER_FORMATS.items() if wasm.startswith(start)), "text, or damaged" if wasm else "empty")
    raise Malformed(f"is not a wasm module in binary form (it may be {form})")


def _describe(declared: DeclaredSections) -> ModuleInfo:
    if declared.bodies != len(declared.functions):
        raise Malformed("declares functions without a body")
    if declared.data_count not in (None, declared.data_segments):
        raise Malformed("declares another number of data segments than it has")
    if not declared.memories or declared.exports.get("memory") != ("memory", 0):
        raise Malformed("does not export its memory as 'memory'")
    entries = {}
    for name, (kind, index) in declared.exports.items():
        if kind == "function":
            entries[name] = _entry_type(name, index, declared)
        elif name != "memory" and not (name in _ADDRESSES and kind == "global"):
            raise Malformed(f"exports {kind} {name!a}, which is not part of the ABI")
    return ModuleInfo(declared.memories[0], _heap_base(declared), entries, sum(declared.tables), len(declared.functions))


def _entry_type(name: str, index: int, declared: DeclaredSections) -> WasmSignature:
    if not _ENTRY.fullmatch(name):
        raise Malformed(f"exports function {name!a}, which is not part of the ABI")
    if index >= len(declared.functions):
        raise Malformed(f"exports {name!a}, a function that does not exist")
    type_ = declared.functions[index]
    least, most = (2, 2) if name.startswith("call") else (4, MAX_WASM_PARAMETERS)
    if not least <= len(type_.parameters) <= most or set(type_.parameters) != {"i32"} or type_.results != ("i32",):
        raise Malformed(f"exports {name!a} with the type {type_}, which is not that of such an entry")
    return type_


def _heap_base(declared: DeclaredSections) -> int:
    kind, index = declared.exports.get("__heap_base", ("", 0))
    if kind != "global" or index >= len(declared.globals):
        raise Malformed("does not export a global '__heap_base'")
    base = declared.globals[index]
    address = base.value & 0xFFFF_FFFF
    if base.type != "i32" or base.mutable:
        raise Malformed("exports a '__heap_base' that is not an immutable i32")
    if not declared.data_end <= address <= declared.memories[0]:
        raise Malformed(f"has its heap base at {address}, inside its data or outside its memory")
    return address
