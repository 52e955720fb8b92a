"""Rows of `copy`: what cannot change stays the object that it is."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from portalis.translator.frontend.calls.binder import positional_only
from portalis.translator.frontend.calls.modules.making import function_row
from portalis.translator.frontend.calls.rows import Row
from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.model import Fact, Known
from portalis.translator.ir.types import BOOL, FLOAT, INT, NONE, OCTETS, STR, TEXT, ListRef, TupleType, Type

_VALUES: tuple[Type, ...] = (INT, FLOAT, BOOL, NONE, OCTETS, STR, TEXT)


def _is_value(type_: Type) -> bool:
    """Tell whether nothing in an object of a type can change."""
    if isinstance(type_, TupleType):
        return all(map(_is_value, type_.items))
    return type_ in _VALUES or (isinstance(type_, ListRef) and type_.frozen and _is_value(type_.item))


def _is_list(type_: Type) -> bool:
    return isinstance(type_, ListRef) and not type_.frozen


def _copy(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    value = args[0]
    if _is_list(value.type):
        return infer.library(node, "lists", "copied", [value])
    return value if _is_value(value.type) else None


def _deepcopy(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    value = args[0]
    if not isinstance(value.type, ListRef) or value.type.frozen or _is_value(value.type.item):
        return _copy(infer, node, args)
    row = value.type.item
    if not isinstance(row, ListRef) or row.frozen or not _is_value(row.item):
        return None
    return infer.library(node, "copying", "copied_rows", [value])


COPY_ROWS: Mapping[str, Row] = {
    "copy.copy": function_row("copy.copy", positional_only("x"), _copy),
    "copy.deepcopy": function_row("copy.deepcopy", positional_only("x"), _deepcopy),
}
