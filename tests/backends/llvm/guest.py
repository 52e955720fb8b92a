"""Runs finished modules in wasmtime and in Node's V8, and compares them with the interpreter, bit by bit."""

from __future__ import annotations

import base64
import json
import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import wasmtime

from portalis.translator.backends.llvm import SCALAR, BuildOptions, build_scalar
from portalis.translator.ir.abi import scalar_entries
from portalis.translator.ir.nodes import Function, Program
from portalis.translator.ir.run.interpreter import GuardStop, Interpreter, PythonRaised
from portalis.translator.ir.types import AGGREGATES, FloatType, NoneType, Slot, StrType, Type

NODE = shutil.which("node")
NODE_RUNNER = Path(__file__).parent.parent / "node_runner.js"
VARIANTS = (BuildOptions(), BuildOptions(opt=0), SCALAR, BuildOptions(opt=3, simd=False))
CANONICAL_NAN = struct.pack("<Q", 0x7FF8000000000000)
_ROOM = 8192


def flatten(value: Any, type_: Type, strings: tuple[str, ...]) -> Iterator[int | float]:
    """Yield a value's slots; a str is its index."""
    if isinstance(type_, AGGREGATES):
        for item, item_type in zip(value, type_.elements, strict=True):
            yield from flatten(item, item_type, strings)
    elif isinstance(type_, StrType):
        yield strings.index(value)
    elif not isinstance(type_, NoneType):
        yield float(value) if isinstance(type_, FloatType) else int(value)


def pack(values: Iterator[int | float]) -> bytes:
    """Write slots as the scalar ABI has them; every NaN is the canonical one."""
    parts = []
    for value in values:
        parts.append(struct.pack("<q", value) if isinstance(value, int) else CANONICAL_NAN if value != value else struct.pack("<d", value))
    return b"".join(parts)


def unpack(data: bytes, kinds: tuple[Slot, ...]) -> list[int | float]:
    """Read slots."""
    return [struct.unpack_from("<d" if kind in ("f64", "f32") else "<q", data, 8 * index)[0] for index, kind in enumerate(kinds)]


class Guest:
    """One instance of a module under wasmtime."""

    def __init__(self, wasm: bytes, fuel: int = 10**9) -> None:
        config = wasmtime.Config()
        config.consume_fuel = True
        engine = wasmtime.Engine(config)
        module = wasmtime.Module(engine, wasm)
        assert not module.imports
        self.store = wasmtime.Store(engine)
        self.store.set_fuel(fuel)
        self.exports = wasmtime.Instance(self.store, module, []).exports(self.store)
        self.memory = self.exports["memory"]
        self.heap_base: int = self.exports["__heap_base"].value(self.store)

    def call(self, export: str, arguments: bytes, result_bytes: int) -> tuple[int, bytes]:
        """Call a scalar entry; return the error word and the results."""
        self.memory.write(self.store, arguments, self.heap_base)
        results = self.heap_base + _ROOM
        word = self.exports[export](self.store, self.heap_base, results)
        return word, bytes(self.memory.read(self.store, results, results + result_bytes))


def result_types(function: Function) -> tuple[Type, ...]:
    """What a scalar entry writes: the result, then the parameters that the function changes."""
    return (function.result, *(param.type for param in function.params if param.by_ref))


def expected(program: Program, function: Function, args: list[Any]) -> tuple[int, bytes]:
    """Return the error word and the results that the interpreter gives; no result slots where it stopped."""
    try:
        result, finals = Interpreter(program, fuel=10**6).call(function.name, args)
    except (PythonRaised, GuardStop) as stop:
        word, values = stop.word, stop.finals
        types = result_types(function)[1:]
    else:
        word, values, types = 0, (result, *finals), result_types(function)
    return word, b"".join(pack(flatten(value, type_, program.strings)) for value, type_ in zip(values, types, strict=True))


def check(program: Program, cases: list[list[Any]], variants: tuple[BuildOptions, ...] = VARIANTS) -> None:
    """Assert that every variant of a program's first entry gives what the interpreter gives."""
    export, name = scalar_entries(program)[0]
    function = program.function(name)
    kinds = [kind for type_ in result_types(function) for kind in type_.slots]
    for options in variants:
        guest = Guest(build_scalar(program, options).wasm)
        for args in cases:
            given = b"".join(pack(flatten(value, param.type, program.strings)) for value, param in zip(args, function.params, strict=True))
            word, data = guest.call(export, given, 8 * len(kinds))
            wanted_word, wanted = expected(program, function, args)
            found = data[8 * len(function.result.slots) :] if wanted_word else data
            assert (word, found.hex(" ", 8)) == (wanted_word, wanted.hex(" ", 8)), (options, args)


@dataclass(frozen=True)
class NodeCall:
    """One call in Node: what to write before, the export and its arguments, what to read after; addresses are the guest's."""

    export: str
    arguments: list[int]
    writes: list[tuple[int, bytes]]
    reads: list[tuple[int, int]]


def node_call(wasm: bytes, calls: list[NodeCall]) -> list[tuple[int, list[bytes]]]:
    """Make calls in one Node process; return each result and what was read."""
    request = {
        "wasm": base64.b64encode(wasm).decode(),
        "calls": [asdict(call) | {"writes": [(address, data.hex()) for address, data in call.writes]} for call in calls],
    }
    assert NODE is not None
    done = subprocess.run([NODE, str(NODE_RUNNER)], input=json.dumps(request), capture_output=True, text=True, check=True, timeout=60)
    return [(answer["result"], [bytes.fromhex(data) for data in answer["reads"]]) for answer in json.loads(done.stdout)]


def node_scalar_call(guest: Guest, export: str, arguments: bytes, result_bytes: int) -> NodeCall:
    """The call in Node that `guest.call` makes in wasmtime."""
    results = guest.heap_base + _ROOM
    return NodeCall(export, [guest.heap_base, results], [(guest.heap_base, arguments)], [(results, result_bytes)])
