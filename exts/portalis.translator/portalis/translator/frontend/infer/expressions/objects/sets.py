"""Sets: comprehensions, `set`, `frozenset`, and their methods, which take anything that is gone over."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from portalis.translator.frontend.facts.making import after, constant, describe, hold
from portalis.translator.frontend.facts.model import Evaluated, Fact, Known, Step, Unknown
from portalis.translator.frontend.infer.expressions.iterables import (
    captured,
    for_clauses,
    for_each,
    fuses,
    in_any_order,
    loop,
    made_in_any_order,
)
from portalis.translator.frontend.infer.expressions.objects.listing import collected, listed
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.refused import refuse_expression
from portalis.translator.frontend.types.references.sets import (
    add_to,
    alike,
    as_element,
    begin_set,
    combined,
    grown_set,
    refuse_mixed,
)
from portalis.translator.frontend.types.table import behaviour_of
from portalis.translator.ir.hashing import hash_varies
from portalis.translator.ir.types import NEVER, DictRef, SetRef


def as_grown(infer: FunctionInference, made: Known) -> Known:
    """Return a set with what is known by now of what it holds."""
    found = infer.unify(made.type, made.type)
    return made if found is None else replace(made, type=found)


def infer_set_comprehension(infer: FunctionInference, node: ast.SetComp) -> Fact:
    """Infer `{element for target in iterable if test …}`."""
    if not infer.references:
        return refuse_expression(infer, node)
    steps: list[Step] = []
    made = begin_set(infer, node, steps)
    if isinstance(made, Unknown):
        return made
    gone_over = made_in_any_order(infer, node)
    failed = for_clauses(
        infer, node.generators, node.elt, steps, lambda item, body: run_step(infer, node, body, add_to(infer, node, made, item))
    )
    failed = failed or _require_unordered(infer, node, made, gone_over)
    return failed if failed is not None else after(infer.span(node), steps, made)


def _require_unordered(infer: FunctionInference, node: ast.AST, made: Known, gone_over: Sequence[ast.expr]) -> Unknown | None:
    """Refuse a set whose order is known but for that of one that it was filled from."""
    assert isinstance(made.type, SetRef)
    found = as_grown(infer, made).type
    assert isinstance(found, SetRef)
    if hash_varies(found.item) or not any(varies(infer, one) for one in gone_over):
        return None
    return infer.refuse("P0230", node, "the order of this set would depend on that of one whose order is not known", "sort that one before")


def varies(infer: FunctionInference, node: ast.expr) -> bool:
    """Tell whether an expression that has been inferred is a set whose order nobody knows."""
    fact = infer.facts.expressions.get(node)
    return isinstance(fact, Known) and isinstance(fact.type, SetRef) and hash_varies(fact.type.item)


def make_set(infer: FunctionInference, node: ast.Call, *, frozen: bool) -> Fact:
    """Infer `set(iterable)` or `frozenset(iterable)`; a frozenset stays the object that it is."""
    steps: list[Step] = []
    if frozen and node.args and not fuses(infer, node.args[0]):
        value = infer.expression(node.args[0])
        if isinstance(value, Unknown) or (isinstance(value.type, SetRef) and value.type.frozen):
            return value
        made = begin_set(infer, node, steps, frozen=True)
        failed = made if isinstance(made, Unknown) else fill_from(infer, node, value, made, steps)
    else:
        made = begin_set(infer, node, steps, frozen=frozen)
        failed = made if isinstance(made, Unknown) else fill(infer, node.args[0], made, steps) if node.args else None
    if failed is not None or isinstance(made, Unknown):
        return failed if failed is not None else made
    return after(infer.span(node), steps, made)


def fill(infer: FunctionInference, iterable: ast.expr, made: Known, steps: list[Step]) -> Unknown | None:
    """Put all that an expression gives into a set, as `set.update` does."""
    if not fuses(infer, iterable):
        with captured(infer, steps):
            value = infer.expression(iterable)
        return value if isinstance(value, Unknown) else fill_from(infer, iterable, value, made, steps)
    gone_over = in_any_order(infer, iterable)
    failed = for_each(infer, iterable, steps, lambda item, body: run_step(infer, iterable, body, add_to(infer, iterable, made, item)))
    return failed or _require_unordered(infer, iterable, made, gone_over)


def fill_from(infer: FunctionInference, node: ast.AST, value: Known, made: Known, steps: list[Step]) -> Unknown | None:
    """Put all that an object holds into a set: of a set and of a dict as CPython does, which makes room for all of it before."""
    if isinstance(value.type, SetRef):
        return run_step(infer, node, steps, merged(infer, node, made, value))
    if isinstance(value.type, DictRef):
        grown = grown_set(infer, made, value.type.key)
        if grown is None or not isinstance(grown.type, SetRef) or grown.type.item != value.type.key:
            return refuse_mixed(infer, node, made.type, value.type)
        return run_step(infer, node, steps, infer.library(node, "sets", "update_from_dict", [grown, value]))
    stream = behaviour_of(value.type).stream(infer, node, value, steps)
    if stream is None or isinstance(stream, Unknown):
        return stream or infer.refuse("P0312", node, f"{describe(value.type)} cannot be iterated over here", "pass a list, a set or a str")
    return loop(infer, node, stream, steps, lambda item, body: run_step(infer, node, body, add_to(infer, node, made, item)), None)


def merged(infer: FunctionInference, node: ast.AST, made: Known, other: Known, copied_from: Known | None = None) -> Fact:
    """Return the call that puts the elements of a set into another, which may be a copy of a third."""
    if alike(infer, made, other) is None:
        return refuse_mixed(infer, node, made.type, other.type)
    holding = as_holding(infer, made, other)
    if copied_from is not None:
        return infer.library(node, "sets", "merge_another", [holding, copied_from, other])
    return infer.library(node, "sets", "merge", [holding, other])


def as_holding(infer: FunctionInference, made: Known, other: Known) -> Known:
    """Return a set as one that holds what another does."""
    assert isinstance(made.type, SetRef) and isinstance(other.type, SetRef)
    return as_grown(infer, made)


def run_step(infer: FunctionInference, node: ast.AST, steps: list[Step], done: Fact) -> Unknown | None:
    """Add a call as a step; the refusal where it is none."""
    if isinstance(done, Unknown):
        return done
    steps.append(Evaluated(infer.span(node), done))
    return None


# --------------------------------------------------------------------------------------------------------------- methods
CHANGING = frozenset(
    ("add", "discard", "remove", "pop", "clear", "update", "intersection_update", "difference_update", "symmetric_difference_update")
)
_ASKING = {"issubset": "is_subset", "issuperset": "is_superset", "isdisjoint": "is_disjoint"}


def call_set_method(infer: FunctionInference, node: ast.Call, function: ast.Attribute, receiver: Known) -> Fact | None:
    """Return `receiver.method(…)` of a set or frozenset; None where it has no such method, or is not called like that."""
    assert isinstance(receiver.type, SetRef)
    name = function.attr
    if node.keywords or any(isinstance(one, ast.Starred) for one in node.args) or (receiver.type.frozen and name in CHANGING):
        return None
    steps: list[Step] = []
    held = hold(infer, receiver, "receiver", steps)
    assert isinstance(held.type, SetRef)
    match name, len(node.args):
        case ("pop", 0) if hash_varies(held.type.item):
            return infer.refuse(
                "P0230", node, f"which element `pop` takes of {describe(held.type)} differs from run to run", "sort it before"
            )
        case (("pop" | "clear"), 0):
            found: Fact | None = infer.library(node, "sets", name, [held])
        case (("add" | "discard" | "remove"), 1):
            found = _with_element(infer, node, name, held, steps)
        case (("union" | "update" | "intersection" | "intersection_update" | "difference" | "difference_update" | "copy"), _):
            found = _with_others(infer, node, name, held, steps) if name != "copy" or not node.args else None
        case (("symmetric_difference" | "symmetric_difference_update" | "issubset" | "issuperset" | "isdisjoint"), 1):
            found = _with_another(infer, node, name, held, steps)
        case _:
            return None
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def _with_element(infer: FunctionInference, node: ast.Call, name: str, held: Known, steps: list[Step]) -> Fact:
    with captured(infer, steps):
        value = infer.expression(node.args[0])
    if isinstance(value, Unknown):
        return value
    if name == "add":
        return add_to(infer, node, held, value)
    sought = as_element(infer, held, value)
    if sought is None:
        return refuse_mixed(infer, node, held.type, value.type)
    assert isinstance(held.type, SetRef)
    if infer.generalise(held.type.item, sought.type) != held.type.item and held.type.item != NEVER:
        return infer.library(node, "sets", name, [held, sought])
    return add_to(infer, node, held, sought, name)


def _with_others(infer: FunctionInference, node: ast.Call, name: str, held: Known, steps: list[Step]) -> Fact:
    """Infer methods that take any number of other things to go over."""
    assert isinstance(held.type, SetRef)
    operation, changes = name.removesuffix("_update"), name in CHANGING
    others = _others(infer, node, steps, lists=operation in ("intersection", "difference"))
    if isinstance(others, Unknown):
        return others
    made = held
    if operation in ("union", "copy", "update") or not others:
        if not changes:
            copied = copied_set(infer, node, held, steps)
            if isinstance(copied, Unknown):
                return copied
            made = copied
        for argument, other in others:
            if other is None:
                failed = fill(infer, argument, made, steps)
            elif not changes and isinstance(other.type, SetRef) and other.type.item == held.type.item:
                failed = run_step(infer, node, steps, merged(infer, node, made, other, copied_from=held))
            else:
                failed = fill_from(infer, node, other, made, steps)
            if failed is not None:
                return failed
        return constant(infer.span(node), None) if changes else as_grown(infer, made)
    for index, (_, other) in enumerate(others):
        assert other is not None
        in_place = operation == "difference" and (changes or index > 0)
        step = removed_from(infer, node, made, other, steps) if in_place else part_of(infer, node, operation, made, other, steps, index)
        if isinstance(step, Unknown):
            return step
        made = step
    if operation == "intersection" and changes:
        return infer.library(node, "sets", "become", [held, made])
    return constant(infer.span(node), None) if changes else made


def _others(infer: FunctionInference, node: ast.Call, steps: list[Step], *, lists: bool) -> list[tuple[ast.expr, Known | None]] | Unknown:
    """Evaluate arguments; None for one that is gone over where it is consumed. With `lists`, what is no set is a list."""
    found: list[tuple[ast.expr, Known | None]] = []
    for argument in node.args:
        if fuses(infer, argument) and not lists and len(node.args) == 1:
            found.append((argument, None))
            continue
        other = _evaluated(infer, argument, steps, lists=lists)
        if isinstance(other, Unknown):
            return other
        found.append((argument, other))
    return found


def _evaluated(infer: FunctionInference, argument: ast.expr, steps: list[Step], *, lists: bool) -> Known | Unknown:
    """Return an argument, evaluated once; with `lists` a list of what it gives where it is no set."""
    with captured(infer, steps):
        if fuses(infer, argument):
            value = collected(infer, argument, argument, gathers=False)
        else:
            value = infer.expression(argument)
            if isinstance(value, Known) and lists and not isinstance(value.type, SetRef):
                value = listed(infer, argument, value, steps)
    return value if isinstance(value, Unknown) else hold(infer, value, "other", steps)


def copied_set(infer: FunctionInference, node: ast.Call, value: Known, steps: list[Step]) -> Known | Unknown:
    """Return a new set of the same elements."""
    assert isinstance(value.type, SetRef)
    made = begin_set(infer, node, steps, frozen=value.type.frozen, place="copy")
    if isinstance(made, Unknown):
        return made
    failed = run_step(infer, node, steps, merged(infer, node, made, value))
    return failed if failed is not None else as_grown(infer, made)


def part_of(
    infer: FunctionInference, node: ast.Call, operation: str, value: Known, other: Known, steps: list[Step], index: int
) -> Known | Unknown:
    """Return what is in both, or in the first alone, as a new set."""
    assert isinstance(value.type, SetRef)
    if isinstance(other.type, SetRef):
        found = combined(infer, node, "&" if operation == "intersection" else "-", value, other)
        return found if isinstance(found, Unknown) else hold(infer, found, "part", steps)
    if operation == "difference":
        copied = copied_set(infer, node, value, steps)
        return copied if isinstance(copied, Unknown) else removed_from(infer, node, copied, other, steps)
    made = begin_set(infer, node, steps, frozen=value.type.frozen, place=f"part {index}")
    if isinstance(made, Unknown) or alike(infer, made, value) is None or not _same_elements(value, other):
        return made if isinstance(made, Unknown) else refuse_mixed(infer, node, value.type, other.type)
    made = as_grown(infer, made)
    failed = run_step(infer, node, steps, infer.library(node, "sets", "intersect_list", [made, value, other]))
    return failed if failed is not None else made


def removed_from(infer: FunctionInference, node: ast.Call, value: Known, other: Known, steps: list[Step]) -> Known | Unknown:
    """Take all that is in another set or list out of a set."""
    fits = alike(infer, value, other) is not None if isinstance(other.type, SetRef) else _same_elements(value, other)
    if not fits:
        return refuse_mixed(infer, node, value.type, other.type)
    function = "subtract_in_place" if isinstance(other.type, SetRef) else "subtract_list_in_place"
    failed = run_step(infer, node, steps, infer.library(node, "sets", function, [value, other]))
    return failed if failed is not None else value


def _same_elements(value: Known, other: Known) -> bool:
    return getattr(other.type, "item", None) == getattr(value.type, "item", None)


def _toggled(infer: FunctionInference, node: ast.Call, made: Known, held: Known, steps: list[Step]) -> Unknown | None:
    if alike(infer, made, held) is None:
        return refuse_mixed(infer, node, held.type, made.type)
    return run_step(infer, node, steps, infer.library(node, "sets", "toggle", [made, held]))


def _with_another(infer: FunctionInference, node: ast.Call, name: str, held: Known, steps: list[Step]) -> Fact:
    """Infer methods that take one other thing to go over."""
    other = _evaluated(infer, node.args[0], steps, lists=name in ("issuperset", "isdisjoint"))
    if isinstance(other, Unknown):
        return other
    if isinstance(other.type, DictRef) and name.startswith("symmetric"):
        return infer.refuse("P0310", node, f"`{name}` of a dict is not translated", "pass set(keys)")
    if not isinstance(other.type, SetRef) and name in ("issuperset", "isdisjoint"):
        if not _same_elements(held, other):
            return refuse_mixed(infer, node, held.type, other.type)
        return infer.library(node, "sets", "holds_all" if name == "issuperset" else "holds_none", [held, other])
    if not isinstance(other.type, SetRef):
        assert isinstance(held.type, SetRef)
        made = begin_set(infer, node, steps, frozen=held.type.frozen, place="other")
        failed = made if isinstance(made, Unknown) else fill_from(infer, node, other, made, steps)
        if failed is not None or isinstance(made, Unknown):
            return failed if failed is not None else made
        other = as_grown(infer, made)
        if name == "symmetric_difference":
            failed = _toggled(infer, node, other, held, steps)
            return failed if failed is not None else other
    if alike(infer, held, other) is None:
        return refuse_mixed(infer, node, held.type, other.type)
    if name == "symmetric_difference":
        return combined(infer, node, "^", held, other)
    return infer.library(node, "sets", _ASKING.get(name, "toggle"), [held, other])
