"""One call of a group as a recording sees it: every input that the guest sees, as bits, and a digest of every result."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from portalis.translator.stage.columns.owners import LaneOwners
from portalis.translator.stage.columns.units import FrameTime
from portalis.translator.stage.plan.executor import Columns
from portalis.translator.stage.plan.interface import BehaviourInterface, EntryName
from portalis.translator.stage.plan.resolved import AttributeSource

Words: TypeAlias = NDArray[np.uint64]
Mask: TypeAlias = NDArray[np.bool_]
_NAN = np.uint64(0x7FF8_0000_0000_0000)
_MIX = np.uint64(0x9E37_79B9_7F4A_7C15)


@dataclass(frozen=True, slots=True)
class Call:
    """One entry over all lanes of a group, before it runs. `layout` is the same object as long as the lanes are; `inputs` are views.

    A tap may change `inputs` and `active`: the call runs with what it finds there.
    """

    layout: LaneOwners
    interface: BehaviourInterface
    entry: EntryName
    now: FrameTime
    inputs: Mapping[str, Columns]
    active: NDArray[np.uint8]

    def columns(self) -> Iterator[tuple[str, int, NDArray[Any]]]:
        """Yield (port, slot, column of its lanes): one element where all lanes share the value."""
        uniform = self.layout.bindings[0].uniform
        for name, slots in self.inputs.items():
            count = 1 if name in uniform else self.layout.lanes
            for slot, column in enumerate(slots):
                yield name, slot, column[:count]


class Tap(Protocol):
    """Somebody who sees every call of a run, and may change what goes in."""

    def before(self, call: Call) -> None:
        """See a call whose inputs are gathered."""

    def after(self, fits: Mask, outputs: Mapping[str, Columns]) -> None:
        """See the results of the last call: `fits` are the lanes that have one. Nothing comes after a call that was stopped."""


class Track:
    """What is known of a group's next inputs without being told: that of a run that goes on as it was.

    A field is what its method left it; an input that a lane's own result goes back to is nobody else's; every other input is as it was.
    """

    def __init__(self, layout: LaneOwners, interface: BehaviourInterface) -> None:
        self._fields = {name for name, _ in interface.fields}
        self._known: dict[tuple[str, str, int], Words] = {}
        self._own = dict(_fed_back(layout))
        self.active: NDArray[np.uint8] | None = None

    def known(self, call: Call, name: str, slot: int) -> Words | None:
        """Return the expected bits of a column, or None where it was not seen yet."""
        return self._known.get(self._key(call.entry, name, slot))

    def own(self, name: str) -> Mask | None:
        """Return the lanes whose own result is this input, or None where that is nowhere so."""
        return self._own.get(name) if name not in self._fields else None

    def keep(self, call: Call, name: str, slot: int, words: Words) -> None:
        """Take note of what a column held in a call."""
        self._known[self._key(call.entry, name, slot)] = words

    def answer(self, fits: Mask, outputs: Mapping[str, Columns]) -> None:
        """Take note of what a call left in the fields."""
        for name in self._fields & outputs.keys():
            for slot, column in enumerate(outputs[name]):
                key = self._key("", name, slot)
                if key in self._known:
                    self._known[key] = np.where(fits, bits(column[: len(fits)]), self._known[key])

    def _key(self, entry: str, name: str, slot: int) -> tuple[str, str, int]:
        return ("" if name in self._fields else entry, name, slot)


def _fed_back(layout: LaneOwners) -> Iterator[tuple[str, Mask]]:
    for port in {port.name for item in layout.bindings for port in item.inputs}:
        mask = np.zeros(layout.lanes, np.bool_)
        for index, item in enumerate(layout.bindings):
            source = next((port_.source for port_ in item.inputs if port_.name == port), None)
            if isinstance(source, AttributeSource) and source.path in item.written:
                mask[layout.of(index)] = True
        if mask.any():
            yield port, mask


def bits(column: NDArray[Any]) -> Words:
    """Return a copy of a column's values as 64-bit words."""
    contiguous = np.ascontiguousarray(column)
    return contiguous.view(f"u{contiguous.dtype.itemsize}").astype(np.uint64)


def put_bits(words: Words, column: NDArray[Any]) -> None:
    """Write words that `bits` made back into a column."""
    column[:] = words.astype(f"u{column.dtype.itemsize}").view(column.dtype)


def digest(layout: LaneOwners, fits: Mask, outputs: Mapping[str, Columns]) -> tuple[bytes, Words]:
    """Return the SHA-256 of a call's results, and a 64-bit mark of those of each binding, to say who differs.

    Any NaN counts as one and the same: WebAssembly leaves its payload to the machine.
    """
    whole = hashlib.sha256(np.packbits(fits).tobytes())
    with np.errstate(over="ignore"):
        marks = (np.arange(1, len(fits) + 1, dtype=np.uint64) + fits) * _MIX
        for name in sorted(outputs):
            for column in outputs[name]:
                values = column[: len(fits)]
                words = bits(values)
                if values.dtype.kind == "f":
                    words[np.isnan(values)] = _NAN
                words[~fits] = 0
                whole.update(words.tobytes())
                marks = (marks ^ words) * _MIX
                marks ^= marks >> np.uint64(29)
        sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(marks, dtype=np.uint64)])
        return whole.digest(), np.diff(sums[list(layout.offsets)])
