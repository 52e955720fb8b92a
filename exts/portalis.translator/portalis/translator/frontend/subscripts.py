"""Subscripts: elements of tuples, lists, vectors and matrices, with CPython's bounds checks."""

from __future__ import annotations

import ast

from portalis.translator.frontend.calls import call_library
from portalis.translator.frontend.context import Context
from portalis.translator.frontend.conversions import to_int
from portalis.translator.frontend.gf_operators import call_method
from portalis.translator.frontend.names import Lower
from portalis.translator.frontend.ownership import part
from portalis.translator.frontend.sequences import item, item_type
from portalis.translator.frontend.values import POISON, Value, describe
from portalis.translator.ir.nodes import Assign, Bound, Const, ElementLoad, Expr, Local, Make, Prim, Stmt, is_place
from portalis.translator.ir.types import BOOL, FLOAT, INT, ListType, MatrixType, TupleType, Type, VecType, elements

_GF_MESSAGE = "Index out of range."


def lower_subscript(context: Context, node: ast.Subscript, lower: Lower) -> Value:
    """Lower the reading of `value[index]`."""
    if isinstance(node.slice, ast.Slice):
        lower(context, node.value)
        return context.refuse("P0217", node, "a slice is not translated", "write the elements one by one, or loop over an index")
    value = lower(context, node.value)
    if isinstance(value.type, MatrixType) and not value.poison:
        return _lower_matrix(context, node, value, lower)
    index = lower(context, node.slice)
    return element(context, node, value, index)


def element(context: Context, node: ast.expr, value: Value, index: Value) -> Value:
    """Return element `index` (evaluated after `value`) of a tuple, list or vector."""
    if value.poison or index.poison:
        return POISON
    if not isinstance(value.type, TupleType | ListType | VecType):
        return context.refuse(
            "P0313", node, f"{describe(value.type)} cannot be indexed", "only tuples, lists, vectors and matrices have elements"
        )
    message = _message(value.type, store=False)
    offset = bounded(context, node, index, len(elements(value.type)), message)
    if offset is None:
        return POISON
    if isinstance(value.type, TupleType) and item_type(value.type) is None:
        if not isinstance(offset, Const):
            return context.refuse(
                "P0313",
                node,
                "a tuple whose elements differ in type needs a constant index",
                "index it by a number, or give all elements one type",
            )
        assert isinstance(offset.value, int)
        return item(value, offset.value)
    inner = FLOAT if isinstance(value.type, VecType) else item_type(value.type)
    assert inner is not None
    return part(value, ElementLoad(context.span(node), inner, value.expr, offset))


def _message(type_: Type, store: bool) -> str:
    match type_:
        case ListType():
            return "list assignment index out of range" if store else "list index out of range"
        case TupleType():
            return "tuple index out of range"
        case _:
            return _GF_MESSAGE


def bounded(context: Context, node: ast.expr, index: Value, length: int, message: str) -> Expr | None:
    """Return an index as an offset that is in range, checked here where it is constant and at run time where not."""
    if index.type not in (INT, BOOL):
        context.refuse(
            "P0313", node, f"an index must be an int, not {describe(index.type)}", "convert it: int(x), or x // 1 for whole steps"
        )
        return None
    index = to_int(index)
    if isinstance(index.constant, int):
        offset = index.constant + length if index.constant < 0 else index.constant
        if 0 <= offset < length:
            return Const(index.span, INT, offset)
        context.refuse(
            "P0313", node, f"index {index.constant} is out of range for {length} elements", f"use an index from 0 to {length - 1}"
        )
        return None
    if length == 0:
        context.refuse("P0313", node, "nothing can be indexed in an empty sequence", "give it elements first")
        return None
    if message == _GF_MESSAGE:
        index = call_library(context, node, "gf", "checked_index", [index])
    return Bound(context.span(node), INT, index.expr, length, message)


