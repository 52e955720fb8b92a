"""bytearray: an object of the library's whose numbers are a list of ints; what it does in place is `library/octet_lists.py`'s."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import constant, to_int
from portalis.translator.frontend.facts.model import Fact, Known, Step
from portalis.translator.frontend.types.behaviour import Behaviour
from portalis.translator.frontend.types.numbers.wide import INTS, narrowed
from portalis.translator.frontend.types.octets.octets import as_text, compared_octets, is_octets, octets_in
from portalis.translator.frontend.types.references.operations import is_not_empty, length_of, operated, same_object
from portalis.translator.frontend.types.references.slicing import sliced
from portalis.translator.frontend.types.references.streams import Stream, list_stream
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import BOOL, BYTEARRAY, INT, ListRef


def numbers_of(value: Known) -> Known:
    """Return the list of a bytearray's numbers; the very one."""
    return operated(value.span, ListRef(INT), "record.get", value, name="items")


def as_bytearray(items: Fact) -> Fact:
    """Return a new bytearray of a list of numbers, which nobody else holds."""
    return operated(items.span, BYTEARRAY, "record.of", items) if isinstance(items, Known) else items


def numbers_in(infer: Inference, node: ast.AST, value: Known) -> Fact:
    """Return a new list of the numbers of bytes or of a bytearray."""
    if value.type == BYTEARRAY:
        return infer.library(node, "octet_lists", "copied", [numbers_of(value)])
    return infer.library(node, "octet_lists", "of_text", [as_text(value)])


class Bytearray(Behaviour):
    """A bytearray."""

    def binary(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        if symbol == "+" and is_octets(right.type):
            other = numbers_of(right) if right.type == BYTEARRAY else numbers_in(infer, node, right)
            if not isinstance(other, Known):
                return other
            return as_bytearray(infer.library(node, "lists", "concatenated", [numbers_of(left), other]))
        if symbol == "*" and right.type in INTS:
            return as_bytearray(infer.library(node, "lists", "repeated", [numbers_of(left), to_int(right)]))
        return None

    def reflected(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        if symbol != "*" or left.type not in INTS:
            return None
        return as_bytearray(infer.library(node, "lists", "repeated_by", [to_int(left), numbers_of(right)]))

    def compare(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        return compared_octets(infer, node, op, left, right) if is_octets(right.type) else None

    def identical(self, infer: Inference, node: ast.AST, left: Known, right: Known, negated: bool) -> Fact | None:
        return same_object(infer, node, left, right, negated)

    def contains(self, infer: Inference, node: ast.AST, needle: Known, haystack: Known, negated: bool) -> Fact | None:
        return octets_in(infer, node, needle, haystack, negated)

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        return is_not_empty(infer, node, length_of(infer.span(node), "list.length", numbers_of(value)))

    def measured(self, infer: Inference, node: ast.AST, value: Known) -> Known | None:
        return length_of(infer.span(node), "list.length", numbers_of(value))

    def stream(self, infer: Inference, node: ast.AST, value: Known, steps: list[Step]) -> Stream | None:
        return list_stream(infer, numbers_of(value), steps)

    def element(self, infer: Inference, node: ast.expr, value: Known, index: Sequence[Known]) -> Fact | None:
        if len(index) != 1 or index[0].type not in INTS:
            return None
        return infer.library(node, "octet_lists", "element", [numbers_of(value), to_int(index[0])])

    def slice(self, infer: Inference, node: ast.expr, value: Known, bounds: Sequence[Known | None]) -> Fact | None:
        found = sliced(infer, node, "lists", numbers_of(value), bounds)
        return None if found is None else as_bytearray(found)

    def set_element(self, infer: Inference, node: ast.expr, value: Known, index: Known, new: Known) -> Fact | None:
        if index.type not in INTS or new.type not in INTS:
            return None
        return infer.library(node, "octet_lists", "set_element", [numbers_of(value), to_int(index), narrowed(infer, node, new)])

    def delete_element(self, infer: Inference, node: ast.expr, value: Known, index: Known) -> Fact | None:
        return infer.library(node, "octet_lists", "delete", [numbers_of(value), to_int(index)]) if index.type in INTS else None

    def add_in_place(self, infer: Inference, node: ast.AST, symbol: str, value: Known, other: Known) -> Fact | None:
        if symbol == "*" and other.type in INTS:
            return infer.library(node, "octet_lists", "repeat", [numbers_of(value), to_int(other)])
        if symbol != "+" or not is_octets(other.type):
            return None
        if other.type == BYTEARRAY:
            same: Fact = operated(infer.span(node), BOOL, "object.same", value, other)
            others: Fact = numbers_of(other)
        else:
            same, others = constant(infer.span(node), False), numbers_in(infer, node, other)
        if not isinstance(same, Known) or not isinstance(others, Known):
            return others
        return infer.library(node, "octet_lists", "add", [numbers_of(value), others, same])
