"""Comprehensions, and built-ins that consume what they go over: sum, min, max, any, all, sorted, list, tuple, join."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

from portalis.translator.frontend.calls.builtins import BUILTINS
from portalis.translator.frontend.calls.gathering import sum_of_numbers, sum_of_others
from portalis.translator.frontend.calls.rows import call_row
from portalis.translator.frontend.facts.making import NUMBERS, after, constant, hold
from portalis.translator.frontend.facts.model import (
    Assigned,
    Evaluated,
    Fact,
    Known,
    Load,
    Step,
    Tested,
    Unknown,
    first_unknown,
)
from portalis.translator.frontend.infer.expressions.functions.named.tuples import unnamed
from portalis.translator.frontend.infer.expressions.iterables import Use, captured, for_clauses, for_each, fuses, in_any_order, loop
from portalis.translator.frontend.infer.expressions.objects.listing import collected, listed
from portalis.translator.frontend.infer.expressions.objects.sets import make_set, varies
from portalis.translator.frontend.infer.expressions.standard.ordering import extreme, extreme_by_key, infer_sorted
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.refused import refuse_expression
from portalis.translator.frontend.types import table
from portalis.translator.frontend.types.numbers.wide import widened
from portalis.translator.frontend.types.references.building import append_to, begin_list
from portalis.translator.frontend.types.references.hashed import begin_dict, entries_stream, merge_entries, store_entry
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.references.streams import Stream
from portalis.translator.ir.instances import asks_a_class, is_instance, is_named
from portalis.translator.ir.types import (
    BOOL,
    INT,
    NEVER,
    NONE,
    OCTETS,
    WIDE,
    DictRef,
    LibraryRef,
    ListRef,
    SetRef,
    TupleType,
    Type,
    UnionType,
    members_of,
)


def infer_list_comprehension(infer: FunctionInference, node: ast.ListComp) -> Fact:
    """Infer `[element for target in iterable if test …]`."""
    if not infer.references:
        return refuse_expression(infer, node)
    steps: list[Step] = []
    result = begin_list(infer, node, steps)
    if isinstance(result, Unknown):
        return result
    failed = for_clauses(infer, node.generators, node.elt, steps, lambda item, body: append_to(infer, node, result, item, body))
    return failed if failed is not None else after(infer.span(node), steps, result)


def infer_dict_comprehension(infer: FunctionInference, node: ast.DictComp) -> Fact:
    """Infer `{key: value for target in iterable if test …}`."""
    if not infer.references:
        return refuse_expression(infer, node)
    pair = ast.copy_location(ast.Tuple([node.key, node.value], ast.Load()), node)
    return _dict_of(infer, node, lambda steps, use: for_clauses(infer, node.generators, pair, steps, use))


# So many pairs of a display CPython evaluates before it stores the first.
_AT_ONCE = 15


def infer_dict(infer: FunctionInference, node: ast.Dict) -> Fact:
    """Infer `{key: value, …}`: each key and its value in order; what asks the program's classes is stored when all are evaluated."""
    if not infer.references:
        return refuse_expression(infer, node)
    steps: list[Step] = []
    entries = begin_dict(infer, node, steps)
    waiting: list[tuple[Known, Known]] = []

    def store_waiting() -> Unknown | None:
        assert isinstance(entries, Known) or not waiting
        while waiting:
            if isinstance(entries, Known) and (failed := _stored(infer, node, entries, *waiting.pop(0), steps)) is not None:
                return failed
        return None

    together = _together(node)
    for number, (key_node, value_node) in enumerate(zip(node.keys, node.values, strict=True)):
        if number not in together and (failed := store_waiting()) is not None:
            return failed
        if key_node is None:
            with captured(infer, steps):
                value = infer.expression(value_node)
            unknown = first_unknown(entries, value)
            if unknown is not None or not (isinstance(entries, Known) and isinstance(value, Known) and isinstance(value.type, DictRef)):
                return unknown or infer.refuse("P0216", value_node, "`**` of what is no dict is not translated", "give a dict")
            merged = merge_entries(infer, node, entries, value)
            if isinstance(merged, Unknown):
                return merged
            steps.append(Evaluated(infer.span(node), merged))
            continue
        with captured(infer, steps):
            key = infer.expression(key_node)
            held = hold(infer, key, "key", steps) if isinstance(key, Known) else key
            value = infer.expression(value_node)
        unknown = first_unknown(entries, held, value)
        if unknown is not None:
            return unknown
        assert isinstance(entries, Known) and isinstance(held, Known) and isinstance(value, Known)
        if number in together and (waiting or asks_a_class(held.type)):
            waiting.append((held, hold(infer, value, "value", steps)))
        elif (failed := _stored(infer, node, entries, held, value, steps)) is not None:
            return failed
    if isinstance(entries, Unknown):
        return entries
    failed = store_waiting()
    return after(infer.span(node), steps, entries) if failed is None else failed


