"""A module's own classes of exceptions: those that add nothing to their base but a name."""

from __future__ import annotations

import ast
from collections.abc import Mapping

# Python's own exceptions that a program may raise, and derive from: those that keep whatever arguments they are given.
RAISABLE = (
    "ArithmeticError", "AssertionError", "AttributeError", "BufferError", "EOFError", "Exception", "FloatingPointError", "IndexError",
    "KeyError", "LookupError", "MemoryError", "NameError", "NotImplementedError", "OverflowError", "RecursionError", "ReferenceError",
    "RuntimeError", "StopIteration", "TypeError", "UnboundLocalError", "ValueError", "ZeroDivisionError",
)  # fmt: skip


def exception_base(node: ast.ClassDef, own: Mapping[str, str]) -> str | None:
    """Return the base of a class that is nothing but an exception with a name of its own; None for any other class.

    `own` are such classes of the module above this one, each with its base.
    """
    match node:
        case ast.ClassDef(bases=[ast.Name(id=base)], keywords=[], decorator_list=[]) if base in own or base in RAISABLE:
            plain = all(_is_empty(statement) for statement in node.body) and not getattr(node, "type_params", None)
            return base if plain else None
        case _:
            return None


def _is_empty(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Pass) or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
