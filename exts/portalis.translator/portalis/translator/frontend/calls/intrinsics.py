"""Calls of the library's intrinsics, each replaced by what `library/intrinsics.py` says of it."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import constant, primitive, to_float, to_int
from portalis.translator.frontend.facts.model import Element, Fact, Known
from portalis.translator.frontend.read.annotations import GF_NAMES
from portalis.translator.frontend.types.gf.building import is_single, make_like, rounded
from portalis.translator.ir.ops import OPS
from portalis.translator.ir.types import FLOAT, GF_TYPES, QuatType, Type

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


def call_intrinsic(infer: Inference, node: ast.Call, name: str, args: Sequence[Known]) -> Fact:
    """Return the result of intrinsic `name`; those that act (`guard`, `set_elements`) take a step and give None."""
    span = infer.span(node)
    if name in _OPS:
        op = OPS[_OPS[name]]
        converted = [to_float(arg) if type_ == FLOAT else to_int(arg) for arg, type_ in zip(args, op.args, strict=True)]
        return primitive(span, op.result, _OPS[name], *converted)
    match name, list(args):
        case "guard", [reason]:
            infer.stop(node, str(reason.constant))
            return constant(span, None)
        case "size", [value]:
            return constant(span, _size(value.type))
        case "is_single", [value]:
            return constant(span, is_single(value.type))
        case "element", [value, index]:
            return Known(span, FLOAT, Element(value, index))
        case "round_like", [value, number]:
            return rounded(value.type, to_float(number))
        case "like", [value, *items]:
            return make_like(infer, node, value.type, items)
        case "set_elements", [value, *items]:
            infer.overwrite_parameter(node, value, make_like(infer, node, value.type, items))
            return constant(span, None)
        case _:
            return _make_named(infer, node, name, args)


def _size(type_: Type) -> int:
    return len(type_.elements) if isinstance(type_, GF_TYPES) else 0


def _make_named(infer: Inference, node: ast.Call, name: str, args: Sequence[Known]) -> Known:
    type_ = GF_NAMES.get(name.removeprefix("make_").capitalize())
    if type_ is None or not name.startswith("make_"):
        raise IntrinsicError(f"there is no intrinsic {name}")
    if isinstance(type_, QuatType):
        args = [*args[1:], args[0]]
    return make_like(infer, node, type_, args)
