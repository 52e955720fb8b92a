"""A lane entry's columns on both sides of the sandbox.

What users read and write are arrays of the host's own; the guest has copies. So no array outlives the memory that it is a view of, a guest
cannot change an input for the next run, and after a stop the same inputs are there for another try.

Columns that are fed back come in pairs on both sides. Once a call's results are taken, the two of a pair change places: in the guest the
results are where the next call reads, and the host's copy of them is what another instance would be given. What the guest writes into such
an input during a call reaches nobody: the column is its next output, and lanes without results get back what the host has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from portalis.translator.bridge.fast_call import FastCall
from portalis.translator.bridge.guards import GUARD_BYTES, align, guard_bytes
from portalis.translator.bridge.layout import DTYPES, Column, LaneLayout
from portalis.translator.ir.abi import Port

PortColumns: TypeAlias = Mapping[str, tuple[NDArray[Any], ...]]
Array: TypeAlias = NDArray[Any]
UNWRITTEN = 0xFFFF_FFFF  # no error word: a program has fewer sites
NO_LANE = 0xFFFF_FFFF
_Item = TypeVar("_Item")


class HostColumns:
    """The host's arrays: `active` and the inputs that are not fed back in one block laid out like the guest's, and all others.

    A column has `capacity` elements, or one where it is uniform. At first every lane is active and all else is 0. Nobody may write to them
    during a run: the guest would be blamed. `version` counts the times that what is fed back was overwritten by the host, `kept_version`
    those of what is kept.
    """

    def __init__(self, layout: LaneLayout, inputs: tuple[Port, ...], outputs: tuple[Port, ...]) -> None:
        self.block = bytearray(guard_bytes(layout.input_bytes))
        self.block_bytes = block = np.frombuffer(self.block, dtype=np.uint8)
        self.active: NDArray[np.bool_] = _typed(block, layout.active, layout.capacity)
        self.active[:] = True
        self.version = self.kept_version = 0
        given = [
            np.zeros(layout.capacity, _kind(column)) if position in layout.fed_back else _typed(block, column, layout.capacity)
            for position, column in enumerate(layout.inputs)
        ]
        for column in given:
            column[:] = 0
        written = [np.zeros(layout.capacity, _kind(column)) for column in layout.outputs]
        self._layout = layout
        self._lane_inputs = [position for position, column in enumerate(layout.inputs) if not column.uniform]
        ports = inputs, outputs
        self._sides = [_HostSide.of(layout, ports, given, written), _HostSide.of(layout, ports, *_turned(layout, given, written))]

    @property
    def inputs(self) -> PortColumns:
        """The inputs by port; those that are fed back or kept cannot be written to."""
        return self._sides[0].inputs

    @property
    def outputs(self) -> PortColumns:
        """The outputs by port."""
        return self._sides[0].outputs

    @property
    def input_columns(self) -> list[Array]:
        """The input columns in order, all of which can be written to."""
        return self._sides[0].given

    @property
    def output_columns(self) -> list[Array]:
        """The output columns in order."""
        return self._sides[0].written

    @property
    def lane_columns(self) -> list[Array]:
        """The input columns with one element a lane, all of which can be written to."""
        return [self.input_columns[position] for position in self._lane_inputs]

    def turn(self, lanes: int, without: NDArray[np.intp]) -> None:
        """Let the columns of each pair change places; the lanes of `without`, and those from `lanes` on, keep what they have as input."""
        if len(without) or lanes < self._layout.capacity:
            for position, result in self._layout.pairs:
                before, after = self.input_columns[position], self.output_columns[result]
                after[lanes:] = before[lanes:]
                after[without] = before[without]
        self._sides.reverse()

    def feed(self, position: int, values: NDArray[Any]) -> None:
        """Overwrite the first elements of an input that is fed back or kept; ValueError where `position` is another's."""
        if position in self._layout.fed_back:
            self.version += 1
        elif position in self._layout.kept:
            self.kept_version += 1
        else:
            raise ValueError(f"{self._layout.inputs[position].name!a} is neither fed back nor kept: its columns can be written to")
        self.input_columns[position][: len(values)] = values


@dataclass(frozen=True, slots=True)
class _HostSide:
    """The host's arrays with the columns of each pair in one of their two places."""

    given: list[Array]
    written: list[Array]
    inputs: PortColumns
    outputs: PortColumns

    @staticmethod
    def of(layout: LaneLayout, ports: tuple[tuple[Port, ...], tuple[Port, ...]], given: list[Array], written: list[Array]) -> _HostSide:
        stays = layout.fed_back | layout.kept
        shown = [_read_only(values) if position in stays else values for position, values in enumerate(given)]
        return _HostSide(given, written, _by_port(ports[0], shown), _by_port(ports[1], written))


