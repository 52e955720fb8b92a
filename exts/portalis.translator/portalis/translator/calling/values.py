"""Python values to slots and back: what a call into the sandbox takes, gives, and changes in place."""

from __future__ import annotations

import copy
import functools
import importlib
import reprlib
from collections import namedtuple
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, assert_never

from portalis.translator.calling.classes import is_of_class
from portalis.translator.diagnostics import GuardError
from portalis.translator.ir.ops import INT_MAX, INT_MIN
from portalis.translator.ir.types import (
    AGGREGATES,
    GF_TYPES,
    Aggregate,
    BoolType,
    DictRef,
    FloatType,
    IntType,
    LibraryRef,
    ListRef,
    ListType,
    MatrixType,
    NeverType,
    NoneType,
    QuatType,
    RecordType,
    SetRef,
    StrType,
    TextType,
    TupleType,
    Type,
    UnionType,
    VecType,
    WideType,
)

SlotValue = int | float
NO_CLASSES: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class StandIn:
    """A `Gf` value where no OpenUSD is loaded: its type, and its elements in storage order."""

    type: VecType | QuatType | MatrixType
    numbers: tuple[float, ...]

    def __repr__(self) -> str:
        numbers = (*self.numbers[3:], *self.numbers[:3]) if isinstance(self.type, QuatType) else self.numbers
        return f"{self.type}({', '.join(map(repr, numbers))})"


def deep_copy(value: Any, memo: dict[int, Any] | None = None) -> Any:
    """Copy a value and what is in it as `copy.deepcopy` does, and quaternions, which OpenUSD does not let it copy."""
    memo = {} if memo is None else memo
    pending, seen = [value], set[int]()
    while pending:
        item = pending.pop()
        if type(item).__name__.startswith("Quat") and type(item).__module__ == "pxr.Gf":
            memo[id(item)] = type(item)(item)
        elif isinstance(item, list | tuple | set | frozenset | dict) and id(item) not in seen:
            seen.add(id(item))
            pending += (*item, *item.values()) if isinstance(item, dict) else item
    return copy.deepcopy(value, memo)


def gf_class(type_: VecType | QuatType | MatrixType) -> Any:
    """Return the `pxr.Gf` class that a type stands for."""
    return getattr(importlib.import_module("pxr.Gf"), str(type_).removeprefix("Gf."))


def parts(value: Any, type_: Aggregate) -> list[Any]:
    """List an aggregate's elements in storage order; a quaternion's are i, j, k, real, a matrix's go row by row."""
    if type(value) is StandIn:
        return list(value.numbers)
    match type_:
        case QuatType():
            return [*value.GetImaginary(), value.GetReal()]
        case MatrixType(size):
            return [value[row, column] for row in range(size) for column in range(size)]
        case RecordType(_, fields):
            return [getattr(value, name) for name, _ in fields]
        case TupleType() | ListType() | VecType():
            return list(value)
        case _:
            assert_never(type_)


def is_tuple_of(value: Any, type_: TupleType) -> bool:
    """Tell whether a value is of the very class that a type of tuples says; of a program's own class its name and fields are known."""
    kind = type(value)
    if not type_.named:
        return kind is tuple
    return issubclass(kind, tuple) and kind.__name__ == type_.named and getattr(kind, "_fields", None) == type_.fields


def tuple_of(items: Iterable[Any], type_: TupleType, classes: Mapping[str, Any] = NO_CLASSES) -> tuple[Any, ...]:
    """Return a tuple, where a type says that it is one of a program's own of the class that is known by its name, else of one of ours."""
    if not type_.named:
        return tuple(items)
    kind = classes.get(type_.named)
    return tuple.__new__(kind if isinstance(kind, type) else _named_class(type_.named, type_.fields), items)


def classes_in(values: Iterable[Any]) -> Mapping[str, type]:
    """Return the classes of the named tuples among values that crossed as slots, by name: a result of one of them is of this class."""
    found: dict[str, type] = {}
    for value in values:
        if isinstance(value, tuple):
            found |= classes_in(value)
            if type(value) is not tuple:
                found[type(value).__name__] = type(value)
    return found


