"""Methods of the dicts of `collections` that dicts do not have."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from functools import cache

from portalis.translator.frontend.calls.binder import Parameters, positional_only
from portalis.translator.frontend.calls.modules.making import function_row
from portalis.translator.frontend.calls.rows import Row
from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import to_int
from portalis.translator.frontend.facts.model import Fact, Known, Unknown
from portalis.translator.frontend.types.numbers.wide import INTS
from portalis.translator.frontend.types.references.dict_kinds import COUNTER, ORDERED
from portalis.translator.frontend.types.references.hashed import as_key, grown_for
from portalis.translator.ir.types import BOOL, INT, NEVER, NONE, DictRef


def _most_common(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    counter, count = args
    assert isinstance(counter.type, DictRef)
    if counter.type.value != INT or counter.type.key == NEVER:
        return None
    found = infer.library(node, "counting", "most_common", [counter])
    if isinstance(found, Unknown) or count.type == NONE:
        return found
    return infer.library(node, "heaps", "first_of", [found, to_int(count)]) if count.type in INTS else None


def _total(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    assert isinstance(args[0].type, DictRef)
    return infer.library(node, "counting", "total", args) if args[0].type.value == INT else None


def _elements(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    assert isinstance(args[0].type, DictRef)
    return infer.written(node, "elements", args) if args[0].type.value == INT else None


def _move_to_end(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    entries, key, last = args
    entries = grown_for(infer, entries, {"key": key})
    stored = as_key(infer, entries, key)
    if stored is None or last.type != BOOL:
        return None
    return infer.library(node, "counting", "move_to_end", [entries, stored, last])


def _pop_item(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    return infer.library(node, "counting", "pop_item", args) if args[1].type == BOOL else None


_TRUE, _NONE = ast.Constant(True), ast.Constant(None)


@cache
def rows_of_kind(kind: str) -> Mapping[str, Row]:
    """Return the rows of methods that dicts of a class have besides those of a dict, or instead of them."""
    if kind == COUNTER:
        return {
            "most_common": function_row("Counter.most_common", Parameters(("self", "n"), 1, (), {"n": _NONE}), _most_common),
            "elements": function_row("Counter.elements", positional_only("self"), _elements),
            "total": function_row("Counter.total", positional_only("self"), _total),
        }
    if kind == ORDERED:
        last = {"last": _TRUE}
        return {
            "move_to_end": function_row("OrderedDict.move_to_end", Parameters(("self", "key", "last"), 1, (), last), _move_to_end),
            "popitem": function_row("OrderedDict.popitem", Parameters(("self", "last"), 1, (), last), _pop_item),
        }
    return {}
