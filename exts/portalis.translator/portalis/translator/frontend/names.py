"""Reading a name: a local variable, a module constant, or a refusal that says what the name is instead."""

from __future__ import annotations

import ast
import builtins
import difflib
from collections.abc import Callable
from dataclasses import replace

from portalis.translator.frontend.context import Context
from portalis.translator.frontend.values import POISON, Value
from portalis.translator.ir.types import is_mutable

Lower = Callable[[Context, ast.expr], Value]


def lower_name(context: Context, node: ast.Name, lower: Lower) -> Value:
    """Lower the reading of a name."""
    name = node.id
    if name in context.local_names or name in context.live.names:
        if name == context.self_name:
            return context.refuse(
                "P0504", node, f"`{name}` itself cannot be passed on or stored", f"pass what is needed of it: {name}.attribute"
            )
        return context.load(name, node)
    scope = context.scope
    if name in scope.constants:
        return lower_module_constant(context, node, lower)
    if name in scope.imports and scope.imports[name][0] == "refused":
        return POISON
    if name in scope.imports and scope.imports[name][0] == "math" and scope.imports[name][1]:
        return lower_math_constant(context, node, scope.imports[name][1], lower)
    if name in scope.imports and scope.imports[name][0] == "library":
        module, _, constant = scope.imports[name][1].rpartition(".")
        return lower_foreign_constant(context, node, module, constant, lower)
    return _refuse_name(context, node)


def lower_module_constant(context: Context, node: ast.Name, lower: Lower) -> Value:
    """Lower a module constant by lowering its expression in place: it is never assigned twice, so its value is that of its text."""
    name, scope = node.id, context.scope
    if name in scope.reassigned:
        return context.refuse(
            "P0314",
            node,
            f"the module variable `{name}` is assigned more than once, so it is no constant",
            "pass it as a parameter, or give each value its own name",
            f"the second assignment is in line {getattr(scope.reassigned[name], 'lineno', 0)}",
        )
    if name in context.expanding:
        return context.refuse("P0314", node, f"the module constant `{name}` is defined by itself", "give it a value of its own")
    cached = scope.lowered.get(name)
    if cached is None:
        # The constant's own text must not see the function's variables, and its refusals lie at the constant.
        context.expanding.add(name)
        outer, context.local_names = context.local_names, frozenset()
        state, context.state = context.live, context.live.copy()
        context.state.names = {}
        cached = lower(context, scope.constants[name])
        context.state, context.local_names = state, outer
        context.expanding.discard(name)
        if cached.is_constant or scope.library:
            scope.lowered[name] = cached
    value = cached.with_expr(replace(cached.expr, span=context.span(node))) if cached.is_constant else cached
    return replace(value, roots=frozenset((f"@@{name}",))) if is_mutable(value.type) and not value.poison else value


def lower_math_constant(context: Context, node: ast.expr, name: str, lower: Lower) -> Value:
    """Lower `math.pi` and its like, which the library defines."""
    scope = context.specialiser.library("math")
    if name in scope.constants:
        return lower_foreign_constant(context, node, "math", name, lower)
    if name in scope.functions:
        return context.refuse("P0309", node, f"`math.{name}` is a function and must be called here", f"write math.{name}(…)")
    return context.refuse(
        "P0317", node, f"`math.{name}` has no translation", "use another function of math, or write it as a function of this file"
    )


def lower_foreign_constant(context: Context, node: ast.expr, module: str, name: str, lower: Lower) -> Value:
    """Lower a constant of a library module, seen from another module."""
    outer = context.scope
    context.scope = context.specialiser.library(module)
    try:
        return lower_name(context, ast.copy_location(ast.Name(name, ast.Load()), node), lower)
    finally:
        context.scope = outer


def _refuse_name(context: Context, node: ast.Name) -> Value:
    name, scope = node.id, context.scope
    if name in scope.functions or name in scope.classes:
        return context.refuse("P0309", node, f"`{name}` can only be called here, not used as a value", f"call it: {name}(…)")
    if name in scope.imports:
        return context.refuse("P0309", node, f"the module `{name}` is not a value", f"use one of its names: {name}.…")
    if hasattr(builtins, name):
        return context.refuse("P0224", node, f"the built-in `{name}` has no translation as a value", "call a function of this file instead")
    known = {*scope.names, *context.local_names, *context.params}
    close = difflib.get_close_matches(name, known, 1)
    hint = f"did you mean `{close[0]}`?" if close else "define it as a parameter, a variable or a module constant"
    return context.refuse("P0301", node, f"the name `{name}` is not defined", hint)
