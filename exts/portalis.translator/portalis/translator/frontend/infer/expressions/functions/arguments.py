"""The arguments of calls, and calls of functions of the module: arguments in Python's order, and the parameters that they go to."""

from __future__ import annotations

import ast

from portalis.translator.frontend.calls.binder import parameters_of
from portalis.translator.frontend.facts.contents import holds_changeable
from portalis.translator.frontend.facts.making import after, is_simple
from portalis.translator.frontend.facts.model import Fact, Known, Unknown, first_unknown
from portalis.translator.frontend.infer.applying import call_specialised
from portalis.translator.frontend.infer.expressions.functions.binding import Arguments as Arguments
from portalis.translator.frontend.infer.expressions.functions.binding import Binding
from portalis.translator.frontend.infer.expressions.functions.stars.misfits import qualified_name
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.cells import read_cell
from portalis.translator.frontend.infer.visible import Names
from portalis.translator.frontend.read.module_scope import ModuleScope
from portalis.translator.ir.types import ListRef


def arguments_of(infer: FunctionInference, node: ast.Call, *, open_: bool = False) -> Arguments | Unknown:
    """Infer a call's arguments in order; Unknown where one is. `open_`: there may be some whose number or names are not known."""
    args: list[Fact] = []
    keywords: dict[str, Fact] = {}
    nodes: list[ast.expr | None] = list(node.args)
    rest: Known | None = None
    mapping: Known | None = None
    before: frozenset[str] = frozenset()
    for argument in node.args:
        if isinstance(argument, ast.Starred):
            if rest is None:
                rest = _starred(infer, argument) if open_ else None
            if rest is None:
                args.append(infer.refuse("P0216", argument, "`*` arguments are not translated here", "pass the arguments one by one"))
        else:
            args.append(infer.expression(argument))
    for keyword in node.keywords:
        if keyword.arg is not None and keyword.arg not in keywords:
            keywords[keyword.arg] = infer.expression(keyword.value)
            nodes.append(keyword.value)
            continue
        value = infer.expression(keyword.value) if open_ and mapping is None and keyword.arg is None and infer.references else None
        if isinstance(value, Known) and is_simple(value):
            mapping, before = value, frozenset(keywords)
        else:
            args.append(infer.refuse("P0216", keyword.value, "`**` arguments are not translated here", "pass the arguments one by one"))
    unknown = first_unknown(*args, *keywords.values())
    if unknown is not None:
        return unknown
    known = {name: value for name, value in keywords.items() if isinstance(value, Known)}
    return Arguments([value for value in args if isinstance(value, Known)], known, nodes, rest, mapping, frozenset(known) - before)


def _starred(infer: FunctionInference, argument: ast.Starred) -> Known | None:
    """Return a list, or a tuple of any length, that was evaluated before; None for anything else."""
    value = infer.expression(argument.value) if infer.references else None
    return value if isinstance(value, Known) and isinstance(value.type, ListRef) and is_simple(value) else None


def call_function(infer: FunctionInference, node: ast.Call, scope: ModuleScope, name: str, receiver: Known | None) -> Fact:
    """Infer a call of a function of the module, specialised on the types of its arguments."""
    return call_with(infer, node, scope, name, receiver, arguments_of(infer, node, open_=True))


def call_with(
    infer: FunctionInference, node: ast.Call, scope: ModuleScope, name: str, receiver: Known | None, arguments: Arguments | Unknown
) -> Fact:
    definition = scope.definition(name)
    record = infer.receiver[1] if receiver is not None and infer.receiver is not None else None
    if isinstance(arguments, Unknown):
        infer.unit.specialiser.explore(scope, name, record)
        return arguments
    given = arguments.behind(receiver)
    binding = Binding(
        infer,
        node,
        parameters_of(definition),
        qualified_name(scope, name),
        lambda default: infer_default(infer, default, scope.of_defaults(definition)),
    )
    values = bound_values(infer, binding, given)
    if not isinstance(values, dict):
        infer.unit.specialiser.explore(scope, name, record)
        return values
    positional = binding.parameters.positional
    nodes = dict(zip(positional, given.nodes, strict=False)) | dict(zip(given.keywords, given.nodes[len(given.args) :], strict=False))
    result = call_specialised(infer, node, scope, name, list(values.values()), [nodes.get(parameter) for parameter in values])
    return after(infer.span(node), binding.steps, result) if isinstance(result, Known) else result


def bound_values(infer: FunctionInference, binding: Binding, given: Arguments) -> dict[str, Known] | Fact:
    """Return the value of each parameter; what is inferred on the way takes its steps with the others before the call."""
    outer = infer.statement_scope.steps
    infer.statement_scope.steps = binding.steps
    try:
        return binding.bind(given)
    finally:
        infer.statement_scope.steps = outer


def infer_default(infer: FunctionInference, node: ast.expr, scope: ModuleScope) -> Fact:
    """Infer a parameter's default: a constant where the function is defined, which sees none of the function's variables."""
    module = scope.outer or scope
    kept = module.made_defaults.get(id(node), "")
    cell = infer.cells.get(kept)
    if cell is not None:
        return read_cell(infer.span(node), cell, infer.place(infer.live.names[cell.kept_as], infer.span(node)))
    with infer.apart(Names(scope, frozenset(), infer.names.expanding)):
        value = infer.expression(node)
    # CPython makes it once, for all calls: one that is made here would not change from call to call, nor be the same object.
    if isinstance(value, Known) and (value.type.mutable or holds_changeable(value.type)):
        module.changed_constants |= {kept} if kept else set()
        return infer.refuse("P0110", node, "a default that can be changed in place is not translated", "use a number, or pass the value")
    return value
