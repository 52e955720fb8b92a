"""`itertools`, one element after another, at the time at which CPython takes it: what is gone over, sifted, cut and joined."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import TypeAlias

from portalis.translator.frontend.facts.making import constant, hold, primitive
from portalis.translator.frontend.facts.model import Fact, Jumped, Known, Looped, Step, Tested, Unknown, first_unknown
from portalis.translator.frontend.infer.expressions.functions.called import call_for_each
from portalis.translator.frontend.infer.expressions.looping import captured
from portalis.translator.frontend.infer.expressions.standard.accumulating import accumulated
from portalis.translator.frontend.infer.expressions.standard.choosing import combined, permuted, product
from portalis.translator.frontend.infer.expressions.standard.grouping import grouped
from portalis.translator.frontend.infer.expressions.standard.joining import chained, chained_from, cycled, longest, merged, paired
from portalis.translator.frontend.infer.expressions.standard.producing import (
    Over,
    asked_where,
    both,
    either,
    is_below,
    kept,
    negated,
    produced,
    put,
    raised_where,
    sought,
    variable,
    yes,
)
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.types import table
from portalis.translator.frontend.types.numbers.wide import INTS, narrowed
from portalis.translator.frontend.types.references.streams import Stream, compared, count_on, counter, generator_stream
from portalis.translator.ir.types import BOOL, FLOAT, INT, NONE

Maker: TypeAlias = Callable[[FunctionInference, ast.Call, list[Step], Over], Stream | Unknown]


def misused(infer: FunctionInference, node: ast.Call) -> Unknown:
    """Refuse a call with arguments that a function does not take."""
    return infer.refuse("P0310", node, f"`{ast.unparse(node.func)}` is not called like this here", "see Python's documentation of it")


def plain(count: int, most: int | None = None) -> Callable[[Maker], Maker]:
    """Let a function be called with so many arguments by position and with no others."""

    def held(maker: Maker) -> Maker:
        def make(infer: FunctionInference, node: ast.Call, steps: list[Step], over: Over) -> Stream | Unknown:
            starred = any(isinstance(one, ast.Starred) for one in node.args)
            if node.keywords or starred or not count <= len(node.args) <= (most or count):
                return misused(infer, node)
            return maker(infer, node, steps, over)

        return make

    return held


def _verdict(infer: FunctionInference, node: ast.Call, predicate: ast.expr, item: Known, steps: list[Step]) -> Known | Unknown:
    """Return whether a predicate holds for an element, asked by `steps`; None stands for the element's own truth."""
    with captured(infer, steps):
        nothing = isinstance(predicate, ast.Constant) and predicate.value is None
        test = infer.truth(node, item if nothing else call_for_each(infer, node, predicate, [item]))
        return test if isinstance(test, Unknown) else hold(infer, test, "verdict", steps)


def sifted(keeps: bool) -> Maker:
    """Return what makes `filter` or `filterfalse` of a predicate and what is gone over."""

    def make(infer: FunctionInference, node: ast.Call, steps: list[Step], over: Over) -> Stream | Unknown:
        stream, span = over(infer, node.args[1], steps), infer.span(node)
        if isinstance(stream, Unknown):
            return stream

        def advance(body: list[Step], found: Known) -> Fact:
            test, inside = stream.test(), list[Step]()
            item = kept(infer, stream.take(inside), inside, body)
            verdict = item if isinstance(item, Unknown) else _verdict(infer, node, node.args[0], item, inside)
            if isinstance(verdict, Unknown):
                return verdict
            inside.append(put(found, verdict if keeps else negated(verdict)))
            body.append(sought(found, test, inside))
            return item

        return produced(infer, span, advance)

    return plain(2)(make)


@plain(2)
def _taken_while(infer: FunctionInference, node: ast.Call, steps: list[Step], over: Over) -> Stream | Unknown:
    stream, span = over(infer, node.args[1], steps), infer.span(node)
    if isinstance(stream, Unknown):
        return stream
    going = variable(infer, span, "going", yes(span), steps)

    def advance(body: list[Step], found: Known) -> Fact:
        test, inside = stream.test(), list[Step]()
        item = kept(infer, stream.take(inside), inside, body)
        verdict = item if isinstance(item, Unknown) else _verdict(infer, node, node.args[0], item, inside)
        if isinstance(verdict, Unknown):
            return verdict
        inside += [put(found, verdict), put(going, verdict)]
        body.append(asked_where(going, test, inside))
        return item

    return produced(infer, span, advance)


