"""Methods of deques."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from functools import cache

from portalis.translator.frontend.calls.binder import Parameters, positional_only
from portalis.translator.frontend.calls.modules.making import function_row
from portalis.translator.frontend.calls.rows import Meaning, Row
from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, hold, to_int
from portalis.translator.frontend.facts.model import Evaluated, Fact, Known, Step, Unknown
from portalis.translator.frontend.types.numbers.wide import INTS
from portalis.translator.frontend.types.references.deque import begin_deque, items_of, let_hold, put_in_deque
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.ir.types import INT


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


def _insert(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    queue, index, value = args
    stored = put_in_deque(infer, node, queue, value)
    if isinstance(stored, Unknown) or index.type not in INTS:
        return stored if isinstance(stored, Unknown) else None
    return infer.library(node, "deques", "insert", [stored[0], to_int(index), stored[1]])


def _copy(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    steps: list[Step] = []
    span, queue = infer.span(node), hold(infer, args[0], "queue", steps)
    made = begin_deque(infer, node, steps, operated(span, INT, "record.get", queue, name="limit"))
    stored = made if isinstance(made, Unknown) else let_hold(infer, node, made, items_of(queue.type).item)
    done = stored if isinstance(stored, Unknown) else infer.library(node, "deques", "append_all", [stored, queue])
    if isinstance(done, Unknown) or isinstance(made, Unknown):
        return done
    return after(span, [*steps, Evaluated(span, done)], made)


@cache
def deque_rows() -> Mapping[str, Row]:
    """Return the rows of the methods of deques, by their names; their first argument is the receiver."""
    alone, one = positional_only("self"), positional_only("self", "x")
    turns = Parameters(("self", "n"), 2, (), {"n": ast.Constant(1)})
    return {
        "append": function_row("deque.append", one, _putting("append")),
        "appendleft": function_row("deque.appendleft", one, _putting("append_left")),
        "copy": function_row("deque.copy", alone, _copy),
        "__copy__": function_row("deque.__copy__", alone, _copy),
        "count": function_row("deque.count", one, _plain("count_of")),
        "index": function_row("deque.index", one, _plain("index_of")),
        "insert": function_row("deque.insert", positional_only("self", "i", "x"), _insert),
        "remove": function_row("deque.remove", one, _plain("remove")),
        "reverse": function_row("deque.reverse", alone, _plain("reverse")),
        "clear": function_row("deque.clear", alone, _plain("clear")),
        "pop": function_row("deque.pop", alone, _plain("pop")),
        "popleft": function_row("deque.popleft", alone, _plain("pop_left")),
        "rotate": function_row("deque.rotate", turns, _rotate),
    }
