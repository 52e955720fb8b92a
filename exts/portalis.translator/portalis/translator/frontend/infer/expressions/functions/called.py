"""Functions as values, where they are called at once: a lambda, a function of the module, a built-in, given to map, filter, sorted, min."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import reduce
from keyword import iskeyword

from portalis.translator.frontend.calls.builtins import BUILTINS
from portalis.translator.frontend.calls.methods.rows import call_method
from portalis.translator.frontend.calls.modules.math import math_rows
from portalis.translator.frontend.calls.modules.table import module_rows
from portalis.translator.frontend.calls.rows import Row, call_row
from portalis.translator.frontend.facts.making import hold, is_simple
from portalis.translator.frontend.facts.model import Fact, Known, Unknown
from portalis.translator.frontend.infer.applying import may_stop, refuse_stop
from portalis.translator.frontend.infer.expressions.attributes import module_of, standard_name
from portalis.translator.frontend.infer.expressions.functions.arguments import Arguments, call_with
from portalis.translator.frontend.infer.expressions.functions.instances import can_be_called, construct
from portalis.translator.frontend.infer.expressions.functions.values import call_function_value
from portalis.translator.frontend.infer.expressions.scopes import InnerScope
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.instances import class_of
from portalis.translator.frontend.read.at_import.decorators import is_decorated
from portalis.translator.frontend.read.tree import stored_names, walk
from portalis.translator.frontend.types import table
from portalis.translator.frontend.types.references.hashed import as_key, grown_for
from portalis.translator.frontend.types.sequences import make_tuple
from portalis.translator.ir.instances import is_instance
from portalis.translator.ir.types import NONE, TEXT, DictRef, members_of


def call_for_each(infer: FunctionInference, node: ast.Call, function: ast.expr, args: Sequence[Known]) -> Fact:
    """Return the same of a function that an iterator calls for an element: a StopIteration out of it ends the iterator."""
    if may_stop(infer.names.scope):
        return refuse_stop(infer, node, "a special method")
    rebound = _rebound_meanwhile(infer, function)
    if rebound:
        message = f"`{rebound[0]}` is assigned while a loop goes over what it gives: CPython goes on with the function from before the loop"
        return infer.refuse("P0309", node, message, "give one of the two another name")
    before, infer.generating = infer.generating, "function"
    try:
        return call_value(infer, node, function, args)
    finally:
        infer.generating = before


def _rebound_meanwhile(infer: FunctionInference, function: ast.expr) -> list[str]:
    """Return the names by which an iterator's function is reached and which a loop over that iterator assigns."""
    read = function.args.defaults + [one for one in function.args.kw_defaults if one] if isinstance(function, ast.Lambda) else [function]
    names = {inner.id for part in read for inner in walk(part) if isinstance(inner, ast.Name)} & infer.unit.stored_names
    if not names or infer.unit.definition is None:
        return []
    found: set[str] = set()
    for loop in walk(infer.unit.definition):
        match loop:
            case ast.For(target=target, iter=iterated, body=body) if any(inner is function for inner in walk(iterated)):
                found = found.union(*map(stored_names, (target, *body)))
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                if any(inner is function for clause in loop.generators for inner in walk(clause.iter)):
                    found |= stored_names(loop)
    return sorted(names & found)


