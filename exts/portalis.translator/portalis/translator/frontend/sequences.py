"""Tuples and lists: displays, concatenation, repetition, comparison, membership."""

from __future__ import annotations

import ast

from portalis.translator.frontend.context import Context
from portalis.translator.frontend.evaluation import hold, is_simple, once
from portalis.translator.frontend.ownership import part
from portalis.translator.frontend.values import POISON, Value, sequence
from portalis.translator.ir.nodes import Const, ElementLoad, Make, Stmt
from portalis.translator.ir.types import INT, NONE, ListType, TupleType, Type, elements, is_mutable

MAX_LENGTH = 1024


def item(value: Value, index: int) -> Value:
    """Return element `index` (in storage order) of an aggregate that is already evaluated."""
    assert isinstance(value.type, TupleType | ListType)
    if value.items is not None and all(map(is_simple, value.items)):
        return value.items[index]
    type_ = elements(value.type)[index]
    return part(value, ElementLoad(value.span, type_, value.expr, Const(value.span, INT, index)))


def gather(values: list[Value]) -> tuple[frozenset[str], bool]:
    """Return the roots that an aggregate of `values` shares with, and whether two of its parts may be the same object."""
    roots: set[str] = set()
    tangled = False
    for value in values:
        if is_mutable(value.type):
            tangled = tangled or value.tangled or bool(roots & value.roots)
            roots |= value.roots
    return frozenset(roots), tangled


def make_tuple(context: Context, node: ast.AST, values: list[Value]) -> Value:
    """Return a tuple of values that are evaluated in this order."""
    if any(value.poison for value in values):
        return POISON
    type_ = TupleType(tuple(value.type for value in values))
    roots, tangled = gather(values)
    return Value(Make(context.span(node), type_, tuple(value.expr for value in values)), roots, None, tangled, tuple(values))


def make_list(context: Context, node: ast.AST, values: list[Value]) -> Value:
    """Return a list of values of one type."""
    if any(value.poison for value in values):
        return POISON
    types = list(dict.fromkeys(value.type for value in values))
    if len(types) > 1:
        seen = ", ".join(map(str, types))
        hint = "write 0.0 instead of 0" if {str(item) for item in types} == {"int", "float"} else "a tuple may mix types"
        return context.refuse("P0319", node, f"the list's elements have different types: {seen}", f"give them one type ({hint})")
    if len(values) > MAX_LENGTH:
        return context.refuse("P0005", node, f"a list of {len(values)} elements is too long", f"keep lists up to {MAX_LENGTH} elements")
    type_ = ListType(types[0] if types else NONE, len(values))
    roots, tangled = gather(values)
    return Value(Make(context.span(node), type_, tuple(value.expr for value in values)), roots, None, tangled)


def sequence_binary(context: Context, node: ast.AST, symbol: str, left: Value, right: Value) -> Value | None:
    """Lower `+` and `*` of tuples and lists; None where CPython defines no such operator."""
    match symbol, left.type, right.type:
        case "+", (TupleType() | ListType()), _ if type(left.type) is type(right.type):
            return _concatenate(context, node, left, right)
        case "*", (TupleType() | ListType()), _ if right.type == INT:
            return _repeat(context, node, left, right)
        case "*", _, (TupleType() | ListType()) if left.type == INT:
            return _repeat(context, node, right, left)
        case _:
            return None


def _parts(value: Value) -> list[Value]:
    assert isinstance(value.type, TupleType | ListType)
    if isinstance(value.expr, Make) and value.items is None:
        return [part(value, expr) for expr in value.expr.items]
    return [item(value, index) for index in range(len(elements(value.type)))]


def _concatenate(context: Context, node: ast.AST, left: Value, right: Value) -> Value:
    body: list[Stmt] = []
    if not (isinstance(left.expr, Make) and isinstance(right.expr, Make)):
        left, right = once(context, left, "left", body), once(context, right, "right", body)
    values = _parts(left) + _parts(right)
    built = make_tuple(context, node, values) if isinstance(left.type, TupleType) else make_list(context, node, values)
    return built.with_expr(sequence(context.span(node), body, built.expr))


def _repeat(context: Context, node: ast.AST, value: Value, count: Value) -> Value:
    if not isinstance(count.constant, int):
        return context.refuse(
            "P0106",
            node,
            "the length of this list is not known when it is translated",
            "repeat by a constant: [0.0] * 8; a module constant will do",
        )
    assert isinstance(value.type, TupleType | ListType)
    times = max(0, count.constant)
    if times * len(elements(value.type)) > MAX_LENGTH:
        return context.refuse("P0005", node, "this list is too long for a translation", f"keep lists up to {MAX_LENGTH} elements")
    body: list[Stmt] = []
    parts = _parts(value)
    if not all(isinstance(one.expr, Const) for one in parts):
        held = hold(context, value, "repeated", body)
        parts = _parts(Value(held.expr, held.roots, None, held.tangled))
    values = parts * times
    mutable = any(is_mutable(one.type) for one in parts)
    built = make_tuple(context, node, values) if isinstance(value.type, TupleType) else make_list(context, node, values)
    if times == 0 and isinstance(value.type, ListType):
        built = Value(Make(context.span(node), ListType(value.type.item, 0), ()))
    return Value(sequence(context.span(node), body, built.expr), value.roots, None, value.tangled or (mutable and times > 1))


def item_type(type_: Type) -> Type | None:
    """Return the type that all elements of a tuple or list have, or None where they differ (or there are none)."""
    match type_:
        case ListType(inner, _):
            return inner
        case TupleType(items) if items and all(one == items[0] for one in items):
            return items[0]
        case _:
            return None
