"""`zip(*rows)`: the columns of rows whose number only the running program knows, each a tuple of any length; and ranges turned round."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from portalis.translator.frontend.facts.making import constant, describe, hold, primitive
from portalis.translator.frontend.facts.model import Compared, Fact, Known, Raised, Step, Tested, Unknown
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.types.numbers.wide import INTS, narrowed
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.references.streams import Stream, compared, count_on, counter, range_stream
from portalis.translator.frontend.types.unions.mistakes import of_call, of_iteration, raised
from portalis.translator.ir.types import BOOL, INT, ListRef, TextType, TupleType
from portalis.translator.source import Span


def strictness(keywords: Mapping[str | None, ast.expr]) -> bool | None:
    """Return whether `zip` is told `strict=True`; None where it is given other keywords, or what is no constant."""
    match keywords:
        case {"strict": ast.Constant(value=bool() as strict)} if len(keywords) == 1:
            return strict
    return None if keywords else False


def uneven(span: Span, streams: Sequence[Stream], number: int) -> tuple[Step, ...]:
    """Return what `zip(…, strict=True)` does where a stream has ended: the first before another, or one before those in front of it."""

    def wrong(ended: int, than: str) -> Step:
        before = "argument 1" if ended == 1 else f"arguments 1-{ended}"
        return Raised(span, "ValueError", f"zip() argument {ended + 1} is {than} than {before}")

    if number:
        return (wrong(number, "shorter"),)
    return tuple(Tested(span, stream.test(), (wrong(index, "longer"),)) for index, stream in enumerate(streams) if index)


def columns_stream(infer: FunctionInference, node: ast.Call, rows: Known, steps: list[Step]) -> Stream | Unknown:
    """Go over `zip(*rows)`; a column has an element of each row, and the shortest row says how many there are."""
    span = infer.span(node)
    if isinstance(rows.type, ListRef) and isinstance(rows.type.item, TupleType) and len(set(rows.type.item.items)) == 1:
        listed = infer.library(node, "splicing", "listed", [rows])
        if isinstance(listed, Unknown):
            return listed
        rows = listed
    if not isinstance(rows.type, ListRef) or not isinstance(rows.type.item, ListRef | TextType):
        return infer.refuse("P0312", node, f"`zip(*…)` of {describe(rows.type)} is not translated", "pass a list of lists, tuples or texts")
    # What is passed with a star is a tuple by then: the rows may not be put elsewhere meanwhile.
    copied = operated(span, rows.type, "list.part", rows, constant(span, 0), operated(span, INT, "list.length", rows))
    held = hold(infer, copied, "rows", steps)
    shortest = infer.library(node, "splicing", "shortest", [held])
    if isinstance(shortest, Unknown):
        return shortest
    here = counter(infer, span, constant(span, 0), steps)

    def test() -> Known:
        found = infer.library(node, "splicing", "shortest", [held])
        assert isinstance(found, Known)
        return compared("lt", here, found)

    def take(taken: list[Step]) -> Fact:
        made = infer.library(node, "splicing", "column", [held, here])
        if isinstance(made, Unknown):
            return made
        assert isinstance(made.type, ListRef)
        column = hold(infer, operated(span, ListRef(made.type.item, made.type.site, frozen=True), "list.freeze", made), "column", taken)
        taken.append(count_on(here, constant(span, 1)))
        return column

    return Stream(test, take)


def range_values(
    infer: FunctionInference, node: ast.Call, facts: Sequence[Fact], steps: list[Step]
) -> tuple[Known, Known, Known] | Unknown:
    """Return start, stop and step of a range, which `steps` evaluate and look at."""
    span = infer.span(node)
    values = [fact for fact in facts if isinstance(fact, Known)]
    mistake = of_call(infer, "range", [value.type for value in values]) if infer.tolerates else None
    if mistake is not None:
        steps += raised(infer, node, mistake, values)
        return constant(span, 0), constant(span, 0), constant(span, 1)
    for value in values:
        if value.type not in INTS:
            return infer.refuse("P0308", node, f"`range` needs ints, not {describe(value.type)}", "convert it: int(x)")
    values = [narrowed(infer, node, value) for value in values]
    if len(values) == 1:
        values.insert(0, constant(span, 0))
    if len(values) == 2:
        values.append(constant(span, 1))
    start, stop, step = (hold(infer, value, name, steps) for value, name in zip(values, ("start", "stop", "step"), strict=True))
    if not step.is_constant or step.constant == 0:
        zero = Known(span, BOOL, Compared("eq", step, constant(span, 0)))
        steps.append(Tested(span, zero, (Raised(span, "ValueError", "range() arg 3 must not be zero"),)))
    return start, stop, step


def mistaken_stream(infer: FunctionInference, node: ast.AST, value: Known, steps: list[Step]) -> Stream | None:
    """Go over what CPython never goes over: the steps raise before; None where that is to be refused."""
    mistake = of_iteration(infer, [value.type]) if infer.tolerates else None
    if mistake is None:
        return None
    steps += raised(infer, node, mistake, [value])
    span = infer.span(node)
    return range_stream(infer, span, (constant(span, 0), constant(span, 0), constant(span, 1)), steps)


def reversed_range(infer: FunctionInference, node: ast.Call, values: tuple[Known, Known, Known], steps: list[Step]) -> Stream | Unknown:
    """Go over `reversed(range(…))` of a constant step of 1 or -1."""
    span = infer.span(node)
    start, stop, step = values
    if not isinstance(step.constant, int) or step.constant not in (1, -1):
        return infer.refuse("P0312", node, "`reversed` of a range with this step is not translated", "write a range that goes downwards")
    first, last = (hold(infer, value, name, steps) for value, name in ((start, "start"), (stop, "stop")))
    one = constant(span, step.constant)
    turned = (
        primitive(span, INT, "int.sub", last, one),
        primitive(span, INT, "int.sub", first, one),
        constant(span, -step.constant),
    )
    return range_stream(infer, span, turned, steps)
