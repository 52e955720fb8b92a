"""What is gone over element by element: a test before each, and how the next is taken.

What a list holds is asked in every round, as CPython's iterators do: it may grow or shrink meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import constant, hold, part, primitive
from portalis.translator.frontend.facts.model import Assigned, Compared, Element, Fact, Invoked, Joined, Known, Load, Step, Tested, Unknown
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.unions.members import any_length
from portalis.translator.ir.generators import maker_of, resume_name, returned_type, yielded_type
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import BOOL, INT, TEXT, ListRef, TupleType, Type
from portalis.translator.source import Span

# Return the next element, and add the steps that take it.
Take: TypeAlias = Callable[[list[Step]], Fact]


@dataclass(frozen=True, slots=True)
class Stream:
    """Something to go over once. `test` tells whether there is another element; `length`, where it is known, how many there are.

    Where it `asks`, a test does what shows, and is made once before each element. `hint` adds the call of the `__len__` of an object of
    the program, which CPython asks for room before it puts what the object gives into a list.
    """

    test: Callable[[], Known]
    take: Take
    length: Callable[[], Known] | None = None
    asks: bool = False
    hint: Callable[[list[Step]], Unknown | None] | None = None


def make_room(stream: Stream, steps: list[Step]) -> Unknown | None:
    """Ask an object of the program for its length, where CPython does before it makes a list, a tuple, bytes or a text of it."""
    return None if stream.hint is None else stream.hint(steps)


def counter(infer: Inference, span: Span, start: Known, steps: list[Step]) -> Known:
    """Return a temporary that counts from `start` on."""
    local = infer.temporary("counter", INT)
    steps.append(Assigned(span, local, start))
    return Known(span, INT, Load(local))


def count_on(at: Known, by: Known) -> Step:
    """Return the step that moves a counter."""
    assert isinstance(at.operation, Load)
    proven = by.is_constant and by.constant in (1, -1)
    return Assigned(at.span, at.operation.local, primitive(at.span, INT, "int.add", at, by, proven=proven))


def compared(op: Comparison, left: Known, right: Known) -> Known:
    """Return a comparison of two ints."""
    return Known(left.span, BOOL, Compared(op, left, right))


def _indexed(
    infer: Inference, span: Span, steps: list[Step], type_: Type, length: Callable[[], Known], at: Callable[[Known], Known]
) -> Stream:
    here = counter(infer, span, constant(span, 0), steps)

    def take(taken: list[Step]) -> Fact:
        item = hold(infer, at(here), "item", taken)
        taken.append(count_on(here, constant(span, 1)))
        return item

    return Stream(lambda: compared("lt", here, length()), take, length)


def list_stream(infer: Inference, value: Known, steps: list[Step]) -> Stream:
    """Go over a list's elements."""
    assert isinstance(value.type, ListRef)
    held, span, item = hold(infer, value, "items", steps), value.span, value.type.item

    def length() -> Known:
        return operated(span, INT, "list.length", held)

    return _indexed(infer, span, steps, item, length, lambda here: operated(span, item, "list.get", held, here))


def reversed_list_stream(infer: Inference, value: Known, steps: list[Step]) -> Stream:
    """Go over a list's elements from the last; CPython's iterator ends where the list has become shorter than where it stands."""
    assert isinstance(value.type, ListRef)
    held, span, item = hold(infer, value, "items", steps), value.span, value.type.item
    length = operated(span, INT, "list.length", held)
    here = counter(infer, span, primitive(span, INT, "int.sub", length, constant(span, 1), proven=True), steps)

    def test() -> Known:
        inside = compared("lt", here, operated(span, INT, "list.length", held))
        return Known(span, BOOL, Joined("and", compared("ge", here, constant(span, 0)), inside))

    def take(taken: list[Step]) -> Fact:
        taken_item = hold(infer, operated(span, item, "list.get", held, here), "item", taken)
        taken.append(count_on(here, constant(span, -1)))
        return taken_item

    return Stream(test, take)


