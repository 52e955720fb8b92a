"""Rows of methods, by the type of the receiver and the name."""

from __future__ import annotations

import ast
import builtins
import collections
from collections.abc import Collection, Mapping, Sequence
from functools import cache

from portalis.translator.diagnostics.spelling import did_you_mean
from portalis.translator.frontend.calls.binder import positional_only
from portalis.translator.frontend.calls.gf import refuse_signature
from portalis.translator.frontend.calls.methods.bytearrays import bytearray_rows
from portalis.translator.frontend.calls.methods.deques import deque_rows
from portalis.translator.frontend.calls.methods.dict_kinds import rows_of_kind
from portalis.translator.frontend.calls.methods.fixed_lists import LIST_METHODS, NO_METHOD_HELP, no_method
from portalis.translator.frontend.calls.methods.numbers import number_rows
from portalis.translator.frontend.calls.methods.objects import dict_rows, list_rows, text_rows, tuple_rows
from portalis.translator.frontend.calls.methods.octets import octets_rows
from portalis.translator.frontend.calls.rows import Meaning, Row, call_row
from portalis.translator.frontend.calls.texts.formatting import format_template, format_with_map
from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.model import Fact, Known
from portalis.translator.frontend.types.gf.signatures import call_signature, resolve
from portalis.translator.frontend.types.references.deque import is_deque
from portalis.translator.frontend.types.unions.members import any_length
from portalis.translator.ir.types import BYTEARRAY, GF_TYPES, OCTETS, TEXT, DictRef, ListRef, ListType, TupleType, Type
from portalis.translator.library.gf_signatures import GfSignature, GfType, methods

_RECEIVER = positional_only("self", variadic=True)
# How alike names of methods and attributes are at least that stand for one another: `pop` is no misspelt `push`.
MISSPELT_MEMBER = 0.75


def method_rows(type_: Type) -> Mapping[str, Row]:
    """Return the rows of the methods of a type, by their names; their first argument is the receiver."""
    if isinstance(type_, ListType):
        return LIST_METHODS
    if isinstance(type_, ListRef):
        return tuple_rows() if type_.frozen else list_rows()
    if is_deque(type_):
        return deque_rows()
    if isinstance(type_, DictRef):
        return {**dict_rows(), **rows_of_kind(type_.python_class)}
    if type_ == TEXT:
        return text_rows()
    if type_ == BYTEARRAY:
        return bytearray_rows()
    if type_ == OCTETS:
        return octets_rows()
    return _gf_methods(type_) if isinstance(type_, GF_TYPES) else number_rows(type_)


@cache
def _gf_methods(type_: GfType) -> Mapping[str, Row]:
    return {
        name: Row(f"{type_}.{name}", _RECEIVER, _gf_method(signatures), refuse_signature("P0307", signatures, receiver=1))
        for name, signatures in methods(type_).items()
        if not name.startswith("_")
    }


def _gf_method(signatures: Sequence[GfSignature]) -> Meaning:
    def call(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
        signature = resolve(signatures, [arg.type for arg in args[1:]])
        if signature is None:
            return None
        assert isinstance(node.func, ast.Attribute)
        return call_signature(infer, node, signature, args, [node.func.value, *node.args])

    return call


def call_method(
    infer: Inference, node: ast.Call, function: ast.Attribute, receiver: Known, args: Sequence[Known], keywords: Mapping[str, Known]
) -> Fact:
    """Return `receiver.method(…)`, all of it evaluated."""
    if receiver.type == TEXT and function.attr == "format":
        return format_template(infer, node, receiver, args, keywords)
    if receiver.type == TEXT and function.attr == "format_map" and len(args) == 1 and not keywords:
        return format_with_map(infer, node, receiver, args[0])
    if isinstance(receiver.type, TupleType) and function.attr in tuple_rows() and infer.references:
        receiver = any_length(infer, receiver) or receiver
    row = method_rows(receiver.type).get(function.attr)
    if row is None:
        help_ = meant_member(function.attr, receiver.type, NO_METHOD_HELP)
        return infer.refuse("P0307", node, no_method(function.attr, receiver.type), help_)
    return call_row(infer, node, row, [receiver, *args], keywords)


def meant_member(name: str, type_: Type, otherwise: str, besides: Collection[str] = ()) -> str:
    """Ask whether another method or attribute of a type was meant, or one of `besides`; `otherwise` where the type has what is named.

    Of a type of Python's own it is what that has, translated or not: a name that it has is spelt as it was meant.
    """
    head = str(type_).partition("[")[0]
    of_python = vars(builtins).get(head) or getattr(collections, head, None)
    known = [item for item in dir(of_python) if not item.startswith("_")] if of_python is not None else [*method_rows(type_), *besides]
    return otherwise if name in known else did_you_mean(name, known, otherwise, likeness=MISSPELT_MEMBER)
