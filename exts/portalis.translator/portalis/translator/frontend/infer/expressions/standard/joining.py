"""Streams made of several: chains, merges, neighbours, cycles, and zips to the longest."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.making import constant, describe, hold
from portalis.translator.frontend.facts.model import Fact, Known, Looped, Step, Tested, Unknown
from portalis.translator.frontend.infer.expressions.looping import captured
from portalis.translator.frontend.infer.expressions.standard.producing import (
    Over,
    asked_where,
    both,
    kept,
    negated,
    no,
    produced,
    put,
    type_of_elements,
    unset,
    variable,
    yes,
)
from portalis.translator.frontend.infer.expressions.standard.rows import is_indexed, starred_rows, written_stream
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.types.references.building import append_to, begin_list, list_of
from portalis.translator.frontend.types.references.operations import length_of, operated
from portalis.translator.frontend.types.references.streams import Stream, compared, count_on, generator_stream, list_stream
from portalis.translator.frontend.types.sequences import make_tuple
from portalis.translator.frontend.types.sequences.comparing import compares_quietly
from portalis.translator.frontend.types.table import behaviour_of
from portalis.translator.frontend.types.unions.members import coerced
from portalis.translator.ir.generators import is_generator
from portalis.translator.ir.instances import is_instance
from portalis.translator.ir.types import INT, TEXT, DictRef, ListRef, SetRef, TupleType, Type, UnionType


def chained(infer: FunctionInference, node: ast.Call, steps: list[Step], over: Over) -> Stream | Unknown:
    """Go over `chain(first, second, …)`, or `chain(*several)`."""
    if node.keywords or not node.args:
        return infer.refuse("P0310", node, "`chain` is not called like this here", "see Python's documentation of it")
    if len(node.args) == 1 and isinstance(node.args[0], ast.Starred):
        infer.names.scope.visited.add(id(node.args[0]))
        # CPython has all of them before it goes over the first.
        return _flattened(infer, node, ast.copy_location(ast.List([node.args[0]], ast.Load()), node), steps, over)
    found = [_without_tables(infer, argument, steps, over) for argument in node.args]
    streams = [stream for stream in found if isinstance(stream, Stream)]
    if len(streams) < len(found):
        return next(stream for stream in found if isinstance(stream, Unknown))
    types = [type_of_elements(stream) for stream in streams]
    item_type = _joined_type(infer, node, types)
    if isinstance(item_type, Unknown):
        return item_type
    span = infer.span(node)
    phase = variable(infer, span, "phase", constant(span, 0), steps)

    def advance(body: list[Step], found: Known) -> Fact:
        item = unset(infer, span, "item", item_type, body)
        for number, stream in enumerate(streams):
            inside: list[Step] = [put(found, stream.test())]
            taken: list[Step] = []
            one = stream.take(taken)
            if isinstance(one, Unknown):
                return one
            taken.append(put(item, coerced(infer, one, item_type)))
            inside += [Tested(span, found, tuple(taken)), Tested(span, negated(found), (put(phase, constant(span, number + 1)),))]
            body.append(Tested(span, both(negated(found), compared("eq", phase, constant(span, number))), tuple(inside)))
        return item

    return produced(infer, span, advance)


def _without_tables(infer: FunctionInference, argument: ast.expr, steps: list[Step], over: Over) -> Stream | Unknown:
    """Go over an argument of `chain`; CPython begins with a dict or a set when it comes to it, and not before."""
    if isinstance(argument, ast.Starred):
        return infer.refuse("P0216", argument, "`*` beside other arguments is not translated here", "use chain.from_iterable")
    if over.fuses(infer, argument) or _is_view(argument):
        names = {inner.id for inner in ast.walk(argument) if isinstance(inner, ast.Name)}
        types = [infer.live.names[name].type for name in names if name in infer.live.names]
        if _is_view(argument) or any(isinstance(type_, DictRef | SetRef) for type_ in types):
            return _refuse_table(infer, argument)
        return over(infer, argument, steps)
    with captured(infer, steps):
        value = infer.expression(argument)
    if isinstance(value, Unknown) or isinstance(value.type, DictRef | SetRef):
        return value if isinstance(value, Unknown) else _refuse_table(infer, argument)
    stream = behaviour_of(value.type).stream(infer, argument, value, steps)
    if stream is None:
        return infer.refuse("P0312", argument, f"{value.type} cannot be iterated over here", "chain lists, texts and ranges")
    return stream


def _is_view(node: ast.expr) -> bool:
    return any(isinstance(inner, ast.Attribute) and inner.attr in ("keys", "values", "items") for inner in ast.walk(node))


def _refuse_table(infer: FunctionInference, node: ast.expr) -> Unknown:
    return infer.refuse("P0312", node, "`chain` of a dict or a set is not translated here", "make lists first: list(d)")


def _joined_type(infer: FunctionInference, node: ast.AST, types: list[Type | Unknown]) -> Type | Unknown:
    found = types[0]
    for type_ in types[1:]:
        if isinstance(found, Unknown) or isinstance(type_, Unknown):
            return found if isinstance(found, Unknown) else type_
        joined = infer.generalise(found, type_)
        if joined is None:
            return infer.refuse("P0314", node, f"what is joined gives {found} and {type_}", "give all elements one type")
        found = joined
    return found


def chained_from(infer: FunctionInference, node: ast.Call, steps: list[Step], over: Over) -> Stream | Unknown:
    """Go over `chain.from_iterable(several)`."""
    return _flattened(infer, node, node.args[0], steps, over)


def _flattened_lazily(infer: FunctionInference, node: ast.Call, several: ast.expr, steps: list[Step]) -> Stream | Unknown:
    """Go over iterators that are asked one after the other."""
    with captured(infer, steps):
        value = infer.expression(several)
        made = value if isinstance(value, Unknown) else infer.written(node, "chained", [value])
    return made if isinstance(made, Unknown) else generator_stream(infer, made, steps)


def _flattened(infer: FunctionInference, node: ast.Call, several: ast.expr, steps: list[Step], over: Over) -> Stream | Unknown:
    before = len(steps)
    outer, span = over(infer, several, steps), infer.span(node)
    if isinstance(outer, Unknown):
        return outer
    type_ = type_of_elements(outer)
    if isinstance(type_, Unknown):
        return type_
    if is_generator(type_) or is_instance(type_) or isinstance(type_, TupleType | SetRef | DictRef | UnionType):
        del steps[before:]
        return _flattened_lazily(infer, node, several, steps)
    if not isinstance(type_, ListRef) and type_ != TEXT:
        return infer.refuse("P0312", node, f"a chain of {type_} is not translated", "chain lists or texts")
    current = unset(infer, span, "current", type_, steps)
    place = variable(infer, span, "place", constant(span, 0), steps)
    operation = "list.length" if isinstance(type_, ListRef) else "text.length"
    going = variable(infer, span, "going", yes(span), steps)

    def advance(body: list[Step], found: Known) -> Fact:
        inside: list[Step] = []
        inside.append(put(found, compared("lt", place, length_of(span, operation, current))))
        more, following = outer.test(), list[Step]()
        one = outer.take(following)
        if isinstance(one, Unknown):
            return one
        following += [put(current, coerced(infer, one, type_)), put(place, constant(span, 0))]
        sought: list[Step] = [put(going, more), Tested(span, going, tuple(following))]
        inside.append(Tested(span, negated(found), tuple(sought)))
        body.append(Looped(span, both(negated(found), going), tuple(inside)))
        taken: list[Step] = []
        if isinstance(type_, ListRef):
            element = operated(span, type_.item, "list.get", current, place)
        else:
            element = operated(span, type_, "text.of_code", operated(span, INT, "text.code", current, place))
        item = kept(infer, element, taken, body)
        taken.append(count_on(place, constant(span, 1)))
        body.append(Tested(span, found, tuple(taken)))
        return item

    return produced(infer, span, advance)


def merged(infer: FunctionInference, node: ast.Call, steps: list[Step], over: Over) -> Stream | Unknown:
    """Go over `heapq.merge(one, other, …)` of lists."""
    if node.keywords or not node.args or any(isinstance(one, ast.Starred) for one in node.args):
        return infer.refuse("P0310", node, "`merge` is not called like this here", "merge lists, by their elements' own order")
    with captured(infer, steps):
        lists = [infer.expression(argument) for argument in node.args]
        sources = list_of(infer, node, lists)
        if isinstance(sources, Unknown):
            return sources
        if any(isinstance(one, Known) and not isinstance(one.type, ListRef) for one in lists):
            return infer.refuse("P0312", node, "`merge` is translated of lists", "make lists first")
        if not compares_quietly(sources.type):
            # CPython keeps a heap here: what the program's comparison does shows in another sequence.
            return infer.refuse("P0308", node, "`merge` of what is compared by classes is not translated", "sort it: sorted(xs + ys)")
        found = infer.library(node, "heaps", "merged", [sources])
    return found if isinstance(found, Unknown) else list_stream(infer, found, steps)


def paired(infer: FunctionInference, node: ast.Call, steps: list[Step], over: Over) -> Stream | Unknown:
    """Go over `pairwise(values)`: each element with the one before."""
    stream, span = over(infer, node.args[0], steps), infer.span(node)
    if isinstance(stream, Unknown):
        return stream
    type_ = type_of_elements(stream)
    if isinstance(type_, Unknown):
        return type_
    begun = variable(infer, span, "begun", no(span), steps)
    before, after = (unset(infer, span, name, type_, steps) for name in ("before", "after"))

    def advance(body: list[Step], found: Known) -> Fact:
        begins, first = stream.test(), list[Step]()
        one = stream.take(first)
        if isinstance(one, Unknown):
            return one
        first += [put(after, coerced(infer, one, type_)), put(begun, yes(span))]
        body.append(asked_where(negated(begun), begins, first))
        test, inside = stream.test(), list[Step]()
        inside.append(put(before, after))
        other = stream.take(inside)
        if isinstance(other, Unknown):
            return other
        inside += [put(after, coerced(infer, other, type_)), put(found, yes(span))]
        body.append(asked_where(begun, test, inside))
        return make_tuple(infer, node, [before, after])

    made = produced(infer, span, advance)

    def take(taken: list[Step]) -> Fact:
        item = made.take(taken)
        return item if isinstance(item, Unknown) else hold(infer, item, "pair", taken)

    return Stream(made.test, take)


def cycled(infer: FunctionInference, node: ast.Call, steps: list[Step], over: Over) -> Stream | Unknown:
    """Go over `cycle(values)`: once, and then over what was seen, again and again."""
    stream, span = over(infer, node.args[0], steps), infer.span(node)
    seen = begin_list(infer, node, steps)
    if isinstance(stream, Unknown) or isinstance(seen, Unknown):
        return next(one for one in (stream, seen) if isinstance(one, Unknown))
    first = variable(infer, span, "first", yes(span), steps)
    place = variable(infer, span, "place", constant(span, 0), steps)

    def advance(body: list[Step], found: Known) -> Fact:
        inside: list[Step] = [put(found, stream.test()), put(first, found)]
        taken: list[Step] = []
        item = kept(infer, stream.take(taken), taken, body)
        failed = item if isinstance(item, Unknown) else append_to(infer, node, seen, item, taken)
        if isinstance(item, Unknown) or failed is not None:
            return failed or item
        inside.append(Tested(span, found, tuple(taken)))
        body.append(Tested(span, first, tuple(inside)))
        length = length_of(span, "list.length", seen)
        assert isinstance(seen.type, ListRef)
        again: list[Step] = [put(item, operated(span, item.type, "list.get", seen, place)), count_on(place, constant(span, 1))]
        again += [Tested(span, compared("ge", place, length), (put(place, constant(span, 0)),)), put(found, yes(span))]
        more = both(negated(found), compared("gt", length, constant(span, 0)))
        body.append(Tested(span, both(negated(first), more), tuple(again)))
        return item

    return produced(infer, span, advance)


def longest(infer: FunctionInference, node: ast.Call, steps: list[Step], over: Over) -> Stream | Unknown:
    """Go over `zip_longest(one, other, …, fillvalue=…)`."""
    fills = [keyword.value for keyword in node.keywords if keyword.arg == "fillvalue"]
    starred = any(isinstance(one, ast.Starred) for one in node.args)
    if len(node.keywords) != len(fills) or not node.args or (starred and len(node.args) > 1):
        return infer.refuse("P0310", node, "`zip_longest` is not called in a way that is translated", "pass what is gone over, one by one")
    found = starred_rows(infer, node, steps) if starred else [over(infer, argument, steps) for argument in node.args]
    span = infer.span(node)
    with captured(infer, steps):
        fill = infer.expression(fills[0]) if fills else constant(span, None)
        fill = hold(infer, fill, "fill", steps) if isinstance(fill, Known) else fill
    if isinstance(found, Unknown) or isinstance(fill, Unknown):
        return found if isinstance(found, Unknown) else fill if isinstance(fill, Unknown) else Unknown(None)
    if isinstance(found, Known):
        return _longest_of_rows(infer, node, found, fill, steps)
    streams = [stream for stream in found if isinstance(stream, Stream)]
    if len(streams) < len(found):
        return next(one for one in found if isinstance(one, Unknown))
    types: list[Type] = []
    for stream in streams:
        type_ = _joined_type(infer, node, [type_of_elements(stream), fill.type])
        if isinstance(type_, Unknown):
            return type_
        types.append(type_)
    active = [variable(infer, span, "active", yes(span), steps) for _ in streams]

    def advance(body: list[Step], found: Known) -> Fact:
        items: list[Fact] = []
        for stream, type_, going in zip(streams, types, active, strict=True):
            item = variable(infer, span, "item", coerced(infer, fill, type_), body)
            more, taken = stream.test(), list[Step]()
            one = stream.take(taken)
            if isinstance(one, Unknown):
                return one
            taken += [put(item, coerced(infer, one, type_)), put(found, yes(span))]
            asked = (put(going, more), Tested(span, going, tuple(taken)))
            body.append(Tested(span, going, asked))
            items.append(item)
        return make_tuple(infer, node, items)

    return produced(infer, span, advance)


def _longest_of_rows(infer: FunctionInference, node: ast.Call, rows: Known, fill: Known, steps: list[Step]) -> Stream | Unknown:
    """Go over `zip_longest(*rows, fillvalue=…)` of a list of rows."""
    if isinstance(rows.type, ListRef) and is_generator(rows.type.item):
        return written_stream(infer, node, "longest_in_turn", [rows, fill], steps)
    if isinstance(rows.type, ListRef) and is_indexed(rows.type.item):
        return written_stream(infer, node, "longest", [rows, fill], steps)
    shown = f"`zip_longest(*…)` of {describe(rows.type)} is not translated"
    return infer.refuse("P0312", node, shown, "pass a list of lists, tuples, texts or iterators")
