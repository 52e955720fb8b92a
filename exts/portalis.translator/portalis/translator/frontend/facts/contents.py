"""What types hold: walks over them, and types with other contents. What holds objects of its own type is a knot (`ir/types.py`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeAlias, TypeGuard

from portalis.translator.frontend.read.patterns.groups import groups_of_both
from portalis.translator.ir.types import (
    BYTEARRAY,
    NEVER,
    DictRef,
    LibraryRef,
    ListRef,
    SetRef,
    TupleType,
    Type,
    UnionType,
    members_of,
)

Contents: TypeAlias = tuple[Type, ...]
# How deep containers that grow may hold one another.
MAX_NESTING = 7
# How often lists may directly hold lists, and dicts dicts, before they are of one type that holds itself.
MAX_LEVELS = 4


def is_deep(types: Iterable[Type], left: int = MAX_NESTING) -> bool:
    """Tell whether types hold types that hold types… beyond what a program means: those of `x = [x]` in a loop never settle."""
    for type_ in types:
        inner: tuple[Type, ...] = ()
        if isinstance(type_, ListRef | DictRef | SetRef):
            inner = contents_of(type_)
        elif isinstance(type_, UnionType | TupleType):
            inner = parts_of(type_)
        # A union is no step down.
        if inner and (not left or is_deep(inner, left - (not isinstance(type_, UnionType)))):
            return True
    return False


def known_of_both(left: LibraryRef, right: LibraryRef) -> tuple[str, ...] | None:
    """Return what the types of two objects of one class tell of either."""
    if left.known == right.known or not left.knows_groups:
        return left.known if left.known == right.known else None
    return groups_of_both(left.known, right.known)


def parts_of(type_: UnionType | TupleType) -> tuple[Type, ...]:
    """Return the types of a tuple's elements, each once, or of a union's members."""
    return type_.members if isinstance(type_, UnionType) else tuple(dict.fromkeys(type_.items))


def as_any_length(type_: Type) -> ListRef | None:
    """Return a tuple's type as that of a tuple of any length; None where its elements differ in type, or it is none."""
    if isinstance(type_, ListRef):
        return type_ if type_.frozen else None
    if not isinstance(type_, TupleType) or type_.named:
        return None
    items = type_.items
    return ListRef(items[0] if items else NEVER, frozen=True) if all(item == items[0] for item in items) else None


def holds_changeable(type_: Type) -> bool:
    """Tell whether a value of a type is, or holds, an object by reference that can change."""
    if type_ == BYTEARRAY or isinstance(type_, DictRef) or (isinstance(type_, ListRef | SetRef) and not type_.frozen):
        return True
    inner = contents_of(type_) if isinstance(type_, ListRef | DictRef | SetRef) else members_of(type_)
    # Each type once: a tuple of one value twice, of such a tuple twice, and so on, has many elements and few types.
    return any(map(holds_changeable, inner if inner != (type_,) else dict.fromkeys(type_.elements)))


def contents_of(type_: ListRef | DictRef | SetRef) -> Contents:
    """Return the types that an object of a type holds: of its elements, or of its keys and values; of a knot those beside itself."""
    return (type_.item,) if isinstance(type_, SetRef) else type_.contents


def with_contents(type_: ListRef | DictRef | SetRef, contents: Contents) -> ListRef | DictRef | SetRef:
    """Return a type whose objects hold other types, in the place of those that `contents_of` gives."""
    if isinstance(type_, SetRef) or type_.beside is None:
        return holding(type_, contents)
    return tied_with(type_, contents)


def held_by(type_: ListRef | DictRef | SetRef) -> Contents:
    """Return the types of an object's elements, or of its keys and values, its own type with them where it holds such objects."""
    return (type_.key, type_.value) if isinstance(type_, DictRef) else (type_.item,)


def holding(type_: ListRef | DictRef | SetRef, held: Contents) -> ListRef | DictRef | SetRef:
    """Return a type whose objects have elements, or keys and values, of these types."""
    if isinstance(type_, SetRef):
        return replace(type_, item=held[0])
    if isinstance(type_, ListRef):
        return replace(type_, item=held[0], beside=None)
    key, value = held
    return replace(type_, key=key, value=value, beside=None)


def is_knot(type_: ListRef | DictRef | SetRef) -> bool:
    """Tell whether objects of a type hold objects of that type."""
    return not isinstance(type_, SetRef) and type_.beside is not None


def tied_with(type_: ListRef | DictRef | SetRef, contents: Contents) -> ListRef | DictRef | SetRef:
    made = holding(type_, (*contents[:-1], NEVER))
    assert not isinstance(made, SetRef)
    return replace(made, beside=contents[-1])


def nests(type_: Type, levels: int) -> bool:
    """Tell whether objects of a type hold some of their class, which hold such, and so on, for more levels."""
    if isinstance(type_, SetRef) or not can_be_tied(type_, type_):
        return False
    return not levels or any(nests(one, levels - 1) for one in members_of(type_.held) if type(one) is type(type_) and type_.beside is None)


def can_be_tied(type_: Type, first: Type) -> TypeGuard[ListRef | DictRef]:
    """Tell whether objects of a type may hold one another and those of `first`, which is of its class."""
    if isinstance(type_, DictRef):
        return isinstance(first, DictRef) and type_.kind == first.kind
    return isinstance(type_, ListRef) and not type_.frozen and isinstance(first, ListRef)
