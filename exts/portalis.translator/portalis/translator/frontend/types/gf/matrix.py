"""Gf.Matrix3d and Gf.Matrix4d."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import constant, part, primitive
from portalis.translator.frontend.facts.model import Element, Fact, Known, Step, Unknown, first_unknown
from portalis.translator.frontend.types.gf.gf import GfBehaviour
from portalis.translator.frontend.types.gf.signatures import call_method
from portalis.translator.frontend.types.sequences.indexing import GF_MESSAGE, bounded, held
from portalis.translator.ir.types import FLOAT, INT, MatrixType, Type


class Matrix(GfBehaviour):
    """A matrix: `m[row, column]` is an element, `m[row]` a copy of the row, as Gf gives it."""

    def length(self, type_: Type) -> int | None:
        assert isinstance(type_, MatrixType)
        return type_.size

    def overtakes_itself(self, symbol: str) -> bool:
        # OpenUSD's `m *= m` reads rows that it has already overwritten.
        return symbol == "*"

    def element(self, infer: Inference, node: ast.expr, value: Known, index: Sequence[Known]) -> Fact | None:
        assert isinstance(value.type, MatrixType)
        if len(index) == 2:
            offset = _offset(infer, node, value.type.size, *index)
            return offset if isinstance(offset, Unknown) else Known(infer.span(node), FLOAT, Element(value, offset))
        row = bounded(infer, node, index[0], value.type.size, GF_MESSAGE)
        return row if isinstance(row, Unknown) else call_method(infer, node, value, "GetRow", [row])

    def place(self, infer: Inference, node: ast.expr, value: Known, index: Sequence[Known], steps: list[Step] | None) -> Fact | None:
        assert isinstance(value.type, MatrixType)
        offset = _offset(infer, node, value.type.size, *index)
        if isinstance(offset, Unknown):
            return offset
        return part(value, Element(value, held(infer, offset, steps)), FLOAT, infer.span(node))


def _offset(infer: Inference, node: ast.expr, size: int, row: Known, column: Known) -> Fact:
    """Return the offset of an element in a matrix's storage, row by row."""
    one = bounded(infer, node, row, size, GF_MESSAGE)
    other = bounded(infer, node, column, size, GF_MESSAGE)
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return first_unknown(one, other) or one
    span = infer.span(node)
    if isinstance(one.constant, int) and isinstance(other.constant, int):
        return constant(span, one.constant * size + other.constant)
    scaled = primitive(span, INT, "int.mul", one, constant(span, size), proven=True)
    return primitive(span, INT, "int.add", scaled, other, proven=True)