def text_stream(infer: Inference, value: Known, steps: list[Step]) -> Stream:
    """Go over the characters of a text."""
    held, span = hold(infer, value, "text", steps), value.span

    def length() -> Known:
        return operated(span, INT, "text.length", held)

    def at(here: Known) -> Known:
        return operated(span, TEXT, "text.of_code", operated(span, INT, "text.code", held, here))

    return _indexed(infer, span, steps, TEXT, length, at)


def octets_stream(infer: Inference, value: Known, steps: list[Step]) -> Stream:
    """Go over the numbers of bytes."""
    held, span = hold(infer, value, "octets", steps), value.span

    def length() -> Known:
        return operated(span, INT, "text.length", held)

    return _indexed(infer, span, steps, INT, length, lambda here: operated(span, INT, "text.code", held, here))


def tuple_stream(infer: Inference, value: Known, steps: list[Step]) -> Stream | None:
    """Go over the elements of a tuple; None where they differ in type."""
    assert isinstance(value.type, TupleType)
    items = value.type.items
    if not items or any(item != items[0] for item in items):
        long = any_length(infer, value)
        return None if long is None else list_stream(infer, long, steps)
    held, span = hold(infer, value, "items", steps), value.span
    return _indexed(
        infer, span, steps, items[0], lambda: constant(span, len(items)), lambda here: part(held, Element(held, here), items[0], span)
    )


def range_stream(infer: Inference, span: Span, bounds: tuple[Known, Known, Known], steps: list[Step]) -> Stream:
    """Go over `range(start, stop, step)`; the step is not zero."""
    start, stop, step = (hold(infer, value, name, steps) for value, name in zip(bounds, ("start", "stop", "step"), strict=True))
    here = counter(infer, span, start, steps)

    def test() -> Known:
        if step.is_constant:
            assert isinstance(step.constant, int)
            return compared("lt" if step.constant > 0 else "gt", here, stop)
        upwards = Known(span, BOOL, Joined("and", compared("gt", step, constant(span, 0)), compared("lt", here, stop)))
        downwards = Known(span, BOOL, Joined("and", compared("lt", step, constant(span, 0)), compared("gt", here, stop)))
        return Known(span, BOOL, Joined("or", upwards, downwards))

    def take(taken: list[Step]) -> Fact:
        item = hold(infer, here, "item", taken)
        assert isinstance(here.operation, Load)
        local = here.operation.local
        taken.append(Assigned(span, local, primitive(span, INT, "int.wrapping_add", here, step)))
        if step.constant not in (1, -1):
            # Beyond the last element it may leave 64 bits, and what it is then may lie before `stop` again.
            taken.append(Tested(span, left_range(item), (Assigned(span, local, stop),)))
        return item

    def left_range(item: Known) -> Known:
        if step.is_constant:
            assert isinstance(step.constant, int)
            return compared("lt" if step.constant > 0 else "gt", here, item)
        upwards = Known(span, BOOL, Joined("and", compared("gt", step, constant(span, 0)), compared("lt", here, item)))
        downwards = Known(span, BOOL, Joined("and", compared("lt", step, constant(span, 0)), compared("gt", here, item)))
        return Known(span, BOOL, Joined("or", upwards, downwards))

    return Stream(test, take)


def generator_stream(infer: Inference, value: Known, steps: list[Step]) -> Stream:
    """Go over what is left of a generator: to ask whether there is more runs it on to its next `yield`."""
    held, name = hold(infer, value, "generator", steps), maker_of(value.type)
    infer.resumes(name)

    def test() -> Known:
        return Known(value.span, BOOL, Invoked(resume_name(name), (held,)))

    return Stream(test, lambda taken: hold(infer, given(held), "item", taken), asks=True)


def given(generator: Known) -> Known:
    """Return what a generator gave last."""
    return operated(generator.span, yielded_type(generator.type), "record.get", generator, name="value")


def returned(generator: Known) -> Known:
    """Return what a generator that is at its end has returned."""
    return operated(generator.span, returned_type(generator.type), "record.get", generator, name="result")
