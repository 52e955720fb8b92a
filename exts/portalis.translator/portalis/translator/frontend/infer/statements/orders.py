"""Statements for which it does not show in which order a set is gone over."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from itertools import pairwise

from portalis.translator.frontend.infer.expressions.iterables import in_any_order, is_builtin
from portalis.translator.frontend.infer.inference import FunctionInference


def note_sorted(infer: FunctionInference, statements: Sequence[ast.stmt]) -> None:
    """Note the lists that are sorted as soon as they have a name: `found = list(values)`, `found.sort()`."""
    for first, second in pairwise(statements):
        match first, second:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.ListComp() | ast.Call() as made),
                ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=sorted_name), attr="sort")) as call),
            ) if name == sorted_name and (isinstance(made, ast.ListComp) or is_builtin(infer, made, "list")):
                infer.uses.sorted_at_once[infer.span(call)] = in_any_order(infer, made)
