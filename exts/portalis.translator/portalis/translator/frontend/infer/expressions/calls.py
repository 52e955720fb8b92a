"""Calls: which callable a call means, its arguments in Python's order, and the parameters that they go to."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from portalis.translator.frontend.calls.binder import Misfit, bind, parameters_of
from portalis.translator.frontend.calls.builtins import BUILTINS
from portalis.translator.frontend.calls.gf import call_gf, call_static
from portalis.translator.frontend.calls.intrinsics import call_intrinsic
from portalis.translator.frontend.calls.methods.rows import call_method
from portalis.translator.frontend.calls.methods.texts import make_table
from portalis.translator.frontend.calls.modules.math import math_rows, refuse_math_name
from portalis.translator.frontend.calls.modules.table import module_rows
from portalis.translator.frontend.calls.rows import arrange, call_row
from portalis.translator.frontend.facts.making import after, hold, is_simple
from portalis.translator.frontend.facts.model import Evaluated, Fact, Known, Step, Unknown, first_unknown
from portalis.translator.frontend.facts.sites import holds_changeable
from portalis.translator.frontend.infer.applying import call_specialised
from portalis.translator.frontend.infer.expressions.attributes import is_self, module_of, standard_name
from portalis.translator.frontend.infer.expressions.comprehensions import consumer_of, infer_dict
from portalis.translator.frontend.infer.expressions.functions.called import call_value
from portalis.translator.frontend.infer.expressions.functions.values import call_function_value
from portalis.translator.frontend.infer.expressions.names import standard_value
from portalis.translator.frontend.infer.expressions.objects.advancing import advancing
from portalis.translator.frontend.infer.expressions.objects.dicts import dict_from_keys, dict_of_names
from portalis.translator.frontend.infer.expressions.objects.methods import call_object_method
from portalis.translator.frontend.infer.expressions.objects.sets import make_set
from portalis.translator.frontend.infer.expressions.objects.views import length_of_view
from portalis.translator.frontend.infer.expressions.standard.functions import consumer_of_module
from portalis.translator.frontend.infer.expressions.standard.regex.calls import call_regex
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.visible import Names
from portalis.translator.frontend.read.annotations import GF_NAMES, gf_name
from portalis.translator.frontend.read.module_scope import ModuleScope
from portalis.translator.frontend.types import table
from portalis.translator.frontend.types.references.building import list_of
from portalis.translator.frontend.types.unions.mistakes import Mistake, mistaken, of_attribute
from portalis.translator.frontend.types.unions.splitting import by_member, only
from portalis.translator.ir.types import NONE, FunctionType, TupleType, Type, UnionType


@dataclass(frozen=True, slots=True)
class Arguments:
    """The evaluated arguments of a call, with the node of each."""

    args: list[Known]
    keywords: dict[str, Known]
    nodes: list[ast.expr]

    @property
    def values(self) -> list[Known]:
        return [*self.args, *self.keywords.values()]


def infer_call(infer: FunctionInference, node: ast.Call) -> Fact:
    """Infer a call."""
    function = node.func
    if isinstance(function, ast.Name):
        return _call_name(infer, node, function.id)
    if isinstance(function, ast.Attribute):
        return _call_attribute(infer, node, function)
    if isinstance(function, ast.Lambda) and infer.references:
        arguments = _arguments(infer, node)
        if isinstance(arguments, Unknown):
            return arguments
        if not arguments.keywords:
            return call_value(infer, node, function, arguments.args)
    value = infer.expression(function)
    if isinstance(value, Unknown):
        return _quiet(_arguments(infer, node))
    if isinstance(value.type, FunctionType):
        return _call_function_value(infer, node, value)
    return infer.refuse("P0309", node, "only functions called by name are translated", "define it with `def` and call it by its name")


def _call_name(infer: FunctionInference, node: ast.Call, name: str) -> Fact:
    scope = infer.names.scope
    binding = infer.live.names.get(name)
    if binding is not None and binding.unknown is not None:
        _arguments(infer, node)
        return Unknown(binding.unknown.cause)
    imported = infer.names.imported(name)
    if imported == ("refused", ""):
        return _quiet(_arguments(infer, node))
    if name in infer.names.imports and imported is not None:
        return _call_imported(infer, node, *imported)
    if name in infer.names.local:
        if infer.references and binding is not None and isinstance(binding.type, FunctionType):
            value = infer.load(name, node.func)
            return value if isinstance(value, Unknown) else _call_function_value(infer, node, value)
        return infer.refuse("P0309", node, f"`{name}` is a variable here, not a function", "call a function of this file by its name")
    if name in scope.functions:
        return call_function(infer, node, scope, name, None)
    if imported is not None:
        return _call_imported(infer, node, *imported)
    if name in scope.classes:
        return infer.refuse("P0309", node, f"an object of class `{name}` is not translated", "use a tuple, or separate variables")
    if name in scope.constants:
        return infer.refuse("P0309", node, f"`{name}` is a constant, not a function", "call a function of this file by its name")
    return _call_builtin(infer, node, name)


def _call_function_value(infer: FunctionInference, node: ast.Call, value: Known) -> Fact:
    arguments = _arguments(infer, node)
    if isinstance(arguments, Unknown):
        return arguments
    found = call_function_value(infer, node, value, arguments.args, arguments.keywords)
    # CPython looks at what it calls first: the name may have no value.
    looks = [] if is_simple(value) else [Evaluated(value.span, value)]
    return after(infer.span(node), looks, found) if isinstance(found, Known) else found


def _quiet(arguments: Arguments | Unknown) -> Unknown:
    """Return what stands for the call of something whose refusal is told already."""
    return arguments if isinstance(arguments, Unknown) else Unknown(None)


def _call_builtin(infer: FunctionInference, node: ast.Call, name: str) -> Fact:
    consume = consumer_of(infer, node, name) or advancing(infer, node, name)
    if consume is not None:
        return consume(infer, node)
    if infer.references and name == "dict" and not node.args and not node.keywords:
        return infer_dict(infer, ast.copy_location(ast.Dict([], []), node))
    if infer.references and name == "len" and len(node.args) == 1 and not node.keywords:
        measured = length_of_view(infer, node)
        if measured is not None:
            return measured
    if infer.references and name == "dict" and node.keywords and len(node.args) < 2:
        return dict_of_names(infer, node)
    if infer.references and name == "list" and not node.args and not node.keywords:
        return list_of(infer, node, [])
    if infer.references and name in ("set", "frozenset") and not node.args and not node.keywords:
        return make_set(infer, node, frozen=name == "frozenset")
    row = BUILTINS.get(name)
    if row is None:
        arguments = _arguments(infer, node)
        if isinstance(arguments, Unknown):
            return arguments
        return infer.refuse("P0301", node, f"the name `{name}` is not defined", "define the function in this file, or check its spelling")
    if row.refused is not None and row.refused.code != "P0224":
        for argument in node.args:
            infer.expression(argument)
        return infer.refuse(row.refused.code, node, row.refused.message, row.refused.help)
    if row.evaluated is not None and len(node.args) == row.evaluated + 1 and not node.keywords:
        values = [infer.expression(argument) for argument in node.args[: row.evaluated]]
        unknown = first_unknown(*values)
        return unknown if unknown is not None else call_row(infer, node, row, [one for one in values if isinstance(one, Known)], {})
    arguments = _arguments(infer, node)
    if isinstance(arguments, Unknown):
        return arguments
    if row.refused is not None:
        return infer.refuse(row.refused.code, node, row.refused.message, row.refused.help)
    if row.evaluated is not None:
        assert row.refuse is not None
        return row.refuse(infer, node, row, arguments.args, Misfit("keyword" if arguments.keywords else "missing"))
    return call_row(infer, node, row, arguments.args, arguments.keywords)


def _call_standard(infer: FunctionInference, node: ast.Call, dotted: str) -> Fact:
    """Infer a call of a function of Python's own library."""
    if dotted.startswith("re."):
        return call_regex(infer, node, dotted.removeprefix("re."))
    consume = consumer_of_module(infer, node, dotted) or advancing(infer, node, dotted)
    if consume is not None:
        return consume(infer, node)
    arguments = _arguments(infer, node)
    if isinstance(arguments, Unknown):
        return arguments
    row = module_rows().get(dotted)
    return standard_value(infer, node, dotted) if row is None else call_row(infer, node, row, arguments.args, arguments.keywords)


