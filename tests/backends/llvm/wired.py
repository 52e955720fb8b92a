"""Messages of objects as `ir/wire.py` says, and programs that take them: in wasmtime and in the interpreter, compared byte by byte."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from portalis.translator.backends.llvm import SCALAR, BuildOptions, build_scalar
from portalis.translator.bridge import ScalarModule
from portalis.translator.ir.abi import scalar_entries
from portalis.translator.ir.nodes import Const, Expr, ObjectOp, Program
from portalis.translator.ir.run.interpreter import GuardStop, Interpreter, PythonRaised
from portalis.translator.ir.types import (
    AGGREGATES,
    TEXT,
    BoolType,
    DictRef,
    FloatType,
    IntType,
    ListRef,
    NeverType,
    NoneType,
    SetRef,
    StrType,
    TextType,
    Type,
)
from tests.backends.llvm.guest import CANONICAL_NAN, Guest
from tests.ir.builders import at

VARIANTS = (SCALAR, BuildOptions(), BuildOptions(opt=0))


def op(type_: Type, name: str, *args: Expr, field: str = "") -> ObjectOp:
    """One operation on objects."""
    return ObjectOp(at(), type_, name, args, field)


def text(value: str) -> Const:
    """A constant text."""
    return Const(at(), TEXT, value)


class Message:
    """Values written one after the other; `keep` starts the next message, in which objects keep their numbers."""

    def __init__(self) -> None:
        self.data = b""
        self._numbers: dict[int, int] = {}
        # As long as these are there, no other object is where they are.
        self._known: list[Any] = []
        self._introduced: set[int] = set()

    def rename(self, old: Any, new: Any) -> None:
        """Let an object go on as another."""
        self._numbers[id(new)] = self._numbers.pop(id(old))

    def keep(self) -> bytes:
        """Return what was written and start anew."""
        data, self.data = self.data, b""
        self._introduced.clear()
        return data

    def _introduces(self, value: Any) -> bool:
        """Write an object's number; tell whether its content must follow."""
        self._known.append(value)
        number = self._numbers.setdefault(id(value), len(self._numbers))
        self.data += struct.pack("<q", number)
        is_first = number not in self._introduced
        self._introduced.add(number)
        return is_first

    def write(self, value: Any, type_: Type) -> None:
        """Write a value of a type."""
        match type_:
            case IntType() | BoolType():
                self.data += struct.pack("<q", value)
            case FloatType():
                self.data += struct.pack("<d", value) if value == value else CANONICAL_NAN
            case NoneType() | NeverType():
                pass
            case TextType():
                self.data += struct.pack(f"<q{len(value)}I{len(value) % 2 * 4}x", len(value), *map(ord, value))
            case ListRef() | SetRef():
                if type_.frozen or self._introduces(value):
                    self.data += struct.pack("<q", len(value))
                    for item in value:
                        self.write(item, type_.item)
            case DictRef():
                if self._introduces(value):
                    self.data += struct.pack("<q", len(value))
                    for key, item in value.items():
                        self.write(key, type_.key)
                        self.write(item, type_.value)
            case StrType():
                raise AssertionError(f"no message holds a constant {type_}")
            case _:
                assert isinstance(type_, AGGREGATES)
                for item, item_type in zip(value, type_.elements, strict=True):
                    self.write(item, item_type)


class Sends(Protocol):
    """What takes messages."""

    def send(self, message: bytes) -> tuple[int, bytes]: ...


@dataclass(frozen=True)
class BridgedGuest:
    """A module in the bridge, which lends it no more than any program's."""

    module: ScalarModule

    def send(self, message: bytes) -> tuple[int, bytes]:
        """Make a call; return the error word and the answer."""
        return self.module.call_wire("call", message)


class WiredGuest(Guest):
    """One instance of a module whose entries take messages."""

    def send(self, message: bytes, export: str = "call") -> tuple[int, bytes]:
        """Make a call; return the error word and the answer."""
        if len(message) > self.memory.data_len(self.store) - self.heap_base:
            raise ValueError("the message is too long")
        self.memory.write(self.store, message, self.heap_base)
        word = self.exports[export](self.store, self.heap_base, len(message))
        address, size = struct.unpack("<qq", self.memory.read(self.store, self.heap_base, self.heap_base + 16))
        assert 0 <= address <= address + size <= self.memory.data_len(self.store)
        return word, bytes(self.memory.read(self.store, address, address + size))


def messages(program: Program, args: list[Any]) -> tuple[bytes, int, bytes]:
    """Return the message that the arguments are, and the error word and the answer that the interpreter gives. The arguments change."""
    function = program.function(scalar_entries(program)[0][1])
    wire = Message()

    def write_arguments() -> None:
        for value, parameter in zip(args, function.params, strict=True):
            wire.write(value, parameter.type)

    write_arguments()
    sent, word = wire.keep(), 0
    try:
        result, _ = Interpreter(program).call(function.name, args)
    except (PythonRaised, GuardStop) as stop:
        word = stop.word
    else:
        wire.write(result, function.result)
    write_arguments()
    return sent, word, wire.keep()


def check_wired(program: Program, args: list[Any], guests: Sequence[Sends]) -> None:
    """Assert that guests answer as the interpreter does. The arguments change."""
    sent, word, answer = messages(program, args)
    for guest in guests:
        found = guest.send(sent)
        assert (found[0], found[1].hex(" ", 8)) == (word, answer.hex(" ", 8))


def guests_of(program: Program) -> list[WiredGuest]:
    """Return an instance of each variant of a program."""
    return [WiredGuest(build_scalar(program, options).wasm, fuel=10**12) for options in VARIANTS]


def bridged(program: Program) -> BridgedGuest:
    """Return a program in the bridge."""
    return BridgedGuest(ScalarModule(build_scalar(program).wasm))
