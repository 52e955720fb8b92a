"""Functions of modules that go over what they are given, or call what they are given: `functools.reduce`, `math.prod`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import TypeAlias

from portalis.translator.frontend.facts.making import after, constant, hold, is_simple, primitive, to_int
from portalis.translator.frontend.facts.model import (
    Assigned,
    Compared,
    Fact,
    Known,
    Load,
    Raised,
    Step,
    Stopped,
    Tested,
    Unknown,
    Zeroed,
    first_unknown,
)
from portalis.translator.frontend.infer.expressions.functions.called import call_value
from portalis.translator.frontend.infer.expressions.iterables import Use, captured, for_each, fuses, is_builtin, loop, stream_of
from portalis.translator.frontend.infer.expressions.objects.listing import collected
from portalis.translator.frontend.infer.expressions.standard.accumulating import Accumulator, first_type
from portalis.translator.frontend.infer.expressions.standard.containers import make_counter, make_default, make_deque, make_ordered
from portalis.translator.frontend.infer.expressions.standard.ordering import sort_steps
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.types.references.building import append_to, begin_list
from portalis.translator.frontend.types.sequences.comparing import compares_quietly
from portalis.translator.frontend.types.unions.members import coerced
from portalis.translator.ir.generators import is_generator
from portalis.translator.ir.instances import is_instance
from portalis.translator.ir.types import BOOL, FLOAT, INT, ListRef

Consumer: TypeAlias = Callable[[FunctionInference, ast.Call], Fact]


def consumer_of_module(infer: FunctionInference, node: ast.Call, name: str) -> Consumer | None:
    """Return what infers a call of a module's function whose arguments are not simply evaluated; None for all others."""
    if not infer.references or any(isinstance(argument, ast.Starred) for argument in node.args):
        return None
    return CONSUMERS.get(name)


def misused(infer: FunctionInference, node: ast.Call, name: str) -> Unknown:
    """Refuse a call with arguments that a function does not take."""
    return infer.refuse("P0310", node, f"`{name}` is not called with these arguments", "see Python's documentation of it")


def _reduce(infer: FunctionInference, node: ast.Call) -> Fact:
    """Infer `functools.reduce(function, values)` or `reduce(function, values, start)` as a loop."""
    if node.keywords or len(node.args) not in (2, 3):
        return misused(infer, node, "functools.reduce")
    steps: list[Step] = []
    function, values = node.args[:2]
    going = isinstance(values, ast.GeneratorExp) or is_builtin(infer, values, "filter")
    if len(node.args) == 2:
        return _reduced_from_first(infer, node, function, lambda use: for_each(infer, values, steps, use), steps)
    stream = None if going else stream_of(infer, values, steps)
    if isinstance(stream, Unknown):
        return stream
    with captured(infer, steps):
        start = infer.expression(node.args[2])
        start = hold(infer, start, "start", steps) if isinstance(start, Known) and not going else start
    if isinstance(start, Unknown):
        return start
    if going and not is_simple(start):
        return infer.refuse("P0310", node.args[2], "what `reduce` starts with is no name or constant here", "give it a name first")
    type_ = first_type(infer, node, start.type)
    accumulator = Accumulator(infer, node, function, type_, infer.temporary("accumulated", type_))
    steps.append(Assigned(infer.span(node), accumulator.local, coerced(infer, start, type_)))
    if stream is None:
        failed = for_each(infer, values, steps, accumulator.combine)
    else:
        failed = loop(infer, node, stream, steps, accumulator.combine, None)
    return failed if failed is not None else after(infer.span(node), steps, accumulator.value)


def _reduced_from_first(
    infer: FunctionInference, node: ast.Call, function: ast.expr, go: Callable[[Use], Unknown | None], steps: list[Step]
) -> Fact:
    """Reduce with the first element as the start; TypeError where there is none."""
    span = infer.span(node)
    begun = infer.temporary("begun", BOOL)
    steps.append(Assigned(span, begun, constant(span, False)))
    has_begun = Known(span, BOOL, Load(begun))
    found: list[Accumulator] = []

    def use(item: Known, body: list[Step]) -> Unknown | None:
        held = hold(infer, item, "next", body)
        if not found:
            type_ = first_type(infer, node, item.type)
            found.append(Accumulator(infer, node, function, type_, infer.temporary("accumulated", type_)))
        inside: list[Step] = []
        failed = found[0].combine(held, inside)
        first = (Assigned(span, found[0].local, coerced(infer, held, found[0].value.type)), Assigned(span, begun, constant(span, True)))
        # Decided before: what comes first changes the answer.
        fresh = hold(infer, primitive(span, BOOL, "bool.not", has_begun), "fresh", body)
        body += [Tested(span, has_begun, tuple(inside)), Tested(span, fresh, first)]
        return failed

    before = len(steps)
    failed = go(use)
    if failed is not None:
        return failed
    steps.insert(before, Zeroed(span, "", found[0].local, found[0].value.type))
    message = "reduce() of empty iterable with no initial value"
    steps.append(Tested(span, primitive(span, BOOL, "bool.not", has_begun), (Raised(span, "TypeError", message),)))
    return after(span, steps, found[0].value)


