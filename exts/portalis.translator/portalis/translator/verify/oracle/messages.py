"""What a judge asks an oracle to load, and what it hears of it: dataclasses, sent as `work/codec.py` writes them.

Values travel as slots (`ir/abi.py`), eight bytes each: a float as f64, everything else as i64. What refers to objects, and all arguments
of an entry that takes or gives some, travels as a message (`ir/wire.py`).
"""

from __future__ import annotations

import functools
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portalis.translator.calling.values import SlotValue
from portalis.translator.ir.types import Slot, Type

_LENGTH = struct.Struct("<I")
# The place of a decision: line, column, end line and end column as `ast` counts them, and its kind.
Place = tuple[int, int, int, int, str]
# Of an answer that is a message: more is not compared.
WIRE_LIMIT = 1 << 16
# Of those that hold a module's state as well.
STATE_LIMIT = 1 << 21


@dataclass(frozen=True)
class EntryRequest:
    """One entry to be called: a function, or a method of the class (`method` is then its name, its first parameter the class's state).

    Its cases are numbered: `examples` of the module's, as many as the second number says from the first on; then `count` cases whose
    arguments are the slots in `cases`; then `aliased` of those again with one object for both parameters of `twin`. Of an entry that
    crosses by wire, `cases` are messages as `join_messages` writes them, no case comes again, and answers have at most so many bytes.
    """

    method: str
    parameters: tuple[Type, ...]
    result: Type
    examples: tuple[int, int]
    cases: bytes
    count: int
    twin: tuple[int, int] | None
    aliased: int
    tells: bool = False
    prints: bool = False
    most: int = WIRE_LIMIT

    @property
    def by_wire(self) -> bool:
        """Whether it takes or gives objects by reference, texts that come with errors, or what was printed."""
        return self.tells or self.prints or self.result.refers or any(type_.refers for type_ in self.parameters)


@dataclass(frozen=True)
class ImportFailure:
    """CPython raised when it imported the module, at this line."""

    line: int
    text: str


@dataclass(frozen=True)
class CompiledModule:
    """What may be executed of a module, as marshalled code: with our library, and where it `drifts` with the platform's libm, too.

    `examples` are the arguments of each example, as a tuple of code and one of names with code. `raises` are the lines of its `raise`
    statements, `decisions` those of the decisions asked about that it has.
    """

    code: bytes
    drifts: bool
    examples: bytes
    raises: tuple[int, ...]
    decisions: tuple[int, ...]


@dataclass(frozen=True)
class LoadRequest:
    """A module and what of it will be called. `path` is its name in tracebacks, `name` its function or class."""

    module: CompiledModule | ImportFailure
    path: str
    name: str
    strings: tuple[str, ...]
    recursive: tuple[str, ...]
    entries: tuple[EntryRequest, ...]
    fields: tuple[tuple[str, Type], ...]
    state: tuple[tuple[str, Type], ...] = ()


@dataclass(frozen=True)
class ModuleValue:
    """A value that the module gives without being called, as slots or as a message, or why it is none (not of its type, or it raised)."""

    packed: bytes
    why_not: str


@dataclass(frozen=True)
class LoadedEntry:
    """What an entry is called with: for each example its arguments, None where making them raised; for each parameter its default."""

    examples: tuple[ModuleValue | None, ...]
    defaults: tuple[ModuleValue | None, ...]


@dataclass(frozen=True)
class Loaded:
    """The module is there: the state that its class starts from, and its entries.

    `state` are the module's own variables, each in a list that holds its value or nothing, as one message.
    """

    initial: tuple[ModuleValue, ...]
    entries: tuple[LoadedEntry, ...]
    state: ModuleValue | None = None


@dataclass(frozen=True)
class LoadAnswer:
    """What loading gave."""

    loaded: Loaded | ImportFailure


def join_messages(messages: Iterable[bytes]) -> bytes:
    """Return messages one after the other, each behind its length."""
    return b"".join([_LENGTH.pack(len(message)) + message for message in messages])


def split_messages(data: bytes) -> list[bytes]:
    """Undo `join_messages`."""
    found, at = [], 0
    while at < len(data):
        (length,) = _LENGTH.unpack_from(data, at)
        at += _LENGTH.size
        found.append(data[at : at + length])
        at += length
    return found


@functools.lru_cache(maxsize=1024)
def slot_format(slots: tuple[Slot, ...]) -> struct.Struct:
    """Return the layout of values with these slots."""
    return struct.Struct("<" + "".join("d" if slot in ("f64", "f32") else "q" for slot in slots))


def slots_of(types: Iterable[Type]) -> tuple[Slot, ...]:
    """List the slots of several values."""
    return tuple(slot for type_ in types for slot in type_.slots)


def unpack_slots(slots: tuple[Slot, ...], data: bytes) -> tuple[SlotValue, ...]:
    """Return the numbers behind slots; ValueError where these are no such slots."""
    layout = slot_format(slots)
    if len(data) != layout.size:
        raise ValueError(f"{len(data)} bytes came where {layout.size} were expected")
    return layout.unpack(data)


def pack_slots(slots: tuple[Slot, ...], values: Sequence[SlotValue]) -> bytes:
    """Return numbers as slots."""
    return slot_format(slots).pack(*values)


def require_values(types: Iterable[Type], values: Sequence[SlotValue], strings: int) -> None:
    """Raise ValueError where a number is none that a slot of these types can hold: a bool is 0 or 1, a str is one of so many."""
    for leaf, value in zip((leaf for type_ in types for leaf in _leaf_limits(type_)), values, strict=True):
        if leaf == "bool" and value not in (0, 1):
            raise ValueError(f"{value} came where a bool was expected")
        if leaf == "str" and not 0 <= value < strings:
            raise ValueError(f"{value} came where one of {strings} strings was expected")


@functools.lru_cache(maxsize=1024)
def _leaf_limits(type_: Type) -> tuple[str, ...]:
    if type_.elements:
        return tuple(leaf for item in type_.elements for leaf in _leaf_limits(item))
    return (str(type_),) if type_.slots else ()
