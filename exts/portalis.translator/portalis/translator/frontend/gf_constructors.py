"""Constructors of `Gf` types: every overload of the Python bindings that takes values of this language."""

from __future__ import annotations

import ast

from portalis.translator.frontend.context import Context
from portalis.translator.frontend.conversions import NUMBERS, to_float
from portalis.translator.frontend.evaluation import once
from portalis.translator.frontend.gf_operators import call_signature, resolve
from portalis.translator.frontend.lower_intrinsics import make_like
from portalis.translator.frontend.unpacking import parts_of
from portalis.translator.frontend.values import POISON, Value, constant, describe, sequence
from portalis.translator.ir.nodes import Const, ElementLoad, Stmt
from portalis.translator.ir.types import FLOAT, INT, ListType, MatrixType, QuatType, TupleType, Type, VecType, elements
from portalis.translator.library.gf_signatures import constructors
from portalis.translator.source import Span

GfType = VecType | QuatType | MatrixType


def construct(context: Context, node: ast.Call, type_: GfType, args: list[Value]) -> Value:
    """Lower `Gf.Type(…)`; the arguments are evaluated once, in order."""
    if any(arg.poison for arg in args):
        return POISON
    body: list[Stmt] = []
    match type_:
        case VecType():
            items = _vector(context, type_, args, body, context.span(node))
        case QuatType():
            items = _quaternion(context, type_, args, body, context.span(node))
        case MatrixType():
            items = _matrix(context, type_, args, body, context.span(node))
    if items is None:
        signature = resolve(constructors(type_), [arg.type for arg in args])
        if signature is not None and not signature.function.startswith("make_"):
            return call_signature(context, node, signature, args, node.args, receiver=0)
    if items is None or any(item.type not in NUMBERS for item in items):
        shown = ", ".join(describe(arg.type) for arg in args)
        return context.refuse(
            "P0308",
            node,
            f"`{type_}` cannot be made from {shown}",
            f"pass {len(elements(type_))} numbers, or a value of the same shape; see pxr.Gf's documentation",
        )
    made = make_like(context, node, type_, items)
    return made.with_expr(sequence(context.span(node), body, made.expr))


def _loads(context: Context, value: Value, body: list[Stmt]) -> list[Value]:
    """Return all elements of a Gf value in storage order."""
    held = once(context, value, "source", body)
    assert isinstance(held.type, VecType | QuatType | MatrixType)
    count = len(elements(held.type))
    return [Value(ElementLoad(held.span, FLOAT, held.expr, Const(held.span, INT, index))) for index in range(count)]


def _numbers(context: Context, value: Value, count: int, body: list[Stmt]) -> list[Value] | None:
    """Return the `count` numbers of a tuple or list, or None where it is none."""
    if not isinstance(value.type, TupleType | ListType) or len(elements(value.type)) != count:
        return None
    return parts_of(context, value, body)


def _vector(context: Context, type_: VecType, args: list[Value], body: list[Stmt], span: Span) -> list[Value] | None:
    zero = constant(span, 0.0)
    match args:
        case []:
            return [zero] * type_.size
        case [value] if value.type in NUMBERS:
            return [once(context, to_float(value), "value", body)] * type_.size
        case [Value() as value] if isinstance(value.type, VecType) and value.type.size == type_.size:
            return _loads(context, value, body)
        case [value]:
            return _numbers(context, value, type_.size, body)
        case _:
            return args if len(args) == type_.size else None


def _quaternion(context: Context, type_: QuatType, args: list[Value], body: list[Stmt], span: Span) -> list[Value] | None:
    zero = constant(span, 0.0)
    match args:
        case []:
            return [zero] * 4
        case [value] if isinstance(value.type, QuatType):
            return _loads(context, value, body)
        case [real] if real.type in NUMBERS:
            return [zero, zero, zero, real]
        case [real, imaginary] if real.type in NUMBERS:
            held = once(context, to_float(real), "real", body)
            if imaginary.type == VecType(3, type_.scalar):
                return [*_loads(context, imaginary, body), held]
            numbers = _numbers(context, imaginary, 3, body)
            return None if numbers is None else [*numbers, held]
        case [real, *rest] if len(rest) == 3 and all(arg.type in NUMBERS for arg in args):
            held = once(context, to_float(real), "real", body)
            return [*rest, held]
        case _:
            return None


def _matrix(context: Context, type_: MatrixType, args: list[Value], body: list[Stmt], span: Span) -> list[Value] | None:
    size = type_.size
    one, zero = (constant(span, number) for number in (1.0, 0.0))
    match args:
        case []:
            return [one if row == column else zero for row in range(size) for column in range(size)]
        case [value] if value.type in NUMBERS:
            held = once(context, to_float(value), "value", body)
            return [held if row == column else zero for row in range(size) for column in range(size)]
        case [value] if value.type == VecType(size, "d"):
            diagonal = _loads(context, value, body)
            return [diagonal[row] if row == column else zero for row in range(size) for column in range(size)]
        case [value] if value.type == type_:
            return _loads(context, value, body)
        case [value] if _is_square(value.type, size):
            rows = parts_of(context, value, body) or []
            found = [number for row in rows for number in parts_of(context, row, body) or []]
            return found if len(found) == size * size else None
        case [rotation, translation] if size == 4 and rotation.type == MatrixType(3) and translation.type == VecType(3, "d"):
            nine, last = _loads(context, rotation, body), _loads(context, translation, body)
            return [*nine[0:3], zero, *nine[3:6], zero, *nine[6:9], zero, *last, one]
        case _:
            return args if len(args) == size * size else None


def _is_square(type_: Type, size: int) -> bool:
    if not isinstance(type_, TupleType | ListType) or len(elements(type_)) != size:
        return False
    return all(isinstance(row, TupleType | ListType) and len(elements(row)) == size for row in elements(type_))
