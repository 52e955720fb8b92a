"""The lanes of one entry on a GPU: the same columns as a `LaneModule`'s, and the kernel of `backends/llvm/ptx.py`."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from portalis.translator.bridge.columns import HostColumns, PortColumns
from portalis.translator.bridge.errors import GuestStop
from portalis.translator.bridge.gpu import Array, Device
from portalis.translator.bridge.lanes import LaneRun, Mask
from portalis.translator.bridge.layout import DTYPES, lane_layout
from portalis.translator.ir.abi import EntrySignature, kernel_name
from portalis.translator.ir.errors import OUT_OF_FUEL

# Iterations of loops that one lane may go through in a run: what a thread may cost is this many times its longest body.
LANE_FUEL = 10_000_000


class GpuLanes:
    """One lane entry's columns, on the host and on a device, for up to `capacity` lanes.

    `source` is the PTX that holds the entry's kernel; `fuel` is what one lane may spend. ValueError for a capacity or signature that no
    lane entry can have. Not for use from several threads at a time.
    """

    def __init__(self, device: Device, source: str, signature: EntrySignature, capacity: int, *, fuel: int = LANE_FUEL) -> None:
        layout = lane_layout(signature, capacity)
        self._device = device
        self._name = f"lanes.{signature.name}"
        self._fuel = fuel
        self._host = HostColumns(layout, signature.inputs, signature.outputs)
        self._capacity = capacity
        self._kernel = device.kernel(source, "ptx", kernel_name(signature.name))
        self._active = device.allocate(capacity, np.bool_)
        self._errors = device.allocate(capacity, np.uint32)
        self._given = [device.allocate(len(values), values.dtype) for values in self._input_columns()]
        self._written = [device.allocate(capacity, DTYPES[column.slot]) for column in layout.outputs if column.slot is not None]

    @property
    def capacity(self) -> int:
        """How many lanes the columns have room for."""
        return self._capacity

    @property
    def inputs(self) -> PortColumns:
        """The host's input columns, one array for each slot of each port: `capacity` elements, or one where the port is uniform."""
        return self._host.inputs

    @property
    def outputs(self) -> PortColumns:
        """The host's output columns as of the last `run`, `capacity` elements each."""
        return self._host.outputs

    @property
    def active(self) -> Mask:
        """For each lane whether it is run; all are at first."""
        return self._host.active

    def run(self, n: int) -> LaneRun:
        """Run lanes 0 … n - 1: columns to the device, one launch, results back.

        `isolated` of the result names the lanes that used up their fuel; like lanes with an error they change no output. ValueError for an
        n outside 0 … capacity.
        """
        if not 0 <= n <= self._capacity:
            raise ValueError(f"{n} lanes do not fit columns for {self._capacity}")
        started = time.perf_counter()
        self.upload()
        self.launch(n)
        words = self.error_words(n)
        active = self._host.active[:n]
        words[~active] = 0
        committed = active & (words == 0)
        for mine, theirs in zip(self._host.output_columns, self._written, strict=True):
            np.copyto(mine[:n], self._device.read(theirs, n), where=committed)
        dry = np.flatnonzero(words == OUT_OF_FUEL)
        words[dry] = 0
        stops = tuple(GuestStop(self._name, "fuel", "used up the iterations that a lane has", int(lane)) for lane in dry)
        seconds = time.perf_counter() - started
        return LaneRun(words, int(np.count_nonzero(words)), np.empty(0, np.intp), None, 0, seconds, stops)

    def upload(self) -> None:
        """Copy the host's inputs and `active` to the device."""
        self._device.write(self._active, self._host.active)
        for target, values in zip(self._given, self._input_columns(), strict=True):
            self._device.write(target, values)

    def launch(self, n: int) -> None:
        """Start lanes 0 … n - 1 on what lies on the device, and do not wait for them."""
        addresses = [self._active, self._errors, *self._given, *self._written]
        self._kernel(n, [np.uint32(n), np.uint32(self._fuel), *addresses])

    def error_words(self, n: int) -> NDArray[np.uint32]:
        """Wait for what was launched and return its error words; `OUT_OF_FUEL` is one of them."""
        return self._device.read(self._errors, n).astype(np.uint32, copy=False)

    def _input_columns(self) -> list[Array]:
        return [column for columns in self._host.inputs.values() for column in columns]
