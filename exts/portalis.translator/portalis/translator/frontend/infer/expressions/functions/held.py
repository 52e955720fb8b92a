"""Functions that are computed where they are given to a built-in that calls them: they are evaluated once, before it begins."""

from __future__ import annotations

import ast
from collections.abc import Callable

from portalis.translator.frontend.facts.making import after, hold
from portalis.translator.frontend.facts.model import Fact, Known, Step, Unknown
from portalis.translator.frontend.infer.expressions.attributes import standard_name
from portalis.translator.frontend.infer.expressions.functions.called import MAKERS
from portalis.translator.frontend.infer.expressions.looping import captured
from portalis.translator.frontend.infer.expressions.objects.gone_over import is_builtin
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.ir.closures import is_callable

# Who takes a function first.
_FIRST = frozenset(("map", "filter", "reduce", "takewhile", "dropwhile", "starmap", "filterfalse"))
_PLAIN = frozenset(("range", "len", "list", "tuple", "enumerate", "zip", "map", "filter", "reversed", "set", "str", "int"))
_COMPUTED = (ast.Call, ast.Subscript, ast.IfExp, ast.BoolOp)


def computed_function(infer: FunctionInference, node: ast.Call) -> ast.expr | None:
    """Return the argument of a call, or of a `map` that is its argument, that is a function which is computed; None where none is."""
    name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
    given = [keyword.value for keyword in node.keywords if keyword.arg == "key"]
    if name in _FIRST and node.args:
        given.append(node.args[0])
    found = next((one for one in given if isinstance(one, _COMPUTED) and not _is_maker(infer, one)), None)
    if found is None and name not in _FIRST and node.args and is_builtin(infer, node.args[0], "map", "filter"):
        assert isinstance(node.args[0], ast.Call)
        return computed_function(infer, node.args[0])
    return found


def call_with_function(
    infer: FunctionInference, node: ast.Call, function: ast.expr, call: Callable[[FunctionInference, ast.Call], Fact]
) -> Fact:
    """Infer a call of what calls a function that is computed."""
    steps: list[Step] = []
    made = _with_function(infer, node, function, steps)
    if isinstance(made, Unknown):
        return made
    with captured(infer, steps):
        found = call(infer, made[0])
    infer.replaced.pop(id(made[1]), None)
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def _with_function(infer: FunctionInference, node: ast.Call, function: ast.expr, steps: list[Step]) -> tuple[ast.Call, ast.expr] | Unknown:
    """Return the call with a name for a function that the steps evaluate, and that name."""
    others = [one for one in (*node.args, *(keyword.value for keyword in node.keywords)) if function not in ast.walk(one)]
    first = bool(node.args) and function in ast.walk(node.args[0])
    inside = [inner for one in others for inner in ast.walk(one) if isinstance(inner, ast.Call | ast.NamedExpr)]
    if not first and not all(_is_plain(infer, inner) for inner in inside):
        return infer.refuse("P0309", function, "a function that is computed beside other calls is not called here", "give it a name first")
    with captured(infer, steps):
        value = infer.expression(function)
        value = hold(infer, value, "function", steps) if isinstance(value, Known) else value
    if isinstance(value, Unknown):
        return value
    if not is_callable(value.type):
        return infer.refuse("P0309", function, f"{value.type} is no function", "pass a lambda, or a function of this file")
    found = value
    name = ast.copy_location(ast.Name("@function", ast.Load()), function)
    infer.replaced[id(name)] = lambda: found
    made = _with(infer, node, function, name)
    assert isinstance(made, ast.Call)
    return made, name


def _with(infer: FunctionInference, node: ast.expr, function: ast.expr, name: ast.expr) -> ast.expr:
    """Return a call with a name where a function is, or with a call as its first argument that has it."""
    if node is function:
        return name
    if not isinstance(node, ast.Call) or function not in ast.walk(node):
        return node
    infer.names.scope.visited.update((id(node), id(node.func)))
    args = [_with(infer, one, function, name) for one in node.args]
    keywords = [ast.copy_location(ast.keyword(one.arg, _with(infer, one.value, function, name)), one) for one in node.keywords]
    return ast.copy_location(ast.Call(node.func, args, keywords), node)


def _is_maker(infer: FunctionInference, node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and standard_name(infer, node.func) in MAKERS


def _is_plain(infer: FunctionInference, node: ast.AST) -> bool:
    """Tell whether a call is one of Python's own, which shows nothing of when it is made."""
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in _PLAIN:
            return not infer.shadows(name)
        case ast.Call(func=ast.Attribute(attr="items" | "keys" | "values" | "split")):
            return True
        case _:
            return False
