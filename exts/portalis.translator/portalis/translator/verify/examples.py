"""Examples given by the user, as values."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Sequence
from typing import Any

from portalis.translator.frontend.lowered import Example, ParameterInfo


def evaluate_example(example: Example, parameters: Sequence[ParameterInfo]) -> list[Any]:
    """Return an example's arguments in parameter order, freshly made, defaults filled in."""
    given = dict(zip((item.name for item in parameters), example.args, strict=False)) | dict(example.kwargs)
    return [evaluate(given[item.name]) if item.name in given else item.default for item in parameters]


def evaluate(expression: str) -> Any:
    """Evaluate a constant expression over numbers, strings, tuples, lists, `math` constants and `Gf` constructors."""
    return _value(ast.parse(expression, mode="eval").body)


def _value(node: ast.expr) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.List(elts=items):
            return [_value(item) for item in items]
        case ast.Tuple(elts=items):
            return tuple(_value(item) for item in items)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return +_value(operand)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _value(left) * _value(right)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _value(left) + _value(right)
        case ast.Attribute(value=ast.Name(id="math"), attr=name):
            return getattr(importlib.import_module("math"), name)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="Gf"), attr=name), args=arguments, keywords=[]):
            return getattr(importlib.import_module("pxr.Gf"), name)(*map(_value, arguments))
        case ast.Call(func=ast.Name(id="float"), args=[ast.Constant(value=str(text))], keywords=[]):
            return float(text)
        case _:
            raise ValueError(f"an example's arguments are constants; this is not one: {ast.unparse(node)}")
