"""Divisions by a constant that one operator of Rust's computes exactly and that cannot fail.

For a positive divisor flooring and Euclidean division are the same; a float division only checks that its divisor is not zero.
"""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

from portalis.translator.ir.nodes import NODES, Call, Const, Function, Node, Program
from portalis.translator.ir.types import FLOAT, INT

INTEGER_METHODS = {"operators.int_floordiv": "div_euclid", "operators.int_mod": "rem_euclid"}
FLOAT_DIVISION = "operators.float_truediv"
NodeT = TypeVar("NodeT", bound=Node | Function)


def library_names(program: Program) -> frozenset[str]:
    """Return the names of a program's library functions."""
    return frozenset(function.name for function in program.functions if function.library)


def is_plain_division(call: Call, library: frozenset[str]) -> bool:
    """Tell whether a call is such a division; `library` are the names of the library's functions."""
    match call.args:
        case (_, Const(_, type_, int(divisor))) if call.function in library and type_ == INT:
            return call.function in INTEGER_METHODS and divisor > 0
        case (_, Const(_, type_, float(divisor))) if call.function in library and type_ == FLOAT:
            return call.function == FLOAT_DIVISION and divisor != 0.0
    return False


def without_plain_divisions(program: Program) -> Program:
    """Return a program for analysis only, in which such a division is its dividend: it neither fails nor calls a function."""
    library = library_names(program)
    return dataclasses.replace(program, functions=tuple(_without(function, library) for function in program.functions))


def _without(node: NodeT, library: frozenset[str]) -> NodeT:
    changes: dict[str, Any] = {}
    for field in dataclasses.fields(node):
        value = getattr(node, field.name)
        if isinstance(value, NODES):
            changes[field.name] = _replaced(value, library)
        elif isinstance(value, tuple) and value and isinstance(value[0], NODES):
            changes[field.name] = tuple(_replaced(item, library) for item in value)
    return dataclasses.replace(node, **changes) if changes else node


def _replaced(node: Node, library: frozenset[str]) -> Node:
    if isinstance(node, Call) and is_plain_division(node, library):
        return _replaced(node.args[0], library)
    return _without(node, library)