@functools.cache
def _named_class(name: str, fields: tuple[str, ...]) -> type[tuple[Any, ...]]:
    return namedtuple(name, fields)


def member_of(value: Any, type_: UnionType) -> Type | None:
    """Return the member of which exactly a value is; None where it is of none."""
    kind: type = getattr(type(value), "stands_for", type(value))
    found = type_.member(str(value.type) if type(value) is StandIn else kind.__name__)
    if found is None or type(value) is StandIn or isinstance(found, GF_TYPES):
        return found
    if isinstance(found, DictRef):
        return found if is_of_class(value, found) else None
    same = is_tuple_of(value, found) if isinstance(found, TupleType) else kind is _CLASSES.get(found.python_class)
    return found if same else None


_CLASSES: dict[str, type] = {
    kind.__name__: kind for kind in (type(None), bool, int, float, complex, str, bytes, bytearray, tuple, list, dict, set, frozenset)
}


def mismatch(value: Any, type_: Type, strings: Sequence[str]) -> str | None:
    """Say why a value is not exactly of a type, or None where it is. Nothing is converted: an int is not a float, a bool not an int."""
    match type_:
        case IntType():
            if type(value) is not int:
                return not_a("an int", value)
            return None if INT_MIN <= value <= INT_MAX else "an int beyond 64 bits"
        case FloatType():
            return None if type(value) is float else not_a("a float", value)
        case BoolType():
            return None if type(value) is bool else not_a("a bool", value)
        case NoneType():
            return None if value is None else not_a("None", value)
        case StrType():
            if type(value) is not str:
                return not_a("a str", value)
            return None if value in strings else f"the str {value!r} is not one of the program's constants"
        case TupleType() | ListType():
            if not (is_tuple_of(value, type_) if isinstance(type_, TupleType) else type(value) is list):
                return not_a(f"a {type_.python_class}", value)
            items = type_.elements
            if len(value) != len(items):
                return f"a {type_.python_class} of {len(items)} elements was expected, this one has {len(value)}"
            found = (mismatch(item, item_type, strings) for item, item_type in zip(value, items, strict=True))
            return next((reason for reason in found if reason), None)
        case VecType() | QuatType() | MatrixType():
            return None if type(value) is gf_class(type_) else not_a(f"a {type_}", value)
        case RecordType(name, fields):
            found = (mismatch(getattr(value, field), field_type, strings) for field, field_type in fields)
            return next((f"`{name}`: {reason}" for reason in found if reason), None)
        case NeverType() | TextType() | WideType() | ListRef() | DictRef() | SetRef() | LibraryRef() | UnionType():
            raise AssertionError(f"{type_} crosses no boundary in slots")
        case _:
            assert_never(type_)


def not_a(wanted: str, value: Any) -> str:
    """Say that a value is none of what was wanted, showing no more of it than can be read."""
    return f"{wanted} was expected, this is {type(value).__name__} {_shortened().repr(value)}"


@functools.cache
def _shortened() -> reprlib.Repr:
    made = reprlib.Repr()
    made.maxlist = made.maxtuple = made.maxdict = made.maxset = 20
    made.maxstring = made.maxlong = made.maxother = 200
    return made


def flatten(value: Any, type_: Type, strings: Sequence[str]) -> Iterator[SlotValue]:
    """Yield the slots of a value that `mismatch` found nothing wrong with."""
    match type_:
        case NoneType():
            return
        case StrType():
            yield strings.index(value)
        case IntType() | FloatType():
            yield value
        case BoolType():
            yield int(value)
        case TupleType() | ListType() | VecType() | QuatType() | MatrixType() | RecordType():
            for item, item_type in zip(parts(value, type_), type_.elements, strict=True):
                yield from flatten(item, item_type, strings)
        case NeverType() | TextType() | WideType() | ListRef() | DictRef() | SetRef() | LibraryRef() | UnionType():
            raise AssertionError(f"{type_} crosses no boundary in slots")
        case _:
            assert_never(type_)


