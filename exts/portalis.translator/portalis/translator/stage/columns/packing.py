"""Between columns kept apart, one array a scalar, and what OpenUSD takes: rows, and arrays of its own."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pxr import Vt

from portalis.translator.stage.values import Codec, Rows, narrow

Part = NDArray[Any]
Parts = tuple[Part, ...]
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


def narrowed(part: Part, codec: Codec, finite: bool | NDArray[np.bool_]) -> tuple[Part, NDArray[np.bool_] | None]:
    """Convert one column to a codec's precision, as `values.narrow` does; also return which elements do not fit, None where all do."""
    exact = codec.keeps(part.dtype)
    if exact and (codec.family != "float" or not np.any(finite)):
        return part, None
    if exact:
        # A sum is finite only where all of its terms are.
        with np.errstate(over="ignore", invalid="ignore"):
            if np.isfinite(part.sum()):
                return part, None
    rows, bad = narrow(part.reshape(-1, 1), codec, finite)
    return rows[:, 0], bad if bad.any() else None