def _together(node: ast.Dict) -> frozenset[int]:
    """Return the numbers of the pairs of a display that CPython evaluates before it stores the first of them.

    It compiles a display in pieces, which end before `**` and after one pair more than are too many to be evaluated at once.
    """
    found, piece = list[int](), list[int]()
    for number, key in enumerate(node.keys):
        if key is not None:
            piece.append(number)
        if key is None or len(piece) > _AT_ONCE + 1:
            found += piece if len(piece) <= _AT_ONCE else []
            piece = []
    return frozenset(found + (piece if len(piece) <= _AT_ONCE else []))


def _stored(infer: FunctionInference, node: ast.AST, entries: Known, key: Known, value: Known, steps: list[Step]) -> Unknown | None:
    done = store_entry(infer, node, entries, key, value)
    if isinstance(done, Unknown):
        return done
    assert done is not None
    steps.append(Evaluated(infer.span(node), done))
    return None


def _dict_of(infer: FunctionInference, node: ast.AST, fill: Callable[[list[Step], Use], Unknown | None]) -> Fact:
    steps: list[Step] = []
    entries = begin_dict(infer, node, steps)
    if isinstance(entries, Unknown):
        return entries

    def use(item: Known, body: list[Step]) -> Unknown | None:
        parts = table.parts(infer, item, body)
        if parts is None or len(parts) != 2:
            return infer.refuse("P0308", node, f"{item.type} is no pair of a key and a value", "give pairs: dict(zip(keys, values))")
        key, value = (hold(infer, part, name, body) for part, name in zip(parts, ("key", "value"), strict=True))
        return _stored(infer, node, entries, key, value, body)

    failed = fill(steps, use)
    return failed if failed is not None else after(infer.span(node), steps, entries)


def _dict(infer: FunctionInference, node: ast.Call) -> Fact:
    """Infer `dict(pairs)`; a dict is copied."""
    if not fuses(infer, node.args[0]):
        steps: list[Step] = []
        with captured(infer, steps):
            value = infer.expression(node.args[0])
        if isinstance(value, Unknown):
            return value
        stream: Stream | Unknown | None
        if isinstance(value.type, DictRef):
            stream = entries_stream(infer, node, value, steps, "items")
        else:
            stream = table.behaviour_of(value.type).stream(infer, node, value, steps)
        if isinstance(stream, Unknown):
            return stream
        if stream is None:
            return infer.refuse("P0308", node, f"`dict` of {value.type} has no translation", "give pairs: dict(zip(keys, values))")
        found = stream
        made = _dict_of(infer, node, lambda filling, use: loop(infer, node, found, filling, use, None))
        return after(infer.span(node), steps, made) if isinstance(made, Known) else made
    return _dict_of(infer, node, lambda filling, use: for_each(infer, node.args[0], filling, use))


def consumer_of(infer: FunctionInference, node: ast.Call, name: str) -> Callable[[FunctionInference, ast.Call], Fact] | None:
    """Return how a built-in consumes its argument here; None where it is called in another way, as any function is."""
    if not infer.references or any(isinstance(argument, ast.Starred) for argument in node.args):
        return None
    keywords = {keyword.arg for keyword in node.keywords}
    if name in ("min", "max") and len(node.args) > 1 and keywords == {"key"}:
        return extreme_by_key(name)
    if len(node.args) != 1 and (name != "sum" or len(node.args) != 2 or node.keywords):
        return None
    allowed = _KEYWORDS.get(name, frozenset())
    return _CONSUMERS.get(name) if keywords <= allowed else None


def _call_builtin(infer: FunctionInference, node: ast.Call, name: str, args: list[Known]) -> Fact:
    return call_row(infer, node, BUILTINS[name], args, {})


def _list(infer: FunctionInference, node: ast.Call) -> Fact:
    return collected(infer, node, node.args[0])


def _tuple(infer: FunctionInference, node: ast.Call) -> Fact:
    """Infer `tuple(iterable)`; what is a tuple stays the object that it is."""
    if not fuses(infer, node.args[0]):
        value = infer.expression(node.args[0])
        if isinstance(value, Known) and is_named(value.type):
            return unnamed(infer, node, value)
        if isinstance(value, Unknown) or isinstance(value.type, TupleType) or (isinstance(value.type, ListRef) and value.type.frozen):
            return value
        steps: list[Step] = []
        made = listed(infer, node, value, steps, gathers=True)
        return made if isinstance(made, Unknown) else after(infer.span(node), steps, _frozen(made))
    made = collected(infer, node, node.args[0])
    return made if isinstance(made, Unknown) else _frozen(made)


