"""Methods of objects by reference whose arguments are not simply evaluated: they are gone over, or called for each element."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.making import after, constant, hold
from portalis.translator.frontend.facts.model import Fact, Known, Step, Unknown
from portalis.translator.frontend.infer.expressions.comprehensions import collected, sort_steps
from portalis.translator.frontend.infer.expressions.iterables import GOING, is_builtin
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.ir.types import TEXT, ListRef


def call_object_method(infer: FunctionInference, node: ast.Call, function: ast.Attribute, receiver: Known) -> Fact | None:
    """Return `receiver.method(…)` of a method that consumes what its argument gives; None where it is called like any other."""
    if isinstance(receiver.type, ListRef) and function.attr == "sort" and not node.args:
        steps: list[Step] = []
        values = hold(infer, receiver, "values", steps)
        failed = sort_steps(infer, node, values, {keyword.arg: keyword.value for keyword in node.keywords}, steps)
        return failed if failed is not None else after(infer.span(node), steps, constant(infer.span(node), None))
    if len(node.args) != 1 or node.keywords:
        return None
    argument = node.args[0]
    fused = isinstance(argument, ast.GeneratorExp) or is_builtin(infer, argument, *GOING)
    if receiver.type == TEXT and function.attr == "join":
        return _consumed(infer, node, receiver, argument, "text", "joined")
    if isinstance(receiver.type, ListRef) and function.attr == "extend" and fused:
        return _consumed(infer, node, receiver, argument, "lists", "extend")
    return None


def _consumed(infer: FunctionInference, node: ast.Call, receiver: Known, argument: ast.expr, module: str, name: str) -> Fact:
    steps: list[Step] = []
    held = hold(infer, receiver, "receiver", steps)
    values = infer.expression(argument) if not _goes(infer, argument) else collected(infer, argument, argument)
    if isinstance(values, Unknown):
        return values
    if not isinstance(values.type, ListRef):
        values_or_not = collected(infer, argument, argument)
        if isinstance(values_or_not, Unknown):
            return values_or_not
        values = values_or_not
    assert isinstance(values.type, ListRef)
    if module == "lists" and infer.unify(receiver.type, values.type) is None:
        return infer.refuse("P0302", node, f"{receiver.type} cannot also hold {values.type.item}", "give all elements one type")
    if module == "text" and infer.unify(values.type, ListRef(TEXT, values.type.site)) is None:
        return infer.refuse("P0308", node, f"`join` of {values.type} raises TypeError", "join texts: str(x) for each")
    found = infer.library(node, module, name, [held, values])
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def _goes(infer: FunctionInference, node: ast.expr) -> bool:
    return isinstance(node, ast.GeneratorExp) or is_builtin(infer, node, *GOING)