def call_value(infer: FunctionInference, node: ast.Call, function: ast.expr, args: Sequence[Known]) -> Fact:
    """Return the call of what an expression stands for; its steps go where the caller's go."""
    infer.names.scope.visited.add(id(function))
    match function:
        case ast.Lambda():
            return _call_lambda(infer, function, args)
        case _ if id(function) in infer.replaced or _is_constant(infer, function):
            return _call_known(infer, node, function, infer.expression(function), args)
        case ast.Name(id=name) if infer.references and name in infer.names.local and _is_function(infer, name):
            return _call_variable(infer, node, function, args)
        case ast.Name(id=name) if name not in infer.names.local and name in infer.names.scope.functions:
            if is_decorated(infer.names.scope, infer.names.scope.functions[name]):
                made = infer.expression(function)
                return made if isinstance(made, Unknown) else call_function_value(infer, node, made, Arguments(list(args), {}, []))
            return call_with(infer, node, infer.names.scope, name, None, Arguments(list(args), {}, []))
        case ast.Name(id=name) if name not in infer.names.local and name in infer.names.scope.classes and infer.references:
            return construct(infer, node, name, Arguments(list(args), {}, []))
        case ast.Name() | ast.Attribute() if standard_name(infer, function) in module_rows():
            if isinstance(function, ast.Attribute):
                infer.names.scope.visited.add(id(function.value))
            return _call_row(infer, node, module_rows()[standard_name(infer, function) or ""], args)
        case ast.Call(func=maker) if standard_name(infer, maker) in MAKERS:
            infer.names.scope.visited.update(id(inner) for inner in ast.walk(maker))
            return MAKERS[standard_name(infer, maker) or ""](infer, node, function, args)
        case ast.Attribute(value=ast.Name(id=owner), attr="get") if _is_dict(infer, owner) and _is_asked_at_once(node) and len(args) == 1:
            return _get(infer, node, function.value, args[0])
        case ast.Name(id=name) if not infer.shadows(name) and name in _CONSUMERS and len(args) == 1 and infer.references:
            return _call_written(infer, function, args)
        case ast.Attribute(value=owner) if infer.references and (isinstance(owner, ast.Constant) or _is_constant(infer, owner)):
            return _call_written(infer, function, args)
        case ast.Name(id=name) if not infer.shadows(name) and name in BUILTINS:
            return _call_row(infer, node, BUILTINS[name], args)
        case ast.Attribute(value=ast.Name() as owner, attr=name) if module_of(infer, owner) == "math" and name in math_rows():
            infer.names.scope.visited.add(id(owner))
            return _call_row(infer, node, math_rows()[name], args)
        case ast.Name(id=name) if name not in (*infer.names.local, *infer.live.names) and _of_math(infer, function) in math_rows():
            return _call_row(infer, node, math_rows()[_of_math(infer, function)], args)
        case ast.Attribute(value=ast.Name(id="str"), attr=name) if not infer.shadows("str") and args and args[0].type == TEXT:
            infer.names.scope.visited.add(id(function.value))
            return call_method(infer, node, function, args[0], args[1:], {})
        case ast.Attribute(value=ast.Name(id=owner_name) as owner, attr=name) if owner_name in infer.live.names and infer.references:
            receiver = infer.expression(owner)
            if isinstance(receiver, Known) and receiver.type == TEXT and name == "join":
                return _call_written(infer, function, args)
            if isinstance(receiver, Known) and is_instance(receiver.type):
                method = class_of(infer, receiver.type).method(name)
                bound = infer.expression(function) if method is not None and method.kind == "method" else Unknown(None)
                if isinstance(bound, Known):
                    return call_function_value(infer, node, bound, Arguments(list(args), {}, []))
            return receiver if isinstance(receiver, Unknown) else call_method(infer, node, function, receiver, args, {})
        case _:
            infer.expression(function)
            return infer.refuse("P0309", node, f"`{ast.unparse(function)}` is not called here", "pass a lambda, or a function of this file")


def _of_math(infer: FunctionInference, function: ast.Name) -> str:
    """Return which function of `math` an imported name means, "" for none."""
    kind, name = infer.names.imported(function.id) or ("", "")
    return name if kind == "math" else ""


