"""Streams whose next element is sought by steps of their own: state that they keep, and elements that they may or may not find."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portalis.translator.frontend.facts.making import after, constant, primitive
from portalis.translator.frontend.facts.model import (
    Assigned,
    Fact,
    Joined,
    Jumped,
    Known,
    Load,
    Looped,
    Raised,
    Step,
    Tested,
    Unknown,
    Zeroed,
)
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.types.references.streams import Stream, compared
from portalis.translator.ir.types import BOOL, Type
from portalis.translator.source import Span


@dataclass(frozen=True, slots=True)
class Over:
    """How what an expression gives is gone over, by steps that evaluate it once; whether it is never an object."""

    stream: Callable[[FunctionInference, ast.expr, list[Step]], Stream | Unknown]
    fuses: Callable[[FunctionInference, ast.expr], bool]

    def __call__(self, infer: FunctionInference, node: ast.expr, steps: list[Step]) -> Stream | Unknown:
        """Return how to go over an expression."""
        return self.stream(infer, node, steps)


def variable(infer: FunctionInference, span: Span, hint: str, value: Known, steps: list[Step]) -> Known:
    """Return a temporary that steps may change, with its first value."""
    local = infer.temporary(hint, value.type)
    steps.append(Assigned(span, local, value))
    return Known(span, value.type, Load(local))


def unset(infer: FunctionInference, span: Span, hint: str, type_: Type, steps: list[Step], place: int | None = None) -> Known:
    """Return a temporary that holds something of its type until steps give it a value."""
    local = infer.temporary(hint, type_)
    steps.insert(len(steps) if place is None else place, Zeroed(span, "", local, type_))
    return Known(span, type_, Load(local))


def put(target: Known, value: Known) -> Step:
    """Return the step that changes a variable."""
    assert isinstance(target.operation, Load)
    return Assigned(target.span, target.operation.local, value)


def negated(value: Known) -> Known:
    """Return `not value` of a bool."""
    return primitive(value.span, BOOL, "bool.not", value)


def both(left: Known, right: Known) -> Known:
    """Return `left and right` of bools; the second is evaluated where the first holds."""
    return Known(left.span, BOOL, Joined("and", left, right))


def either(left: Known, right: Known) -> Known:
    """Return `left or right` of bools; the second is evaluated where the first does not hold."""
    return Known(left.span, BOOL, Joined("or", left, right))


def yes(span: Span) -> Known:
    """Return True."""
    return constant(span, True)


def no(span: Span) -> Known:
    """Return False."""
    return constant(span, False)


def produced(infer: FunctionInference, span: Span, advance: Callable[[list[Step], Known], Fact]) -> Stream:
    """Return a stream that seeks its next element whenever it is asked for one.

    `advance` adds the steps that set its second argument where they found an element, and returns where that is.
    """
    latest: list[Fact] = []

    def test() -> Known:
        body: list[Step] = []
        found = variable(infer, span, "found", no(span), body)
        latest[:] = [advance(body, found)]
        return after(span, body, found)

    return Stream(test, lambda taken: latest[0])


def sought(found: Known, test: Known, inside: Sequence[Step]) -> Step:
    """Return the loop that takes elements until one is found, or there is none.

    What a test leaves for those steps is there only where it is evaluated: so it stands by itself, not behind an `and`.
    """
    return Looped(found.span, negated(found), (Tested(found.span, negated(test), (Jumped(found.span, "break"),)), *inside))


def asked_where(condition: Known, test: Known, inside: Sequence[Step]) -> Step:
    """Return the steps that depend on two bools, the second evaluated where the first holds, by itself."""
    return Tested(condition.span, condition, (Tested(condition.span, test, tuple(inside)),))


def kept(infer: FunctionInference, item: Fact, inside: list[Step], body: list[Step]) -> Fact:
    """Keep an element that the steps `inside` took, which are not always run, where it is also seen after the steps of `body`."""
    if isinstance(item, Unknown):
        return item
    target = unset(infer, item.span, "item", item.type, body, 0)
    inside.append(put(target, item))
    return target


def type_of_elements(stream: Stream) -> Type | Unknown:
    """Return the type of what a stream gives."""
    stream.test()
    item = stream.take([])
    return item if isinstance(item, Unknown) else item.type


def raised_where(infer: FunctionInference, test: Known, exception: str, message: str) -> Step:
    """Return the step that raises where a bool holds."""
    return Tested(test.span, test, (Raised(test.span, exception, message),))


def is_below(value: Known, bound: int) -> Known:
    """Return `value < bound` of an int."""
    return compared("lt", value, constant(value.span, bound))
