"""What puts elements in order, or finds the first or last in one: `sorted`, `list.sort`, `min` and `max`, with their keys."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence

from portalis.translator.frontend.calls.builtins import BUILTINS
from portalis.translator.frontend.calls.numbers.flags import as_flag
from portalis.translator.frontend.calls.rows import call_row
from portalis.translator.frontend.facts.making import after, constant, element_at, hold
from portalis.translator.frontend.facts.model import (
    Assigned,
    Evaluated,
    Fact,
    Known,
    Load,
    Raised,
    Step,
    Stopped,
    Tested,
    Unknown,
)
from portalis.translator.frontend.infer.expressions.functions.called import call_value
from portalis.translator.frontend.infer.expressions.iterables import Use, captured, for_each, fuses, in_any_order, loop
from portalis.translator.frontend.infer.expressions.objects.listing import collected, listed
from portalis.translator.frontend.infer.expressions.standard.producing import negated, no, put, unset, variable, yes
from portalis.translator.frontend.infer.expressions.standard.unordered import (
    Ties,
    is_in_any_order,
    require_distinct,
    require_quiet,
    tells_apart,
)
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.types import table
from portalis.translator.frontend.types.references.building import append_to, begin_list, list_of
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.references.streams import Stream, compared
from portalis.translator.frontend.types.sequences.comparing import compares_quietly
from portalis.translator.frontend.types.unions.members import coerced
from portalis.translator.ir.instances import asks_a_class
from portalis.translator.ir.types import (
    BOOL,
    FLOAT,
    INT,
    NONE,
    STR,
    WIDE,
    DictRef,
    LibraryRef,
    ListRef,
    SetRef,
    TupleType,
    Type,
    UnionType,
    holds_set,
    members_of,
)

_MODIFIED = "list modified during sort"


# ------------------------------------------------------------------------------------------------------------ min and max
def extreme(name: str) -> Callable[[FunctionInference, ast.Call], Fact]:
    """Return how `min` or `max` of what is gone over is inferred."""

    def inferred(infer: FunctionInference, node: ast.Call) -> Fact:
        keywords = {keyword.arg: keyword.value for keyword in node.keywords}
        key = keywords.pop("key", None)
        if key is not None and not (isinstance(key, ast.Constant) and key.value is None):
            return _sought(infer, node, name, key, keywords.get("default"))
        steps: list[Step] = []
        gone_over = in_any_order(infer, node.args[0])
        infer.uses.unordered |= {id(node)} if gone_over else set()
        with captured(infer, steps):
            values = collected(infer, node, node.args[0], gathers=False) if fuses(infer, node.args[0]) else infer.expression(node.args[0])
        if isinstance(values, Unknown):
            return values
        is_list = isinstance(values.type, ListRef) and not fuses(infer, node.args[0])
        if not isinstance(values.type, ListRef):
            if isinstance(values.type, TupleType) and not keywords:
                return call_row(infer, node, BUILTINS[name], [values], {})
            values = listed(infer, node, values, steps)
            if isinstance(values, Unknown):
                return values
        assert isinstance(values.type, ListRef)
        if (failed := require_distinct(infer, node, values.type.item, gone_over)) is not None:
            return failed
        if not is_list and not compares_quietly(values.type.item):
            return _sought(infer, node, name, None, keywords.get("default"))
        return _of_list(infer, node, name, values, keywords.get("default"), steps)

    return inferred


def extreme_by_key(name: str) -> Callable[[FunctionInference, ast.Call], Fact]:
    """Return how `min` or `max` of several arguments by a key is inferred: as of a list of them."""

    def inferred(infer: FunctionInference, node: ast.Call) -> Fact:
        listed = ast.copy_location(ast.List(node.args, ast.Load()), node)
        return extreme(name)(infer, ast.copy_location(ast.Call(node.func, [listed], node.keywords), node))

    return inferred


def extreme_of(infer: FunctionInference, node: ast.Call, name: str, args: Sequence[Known]) -> Fact | None:
    """Return `min` or `max` of several arguments that are no numbers, by their own order; None for any other call."""
    if name not in ("min", "max") or len(args) < 2 or all(set(members_of(one.type)) <= {BOOL, FLOAT, INT, NONE, STR, WIDE} for one in args):
        return None
    values = list_of(infer, node, args)
    return _of_list(infer, node, name, values, None, []) if isinstance(values, Known) else values


def _of_list(infer: FunctionInference, node: ast.Call, name: str, values: Known, default: ast.expr | None, steps: list[Step]) -> Fact:
    """Return the least or greatest element of a list."""
    span = infer.span(node)
    arguments = [hold(infer, values, "values", steps)]
    function = f"{name}imum"
    if default is not None:
        with captured(infer, steps):
            given = infer.expression(default)
        if isinstance(given, Unknown):
            return given
        arguments.append(given)
        function += "_or"
    else:
        empty = compared("eq", operated(span, INT, "list.length", arguments[0]), constant(span, 0))
        steps.append(Tested(span, empty, (_of_nothing(infer, node, name),)))
    found = infer.library(node, "ordering", function, arguments)
    return after(span, steps, found) if isinstance(found, Known) else found


def _of_nothing(infer: FunctionInference, node: ast.Call, name: str) -> Raised:
    words = "arg is an empty sequence" if infer.target < (3, 12) else "iterable argument is empty"
    return Raised(infer.span(node), "ValueError", f"{name}() {words}")


def _sought(infer: FunctionInference, node: ast.Call, name: str, key: ast.expr | None, default: ast.expr | None) -> Fact:
    """Return the least or greatest of elements that are asked for their keys, and compared, as they come."""
    span, steps = infer.span(node), list[Step]()
    gone_over = in_any_order(infer, node.args[0])
    over = _over(infer, node, steps)
    given: Fact | None = None
    if default is not None:
        with captured(infer, steps):
            given = infer.expression(default)
            given = hold(infer, given, "default", steps) if isinstance(given, Known) else given
    if isinstance(over, Unknown) or isinstance(given, Unknown):
        return over if isinstance(over, Unknown) else given if isinstance(given, Unknown) else Unknown(None)
    begun = variable(infer, span, "begun", no(span), steps)
    best: list[Known] = []
    ties: list[Ties] = []

    def use(item: Known, body: list[Step]) -> Unknown | None:
        held = hold(infer, item, "item", body)
        in_order = not is_in_any_order(infer, gone_over)
        refused = None if in_order or key is None else require_quiet(infer, node, key)
        if refused is not None:
            return refused
        with captured(infer, body):
            found = held if key is None else call_value(infer, node, key, [held])
        if isinstance(found, Unknown):
            return found
        found = hold(infer, found, "key", body)
        best[:] = [unset(infer, span, hint, one.type, steps, 0) for hint, one in (("best", held), ("least", found))]
        asked: list[Step] = []
        with captured(infer, asked):
            better = infer.truth(node, infer.compare(node, "lt" if name == "min" else "gt", found, best[1]))
        if isinstance(better, Unknown):
            return better
        taken = variable(infer, span, "taken", yes(span), body)
        noted: Sequence[Step] = ()
        if not in_order:
            refused = require_distinct(infer, node, held.type, gone_over) or tells_apart(infer, node, found.type)
            ties[:] = [Ties(infer, node, steps)]
            told = refused or ties[0].noted(taken, held, found, best)
            if isinstance(told, Unknown):
                return told
            noted = told
        body.append(Tested(span, begun, (*asked, put(taken, better), *noted)))
        forgotten = [one.forgotten() for one in ties]
        body.append(Tested(span, taken, (put(best[0], held), put(best[1], found), put(begun, yes(span)), *forgotten)))
        return None

    failed = over(use)
    if failed is not None:
        return failed
    steps += [one.stopped() for one in ties]
    return _best_or(infer, node, name, begun, best[0], given, steps)


def _over(infer: FunctionInference, node: ast.Call, steps: list[Step]) -> Callable[[Use], Unknown | None] | Unknown:
    """Return what writes the loop over an argument; what is an object is evaluated at once."""
    if fuses(infer, node.args[0]):
        return lambda use: for_each(infer, node.args[0], steps, use)
    with captured(infer, steps):
        values = infer.expression(node.args[0])
    if isinstance(values, Unknown):
        return values
    stream = table.behaviour_of(values.type).stream(infer, node.args[0], values, steps)
    if isinstance(stream, Unknown):
        return stream
    if stream is None:
        return infer.refuse("P0312", node, f"{values.type} is no list", "use a list")
    found = stream
    return lambda use: loop(infer, node, found, steps, use, None)


def _best_or(
    infer: FunctionInference, node: ast.Call, name: str, begun: Known, best: Known, default: Known | None, steps: list[Step]
) -> Fact:
    span = infer.span(node)
    if default is None:
        steps.append(Tested(span, negated(begun), (_of_nothing(infer, node, name),)))
        return after(span, steps, best)
    joined = infer.generalise(best.type, default.type)
    if joined is None:
        return infer.refuse(
            "P0302", node, f"`{name}` gives {best.type} or {default.type} here", "give a default of the type of the elements"
        )
    local = infer.temporary("found", joined)
    ways = [(Assigned(span, local, coerced(infer, one, joined)),) for one in (best, default)]
    steps.append(Tested(span, begun, *ways))
    return after(span, steps, Known(span, joined, Load(local)))


# --------------------------------------------------------------------------------------------------------------- sorting
def infer_sorted(infer: FunctionInference, node: ast.Call) -> Fact:
    """Infer `sorted(iterable, …)`: a new list, which nobody sees before it is sorted."""
    keywords = {keyword.arg: keyword.value for keyword in node.keywords}
    steps: list[Step] = []
    gone_over = in_any_order(infer, node.args[0])
    with captured(infer, steps):
        values = collected(infer, node, node.args[0])
    if isinstance(values, Unknown):
        return values
    assert isinstance(values.type, ListRef)
    if (failed := require_distinct(infer, node, values.type.item, gone_over)) is not None:
        return failed
    values = hold(infer, values, "values", steps)
    done = sort_steps(infer, node, values, keywords, steps, in_order=not is_in_any_order(infer, gone_over))
    return done if isinstance(done, Unknown) else after(infer.span(node), steps, values)


def keys_of_each(infer: FunctionInference, node: ast.Call, function: ast.expr, values: Known, steps: list[Step]) -> Known | Unknown:
    """Return the list of what a function makes of each element of a list."""
    assert isinstance(values.type, ListRef)
    result = begin_list(infer, function, steps)
    stream = table.behaviour_of(values.type).stream(infer, node, values, steps)
    if isinstance(result, Unknown):
        return result
    assert isinstance(stream, Stream)

    def use(item: Known, body: list[Step]) -> Unknown | None:
        with captured(infer, body):
            key = call_value(infer, node, function, [item])
        return key if isinstance(key, Unknown) else append_to(infer, node, result, key, body)

    failed = loop(infer, node, stream, steps, use, None)
    return result if failed is None else failed


def sort_in_place(infer: FunctionInference, node: ast.Call, values: Known, keywords: Mapping[str | None, ast.expr]) -> Fact:
    """Infer `values.sort(…)`; CPython takes the elements out of the list while it asks for keys and compares, and looks who put some in."""
    span, steps = infer.span(node), list[Step]()
    values = hold(infer, values, "values", steps)
    gone_over = infer.uses.sorted_at_once.get(span, ())
    assert isinstance(values.type, ListRef)
    if (failed := require_distinct(infer, node, values.type.item, gone_over)) is not None:
        return failed
    modified: list[Known] = []

    def keys(infer: FunctionInference, node: ast.Call, function: ast.expr, values: Known, steps: list[Step]) -> Known | Unknown:
        found = _keys_seen(infer, node, function, values, steps)
        if isinstance(found, tuple):
            modified.append(found[1])
            return found[0]
        return found

    ordered = sort_steps(infer, node, values, keywords, steps, keys, in_order=not is_in_any_order(infer, gone_over))
    if isinstance(ordered, Unknown):
        return ordered
    steps += [Tested(span, one, (Raised(span, "ValueError", _MODIFIED),)) for one in modified]
    return after(span, steps, constant(span, None))


Keys = Callable[[FunctionInference, ast.Call, ast.expr, Known, list[Step]], Known | Unknown]


def sort_steps(
    infer: FunctionInference,
    node: ast.Call,
    values: Known,
    keywords: Mapping[str | None, ast.expr],
    steps: list[Step],
    keys: Keys = keys_of_each,
    *,
    in_order: bool = True,
) -> Known | Unknown:
    """Add the steps that sort a list in place, by `key` and `reverse` where they are given; return what is compared.

    Where its elements did not come `in_order`, one that is known, different ones with equal keys stop the call.
    """
    reverse: Fact = constant(infer.span(node), False)
    arguments = [values]
    for name, expression in keywords.items():
        if name == "key":
            if isinstance(expression, ast.Constant) and expression.value is None:
                continue
            if not in_order and (failed := require_quiet(infer, node, expression)) is not None:
                return failed
            found = keys(infer, node, expression, values, steps)
            if isinstance(found, Unknown):
                return found
            arguments.append(found)
        elif name == "reverse":
            with captured(infer, steps):
                reverse = as_flag(infer, node, infer.expression(expression))
        else:
            return infer.refuse("P0310", node, f"`{name}` is no argument of a sort", "pass key and reverse")
    if isinstance(reverse, Unknown):
        return reverse
    # Of two sets neither may be the lesser one: which are compared shows, too.
    asks = isinstance(ordered := arguments[-1].type, ListRef) and (asks_a_class(ordered.item) or holds_set(ordered.item))
    function = f"sort{'_by_keys' if len(arguments) > 1 else ''}{'_asking' if asks else ''}"
    if not in_order and len(arguments) > 1 and isinstance(ordered, ListRef):
        if (failed := tells_apart(infer, node, ordered.item)) is not None:
            return failed
        function = "sort_by_distinct_keys"
    told = [hold(infer, reverse, "reverse", steps), *([constant(infer.span(node), infer.target >= (3, 13))] if asks else [])]
    with captured(infer, steps):
        done = infer.library(node, "asked_order" if asks else "ordering", function, [*arguments, *told])
    if isinstance(done, Unknown):
        return done
    steps.append(Evaluated(infer.span(node), done))
    return arguments[-1]


def _keys_seen(
    infer: FunctionInference, node: ast.Call, function: ast.expr, values: Known, steps: list[Step]
) -> Known | Unknown | tuple[Known, Known]:
    """Return the keys of a list's elements; where functions of the program are called, which may look at the list, it is empty meanwhile.

    Then there is beside them whether it was given elements.
    """
    mark, state, written = infer.checkpoint(), infer.live.copy(), list[Step]()
    calls, infer.effects.calls = infer.effects.calls, set()
    found = keys_of_each(infer, node, function, values, written)
    called, infer.effects.calls = infer.effects.calls, calls | infer.effects.calls
    if not any(map(infer.unit.specialiser.owns, called)) and not _may_look_at(infer, function, values):
        steps += written
        return found
    if isinstance(found, Unknown):
        return found
    infer.restore(mark)
    infer.live.names, infer.live.shared = state.names, state.shared
    with captured(infer, steps):
        value = infer.expression(function)
        pair = value if isinstance(value, Unknown) else infer.written(node, "keys_of", [values, value])
    if isinstance(pair, Unknown):
        return pair
    pair = hold(infer, pair, "keys", steps)
    assert isinstance(pair.type, TupleType)
    keys, modified = (element_at(pair, place, type_) for place, type_ in enumerate(pair.type.items))
    if not compares_quietly(keys.type):
        # What is compared then could see what it was given.
        steps.append(Tested(keys.span, modified, (Stopped(keys.span, "a list that a key puts something into while it is sorted"),)))
    return keys, modified


def _may_look_at(infer: FunctionInference, function: ast.expr, values: Known) -> bool:
    """Tell whether something in a key may be a list, or lead to it."""
    facts = (infer.facts.expressions.get(inner) for inner in ast.walk(function) if isinstance(inner, ast.expr))
    return any(isinstance(fact, Known) and _leads_to(fact.type, values.type) for fact in facts)


def _leads_to(type_: Type, wanted: Type) -> bool:
    assert isinstance(wanted, ListRef)
    if isinstance(type_, ListRef):
        return type_.item == wanted.item or _leads_to(type_.item, wanted)
    if isinstance(type_, SetRef):
        return _leads_to(type_.item, wanted)
    held = type_.storage if isinstance(type_, DictRef | LibraryRef) else ()
    members = type_.members if isinstance(type_, UnionType) else type_.elements
    return any(_leads_to(one, wanted) for one in (*members, *(one for _, one in held if one != type_)))
