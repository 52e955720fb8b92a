"""Hashes of values as facts: of numbers and tuples CPython's own, of texts one that nothing may depend on."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, constant, describe, element_at, hold
from portalis.translator.frontend.facts.model import Fact, Known, Step, Unknown
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.unions.enumerations import index_of
from portalis.translator.frontend.types.unions.splitting import by_member
from portalis.translator.ir.instances import is_instance, kind_of_member, says
from portalis.translator.ir.types import (
    BOOL,
    COMPLEX,
    FLOAT,
    INT,
    NEVER,
    NONE,
    OCTETS,
    TEXT,
    WIDE,
    ListRef,
    SetRef,
    TupleType,
    Type,
    UnionType,
)

_FUNCTIONS: dict[Type, str] = {INT: "hash_int", BOOL: "hash_bool", FLOAT: "hash_float", TEXT: "hash_text", OCTETS: "hash_octets"}
# What the hash of a tuple begins with.
_OF_NONE = 0xFCA86420
_SEED = 2870177450012600261


def is_hashable(type_: Type) -> bool:
    """Tell whether values of a type can be keys here."""
    if isinstance(type_, UnionType):
        return all(map(is_hashable, type_.members))
    if isinstance(type_, ListRef | SetRef):
        return type_.frozen and (is_hashable(type_.item) or type_.item == NEVER)
    if is_instance(type_):
        return says(type_, "__hash__") or not says(type_, "__eq__")
    return type_ in (*_FUNCTIONS, COMPLEX, WIDE, NONE) or (isinstance(type_, TupleType) and all(map(is_hashable, type_.items)))


def is_plain_key(type_: Type) -> bool:
    """Tell whether a value is compared with keys of whatever class, as nothing of a program says: a number, a text, bytes or None."""
    return type_ in (*_FUNCTIONS, NONE)


def hashed(infer: Inference, node: ast.AST, value: Known) -> Fact:
    """Return `hash(value)`."""
    if value.type == COMPLEX:
        return infer.library(node, "complex_numbers", "hash_complex", [value])
    if value.type == WIDE:
        return infer.library(node, "wide_conversion", "hash_wide", [value])
    if value.type in _FUNCTIONS:
        return infer.library(node, "hashing", _FUNCTIONS[value.type], [value])
    if isinstance(value.type, UnionType):
        return by_member(infer, node, [value], lambda parts: hashed(infer, node, parts[0]), lambda types: None)
    if value.type == NONE:
        # CPython's depends on where None lies, so that nothing may depend on it.
        return constant(value.span, _OF_NONE)
    if value.type == NEVER:
        return constant(value.span, 0)
    if isinstance(value.type, SetRef) and value.type.frozen:
        return infer.library(node, "sets", "hash_elements", [value])
    if isinstance(value.type, ListRef) and value.type.frozen:
        return infer.library(node, "hashing", "hash_sequence", [value])
    if is_instance(value.type):
        return _of_instance(infer, node, value)
    if not isinstance(value.type, TupleType):
        return infer.refuse("P0308", node, f"{describe(value.type)} is no key", "use int, str, bool, float or tuples of these")
    steps: list[Step] = []
    held = hold(infer, value, "key", steps)
    code: Fact = constant(value.span, _SEED)
    for index, item in enumerate(value.type.items):
        lane = hashed(infer, node, element_at(held, index, item))
        if isinstance(lane, Unknown) or isinstance(code, Unknown):
            return lane if isinstance(lane, Unknown) else code
        code = infer.library(node, "hashing", "mixed", [code, lane])
    if isinstance(code, Unknown):
        return code
    found = infer.library(node, "hashing", "finished", [code, constant(value.span, len(value.type.items))])
    return after(value.span, steps, found) if isinstance(found, Known) else found


def _of_instance(infer: Inference, node: ast.AST, value: Known) -> Fact:
    """Return what a class says is the hash of its instance, as CPython takes it; without `__hash__`, where the instance lies."""
    kind = kind_of_member(value.type)
    if kind is not None and not says(value.type, "__hash__"):
        member = infer.value_of_member(node, value) if kind else index_of(value)
        return hashed(infer, node, member) if isinstance(member, Known) else member
    if not says(value.type, "__hash__"):
        return operated(value.span, INT, "object.place", value)
    found = infer.special(node, value, "__hash__", [])
    if isinstance(found, Known) and found.type in (INT, WIDE):
        return hashed(infer, node, found)
    if isinstance(found, Unknown):
        return found
    return infer.refuse("P0308", node, f"`__hash__` of {describe(value.type)} gives no int", "give hash((…)) of its fields")


# Objects of one of these groups of classes equal none of another.
_GROUPS: tuple[frozenset[str], ...] = (
    frozenset(("NoneType",)), frozenset(("bool", "int", "float", "complex")), frozenset(("str",)), frozenset(("list",)),
    frozenset(("tuple",)),
    frozenset(("dict",)), frozenset(("set", "frozenset")), frozenset(("bytes", "bytearray")),
)  # fmt: skip


def are_never_equal(left: Type, right: Type) -> bool:
    """Tell whether no value of one type equals one of the other."""
    groups = [[group for group in _GROUPS if type_.python_class in group] for type_ in (left, right)]
    return bool(groups[0] and groups[1]) and groups[0] != groups[1]