def _call_lambda(infer: FunctionInference, function: ast.Lambda, args: Sequence[Known]) -> Fact:
    """Write a lambda's body with its parameters bound: it is called where it stands, so that it sees what it would see then."""
    given = function.args
    names = [parameter.arg for parameter in (*given.posonlyargs, *given.args)]
    if given.vararg or given.kwarg or given.kwonlyargs or given.defaults or len(names) != len(args):
        return infer.refuse("P0204", function, "this lambda is not called with as many arguments as it takes", "give it plain parameters")
    scope = InnerScope(infer, names, fixed=not any(isinstance(one, ast.NamedExpr) for one in ast.walk(function.body)))
    held = [hold(infer, arg, "argument", infer.statement_scope.steps) for arg in args]

    def body() -> Fact:
        for name, arg in zip(names, held, strict=True):
            scope.bind(name, arg, function)
        return infer.expression(function.body)

    found = scope.seen(body)
    result = hold(infer, found, "returned", infer.statement_scope.steps) if isinstance(found, Known) else found
    scope.forget()
    return result


def _is_constant(infer: FunctionInference, function: ast.expr) -> bool:
    """Tell whether a function has the name of a constant of the module, or is a method of a class of the source."""
    match function:
        case ast.Name(id=name):
            return name not in infer.names.local and name in infer.names.scope.constants
        case ast.Attribute(value=ast.Name(id=name) as owner):
            return name not in infer.names.local and infer.lineage(owner) is not None
        case _:
            return False


def _is_function(infer: FunctionInference, name: str) -> bool:
    binding = infer.live.names.get(name)
    return infer.cell(name) is not None or (binding is not None and (is_instance(binding.type) or can_be_called(infer, binding.type)))


def _call_variable(infer: FunctionInference, node: ast.Call, function: ast.Name, args: Sequence[Known]) -> Fact:
    value = infer.load(function.id, function)
    if isinstance(value, Known) and not is_simple(value):
        return infer.refuse("P0309", function, f"`{function.id}` may have no value here", "define it on every path that leads here")
    return _call_known(infer, node, function, value, args)


def _call_known(infer: FunctionInference, node: ast.Call, function: ast.expr, value: Fact, args: Sequence[Known]) -> Fact:
    if isinstance(value, Known) and NONE in members_of(value.type):
        return infer.refuse("P0309", function, "this function may be None, which Python takes for no function", "test for None first")
    return value if isinstance(value, Unknown) else call_function_value(infer, node, value, Arguments(list(args), {}, []))


def _call_row(infer: FunctionInference, node: ast.Call, row: Row, args: Sequence[Known]) -> Fact:
    if row.meaning is None or row.refused is not None or row.evaluated is not None:
        return infer.refuse("P0309", node, f"`{row.name}` is not called here", "pass a lambda, or a function of this file")
    return call_row(infer, node, row, args, {})


def _is_dict(infer: FunctionInference, name: str) -> bool:
    binding = infer.live.names.get(name)
    return binding is not None and isinstance(binding.type, DictRef)


def _is_asked_at_once(node: ast.Call) -> bool:
    """Tell whether a call asks a function for all keys before anything else happens: what its names stand for cannot change meanwhile."""
    match node.func:
        case ast.Name(id="sorted" | "min" | "max") | ast.Attribute(attr="sort" | "nlargest" | "nsmallest"):
            return True
        case _:
            return False


def _get(infer: FunctionInference, node: ast.Call, owner: ast.expr, key: Known) -> Fact:
    """Call `d.get` of a key that is there."""
    entries = infer.expression(owner)
    if isinstance(entries, Unknown):
        return entries
    entries = grown_for(infer, entries, {"key": key})
    stored = as_key(infer, entries, key)
    if stored is None:
        return infer.refuse("P0308", node, f"{key.type} is no key of {entries.type}", "look up keys of the dict's own type")
    return infer.library(node, "counting", "value_or_stop", [entries, stored])


def _call_written(infer: FunctionInference, function: ast.expr, args: Sequence[Known]) -> Fact:
    """Call what is called as if its arguments had names: a built-in that goes over its argument, a method of a constant."""
    names = [f"@argument {index}" for index in range(len(args))]
    scope = InnerScope(infer, names)
    held = [hold(infer, arg, "argument", infer.statement_scope.steps) for arg in args]
    given: list[ast.expr] = [ast.copy_location(ast.Name(name, ast.Load()), function) for name in names]
    call = ast.copy_location(ast.Call(function, given, []), function)

    def body() -> Fact:
        for name, arg in zip(names, held, strict=True):
            scope.bind(name, arg, function)
        return infer.expression(call)

    found = scope.seen(body)
    result = hold(infer, found, "returned", infer.statement_scope.steps) if isinstance(found, Known) else found
    scope.forget()
    return result


