"""Constructors of `Gf` types from tuples and lists, which Python's bindings convert element by element."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import NUMBERS, after, once, to_float
from portalis.translator.frontend.facts.model import Known, Step
from portalis.translator.frontend.types import table
from portalis.translator.frontend.types.gf.building import make_like
from portalis.translator.ir.types import ListType, MatrixType, QuatType, TupleType, Type, VecType
from portalis.translator.library.gf_signatures import GfType


def construct_from_sequences(infer: Inference, node: ast.Call, type_: GfType, args: Sequence[Known]) -> Known | None:
    """Return `Gf.Vec3d((x, y, z))`, `Gf.Quatd(real, (i, j, k))` or `Gf.Matrix3d(rows)`; None where the arguments are nothing like that."""
    steps: list[Step] = []
    items: list[Known] | None = None
    match type_, args:
        case VecType(size, _), [value]:
            items = _numbers(infer, value, size, steps)
        case QuatType(), [real, imaginary] if real.type in NUMBERS:
            held = once(infer, to_float(real), "real", steps)
            numbers = _numbers(infer, imaginary, 3, steps)
            items = None if numbers is None else [*numbers, held]
        case MatrixType(size), [value] if _is_square(value.type, size):
            rows = table.parts(infer, value, steps) or []
            items = [number for row in rows for number in table.parts(infer, row, steps) or []]
    if items is None or any(item.type not in NUMBERS for item in items):
        return None
    return after(infer.span(node), steps, make_like(infer, node, type_, items))


def _numbers(infer: Inference, value: Known, count: int, steps: list[Step]) -> list[Known] | None:
    if not isinstance(value.type, TupleType | ListType) or len(value.type.elements) != count:
        return None
    return table.parts(infer, value, steps)


def _is_square(type_: Type, size: int) -> bool:
    if not isinstance(type_, TupleType | ListType) or len(type_.elements) != size:
        return False
    return all(isinstance(row, TupleType | ListType) and len(row.elements) == size for row in type_.elements)