def _turned(layout: LaneLayout, given: list[_Item], written: list[_Item]) -> tuple[list[_Item], list[_Item]]:
    """Return what stands for inputs and for outputs once the two of each pair have changed places."""
    given, written = [*given], [*written]
    for position, result in layout.pairs:
        given[position], written[result] = written[result], given[position]
    return given, written


def _read_only(values: Array) -> Array:
    view = values.view()
    view.flags.writeable = False
    return view


def _kind(column: Column) -> DTypeLike:
    return DTYPES[column.slot] if column.slot is not None else np.uint32


def _typed(block: NDArray[np.uint8], column: Column, lanes: int) -> Array:
    return block[column.offset : column.offset + column.size(lanes)].view(_kind(column))


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
        self.error_bytes = memory[middle + layout.errors.offset : middle + layout.errors.offset + layout.errors.size(layout.capacity)]
        inputs = [
            _typed(self._written if position in layout.fed_back else self._given_bytes, column, layout.capacity)
            for position, column in enumerate(layout.inputs)
        ]
        outputs = [_typed(self._written, column, layout.capacity) for column in layout.outputs]
        self._lanes = -1
        self._version = self._kept_version = -1
        self._guards: NDArray[np.intp] = np.empty(0, np.intp)
        self._guard_values: NDArray[np.uint8] = np.empty(0, np.uint8)
        given = [(middle if position in layout.fed_back else start) + column.offset for position, column in enumerate(layout.inputs)]
        written = [middle + column.offset for column in layout.outputs]
        header = [0, start + layout.active.offset, middle + layout.errors.offset, middle + layout.current.offset]
        sides = (given, written, inputs, outputs), (*_turned(layout, given, written), *_turned(layout, inputs, outputs))
        self._sides = [(function.encode([*header, *side[0], *side[1]]), side[2], side[3]) for side in sides]
        self._function = function
        function.set_arguments(self._sides[0][0])

    @property
    def outputs(self) -> list[Array]:
        """The output columns in order, as the guest left them."""
        return self._sides[0][2]

    def prepare(self, host: HostColumns, lanes: int) -> None:
        """Copy the inputs in, and set up what tells afterwards whether the guest kept to its columns."""
        end = self._layout.kept_offset if host.kept_version == self._kept_version else self._layout.input_bytes
        self._given_bytes[:end] = host.block_bytes[:end]
        self._kept_version = host.kept_version
        if lanes != self._lanes or host.version != self._version:
            for position, _ in self._layout.pairs:
                self._sides[0][1][position][:lanes] = host.input_columns[position][:lanes]
            self._version = host.version
        if lanes != self._lanes:
            self._guards = _guard_indices(self._layout, lanes)
            self._guard_values = np.frombuffer(guard_bytes(self._layout.output_bytes), dtype=np.uint8)[self._guards]
            self._written[self._guards] = self._guard_values
            self._lanes = lanes
        self.errors[:lanes] = UNWRITTEN
        self._current[0] = NO_LANE

    def turn(self, host: HostColumns, without: NDArray[np.intp]) -> None:
        """Let the columns of each pair change places; the lanes of `without` have no results, and get what `host` has for them."""
        self._version = -1
        self._sides.reverse()
        arguments, inputs, _ = self._sides[0]
        self._function.set_arguments(arguments)
        if len(without):
            for position, _ in self._layout.pairs:
                inputs[position][without] = host.input_columns[position][without]
        self._version = host.version

    def announced_lane(self, host: HostColumns) -> int | None:
        """Return the lane that the guest said it was about to run, None where it said none or one that it was not asked to run."""
        lane = int(self._current[0])
        return lane if lane < self._lanes and host.active[lane] else None

    def trespass(self, host: HostColumns) -> str:
        """Name the place outside its outputs that the guest wrote to; empty where there is none."""
        # One comparison of the whole block, which numpy would make element by element and with NaNs unequal.
        if host.block != self._given:
            changed = np.flatnonzero(self._given_bytes != host.block_bytes)[0]
            given = [column for position, column in enumerate(self._layout.inputs) if position not in self._layout.fed_back]
            given.sort(key=lambda column: column.offset)
            return _place(int(changed), (self._layout.active, *given), self._layout.capacity)
        found = self._written[self._guards]
        if found.tobytes() == self._guard_values.tobytes():
            return ""
        changed = self._guards[np.flatnonzero(found != self._guard_values)[0]]
        return _place(int(changed), _in_order(self._layout), self._lanes)


def _in_order(layout: LaneLayout) -> tuple[Column, ...]:
    """Return the columns of the outputs block by where they lie."""
    fed_back = [layout.inputs[position] for position, _ in layout.pairs]
    return tuple(sorted((layout.current, layout.errors, *layout.outputs, *fed_back), key=lambda column: column.offset))


def _guard_indices(layout: LaneLayout, lanes: int) -> NDArray[np.intp]:
    """Return the offsets, in the outputs block, of all guard bytes: right after each column's last lane, and between the columns."""
    starts = [0]
    for column in _in_order(layout):
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
