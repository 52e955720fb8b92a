"""Gf.Vec2, Vec3 and Vec4 of doubles or singles."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import constant, element_at, once, part
from portalis.translator.frontend.facts.model import Element, Fact, Known, Step, Unknown
from portalis.translator.frontend.types.gf.gf import GfBehaviour
from portalis.translator.frontend.types.sequences.indexing import GF_MESSAGE, bounded, element_place
from portalis.translator.ir.types import FLOAT, Type, VecType

COORDINATES = "xyzw"


class Vector(GfBehaviour):
    """A vector."""

    def length(self, type_: Type) -> int | None:
        assert isinstance(type_, VecType)
        return type_.size

    def iterates_over(self, type_: Type) -> tuple[Type, ...] | None:
        assert isinstance(type_, VecType)
        return (FLOAT,) * type_.size

    def parts(self, infer: Inference, value: Known, steps: list[Step]) -> list[Known] | None:
        assert isinstance(value.type, VecType)
        held = once(infer, value, "parts", steps)
        return [element_at(held, index, FLOAT) for index in range(value.type.size)]

    def element(self, infer: Inference, node: ast.expr, value: Known, index: Sequence[Known]) -> Fact | None:
        assert isinstance(value.type, VecType)
        offset = bounded(infer, node, index[0], value.type.size, GF_MESSAGE)
        return offset if isinstance(offset, Unknown) else part(value, Element(value, offset), FLOAT, infer.span(node))

    def place(self, infer: Inference, node: ast.expr, value: Known, index: Sequence[Known], steps: list[Step] | None) -> Fact | None:
        assert isinstance(value.type, VecType)
        offset = bounded(infer, node, index[0], value.type.size, GF_MESSAGE)
        return offset if isinstance(offset, Unknown) else element_place(infer, node, value, offset, FLOAT, steps)

    def attribute(self, infer: Inference, node: ast.Attribute, value: Known) -> Fact | None:
        return self.attribute_place(infer, node, value)

    def attribute_place(self, infer: Inference, node: ast.Attribute, value: Known) -> Known | None:
        assert isinstance(value.type, VecType)
        if node.attr not in tuple(COORDINATES[: value.type.size]):
            return None
        span = infer.span(node)
        return part(value, Element(value, constant(span, COORDINATES.index(node.attr))), FLOAT, span)
