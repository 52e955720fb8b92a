"""How IR values lie in guest memory: every scalar takes one slot of 8 bytes, so that a layout is a count of slots.

A slot holds an i64 (int, str, and bool as 0 or 1) or a double; a float of a single vector is held as a double too.
A value of several classes is the number of its member, then the slots of that member; what is left over holds nothing in particular.
An aggregate is its slots in storage order, exactly as they cross the sandbox's boundary (`ir/abi.py`).
"""

from __future__ import annotations

import struct
from functools import cache
from itertools import accumulate

from portalis.translator.ir.types import AGGREGATES, Aggregate, RecordType, Slot, Type, UnionType

SLOT = 8
# The register of a scalar, by the slots that it takes.
_REGISTERS: dict[tuple[Slot, ...], str] = {("i64",): "i64", ("f64",): "double", ("bool",): "i1", (): "void"}
CANONICAL_NAN = "0x7FF8000000000000"


def slot_count(type_: Type) -> int:
    """Return how many slots a value of a type takes."""
    return type_.slot_count


@cache
def element_offsets(type_: Aggregate) -> tuple[int, ...]:
    """Return the first slot of each element, relative to the aggregate's first slot."""
    return (0, *accumulate(item.slot_count for item in type_.elements))[:-1]


@cache
def field_index(type_: RecordType, name: str) -> int:
    """Return the storage position of a record's field."""
    return [field for field, _ in type_.fields].index(name)


def is_aggregate(type_: Type) -> bool:
    """Tell whether values of a type are held in memory and passed by pointer."""
    return isinstance(type_, (*AGGREGATES, UnionType))


def register_type(type_: Type) -> str:
    """Return the LLVM type in which a value travels: scalars by value, aggregates as a pointer, None not at all."""
    return "ptr" if is_aggregate(type_) else _REGISTERS[type_.slots]


def argument_type(kind: str) -> str:
    """Return the LLVM type and attributes of an argument: a function compiled elsewhere relies on the bits beyond a bool's one."""
    return "i1 zeroext" if kind == "i1" else kind


def return_type(kind: str) -> str:
    """Return the LLVM type and attributes of a function's result: aggregates are written where the first argument says."""
    return {"ptr": "void", "i1": "zeroext i1"}.get(kind, kind)


def float_literal(value: float) -> str:
    """Write a double exactly, as LLVM's hexadecimal bit pattern; every NaN is the canonical one."""
    return CANONICAL_NAN if value != value else f"0x{struct.unpack('<Q', struct.pack('<d', value))[0]:016X}"


def float_bits(value: float) -> int:
    """Return a double's bits as the unsigned number that `float_literal` would write."""
    return int(float_literal(value), 16)
