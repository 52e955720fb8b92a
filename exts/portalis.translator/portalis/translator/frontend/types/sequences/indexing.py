"""Elements by index: checked where the program is translated if the index is known then, else at run time."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.aliasing import Homeless
from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import constant, describe, is_place, part
from portalis.translator.frontend.facts.model import Assigned, Bounded, Build, Constant, Element, Fact, Known, Load, Step, Unknown
from portalis.translator.frontend.types.numbers.wide import INTS, narrowed
from portalis.translator.ir.types import INT, Type

GF_MESSAGE = "Index out of range."


def bounded(infer: Inference, node: ast.expr, index: Known, length: int, message: str) -> Fact:
    """Return an index as an offset that is in range, checked here where it is constant and at run time where not."""
    if index.type not in INTS:
        return infer.refuse(
            "P0313", node, f"an index must be an int, not {describe(index.type)}", "convert it: int(x), or x // 1 for whole steps"
        )
    index = narrowed(infer, node, index)
    if isinstance(index.constant, int):
        offset = index.constant + length if index.constant < 0 else index.constant
        if 0 <= offset < length:
            return constant(index.span, offset)
        return infer.refuse(
            "P0313", node, f"index {index.constant} is out of range for {length} elements", f"use an index from 0 to {length - 1}"
        )
    if length == 0:
        return infer.refuse("P0313", node, "nothing can be indexed in an empty sequence", "give it elements first")
    if message == GF_MESSAGE:
        checked = infer.library(node, "gf", "checked_index", [index])
        if isinstance(checked, Unknown):
            return checked
        index = checked
    return Known(infer.span(node), INT, Bounded(index, length, message))


def element_place(infer: Inference, node: ast.expr, value: Known, offset: Known, type_: Type, steps: list[Step] | None) -> Fact:
    """Return the element at an offset as a place to store to. Where it is read too, `steps` evaluate the offset once."""
    if not is_place(value) and not isinstance(value.operation, Build):
        return infer.observe(Homeless(node, value.roots, value.type, element=True))
    return part(value, Element(value, held(infer, offset, steps)), type_, infer.span(node))


def held(infer: Inference, offset: Known, steps: list[Step] | None) -> Known:
    """Return an offset that may be read twice: evaluated by `steps`, where there are any."""
    if steps is None or isinstance(offset.operation, Constant):
        return offset
    local = infer.temporary("index", INT)
    steps.append(Assigned(offset.span, local, offset))
    return Known(offset.span, INT, Load(local))
