"""Choices of elements, one after another: `product`, `permutations`, `combinations`; what they choose from is gathered by the call."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import TypeAlias

from portalis.translator.frontend.facts.making import constant, hold
from portalis.translator.frontend.facts.model import Fact, Known, Step, Tested, Unknown
from portalis.translator.frontend.infer.expressions.looping import captured, loop
from portalis.translator.frontend.infer.expressions.standard.producing import (
    Over,
    is_below,
    negated,
    no,
    produced,
    put,
    raised_where,
    variable,
    yes,
)
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.types.numbers.wide import INTS, narrowed
from portalis.translator.frontend.types.references.building import append_to, begin_list, list_of
from portalis.translator.frontend.types.references.operations import length_of, operated
from portalis.translator.frontend.types.references.streams import Stream
from portalis.translator.frontend.types.sequences import make_tuple
from portalis.translator.ir.types import INT, NONE, TEXT, ListRef

# Return the choice at places.
Gather: TypeAlias = Callable[[Known], Fact]
# Choices of at most so many elements, where their number is known, are tuples of that length.
_MOST = 8


def pool_of(infer: FunctionInference, node: ast.expr, steps: list[Step], over: Over) -> Known | Unknown:
    """Return a new list of what an expression gives, which `steps` fill."""
    stream = over(infer, node, steps)
    result = begin_list(infer, node, steps)
    if isinstance(stream, Unknown) or isinstance(result, Unknown):
        return stream if isinstance(stream, Unknown) else result
    failed = loop(infer, node, stream, steps, lambda item, body: append_to(infer, node, result, item, body), None)
    return result if failed is None else failed


def _chooser(
    infer: FunctionInference,
    node: ast.Call,
    begin: str,
    advance_: str,
    arguments: Sequence[Known],
    gather: Gather,
    steps: list[Step],
) -> Stream | Unknown:
    """Go over what lists of places choose: `begin` makes the first or an empty state, `advance` the next, in place."""
    span = infer.span(node)
    with captured(infer, steps):
        made = infer.library(node, "choices", begin, arguments)
        if isinstance(made, Unknown):
            return made
        places = hold(infer, made, "places", steps)
    begun = variable(infer, span, "begun", no(span), steps)

    def advance(body: list[Step], found: Known) -> Fact:
        with captured(infer, body):
            first = infer.library(node, "choices", "is_possible", [places])
            following = infer.library(node, "choices", advance_, [places, *arguments])
        if isinstance(first, Unknown) or isinstance(following, Unknown):
            return first if isinstance(first, Unknown) else following
        fresh = hold(infer, negated(begun), "fresh", body)
        body += [Tested(span, begun, (put(found, following),)), Tested(span, fresh, (put(found, first), put(begun, yes(span))))]
        return gather(places)

    stream = produced(infer, span, advance)

    def take(taken: list[Step]) -> Fact:
        item = stream.take(taken)
        return item if isinstance(item, Unknown) else hold(infer, item, "choice", taken)

    return Stream(stream.test, take)


def _gatherer(infer: FunctionInference, node: ast.Call, pool: Known, count: Known | None) -> Callable[[Known], Fact]:
    """Return what makes a tuple of the elements of a pool at places."""
    span = infer.span(node)
    assert isinstance(pool.type, ListRef)
    item = pool.type.item

    def gather(places: Known) -> Fact:
        if count is not None and isinstance(count.constant, int) and 0 < count.constant <= _MOST:
            at = [operated(span, INT, "list.get", places, constant(span, index)) for index in range(count.constant)]
            return make_tuple(infer, node, [operated(span, item, "list.get", pool, one) for one in at])
        found = infer.library(node, "choices", "gathered", [pool, places])
        if isinstance(found, Unknown):
            return found
        assert isinstance(found.type, ListRef)
        return operated(span, ListRef(found.type.item, found.type.site, frozen=True), "list.freeze", found)

    return gather


def _chosen(infer: FunctionInference, node: ast.Call, steps: list[Step], over: Over, name: str) -> Stream | Unknown:
    pool = pool_of(infer, node.args[0], steps, over)
    span = infer.span(node)
    count: Fact | None = None
    if len(node.args) == 2:
        with captured(infer, steps):
            count = infer.expression(node.args[1])
    if isinstance(pool, Unknown) or isinstance(count, Unknown):
        return next(one for one in (pool, count) if isinstance(one, Unknown))
    pool = hold(infer, pool, "pool", steps)
    if count is None or count.type == NONE:
        size, count = length_of(span, "list.length", pool), None
    elif count.type in INTS:
        size = count = hold(infer, narrowed(infer, node, count), "count", steps)
        steps.append(raised_where(infer, is_below(size, 0), "ValueError", "r must be non-negative"))
    else:
        return infer.refuse("P0308", node, f"{count.type} is no number of elements", "pass an int")
    size = hold(infer, size, "size", steps)
    length = hold(infer, length_of(span, "list.length", pool), "length", steps)
    return _chooser(infer, node, f"first_{name}", f"next_{name}", [length, size], _gatherer(infer, node, pool, count), steps)


def permuted(infer: FunctionInference, node: ast.Call, steps: list[Step], over: Over) -> Stream | Unknown:
    """Go over `permutations(values)` or `permutations(values, count)`."""
    return _chosen(infer, node, steps, over, "permutation")


def combined(repeating: bool) -> Callable[[FunctionInference, ast.Call, list[Step], Over], Stream | Unknown]:
    """Return what makes `combinations(values, count)`, or those with replacement."""
    name = "combination_with_replacement" if repeating else "combination"
    return lambda infer, node, steps, over: _chosen(infer, node, steps, over, name)


def product(infer: FunctionInference, node: ast.Call, steps: list[Step], over: Over) -> Stream | Unknown:
    """Go over `product(one, other, …)`, `product(values, repeat=count)` or `product(*lists)`."""
    keywords = {keyword.arg: keyword.value for keyword in node.keywords}
    starred = [one for one in node.args if isinstance(one, ast.Starred)]
    if keywords.keys() - {"repeat"} or not node.args or (starred and (len(node.args) > 1 or keywords)):
        return infer.refuse("P0310", node, "`product` is not called like this here", "see Python's documentation of it")
    span = infer.span(node)
    if starred:
        infer.names.scope.visited.add(id(starred[0]))
        found = pool_of(infer, starred[0].value, steps, over)
        return found if isinstance(found, Unknown) else _product_of(infer, node, found, steps)
    pools = [pool_of(infer, argument, steps, over) for argument in node.args]
    unknown = next((pool for pool in pools if isinstance(pool, Unknown)), None)
    with captured(infer, steps):
        repeat = infer.expression(keywords["repeat"]) if keywords else constant(span, 1)
    if unknown is not None or isinstance(repeat, Unknown):
        return next(one for one in (unknown, repeat) if isinstance(one, Unknown))
    known = [hold(infer, pool, "pool", steps) for pool in pools if isinstance(pool, Known)]
    times = repeat.constant
    if not isinstance(times, int) or not 0 < times * len(known) <= _MOST:
        return _product_of_repeated(infer, node, known, repeat, steps)
    known = known * times
    lengths = list_of(infer, node, [length_of(span, "list.length", pool) for pool in known])
    if isinstance(lengths, Unknown):
        return lengths

    def gather(places: Known) -> Fact:
        at = [operated(span, INT, "list.get", places, constant(span, index)) for index in range(len(known))]
        return make_tuple(
            infer,
            node,
            [
                operated(span, pool.type.item, "list.get", pool, one)
                for pool, one in zip(known, at, strict=True)
                if isinstance(pool.type, ListRef)
            ],
        )

    return _chooser(infer, node, "first_product", "next_product", [hold(infer, lengths, "lengths", steps)], gather, steps)


def _product_of_repeated(
    infer: FunctionInference, node: ast.Call, pools: Sequence[Known], repeat: Known, steps: list[Step]
) -> Stream | Unknown:
    if repeat.type not in INTS:
        return infer.refuse("P0308", node, f"{repeat.type} is no number of times", "pass an int")
    several = list_of(infer, node, pools)
    if isinstance(several, Unknown):
        return several
    times = hold(infer, narrowed(infer, node, repeat), "times", steps)
    steps.append(raised_where(infer, is_below(times, 0), "ValueError", "repeat argument cannot be negative"))
    with captured(infer, steps):
        found = infer.library(node, "lists", "repeated", [several, times])
    return found if isinstance(found, Unknown) else _product_of(infer, node, hold(infer, found, "pools", steps), steps)


def _product_of(infer: FunctionInference, node: ast.Call, pools: Known, steps: list[Step]) -> Stream | Unknown:
    """Go over the product of a list of lists, in tuples of any length."""
    span = infer.span(node)
    assert isinstance(pools.type, ListRef)
    lists: Fact = pools
    if pools.type.item == TEXT:
        with captured(infer, steps):
            lists = infer.library(node, "splicing", "listed", [pools])
    elif not isinstance(pools.type.item, ListRef):
        return infer.refuse("P0312", node, f"a product of {pools.type.item} is not translated", "make lists first")
    if isinstance(lists, Unknown):
        return lists
    with captured(infer, steps):
        copied = infer.library(node, "choices", "copies", [lists])
        if isinstance(copied, Unknown):
            return copied
        held = hold(infer, copied, "pools", steps)
        lengths = infer.library(node, "choices", "lengths_of", [held])
    if isinstance(lengths, Unknown):
        return lengths

    def gather(places: Known) -> Fact:
        found = infer.library(node, "choices", "gathered_from", [held, places])
        if isinstance(found, Unknown):
            return found
        assert isinstance(found.type, ListRef)
        return operated(span, ListRef(found.type.item, found.type.site, frozen=True), "list.freeze", found)

    return _chooser(infer, node, "first_product", "next_product", [hold(infer, lengths, "lengths", steps)], gather, steps)
