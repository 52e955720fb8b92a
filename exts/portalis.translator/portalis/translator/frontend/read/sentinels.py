"""Objects that are told apart by nothing but which they are: `MISSING = object()` in a module."""

from __future__ import annotations

import ast

from portalis.translator.frontend.read.module_scope import ModuleScope

# Their class, which no class of a program is called.
OBJECT = "object"


def sentinels(scope: ModuleScope) -> tuple[str, ...]:
    """Return the names of a module that stand for an object of their own, in its order."""
    if scope.library or scope.binds(OBJECT):
        return ()
    return tuple([name for name, value in scope.constants.items() if _makes_one(value) and name not in scope.reassigned])


def _makes_one(value: ast.expr) -> bool:
    match value:
        case ast.Call(func=ast.Name(id=called), args=[], keywords=[]):
            return called == OBJECT
        case _:
            return False
