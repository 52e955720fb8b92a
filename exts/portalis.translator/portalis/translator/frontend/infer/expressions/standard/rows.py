"""Rows that are passed with a star, of which only the running program may know the number: `zip(*rows)` and `zip_longest(*rows)`."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.making import constant, hold, once
from portalis.translator.frontend.facts.model import Known, Step, Unknown
from portalis.translator.frontend.infer.expressions.looping import captured
from portalis.translator.frontend.infer.expressions.objects.columns import stream_of_value
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.statements.assignments import gathered
from portalis.translator.frontend.types import table
from portalis.translator.frontend.types.references.hashed import is_dict_view
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.references.streams import Stream
from portalis.translator.ir.generators import is_generator
from portalis.translator.ir.instances import is_instance
from portalis.translator.ir.types import INT, ListRef, TextType, TupleType, Type, members_of


def starred_rows(infer: FunctionInference, node: ast.Call, steps: list[Step]) -> list[Stream | Unknown] | Known | Unknown:
    """Return what `*rows` passes: streams over the elements of a tuple, or a list whose length only the running program knows."""
    assert isinstance(node.args[0], ast.Starred)
    infer.names.scope.visited.add(id(node.args[0]))
    argument = node.args[0].value
    with captured(infer, steps):
        rows = infer.expression(argument)
        if isinstance(rows, Known) and (is_instance(rows.type) or is_generator(rows.type) or is_dict_view(rows.type)):
            rows = gathered(infer, argument, rows)
    if isinstance(rows, Unknown):
        return rows
    if isinstance(rows.type, TupleType) and rows.type.items:
        parts = table.parts(infer, hold(infer, rows, "rows", steps), steps) or ()
        return [stream_of_value(infer, node, part, steps) for part in parts]
    if isinstance(rows.type, ListRef):
        # What is passed with a star is a tuple by then: the rows may not be put elsewhere meanwhile.
        span = infer.span(node)
        rows = once(infer, rows, "rows", steps)
        copied = operated(span, rows.type, "list.part", rows, constant(span, 0), operated(span, INT, "list.length", rows))
        return hold(infer, copied, "rows", steps)
    return rows


def written_stream(infer: FunctionInference, node: ast.Call, written: str, args: Sequence[Known], steps: list[Step]) -> Stream | Unknown:
    """Go over what a generator yields that is written for the program (`names/written.py`)."""
    with captured(infer, steps):
        taken = infer.written(node, written, args)
    return taken if isinstance(taken, Unknown) else stream_of_value(infer, node, taken, steps)


def is_indexed(row: Type) -> bool:
    """Tell whether rows are lists, tuples whose elements are of one type, or texts, or each one of these."""
    return all(isinstance(one, ListRef | TextType) or (isinstance(one, TupleType) and len(set(one.items)) == 1) for one in members_of(row))