def _lower_matrix(context: Context, node: ast.Subscript, value: Value, lower: Lower) -> Value:
    """Lower `matrix[row, column]` (a float) and `matrix[row]` (a copy of the row, as Gf gives it)."""
    assert isinstance(value.type, MatrixType)
    size = value.type.size
    if isinstance(node.slice, ast.Tuple) and len(node.slice.elts) == 2:
        row, column = (lower(context, one) for one in node.slice.elts)
        if row.poison or column.poison:
            return POISON
        offset = matrix_offset(context, node, size, row, column)
        return POISON if offset is None else Value(ElementLoad(context.span(node), FLOAT, value.expr, offset))
    row = lower(context, node.slice)
    if row.poison:
        return POISON
    offset = bounded(context, node, row, size, _GF_MESSAGE)
    if offset is None:
        return POISON
    found = call_method(context, node, value, "GetRow", [Value(offset)])
    assert found is not None
    return found


def matrix_offset(context: Context, node: ast.expr, size: int, row: Value, column: Value) -> Expr | None:
    """Return the offset of an element in a matrix's storage, row by row."""
    one = bounded(context, node, row, size, _GF_MESSAGE)
    other = bounded(context, node, column, size, _GF_MESSAGE)
    if one is None or other is None:
        return None
    span = context.span(node)
    if isinstance(one, Const) and isinstance(other, Const):
        assert isinstance(one.value, int) and isinstance(other.value, int)
        return Const(span, INT, one.value * size + other.value)
    scaled = Prim(span, INT, "int.mul", (one, Const(span, INT, size)), "proven")
    return Prim(span, INT, "int.add", (scaled, other), "proven")


def element_place(context: Context, node: ast.Subscript, value: Value, body: list[Stmt] | None, lower: Lower) -> Value:
    """Return an element as a place to store to. Where it is read too, its index is evaluated once, by statements added to `body`."""
    if isinstance(node.slice, ast.Slice):
        return context.refuse("P0217", node, "assignment to a slice is not translated", "assign the elements one by one")
    if isinstance(value.type, MatrixType):
        return _matrix_place(context, node, value, body, lower)
    index = lower(context, node.slice)
    if value.poison or index.poison:
        return POISON
    if not isinstance(value.type, ListType | VecType):
        return context.refuse(
            "P0313", node, f"the elements of {describe(value.type)} cannot be assigned", "build a new value and assign that to the name"
        )
    offset = bounded(context, node, index, len(elements(value.type)), _message(value.type, store=body is None))
    if offset is None:
        return POISON
    if not is_place(value.expr) and not isinstance(value.expr, Make):
        return context.refuse("P0406", node, "this object cannot be changed in place here", "assign it to a variable first")
    inner = value.type.item if isinstance(value.type, ListType) else FLOAT
    return part(value, ElementLoad(context.span(node), inner, value.expr, _held(context, offset, body)))


def _matrix_place(context: Context, node: ast.Subscript, value: Value, body: list[Stmt] | None, lower: Lower) -> Value:
    assert isinstance(value.type, MatrixType)
    if isinstance(node.slice, ast.Tuple) and len(node.slice.elts) == 2:
        row, column = (lower(context, one) for one in node.slice.elts)
        if row.poison or column.poison:
            return POISON
        offset = matrix_offset(context, node, value.type.size, row, column)
        if offset is None:
            return POISON
        return part(value, ElementLoad(context.span(node), FLOAT, value.expr, _held(context, offset, body)))
    return context.refuse(
        "P0313",
        node,
        "assigning a whole row of a matrix is not translated",
        "write m.SetRow(row, vector), or assign the elements: m[row, column] = x",
    )


def _held(context: Context, offset: Expr, body: list[Stmt] | None) -> Expr:
    if body is None or isinstance(offset, Const):
        return offset
    local = context.temporary("index", INT)
    body.append(Assign(offset.span, local, offset))
    return Local(offset.span, INT, local)
