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


# Those whose objects show or take more than their arguments: none with a body derives from them here.
_SPECIAL = frozenset(("KeyError", "AttributeError", "NameError", "UnboundLocalError"))
_SAID = frozenset(("__init__", "__str__"))


def exception_base(node: ast.ClassDef, own: Mapping[str, str]) -> str | None:
    """Return the base of a class of exceptions that has no body, or one of methods and plain constants; None for any other class.

    `own` are such classes of the module above this one, each with its base.
    """
    match node:
        case ast.ClassDef(bases=[ast.Name(id=base)], keywords=[], decorator_list=[]) if base in own or base in RAISABLE:
            # What ends an iteration is asked for by its name alone.
            if getattr(node, "type_params", None) or "StopIteration" in _lineage(base, own):
                return None
            plain = all(map(_is_empty, node.body))
            return base if plain or (all(map(_is_translated, node.body)) and not _lineage(base, own) & _SPECIAL) else None
        case _:
            return None


def has_body(node: ast.ClassDef) -> bool:
    """Tell whether a class of exceptions has methods or constants."""
    return not all(map(_is_empty, node.body))


def _lineage(name: str, own: Mapping[str, str]) -> set[str]:
    found = {name}
    while name in own:
        name = own[name]
        found.add(name)
    return found


def _is_translated(statement: ast.stmt) -> bool:
    match statement:
        case ast.FunctionDef(name=name, decorator_list=[]):
            return not name.startswith("__") or name in _SAID
        case ast.Assign(targets=[ast.Name(id=name)], value=value) | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            return not name.startswith("_") and isinstance(value, ast.Constant) and isinstance(value.value, bool | int | float | str)
        case ast.AnnAssign(value=None):
            return True
    return _is_empty(statement)


def _is_empty(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Pass) or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