def _call_imported(infer: FunctionInference, node: ast.Call, kind: str, inner: str) -> Fact:
    if kind == "standard":
        return _call_standard(infer, node, inner)
    if kind == "math" and (consume := consumer_of_module(infer, node, f"math.{inner}")) is not None:
        return consume(infer, node)
    arguments = _arguments(infer, node)
    if isinstance(arguments, Unknown):
        return arguments
    match kind:
        case "intrinsic":
            return call_intrinsic(infer, node, inner, arguments.args)
        case "library":
            module, _, name = inner.rpartition(".")
            return infer.library(node, module, name, arguments.args, node.args)
        case "math" if inner:
            return _call_math(infer, node, inner, arguments)
        case "gf" if inner:
            return call_gf(infer, node, inner, arguments.args, arguments.keywords)
        case _:
            return infer.refuse("P0309", node, "this cannot be called", "call a function of this file, of math or of Gf")


def _call_math(infer: FunctionInference, node: ast.Call, name: str, arguments: Arguments) -> Fact:
    row = math_rows().get(name)
    return refuse_math_name(infer, node, name) if row is None else call_row(infer, node, row, arguments.args, arguments.keywords)


def _call_attribute(infer: FunctionInference, node: ast.Call, function: ast.Attribute) -> Fact:
    match function, len(node.args):
        case ast.Attribute(value=ast.Name(id="dict")), 1 | 2 if (
            function.attr == "fromkeys" and infer.references and not infer.shadows("dict") and not node.keywords
        ):
            infer.names.scope.visited.update((id(function), id(function.value)))
            return dict_from_keys(infer, node)
    module = module_of(infer, function.value)
    standard = standard_name(infer, function)
    if standard is not None and module is None:
        infer.names.scope.visited.update((id(function), id(function.value)))
        return _call_standard(infer, node, standard)
    if standard is not None and (consume := consumer_of_module(infer, node, standard)) is not None:
        return consume(infer, node)
    static = gf_name(function.value, infer.names.scope) if module is None else None
    if module is None and static not in GF_NAMES:
        return _call_method(infer, node, function)
    arguments = _arguments(infer, node)
    if isinstance(arguments, Unknown):
        return arguments
    if module == "math":
        return _call_math(infer, node, function.attr, arguments)
    if module == "gf":
        return call_gf(infer, node, function.attr, arguments.args, arguments.keywords)
    assert static is not None
    return call_static(infer, node, static, function.attr, arguments.args)


