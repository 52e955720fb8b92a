"""Evaluating operands once and in Python's order where the IR would take them twice or in another order."""

from __future__ import annotations

import ast
from collections.abc import Callable

from portalis.translator.frontend.context import Context
from portalis.translator.frontend.values import Value, sequence
from portalis.translator.ir.nodes import Assign, Const, ElementLoad, FieldLoad, Local, Stmt


def is_simple(value: Value) -> bool:
    """Tell whether evaluating a value has no effect, cannot fail and costs nothing: a constant, or storage at fixed places."""
    expr = value.expr
    while isinstance(expr, FieldLoad | ElementLoad):
        if isinstance(expr, ElementLoad) and not isinstance(expr.index, Const | Local):
            return False
        expr = expr.value
    return isinstance(expr, Const | Local)


def assigns_nothing(context: Context, nodes: list[ast.expr]) -> bool:
    """Tell whether no expression among `nodes` can change a variable: no assignment expression, no call."""
    return not any(isinstance(node, ast.NamedExpr | ast.Call) for outer in nodes for node in ast.walk(outer))


def hold(context: Context, value: Value, hint: str, body: list[Stmt]) -> Value:
    """Evaluate a value into a temporary by a statement in `body`; constants stay as they are."""
    if value.is_constant or value.poison:
        return value
    local = context.temporary(hint, value.type)
    body.append(Assign(value.span, local, value.expr))
    return value.with_expr(Local(value.span, value.type, local))


def once(context: Context, value: Value, hint: str, body: list[Stmt]) -> Value:
    """Return a value that may be used several times at once: itself where that is free, else a temporary."""
    return value if is_simple(value) else hold(context, value, hint, body)


def in_order(context: Context, node: ast.AST, values: list[Value], build: Callable[[list[Value]], Value]) -> Value:
    """Build an expression that takes already ordered operands in another order; those with effects are evaluated first, in order."""
    body: list[Stmt] = []
    if sum(not is_simple(value) for value in values) > 1 or (not is_simple(values[-1]) and not values[0].is_constant):
        values = [hold(context, value, "operand", body) for value in values]
    built = build(values)
    return built.with_expr(sequence(context.span(node), body, built.expr))
