"""A value of one of several classes: what it does is what its class does, or what CPython raises where that does not have it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from functools import partial

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import constant, decided
from portalis.translator.frontend.facts.model import Fact, Known, Step, Unknown
from portalis.translator.frontend.types.behaviour import Behaviour
from portalis.translator.frontend.types.references.operations import negated_where
from portalis.translator.frontend.types.references.streams import Stream
from portalis.translator.frontend.types.unions import mistakes
from portalis.translator.frontend.types.unions.iterating import as_list
from portalis.translator.frontend.types.unions.members import is_member
from portalis.translator.frontend.types.unions.splitting import by_member, only
from portalis.translator.ir.generators import is_generator
from portalis.translator.ir.instances import is_instance
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import NONE, DictRef, ListRef, SetRef, TextType, TupleType, Type, UnionType

_ITERABLE = (ListRef, TupleType, TextType, DictRef, SetRef)


class Union(Behaviour):
    """A value of several classes. Each operation is asked of the type of either side: what is asked of the table asks here first."""

    def __init__(self, behaviour_of: Callable[[Type], Behaviour]) -> None:
        self._behaviour_of = behaviour_of

    def binary(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        in_place = isinstance(node, ast.AugAssign)
        return by_member(
            infer,
            node,
            [left, right],
            lambda parts: infer.binary(node, symbol, *parts),
            lambda types: mistakes.of_operator(infer, symbol, in_place, types),
        )

    def unary(self, infer: Inference, node: ast.AST, symbol: str, value: Known) -> Fact | None:
        return by_member(
            infer, node, [value], lambda parts: infer.unary(node, symbol, *parts), lambda types: mistakes.of_unary(infer, symbol, types)
        )

    def compare(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        return by_member(
            infer,
            node,
            [left, right],
            lambda parts: infer.compare(node, op, *parts),
            lambda types: mistakes.of_comparison(infer, op, types),
        )

    def identical(self, infer: Inference, node: ast.AST, left: Known, right: Known, negated: bool) -> Fact | None:
        for value, other in ((left, right), (right, left)):
            if other.type == NONE and isinstance(value.type, UnionType):
                if NONE not in value.type.members:
                    return decided(infer, node, negated, [left, right])
                return negated_where(negated, infer, node, is_member(value, NONE))

        def one(parts: list[Known]) -> Fact | None:
            if parts[0].type.python_class != parts[1].type.python_class:
                return constant(infer.span(node), negated)
            return infer.identical(node, parts[0], parts[1], negated)

        return by_member(infer, node, [left, right], one, lambda types: None)

    def contains(self, infer: Inference, node: ast.AST, needle: Known, haystack: Known, negated: bool) -> Fact | None:
        return by_member(
            infer,
            node,
            [needle, haystack],
            lambda parts: infer.contains(node, parts[0], parts[1], negated),
            lambda types: mistakes.of_membership(infer, types),
        )

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Fact:
        return by_member(infer, node, [value], lambda parts: infer.truth(node, *parts), lambda types: None)

    def stream(self, infer: Inference, node: ast.AST, value: Known, steps: list[Step]) -> Stream | Unknown | None:
        found = only(infer, node, value, partial(_gives_elements, infer), lambda types: mistakes.of_iteration(infer, types))
        either: Fact | None = found
        if either is None:
            either = as_list(infer, node, value, self._behaviour_of)
        return either if not isinstance(either, Known) else self._behaviour_of(either.type).stream(infer, node, either, steps)

    def element(self, infer: Inference, node: ast.expr, value: Known, index: Sequence[Known]) -> Fact | None:
        return by_member(
            infer,
            node,
            [value, *index],
            lambda parts: infer.element(node, parts[0], parts[1:]),
            lambda types: mistakes.of_element(infer, types),
        )

    def slice(self, infer: Inference, node: ast.expr, value: Known, bounds: Sequence[Known | None]) -> Fact | None:
        given = [constant(value.span, None) if bound is None else bound for bound in bounds]

        def sliced(parts: list[Known]) -> Fact | None:
            return infer.slice(node, parts[0], [None if bound.type == NONE else bound for bound in parts[1:]])

        return by_member(infer, node, [value, *given], sliced, lambda types: mistakes.of_slice(infer, types))

    def set_element(self, infer: Inference, node: ast.expr, value: Known, index: Known, new: Known) -> Fact | None:
        return by_member(
            infer,
            node,
            [value, index],
            lambda parts: infer.set_element(node, parts[0], parts[1], new),
            lambda types: mistakes.of_stored_element(infer, types),
        )

    def delete_element(self, infer: Inference, node: ast.expr, value: Known, index: Known) -> Fact | None:
        return by_member(
            infer,
            node,
            [value, index],
            lambda parts: infer.delete_element(node, *parts),
            lambda types: mistakes.of_deleted_element(infer, types),
        )

    def add_in_place(self, infer: Inference, node: ast.AST, symbol: str, value: Known, other: Known) -> Fact | None:
        if not any(isinstance(one, UnionType) and any(map(_changes, one.members)) for one in (value.type,)):
            return None
        return infer.refuse(
            "P0305", node, f"`{symbol}=` of {value.type} is not translated", "test for the type first: if isinstance(x, list)"
        )


def _is_iterable(type_: Type) -> bool:
    return isinstance(type_, _ITERABLE)


def _gives_elements(infer: Inference, type_: Type) -> bool:
    own = is_instance(type_) and (infer.has_special(type_, "__iter__") or infer.has_special(type_, "__getitem__"))
    return own or _is_iterable(type_) or is_generator(type_)


def _changes(type_: Type) -> bool:
    return isinstance(type_, DictRef | SetRef) or (isinstance(type_, ListRef) and not type_.frozen)


def unpackable(infer: Inference, node: ast.AST, value: Known) -> Known | None:
    """Return a value as the one member that can be unpacked; None where that is not so."""
    return only(infer, node, value, _is_iterable, lambda types: mistakes.of_unpacking(infer, types))
