"""What a call changed in the caller's own objects, put into them in place; and which may not be passed because nobody could tell."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from portalis.translator.calling.classes import Numberable
from portalis.translator.calling.tables import recipe
from portalis.translator.calling.values import member_of, parts
from portalis.translator.diagnostics import GuardError
from portalis.translator.ir.hashing import hash_varies
from portalis.translator.ir.types import (
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

_FLOAT = struct.Struct("<d")


@dataclass(frozen=True, slots=True)
class Change:
    """What one of the caller's objects holds afterwards: `made` holds the same `items`, of a dict its pairs, in the same order."""

    target: Any
    type: Numberable
    made: Any
    items: Sequence[Any]

    def require_exact(self) -> None:
        """Raise GuardError where what CPython does to the object cannot be told from what it holds afterwards."""
        match self.type:
            case LibraryRef():
                return
            case ListRef(item):
                if item.mutable and not all(same(old, new, item) for old, new in zip(self.target, self.items, strict=False)):
                    raise GuardError(f"an element of a list of {item} changed, and the caller may know it by another name")
            case DictRef(_, value):
                if value.mutable and not all(same(old, self.made[key], value) for key, old in self.target.items() if key in self.made):
                    raise GuardError(f"a value of a dict of {value} changed, and the caller may know it by another name")
            case SetRef(item):
                if not hash_varies(item) and list(self.made) != list(self.items):
                    raise GuardError("the order in which a set iterates would not be CPython's")
            case _:
                assert_never(self.type)

    def apply(self) -> None:
        """Change the object; what is the same afterwards stays the very object that it was."""
        match self.type:
            case LibraryRef():
                self.target[:] = self.made
            case ListRef(item):
                kept = _kept(self.target, self.items, item)
                self.target[:] = [*kept, *self.items[len(kept) :]]
            case DictRef(key_type, value_type):
                if not _same_pairs(list(self.target.items()), self.items, key_type, value_type):
                    self.target.clear()
                    self.target.update(self.items)
            case SetRef(item):
                before = list(self.target)
                if len(before) != len(self.items) or not all(same(old, new, item) for old, new in zip(before, self.items, strict=True)):
                    self.target.clear()
                    # What only stands for a set, where answers are compared, iterates as it is told.
                    fill = None if hash_varies(item) or type(self.target) is not set else recipe(self.items)
                    self.target.update(self.items) if fill is None else fill(self.target)
            case _:
                assert_never(self.type)


def _kept(before: Sequence[Any], after: Sequence[Any], item: Type) -> Sequence[Any]:
    """Return the elements afterwards, as far as there were some before: what is the same is the object that was there."""
    pairs = zip(before, after, strict=False)
    match item:
        case IntType() | WideType() | BoolType() | NoneType() | NeverType() | TextType() | StrType():
            return [old if old == new else new for old, new in pairs]
        case FloatType():
            # Zeros of either sign are equal, so that the one that came is taken.
            return [old if old == new and old else new for old, new in pairs]
        case ListRef(frozen=False) | DictRef() | SetRef(frozen=False) | LibraryRef():
            return after[: len(before)]
        case ListRef() | SetRef() | TupleType() | ListType() | VecType() | QuatType() | MatrixType() | RecordType() | UnionType():
            return [old if same(old, new, item) else new for old, new in pairs]
        case _:
            assert_never(item)


def same(left: Any, right: Any, type_: Type) -> bool:
    """Tell whether two values of a type are the same: floats by their bits, any NaN being the same as any other, objects by identity."""
    match type_:
        case FloatType():
            return (left == right and _FLOAT.pack(left) == _FLOAT.pack(right)) or (left != left and right != right)
        case IntType() | WideType() | BoolType() | NoneType() | NeverType() | TextType() | StrType():
            return bool(left == right)
        case ListRef(item, frozen=True) | SetRef(item, frozen=True):
            return len(left) == len(right) and all(same(one, other, item) for one, other in zip(left, right, strict=True))
        case ListRef() | DictRef() | SetRef() | LibraryRef():
            return left is right
        case UnionType():
            member = member_of(left, type_)
            return type(left) is type(right) and member is not None and same(left, right, member)
        case TupleType() | ListType() | VecType() | QuatType() | MatrixType() | RecordType():
            return all(map(same, parts(left, type_), parts(right, type_), type_.elements))
        case _:
            assert_never(type_)


def _same_pairs(left: Sequence[tuple[Any, Any]], right: Sequence[tuple[Any, Any]], first: Type, second: Type) -> bool:
    return len(left) == len(right) and all(same(a, c, first) and same(b, d, second) for (a, b), (c, d) in zip(left, right, strict=True))


def refuse_shared_values(arguments: Sequence[Any], types: Sequence[Type]) -> None:
    """Raise GuardError where an object that can change but is a value here, such as a vector, is passed twice: no message tells of it."""
    seen: set[int] = set()
    visited: set[int] = set()
    for value, type_ in zip(arguments, types, strict=True):
        if _holds_values(type_):
            for identity in _values_in(value, type_, visited):
                if identity in seen:
                    raise GuardError("one object that can change is passed twice")
                seen.add(identity)


def _values_in(value: Any, type_: Type, visited: set[int]) -> Iterable[int]:
    """Yield the identities of the mutable values in a value whose type holds some."""
    match type_:
        case VecType() | QuatType() | MatrixType():
            yield id(value)
        case ListRef() | DictRef():
            inner = type_.item if isinstance(type_, ListRef) else type_.value
            if id(value) not in visited:
                visited.add(id(value))
                for element in value if isinstance(type_, ListRef) else value.values():
                    yield from _values_in(element, inner, visited)
        case UnionType():
            member = member_of(value, type_)
            if member is not None:
                yield from _values_in(value, member, visited)
        case TupleType(items):
            for element, item in zip(value, items, strict=True):
                if _holds_values(item):
                    yield from _values_in(element, item, visited)
        case IntType() | WideType() | FloatType() | BoolType() | NoneType() | NeverType() | StrType() | TextType() | SetRef():
            return
        case LibraryRef(python_class="bytearray"):
            return
        case ListType() | RecordType() | LibraryRef():
            raise AssertionError(f"no message holds a {type_}")
        case _:
            assert_never(type_)


def _holds_values(type_: Type) -> bool:
    if isinstance(type_, ListRef | DictRef):
        return _holds_values(type_.contents[-1])
    if isinstance(type_, UnionType):
        return any(map(_holds_values, type_.members))
    return type_.mutable or any(map(_holds_values, type_.elements))
