"""Going over a value of several classes of which more than one gives elements: `graph.get(node, ())`, a list or a tuple."""

from __future__ import annotations

import ast
from collections.abc import Callable

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after
from portalis.translator.frontend.facts.model import Fact, Known, Looped, Step, Unknown
from portalis.translator.frontend.types.behaviour import Behaviour
from portalis.translator.frontend.types.references.building import append_to, begin_list, list_of
from portalis.translator.frontend.types.sequences.building import parts_of
from portalis.translator.frontend.types.unions import mistakes
from portalis.translator.frontend.types.unions.splitting import by_member
from portalis.translator.ir.types import NEVER, DictRef, ListRef, SetRef, TextType, TupleType, Type, UnionType


def as_list(infer: Inference, node: ast.AST, value: Known, behaviour_of: Callable[[Type], Behaviour]) -> Fact | None:
    """Return what gives the same elements, in a list: a list is that itself, so that what is done to it meanwhile shows.

    What can change and is no list has to be empty. None where that is not so, or nothing but one class gives elements.
    """
    assert isinstance(value.type, UnionType)
    giving = [member for member in value.type.members if mistakes.of_iteration(infer, [member]) is None]
    if len(giving) < 2 or not all(map(_can_be_listed, giving)):
        return None

    def one(parts: list[Known]) -> Fact | None:
        return _listed(infer, node, parts[0], behaviour_of) if parts[0].type in giving else None

    return by_member(infer, node, [value], one, lambda types: mistakes.of_iteration(infer, types))


def _can_be_listed(type_: Type) -> bool:
    is_empty = isinstance(type_, DictRef | SetRef) and (type_.key if isinstance(type_, DictRef) else type_.item) == NEVER
    return is_empty or isinstance(type_, ListRef | TupleType | TextType)


def _listed(infer: Inference, node: ast.AST, value: Known, behaviour_of: Callable[[Type], Behaviour]) -> Fact | None:
    if isinstance(value.type, DictRef | SetRef):
        return list_of(infer, node, [])
    steps: list[Step] = []
    if isinstance(value.type, TupleType):
        made = list_of(infer, node, parts_of(infer, value, steps))
        return after(infer.span(node), steps, made) if isinstance(made, Known) else made
    if isinstance(value.type, ListRef) and not value.type.frozen:
        return value
    stream = behaviour_of(value.type).stream(infer, node, value, steps)
    result = begin_list(infer, node, steps)
    if stream is None or isinstance(stream, Unknown) or isinstance(result, Unknown):
        return result if isinstance(result, Unknown) else stream if isinstance(stream, Unknown) else None
    test, body = stream.test(), list[Step]()
    item = stream.take(body)
    failed = item if isinstance(item, Unknown) else append_to(infer, node, result, item, body)
    if failed is not None:
        return failed
    steps.append(Looped(infer.span(node), test, tuple(body)))
    return after(infer.span(node), steps, result)
