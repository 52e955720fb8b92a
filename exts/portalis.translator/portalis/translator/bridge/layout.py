"""Where the columns of a lane entry lie in the guest's memory (`ir/abi.py`): a block that the host writes, then one that the guest writes.

    inputs block:  guard | active | guard | input column | guard | … | kept input column | guard | …
    outputs block: guard | current | guard | errors | guard | output column | guard | …

Every column is aligned, and at least a guard zone follows what it holds. The inputs that are *fed back* lie in the outputs block: such an
input and the output of its name are two columns that change places after a call, so that results are inputs without having been copied.
Inputs that are *kept* change only where the host says so: they stay in the guest from call to call.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from portalis.translator.bridge.guards import ALIGNMENT, GUARD_BYTES, align
from portalis.translator.ir.abi import MAX_WASM_PARAMETERS, SLOT_BYTES, EntrySignature, Port
from portalis.translator.ir.types import Slot

MAX_LANES = 2**24
_HEADER_PARAMETERS = 4  # n, active, errors, current
MOST_LANE_NUMBERS = MAX_WASM_PARAMETERS - _HEADER_PARAMETERS
_ERROR_BYTES = 4
DTYPES: dict[Slot, DTypeLike] = {"i64": np.int64, "f64": np.float64, "f32": np.float32, "bool": np.bool_}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name for messages, element size in bytes, offset in its block, and whether it has one element for all lanes."""

    name: str
    slot: Slot | None
    element_bytes: int
    offset: int
    uniform: bool = False

    def size(self, lanes: int) -> int:
        """Return the bytes that hold the column's elements for so many lanes."""
        return self.element_bytes * (1 if self.uniform else lanes)


@dataclass(frozen=True, slots=True)
class LaneLayout:
    """All columns of one entry for up to `capacity` lanes. Offsets count from the start of their block, sizes are in bytes.

    `pairs` are the positions, among the inputs and among the outputs, of columns that are fed back, `fed_back` the former of these, and
    `kept` those of inputs that are kept; these begin at `kept_offset` of their block.
    """

    capacity: int
    active: Column
    inputs: tuple[Column, ...]
    input_bytes: int
    current: Column
    errors: Column
    outputs: tuple[Column, ...]
    output_bytes: int
    kept_offset: int
    kept: frozenset[int] = frozenset()
    pairs: tuple[tuple[int, int], ...] = ()
    fed_back: frozenset[int] = frozenset()

    @property
    def parameters(self) -> int:
        """How many wasm parameters the entry takes."""
        return _HEADER_PARAMETERS + len(self.inputs) + len(self.outputs)

    @property
    def heap_bytes(self) -> int:
        """Bytes of host memory that both blocks take, wherever the heap begins."""
        return ALIGNMENT + self.input_bytes + self.output_bytes


class _Block:
    """Places columns one after the other."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self.end = GUARD_BYTES

    def place(self, name: str, slot: Slot | None, element_bytes: int, *, uniform: bool = False) -> Column:
        column = Column(name, slot, element_bytes, self.end, uniform)
        self.end = align(column.offset + column.size(self._capacity) + GUARD_BYTES)
        return column


def _slots(ports: tuple[Port, ...]) -> list[tuple[Port, str, Slot]]:
    """Return the slots of ports in order, each with its port and its name for messages."""
    return [
        (port, port.name if len(port.slots) == 1 else f"{port.name}[{index}]", slot)
        for port in ports
        for index, slot in enumerate(port.slots)
    ]


def lane_numbers(signature: EntrySignature) -> int:
    """Return how many numbers an entry takes and gives for each lane; `MOST_LANE_NUMBERS` of them at most can be passed."""
    return len(_slots(signature.inputs)) + len(_slots(signature.outputs))


def lane_layout(
    signature: EntrySignature, capacity: int, feedback: frozenset[str] = frozenset(), kept: frozenset[str] = frozenset()
) -> LaneLayout:
    """Lay out an entry's columns for up to `capacity` lanes; the ports named in `feedback` are fed back, other inputs in `kept` are kept.

    ValueError for a capacity that is negative or beyond MAX_LANES, and for a name that is not both an input with one value a lane and an
    output of the same type.
    """
    if not 0 <= capacity <= MAX_LANES:
        raise ValueError(f"a capacity is between 0 and {MAX_LANES} lanes, not {capacity}")
    results = {port.name: port.type for port in signature.outputs}
    fit = {port.name for port in signature.inputs if not port.uniform and results.get(port.name) == port.type}
    if unfit := sorted(feedback - fit):
        raise ValueError(f"entry {signature.name!r} cannot feed back {unfit[0]!r}")
    given, written = _Block(capacity), _Block(capacity)
    active = given.place("active", "bool", 1)
    slots = _slots(signature.inputs)
    stays = frozenset(position for position, (port, _, _) in enumerate(slots) if port.name in kept - feedback)
    placed: dict[int, Column] = {}
    for position, (port, name, slot) in enumerate(slots):
        if position not in stays:
            block = written if port.name in feedback else given
            placed[position] = block.place(name, slot, SLOT_BYTES[slot], uniform=port.uniform)
    kept_offset = given.end
    for position in sorted(stays):
        port, name, slot = slots[position]
        placed[position] = given.place(name, slot, SLOT_BYTES[slot], uniform=port.uniform)
    inputs = tuple(placed[position] for position in range(len(slots)))
    current = written.place("current", None, _ERROR_BYTES, uniform=True)
    errors = written.place("errors", None, _ERROR_BYTES)
    outputs = tuple(written.place(name, slot, SLOT_BYTES[slot]) for _, name, slot in _slots(signature.outputs))
    pairs = _pairs(signature, feedback)
    fed_back = frozenset(position for position, _ in pairs)
    layout = LaneLayout(capacity, active, inputs, given.end, current, errors, outputs, written.end, kept_offset, stays, pairs, fed_back)
    if layout.parameters > MAX_WASM_PARAMETERS:
        raise ValueError(
            f"entry {signature.name!r} has {layout.parameters} columns and parameters; a wasm function takes {MAX_WASM_PARAMETERS}"
        )
    return layout


def _pairs(signature: EntrySignature, feedback: frozenset[str]) -> tuple[tuple[int, int], ...]:
    ends = {name: position for position, (_, name, _) in enumerate(_slots(signature.outputs))}
    return tuple((position, ends[name]) for position, (port, name, _) in enumerate(_slots(signature.inputs)) if port.name in feedback)


def heap_bytes_needed(signature: EntrySignature, capacity: int) -> int:
    """Return the bytes of heap, from `__heap_base` on, that a module must have for up to `capacity` lanes of an entry."""
    return lane_layout(signature, capacity).heap_bytes
