"""Methods of deques."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from functools import cache

from portalis.translator.frontend.calls.binder import Parameters, positional_only
from portalis.translator.frontend.calls.modules.making import function_row
from portalis.translator.frontend.calls.rows import Meaning, Row
from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import to_int
from portalis.translator.frontend.facts.model import Fact, Known, Unknown
from portalis.translator.frontend.types.numbers.wide import INTS
from portalis.translator.frontend.types.references.deque import put_in_deque


def _putting(function: str) -> Meaning:
    def put(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
        stored = put_in_deque(infer, node, *args)
        return stored if isinstance(stored, Unknown) else infer.library(node, "deques", function, stored)

    return put


def _plain(function: str) -> Meaning:
    return lambda infer, node, args: infer.library(node, "deques", function, args)


def _rotate(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    queue, count = args
    return infer.library(node, "deques", "rotate", [queue, to_int(count)]) if count.type in INTS else None


@cache
def deque_rows() -> Mapping[str, Row]:
    """Return the rows of the methods of deques, by their names; their first argument is the receiver."""
    alone, one = positional_only("self"), positional_only("self", "x")
    turns = Parameters(("self", "n"), 2, (), {"n": ast.Constant(1)})
    return {
        "append": function_row("deque.append", one, _putting("append")),
        "appendleft": function_row("deque.appendleft", one, _putting("append_left")),
        "clear": function_row("deque.clear", alone, _plain("clear")),
        "pop": function_row("deque.pop", alone, _plain("pop")),
        "popleft": function_row("deque.popleft", alone, _plain("pop_left")),
        "rotate": function_row("deque.rotate", turns, _rotate),
    }