def _frozen(values: Known) -> Known:
    assert isinstance(values.type, ListRef)
    return operated(values.span, ListRef(values.type.item, values.type.site, frozen=True), "list.freeze", values)


def _quantified(stops_at: bool) -> Callable[[FunctionInference, ast.Call], Fact]:
    def quantified(infer: FunctionInference, node: ast.Call) -> Fact:
        span = infer.span(node)
        steps: list[Step] = []
        local = infer.temporary("found", BOOL)
        steps.append(Assigned(span, local, constant(span, False)))
        found = Known(span, BOOL, Load(local))

        def use(item: Known, body: list[Step]) -> Unknown | None:
            with captured(infer, body):
                test = infer.truth(node, item)
            if isinstance(test, Known) and not stops_at:
                test = table.negate(infer, node, test)
            if isinstance(test, Unknown):
                return test
            body.append(Tested(span, test, (Assigned(span, local, constant(span, True)),)))
            return None

        in_any_order(infer, node.args[0])
        failed = for_each(infer, node.args[0], steps, use, until=found)
        if failed is not None:
            return failed
        answer = found if stops_at else table.negate(infer, node, found)
        return after(span, steps, answer) if isinstance(answer, Known) else answer

    return quantified


# The order of what these are added in does not show.
_EXACT = (INT, BOOL, WIDE, NEVER)


def _sum(infer: FunctionInference, node: ast.Call) -> Fact:
    """Infer `sum(values)` as a loop that adds to a variable; floats as the target version adds them."""
    gone_over = in_any_order(infer, node.args[0])
    values = given = collected(infer, node, node.args[0], gathers=False) if fuses(infer, node.args[0]) else infer.expression(node.args[0])
    if isinstance(values, Known) and (isinstance(values.type, SetRef | DictRef | LibraryRef | UnionType) or values.type == OCTETS):
        steps: list[Step] = []
        values = listed(infer, node, values, steps)
        values = after(infer.span(node), steps, values) if isinstance(values, Known) else values
    if isinstance(values, Unknown):
        return values
    if isinstance(values.type, ListRef) and values.type.item not in _EXACT and any(varies(infer, one) for one in gone_over):
        return infer.refuse("P0230", node, "this sum depends on the order of a set whose order is not known", "sort it: sum(sorted(…))")
    starts = [*node.args[1:], *(keyword.value for keyword in node.keywords)]
    start = infer.expression(starts[0]) if starts else constant(infer.span(node), 0)
    if isinstance(start, Unknown):
        return start
    if isinstance(values.type, TupleType):
        found = _call_builtin(infer, node, "sum", [values, start] if starts else [values])
        return found
    item: Type = values.type.item if isinstance(values.type, ListRef) else NONE
    if any(map(is_instance, (*members_of(item), *members_of(start.type)))):
        # Each is added before the next one is made.
        over = infer.expression(node.args[0]) if fuses(infer, node.args[0]) else given
        return infer.written(node, "summed", [over, start]) if isinstance(over, Known) else over
    other = sum_of_others(infer, node, values, start, wide=infer.names.scope.wide)
    if other is not None:
        return other
    if item != NEVER and not all(type_ in (*NUMBERS, WIDE) for type_ in (*members_of(item), *members_of(start.type))):
        return infer.refuse("P0308", node, f"`sum` of {values.type} has no translation", "sum ints or floats")
    if item in (INT, WIDE) and start.type in (INT, BOOL, WIDE) and (infer.names.scope.wide or WIDE in (item, start.type)):
        return infer.library(node, "wide_theory", "sum_of_ints" if item == INT else "sum_of_any", [values, widened(start)])
    return sum_of_numbers(infer, node, values, start)


_KEYWORDS: Mapping[str, frozenset[str]] = {
    "sorted": frozenset(("key", "reverse")), **dict.fromkeys(("min", "max"), frozenset(("key", "default"))), "sum": frozenset(("start",)),
}  # fmt: skip
_CONSUMERS: Mapping[str, Callable[[FunctionInference, ast.Call], Fact]] = {
    "dict": _dict,
    "set": lambda infer, node: make_set(infer, node, frozen=False),
    "frozenset": lambda infer, node: make_set(infer, node, frozen=True),
    "list": _list,
    "tuple": _tuple,
    "any": _quantified(True),
    "all": _quantified(False),
    "sum": _sum,
    "min": extreme("min"),
    "max": extreme("max"),
    "sorted": infer_sorted,
}
