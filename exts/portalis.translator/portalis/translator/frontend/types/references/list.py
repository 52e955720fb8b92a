"""list: any number of elements of one type; what its methods and operators do is `library/lists.py`'s."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import describe, to_int
from portalis.translator.frontend.facts.model import Fact, Known, Step
from portalis.translator.frontend.types.behaviour import Behaviour
from portalis.translator.frontend.types.references.operations import is_not_empty, length_of, negated_where, same_object
from portalis.translator.frontend.types.references.streams import Stream, list_stream
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import BOOL, INT, ListRef


class ReferredList(Behaviour):
    """A list."""

    def binary(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        if symbol == "+" and isinstance(right.type, ListRef):
            joined = infer.unify(left.type, right.type)
            return mixed(infer, node, left, right) if joined is None else infer.library(node, "lists", "concatenated", [left, right])
        return infer.library(node, "lists", "repeated", [left, to_int(right)]) if symbol == "*" and right.type in (INT, BOOL) else None

    def reflected(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        if symbol == "*" and left.type in (INT, BOOL):
            return infer.library(node, "lists", "repeated_by", [to_int(left), right])
        return None

    def compare(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        if not isinstance(right.type, ListRef) or infer.unify(left.type, right.type) is None:
            return None
        if op in ("eq", "ne"):
            return negated_where(op == "ne", infer, node, infer.library(node, "lists", "equal", [left, right]))
        return infer.library(
            node, "lists", {"lt": "less", "le": "less_or_equal", "gt": "greater", "ge": "greater_or_equal"}[op], [left, right]
        )

    def identical(self, infer: Inference, node: ast.AST, left: Known, right: Known, negated: bool) -> Fact | None:
        return same_object(infer, node, left, right, negated)

    def contains(self, infer: Inference, node: ast.AST, needle: Known, haystack: Known, negated: bool) -> Fact | None:
        assert isinstance(haystack.type, ListRef)
        return negated_where(negated, infer, node, infer.library(node, "lists", "contained", [needle, haystack]))

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        return is_not_empty(infer, node, length_of(infer.span(node), "list.length", value))

    def measured(self, infer: Inference, node: ast.AST, value: Known) -> Known | None:
        return length_of(infer.span(node), "list.length", value)

    def stream(self, infer: Inference, value: Known, steps: list[Step]) -> Stream | None:
        return list_stream(infer, value, steps)

    def element(self, infer: Inference, node: ast.expr, value: Known, index: Sequence[Known]) -> Fact | None:
        return infer.library(node, "lists", "element", [value, to_int(index[0])]) if index[0].type in (INT, BOOL) else None

    def slice(self, infer: Inference, node: ast.expr, value: Known, bounds: Sequence[Known | None]) -> Fact | None:
        return sliced(infer, node, "lists", value, bounds)

    def set_element(self, infer: Inference, node: ast.expr, value: Known, index: Known, new: Known) -> Fact | None:
        if index.type not in (INT, BOOL):
            return None
        if not put_in(infer, node, value, new):
            return mixed(infer, node, value, new)
        return infer.library(node, "lists", "set_element", [value, to_int(index), new])

    def add_in_place(self, infer: Inference, node: ast.AST, symbol: str, value: Known, other: Known) -> Fact | None:
        if symbol == "*" and other.type in (INT, BOOL):
            return infer.library(node, "lists", "repeat", [value, to_int(other)])
        if symbol != "+" or not isinstance(other.type, ListRef):
            return None
        return (
            infer.library(node, "lists", "extend", [value, other])
            if infer.unify(value.type, other.type)
            else mixed(infer, node, value, other)
        )


def put_in(infer: Inference, node: ast.AST, container: Known, item: Known) -> bool:
    """Let a list hold an element of this type too; tell whether it can."""
    assert isinstance(container.type, ListRef)
    return infer.unify(container.type, ListRef(item.type, container.type.site)) is not None


def mixed(infer: Inference, node: ast.AST, container: Known, other: Known) -> Fact:
    """Refuse elements of several types."""
    return infer.refuse(
        "P0302",
        node,
        f"{describe(container.type)} cannot hold what {describe(other.type)} brings",
        "give all elements one type: float(x), int(x), str(x)",
    )


def sliced(infer: Inference, node: ast.expr, module: str, value: Known, bounds: Sequence[Known | None]) -> Fact | None:
    """Return `value[start:stop:step]`; what is left out is as if `sys.maxsize` or zero were there."""
    start, stop, step = bounds
    if any(one is not None and one.type not in (INT, BOOL) for one in bounds):
        return None
    names = "".join("0" if one is None else "1" for one in (start, stop))
    given = [to_int(one) for one in (start, stop) if one is not None]
    if step is None:
        return infer.library(node, module, {"00": "whole", "10": "from_start", "01": "to_stop", "11": "between"}[names], [value, *given])
    function = {"00": "stepped", "10": "stepped_from", "01": "stepped_to", "11": "stepped_between"}[names]
    return infer.library(node, module, function, [value, *given, to_int(step)])
