"""A module's own classes of exceptions: those that add nothing to their base but a name."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from portalis.translator.ir.exceptions import ancestry

# Those whose text is another one where they have other than the arguments that are told here, the most and the least.
FEW_ARGUMENTS: Mapping[str, range] = {"OSError": range(2), "SyntaxError": range(1, 2)}
# Python's own exceptions that a program may raise, and derive from: those that keep whatever arguments they are given, and of those above.
RAISABLE = (
    "ArithmeticError", "AssertionError", "AttributeError", "BufferError", "ConnectionAbortedError", "ConnectionError",
    "ConnectionRefusedError", "ConnectionResetError", "DeprecationWarning", "EOFError", "Exception", "FileExistsError",
    "FileNotFoundError", "FloatingPointError", "IndentationError", "IndexError", "InterruptedError", "IsADirectoryError", "KeyError",
    "LookupError", "MemoryError", "NameError", "NotADirectoryError", "NotImplementedError", "OSError", "OverflowError",
    "PermissionError", "RecursionError", "ReferenceError", "RuntimeError", "RuntimeWarning", "StopIteration", "SyntaxError",
    "TimeoutError", "TypeError", "UnboundLocalError", "UnicodeError", "UserWarning", "ValueError", "Warning",
    "ZeroDivisionError",
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
            if getattr(node, "type_params", None) or "StopIteration" in ancestry(base, own):
                return None
            plain = all(map(_is_empty, node.body))
            return base if plain or (all(map(_is_translated, node.body)) and not _is_special(base, own)) else None
        case _:
            return None


def has_body(node: ast.ClassDef) -> bool:
    """Tell whether a class of exceptions has methods or constants."""
    return not all(map(_is_empty, node.body))


def _is_special(base: str, own: Mapping[str, str]) -> bool:
    """Tell whether the objects of a class show or take more than their arguments."""
    return not ancestry(base, own).isdisjoint((*_SPECIAL, *FEW_ARGUMENTS))


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
