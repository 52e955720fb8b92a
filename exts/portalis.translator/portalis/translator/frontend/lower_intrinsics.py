"""Calls of the library's intrinsics, each replaced by what `library/intrinsics.py` says of it."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from portalis.translator.frontend.context import Context
from portalis.translator.frontend.conversions import to_float, to_int
from portalis.translator.frontend.read.annotations import GF_NAMES
from portalis.translator.frontend.values import POISON, Value, constant
from portalis.translator.ir.nodes import Assign, Const, ElementLoad, Expr, Guard, Local, Make, Prim
from portalis.translator.ir.ops import OPS
from portalis.translator.ir.types import FLOAT, GF_TYPES, QuatType, Type, VecType, elements

_OPS: Mapping[str, str] = {
    **{name: f"int.{name}" for name in (
        "wrapping_add", "wrapping_sub", "wrapping_mul", "multiply_high_unsigned", "divide_truncating", "remainder_truncating",
        "shift_left", "shift_right", "shift_right_logical", "less_unsigned", "count_leading_zeros",
    )},
    "float_divide": "float.div", "square_root": "float.sqrt", "floor_float": "float.floor", "ceil_float": "float.ceil",
    "trunc_float": "float.trunc", "rint": "float.rint", "fabs": "float.abs", "copysign": "float.copysign", "to_bits": "float.to_bits",
    "from_bits": "float.from_bits", "round_to_single": "float.round_to_single", "float_to_int": "float.to_int",
    "int_to_float": "int.to_float",
}  # fmt: skip


class IntrinsicError(Exception):
    """The library calls an intrinsic in a way that its specification does not have: a defect of ours."""


def lower_intrinsic(context: Context, node: ast.Call, name: str, args: list[Value]) -> Value:
    """Lower a call of intrinsic `name`; statements (`guard`, `set_elements`) are emitted and give None."""
    if any(arg.poison for arg in args):
        return POISON
    span = context.span(node)
    if name in _OPS:
        op = OPS[_OPS[name]]
        converted = [to_float(arg) if type_ == FLOAT else to_int(arg) for arg, type_ in zip(args, op.args, strict=True)]
        return Value(Prim(span, op.result, _OPS[name], tuple(arg.expr for arg in converted)))
    match name, args:
        case "guard", [reason]:
            context.emit(Guard(span, str(reason.constant)))
            context.state = None
            return constant(span, None)
        case "size", [value]:
            return constant(span, _size(value.type))
        case "is_single", [value]:
            return constant(span, is_single(value.type))
        case "element", [value, index]:
            return Value(ElementLoad(span, FLOAT, value.expr, index.expr))
        case "round_like", [value, number]:
            return Value(rounded(value.type, to_float(number).expr))
        case "like", [value, *items]:
            return make_like(context, node, value.type, items)
        case "set_elements", [value, *items]:
            _overwrite(context, node, value, items)
            return constant(span, None)
        case _:
            return _make_named(context, node, name, args)


def _size(type_: Type) -> int:
    return len(elements(type_)) if isinstance(type_, GF_TYPES) else 0


def is_single(type_: Type) -> bool:
    """Tell whether the elements of a Gf type are singles."""
    return isinstance(type_, VecType | QuatType) and type_.scalar == "f"


def rounded(type_: Type, expr: Expr) -> Expr:
    """Return a float as an element of a Gf type: rounded where those are singles."""
    if not is_single(type_) or (isinstance(expr, Prim) and expr.op == "float.round_to_single"):
        return expr
    if isinstance(expr, Const) and isinstance(expr.value, float):
        return Const(expr.span, FLOAT, OPS["float.round_to_single"].evaluate(expr.value))
    return Prim(expr.span, FLOAT, "float.round_to_single", (expr,))


def make_like(context: Context, node: ast.AST, type_: Type, items: list[Value]) -> Value:
    """Return a new Gf value from its elements in storage order, rounded as the type needs."""
    return Value(Make(context.span(node), type_, tuple(rounded(type_, to_float(item).expr) for item in items)))


def _overwrite(context: Context, node: ast.Call, value: Value, items: list[Value]) -> None:
    if not isinstance(value.expr, Local) or value.expr.name not in context.params:
        raise IntrinsicError(f"set_elements on something that is no parameter: {ast.unparse(node)}")
    name = value.expr.name
    context.by_ref.add(name)
    context.mutated.add(f"@{name}")
    context.emit(Assign(context.span(node), name, make_like(context, node, value.type, items).expr))


def _make_named(context: Context, node: ast.Call, name: str, args: list[Value]) -> Value:
    type_ = GF_NAMES.get(name.removeprefix("make_").capitalize())
    if type_ is None or not name.startswith("make_"):
        raise IntrinsicError(f"there is no intrinsic {name}")
    if isinstance(type_, QuatType):
        args = [*args[1:], args[0]]
    return make_like(context, node, type_, args)
