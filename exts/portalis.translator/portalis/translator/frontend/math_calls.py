"""Calls of `math`: the library has a function for each name; ints are converted as CPython converts them."""

from __future__ import annotations

import ast

from portalis.translator.frontend.calls import call_library
from portalis.translator.frontend.context import Context
from portalis.translator.frontend.conversions import to_int
from portalis.translator.frontend.values import POISON, Value, constant, describe
from portalis.translator.ir.types import BOOL, FLOAT, INT

_TO_INT = ("floor", "ceil", "trunc")


def lower_math(context: Context, node: ast.Call, name: str, args: list[Value], keywords: dict[str, Value]) -> Value:
    """Lower `math.name(…)`."""
    scope = context.specialiser.library("math")
    if name in _TO_INT and len(args) == 1 and args[0].type in (INT, BOOL):
        return to_int(args[0])
    definition = scope.functions.get(name)
    if definition is None or name.startswith("_"):
        if name in scope.constants:
            return context.refuse("P0309", node, f"`math.{name}` is a constant, not a function", f"write math.{name}")
        return context.refuse(
            "P0317", node, f"`math.{name}` has no translation", "use another function of math, or write it as a function of this file"
        )
    bound = _bind(context, node, name, definition, args, keywords)
    if bound is None:
        return POISON
    return call_library(context, node, "math", name, bound)


def _bind(
    context: Context, node: ast.Call, name: str, definition: ast.FunctionDef, args: list[Value], keywords: dict[str, Value]
) -> list[Value] | None:
    positional = definition.args.posonlyargs + definition.args.args
    parameters = positional + definition.args.kwonlyargs
    names = [parameter.arg for parameter in parameters]
    bound = dict(zip(names, args, strict=False))
    nameable = names[len(definition.args.posonlyargs) :]
    if len(args) > len(positional) or any(key not in nameable or key in bound for key in keywords):
        _refuse_count(context, node, name)
        return None
    bound |= keywords
    required = len(positional) - len(definition.args.defaults)
    values: list[Value] = []
    for index, parameter in enumerate(parameters):
        value = bound.get(parameter.arg)
        if value is None:
            if index < required:
                _refuse_count(context, node, name)
                return None
            break
        if not _accepts(parameter, value):
            context.refuse(
                "P0308", node, f"`math.{name}` does not take {describe(value.type)} here", "pass a number of the type that math expects"
            )
            return None
        values.append(value)
    if len(values) < len(bound):
        rest = parameters[len(values) :]
        defaults = (definition.args.defaults + [d for d in definition.args.kw_defaults if d is not None])[-len(rest) :]
        for parameter, default in zip(rest, defaults, strict=True):
            values.append(bound.get(parameter.arg) or constant(context.span(node), ast.literal_eval(default)))
    return values


def _accepts(parameter: ast.arg, value: Value) -> bool:
    match parameter.annotation:
        case ast.Name(id="float"):
            return value.type in (INT, FLOAT, BOOL)
        case ast.Name(id="int"):
            return value.type in (INT, BOOL)
        case _:
            return value.type in (INT, FLOAT, BOOL)


def _refuse_count(context: Context, node: ast.Call, name: str) -> None:
    context.refuse("P0310", node, f"`math.{name}` is not called with these arguments", "see the documentation of Python's math module")
