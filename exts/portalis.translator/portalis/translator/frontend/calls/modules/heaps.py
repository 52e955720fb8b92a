"""Rows of `heapq`: functions of the library on a list that is half sorted."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from portalis.translator.frontend.calls.binder import positional_only
from portalis.translator.frontend.calls.modules.making import function_row
from portalis.translator.frontend.calls.rows import Meaning, Row
from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.model import Fact, Known
from portalis.translator.frontend.types.references.list import mixed, put_in
from portalis.translator.ir.types import ListRef


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


_HEAP, _HEAP_AND_ITEM = positional_only("heap"), positional_only("heap", "item")
HEAP_ROWS: Mapping[str, Row] = {
    row.name: row
    for row in (
        function_row("heapq.heappush", _HEAP_AND_ITEM, _putting("push")),
        function_row("heapq.heapreplace", _HEAP_AND_ITEM, _putting("replace")),
        function_row("heapq.heappushpop", _HEAP_AND_ITEM, _putting("push_pop")),
        function_row("heapq.heappop", _HEAP, _on_heap("pop")),
        function_row("heapq.heapify", _HEAP, _on_heap("heapify")),
    )
}
