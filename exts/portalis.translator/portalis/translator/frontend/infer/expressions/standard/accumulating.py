"""What is added up or combined, element by element: what `functools.reduce` and `itertools.accumulate` have so far."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.making import hold
from portalis.translator.frontend.facts.model import Assigned, Fact, Known, Load, Step, Tested, Unknown
from portalis.translator.frontend.infer.expressions.functions.called import call_for_each
from portalis.translator.frontend.infer.expressions.looping import captured
from portalis.translator.frontend.infer.expressions.standard.producing import (
    Over,
    asked_where,
    negated,
    no,
    produced,
    put,
    type_of_elements,
    unset,
    variable,
    yes,
)
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.types.references.streams import Stream
from portalis.translator.frontend.types.unions.members import coerced
from portalis.translator.ir.closures import is_callable
from portalis.translator.ir.types import NONE, Type


class Accumulator:
    """What there is so far, in a temporary of one type; without a function, elements are added."""

    def __init__(self, infer: FunctionInference, node: ast.Call, function: ast.expr | None, type_: Type, local: str) -> None:
        self._infer, self._node, self._function = infer, node, function
        self.local = local
        self.value = Known(infer.span(node), type_, Load(local))

    def combine(self, item: Known, body: list[Step]) -> Unknown | None:
        """Add the steps that put the function's value of what there is and an element in its place."""
        infer, value = self._infer, self.value
        with captured(infer, body):
            if self._function is None:
                found = infer.binary(self._node, "+", value, item)
            else:
                found = call_for_each(infer, self._node, self._function, [value, item])
        if isinstance(found, Unknown):
            return found
        joined = infer.generalise(value.type, found.type)
        if joined is not None and joined != value.type and is_callable(joined):
            # Functions that make functions: what there is so far is one of more in the next round.
            sites = infer.unit.specialiser.sites
            joined = sites.stored(_known_as(infer, self._node), "value", joined)
            return None if joined is not None else infer.refuse("P0302", self._node, "there would be too many functions", "combine fewer")
        if joined is None or joined != value.type:
            help = "start with what the function gives: 0.0 instead of 0"
            return infer.refuse("P0302", self._node, f"there would be {value.type} first and {found.type} then", help)
        body.append(Assigned(value.span, self.local, coerced(infer, found, joined)))
        return None


def first_type(infer: FunctionInference, node: ast.Call, type_: Type) -> Type:
    """Return what an accumulator that begins with a value of a type holds, as far as that is known."""
    held = infer.unit.specialiser.sites.held(_known_as(infer, node), "value") if is_callable(type_) else None
    return type_ if held is None else held


def _known_as(infer: FunctionInference, node: ast.Call) -> str:
    return f"accumulated {infer.unit.specialiser.sites.site(infer.unit.owner, (infer.span(node), 'accumulated'))}"


def accumulated(infer: FunctionInference, node: ast.Call, steps: list[Step], over: Over) -> Stream | Unknown:
    """Go over `accumulate(values, function, initial=…)`."""
    keywords = {keyword.arg: keyword.value for keyword in node.keywords}
    given = dict(zip(("iterable", "func"), node.args, strict=False)) | keywords
    if not 1 <= len(node.args) <= 2 or given.keys() - {"iterable", "func", "initial"}:
        return infer.refuse("P0310", node, "`accumulate` is not called like this here", "see Python's documentation of it")
    stream, span = over(infer, node.args[0], steps), infer.span(node)
    function = given.get("func")
    if isinstance(function, ast.Constant) and function.value is None:
        infer.names.scope.visited.add(id(function))
        function = None
    initial: Fact | None = None
    if "initial" in given:
        with captured(infer, steps):
            initial = infer.expression(given["initial"])
    if isinstance(stream, Unknown) or isinstance(initial, Unknown):
        return next(one for one in (stream, initial) if isinstance(one, Unknown))
    begun = variable(infer, span, "begun", no(span), steps)
    if initial is not None and initial.type != NONE:
        total = variable(infer, span, "total", initial, steps)
    else:
        initial, type_ = None, type_of_elements(stream)
        if isinstance(type_, Unknown):
            return type_
        total = unset(infer, span, "total", type_, steps)
    assert isinstance(total.operation, Load)
    accumulator = Accumulator(infer, node, function, total.type, total.operation.local)

    def advance(body: list[Step], found: Known) -> Fact:
        test, inside, fresh = stream.test(), list[Step](), hold(infer, negated(begun), "fresh", body)
        item = stream.take(inside)
        if isinstance(item, Unknown):
            return item
        combined: list[Step] = []
        item = hold(infer, item, "next", inside)
        failed = accumulator.combine(item, combined)
        if failed is not None:
            return failed
        inside.append(Tested(span, begun, tuple(combined)))
        if initial is None:
            inside += [Tested(span, fresh, (put(total, coerced(infer, item, total.type)),)), put(begun, yes(span)), put(found, yes(span))]
            body.append(Tested(span, test, tuple(inside)))
        else:
            inside.append(put(found, yes(span)))
            body += [asked_where(begun, test, inside), Tested(span, fresh, (put(begun, yes(span)), put(found, yes(span))))]
        return total

    stream_of_totals = produced(infer, span, advance)

    def take(taken: list[Step]) -> Fact:
        item = stream_of_totals.take(taken)
        return item if isinstance(item, Unknown) else hold(infer, item, "item", taken)

    return Stream(stream_of_totals.test, take)
