"""Calls: which function a call means, its arguments in Python's order, and the parameters that they go to."""

from __future__ import annotations

import ast

from portalis.translator.frontend.attributes import is_self, module_of
from portalis.translator.frontend.builtin_calls import lower_builtin
from portalis.translator.frontend.calls import apply_call, call_library
from portalis.translator.frontend.context import Context
from portalis.translator.frontend.evaluation import hold, is_simple
from portalis.translator.frontend.gf_calls import lower_gf_function, lower_gf_method, lower_static_method
from portalis.translator.frontend.lower_intrinsics import lower_intrinsic
from portalis.translator.frontend.math_calls import lower_math
from portalis.translator.frontend.names import Lower
from portalis.translator.frontend.read.annotations import GF_NAMES, gf_name
from portalis.translator.frontend.read.module_scope import ModuleScope
from portalis.translator.frontend.refusals import BUILTINS
from portalis.translator.frontend.values import POISON, Value, sequence
from portalis.translator.ir.nodes import Stmt
from portalis.translator.ir.types import is_mutable

Arguments = tuple[list[Value], dict[str, Value]]


def lower_call(context: Context, node: ast.Call, lower: Lower) -> Value:
    """Lower a call."""
    function = node.func
    if isinstance(function, ast.Name):
        return _call_name(context, node, function.id, lower)
    if isinstance(function, ast.Attribute):
        return _call_attribute(context, node, function, lower)
    lower(context, function)
    return context.refuse("P0309", node, "only functions called by name are translated", "define it with `def` and call it by its name")


def _call_name(context: Context, node: ast.Call, name: str, lower: Lower) -> Value:
    scope = context.scope
    binding = context.live.names.get(name)
    if (binding is not None and binding.poison) or scope.imports.get(name) == ("refused", ""):
        lower_arguments(context, node, lower)
        return POISON
    if name in context.local_names:
        return context.refuse("P0309", node, f"`{name}` is a variable here, not a function", "call a function of this file by its name")
    if name in scope.functions:
        return call_function(context, node, scope, name, None, lower)
    if name in scope.imports:
        return _call_imported(context, node, *scope.imports[name], lower)
    if name in scope.classes:
        return context.refuse("P0309", node, f"an object of class `{name}` is not translated", "use a tuple, or separate variables")
    if name in scope.constants:
        return context.refuse("P0309", node, f"`{name}` is a constant, not a function", "call a function of this file by its name")
    if name in BUILTINS:
        for argument in node.args:
            lower(context, argument)
        return context.refuse(BUILTINS[name][0], node, BUILTINS[name][1], BUILTINS[name][2])
    if name == "isinstance" and len(node.args) == 2 and not node.keywords:
        return lower_builtin(context, node, name, [lower(context, node.args[0])], {})
    arguments = lower_arguments(context, node, lower)
    return POISON if arguments is None else lower_builtin(context, node, name, *arguments)


def _call_imported(context: Context, node: ast.Call, kind: str, inner: str, lower: Lower) -> Value:
    arguments = lower_arguments(context, node, lower)
    if arguments is None:
        return POISON
    args, keywords = arguments
    match kind:
        case "intrinsic":
            return lower_intrinsic(context, node, inner, args)
        case "library":
            module, _, name = inner.rpartition(".")
            return call_library(context, node, module, name, args, node.args)
        case "math" if inner:
            return lower_math(context, node, inner, args, keywords)
        case "gf" if inner:
            return lower_gf_function(context, node, inner, args, keywords)
        case _:
            return context.refuse("P0309", node, "this cannot be called", "call a function of this file, of math or of Gf")


def _call_attribute(context: Context, node: ast.Call, function: ast.Attribute, lower: Lower) -> Value:
    module = module_of(context, function.value)
    if module is not None:
        arguments = lower_arguments(context, node, lower)
        if arguments is None:
            return POISON
        if module == "math":
            return lower_math(context, node, function.attr, *arguments)
        return lower_gf_function(context, node, function.attr, *arguments)
    static = gf_name(function.value, context.scope)
    if static is not None and static in GF_NAMES:
        arguments = lower_arguments(context, node, lower)
        return POISON if arguments is None else lower_static_method(context, node, static, function.attr, arguments[0])
    if is_self(context, function.value):
        return call_method(context, node, function, lower)
    receiver = lower(context, function.value)
    arguments = lower_arguments(context, node, lower)
    if receiver.poison or arguments is None:
        return POISON
    return lower_gf_method(context, node, function, receiver, *arguments)


