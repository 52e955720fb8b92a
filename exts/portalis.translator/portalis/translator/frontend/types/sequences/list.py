"""list: of one type of elements, and a length that is known when the program is translated."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import decided, part
from portalis.translator.frontend.facts.model import Element, Fact, Known, Step, Unknown
from portalis.translator.frontend.types.behaviour import Behaviour
from portalis.translator.frontend.types.sequences.building import concatenate, parts_of, repeat
from portalis.translator.frontend.types.sequences.comparing import compare_sequences, contains
from portalis.translator.frontend.types.sequences.indexing import bounded, element_place
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import INT, ListType, Type


class List(Behaviour):
    """A list."""

    def binary(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        if symbol == "+" and isinstance(right.type, ListType):
            return concatenate(infer, node, left, right)
        return repeat(infer, node, left, right) if symbol == "*" and right.type == INT else None

    def reflected(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        return repeat(infer, node, right, left) if symbol == "*" and left.type == INT else None

    def compare(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        alike = isinstance(right.type, ListType) and op in ("eq", "ne")
        return compare_sequences(infer, node, op, left, right) if alike else None

    def contains(self, infer: Inference, node: ast.AST, needle: Known, haystack: Known, negated: bool) -> Fact | None:
        return contains(infer, node, needle, haystack, negated)

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        assert isinstance(value.type, ListType)
        return decided(infer, node, value.type.length > 0, [value])

    def length(self, type_: Type) -> int | None:
        assert isinstance(type_, ListType)
        return type_.length

    def iterates_over(self, type_: Type) -> tuple[Type, ...] | None:
        assert isinstance(type_, ListType)
        return (type_.item,) * type_.length

    def parts(self, infer: Inference, value: Known, steps: list[Step]) -> list[Known] | None:
        return parts_of(infer, value, steps)

    def element(self, infer: Inference, node: ast.expr, value: Known, index: Sequence[Known]) -> Fact | None:
        assert isinstance(value.type, ListType)
        offset = bounded(infer, node, index[0], value.type.length, "list index out of range")
        return offset if isinstance(offset, Unknown) else part(value, Element(value, offset), value.type.item, infer.span(node))

    def place(self, infer: Inference, node: ast.expr, value: Known, index: Sequence[Known], steps: list[Step] | None) -> Fact | None:
        assert isinstance(value.type, ListType)
        message = "list assignment index out of range" if steps is None else "list index out of range"
        offset = bounded(infer, node, index[0], value.type.length, message)
        return offset if isinstance(offset, Unknown) else element_place(infer, node, value, offset, value.type.item, steps)

    def stored(self, infer: Inference, value: Known, element: Known) -> Known | None:
        assert isinstance(value.type, ListType)
        return element if element.type == value.type.item else None

    def changes_in_place(self, symbol: str, left: Type, right: Type) -> bool | None:
        return False
