"""Reads and writes the outer structure of wasm modules (core specification, chapter 5: binary format)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from portalis.translator.backends.llvm.errors import InternalCompilerError

MAGIC = b"\0asm\1\0\0\0"
PAGE = 65536
CUSTOM, TYPE, IMPORT, FUNCTION, TABLE, MEMORY, GLOBAL, EXPORT, START, ELEMENT, CODE, DATA, DATA_COUNT = range(13)
I32 = 0x7F
T = TypeVar("T")


def unsigned(value: int) -> bytes:
    """Encode an unsigned LEB128 number."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def signed(value: int) -> bytes:
    """Encode a signed LEB128 number."""
    out = bytearray()
    while not -64 <= value < 64:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value & 0x7F)
    return bytes(out)


def padded(value: int) -> bytes:
    """Encode a number below 2**32 as LEB128 of exactly five bytes, the form that relocatable objects leave room for."""
    return bytes(value >> shift & 0x7F | (0x80 if shift < 28 else 0) for shift in range(0, 35, 7))


def sequence(data: bytes) -> bytes:
    """Prefix bytes with their length, as names and section bodies are written."""
    return unsigned(len(data)) + data


def section(number: int, body: bytes) -> bytes:
    """Write a section."""
    return bytes((number,)) + sequence(body)


def vector(items: list[bytes]) -> bytes:
    """Write a vector: the number of items, then the items."""
    return unsigned(len(items)) + b"".join(items)


class WasmReader:
    """A cursor over bytes."""

    def __init__(self, data: bytes, position: int = 0, end: int | None = None) -> None:
        self.data = data
        self.position = position
        self.end = len(data) if end is None else end

    @property
    def more(self) -> bool:
        """Whether anything is left."""
        return self.position < self.end

    def byte(self) -> int:
        """Read one byte."""
        self.position += 1
        return self.data[self.position - 1]

    def take(self, count: int) -> bytes:
        """Read `count` bytes."""
        if self.position + count > self.end:
            raise InternalCompilerError("a wasm section ends too early")
        self.position += count
        return self.data[self.position - count : self.position]

    def unsigned(self) -> int:
        """Read an unsigned LEB128 number."""
        result = shift = 0
        while True:
            byte = self.byte()
            result |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return result

    def signed(self) -> int:
        """Read a signed LEB128 number."""
        result = shift = 0
        while True:
            byte = self.byte()
            result |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return result - (1 << shift) if byte & 0x40 else result

    def name(self) -> str:
        """Read a name."""
        return self.take(self.unsigned()).decode("utf-8")

    def vector(self, item: Callable[[WasmReader], T]) -> list[T]:
        """Read a vector whose items `item` reads."""
        return [item(self) for _ in range(self.unsigned())]


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its number, for a custom section its name, and its body without both."""

    number: int
    name: str
    body: bytes


def read_sections(wasm: bytes) -> Iterator[Section]:
    """Yield a module's sections in order."""
    if wasm[:8] != MAGIC:
        raise InternalCompilerError("not a wasm module")
    reader = WasmReader(wasm, 8)
    while reader.more:
        number = reader.byte()
        body = WasmReader(reader.take(reader.unsigned()))
        name = body.name() if number == CUSTOM else ""
        yield Section(number, name, body.data[body.position :])