def _product(infer: FunctionInference, node: ast.Call) -> Fact:
    """Infer `math.prod(values)` and `math.prod(values, start=…)` of ints, or of floats."""
    keywords = {keyword.arg: keyword.value for keyword in node.keywords}
    if len(node.args) != 1 or keywords.keys() - {"start"}:
        return misused(infer, node, "math.prod")
    steps: list[Step] = []
    with captured(infer, steps):
        values = collected(infer, node, node.args[0], gathers=False)
        held = hold(infer, values, "values", steps) if isinstance(values, Known) else values
        start = infer.expression(keywords["start"]) if keywords else constant(infer.span(node), 1)
    if isinstance(held, Unknown) or isinstance(start, Unknown):
        return held if isinstance(held, Unknown) else start
    assert isinstance(held.type, ListRef)
    kinds = {held.type.item, start.type}
    if not kinds <= {INT, FLOAT} or (held.type.item == INT and start.type == FLOAT):
        return infer.refuse("P0308", node, f"`math.prod` of {held.type} has no translation", "multiply ints, or floats")
    name = f"product_of_{'floats' if held.type.item == FLOAT else 'ints'}{'_from' if start.type == FLOAT else ''}"
    found = infer.library(node, "ordering", name, [held, start])
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def _chosen(infer: FunctionInference, node: ast.Call, descending: bool) -> Fact:
    """Infer `heapq.nlargest(count, values, key=…)` or `nsmallest`: what sorting would put first, of equal ones the earlier."""
    keywords = {keyword.arg: keyword.value for keyword in node.keywords}
    given = dict(zip(("n", "iterable", "key"), node.args, strict=False)) | keywords
    if len(node.args) > 3 or not {"n", "iterable"} <= given.keys() or given.keys() - {"n", "iterable", "key"}:
        return misused(infer, node, "heapq.nlargest" if descending else "heapq.nsmallest")
    span, key = infer.span(node), given.get("key")
    if isinstance(key, ast.Constant) and key.value is None:
        key = None
    steps: list[Step] = []
    with captured(infer, steps):
        count = infer.expression(given["n"])
        held = hold(infer, to_int(count), "count", steps) if isinstance(count, Known) else count
        if isinstance(held, Unknown):
            return held
        if key is not None or fuses(infer, given["iterable"]):
            # CPython then asks for no element.
            reason = "the largest or smallest none of what is computed for each element"
            steps.append(Tested(span, Known(span, BOOL, Compared("lt", held, constant(span, 1))), (Stopped(span, reason),)))
        found = _with_keys(infer, node, given["iterable"], key)
    if isinstance(found, Unknown):
        return found
    values, keys = found
    if held.type != INT:
        return infer.refuse("P0308", node, f"as many as {held.type} are no number of elements", "pass an int")
    values = hold(infer, values, "values", steps)
    order: dict[str | None, ast.expr] = {"key": key} if key is not None else {}
    order["reverse"] = ast.copy_location(ast.Constant(descending), node)
    ordered = sort_steps(infer, node, values, order, steps, *([] if keys is None else [lambda *_: keys]))
    if isinstance(ordered, Unknown):
        return ordered
    if not compares_quietly(ordered.type):
        # CPython keeps a heap here: what the program's comparison does shows in another sequence than a sort's.
        return infer.refuse("P0308", node, f"the least or greatest by {ordered.type} are not translated", "sort it: sorted(xs)[:n]")
    chosen = infer.library(node, "heaps", "first_of", [values, held])
    return after(span, steps, chosen) if isinstance(chosen, Known) else chosen


def _with_keys(infer: FunctionInference, node: ast.Call, iterable: ast.expr, key: ast.expr | None) -> tuple[Known, Known | None] | Unknown:
    """Return a list of elements and, where it could show that each key is asked for before the next element, one of their keys."""
    steps = infer.statement_scope.steps
    value = None if fuses(infer, iterable) else infer.attempt(lambda: infer.expression(iterable)).fact
    if isinstance(value, Known) and is_instance(value.type):
        # It is asked for its length, and for an iterator once more when the heap is full.
        return infer.refuse("P0308", node, f"the least or greatest of {value.type} are not translated", "sort it: sorted(xs)[:n]")
    if key is None or not (fuses(infer, iterable) or (isinstance(value, Known) and is_generator(value.type))):
        values = collected(infer, node, iterable, gathers=False)
        return values if isinstance(values, Unknown) else (values, None)
    made, keys = begin_list(infer, node, steps), begin_list(infer, key, steps)
    unknown = first_unknown(made, keys)
    if unknown is not None or not (isinstance(made, Known) and isinstance(keys, Known)):
        return unknown or Unknown(None)

    def use(item: Known, body: list[Step]) -> Unknown | None:
        element = hold(infer, item, "element", body)
        with captured(infer, body):
            found = call_value(infer, node, key, [element])
        failed = append_to(infer, node, made, element, body)
        return failed or (found if isinstance(found, Unknown) else append_to(infer, node, keys, found, body))

    failed = for_each(infer, iterable, steps, use)
    return (made, keys) if failed is None else failed


CONSUMERS: Mapping[str, Consumer] = {
    "collections.Counter": make_counter,
    "collections.OrderedDict": make_ordered,
    "collections.defaultdict": make_default,
    "collections.deque": make_deque,
    "functools.reduce": _reduce,
    "heapq.nlargest": lambda infer, node: _chosen(infer, node, True),
    "heapq.nsmallest": lambda infer, node: _chosen(infer, node, False),
    "math.prod": _product,
}
