"""Operators of `Gf` types: which operand types Gf accepts, and the library function of each."""

from __future__ import annotations

import ast

from portalis.translator.frontend.calls import MissingLibraryFunction, call_library
from portalis.translator.frontend.context import Context
from portalis.translator.frontend.conversions import NUMBERS, to_float
from portalis.translator.frontend.evaluation import in_order
from portalis.translator.frontend.values import Value
from portalis.translator.ir.types import GF_TYPES, MatrixType, QuatType, Type, VecType

GF_MODULES = ("gf", "gf_vec", "gf_quat", "gf_matrix", "gf_transform", "gf_functions")
_METHODS = {"+": "add", "-": "sub", "*": "mul", "/": "truediv", "^": "xor"}


def prefix(type_: Type) -> str:
    """Return the prefix that the library's functions for a type have."""
    match type_:
        case VecType():
            return "Vec"
        case QuatType():
            return "Quat"
        case _:
            return "Matrix"


def find_gf(context: Context, name: str) -> str | None:
    """Return the library module that defines the Gf function `name`, or None."""
    for module in GF_MODULES:
        try:
            if name in context.specialiser.library(module).functions:
                return module
        except MissingLibraryFunction:
            continue
    return None


def call_gf(context: Context, node: ast.AST, name: str, args: list[Value]) -> Value:
    """Call a Gf function of the library that must exist."""
    module = find_gf(context, name)
    if module is None:
        raise MissingLibraryFunction(f"library/gf_*.py has no function {name}")
    return call_library(context, node, module, name, args)


def gf_binary(context: Context, node: ast.AST, symbol: str, left: Value, right: Value) -> Value | None:
    """Lower an operator with at least one Gf operand; None where Gf defines none for these types."""
    if symbol not in _METHODS or not accepts(symbol, left.type, right.type):
        return None
    if isinstance(left.type, GF_TYPES):
        other = to_float(right) if right.type in NUMBERS else right
        return call_gf(context, node, f"{prefix(left.type)}___{_METHODS[symbol]}__", [left, other])
    # `number * value`: CPython evaluates the number first; an expression with effects on both sides keeps that order by a temporary.
    return _reflected(context, node, left, right)


def _reflected(context: Context, node: ast.AST, left: Value, right: Value) -> Value:
    return in_order(
        context,
        node,
        [to_float(left), right],
        lambda values: call_gf(context, node, f"{prefix(right.type)}___rmul__", [values[1], values[0]]),
    )


def accepts(symbol: str, left: Type, right: Type) -> bool:
    """Tell whether Gf defines `left symbol right` (OpenUSD 26.05's Python bindings)."""
    match symbol, left, right:
        case (("+" | "-"), _, _):
            return left == right
        case "^", VecType(3, _), _:
            return left == right
        case "*", _, _ if left in NUMBERS or right in NUMBERS:
            return True
        case "*", MatrixType(size), VecType(length, _):
            return size == length
        case "*", VecType(length, _), MatrixType(size):
            return size == length
        case "*", _, _:
            return left == right
        case "/", (VecType() | QuatType()), _:
            return right in NUMBERS
        case "/", MatrixType(), _:
            return left == right
        case _:
            return False


def gf_negative(context: Context, node: ast.AST, value: Value) -> Value:
    """Lower `-value`."""
    return call_gf(context, node, f"{prefix(value.type)}___neg__", [value])


def changes_in_place(symbol: str, left: Type, right: Type) -> bool | None:
    """Tell whether `left symbol= right` changes `left` itself (else it is a new value); None where Gf raises instead."""
    match symbol, left, right:
        case (("+" | "-"), _, _) if left == right:
            return True
        case "*", VecType(), _:
            return True if right in NUMBERS else None
        case "*", (QuatType() | MatrixType()), _:
            return True if right in NUMBERS or left == right else None
        case "/", (VecType() | QuatType()), _:
            return True if right in NUMBERS else None
        case "/", MatrixType(), MatrixType():
            return False if left == right else None
        case "^", VecType(3, _), _ if left == right:
            return False
        case _:
            return None
