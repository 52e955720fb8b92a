"""`zip`: several things that are gone over at once, and `zip(*rows)`, whose rows only the running program may know the number of."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from portalis.translator.frontend.facts.making import constant, describe, hold, once
from portalis.translator.frontend.facts.model import Fact, Joined, Known, Raised, Step, Tested, Unknown
from portalis.translator.frontend.infer.expressions.objects.gone_over import is_builtin
from portalis.translator.frontend.infer.expressions.standard.producing import Over, kept, produced, put
from portalis.translator.frontend.infer.expressions.standard.rows import is_indexed, starred_rows, written_stream
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.references.streams import Stream, compared, count_on, counter
from portalis.translator.frontend.types.sequences import make_tuple
from portalis.translator.ir.generators import is_generator
from portalis.translator.ir.types import BOOL, ListRef, TextType, TupleType, Type, UnionType
from portalis.translator.source import Span


def strictness(keywords: Mapping[str | None, ast.expr]) -> bool | None:
    """Return whether `zip` is told `strict=True`; None where it is given other keywords, or what is no constant."""
    match keywords:
        case {"strict": ast.Constant(value=bool() as strict)} if len(keywords) == 1:
            return strict
    return None if keywords else False


def _uneven(span: Span, streams: Sequence[Stream], number: int) -> tuple[Step, ...]:
    """Return what `zip(…, strict=True)` does where a stream has ended: the first before another, or one before those in front of it."""

    def wrong(ended: int, than: str) -> Step:
        before = "argument 1" if ended == 1 else f"arguments 1-{ended}"
        return Raised(span, "ValueError", f"zip() argument {ended + 1} is {than} than {before}")

    if number:
        return (wrong(number, "shorter"),)
    return tuple(Tested(span, stream.test(), (wrong(index, "longer"),)) for index, stream in enumerate(streams) if index)


def zip_stream(infer: FunctionInference, node: ast.Call, steps: list[Step], over: Over, strict: bool = False) -> Stream | Unknown:
    """Go over `zip(…)`."""
    found = [over(infer, argument, steps) for argument in node.args]
    unknown = next((stream for stream in found if isinstance(stream, Unknown)), None)
    if unknown is not None:
        return unknown
    streams = [stream for stream in found if isinstance(stream, Stream)]
    fused = any(over.fuses(infer, argument) and not is_builtin(infer, argument, "range") for argument in node.args)
    return _together(infer, node, streams, strict, fused)


def _together(infer: FunctionInference, node: ast.Call, streams: Sequence[Stream], strict: bool, fused: bool) -> Stream:
    if strict or fused or any(stream.asks for stream in streams):
        return _zipped(infer, node, streams, strict)

    def test() -> Known:
        joined = streams[0].test()
        for stream in streams[1:]:
            joined = Known(joined.span, BOOL, Joined("and", joined, stream.test()))
        return joined

    return Stream(test, lambda taken: make_tuple(infer, node, [stream.take(taken) for stream in streams]))


def _zipped(infer: FunctionInference, node: ast.Call, streams: Sequence[Stream], strict: bool) -> Stream:
    """Take each element before it is asked whether the next stream has one: taking may do something that shows."""

    def advance(body: list[Step], found: Known) -> Fact:
        items: list[Fact] = []
        for number, stream in enumerate(streams):
            inside: list[Step] = []
            test = stream.test()
            items.append(kept(infer, stream.take(inside), inside, body))
            ended = _uneven(infer.span(node), streams, number) if strict else ()
            asked = (put(found, test), Tested(found.span, found, tuple(inside), ended))
            # The first is always asked, each further one where those before have given something.
            body += asked if number == 0 else [Tested(found.span, found, asked)]
        return make_tuple(infer, node, items)

    return produced(infer, infer.span(node), advance)


def columns_stream(infer: FunctionInference, node: ast.Call, steps: list[Step], strict: bool) -> Stream | Unknown:
    """Go over `zip(*rows)`."""
    rows = starred_rows(infer, node, steps)
    if isinstance(rows, Unknown):
        return rows
    if isinstance(rows, list):
        unknown = next((stream for stream in rows if isinstance(stream, Unknown)), None)
        streams = [stream for stream in rows if isinstance(stream, Stream)]
        return unknown if unknown is not None else _together(infer, node, streams, strict, False)
    if isinstance(rows.type, ListRef) and (written := _written(rows.type.item, strict)) is not None:
        return written_stream(infer, node, written, [rows], steps)
    return _columns(infer, node, rows, steps)


def _written(row: Type, strict: bool) -> str | None:
    """Return what is written for rows of a type that none of the library's functions is for."""
    if is_generator(row):
        return None if strict else "in_turn"
    if isinstance(row, TupleType) and len(set(row.items)) > 1:
        return "columns"
    if strict:
        return "side_by_side"
    return "abreast" if isinstance(row, UnionType) and is_indexed(row) else None


def _columns(infer: FunctionInference, node: ast.Call, rows: Known, steps: list[Step]) -> Stream | Unknown:
    """Go over columns that have an element of each row; the shortest row says how many there are."""
    span = infer.span(node)
    if isinstance(rows.type, ListRef) and isinstance(rows.type.item, TupleType) and rows.type.item.items:
        listed = infer.library(node, "splicing", "listed", [rows])
        if isinstance(listed, Unknown):
            return listed
        rows = listed
    if not isinstance(rows.type, ListRef) or not isinstance(rows.type.item, ListRef | TextType):
        return infer.refuse("P0312", node, f"`zip(*…)` of {describe(rows.type)} is not translated", "pass a list of lists, tuples or texts")
    held = once(infer, rows, "rows", steps)
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