def _get_items(infer: FunctionInference, node: ast.Call, maker: ast.Call, args: Sequence[Known]) -> Fact:
    """Call `operator.itemgetter(key, …)`, of constant keys."""
    infer.names.scope.visited.update(id(inner) for inner in ast.walk(maker))
    keys = [infer.expression(key) for key in maker.args]
    fixed = [isinstance(key, Known) and (key.is_constant or (is_simple(key) and _is_asked_at_once(node))) for key in keys]
    if len(args) != 1 or not keys or maker.keywords or not all(fixed):
        return infer.refuse("P0310", maker, "`itemgetter` is translated with constant keys", "write a lambda")
    value = hold(infer, args[0], "value", infer.statement_scope.steps)
    found = [table.element(infer, maker, value, [key]) for key in keys]
    return found[0] if len(found) == 1 else make_tuple(infer, node, found)


def _get_attributes(infer: FunctionInference, node: ast.Call, maker: ast.Call, args: Sequence[Known]) -> Fact:
    """Call `operator.attrgetter(name, …)`, of names, also dotted ones, that are written there."""
    infer.names.scope.visited.update(id(inner) for inner in ast.walk(maker))
    names = [key.value for key in maker.args if isinstance(key, ast.Constant) and isinstance(key.value, str)]
    plain = [name for name in names if all(part.isidentifier() and not iskeyword(part) for part in name.split("."))]
    if len(args) != 1 or not plain or len(plain) != len(maker.args) or maker.keywords:
        return infer.refuse("P0310", maker, "`attrgetter` is translated with names of attributes, each a text", "write a lambda")
    parts = [reduce(lambda owner, part: ast.Attribute(owner, part, ast.Load()), name.split("."), _given()) for name in plain]
    return _called_with_name(infer, maker, parts[0] if len(parts) == 1 else ast.Tuple(parts, ast.Load()), args[0])


def _call_method(infer: FunctionInference, node: ast.Call, maker: ast.Call, args: Sequence[Known]) -> Fact:
    """Call `operator.methodcaller(name, argument, …)`, of constant arguments."""
    infer.names.scope.visited.update(id(inner) for inner in ast.walk(maker))
    match maker.args:
        case [ast.Constant(value=str(name)), *given] if len(args) == 1 and name.isidentifier() and not iskeyword(name):
            fixed = [*given, *(keyword.value for keyword in maker.keywords)]
            if all(isinstance(one, ast.Constant) for one in fixed) and all(keyword.arg for keyword in maker.keywords):
                called = ast.Call(ast.Attribute(_given(), name, ast.Load()), given, maker.keywords)
                return _called_with_name(infer, maker, called, args[0])
    return infer.refuse("P0310", maker, "`methodcaller` is translated with a name and constant arguments", "write a lambda")


_GIVEN = "@given"


def _given() -> ast.expr:
    return ast.Name(_GIVEN, ast.Load())


def _called_with_name(infer: FunctionInference, maker: ast.Call, body: ast.expr, value: Known) -> Fact:
    """Write an expression about the name `@given`, which stands for a value, as the body of a lambda would be."""
    for inner in ast.walk(body):
        if isinstance(inner, ast.expr) and not hasattr(inner, "lineno"):
            ast.copy_location(inner, maker)
    given = ast.arguments([], [ast.arg(_GIVEN)], None, [], [], None, [])
    return _call_lambda(infer, ast.copy_location(ast.Lambda(given, body), maker), [value])


_CONSUMERS = frozenset(("all", "any", "list", "max", "min", "set", "sorted", "sum", "tuple"))
MAKERS = {"operator.attrgetter": _get_attributes, "operator.itemgetter": _get_items, "operator.methodcaller": _call_method}
