"""Compares two large columns bit for bit, on a GPU (`kernels/compare_columns.cu`) or with numpy: same arguments, same answer."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from portalis.translator.bridge.gpu import Array, Device, NoGpu, find_gpu

# The distance of a NaN and a number.
FARTHEST = 2**64 - 1
_SOURCE = "compare_columns.cu"
# The integers that hold the bits of each element type, the kernel for it, and the bits of its infinity; bools are compared as integers.
_KINDS: dict[str, tuple[np.dtype[np.signedinteger], str, int]] = {
    "float64": (np.dtype(np.int64), "compare_f64", 0x7FF0_0000_0000_0000),
    "float32": (np.dtype(np.int32), "compare_f32", 0x7F80_0000),
    "int64": (np.dtype(np.int64), "compare_i64", 0),
}
_CHUNK = 1 << 18
# Threads stride over the elements; so many keep a large GPU's memory busy.
_THREADS = 1 << 18


@dataclass(frozen=True, slots=True)
class ColumnDifference:
    """How two columns differ: in how many elements, by how much at most, and where first (None: nowhere).

    `farthest` counts representable values between two floats (zeros of either sign are one value), is the difference of two integers, and
    `FARTHEST` for a NaN and a number.
    """

    differing: int
    farthest: int
    first: int | None


CompareColumns: TypeAlias = Callable[[Array, Array], ColumnDifference]


def compare_columns(left: Array, right: Array) -> ColumnDifference:
    """Compare two columns of float64, float32, int64 or bool with numpy; any NaN equals any other.

    ValueError where they have another type, more than one dimension, or differ in type or length.
    """
    left, right, (bits, _, infinity) = _prepared(left, right)
    differing, farthest, first = 0, 0, None
    for start in range(0, len(left), _CHUNK):
        a, b = (column[start : start + _CHUNK].view(bits) for column in (left, right))
        a_nan, b_nan = (_is_nan(column, infinity) for column in (a, b))
        different = np.flatnonzero((a != b) & ~(a_nan & b_nan))
        if not len(different):
            continue
        first = start + int(different[0]) if first is None else first
        differing += len(different)
        unordered = (a_nan | b_nan)[different]
        a, b = (_ordinals(column[different], infinity) for column in (a, b))
        # Unsigned, since the difference of two int64 need not be one.
        apart = np.maximum(a, b).view(np.uint64) - np.minimum(a, b).view(np.uint64)
        farthest = FARTHEST if unordered.any() else max(farthest, int(apart.max()))
    return ColumnDifference(differing, farthest, first)


def _prepared(left: Array, right: Array) -> tuple[Array, Array, tuple[np.dtype[np.signedinteger], str, int]]:
    if left.dtype != right.dtype or left.shape != right.shape or left.ndim != 1:
        raise ValueError(f"columns of {left.dtype} {left.shape} and {right.dtype} {right.shape} cannot be compared")
    if left.dtype == np.bool_:
        left, right = left.astype(np.int64), right.astype(np.int64)
    if left.dtype.name not in _KINDS:
        raise ValueError(f"columns of {left.dtype} cannot be compared")
    return np.ascontiguousarray(left), np.ascontiguousarray(right), _KINDS[left.dtype.name]


def _is_nan(bits: NDArray[np.signedinteger], infinity: int) -> NDArray[np.bool_]:
    return (bits & np.iinfo(bits.dtype).max) > infinity if infinity else np.zeros(len(bits), np.bool_)


def _ordinals(bits: NDArray[np.signedinteger], infinity: int) -> NDArray[np.int64]:
    """Return the place of every value among all of its type; negative floats' bits grow as their values fall."""
    magnitudes = bits & np.iinfo(bits.dtype).max
    return (np.where(bits < 0, -magnitudes, bits) if infinity else bits).astype(np.int64)


def kernel_source() -> str:
    """Return the CUDA source: from above this module in an installed package, from `kernels/` in a checkout; LookupError if nowhere."""
    places = (parent / "kernels" / _SOURCE for parent in Path(__file__).parents)
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        raise LookupError(f"{_SOURCE} is missing: reinstall portalis-translator")
    return path.read_text(encoding="utf-8")


class DeviceComparison:
    """`compare_columns` on a device; the kernels are compiled when they are first needed."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._kernel = functools.cache(functools.partial(device.kernel, kernel_source(), "cuda"))

    def __call__(self, left: Array, right: Array) -> ColumnDifference:
        """Copy two columns to the device and compare them there; arguments and errors are those of `compare_columns`."""
        left, right, (_, kernel, _) = _prepared(left, right)
        length = len(left)
        if not length:
            return ColumnDifference(0, 0, None)
        on_device = []
        for column in (left, right):
            on_device.append(self._device.allocate(length, column.dtype))
            self._device.write(on_device[-1], column)
        total = self._device.allocate(3, np.uint64)
        self._device.write(total, np.array([0, 0, FARTHEST], np.uint64))
        self._kernel(kernel)(min(length, _THREADS), [*on_device, np.uint64(length), total])
        differing, farthest, first = (int(word) for word in self._device.read(total, 3))
        return ColumnDifference(differing, farthest, first if differing else None)


@functools.cache
def column_comparison() -> CompareColumns:
    """Return what compares large columns fastest here: the GPU where there is one, else numpy."""
    device = find_gpu()
    return compare_columns if isinstance(device, NoGpu) else DeviceComparison(device)
