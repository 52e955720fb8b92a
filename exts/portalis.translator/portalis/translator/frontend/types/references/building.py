"""New lists from their elements."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, describe, element_at
from portalis.translator.frontend.facts.model import (
    Assigned,
    Build,
    Evaluated,
    Fact,
    Known,
    Load,
    Operated,
    Step,
    Unknown,
    Unreached,
    first_unknown,
)
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.ir.types import NEVER, NONE, ListRef, TupleType, Type


def list_of(infer: Inference, node: ast.AST, values: Sequence[Fact]) -> Fact:
    """Return a new list of these elements."""
    unknown = first_unknown(*values)
    if unknown is not None:
        return unknown
    known = [value for value in values if isinstance(value, Known)]
    item: Type = NEVER
    for value in known:
        joined = infer.generalise(item, value.type)
        if joined is None:
            return infer.refuse(
                "P0314",
                node,
                f"a list of {describe(item)} cannot also hold {describe(value.type)}",
                "give all elements one type, for example 1.0 instead of 1",
            )
        item = joined
    made = new_list(infer, node, item)
    if isinstance(made, Unknown):
        return made
    assert isinstance(made.type, ListRef)
    return made.by(Operated("list.of", tuple([coerced(value, made.type.item) for value in known])))


def coerced(value: Known, type_: Type) -> Known:
    """Return a value as one of a type that `generalise` gave: a tuple as one of any length; no value as any."""
    if value.type == NEVER != type_:
        return after(value.span, [Evaluated(value.span, value)], Known(value.span, type_, Unreached()))
    if not isinstance(value.type, TupleType) or not isinstance(type_, ListRef):
        return value
    item = type_.item
    operation = value.operation
    if isinstance(operation, Build):
        items = [coerced(one, item) for one in operation.items]
    else:
        items = [coerced(element_at(value, index, one), item) for index, one in enumerate(value.type.items)]
    made = operated(value.span, ListRef(item, type_.site), "list.of", *items)
    return operated(value.span, ListRef(item, type_.site, frozen=True), "list.freeze", made)


def new_list(infer: Inference, node: ast.AST, item: Type) -> Known | Unknown:
    """Return a new empty list that is made here and holds at least elements of this type."""
    type_ = infer.made_here(node, ListRef(item))
    if type_ is None:
        return infer.refuse("P0314", node, "this list would hold elements of several types", "give all elements one type")
    return operated(infer.span(node), type_, "list.of")


def begin_list(infer: Inference, node: ast.AST, steps: list[Step]) -> Known | Unknown:
    """Make an empty list in a temporary, to be filled by steps."""
    made = new_list(infer, node, NEVER)
    if isinstance(made, Unknown):
        return made
    local = infer.temporary("result", made.type)
    steps.append(Assigned(made.span, local, made))
    return Known(made.span, made.type, Load(local))


def append_to(infer: Inference, node: ast.AST, values: Known, item: Known, steps: list[Step]) -> Unknown | None:
    """Add the step that appends to a list, which then holds such elements; the refusal where it cannot."""
    assert isinstance(values.type, ListRef)
    joined = infer.generalise(values.type.item, item.type)
    if joined is None or infer.unify(values.type, ListRef(joined, values.type.site)) is None:
        return infer.refuse(
            "P0314",
            node,
            f"{describe(values.type)} cannot also hold {describe(item.type)}",
            "give all elements one type, for example 1.0 instead of 1",
        )
    steps.append(Evaluated(item.span, operated(item.span, NONE, "list.append", values, coerced(item, joined))))
    return None
