"""Built-ins over several values: `min`, `max`, `sum`, `tuple` and `list`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import NUMBERS, after, constant, hold, is_simple, once, primitive, to_float, to_int
from portalis.translator.frontend.facts.model import Assigned, Fact, Joined, Known, Load, Step, Stopped, Tested, Unknown
from portalis.translator.frontend.types import table
from portalis.translator.frontend.types.references.list import frozen_like
from portalis.translator.frontend.types.references.operations import length_of, operated
from portalis.translator.frontend.types.sequences import make_list, make_tuple
from portalis.translator.frontend.types.sequences.building import is_long, item, item_type
from portalis.translator.frontend.types.unions.members import coerced
from portalis.translator.ir.types import BOOL, FLOAT, INT, NEVER, NONE, WIDE, ListRef, TextType, TupleType, UnionType, members_of


def minimum(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `min(values)` or `min(one, other, …)`."""
    return _extreme(infer, node, "min", args)


def maximum(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `max(values)` or `max(one, other, …)`."""
    return _extreme(infer, node, "max", args)


def _extreme(infer: Inference, node: ast.Call, name: str, args: Sequence[Known]) -> Fact | None:
    steps: list[Step] = []
    values = list(args)
    if len(args) == 1 and is_long(args[0].type):
        return infer.library(node, "sequences", f"{name}imum", args) if item_type(args[0].type) in NUMBERS else None
    if len(args) == 1:
        spread = table.parts(infer, args[0], steps)
        if not spread:
            return None
        values = spread
    if not values or any(value.type not in (*NUMBERS, WIDE) for value in values):
        return None
    if (len({value.type for value in values}) > 1 and infer.references) or any(value.type == WIDE for value in values):
        return _extreme_of_any(infer, node, name, values)
    if len({value.type for value in values}) > 1:
        return _mixed_extreme(infer, node, name, values)
    best: Fact = values[0]
    for value in values[1:]:
        if isinstance(best, Known):
            best = _better(infer, node, name, best, value)
    return after(infer.span(node), steps, best) if isinstance(best, Known) else best


def _extreme_of_any(infer: Inference, node: ast.Call, name: str, values: Sequence[Known]) -> Fact:
    """Return the least or greatest of numbers of several types as the one that it is."""
    steps: list[Step] = []
    held = [hold(infer, value, "operand", steps) for value in values]
    best = held[0]
    for value in held[1:]:
        chosen = table.choose(infer, node, infer.compare(node, "lt" if name == "min" else "gt", value, best), value, best)
        if isinstance(chosen, Unknown):
            return chosen
        best = hold(infer, chosen, "best", steps)
    return after(infer.span(node), steps, best)


def _mixed_extreme(infer: Inference, node: ast.Call, name: str, values: Sequence[Known]) -> Fact | None:
    """Return the least or greatest of numbers of several types.

    CPython's result has the type of the one that it is. Here it is a float, and a guard stops the call where an int is chosen, unless what
    uses the result makes a float of it anyway. Among more than two, an int that is no small constant would have to be compared exactly with
    one that is chosen already, of which only the nearest float is at hand: that has no translation.
    """
    ints = [value for value in values if value.type != FLOAT]
    if len(ints) == len(values) or (len(values) > 2 and not all(map(_is_small, ints))):
        return None
    steps: list[Step] = []
    held = list(values) if all(map(is_simple, values)) else [hold(infer, value, "operand", steps) for value in values]
    span = infer.span(node)
    best, by_int = held[0], constant(span, held[0].type != FLOAT)
    for value in held[1:]:
        test = infer.compare(node, "lt" if name == "min" else "gt", value, best)
        if isinstance(test, Unknown):
            return test
        if test.is_constant:
            best, by_int = (value, constant(span, value.type != FLOAT)) if test.constant else (best, by_int)
            continue
        test = hold(infer, test, "better", steps)
        chosen = table.choose(infer, node, test, to_float(value), to_float(best))
        assert isinstance(chosen, Known)
        best, by_int = hold(infer, chosen, "best", steps), _chosen_by_int(infer, node, by_int, test, value.type != FLOAT)
    if by_int.is_constant:
        return after(span, steps, best)
    guard = Tested(span, by_int, (Stopped(span, f"{name} of ints and floats gave an int, where a float is needed"),))
    found = after(span, [*steps, guard], best)
    return replace(found, as_float=after(span, steps, best))


def _is_small(value: Known) -> bool:
    return isinstance(value.constant, int) and abs(value.constant) <= 2**53


def _chosen_by_int(infer: Inference, node: ast.Call, before: Known, test: Known, is_int: bool) -> Known:
    """Return whether an int is chosen, after one more candidate has been compared: `test` tells whether that is better."""
    span = infer.span(node)
    if is_int:
        return test if before.constant is False else before if before.is_constant else Known(span, BOOL, Joined("or", test, before))
    other = primitive(span, BOOL, "bool.not", test)
    return other if before.constant is True else before if before.is_constant else Known(span, BOOL, Joined("and", other, before))


def _better(infer: Inference, node: ast.Call, name: str, best: Known, value: Known) -> Fact:
    if best.type != BOOL:
        return infer.library(node, "operators", f"{name}_{best.type}", [best, value])
    steps: list[Step] = []
    best, value = hold(infer, best, "best", steps), hold(infer, value, "candidate", steps)
    test = infer.compare(node, "lt" if name == "min" else "gt", value, best)
    chosen = table.choose(infer, node, test, value, best)
    return after(infer.span(node), steps, chosen) if isinstance(chosen, Known) else chosen


def total(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `sum(values)` or `sum(values, start)`."""
    steps: list[Step] = []
    if is_long(args[0].type):
        return _long_total(infer, node, args)
    parts = table.parts(infer, args[0], steps)
    if parts is None or any(part.type not in (*NUMBERS, WIDE) for part in parts):
        return None
    start = once(infer, args[1], "start", steps) if len(args) == 2 else constant(infer.span(node), 0)
    if start.type not in (*NUMBERS, WIDE):
        return None
    if any(part.type == FLOAT for part in parts) and infer.target >= (3, 12):
        found = _compensated(infer, node, start, parts)
    else:
        found = to_int(start) if parts else start
        for part in parts:
            found = infer.binary(node, "+", found, part)
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def sum_of_others(infer: Inference, node: ast.Call, values: Known, start: Known, *, wide: bool) -> Fact | None:
    """Return `sum(values, start)` of lists or tuples, or onto a bool; None for any other. `wide`: ints may have any size."""
    item = values.type.item if isinstance(values.type, ListRef) else None
    if isinstance(item, ListRef):
        return _sum_of_lists(infer, node, values, start)
    if start.type != BOOL or item is None:
        return None
    if all(type_ in (INT, BOOL, FLOAT, NEVER) for type_ in members_of(item)) and not wide:
        return _sum_onto_bool(infer, node, values, start)
    return infer.refuse("P0308", node, f"`sum` of {values.type} that begins with a bool has no translation", "begin with a number")


def _sum_of_lists(infer: Inference, node: ast.Call, values: Known, start: Known) -> Fact:
    """Return `sum(lists, [])` or `sum(tuples, ())`."""
    assert isinstance(values.type, ListRef) and isinstance(values.type.item, ListRef)
    item = values.type.item
    onto = start
    if isinstance(start.type, TupleType) and all(one == item.item for one in start.type.items):
        onto = coerced(infer, start, ListRef(item.item, frozen=True))
    if not isinstance(onto.type, ListRef) or onto.type.frozen != item.frozen or infer.unify(item, onto.type) is None:
        return infer.refuse("P0308", node, f"`sum` of {values.type} onto {start.type} has no translation", "write sum(lists, [])")
    return frozen_like(onto, infer.library(node, "lists", "all_joined" if item.frozen else "summed", [values, onto]))


def _sum_onto_bool(infer: Inference, node: ast.Call, values: Known, start: Known) -> Fact:
    """Sum onto a bool: CPython gives it back as it is where there is nothing to add, which stops the call."""
    span, steps = infer.span(node), list[Step]()
    held, begun = hold(infer, values, "values", steps), hold(infer, to_int(start), "start", steps)
    nothing = infer.compare(node, "eq", length_of(span, "list.length", held), constant(span, 0))
    assert isinstance(nothing, Known) and isinstance(held.type, ListRef)
    steps.append(Tested(span, nothing, (Stopped(span, "sum of nothing that begins with a bool, which is the result"),)))
    floats = FLOAT in members_of(held.type.item)
    if floats and (infer.target >= (3, 12) or held.type.item != FLOAT):
        return infer.refuse("P0308", node, "`sum` of floats that begins with a bool has no translation", "begin with a number")
    found = infer.library(node, "ordering", "sum_of_floats" if floats else "sum_of_ints", [held, begun])
    return after(span, steps, found) if isinstance(found, Known) else found


def sum_of_numbers(infer: Inference, node: ast.Call, values: Known, start: Known) -> Fact:
    """Return `sum(values, start)` of a list of numbers that fit in 64 bits."""
    item = values.type.item if isinstance(values.type, ListRef) else NONE
    mixed = any(isinstance(type_, UnionType) for type_ in (item, start.type)) or (start.type == FLOAT != item)
    if mixed:
        name = "sum_of_numbers" if infer.target < (3, 12) else "sum_of_numbers_compensated"
        return infer.library(node, "ordering", name, [values, to_int(start)])
    compensated = "_compensated" if item == FLOAT and infer.target >= (3, 12) else ""
    if item == FLOAT and start.type == FLOAT:
        return infer.library(node, "ordering", f"sum_of_floats{compensated}_from", [values, start])
    if item == FLOAT:
        return _sum_onto_int(infer, node, values, to_int(start), f"sum_of_floats{compensated}")
    return infer.library(node, "ordering", "sum_of_ints", [values, to_int(start)])


def _sum_onto_int(infer: Inference, node: ast.Call, values: Known, start: Known, name: str) -> Fact:
    """Return a sum of floats onto an int: of none it is that int."""
    span, steps = infer.span(node), list[Step]()
    held, start = hold(infer, values, "values", steps), hold(infer, start, "start", steps)
    total = infer.library(node, "ordering", name, [held, start])
    either = infer.generalise(INT, FLOAT)
    if isinstance(total, Unknown):
        return total
    if either is None or _shows_elements(node.args[0]):
        return after(span, steps, total)
    local = infer.temporary("total", either)
    none = infer.compare(node, "eq", length_of(span, "list.length", held), constant(span, 0))
    assert isinstance(none, Known)
    only, summed = (Assigned(span, local, coerced(infer, value, either)) for value in (start, total))
    return after(span, [*steps, Tested(span, none, (only,), (summed,))], Known(span, either, Load(local)))


def _shows_elements(node: ast.expr) -> bool:
    return isinstance(node, ast.List | ast.Tuple) and any(not isinstance(element, ast.Starred) for element in node.elts)


def _long_total(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return the sum of many elements of one type: the first is added here, since it may make a float of an int; a loop adds the rest."""
    element = item_type(args[0].type)
    steps: list[Step] = []
    values = once(infer, args[0], "parts", steps)
    start = once(infer, args[1], "start", steps) if len(args) == 2 else constant(infer.span(node), 0)
    if element not in NUMBERS or start.type not in NUMBERS:
        return None
    first = infer.binary(node, "+", to_int(start), item(values, 0))
    if isinstance(first, Unknown):
        return first
    # An int is added to a float as it always was.
    compensated = element == FLOAT and infer.target >= (3, 12)
    name = "compensated_sum_after_first" if compensated else "sum_after_first"
    found = infer.library(node, "sequences", name, [first, values])
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def _compensated(infer: Inference, node: ast.Call, start: Known, parts: Sequence[Known]) -> Fact:
    """Sum as CPython does since 3.12: ints exactly up to the first float, then floats with Neumaier's compensation."""
    found: Fact = to_int(start)
    rest = list(parts)
    while rest and isinstance(found, Known) and found.type != FLOAT:
        found = infer.binary(node, "+", found, rest.pop(0))
    if isinstance(found, Unknown) or not rest:
        return found
    if any(part.type == WIDE for part in rest):
        # One that is beyond 64 bits ends the compensation.
        said = "`sum` of floats with an int of any size among them has no translation for this version"
        return infer.refuse("P0224", node, said, "convert the ints with float()")
    gathered = make_tuple(infer, node, [to_float(part) for part in rest])
    if isinstance(gathered, Unknown):
        return gathered
    if all(part.type == FLOAT for part in rest):
        return infer.library(node, "operators", "compensated_sum", [found, gathered])
    were = make_tuple(infer, node, [constant(infer.span(node), part.type == FLOAT) for part in rest])
    return were if isinstance(were, Unknown) else infer.library(node, "operators", "compensated_sum_of_numbers", [found, gathered, were])


def make_tuple_of(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `tuple(values)`."""
    if isinstance(args[0].type, ListRef | TextType):
        made = args[0] if args[0].type.python_class == "tuple" else infer.library(node, "splicing", "as_list", args)
        if isinstance(made, Unknown) or made.type.python_class == "tuple":
            return made
        assert isinstance(made.type, ListRef)
        return operated(made.span, ListRef(made.type.item, made.type.site, frozen=True), "list.freeze", made)
    return _collected(infer, node, args[0], make_tuple)


def make_list_of(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `list(values)`."""
    if isinstance(args[0].type, ListRef | TextType):
        return infer.library(node, "splicing", "as_list", args)
    return _collected(infer, node, args[0], make_list)


def _collected(infer: Inference, node: ast.Call, value: Known, make: Callable[[Inference, ast.AST, Sequence[Fact]], Fact]) -> Fact | None:
    steps: list[Step] = []
    parts = table.parts(infer, value, steps)
    if parts is None:
        return None
    made = make(infer, node, parts)
    return after(infer.span(node), steps, made) if isinstance(made, Known) else made
