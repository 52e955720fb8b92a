"""What is asked of views and ranges where they stand: `key in d.keys()`, `value in d.values()`, `n in range(…)`, `len(d.items())`."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.making import after, constant, hold, to_int
from portalis.translator.frontend.facts.model import Fact, Joined, Known, Step, Unknown, first_unknown
from portalis.translator.frontend.infer.expressions.iterables import is_builtin, is_view
from portalis.translator.frontend.infer.expressions.objects.columns import range_values
from portalis.translator.frontend.infer.expressions.objects.listing import collected
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.types import table
from portalis.translator.frontend.types.numbers.wide import INTS
from portalis.translator.ir.types import BOOL, DictRef


def container_of(infer: FunctionInference, node: ast.expr) -> Fact:
    """Return what is looked into by `in`: of the keys of a dict the dict itself, of its values and pairs a list."""
    if not infer.references or not is_view(node):
        return infer.expression(node)
    assert isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    owner = infer.expression(node.func.value)
    if isinstance(owner, Unknown) or not isinstance(owner.type, DictRef):
        return infer.expression(node)
    infer.names.scope.visited.update((id(node), id(node.func)))
    return owner if node.func.attr == "keys" else collected(infer, node, node)


def is_in_range(infer: FunctionInference, node: ast.Compare, left: Fact, right: ast.expr, negated: bool) -> Fact | None:
    """Return `left in range(stop)` or `left in range(start, stop)` of an int; None where it is nothing of the kind."""
    if not infer.references or not is_builtin(infer, right, "range") or not isinstance(left, Known) or left.type not in INTS:
        return None
    assert isinstance(right, ast.Call)
    if right.keywords or not 1 <= len(right.args) <= 2 or any(isinstance(one, ast.Starred) for one in right.args):
        return None
    infer.names.scope.visited.update((id(right), id(right.func)))
    span, steps = infer.span(node), list[Step]()
    sought = hold(infer, to_int(left), "sought", steps)
    facts = [infer.expression(argument) for argument in right.args]
    unknown = first_unknown(*facts)
    if unknown is not None:
        return unknown
    ends = [hold(infer, to_int(fact), "end", steps) for fact in facts if isinstance(fact, Known) and fact.type in INTS]
    if len(ends) < len(facts):
        return infer.refuse("P0308", right, "`range` needs ints", "convert it: int(x)")
    start, stop = ends if len(ends) == 2 else (constant(span, 0), ends[0])
    low, high = infer.compare(node, "le", start, sought), infer.compare(node, "lt", sought, stop)
    assert isinstance(low, Known) and isinstance(high, Known)
    found = Known(span, BOOL, Joined("and", low, high))
    answer = table.negate(infer, node, found) if negated else found
    assert isinstance(answer, Known)
    return after(span, steps, answer)


def _length_of_range(infer: FunctionInference, node: ast.Call, over: ast.Call) -> Fact:
    steps: list[Step] = []
    infer.names.scope.visited.update((id(over), id(over.func)))
    facts = [infer.expression(argument) for argument in over.args]
    unknown = first_unknown(*facts)
    values = unknown if unknown is not None else range_values(infer, over, facts, steps)
    if isinstance(values, Unknown):
        return values
    found = infer.library(node, "slices", "length_of_range", list(values))
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def length_of_view(infer: FunctionInference, node: ast.Call) -> Fact | None:
    """Return `len(range(…))`, `len(d.keys())` and their like; None for anything else."""
    over = node.args[0]
    if isinstance(over, ast.Call) and is_builtin(infer, over, "range") and 1 <= len(over.args) <= 3 and not over.keywords:
        return _length_of_range(infer, node, over)
    if not is_view(node.args[0]):
        return None
    assert isinstance(node.args[0], ast.Call) and isinstance(node.args[0].func, ast.Attribute)
    owner = infer.expression(node.args[0].func.value)
    if isinstance(owner, Unknown) or not isinstance(owner.type, DictRef):
        return None
    infer.names.scope.visited.update((id(node.args[0]), id(node.args[0].func)))
    return table.behaviour_of(owner.type).measured(infer, node, owner)
