"""`union`, `update`, `intersection` and `difference` of a number of sets that is known at run time alone: one after the other."""

from __future__ import annotations

import ast
from dataclasses import replace

from portalis.translator.frontend.facts.making import constant, describe, hold
from portalis.translator.frontend.facts.model import Assigned, Compared, Fact, Known, Load, Raised, Step, Tested, Unknown
from portalis.translator.frontend.infer.expressions.functions.stars.starred import Rewriting
from portalis.translator.frontend.infer.expressions.looping import loop
from portalis.translator.frontend.infer.expressions.objects.listing import listed
from portalis.translator.frontend.infer.expressions.objects.sets import (
    CHANGING,
    as_grown,
    copied_set,
    fill_from,
    merged,
    part_of,
    removed_from,
    run_step,
)
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.references.streams import list_stream
from portalis.translator.frontend.types.unions.members import coerced
from portalis.translator.ir.types import BOOL, INT, ListRef, SetRef


def of_any_sets(infer: FunctionInference, node: ast.Call, function: ast.Attribute, rewriting: Rewriting) -> Fact:
    """Return `receiver.method(*others)` of a set, or `set.method(*sets)`, whose first is the receiver."""
    steps, span = infer.statement_scope.steps, infer.span(node)
    infer.names.scope.visited.add(id(function))
    values = rewriting.all_listed(node)
    if isinstance(values, Unknown):
        return values
    assert isinstance(values.type, ListRef)
    item = values.type.item
    values, others = hold(infer, values, "values", steps), values
    length = hold(infer, operated(span, INT, "list.length", values), "length", steps)
    if isinstance(function.value, ast.Name) and function.value.id in ("set", "frozenset") and function.value.id not in infer.live.names:
        owner = function.value.id
        infer.names.scope.visited.add(id(function.value))
        if item.python_class != owner:
            said = f"`{owner}.{function.attr}` of any number of {describe(item)} is not translated"
            return infer.refuse("P0216", node, said, f"call it of a {owner}")
        none = Raised(span, "TypeError", f"unbound method {owner}.{function.attr}() needs an argument")
        steps.append(Tested(span, _is(length, 0), (none,)))
        receiver: Fact = operated(span, item, "list.get", values, constant(span, 0))
        others = hold(infer, operated(span, values.type, "list.part", values, constant(span, 1), length), "others", steps)
    else:
        receiver, others = infer.expression(function.value), values
    if isinstance(receiver, Unknown):
        return receiver
    held = hold(infer, receiver, "receiver", steps)
    if not isinstance(held.type, SetRef) or (held.type.frozen and function.attr in CHANGING):
        return infer.refuse("P0216", node, "`*` is not translated here", "give the arguments one by one")
    if function.attr in ("union", "update"):
        return _united(infer, node, function.attr, held, others)
    return _cut(infer, node, function.attr, held, others)


def _united(infer: FunctionInference, node: ast.Call, name: str, held: Known, others: Known) -> Fact:
    steps = infer.statement_scope.steps
    made = held if name == "update" else copied_set(infer, node, held, steps)
    if isinstance(made, Unknown):
        return made

    def use(other: Known, body: list[Step]) -> Unknown | None:
        one = hold(infer, other, "other", body)
        assert isinstance(held.type, SetRef)
        if name == "union" and isinstance(one.type, SetRef) and one.type.item == held.type.item:
            return run_step(infer, node, body, merged(infer, node, made, one, copied_from=held))
        return fill_from(infer, node, one, made, body)

    failed = loop(infer, node, list_stream(infer, others, steps), steps, use, None)
    if failed is not None:
        return failed
    return constant(infer.span(node), None) if name == "update" else as_grown(infer, made)


def _cut(infer: FunctionInference, node: ast.Call, name: str, held: Known, others: Known) -> Fact:
    """Intersect with each, or take each away: the first is the receiver itself, what follows is what was made of it."""
    steps, span = infer.statement_scope.steps, infer.span(node)
    operation, changes = name.removesuffix("_update"), name in CHANGING
    local = infer.temporary("made", held.type)
    steps.append(Assigned(span, local, held))
    made = Known(span, held.type, Load(local))
    first = infer.temporary("first", BOOL)
    steps.append(Assigned(span, first, constant(span, True)))

    def assign(value: Known | Unknown, body: list[Step]) -> Unknown | None:
        if isinstance(value, Unknown):
            return value
        grown = infer.unify(held.type, value.type)
        if grown is None:
            return infer.refuse("P0302", node, "these sets have no type together", "give all elements one type")
        body.append(Assigned(span, local, coerced(infer, replace(value, type=grown), held.type)))
        return None

    def use(other: Known, body: list[Step]) -> Unknown | None:
        one = hold(infer, other, "other", body)
        if not isinstance(one.type, SetRef | ListRef):
            listing = listed(infer, node, one, body)
            if isinstance(listing, Unknown):
                return listing
            one = listing
        if operation == "difference" and changes:
            found = removed_from(infer, node, held, one, body)
            return found if isinstance(found, Unknown) else None
        begun: list[Step] = []
        failed = assign(part_of(infer, node, operation, made, one, begun, 0), begun)
        later: list[Step] = []
        if operation == "difference":
            found = removed_from(infer, node, made, one, later)
            failed = failed or (found if isinstance(found, Unknown) else None)
            body.append(Tested(span, Known(span, BOOL, Load(first)), tuple(begun), tuple(later)))
        else:
            body += begun
        body.append(Assigned(span, first, constant(span, False)))
        return failed

    failed = loop(infer, node, list_stream(infer, others, steps), steps, use, None)
    if failed is None and (operation == "intersection" or not changes):
        none: list[Step] = []
        failed = assign(copied_set(infer, node, held, none), none)
        steps.append(Tested(span, Known(span, BOOL, Load(first)), tuple(none)))
    if failed is None and operation == "intersection" and changes:
        failed = run_step(infer, node, steps, infer.library(node, "sets", "become", [held, made]))
    if failed is not None:
        return failed
    return constant(span, None) if changes else made


def _is(value: Known, number: int) -> Known:
    return Known(value.span, BOOL, Compared("eq", value, constant(value.span, number)))
