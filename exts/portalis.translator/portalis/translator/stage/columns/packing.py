"""Between columns kept apart, one array a scalar, and what OpenUSD takes: rows, and arrays of its own."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pxr import Vt

from portalis.translator.stage.values import Codec, Rows, narrow

Part = NDArray[Any]
Parts = tuple[Part, ...]
# Of longer vectors OpenBLAS multiplies pieces on threads of its own, which costs more than it gains here.
_PIECE = 10_000
_BITS = {1: np.uint8, 2: np.uint16, 4: np.uint32, 8: np.uint64}


def rows_of_parts(parts: Sequence[Part], which: Any = slice(None)) -> Rows:
    """Return rows (elements, width) of the elements `which`."""
    first = parts[0][which]
    rows = np.empty((len(first), len(parts)), first.dtype)
    rows[:, 0] = first
    for index, part in enumerate(parts[1:], start=1):
        rows[:, index] = part[which]
    return rows


def array_of_parts(parts: Sequence[Part], codec: Codec) -> Any:
    """Return a new `Vt` array of the elements, filled in place: conversion from a numpy array costs ten times as much."""
    count = len(parts[0])
    array = getattr(Vt, codec.vt_name)(count)
    if not count:
        return array
    try:
        view = np.asarray(memoryview(array))
    except TypeError:
        # An array without a buffer, such as of time codes.
        return codec.array_of_rows(rows_of_parts(parts))
    # Nobody else has seen this array yet, so that writing to it behind its back changes nothing that is shared.
    memory = memoryview((ctypes.c_char * view.nbytes).from_address(view.ctypes.data)).cast("B")
    target = np.frombuffer(memory, view.dtype).reshape(count, codec.width)
    for index, part in enumerate(parts):
        target[:, index] = part
    return array


def bits(part: Part) -> Part:
    """Return the same memory as integers, of which -0.0 and 0.0 are two and every NaN is itself."""
    return part.view(_BITS[part.dtype.itemsize])


def all_narrowed(parts: Sequence[Part], codec: Codec, finite: bool | NDArray[np.bool_]) -> tuple[list[Part], NDArray[np.bool_] | None]:
    """Convert the columns of one value to a codec's precision; also return which elements do not fit, None where all do."""
    if all(codec.keeps(kind) for kind in {part.dtype for part in parts}) and (
        codec.family != "float" or finite is False or _all_finite(parts)
    ):
        return [*parts], None
    converted, unfit = [], None
    for part in parts:
        column, bad = narrowed(part, codec, finite)
        converted.append(column)
        if bad is not None:
            unfit = bad if unfit is None else unfit | bad
    return converted, unfit


def _all_finite(parts: Sequence[Part]) -> bool:
    """Tell whether all elements are finite; where the squares of some are not, it is denied."""
    # A sum of squares is finite only where all of its terms are, and takes a third of the time of a sum. `vdot`, unlike `dot`, says nothing
    # of an overflow, and to have that ignored costs as much as the products of a small stage.
    for part in parts:
        for start in range(0, len(part), _PIECE):
            piece = part[start : start + _PIECE]
            if not math.isfinite(np.vdot(piece, piece)):
                return False
    return True


def changed_parts(new: Sequence[Part], last: Parts) -> NDArray[np.bool_]:
    """Tell which elements differ in any bit: 0.0 and -0.0 differ, a NaN equals itself."""
    changed: NDArray[np.bool_] = bits(new[0]) != bits(last[0])
    for one, other in zip(new[1:], last[1:], strict=True):
        changed |= bits(one) != bits(other)
    return changed


def equal_parts(new: Sequence[Part], last: Parts) -> NDArray[np.bool_]:
    """Tell which elements OpenUSD would take for what they were: it compares values, to which 0.0 and -0.0 are one."""
    equal: NDArray[np.bool_] = new[0] == last[0]
    for one, other in zip(new[1:], last[1:], strict=True):
        equal &= one == other
    return equal


def zero_parts(parts: Sequence[Part]) -> NDArray[np.bool_]:
    """Tell which elements have a zero, so that another value could be equal to them but in bits."""
    found: NDArray[np.bool_] = parts[0] == 0
    for part in parts[1:]:
        found |= part == 0
    return found


def narrowed(part: Part, codec: Codec, finite: bool | NDArray[np.bool_]) -> tuple[Part, NDArray[np.bool_] | None]:
    """Convert one column to a codec's precision, as `values.narrow` does; also return which elements do not fit, None where all do."""
    exact = codec.keeps(part.dtype)
    if exact and (codec.family != "float" or not np.any(finite)):
        return part, None
    if exact and _all_finite((part,)):
        return part, None
    rows, bad = narrow(part.reshape(-1, 1), codec, finite)
    return rows[:, 0], bad if bad.any() else None
