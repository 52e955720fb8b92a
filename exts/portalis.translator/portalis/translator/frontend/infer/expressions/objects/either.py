"""Built-ins that go over one argument, of what is of several classes: written for each of these, of which one runs."""

from __future__ import annotations

import ast
from functools import partial

from portalis.translator.frontend.facts.making import constant
from portalis.translator.frontend.facts.model import Compared, Fact, Known, Raised, Tested
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.unions.mistakes import of_iteration
from portalis.translator.frontend.types.unions.splitting import by_member
from portalis.translator.ir.types import BOOL, INT, TEXT, UnionType

_GOING = frozenset(("all", "any", "frozenset", "list", "max", "min", "set", "sorted", "sum", "tuple"))


def call_of_either(infer: FunctionInference, node: ast.Call, name: str) -> Fact | None:
    """Infer `name(argument, …)` where the argument is read from somewhere and of several classes; None for anything else."""
    argument = node.args[0] if name in _GOING and len(node.args) == 1 and infer.references else None
    if not isinstance(argument, ast.Name | ast.Attribute | ast.Subscript):
        return None
    if any(isinstance(inner, ast.Call | ast.NamedExpr | ast.Lambda) for inner in ast.walk(argument)):
        return None
    attempt = infer.attempt(partial(infer.expression, argument))
    if not isinstance(attempt.fact, Known) or not isinstance(attempt.fact.type, UnionType):
        return None
    for step in attempt.steps:
        infer.add(step)
    infer.names.scope.visited.update((id(node), id(node.func)))

    def build(parts: list[Known]) -> Fact | None:
        if name == "sum" and parts[0].type == TEXT and not node.keywords:
            return _sum_of_text(infer, node, parts[0])
        made = ast.copy_location(ast.Name("@argument", ast.Load()), argument)
        infer.replaced[id(made)] = lambda: parts[0]
        found = infer.expression(ast.copy_location(ast.Call(node.func, [made], node.keywords), node))
        infer.replaced.pop(id(made), None)
        return found

    return by_member(infer, node, [attempt.fact], build, lambda types: of_iteration(infer, types))


def _sum_of_text(infer: FunctionInference, node: ast.Call, text: Known) -> Known:
    """Return zero, which is the sum of an empty text and of no other."""
    span = infer.span(node)
    some = Known(span, BOOL, Compared("gt", operated(span, INT, "text.length", text), constant(span, 0)))
    infer.add(Tested(span, some, (Raised(span, "TypeError", "unsupported operand type(s) for +: 'int' and 'str'"),)))
    return constant(span, 0)