def _call_method(infer: FunctionInference, node: ast.Call, function: ast.Attribute) -> Fact:
    if is_self(infer, function.value):
        return _call_own_method(infer, node, function)
    if infer.references and function.attr == "maketrans" and isinstance(function.value, ast.Name) and function.value.id == "str":
        arguments = _arguments(infer, node)
        if not infer.shadows("str") and isinstance(arguments, Arguments) and not arguments.keywords:
            return make_table(infer, node, arguments.args)
    receiver = infer.expression(function.value)
    # CPython looks the method up before it evaluates the arguments.
    if isinstance(receiver, Known) and isinstance(receiver.type, UnionType):
        sole = _receiver(infer, function, receiver)
        if sole is None:
            return _call_method_of_any(infer, node, function, receiver)
        receiver = sole
    if isinstance(receiver, Known):
        wrong = mistaken(infer, node, of_attribute(infer, function.attr, [receiver.type]), [receiver], NONE)
        if wrong is not None:
            return wrong
    if isinstance(receiver, Known) and receiver.type.refers:
        found = call_object_method(infer, node, function, receiver)
        if found is not None:
            return found
    arguments = _arguments(infer, node)
    if isinstance(receiver, Unknown):
        return Unknown(receiver.cause)
    if isinstance(arguments, Unknown):
        return arguments
    return call_method(infer, node, function, receiver, arguments.args, arguments.keywords)


def _receiver(infer: FunctionInference, function: ast.Attribute, value: Known) -> Known | None:
    """Return a receiver of several classes as the one that has the method; None where several have."""

    def wrong(types: Sequence[Type]) -> Mistake | None:
        return of_attribute(infer, function.attr, types)

    return only(infer, function, value, lambda type_: wrong([type_]) is None, wrong)


def _call_method_of_any(infer: FunctionInference, node: ast.Call, function: ast.Attribute, receiver: Known) -> Fact:
    steps: list[Step] = []
    held = hold(infer, receiver, "receiver", steps)
    arguments = _arguments(infer, node)
    if isinstance(arguments, Unknown):
        return arguments
    # None that lacks it may be asked: its arguments are evaluated already.
    assert isinstance(held.type, UnionType)
    if any(of_attribute(infer, function.attr, [member]) is not None for member in held.type.members):
        return infer.refuse(
            "P0307", node, f"not every {held.type} has the method `{function.attr}`", "test for the type first: if x is not None"
        )

    def one(parts: list[Known]) -> Fact:
        names = list(arguments.keywords)
        args, keywords = parts[1 : 1 + len(arguments.args)], dict(zip(names, parts[1 + len(arguments.args) :], strict=True))
        return call_method(infer, node, function, parts[0], args, keywords)

    found = by_member(infer, node, [held, *arguments.values], one, lambda types: None)
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def _arguments(infer: FunctionInference, node: ast.Call) -> Arguments | Unknown:
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


def _call_own_method(infer: FunctionInference, node: ast.Call, function: ast.Attribute) -> Fact:
    """Infer `self.helper(…)`."""
    assert infer.receiver is not None
    record = infer.receiver[1]
    owner = infer.names.scope.classes[record.name]
    if not any(isinstance(item, ast.FunctionDef) and item.name == function.attr for item in owner.body):
        return infer.refuse("P0505", node, f"the class has no method `{function.attr}`", "define it in the class, or call a function")
    for key, binding in list(infer.live.names.items()):
        if key.startswith("self.") and binding.stale is not None:
            infer.load(key, function)
    return call_function(infer, node, infer.names.scope, f"{record.name}.{function.attr}", infer.place_of_self(node))


def call_function(infer: FunctionInference, node: ast.Call, scope: ModuleScope, name: str, receiver: Known | None) -> Fact:
    """Infer a call of a function of the module, specialised on the types of its arguments."""
    definition = scope.definition(name)
    arguments = _arguments(infer, node)
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
