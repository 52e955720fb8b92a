"""Hashes of values as facts: of numbers and tuples CPython's own, of texts one that nothing may depend on."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, constant, describe, element_at, hold
from portalis.translator.frontend.facts.model import Fact, Known, Step, Unknown
from portalis.translator.frontend.types.unions.splitting import by_member
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
    return type_ in (*_FUNCTIONS, COMPLEX, WIDE, NONE) or (isinstance(type_, TupleType) and all(map(is_hashable, type_.items)))


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
