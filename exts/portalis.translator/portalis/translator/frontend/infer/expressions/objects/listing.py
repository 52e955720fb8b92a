"""Lists of what is gone over."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.making import after
from portalis.translator.frontend.facts.model import Fact, Known, Step, Unknown
from portalis.translator.frontend.infer.expressions.iterables import for_each, loop
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.types.references.building import append_to, begin_list
from portalis.translator.frontend.types.table import behaviour_of


def collected(infer: FunctionInference, node: ast.AST, iterable: ast.expr) -> Fact:
    """Return a new list of what an iterable gives."""
    steps: list[Step] = []
    result = begin_list(infer, node, steps)
    if isinstance(result, Unknown):
        return result
    failed = for_each(infer, iterable, steps, lambda item, body: append_to(infer, node, result, item, body))
    return failed if failed is not None else after(infer.span(node), steps, result)


def listed(infer: FunctionInference, node: ast.AST, value: Known, steps: list[Step]) -> Known | Unknown:
    """Return a list of what an object gives that is evaluated already."""
    result = begin_list(infer, node, steps)
    stream = behaviour_of(value.type).stream(infer, node, value, steps)
    if isinstance(result, Unknown):
        return result
    if isinstance(stream, Unknown):
        return stream
    if stream is None:
        return infer.refuse("P0312", node, f"{value.type} is no list", "use a list")
    failed = loop(infer, node, stream, steps, lambda item, body: append_to(infer, node, result, item, body), None)
    return result if failed is None else failed
