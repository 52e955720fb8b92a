"""What is given to a built-in that goes over something, or calls it: all of it is evaluated once, in order, before that begins."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from portalis.translator.frontend.facts.making import after, hold
from portalis.translator.frontend.facts.model import Fact, Known, Step, Unknown
from portalis.translator.frontend.infer.expressions.attributes import standard_name
from portalis.translator.frontend.infer.expressions.functions.instances import can_be_called
from portalis.translator.frontend.infer.expressions.looping import captured
from portalis.translator.frontend.infer.expressions.objects.gone_over import is_builtin
from portalis.translator.frontend.infer.expressions.objects.kept_iterators import refuse_asked_length
from portalis.translator.frontend.infer.expressions.standard.evaluated import (
    Evaluation,
    does_nothing,
    has_stars,
    is_maker,
    is_method,
    starts,
    stream_name,
)
from portalis.translator.frontend.infer.expressions.standard.functions import CONSUMERS
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.ir.generators import is_generator, maker_of

# Who takes a function first.
_FIRST = frozenset(("map", "filter", "reduce", "takewhile", "dropwhile", "starmap", "filterfalse"))
_PLAIN = frozenset(("range", "len", "list", "tuple", "enumerate", "zip", "map", "filter", "reversed", "set", "str", "int"))
# What goes over its first argument while others are still to be evaluated, if they are not evaluated before.
_CONSUMERS = frozenset(("dict", "max", "min", "sorted", "sum"))
_METHODS = frozenset(("difference", "fromkeys", "intersection", "sort", "subtract", "union", "update"))
# These go over their second argument.
_SECOND = frozenset(("functools.reduce", "heapq.nlargest", "heapq.nsmallest"))
# What goes over the indices of an instance from the last (`names/written.py`).
_BACKWARDS = re.compile(r"line_\d+_\d+_\d+\.backwards")
_COMPUTED = (ast.Call, ast.Subscript, ast.IfExp, ast.BoolOp)


def computed_function(infer: FunctionInference, node: ast.Call) -> ast.expr | None:
    """Return the argument of a call, or of a `map` that is its argument, that is a function which is computed; None where none is."""
    name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
    given = [keyword.value for keyword in node.keywords if keyword.arg == "key"]
    if name in _FIRST and node.args:
        given.append(node.args[0])
    found = next((one for one in given if isinstance(one, _COMPUTED) and not is_maker(infer, one)), None)
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
    if not can_be_called(infer, value.type):
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


def evaluates_first(infer: FunctionInference, node: ast.Call) -> bool:
    """Tell whether it could show that arguments of a call are evaluated while it goes over others."""
    given = [*node.args, *(keyword.value for keyword in node.keywords)]
    if not infer.references or has_stars(node) or infer.scope.library:
        return False
    if stream_name(infer, node) is not None:
        return starts(infer, node)
    match node.func:
        case ast.Attribute(attr=attr) if attr in _METHODS and standard_name(infer, node.func) is None:
            others = given if attr == "sort" else given[1:]
        case ast.Name(id=name) if name in _CONSUMERS and not infer.shadows(name) and (len(node.args) == 1 or name == "sum"):
            others = given[1:]
        case ast.Name() | ast.Attribute() if (dotted := standard_name(infer, node.func)) in CONSUMERS:
            others = given[2 if dotted in _SECOND else 1 :]
        case _:
            return False
    return not all(does_nothing(one) or is_maker(infer, one) or is_method(infer, one) for one in others)


def call_evaluated(infer: FunctionInference, node: ast.Call, call: Callable[[FunctionInference, ast.Call], Fact]) -> Fact:
    """Infer a call when all of its arguments are evaluated."""
    steps: list[Step] = []
    evaluation = Evaluation(infer, steps)
    made = evaluation.call(node) if stream_name(infer, node) is None else evaluation.gone_over(node)
    if evaluation.failed is not None:
        return evaluation.failed
    with captured(infer, steps):
        found = call(infer, made) if isinstance(made, ast.Call) else infer.expression(made)
    if isinstance(found, Known) and is_generator(found.type) and _BACKWARDS.match(maker_of(found.type)):
        found = refuse_asked_length(infer, node) or found
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def _is_plain(infer: FunctionInference, node: ast.AST) -> bool:
    """Tell whether a call is one of Python's own, which shows nothing of when it is made."""
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in _PLAIN:
            return not infer.shadows(name)
        case ast.Call(func=ast.Attribute(attr="items" | "keys" | "values" | "split")):
            return True
        case _:
            return False