def build(type_: Type, slots: Iterator[SlotValue], strings: Sequence[str], classes: Mapping[str, Any] = NO_CLASSES) -> Any:
    """Make a Python value from its slots, named tuples of these classes. A record comes as a dict of its fields."""
    match type_:
        case NoneType():
            return None
        case StrType():
            return strings[int(next(slots))]
        case IntType():
            return int(next(slots))
        case FloatType():
            return float(next(slots))
        case BoolType():
            return bool(next(slots))
        case TupleType(items):
            return tuple_of([build(item, slots, strings, classes) for item in items], type_, classes)
        case ListType(item, length):
            return [build(item, slots, strings, classes) for _ in range(length)]
        case VecType(size, _):
            return gf_class(type_)(*(float(next(slots)) for _ in range(size)))
        case QuatType():
            i, j, k, real = (float(next(slots)) for _ in range(4))
            return gf_class(type_)(real, i, j, k)
        case MatrixType(size):
            return gf_class(type_)(*(float(next(slots)) for _ in range(size * size)))
        case RecordType(_, fields):
            return {name: build(field, slots, strings) for name, field in fields}
        case NeverType() | TextType() | WideType() | ListRef() | DictRef() | SetRef() | LibraryRef() | UnionType():
            raise AssertionError(f"{type_} crosses no boundary in slots")
        case _:
            assert_never(type_)


def nest(type_: Type, slots: Iterator[SlotValue], strings: Sequence[str]) -> Any:
    """Make an interpreter's value from slots: like `build`, with every aggregate as a list in storage order."""
    if isinstance(type_, AGGREGATES):
        return [nest(item, slots, strings) for item in type_.elements]
    return build(type_, slots, strings)


def write_back(target: Any, type_: Type, changed: Any) -> None:
    """Make `target` equal to `changed` in place, keeping the identity of every mutable object inside."""
    match type_:
        case ListType(item, _):
            for index, part in enumerate(changed):
                if item.mutable:
                    write_back(target[index], item, part)
                else:
                    target[index] = part
        case TupleType(items):
            for index, item in enumerate(items):
                if item.mutable:
                    write_back(target[index], item, changed[index])
        case VecType(size, _):
            for index in range(size):
                target[index] = changed[index]
        case QuatType():
            target.SetImaginary(changed.GetImaginary())
            target.SetReal(changed.GetReal())
        case MatrixType(size):
            for row in range(size):
                target.SetRow(row, changed.GetRow(row))
        case RecordType(_, fields):
            for name, _ in fields:
                setattr(target, name, changed[name])
        case IntType() | FloatType() | BoolType() | NoneType() | StrType():
            raise TypeError(f"{type_} cannot change in place")
        case NeverType() | TextType() | WideType() | ListRef() | DictRef() | SetRef() | LibraryRef() | UnionType():
            raise AssertionError(f"{type_} crosses no boundary in slots")
        case _:
            assert_never(type_)


def mutable_objects(value: Any, type_: Type) -> Iterator[int]:
    """Yield the identity of every mutable object in a value, itself included."""
    match type_:
        case ListType() | VecType() | QuatType() | MatrixType() | RecordType():
            yield id(value)
        case TupleType() | IntType() | FloatType() | BoolType() | NoneType() | StrType():
            pass
        case NeverType() | TextType() | WideType() | ListRef() | DictRef() | SetRef() | LibraryRef() | UnionType():
            raise AssertionError(f"{type_} crosses no boundary in slots")
        case _:
            assert_never(type_)
    if type_.mutable and isinstance(type_, ListType | TupleType):
        for item, item_type in zip(value, type_.elements, strict=True):
            yield from mutable_objects(item, item_type)


def refuse_aliases(arguments: Sequence[Any], types: Sequence[Type]) -> None:
    """Raise GuardError where one mutable object is reachable twice: values cannot show that a change to one changes the other."""
    seen: set[int] = set()
    for value, type_ in zip(arguments, types, strict=True):
        for identity in mutable_objects(value, type_):
            if identity in seen:
                raise GuardError("one object is passed twice to a function that changes its arguments")
            seen.add(identity)
