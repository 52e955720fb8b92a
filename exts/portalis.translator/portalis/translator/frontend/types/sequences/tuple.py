"""tuple: of known length; its elements may differ in type."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, decided, part
from portalis.translator.frontend.facts.model import After, Element, Fact, Known, Step, Unknown
from portalis.translator.frontend.types.behaviour import Behaviour
from portalis.translator.frontend.types.references.streams import Stream, tuple_stream
from portalis.translator.frontend.types.sequences.building import concatenate, item, item_type, make_tuple, parts_of, repeat
from portalis.translator.frontend.types.sequences.comparing import compare_sequences, contains, order_sequences
from portalis.translator.frontend.types.sequences.indexing import bounded
from portalis.translator.frontend.types.unions.members import any_length
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import INT, TupleType, Type


class Tuple(Behaviour):
    """A tuple."""

    def binary(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        if symbol == "+" and isinstance(right.type, TupleType):
            return concatenate(infer, node, left, right)
        if symbol != "*" or right.type != INT:
            return None
        long = _as_long(infer, left, right)
        return repeat(infer, node, left, right) if long is None else infer.binary(node, symbol, long, right)

    def reflected(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        if symbol != "*" or left.type != INT:
            return None
        long = _as_long(infer, right, left)
        return repeat(infer, node, right, left) if long is None else infer.binary(node, symbol, left, long)

    def compare(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        if not isinstance(right.type, TupleType):
            return None
        return (compare_sequences if op in ("eq", "ne") else order_sequences)(infer, node, op, left, right)

    def contains(self, infer: Inference, node: ast.AST, needle: Known, haystack: Known, negated: bool) -> Fact | None:
        return contains(infer, node, needle, haystack, negated)

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        assert isinstance(value.type, TupleType)
        return decided(infer, node, bool(value.type.items), [value])

    def length(self, type_: Type) -> int | None:
        assert isinstance(type_, TupleType)
        return len(type_.items)

    def iterates_over(self, type_: Type) -> tuple[Type, ...] | None:
        assert isinstance(type_, TupleType)
        return type_.items

    def stream(self, infer: Inference, node: ast.AST, value: Known, steps: list[Step]) -> Stream | None:
        return tuple_stream(infer, value, steps)

    def parts(self, infer: Inference, value: Known, steps: list[Step]) -> list[Known] | None:
        return parts_of(infer, value, steps)

    def slice(self, infer: Inference, node: ast.expr, value: Known, bounds: Sequence[Known | None]) -> Fact | None:
        known = [None if bound is None else bound.constant for bound in bounds]
        start, stop, step = [one for one in known if one is None or isinstance(one, int)] if all(map(_is_bound, bounds)) else (0, 0, 0)
        if step != 0:
            steps: list[Step] = []
            made = make_tuple(infer, node, parts_of(infer, value, steps)[start:stop:step])
            return after(infer.span(node), steps, made) if isinstance(made, Known) else made
        long = any_length(infer, value)
        return None if long is None else infer.slice(node, long, bounds)

    def element(self, infer: Inference, node: ast.expr, value: Known, index: Sequence[Known]) -> Fact | None:
        assert isinstance(value.type, TupleType)
        offset = bounded(infer, node, index[0], len(value.type.items), "tuple index out of range")
        if isinstance(offset, Unknown):
            return offset
        inner = item_type(value.type)
        if inner is None and infer.references and not isinstance(offset.constant, int):
            long = any_length(infer, value)
            if long is not None:
                return infer.element(node, long, index)
        if inner is not None:
            return part(value, Element(value, offset), inner, infer.span(node))
        if isinstance(offset.constant, int) and isinstance(value.operation, After):
            # Its parts are storage that the steps before it fill.
            return after(value.span, value.operation.steps, item(value.operation.value, offset.constant))
        if isinstance(offset.constant, int):
            return item(value, offset.constant)
        return infer.refuse(
            "P0313",
            node,
            "a tuple whose elements differ in type needs a constant index",
            "index it by a number, or give all elements one type",
        )


def _is_bound(bound: Known | None) -> bool:
    return bound is None or isinstance(bound.constant, int)


def _as_long(infer: Inference, value: Known, count: Known) -> Known | None:
    """Return a tuple that is repeated as one of any length, where nobody knows how often."""
    return any_length(infer, value) if infer.references and not isinstance(count.constant, int) else None
