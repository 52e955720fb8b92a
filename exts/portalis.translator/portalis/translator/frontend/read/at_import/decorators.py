"""Decorators of functions that are functions of the module, or `functools.wraps`."""

from __future__ import annotations

import ast

from portalis.translator.frontend.read.module_scope import ModuleScope
from portalis.translator.frontend.read.tree import defaults_in_order


def is_wraps(scope: ModuleScope, decorator: ast.expr) -> bool:
    """Tell whether a decorator is `functools.wraps(function)`, which changes nothing but what a function is called."""
    match decorator:
        case ast.Call(func=ast.Name(id=name), args=[ast.Name()], keywords=[]):
            return scope.imports.get(name) == ("standard", "functools.wraps")
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="wraps"), args=[ast.Name()], keywords=[]):
            return scope.imports.get(name) == ("standard", "functools")
        case _:
            return False


def own_decorator(scope: ModuleScope, decorator: ast.expr) -> bool:
    """Tell whether a decorator is a function of the module that only makes another one, or what such a one gives of constants."""
    match decorator:
        case ast.Name(id=name):
            return name in scope.functions and _only_makes(scope, scope.functions[name], 1)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords):
            given = [*args, *(keyword.value for keyword in keywords)]
            made = scope.functions.get(name)
            return made is not None and _only_makes(scope, made, 2) and all(isinstance(one, ast.Constant) for one in given)
        case _:
            return False


def _only_makes(scope: ModuleScope, definition: ast.FunctionDef, levels: int) -> bool:
    """Tell whether a function only defines one inside it and returns that, which does the same on a further level."""
    if not levels:
        return True
    body = [one for one in definition.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
    match body:
        case [ast.FunctionDef() as inner, ast.Return(value=ast.Name(id=name))] if inner.name == name:
            defaults = all(isinstance(one, ast.Constant) for one in defaults_in_order(inner))
            plain = defaults and all(is_wraps(scope, one) for one in inner.decorator_list) and not definition.decorator_list
            return plain and _only_makes(scope, inner, levels - 1)
        case _:
            return False


def is_decorated(scope: ModuleScope, definition: ast.FunctionDef) -> bool:
    """Tell whether the name of a function of the module stands for what functions of the module make of it."""
    given = [one for one in definition.decorator_list if not is_wraps(scope, one)]
    return bool(given) and all(own_decorator(scope, one) for one in given)
