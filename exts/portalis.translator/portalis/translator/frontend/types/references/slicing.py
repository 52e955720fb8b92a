"""Slices of lists and texts: one function of the library for each set of bounds that are given."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import to_int
from portalis.translator.frontend.facts.model import Fact, Known
from portalis.translator.frontend.types.numbers.wide import INTS
from portalis.translator.ir.types import WIDE


def sliced(infer: Inference, node: ast.expr, module: str, value: Known, bounds: Sequence[Known | None]) -> Fact | None:
    """Return `value[start:stop:step]`; what is left out is as if `sys.maxsize` or zero were there."""
    start, stop, step = bounds
    if any(one is not None and one.type not in INTS for one in bounds):
        return None
    names = "".join("0" if one is None else "1" for one in (start, stop))
    given = [_bound(infer, node, one) for one in (start, stop) if one is not None]
    if step is None:
        return infer.library(node, module, {"00": "whole", "10": "from_start", "01": "to_stop", "11": "between"}[names], [value, *given])
    function = {"00": "stepped", "10": "stepped_from", "01": "stepped_to", "11": "stepped_between"}[names]
    return infer.library(node, module, function, [value, *given, to_int(step)])


def _bound(infer: Inference, node: ast.expr, value: Known) -> Known:
    """Return a bound as an int of 64 bits: one that has more means as much as the largest of these."""
    if value.type != WIDE:
        return to_int(value)
    found = infer.library(node, "wide", "to_bound", [value])
    assert isinstance(found, Known)
    return found
