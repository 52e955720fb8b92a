"""A lane entry's columns on both sides of the sandbox.

What users read and write are arrays of the host's own; the guest has copies. So no array outlives the memory that it is a view of, a guest
cannot change an input for the next run, and after a stop the same inputs are there for another try.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from portalis.translator.bridge.fast_call import FastCall
from portalis.translator.bridge.guards import GUARD_BYTES, align, guard_bytes
from portalis.translator.bridge.layout import DTYPES, Column, LaneLayout
from portalis.translator.ir.abi import Port

PortColumns: TypeAlias = Mapping[str, tuple[NDArray[Any], ...]]
Array: TypeAlias = NDArray[Any]
UNWRITTEN = 0xFFFF_FFFF  # no error word: a program has fewer sites
NO_LANE = 0xFFFF_FFFF


class HostColumns:
    """The host's arrays: the inputs and `active` in one block laid out like the guest's, and the outputs.

    A column has `capacity` elements, or one where it is uniform. At first every lane is active and all else is 0. Nobody may write to them
    during a run: the guest would be blamed.
    """

    def __init__(self, layout: LaneLayout, inputs: tuple[Port, ...], outputs: tuple[Port, ...]) -> None:
        self.block = bytearray(guard_bytes(layout.input_bytes))
        block = np.frombuffer(self.block, dtype=np.uint8)
        self.active: NDArray[np.bool_] = _typed(block, layout.active, layout.capacity)
        self.active[:] = True
        columns = [_typed(block, column, layout.capacity) for column in layout.inputs]
        for column in columns:
            column[:] = 0
        self.inputs = _by_port(inputs, columns)
        self.output_columns = [np.zeros(layout.capacity, DTYPES[column.slot]) for column in layout.outputs if column.slot is not None]
        self.outputs = _by_port(outputs, self.output_columns)
        self.lane_columns = [values for values, column in zip(columns, layout.inputs, strict=True) if not column.uniform]


def _typed(block: NDArray[np.uint8], column: Column, lanes: int) -> Array:
    kind = DTYPES[column.slot] if column.slot is not None else np.uint32
    return block[column.offset : column.offset + column.size(lanes)].view(kind)


def _by_port(ports: tuple[Port, ...], columns: list[Array]) -> PortColumns:
    supply = iter(columns)
    return MappingProxyType({port.name: tuple(next(supply) for _ in port.slots) for port in ports})


class GuestColumns:
    """The columns in one instance's memory; not to be touched once the instance is closed."""

    def __init__(self, memory: memoryview, heap_base: int, layout: LaneLayout, function: FastCall) -> None:
        start = align(heap_base)
        middle = start + layout.input_bytes
        self._layout = layout
        self._given = memory[start:middle]
        self._given_bytes = np.frombuffer(self._given, dtype=np.uint8)
        self._written = np.frombuffer(memory[middle : middle + layout.output_bytes], dtype=np.uint8)
        self._current = _typed(self._written, layout.current, layout.capacity)
        self.errors: NDArray[np.uint32] = _typed(self._written, layout.errors, layout.capacity)
        # A bool column is looked at as bytes until it is known to hold nothing but 0 and 1.
        self.outputs = [_typed(self._written, column, layout.capacity) for column in layout.outputs]
        self.bool_bytes = [values.view(np.uint8) if values.dtype == np.bool_ else None for values in self.outputs]
        self._lanes = -1
        self._guards: NDArray[np.intp] = np.empty(0, np.intp)
        self._guard_values: NDArray[np.uint8] = np.empty(0, np.uint8)
        addresses = [start + layout.active.offset, middle + layout.errors.offset, middle + layout.current.offset]
        addresses += [start + column.offset for column in layout.inputs]
        addresses += [middle + column.offset for column in layout.outputs]
        for index, address in enumerate(addresses, start=1):
            function.set_argument(index, address)

    def prepare(self, host: HostColumns, lanes: int) -> None:
        """Copy the inputs in, and set up what tells afterwards whether the guest kept to its columns."""
        self._given_bytes[:] = np.frombuffer(host.block, dtype=np.uint8)
        if lanes != self._lanes:
            self._guards = _guard_indices(self._layout, lanes)
            self._guard_values = np.frombuffer(guard_bytes(self._layout.output_bytes), dtype=np.uint8)[self._guards]
            self._written[self._guards] = self._guard_values
            self._lanes = lanes
        self.errors[:lanes] = UNWRITTEN
        self._current[0] = NO_LANE

    def announced_lane(self, host: HostColumns) -> int | None:
        """Return the lane that the guest said it was about to run, None where it said none or one that it was not asked to run."""
        lane = int(self._current[0])
        return lane if lane < self._lanes and host.active[lane] else None

    def trespass(self, host: HostColumns) -> str:
        """Name the place outside its outputs that the guest wrote to; empty where there is none."""
        # One comparison of the whole block, which numpy would make element by element and with NaNs unequal.
        if host.block != self._given:
            changed = np.flatnonzero(self._given_bytes != np.frombuffer(host.block, dtype=np.uint8))[0]
            return _place(int(changed), (self._layout.active, *self._layout.inputs), self._layout.capacity)
        found = self._written[self._guards]
        if found.tobytes() == self._guard_values.tobytes():
            return ""
        changed = self._guards[np.flatnonzero(found != self._guard_values)[0]]
        return _place(int(changed), (self._layout.current, self._layout.errors, *self._layout.outputs), self._lanes)


def _guard_indices(layout: LaneLayout, lanes: int) -> NDArray[np.intp]:
    """Return the offsets, in the outputs block, of all guard bytes: right after each column's last lane, and between the columns."""
    starts = [0]
    for column in (layout.current, layout.errors, *layout.outputs):
        starts += [column.offset + column.size(lanes), column.offset + column.size(layout.capacity)]
    return np.unique(np.add.outer(np.array(starts), np.arange(GUARD_BYTES)))


def _place(offset: int, columns: tuple[Column, ...], lanes: int) -> str:
    """Describe an offset in a block."""
    before = [column for column in columns if column.offset <= offset]
    if not before:
        return f"before column {columns[0].name!a}"
    column = before[-1]
    inside = offset < column.offset + column.size(lanes)
    return f"{'into input' if inside else 'past the end of'} column {column.name!a}"
