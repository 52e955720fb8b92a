"""list: any number of elements of one type; what its methods and operators do is `library/lists.py`'s."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.contents import as_any_length
from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import describe, to_int
from portalis.translator.frontend.facts.model import Fact, Known, Step, Unknown
from portalis.translator.frontend.types.behaviour import Behaviour
from portalis.translator.frontend.types.numbers.wide import INTS
from portalis.translator.frontend.types.references.operations import is_not_empty, length_of, negated_where, operated, same_object
from portalis.translator.frontend.types.references.slicing import sliced
from portalis.translator.frontend.types.references.streams import Stream, list_stream
from portalis.translator.frontend.types.unions.members import coerced
from portalis.translator.ir.instances import asks_a_class
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import ListRef, TupleType


class ReferredList(Behaviour):
    """A list, or a tuple of any length."""

    def binary(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        if symbol == "*":
            return self._repeated(infer, node, left, right, "repeated", [left, to_int(right)])
        other = _like(infer, left, right)
        if symbol != "+" or other is None:
            return None
        if infer.unify(left.type, other.type) is None:
            return mixed(infer, node, left, right)
        return frozen_like(left, infer.library(node, "lists", "concatenated", [left, other]))

    def reflected(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        if symbol == "*":
            return self._repeated(infer, node, right, left, "repeated_by", [to_int(left), right])
        other = _like(infer, right, left)
        return self.binary(infer, node, symbol, other, right) if symbol == "+" and other is not None else None

    @staticmethod
    def _repeated(infer: Inference, node: ast.AST, value: Known, count: Known, name: str, args: list[Known]) -> Fact | None:
        return frozen_like(value, infer.library(node, "lists", name, args)) if count.type in INTS else None

    def compare(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        other = _like(infer, left, right)
        if other is None or infer.unify(left.type, other.type) is None:
            return None
        if op in ("eq", "ne"):
            # Of tuples CPython asks the elements before it looks how many there are.
            module = "tuples" if _is_tuple(left) and asks_a_class(left.type) else "lists"
            return negated_where(op == "ne", infer, node, infer.library(node, module, "equal", [left, other]))
        return infer.library(node, "lists", _ORDERS[op], [left, other])

    def compare_reflected(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        other = _like(infer, right, left)
        return self.compare(infer, node, op, other, right) if other is not None else None

    def identical(self, infer: Inference, node: ast.AST, left: Known, right: Known, negated: bool) -> Fact | None:
        return same_object(infer, node, left, right, negated) if not _is_tuple(left) and not _is_tuple(right) else None

    def contains(self, infer: Inference, node: ast.AST, needle: Known, haystack: Known, negated: bool) -> Fact | None:
        assert isinstance(haystack.type, ListRef)
        sought = coerced(infer, needle, haystack.type.item) if isinstance(haystack.type.item, ListRef) else needle
        return negated_where(negated, infer, node, infer.library(node, "lists", "contained", [sought, haystack]))

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        return is_not_empty(infer, node, length_of(infer.span(node), "list.length", value))

    def measured(self, infer: Inference, node: ast.AST, value: Known) -> Known | None:
        return length_of(infer.span(node), "list.length", value)

    def stream(self, infer: Inference, node: ast.AST, value: Known, steps: list[Step]) -> Stream | None:
        return list_stream(infer, value, steps)

    def element(self, infer: Inference, node: ast.expr, value: Known, index: Sequence[Known]) -> Fact | None:
        module = "tuples" if _is_tuple(value) else "lists"
        return infer.library(node, module, "element", [value, to_int(index[0])]) if index[0].type in INTS else None

    def slice(self, infer: Inference, node: ast.expr, value: Known, bounds: Sequence[Known | None]) -> Fact | None:
        given = value
        if bounds[2] is not None and _is_tuple(value):
            # What is taken step by step is put into a list.
            made = infer.library(node, "splicing", "as_list", [value])
            if isinstance(made, Unknown):
                return made
            given = made
        found = sliced(infer, node, "lists", given, bounds)
        return None if found is None else frozen_like(value, found)

    def set_element(self, infer: Inference, node: ast.expr, value: Known, index: Known, new: Known) -> Fact | None:
        if index.type not in INTS or _is_tuple(value):
            return None
        stored = put_in(infer, value, new)
        return (
            mixed(infer, node, value, new)
            if stored is None
            else infer.library(node, "lists", "set_element", [value, to_int(index), stored])
        )

    def delete_element(self, infer: Inference, node: ast.expr, value: Known, index: Known) -> Fact | None:
        if index.type not in INTS or _is_tuple(value):
            return None
        return infer.library(node, "lists", "delete", [value, to_int(index)])

    def add_in_place(self, infer: Inference, node: ast.AST, symbol: str, value: Known, other: Known) -> Fact | None:
        if _is_tuple(value):
            return None
        if symbol == "*" and other.type in INTS:
            return infer.library(node, "lists", "repeat", [value, to_int(other)])
        if symbol != "+" or not isinstance(other.type, ListRef) or other.type.frozen:
            return None
        if infer.unify(value.type, other.type) is None:
            return mixed(infer, node, value, other)
        return infer.library(node, "lists", "extend", [value, other])


_ORDERS = {"lt": "less", "le": "less_or_equal", "gt": "greater", "ge": "greater_or_equal"}


def _is_tuple(value: Known) -> bool:
    return isinstance(value.type, ListRef) and value.type.frozen


def _like(infer: Inference, value: Known, other: Known) -> Known | None:
    """Return what a list or tuple is compared or joined with as one of its kind: a tuple of fixed length as one of any."""
    assert isinstance(value.type, ListRef)
    if isinstance(other.type, ListRef):
        return other if other.type.frozen == value.type.frozen else None
    if not isinstance(other.type, TupleType) or other.type.named or not value.type.frozen:
        return None
    item = value.type.item
    if all(infer.generalise(item, one) == item for one in other.type.items):
        return coerced(infer, other, ListRef(item, frozen=True))
    long = as_any_length(other.type)
    return None if long is None else coerced(infer, other, long)


def frozen_like(value: Known, made: Fact) -> Fact:
    """Return what was made from a tuple as a tuple."""
    if not _is_tuple(value) or not isinstance(made, Known) or not isinstance(made.type, ListRef) or made.type.frozen:
        return made
    return operated(made.span, ListRef(made.type.item, made.type.site, frozen=True), "list.freeze", made)


def put_in(infer: Inference, container: Known, item: Known) -> Known | None:
    """Let a list hold an element of this type too; return it as it is stored, or None where it cannot be."""
    assert isinstance(container.type, ListRef)
    joined = infer.generalise(container.type.item, item.type)
    if joined is None or infer.unify(container.type, ListRef(joined, container.type.site)) is None:
        return None
    return coerced(infer, item, joined)


def mixed(infer: Inference, node: ast.AST, container: Known, other: Known) -> Fact:
    """Refuse elements of several types."""
    return infer.refuse(
        "P0302",
        node,
        f"{describe(container.type)} cannot hold what {describe(other.type)} brings",
        "give all elements one type: float(x), int(x), str(x)",
    )