@plain(2)
def _dropped_while(infer: FunctionInference, node: ast.Call, steps: list[Step], over: Over) -> Stream | Unknown:
    stream, span = over(infer, node.args[1], steps), infer.span(node)
    if isinstance(stream, Unknown):
        return stream
    dropping = variable(infer, span, "dropping", yes(span), steps)

    def advance(body: list[Step], found: Known) -> Fact:
        test, inside, asked = stream.test(), list[Step](), list[Step]()
        item = kept(infer, stream.take(inside), inside, body)
        verdict = item if isinstance(item, Unknown) else _verdict(infer, node, node.args[0], item, asked)
        if isinstance(verdict, Unknown):
            return verdict
        asked.append(put(dropping, verdict))
        inside += [Tested(span, dropping, tuple(asked)), put(found, negated(dropping))]
        body.append(sought(found, test, inside))
        return item

    return produced(infer, span, advance)


@plain(2)
def _compressed(infer: FunctionInference, node: ast.Call, steps: list[Step], over: Over) -> Stream | Unknown:
    stream, selectors, span = over(infer, node.args[0], steps), over(infer, node.args[1], steps), infer.span(node)
    if isinstance(stream, Unknown) or isinstance(selectors, Unknown):
        return stream if isinstance(stream, Unknown) else selectors

    def advance(body: list[Step], found: Known) -> Fact:
        test, inside = stream.test(), list[Step]()
        item = kept(infer, stream.take(inside), inside, body)
        inside.append(Tested(span, negated(selectors.test()), (Jumped(span, "break"),)))
        selector = selectors.take(inside)
        with captured(infer, inside):
            chosen = infer.truth(node, selector)
        if isinstance(chosen, Unknown):
            return chosen
        inside.append(put(found, chosen))
        body.append(sought(found, test, inside))
        return item

    return produced(infer, span, advance)


@plain(2)
def _starred(infer: FunctionInference, node: ast.Call, steps: list[Step], over: Over) -> Stream | Unknown:
    stream = over(infer, node.args[1], steps)
    if isinstance(stream, Unknown):
        return stream

    def take(taken: list[Step]) -> Fact:
        item = stream.take(taken)
        if isinstance(item, Unknown):
            return item
        arguments = table.parts(infer, item, taken)
        if arguments is None:
            return infer.refuse("P0312", node, f"`starmap` over {item.type} is not translated", "give tuples of one length")
        with captured(infer, taken):
            result = call_for_each(infer, node, node.args[0], arguments)
        return result if isinstance(result, Unknown) else hold(infer, result, "mapped", taken)

    return Stream(stream.test, take, stream.length)


@plain(2, 4)
def _sliced(infer: FunctionInference, node: ast.Call, steps: list[Step], over: Over) -> Stream | Unknown:
    """`islice`: it skips, and asks for the next element, exactly when CPython does."""
    stream, span = over(infer, node.args[0], steps), infer.span(node)
    bounds = _bounds(infer, node, steps)
    if isinstance(stream, Unknown) or isinstance(bounds, Unknown):
        return next(one for one in (stream, bounds) if isinstance(one, Unknown))
    start, stop, step = bounds
    seen, following = (variable(infer, span, name, value, steps) for name, value in (("seen", constant(span, 0)), ("following", start)))

    def advance(body: list[Step], found: Known) -> Fact:
        skipped: list[Step] = []
        test = stream.test()
        stream.take(skipped)
        skipped.append(count_on(seen, constant(span, 1)))
        ended: Step = Tested(span, negated(test), (Jumped(span, "break"),))
        body.append(Looped(span, compared("lt", seen, following), (ended, *skipped)))
        inside: list[Step] = []
        within = either(is_below(stop, 0), compared("lt", seen, stop))
        reached, test = both(compared("ge", seen, following), within), stream.test()
        item = kept(infer, stream.take(inside), inside, body)
        inside += [count_on(seen, constant(span, 1)), put(found, yes(span))]
        near = both(
            compared("ge", stop, constant(span, 0)), compared("gt", following, primitive(span, INT, "int.wrapping_sub", stop, step))
        )
        clipped = hold(infer, near, "clipped", inside)
        inside.append(Tested(span, negated(clipped), (put(following, primitive(span, INT, "int.add", following, step)),)))
        inside.append(Tested(span, clipped, (put(following, stop),)))
        body.append(asked_where(reached, test, inside))
        return item

    return produced(infer, span, advance)


