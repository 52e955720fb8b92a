"""Python's `//` and `%` by a positive constant, which Rust's Euclidean operations give exactly and which cannot fail.

For a positive divisor flooring and Euclidean division are the same.
"""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

from portalis.translator.ir.nodes import NODES, Call, Const, Expr, Function, Node, Program

METHODS = {"operators.int_floordiv": "div_euclid", "operators.int_mod": "rem_euclid"}
NodeT = TypeVar("NodeT", bound=Node | Function)


def plain_division(call: Call) -> tuple[str, Expr, int] | None:
    """Return the Rust method, the dividend and the divisor where a call is such a division, else None."""
    match call.args:
        case (dividend, Const(_, _, int(divisor))) if call.function in METHODS and divisor > 0:
            return METHODS[call.function], dividend, divisor
    return None


def without_plain_divisions(program: Program) -> Program:
    """Return a program for analysis only, in which such a division is its dividend: it neither fails nor calls a function."""
    return dataclasses.replace(program, functions=tuple(map(_without, program.functions)))


def _without(node: NodeT) -> NodeT:
    changes: dict[str, Any] = {}
    for field in dataclasses.fields(node):
        value = getattr(node, field.name)
        if isinstance(value, NODES):
            changes[field.name] = _replaced(value)
        elif isinstance(value, tuple) and value and isinstance(value[0], NODES):
            changes[field.name] = tuple(map(_replaced, value))
    return dataclasses.replace(node, **changes) if changes else node


def _replaced(node: Node) -> Node:
    if isinstance(node, Call) and (found := plain_division(node)) is not None:
        return _replaced(found[1])
    return _without(node)
