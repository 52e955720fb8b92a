"""Constructors of `Gf` types from tuples and lists, which Python's bindings convert element by element."""

from __future__ import annotations

import ast

from portalis.translator.frontend.context import Context
from portalis.translator.frontend.conversions import NUMBERS, to_float
from portalis.translator.frontend.evaluation import once
from portalis.translator.frontend.lower_intrinsics import make_like
from portalis.translator.frontend.unpacking import parts_of
from portalis.translator.frontend.values import Value, sequence
from portalis.translator.ir.nodes import Stmt
from portalis.translator.ir.types import ListType, MatrixType, QuatType, TupleType, Type, VecType, elements

GfType = VecType | QuatType | MatrixType


def construct_from_sequences(context: Context, node: ast.Call, type_: GfType, args: list[Value]) -> Value | None:
    """Lower `Gf.Vec3d((x, y, z))`, `Gf.Quatd(real, (i, j, k))` or `Gf.Matrix3d(rows)`; None where the arguments are nothing like that."""
    body: list[Stmt] = []
    items: list[Value] | None = None
    match type_, args:
        case VecType(size, _), [value]:
            items = _numbers(context, value, size, body)
        case QuatType(), [real, imaginary] if real.type in NUMBERS:
            held = once(context, to_float(real), "real", body)
            numbers = _numbers(context, imaginary, 3, body)
            items = None if numbers is None else [*numbers, held]
        case MatrixType(size), [value] if _is_square(value.type, size):
            items = [number for row in parts_of(context, value, body) or [] for number in parts_of(context, row, body) or []]
    if items is None or any(item.type not in NUMBERS for item in items):
        return None
    made = make_like(context, node, type_, items)
    return made.with_expr(sequence(context.span(node), body, made.expr))


def _numbers(context: Context, value: Value, count: int, body: list[Stmt]) -> list[Value] | None:
    if not isinstance(value.type, TupleType | ListType) or len(elements(value.type)) != count:
        return None
    return parts_of(context, value, body)


def _is_square(type_: Type, size: int) -> bool:
    if not isinstance(type_, TupleType | ListType) or len(elements(type_)) != size:
        return False
    return all(isinstance(row, TupleType | ListType) and len(elements(row)) == size for row in elements(type_))
