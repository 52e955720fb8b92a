"""Lists of what is gone over."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.making import after, constant
from portalis.translator.frontend.facts.model import Evaluated, Fact, Known, Step, Unknown
from portalis.translator.frontend.infer.expressions.iterables import captured, for_each, fuses, loop
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.types.references.building import append_to, begin_list
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.references.streams import make_room
from portalis.translator.frontend.types.table import behaviour_of
from portalis.translator.frontend.types.unions.splitting import by_member
from portalis.translator.ir.types import ListRef, TupleType, UnionType


def collected(infer: FunctionInference, node: ast.AST, iterable: ast.expr, gathers: bool = True) -> Fact:
    """Return a new list of what an iterable gives, which CPython `gathers` in one, too, or goes over."""
    steps: list[Step] = []
    result = begin_list(infer, node, steps)
    if isinstance(result, Unknown):
        return result
    failed = for_each(infer, iterable, steps, lambda item, body: append_to(infer, node, result, item, body), None, gathers)
    return failed if failed is not None else after(infer.span(node), steps, result)


def listed(infer: FunctionInference, node: ast.AST, value: Known, steps: list[Step], gathers: bool = False) -> Known | Unknown:
    """Return a list of what an object gives that is evaluated already, which CPython `gathers` in one, too, or goes over."""
    result = begin_list(infer, node, steps)
    stream = behaviour_of(value.type).stream(infer, node, value, steps)
    if isinstance(result, Unknown):
        return result
    if isinstance(stream, Unknown):
        return stream
    if stream is None:
        return infer.refuse("P0312", node, f"{value.type} is no list", "use a list")
    if gathers and (unknown := make_room(stream, steps)) is not None:
        return unknown
    failed = loop(infer, node, stream, steps, lambda item, body: append_to(infer, node, result, item, body), None)
    return result if failed is None else failed


def extend_with(infer: FunctionInference, iterable: ast.expr, values: Known, steps: list[Step]) -> Unknown | None:
    """Append what an expression gives to a list; a list brings all that it holds at once, anything else shows as it comes."""
    if fuses(infer, iterable):
        return for_each(infer, iterable, steps, lambda item, body: append_to(infer, iterable, values, item, body), gathers=True)
    with captured(infer, steps):
        other = infer.expression(iterable)
    return other if isinstance(other, Unknown) else extend_from(infer, iterable, values, other, steps)


def extend_from(infer: FunctionInference, node: ast.AST, values: Known, other: Known, steps: list[Step]) -> Unknown | None:
    """Append what an object holds to a list."""
    if isinstance(other.type, UnionType):
        return _extend_from_either(infer, node, values, other, steps)
    if isinstance(other.type, TupleType):
        parts = behaviour_of(other.type).parts(infer, other, steps)
        return next((found for part in parts or () if (found := append_to(infer, node, values, part, steps)) is not None), None)
    if isinstance(other.type, ListRef) and not other.type.frozen and infer.unify(values.type, other.type) is not None:
        done = infer.library(node, "lists", "extend", [values, other])
        if isinstance(done, Known):
            steps.append(Evaluated(infer.span(node), done))
        return done if isinstance(done, Unknown) else None
    stream = behaviour_of(other.type).stream(infer, node, other, steps)
    if stream is None or isinstance(stream, Unknown):
        return stream or infer.refuse("P0312", node, f"{other.type} cannot be iterated over here", "extend with a list, a tuple or a str")
    if (unknown := make_room(stream, steps)) is not None:
        return unknown
    return loop(infer, node, stream, steps, lambda item, body: append_to(infer, node, values, item, body), None)


def _extend_from_either(infer: FunctionInference, node: ast.AST, values: Known, other: Known, steps: list[Step]) -> Unknown | None:
    span = infer.span(node)

    def extended(parts: list[Known]) -> Fact:
        inside: list[Step] = []
        failed = extend_from(infer, node, values, parts[0], inside)
        return after(span, inside, constant(span, None)) if failed is None else failed

    done = by_member(infer, node, [other], extended, lambda types: None)
    if isinstance(done, Known):
        steps.append(Evaluated(span, done))
    return done if isinstance(done, Unknown) else None


def starred_list(infer: FunctionInference, node: ast.Tuple | ast.List, steps: list[Step]) -> Known | Unknown:
    """Return a new list of a display's elements, some of which are starred."""
    made = begin_list(infer, node, steps)
    if isinstance(made, Unknown):
        return made
    for element in node.elts:
        if isinstance(element, ast.Starred):
            infer.names.scope.visited.add(id(element))
            failed = extend_with(infer, element.value, made, steps)
        else:
            with captured(infer, steps):
                value = infer.expression(element)
            failed = value if isinstance(value, Unknown) else append_to(infer, element, made, value, steps)
        if failed is not None:
            return failed
    return made


def starred_display(infer: FunctionInference, node: ast.Tuple | ast.List) -> Fact:
    """Infer `[*values, element]` and `(*values, element)`."""
    steps: list[Step] = []
    made = starred_list(infer, node, steps)
    if isinstance(made, Unknown):
        return made
    if isinstance(node, ast.List):
        return after(infer.span(node), steps, made)
    assert isinstance(made.type, ListRef)
    frozen = operated(made.span, ListRef(made.type.item, made.type.site, frozen=True), "list.freeze", made)
    return after(infer.span(node), steps, frozen)
