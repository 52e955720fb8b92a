"""The arguments of calls, and calls of functions of the module: arguments in Python's order, and the parameters that they go to."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from portalis.translator.frontend.calls.binder import Misfit, bind, parameters_of
from portalis.translator.frontend.calls.rows import arrange
from portalis.translator.frontend.facts.making import after, hold, is_simple
from portalis.translator.frontend.facts.model import Fact, Known, Step, Unknown, first_unknown
from portalis.translator.frontend.facts.sites import holds_changeable
from portalis.translator.frontend.infer.applying import call_specialised
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.visible import Names
from portalis.translator.frontend.read.module_scope import ModuleScope
from portalis.translator.frontend.types import table
from portalis.translator.ir.types import TupleType


@dataclass(frozen=True, slots=True)
class Arguments:
    """The evaluated arguments of a call, with the node of each."""

    args: list[Known]
    keywords: dict[str, Known]
    nodes: list[ast.expr]

    @property
    def values(self) -> list[Known]:
        return [*self.args, *self.keywords.values()]


def arguments_of(infer: FunctionInference, node: ast.Call) -> Arguments | Unknown:
    """Infer a call's arguments in order; Unknown where one is."""
    args: list[Fact] = []
    keywords: dict[str, Fact] = {}
    nodes: list[ast.expr] = list(node.args)
    for argument in node.args:
        if isinstance(argument, ast.Starred):
            spread = _spread(infer, argument, bool(args))
            if spread is not None:
                position = nodes.index(argument)
                nodes[position : position + 1] = [argument.value] * len(spread)
                args += spread
                continue
            args.append(infer.refuse("P0216", argument, "`*` arguments are not translated", "pass the arguments one by one"))
        else:
            args.append(infer.expression(argument))
    for keyword in node.keywords:
        if keyword.arg is None:
            args.append(infer.refuse("P0216", keyword.value, "`**` arguments are not translated", "pass the arguments one by one"))
        else:
            keywords[keyword.arg] = infer.expression(keyword.value)
            nodes.append(keyword.value)
    unknown = first_unknown(*args, *keywords.values())
    if unknown is not None:
        return unknown
    known = {name: value for name, value in keywords.items() if isinstance(value, Known)}
    return Arguments([value for value in args if isinstance(value, Known)], known, nodes)


def _spread(infer: FunctionInference, argument: ast.Starred, follows: bool) -> list[Known] | None:
    """Return the elements of a tuple of known length that is passed with a star; None for anything else.

    One that is computed after other arguments were would have to wait for them.
    """
    if not infer.references:
        return None
    value = infer.expression(argument.value)
    if not isinstance(value, Known) or not isinstance(value.type, TupleType) or (follows and not is_simple(value)):
        return None
    infer.names.scope.visited.add(id(argument))
    return table.parts(infer, hold(infer, value, "spread", infer.statement_scope.steps), infer.statement_scope.steps)


def call_function(infer: FunctionInference, node: ast.Call, scope: ModuleScope, name: str, receiver: Known | None) -> Fact:
    """Infer a call of a function of the module, specialised on the types of its arguments."""
    return call_with(infer, node, scope, name, receiver, arguments_of(infer, node))


def call_with(
    infer: FunctionInference, node: ast.Call, scope: ModuleScope, name: str, receiver: Known | None, arguments: Arguments | Unknown
) -> Fact:
    definition = scope.definition(name)
    record = infer.receiver[1] if receiver is not None and infer.receiver is not None else None
    if isinstance(arguments, Unknown):
        infer.unit.specialiser.explore(scope, name, record)
        return arguments
    parameters = parameters_of(definition)
    given = arguments.values if receiver is None else [receiver, *arguments.values]
    nodes: list[ast.expr | None] = [*arguments.nodes] if receiver is None else [None, *arguments.nodes]
    bound = bind(parameters, len(given) - len(arguments.keywords), tuple(arguments.keywords))
    if isinstance(bound, Misfit):
        infer.unit.specialiser.explore(scope, name, record)
        return _refuse_misfit(infer, node, name, bound, len(parameters.positional), len(given) - len(arguments.keywords))
    defaults: dict[str, Known] = {}
    for parameter in bound.defaulted:
        expression = parameters.defaults[parameter]
        assert expression is not None
        default = infer_default(infer, expression, scope.of_defaults(definition))
        if isinstance(default, Unknown):
            infer.unit.specialiser.explore(scope, name, record)
            return default
        defaults[parameter] = default
    steps: list[Step] = []
    values = arrange(infer, parameters, bound, given, defaults, steps)
    numbers = dict(bound.arguments)
    passed = [nodes[numbers[parameter]] if parameter in numbers else None for parameter in parameters.order]
    result = call_specialised(infer, node, scope, name, values, passed)
    return after(infer.span(node), steps, result) if isinstance(result, Known) else result


def infer_default(infer: FunctionInference, node: ast.expr, scope: ModuleScope) -> Fact:
    """Infer a parameter's default: a constant where the function is defined, which sees none of the function's variables."""
    with infer.apart(Names(scope, frozenset(), infer.names.expanding)):
        value = infer.expression(node)
    # CPython makes it once, for all calls: one that is made here would not change from call to call, nor be the same object.
    if isinstance(value, Known) and (value.type.mutable or holds_changeable(value.type)):
        return infer.refuse("P0110", node, "a default that can be changed in place is not translated", "use a number, or pass the value")
    return value


def _refuse_misfit(infer: FunctionInference, node: ast.Call, name: str, misfit: Misfit, expected: int, given: int) -> Unknown:
    match misfit.kind:
        case "too many":
            problem = f"takes {expected} arguments, not {given}"
        case "keyword":
            problem = f"takes no further argument `{misfit.names[0]}`"
        case "missing":
            problem = f"lacks the argument{'s' * (len(misfit.names) > 1)} {', '.join(misfit.names)}"
    shown = name.rpartition(".")[2]
    return infer.refuse("P0310", node, f"`{shown}` {problem}", "pass one argument for each parameter without a default")
