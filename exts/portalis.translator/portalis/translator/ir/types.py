"""The types of the IR: closed, immutable, and the same for every back-end.

Every type is a *value* type. Python's mutable objects (lists, `Gf` vectors, a behaviour's `self`) are values here because the
front-end admits them only where no two live names can see one another's mutation; see frontend/ownership.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class IntType:
    """A Python int held in 64 bits; an operation whose result does not fit stops the call with a guard."""

    def __str__(self) -> str:
        return "int"


@dataclass(frozen=True, slots=True)
class FloatType:
    """IEEE 754 binary64."""

    def __str__(self) -> str:
        return "float"


@dataclass(frozen=True, slots=True)
class BoolType:
    """True or False; arithmetic on it is made explicit by `bool.to_int`."""

    def __str__(self) -> str:
        return "bool"


@dataclass(frozen=True, slots=True)
class NoneType:
    """The value None; it occupies no storage."""

    def __str__(self) -> str:
        return "None"


@dataclass(frozen=True, slots=True)
class StrType:
    """A str that is one of the program's constants, held as its index in `Program.strings`, which is sorted by code points."""

    def __str__(self) -> str:
        return "str"


@dataclass(frozen=True, slots=True)
class TupleType:
    """A tuple of known length; elements may differ in type."""

    items: tuple[Type, ...]

    def __str__(self) -> str:
        return f"tuple[{', '.join(map(str, self.items)) or '()'}]"


@dataclass(frozen=True, slots=True)
class ListType:
    """A list whose length is known at compile time and never changes."""

    item: Type
    length: int

    def __str__(self) -> str:
        return f"list[{self.item}, {self.length}]"


@dataclass(frozen=True, slots=True)
class VecType:
    """`Gf.Vec2/3/4` of doubles (`d`) or singles (`f`); elements of a single vector are floats that a single can hold."""

    size: Literal[2, 3, 4]
    scalar: Literal["d", "f"]

    def __str__(self) -> str:
        return f"Gf.Vec{self.size}{self.scalar}"


@dataclass(frozen=True, slots=True)
class QuatType:
    """`Gf.Quatd/Quatf`; elements in USD's memory order: i, j, k, real."""

    scalar: Literal["d", "f"]

    def __str__(self) -> str:
        return f"Gf.Quat{self.scalar}"


@dataclass(frozen=True, slots=True)
class MatrixType:
    """`Gf.Matrix3d/4d`; elements row by row (Gf matrices multiply row vectors)."""

    size: Literal[3, 4]

    def __str__(self) -> str:
        return f"Gf.Matrix{self.size}d"


@dataclass(frozen=True, slots=True)
class RecordType:
    """The fields of a behaviour class in the order in which the class declares them."""

    name: str
    fields: tuple[tuple[str, Type], ...]

    def __str__(self) -> str:
        return self.name

    def field(self, name: str) -> Type:
        """Return the type of field `name`; KeyError where there is none."""
        return dict(self.fields)[name]


Type: TypeAlias = IntType | FloatType | BoolType | NoneType | StrType | TupleType | ListType | VecType | QuatType | MatrixType | RecordType
Aggregate: TypeAlias = TupleType | ListType | VecType | QuatType | MatrixType | RecordType

INT, FLOAT, BOOL, NONE, STR = IntType(), FloatType(), BoolType(), NoneType(), StrType()
AGGREGATES = (TupleType, ListType, VecType, QuatType, MatrixType, RecordType)
GF_TYPES = (VecType, QuatType, MatrixType)


def elements(type_: Aggregate) -> tuple[Type, ...]:
    """Return the types of an aggregate's elements, in storage order."""
    match type_:
        case TupleType(items):
            return items
        case ListType(item, length):
            return (item,) * length
        case VecType(size, _):
            return (FLOAT,) * size
        case QuatType():
            return (FLOAT,) * 4
        case MatrixType(size):
            return (FLOAT,) * (size * size)
        case RecordType(_, fields):
            return tuple(item for _, item in fields)


def is_mutable(type_: Type) -> bool:
    """Tell whether CPython could change an object of this type in place (its own elements or those of something inside)."""
    match type_:
        case ListType() | VecType() | QuatType() | MatrixType() | RecordType():
            return True
        case TupleType(items):
            return any(map(is_mutable, items))
        case _:
            return False


Slot: TypeAlias = Literal["i64", "f64", "f32", "bool"]


def slots(type_: Type) -> tuple[Slot, ...]:
    """Flatten a type to the scalars that cross the sandbox's boundary, in storage order; None has none, a str is its index."""
    match type_:
        case IntType() | StrType():
            return ("i64",)
        case FloatType():
            return ("f64",)
        case BoolType():
            return ("bool",)
        case NoneType():
            return ()
        case VecType(size, scalar):
            return ("f64" if scalar == "d" else "f32",) * size
        case QuatType(scalar):
            return ("f64" if scalar == "d" else "f32",) * 4
        case _:
            return tuple(slot for item in elements(type_) for slot in slots(item))