def _bounds(infer: FunctionInference, node: ast.Call, steps: list[Step]) -> tuple[Known, Known, Known] | Unknown:
    """Return start, stop (-1 for none) and step of `islice`, checked in CPython's order."""
    span = infer.span(node)
    with captured(infer, steps):
        facts = [infer.expression(one) for one in node.args[1:]]
    unknown = first_unknown(*facts)
    if unknown is not None:
        return unknown
    given = [fact for fact in facts if isinstance(fact, Known)]
    if any(one.type not in (INT, BOOL, NONE) for one in given):
        return infer.refuse("P0308", node, "`islice` takes ints and None", "convert the bounds: int(x)")
    given = [constant(span, None)] * (len(given) == 1) + given + [constant(span, None)] * (len(given) < 3)
    none = (0, -1, 1)
    start, stop, step = (
        constant(span, value) if one.type == NONE else hold(infer, narrowed(infer, node, one), "bound", steps)
        for one, value in zip(given, none, strict=True)
    )
    words = "must be None or an integer: 0 <= x <= sys.maxsize."
    if given[1].type != NONE:
        wrong = compared("eq", stop, constant(span, -1))
        steps.append(raised_where(infer, wrong, "ValueError", f"Stop argument for islice() {words}"))
    negative = either(is_below(start, 0), is_below(stop, -1))
    steps.append(raised_where(infer, negative, "ValueError", f"Indices for islice() {words}"))
    steps.append(raised_where(infer, is_below(step, 1), "ValueError", "Step for islice() must be a positive integer or None."))
    return start, stop, step


@plain(1, 2)
def _repeated(infer: FunctionInference, node: ast.Call, steps: list[Step], over: Over) -> Stream | Unknown:
    span = infer.span(node)
    with captured(infer, steps):
        value = infer.expression(node.args[0])
        held = hold(infer, value, "repeated", steps) if isinstance(value, Known) else value
        count = infer.expression(node.args[1]) if len(node.args) == 2 else None
    if isinstance(held, Unknown):
        return held
    if isinstance(count, Unknown):
        return count
    if count is None:
        going = variable(infer, span, "going", yes(span), steps)
        return Stream(lambda: going, lambda taken: held)
    if count.type not in INTS:
        return misused(infer, node)
    most = hold(infer, narrowed(infer, node, count), "count", steps)
    here = counter(infer, span, constant(span, 0), steps)

    def take(taken: list[Step]) -> Fact:
        taken.append(count_on(here, constant(span, 1)))
        return held

    return Stream(lambda: compared("lt", here, most), take)


@plain(0, 2)
def _counted(infer: FunctionInference, node: ast.Call, steps: list[Step], over: Over) -> Stream | Unknown:
    span = infer.span(node)
    with captured(infer, steps):
        facts = [infer.expression(one) for one in node.args]
    unknown = first_unknown(*facts)
    if unknown is not None:
        return unknown
    given = [fact for fact in facts if isinstance(fact, Known)]
    if any(one.type not in (*INTS, FLOAT) for one in given):
        return infer.refuse("P0308", node, "`count` of anything but ints and floats is not translated", "add in the loop")
    if any(one.type == FLOAT for one in given):
        with captured(infer, steps):
            made = infer.written(node, "counted", [*given, *[constant(span, one) for one in (0, 1)][len(given) :]])
        return made if isinstance(made, Unknown) else generator_stream(infer, made, steps)
    start, step = [hold(infer, narrowed(infer, node, one), "count", steps) for one in given] + [constant(span, one) for one in (0, 1)][
        len(given) :
    ]
    here = counter(infer, span, start, steps)
    going = variable(infer, span, "going", yes(span), steps)

    def take(taken: list[Step]) -> Fact:
        item = hold(infer, here, "item", taken)
        taken.append(put(here, primitive(span, INT, "int.add", here, step)))
        return item

    return Stream(lambda: going, take)


STREAMS: Mapping[str, Maker] = {
    "heapq.merge": merged,
    "itertools.accumulate": accumulated,
    "itertools.chain": chained,
    "itertools.chain.from_iterable": plain(1)(chained_from),
    "itertools.combinations": plain(2)(combined(False)),
    "itertools.combinations_with_replacement": plain(2)(combined(True)),
    "itertools.compress": _compressed,
    "itertools.count": _counted,
    "itertools.cycle": plain(1)(cycled),
    "itertools.dropwhile": _dropped_while,
    "itertools.filterfalse": sifted(False),
    "itertools.groupby": grouped,
    "itertools.islice": _sliced,
    "itertools.pairwise": plain(1)(paired),
    "itertools.permutations": plain(1, 2)(permuted),
    "itertools.product": product,
    "itertools.repeat": _repeated,
    "itertools.starmap": _starred,
    "itertools.takewhile": _taken_while,
    "itertools.zip_longest": longest,
}
