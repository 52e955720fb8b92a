"""Tuples and lists from their parts, and parts from tuples and lists."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import assert_never

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, element_at, hold, is_simple, once
from portalis.translator.frontend.facts.model import NO_ROOTS, Build, Constant, Fact, Known, Step, first_unknown
from portalis.translator.ir.types import (
    MAX_PARTS,
    NONE,
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

MAX_LENGTH = 1024
# What a built-in does with each element is written out for so many at most; for more it is a loop of the library's.
MAX_WRITTEN_OUT = 16


def item(value: Known, index: int) -> Known:
    """Return element `index` (in storage order) of a tuple or list that is already evaluated."""
    assert isinstance(value.type, TupleType | ListType)
    if value.items is not None and all(map(is_simple, value.items)):
        return value.items[index]
    return element_at(value, index, value.type.elements[index])


def item_type(type_: Type) -> Type | None:
    """Return the type that all elements of a tuple or list have, or None where they differ (or there are none)."""
    match type_:
        case ListType(inner, _):
            return inner
        case TupleType(items):
            return items[0] if items and all(one == items[0] for one in items) else None
        case IntType() | FloatType() | BoolType() | NoneType() | StrType() | VecType() | QuatType() | MatrixType() | RecordType():
            return None
        case NeverType() | TextType() | WideType() | ListRef() | DictRef() | SetRef() | LibraryRef() | UnionType():
            return None
        case _:
            assert_never(type_)


def is_long(type_: Type) -> bool:
    """Tell whether a tuple or list has many elements of one type, so that a loop goes over them."""
    return isinstance(type_, TupleType | ListType) and len(type_.elements) > MAX_WRITTEN_OUT and item_type(type_) is not None


def parts_of(infer: Inference, value: Known, steps: list[Step]) -> list[Known]:
    """Return the elements of a tuple or list, evaluated once by `steps`."""
    assert isinstance(value.type, TupleType | ListType)
    if isinstance(value.operation, Build):
        parts = value.items or tuple(_part(value, one) for one in value.operation.items)
        if all(map(is_simple, parts)):
            return list(parts)
    held = once(infer, value, "parts", steps)
    return [item(held, index) for index in range(len(value.type.elements))]


def make_tuple(infer: Inference, node: ast.AST, values: Sequence[Fact]) -> Fact:
    """Return a tuple of values that are evaluated in this order."""
    unknown = first_unknown(*values)
    if unknown is not None:
        return unknown
    known = [value for value in values if isinstance(value, Known)]
    type_ = TupleType(tuple(value.type for value in known))
    if len(known) > MAX_LENGTH:
        return infer.refuse("P0005", node, f"a tuple of {len(known)} elements is too long", f"keep tuples up to {MAX_LENGTH} elements")
    if type_.parts > MAX_PARTS:
        return _refuse_parts(infer, node, type_)
    roots, tangled = _gathered(known)
    return Known(infer.span(node), type_, Build(tuple(known)), roots, None, tangled, tuple(known))


def make_list(infer: Inference, node: ast.AST, values: Sequence[Fact]) -> Fact:
    """Return a list of values of one type."""
    unknown = first_unknown(*values)
    if unknown is not None:
        return unknown
    known = [value for value in values if isinstance(value, Known)]
    types = list(dict.fromkeys(value.type for value in known))
    if len(types) > 1:
        seen = ", ".join(map(str, types))
        hint = "write 0.0 instead of 0" if {str(one) for one in types} == {"int", "float"} else "a tuple may mix types"
        return infer.refuse("P0319", node, f"the list's elements have different types: {seen}", f"give them one type ({hint})")
    if len(known) > MAX_LENGTH:
        return infer.refuse("P0005", node, f"a list of {len(known)} elements is too long", f"keep lists up to {MAX_LENGTH} elements")
    type_ = ListType(types[0] if types else NONE, len(known))
    if type_.parts > MAX_PARTS:
        return _refuse_parts(infer, node, type_)
    roots, tangled = _gathered(known)
    return Known(infer.span(node), type_, Build(tuple(known)), roots, None, tangled)


def _refuse_parts(infer: Inference, node: ast.AST, type_: TupleType | ListType) -> Fact:
    return infer.refuse(
        "P0005",
        node,
        f"this would hold {type_.parts} values, all nested ones counted; {MAX_PARTS} are the most",
        "keep less in one value: a tuple that holds another twice has twice its size",
    )


def make(infer: Inference, node: ast.AST, like: Type, values: Sequence[Fact]) -> Fact:
    """Return a tuple or list, as `like` is one."""
    return make_tuple(infer, node, values) if isinstance(like, TupleType) else make_list(infer, node, values)


def concatenate(infer: Inference, node: ast.AST, left: Known, right: Known) -> Fact:
    """Return `left + right` of two tuples or two lists."""
    steps: list[Step] = []
    if not (isinstance(left.operation, Build) and isinstance(right.operation, Build)):
        left, right = once(infer, left, "left", steps), once(infer, right, "right", steps)
    built = make(infer, node, left.type, [*_stored_parts(left), *_stored_parts(right)])
    return after(infer.span(node), steps, built) if isinstance(built, Known) else built


def repeat(infer: Inference, node: ast.AST, value: Known, count: Known) -> Fact:
    """Return `value * count` of a tuple or list."""
    assert isinstance(value.type, TupleType | ListType)
    if not isinstance(count.constant, int):
        return infer.refuse(
            "P0106",
            node,
            "the length of this list is not known when it is translated",
            "repeat by a constant: [0.0] * 8; a module constant will do",
        )
    times = max(0, count.constant)
    if times * len(value.type.elements) > MAX_LENGTH:
        return infer.refuse("P0005", node, "this list is too long for a translation", f"keep lists up to {MAX_LENGTH} elements")
    steps: list[Step] = []
    parts = _stored_parts(value)
    if not all(isinstance(one.operation, Constant) for one in parts):
        held = hold(infer, value, "repeated", steps)
        parts = _stored_parts(Known(held.span, held.type, held.operation, held.roots, None, held.tangled))
    tangled = value.tangled or (any(one.type.mutable for one in parts) and times > 1)
    span = infer.span(node)
    if times == 0 and isinstance(value.type, ListType):
        return after(span, steps, Known(span, ListType(value.type.item, 0), Build(()), value.roots, None, tangled))
    built = make(infer, node, value.type, parts * times)
    if not isinstance(built, Known):
        return built
    return after(span, steps, Known(span, built.type, built.operation, value.roots, None, tangled))


def _gathered(values: Sequence[Known]) -> tuple[frozenset[str], bool]:
    """Return the roots that an aggregate of `values` shares with, and whether two of its parts may be the same object."""
    roots: frozenset[str] = NO_ROOTS
    tangled = False
    for value in values:
        if value.type.mutable:
            tangled = tangled or value.tangled or bool(roots & value.roots)
            roots |= value.roots
    return roots, tangled


def _part(value: Known, one: Known) -> Known:
    return Known(one.span, one.type, one.operation, value.roots, tangled=value.tangled)


def _stored_parts(value: Known) -> list[Known]:
    assert isinstance(value.type, TupleType | ListType)
    if isinstance(value.operation, Build) and value.items is None:
        return [_part(value, one) for one in value.operation.items]
    return [item(value, index) for index in range(len(value.type.elements))]
