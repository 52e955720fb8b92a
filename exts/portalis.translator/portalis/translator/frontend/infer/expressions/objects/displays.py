"""Displays of sets: `{element, …}`, which CPython makes a constant of where it can, and else puts in when all elements are evaluated."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.making import after, hold
from portalis.translator.frontend.facts.model import Fact, Known, Step, Unknown
from portalis.translator.frontend.infer.expressions.iterables import captured
from portalis.translator.frontend.infer.expressions.objects.sets import as_grown, as_holding, fill, merged, run_step
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.refused import refuse_expression
from portalis.translator.frontend.types.references.sets import add_to, begin_set, is_order_kept
from portalis.translator.ir.instances import asks_a_class

# So many elements of a display CPython evaluates before it puts the first in.
_AT_ONCE = 30
# CPython makes a constant of a display of so many constants, and fills the set from that.
_FOLDED = 3


def infer_set(infer: FunctionInference, node: ast.Set) -> Fact:
    """Infer `{element, …}`."""
    if not infer.references:
        return refuse_expression(infer, node)
    if _are_constants(node) and id(node) in infer.uses.folded:
        return folded_set(infer, node)
    if len(node.elts) < _FOLDED or not _are_constants(node):
        return _displayed(infer, node, node.elts)
    steps: list[Step] = []
    made, filled = begin_set(infer, node, steps), folded_set(infer, node)
    if isinstance(made, Unknown) or isinstance(filled, Unknown):
        return made if isinstance(made, Unknown) else filled
    failed = run_step(infer, node, steps, merged(infer, node, made, filled))
    return failed if failed is not None else after(infer.span(node), steps, as_holding(infer, made, filled))


def folded_set(infer: FunctionInference, node: ast.Set) -> Known | Unknown:
    """Return the set that CPython makes of a display's constants when it compiles."""
    values = [ast.literal_eval(element) for element in node.elts]
    if not (infer.any_order(node) or _holds_texts(values) or is_order_kept(values)):
        return infer.refuse(
            "P0230", node, "the order of these constants depends on how the module was loaded in CPython", "write set([…]) of a list"
        )
    return _displayed(infer, node, node.elts, place="folded")


def _holds_texts(value: object) -> bool:
    return isinstance(value, str | bytes) or (isinstance(value, tuple | list) and any(map(_holds_texts, value)))


def _are_constants(node: ast.Set) -> bool:
    try:
        for element in node.elts:
            hash(ast.literal_eval(element))
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def _displayed(infer: FunctionInference, node: ast.Set, elements: Sequence[ast.expr], place: str = "") -> Known | Unknown:
    steps: list[Step] = []
    made = begin_set(infer, node, steps, place=place)
    waiting: list[tuple[ast.expr, Known]] = []
    # From the first star on each is put in at once.
    stars = [number for number, element in enumerate(elements) if isinstance(element, ast.Starred)]
    together = range(0 if len(elements) > _AT_ONCE else stars[0] if stars else len(elements))
    for number, element in enumerate(elements):
        if isinstance(made, Unknown):
            return made
        infer.names.scope.visited.add(id(element))
        if isinstance(element, ast.Starred):
            grown = _put_in(infer, made, waiting, steps)
            if isinstance(grown, Unknown):
                return grown
            waiting.clear()
            failed = fill(infer, element.value, grown, steps)
        else:
            with captured(infer, steps):
                value = infer.expression(element)
            if isinstance(value, Unknown):
                return value
            if number in together and (waiting or asks_a_class(value.type)):
                waiting.append((element, hold(infer, value, "element", steps)))
                continue
            failed = run_step(infer, element, steps, add_to(infer, element, made, value))
        if failed is not None:
            return failed
        made = as_grown(infer, made)
    made = made if isinstance(made, Unknown) else _put_in(infer, made, waiting, steps)
    return made if isinstance(made, Unknown) else after(infer.span(node), steps, made)


def _put_in(infer: FunctionInference, made: Known, waiting: Sequence[tuple[ast.expr, Known]], steps: list[Step]) -> Known | Unknown:
    """Put evaluated elements into a set; return what that is by then."""
    for element, value in waiting:
        failed = run_step(infer, element, steps, add_to(infer, element, made, value))
        if failed is not None:
            return failed
        made = as_grown(infer, made)
    return made
