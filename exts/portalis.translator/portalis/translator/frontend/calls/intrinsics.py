"""Calls of the library's intrinsics, each replaced by what `library/intrinsics.py` says of it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import constant, primitive, to_float, to_int
from portalis.translator.frontend.facts.model import Element, Fact, Known
from portalis.translator.frontend.read.annotations import GF_NAMES
from portalis.translator.frontend.read.report import AS_IT_IS
from portalis.translator.frontend.types.gf.building import is_single, make_like, rounded
from portalis.translator.frontend.types.numbers.complex import complex_of
from portalis.translator.frontend.types.references.hashing import hashed
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.references.showing import shown
from portalis.translator.frontend.types.references.text import text_constant
from portalis.translator.frontend.types.sequences.comparing import same_or_equal
from portalis.translator.frontend.types.unions.members import coerced
from portalis.translator.ir.instances import asks_a_class
from portalis.translator.ir.objects import record_fields
from portalis.translator.ir.ops import OPS
from portalis.translator.ir.types import (
    BOOL,
    BYTEARRAY,
    FLOAT,
    GF_TYPES,
    INT,
    NEVER,
    NONE,
    OCTETS,
    TEXT,
    WIDE,
    DictRef,
    ListRef,
    QuatType,
    Type,
)

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


_OBJECT_OPS: Mapping[str, str] = {
    "list_get": "list.get", "list_set": "list.set", "list_truncate": "list.truncate", "list_reserve": "list.reserve",
    "list_part": "list.part", "list_extend": "list.extend", "text_code": "text.code", "text_of_code": "text.of_code",
    "wide_of": "wide.of", "wide_is_small": "wide.is_small",
    "wide_small": "wide.small", "wide_of_list": "wide.of_list", "wide_list": "wide.list",
    "text_of_codes": "text.of_codes", "text_part": "text.part",
    "text_order": "text.order", "same_object": "object.same",
}  # fmt: skip
# What a type tells by itself.
_TOLD: Mapping[str, Callable[[Type], bool]] = {
    "asks_classes": asks_a_class,
    "holds_itself": lambda type_: isinstance(type_, ListRef | DictRef) and type_.beside is not None,
}


class IntrinsicError(Exception):
    """The library calls an intrinsic in a way that its specification does not have: a defect of ours."""


def call_intrinsic(infer: Inference, node: ast.Call, name: str, args: Sequence[Known]) -> Fact:
    """Return the result of intrinsic `name`; those that act (`guard`, `set_elements`) take a step and give None."""
    span = infer.span(node)
    if name in _OPS:
        op = OPS[_OPS[name]]
        converted = [to_float(arg) if type_ == FLOAT else to_int(arg) for arg, type_ in zip(args, op.args, strict=True)]
        return primitive(span, op.result, _OPS[name], *converted)
    if name in _OBJECT_OPS:
        return _object_operation(infer, node, _OBJECT_OPS[name], args)
    match name, list(args):
        case "hash_of", [value]:
            return hashed(infer, node, value)
        case (("asks_classes" | "holds_itself"), [value]):
            return constant(span, _TOLD[name](value.type))
        case "same_or_equal", [left, right]:
            return same_or_equal(infer, node, left, right)
        case "record_get", [record, field]:
            type_ = dict(record_fields(record.type))[str(field.constant)]
            return operated(span, type_, "record.get", record, name=str(field.constant))
        case "record_set", [record, field, value]:
            return operated(span, NONE, "record.set", record, value, name=str(field.constant))
        case "shown", [value]:
            found = shown(infer, node, value)
            if found is None:
                infer.stop(node, "a message about a value whose text is not known here")
            return text_constant(infer, node, "") if found is None else found
        case "guard", [reason]:
            infer.stop(node, str(reason.constant))
            return constant(span, None)
        case "refused", [_, _, _, value] if value.type == NEVER:
            # There is none: an empty list holds nothing that could be of a wrong type.
            return constant(span, None)
        case "refused", [code, message, help, *_]:
            return infer.refuse(str(code.constant), node, str(message.constant), str(help.constant), AS_IT_IS)
        case "text_as_octets", [text]:
            return operated(span, OCTETS, "text.as_other", text)
        case "octets_as_text", [octets]:
            return operated(span, TEXT, "text.as_other", octets)
        case "bytearray_of", [items]:
            return operated(span, BYTEARRAY, "record.of", items)
        case "bytearray_numbers", [octets]:
            return operated(span, ListRef(INT), "record.get", octets, name="items")
        case "complex_of", [real, imag]:
            return complex_of(span, to_float(real), to_float(imag))
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


def _object_operation(infer: Inference, node: ast.Call, op: str, args: Sequence[Known]) -> Fact:
    """Return an operation on objects; what it gives follows from the first argument's type."""
    first = args[0].type
    result: Type
    match op:
        case "list.get":
            assert isinstance(first, ListRef)
            result = first.item
        case "list.part":
            result = first
        case "text.code" | "text.order" | "wide.small":
            result = INT
        case "text.of_code" | "text.of_codes" | "text.part":
            result = TEXT
        case "object.same" | "wide.is_small":
            result = BOOL
        case "wide.of" | "wide.of_list":
            result = WIDE
        case "wide.list":
            result = ListRef(INT)
        case _:
            result = NONE
    if op == "list.set" and isinstance(first, ListRef):
        args = [*args[:2], coerced(infer, args[2], first.item)]
    return operated(infer.span(node), result, op, *args)


def _size(type_: Type) -> int:
    return len(type_.elements) if isinstance(type_, GF_TYPES) else 0


def _make_named(infer: Inference, node: ast.Call, name: str, args: Sequence[Known]) -> Known:
    type_ = GF_NAMES.get(name.removeprefix("make_").capitalize())
    if type_ is None or not name.startswith("make_"):
        raise IntrinsicError(f"there is no intrinsic {name}")
    if isinstance(type_, QuatType):
        args = [*args[1:], args[0]]
    return make_like(infer, node, type_, args)
