"""New lists from their elements."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import describe
from portalis.translator.frontend.facts.model import Assigned, Evaluated, Fact, Known, Load, Operated, Step, Unknown, first_unknown
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.unions.members import coerced
from portalis.translator.ir.types import NEVER, NONE, ListRef, Type


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
    return made.by(Operated("list.of", tuple([coerced(infer, value, made.type.item) for value in known])))


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
    steps.append(Evaluated(item.span, operated(item.span, NONE, "list.append", values, coerced(infer, item, joined))))
    return None
