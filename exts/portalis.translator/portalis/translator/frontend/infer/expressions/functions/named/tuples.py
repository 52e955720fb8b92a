"""Named tuples: made by their class, asked for fields, replaced in part, shown by name; else they are tuples like others."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace

from portalis.translator.frontend.calls.binder import Parameters
from portalis.translator.frontend.facts.making import after, constant, element_at, hold
from portalis.translator.frontend.facts.model import Fact, Known, Step, Unknown
from portalis.translator.frontend.infer.expressions.functions.arguments import (
    Arguments,
    arguments_of,
    bound_values,
    call_function,
    infer_default,
)
from portalis.translator.frontend.infer.expressions.functions.binding import Binding
from portalis.translator.frontend.infer.expressions.scopes import InnerScope
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.instances import call_method, class_of, module_of
from portalis.translator.frontend.read.at_import.own_classes import OwnClass
from portalis.translator.frontend.types.sequences import make_tuple
from portalis.translator.frontend.types.sequences.building import parts_of
from portalis.translator.ir.types import TupleType


def make_named(infer: FunctionInference, node: ast.Call, found: OwnClass, arguments: Arguments) -> Fact:
    """Return the call of a class of named tuples."""
    assert found.fields is not None
    module = module_of(infer)
    defaults: Mapping[str, ast.expr | None] = {name: value for name, value in found.fields.items() if value is not None}
    # CPython counts the class among the arguments of `__new__`.
    parameters = Parameters(("_cls", *found.fields), defaults=defaults)
    binding = Binding(infer, node, parameters, f"{found.name}.__new__", lambda default: infer_default(infer, default, module))
    values = bound_values(infer, binding, arguments.behind(constant(infer.span(node), None)))
    if not isinstance(values, dict):
        return values
    made = _named(infer, node, found, [values[name] for name in found.fields])
    return after(infer.span(node), binding.steps, made) if isinstance(made, Known) else made


def _named(infer: FunctionInference, node: ast.AST, found: OwnClass, values: list[Known]) -> Fact:
    made = make_tuple(infer, node, values)
    if isinstance(made, Unknown):
        return made
    assert isinstance(made.type, TupleType) and found.fields is not None
    return replace(made, type=replace(made.type, named=found.name, fields=(*found.fields,)))


def attribute_of_named(infer: FunctionInference, node: ast.Attribute, value: Known) -> Fact | None:
    """Return a field of a named tuple, or what a property of its class gives; None for any other attribute."""
    assert isinstance(value.type, TupleType)
    found = class_of(infer, value.type)
    assert found.fields is not None
    if node.attr in found.fields:
        index = [*found.fields].index(node.attr)
        return element_at(value, index, value.type.items[index])
    if node.attr == "_fields":
        return names_of_fields(infer, node, found)
    method = found.method(node.attr)
    return call_method(infer, node, value, method, []) if method is not None and method.kind == "property" else None


def names_of_fields(infer: FunctionInference, node: ast.expr, found: OwnClass) -> Fact:
    """Return `Class._fields`."""
    names: list[ast.expr] = [ast.copy_location(ast.Constant(one), node) for one in found.fields or ()]
    return infer.expression(ast.copy_location(ast.Tuple(names, ast.Load()), node))


def call_of_named(infer: FunctionInference, node: ast.Call, function: ast.Attribute, receiver: Known) -> Fact | None:
    """Infer `value.name(…)` of a named tuple; None where its class has no such method."""
    assert isinstance(receiver.type, TupleType)
    found = class_of(infer, receiver.type)
    assert found.fields is not None
    method = found.method(function.attr)
    infer.names.scope.visited.add(id(function))
    if method is not None and method.kind == "method":
        return call_function(infer, node, module_of(infer), method.name, receiver)
    if function.attr not in ("_replace", "_asdict"):
        return None
    steps = infer.statement_scope.steps
    held = hold(infer, receiver, "named", steps)
    arguments = arguments_of(infer, node)
    if isinstance(arguments, Unknown):
        return arguments
    if arguments.args or not arguments.keywords.keys() <= found.fields.keys() or (function.attr == "_asdict" and arguments.keywords):
        return infer.refuse("P0310", node, f"`{function.attr}` takes fields by name", "name fields of the tuple")
    if function.attr == "_asdict":
        made = _as_dict(infer, node, held, found)
    else:
        given = {name: hold(infer, value, name, steps) for name, value in arguments.keywords.items()}
        parts = [given.get(name) or element_at(held, index, held.type.elements[index]) for index, name in enumerate(found.fields)]
        made = _named(infer, node, found, parts)
    return made


def _as_dict(infer: FunctionInference, node: ast.Call, held: Known, found: OwnClass) -> Fact:
    """Return a dict of the fields: as a display that names them."""
    name = "@named"
    scope = InnerScope(infer, [name])
    fields = [*(found.fields or ())]
    display = ast.Dict(
        [ast.Constant(one) for one in fields], [ast.Attribute(ast.Name(name, ast.Load()), one, ast.Load()) for one in fields]
    )
    for inner in ast.walk(display):
        if "lineno" in inner._attributes:
            ast.copy_location(inner, node)

    def body() -> Fact:
        scope.bind(name, held, node)
        return infer.expression(ast.copy_location(display, node))

    made = scope.seen(body)
    result = hold(infer, made, "dict", infer.statement_scope.steps) if isinstance(made, Known) else made
    scope.forget()
    return result


def unnamed(infer: FunctionInference, node: ast.AST, value: Known) -> Fact:
    """Return a named tuple as a plain one."""
    steps: list[Step] = []
    made = make_tuple(infer, node, parts_of(infer, value, steps))
    return after(infer.span(node), steps, made) if isinstance(made, Known) else made
