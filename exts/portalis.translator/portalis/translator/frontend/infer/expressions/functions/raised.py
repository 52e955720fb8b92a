"""Exceptions that are made to be raised later, and their classes: `ValueError("…")` as a value, `type(e)`, `kind is ValueError`."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.making import decided, primitive
from portalis.translator.frontend.facts.model import Constant, Fact, Known, Unknown
from portalis.translator.frontend.infer.applying import call_specialised
from portalis.translator.frontend.infer.expressions.functions.arguments import arguments_of
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.written import placed
from portalis.translator.frontend.read.class_forms.own_exceptions import RAISABLE
from portalis.translator.frontend.read.module_scope import InnerFunction
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.unions.exceptions import (
    class_of_exception,
    is_of,
    name_of_class,
    named_exception,
    named_exceptions,
    word_of,
)
from portalis.translator.frontend.types.unions.splitting import by_member
from portalis.translator.ir.exceptions import EXCEPTION_CLASS
from portalis.translator.ir.types import BOOL, TEXT

_TEXT = """
def exception():
    try:
        raise kind
    except kind as error:
        return error
"""


def made_exception(infer: FunctionInference, node: ast.Call) -> Fact | None:
    """Infer the call of a class of exceptions whose value is kept: what raises it and catches it again; None where it is none."""
    name = named_exception(infer, node.func)
    if name is None or (name not in RAISABLE and name not in infer.scope.exceptions) or not infer.references or infer.scope.library:
        return None
    arguments = arguments_of(infer, node)
    if isinstance(arguments, Unknown):
        return arguments
    if arguments.keywords:
        return infer.refuse("P0310", node, f"`{name}` takes no keyword arguments", "pass them by position")
    infer.names.scope.visited.add(id(node.func))
    inner, key = infer.names.scope.inner, f"line_{node.lineno}_{node.col_offset}_{node.end_col_offset}.exception"
    if key not in inner:
        definition = placed(_definition(name, len(arguments.args)), node)
        inner[key] = InnerFunction(definition, ())
    return call_specialised(infer, node, infer.names.scope, key, arguments.args, [None] * len(arguments.args))


def _definition(name: str, count: int) -> ast.FunctionDef:
    parameters = [f"part{number}" for number in range(count)]
    text = _TEXT.replace("()", f"({', '.join(parameters)})", 1).replace("raise kind", f"raise {name}({', '.join(parameters)})")
    definition = ast.parse(text.replace("kind", name)).body[0]
    assert isinstance(definition, ast.FunctionDef)
    return definition


def class_of_value(infer: FunctionInference, node: ast.Call, value: Known) -> Fact:
    """Return `type(value)` of an exception."""
    infer.names.scope.visited.add(id(node.func))
    return class_of_exception(word_of(value))


def derives(infer: FunctionInference, node: ast.Call, asked: Known) -> Fact | None:
    """Return `issubclass(asked, kinds)` of the class of an exception; None where the kinds are none of exceptions."""
    names = named_exceptions(infer, node.args[1])
    if names is None:
        return None
    infer.names.scope.visited.update((id(node.func), *map(id, ast.walk(node.args[1]))))
    return is_of(infer, node, asked, names)


def compared_class(infer: FunctionInference, node: ast.Compare) -> Fact | None:
    """Infer `kind is ValueError`, `kind == ValueError` and their negations; None where a comparison is none of these."""
    match node:
        case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot() | ast.Eq() | ast.NotEq() as op], comparators=[right]):
            name = named_exception(infer, right) if infer.references else None
        case _:
            return None
    if name is None:
        return None
    infer.names.scope.visited.add(id(right))
    value = infer.expression(left)
    if isinstance(value, Unknown):
        return value
    opposite = isinstance(op, ast.IsNot | ast.NotEq)

    def one(parts: list[Known]) -> Fact | None:
        if parts[0].type != EXCEPTION_CLASS:
            return decided(infer, node, opposite, parts)
        wanted = Known(infer.span(node), TEXT, Constant(name))
        same = operated(infer.span(node), BOOL, "text.equal", name_of_class(parts[0]), wanted)
        return same if not opposite else primitive(infer.span(node), BOOL, "bool.not", same)

    return by_member(infer, node, [value], one, lambda types: None)
