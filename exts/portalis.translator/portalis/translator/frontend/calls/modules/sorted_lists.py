"""Rows of `heapq` and `bisect`: functions of the library on a list that is sorted, or half sorted."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from portalis.translator.frontend.calls.binder import Parameters, positional_only
from portalis.translator.frontend.calls.modules.making import function_row
from portalis.translator.frontend.calls.rows import Meaning, Row
from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import constant, to_int
from portalis.translator.frontend.facts.model import Fact, Known
from portalis.translator.frontend.types.numbers.wide import INTS
from portalis.translator.frontend.types.references.list import mixed, put_in
from portalis.translator.ir.types import NONE, ListRef


def _is_list(value: Known) -> bool:
    return isinstance(value.type, ListRef) and not value.type.frozen


def _put(infer: Inference, node: ast.Call, function: str, args: Sequence[Known]) -> Fact | None:
    heap, item = args
    if not _is_list(heap):
        return None
    stored = put_in(infer, heap, item)
    return mixed(infer, node, heap, item) if stored is None else infer.library(node, "heaps", function, [heap, stored])


def _putting(function: str) -> Meaning:
    return lambda infer, node, args: _put(infer, node, function, args)


def _on_heap(function: str) -> Meaning:
    return lambda infer, node, args: infer.library(node, "heaps", function, args) if _is_list(args[0]) else None


def _bounds(infer: Inference, node: ast.Call, low: Known, high: Known) -> list[Known] | None:
    """Return the bounds as the library takes them, -1 for no end; None where they are no ints."""
    if low.type not in INTS or high.type not in (*INTS, NONE):
        return None
    return [to_int(low), constant(infer.span(node), -1) if high.type == NONE else to_int(high)]


def _searching(function: str) -> Meaning:
    def search(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
        values, value, low, high, key = args
        bounds = _bounds(infer, node, low, high)
        if not isinstance(values.type, ListRef) or bounds is None or key.type != NONE:
            return None
        frozen = constant(infer.span(node), values.type.frozen)
        return infer.library(node, "bisection", function, [values, value, *bounds, frozen])

    return search


def _inserting(function: str) -> Meaning:
    def insert(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
        values, value, low, high, key = args
        bounds = _bounds(infer, node, low, high)
        if not _is_list(values) or bounds is None or key.type != NONE:
            return None
        stored = put_in(infer, values, value)
        if stored is None:
            return mixed(infer, node, values, value)
        return infer.library(node, "bisection", function, [values, stored, *bounds])

    return insert


_NONE, _ZERO = ast.Constant(None), ast.Constant(0)
_BISECT = Parameters(("a", "x", "lo", "hi"), 0, ("key",), {"lo": _ZERO, "hi": _NONE, "key": _NONE})
_HEAP, _HEAP_AND_ITEM = positional_only("heap"), positional_only("heap", "item")
SORTED_LIST_ROWS: Mapping[str, Row] = {
    row.name: row
    for row in (
        function_row("heapq.heappush", _HEAP_AND_ITEM, _putting("push")),
        function_row("heapq.heapreplace", _HEAP_AND_ITEM, _putting("replace")),
        function_row("heapq.heappushpop", _HEAP_AND_ITEM, _putting("push_pop")),
        function_row("heapq.heappop", _HEAP, _on_heap("pop")),
        function_row("heapq.heapify", _HEAP, _on_heap("heapify")),
        *(function_row(f"bisect.{name}", _BISECT, _searching("left")) for name in ("bisect_left",)),
        *(function_row(f"bisect.{name}", _BISECT, _searching("right")) for name in ("bisect", "bisect_right")),
        *(function_row(f"bisect.{name}", _BISECT, _inserting("insert_left")) for name in ("insort_left",)),
        *(function_row(f"bisect.{name}", _BISECT, _inserting("insert_right")) for name in ("insort", "insort_right")),
    )
}
