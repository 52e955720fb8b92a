"""Methods of bytearrays: what changes one in place, and the methods of bytes, of what one holds when they are called."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from portalis.translator.frontend.calls.binder import positional_only
from portalis.translator.frontend.calls.methods.objects import refuse_arguments
from portalis.translator.frontend.calls.methods.octets import octets_rows
from portalis.translator.frontend.calls.rows import Meaning, Row
from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, element_at, hold
from portalis.translator.frontend.facts.model import Fact, Known, Step
from portalis.translator.frontend.types.numbers.wide import INTS, narrowed
from portalis.translator.frontend.types.octets.changing import as_bytearray, numbers_of
from portalis.translator.frontend.types.octets.octets import as_octets, as_text
from portalis.translator.frontend.types.sequences import make_tuple
from portalis.translator.ir.types import OCTETS, ListRef, TupleType

_SOME = ListRef(OCTETS)


def _with_ints(function: str) -> Meaning:
    def meaning(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
        receiver, *given = args
        if any(value.type not in INTS for value in given):
            return None
        return infer.library(node, "octet_lists", function, [numbers_of(receiver), *[narrowed(infer, node, value) for value in given]])

    return meaning


def _pop(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    return _with_ints(f"pop_{len(args) - 1}")(infer, node, args)


def _alone(module: str, function: str) -> Meaning:
    return lambda infer, node, args: infer.library(node, module, function, [numbers_of(args[0])])


def _copy(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact:
    return as_bytearray(infer.library(node, "octet_lists", "copied", [numbers_of(args[0])]))


def _of_what_it_holds(row: Row) -> Meaning:
    """Return the meaning of a method of bytes for a bytearray, which gives bytearrays where that gives bytes."""
    meaning = row.meaning
    assert meaning is not None

    def of_bytearray(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
        steps: list[Step] = []
        held = [hold(infer, value, "octets", steps) for value in args]
        whole = as_octets(as_text(held[0]))
        assert isinstance(whole, Known)
        found = _given(infer, node, meaning(infer, node, [whole, *held[1:]]))
        return after(infer.span(node), steps, found) if isinstance(found, Known) else found

    return of_bytearray


def _given(infer: Inference, node: ast.Call, found: Fact | None) -> Fact | None:
    if not isinstance(found, Known):
        return found
    if found.type == OCTETS:
        return as_bytearray(infer.library(node, "octet_lists", "of_text", [as_text(found)]))
    if isinstance(found.type, ListRef) and found.type == _SOME:
        return infer.library(node, "octet_lists", "each", [found])
    if isinstance(found.type, TupleType) and OCTETS in found.type.items:
        steps: list[Step] = []
        held = hold(infer, found, "parts", steps)
        parts = [_given(infer, node, element_at(held, index, OCTETS)) for index in range(len(found.type.items))]
        made = make_tuple(infer, node, [part for part in parts if part is not None])
        return after(infer.span(node), steps, made) if isinstance(made, Known) else made
    return found


@cache
def bytearray_rows() -> Mapping[str, Row]:
    """Return the rows of the methods of bytearrays, by their names; their first argument is the receiver."""
    alone, one = positional_only("self"), positional_only("self", "item")
    shared = {name: replace(row, name=f"bytearray.{name}", meaning=_of_what_it_holds(row)) for name, row in octets_rows().items()}
    own = {
        "append": Row("bytearray.append", one, _with_ints("append"), refuse_arguments),
        "clear": Row("bytearray.clear", alone, _alone("lists", "clear"), refuse_arguments),
        "copy": Row("bytearray.copy", alone, _copy, refuse_arguments),
        "insert": Row("bytearray.insert", positional_only("self", "index", "item"), _with_ints("insert_at"), refuse_arguments),
        "pop": Row("bytearray.pop", positional_only("self", optional=("index",)), _pop, refuse_arguments),
        "remove": Row("bytearray.remove", one, _with_ints("remove"), refuse_arguments),
        "reverse": Row("bytearray.reverse", alone, _alone("ordering", "reverse"), refuse_arguments),
    }
    return {**shared, **own}