def lower_arguments(context: Context, node: ast.Call, lower: Lower) -> Arguments | None:
    """Lower a call's arguments in order; None where one is refused."""
    args: list[Value] = []
    keywords: dict[str, Value] = {}
    for argument in node.args:
        if isinstance(argument, ast.Starred):
            args.append(context.refuse("P0216", argument, "`*` arguments are not translated", "pass the arguments one by one"))
        else:
            args.append(lower(context, argument))
    for keyword in node.keywords:
        if keyword.arg is None:
            args.append(context.refuse("P0216", keyword.value, "`**` arguments are not translated", "pass the arguments one by one"))
        else:
            keywords[keyword.arg] = lower(context, keyword.value)
    return None if any(value.poison for value in (*args, *keywords.values())) else (args, keywords)


def call_method(context: Context, node: ast.Call, function: ast.Attribute, lower: Lower) -> Value:
    """Lower `self.helper(…)`."""
    assert context.record is not None and context.self_name is not None
    owner = context.scope.classes[context.record.name]
    name = f"{context.record.name}.{function.attr}"
    if not any(isinstance(item, ast.FunctionDef) and item.name == function.attr for item in owner.body):
        return context.refuse("P0505", node, f"the class has no method `{function.attr}`", "define it in the class, or call a function")
    for key, binding in context.live.names.items():
        if key.startswith("self.") and binding.stale is not None:
            context.load(key, function)
    receiver = Value(context.place_of_self(node))
    return call_function(context, node, context.scope, name, receiver, lower)


def call_function(context: Context, node: ast.Call, scope: ModuleScope, name: str, receiver: Value | None, lower: Lower) -> Value:
    """Lower a call of a function of the module, specialised on the types of its arguments."""
    definition = scope.definition(name)
    arguments = lower_arguments(context, node, lower)
    if arguments is None:
        return POISON
    bound = _bind(context, node, definition, name, receiver, arguments, lower)
    if bound is None:
        return POISON
    names, values, nodes, body = bound
    signature = context.specialiser.signature(scope, name, tuple(value.type for value in values))
    result = apply_call(context, node, signature, names, values, nodes)
    return result if result.poison else result.with_expr(sequence(context.span(node), body, result.expr))


Bound = tuple[list[str], list[Value], list[ast.AST | None], list[Stmt]]


def _bind(
    context: Context,
    node: ast.Call,
    definition: ast.FunctionDef,
    name: str,
    receiver: Value | None,
    arguments: Arguments,
    lower: Lower,
) -> Bound | None:
    """Match arguments to parameters as CPython does; None where a TypeError would be raised."""
    args, keywords = arguments
    positional = [parameter.arg for parameter in definition.args.posonlyargs + definition.args.args]
    only_keyword = [parameter.arg for parameter in definition.args.kwonlyargs]
    given = ([receiver] if receiver is not None else []) + args
    if len(given) > len(positional):
        _refuse_count(context, node, name, f"takes {len(positional)} arguments, not {len(given)}")
        return None
    bound = dict(zip(positional, given, strict=False))
    nodes: dict[str, ast.AST | None] = dict(zip(positional, ([None] if receiver is not None else []) + list(node.args), strict=False))
    nameable = {parameter.arg for parameter in definition.args.args + definition.args.kwonlyargs}
    for keyword in node.keywords:
        if keyword.arg in bound or keyword.arg not in nameable:
            _refuse_count(context, node, name, f"takes no further argument `{keyword.arg}`")
            return None
        bound[keyword.arg], nodes[keyword.arg] = keywords[keyword.arg], keyword.value
    for parameter, default in defaults_of(definition).items():
        if parameter not in bound:
            bound[parameter] = context.default(default, lower)
            nodes[parameter] = None
    missing = [parameter for parameter in (*positional, *only_keyword) if parameter not in bound]
    if missing:
        _refuse_count(context, node, name, f"lacks the argument{'s' * (len(missing) > 1)} {', '.join(missing)}")
        return None
    order = [*positional, *only_keyword]
    body: list[Stmt] = []
    evaluated = list(bound)
    if evaluated != order and sum(not is_simple(bound[parameter]) for parameter in evaluated) > 1:
        for parameter in evaluated:
            if not is_mutable(bound[parameter].type):
                bound[parameter] = hold(context, bound[parameter], parameter, body)
    return order, [bound[parameter] for parameter in order], [nodes[parameter] for parameter in order], body


def _refuse_count(context: Context, node: ast.Call, name: str, problem: str) -> None:
    context.refuse("P0310", node, f"`{name.rpartition('.')[2]}` {problem}", "pass one argument for each parameter without a default")


def defaults_of(definition: ast.FunctionDef) -> dict[str, ast.expr]:
    """Return the default of each parameter that has one."""
    positional = definition.args.posonlyargs + definition.args.args
    defaults = definition.args.defaults
    found = {parameter.arg: default for parameter, default in zip(positional[len(positional) - len(defaults) :], defaults, strict=True)}
    for parameter, default in zip(definition.args.kwonlyargs, definition.args.kw_defaults, strict=True):
        if default is not None:
            found[parameter.arg] = default
    return found
