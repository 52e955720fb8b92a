"""Slices of lists and texts: one function of the library for each set of bounds that are given; and slices as objects."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import to_int
from portalis.translator.frontend.facts.model import Fact, Known
from portalis.translator.frontend.types.numbers.wide import INTS
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.ir.types import INT, WIDE, LibraryRef, Type
from portalis.translator.source import Span


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


_SLICE = "slice"


def is_slice(type_: Type) -> bool:
    """Tell whether a type is that of slices as objects, which a program's own `__getitem__` is given."""
    return isinstance(type_, LibraryRef) and type_.python_class == _SLICE


def make_slice(span: Span, bounds: Sequence[Known | None]) -> Known | None:
    """Return `start:stop:step` as an object of the bounds that are given; None where one is no int of 64 bits."""
    if any(one is not None and one.type != INT for one in bounds):
        return None
    given = {name: one for name, one in zip(("start", "stop", "step"), bounds, strict=True) if one is not None}
    return operated(span, LibraryRef(_SLICE, tuple((name, INT) for name in given)), "record.of", *given.values())


def bounds_of(value: Known) -> list[Known | None]:
    """Return the bounds of a slice, each None where it is not given."""
    assert isinstance(value.type, LibraryRef)
    given = dict(value.type.storage)
    return [operated(value.span, INT, "record.get", value, name=name) if name in given else None for name in ("start", "stop", "step")]
