"""What groups share, what they count, and what of them outlives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from portalis.translator.ir.types import Type
from portalis.translator.stage.columns.owners import LaneOwners
from portalis.translator.stage.columns.plumbing import Connections
from portalis.translator.stage.columns.transfer import Sink
from portalis.translator.stage.columns.units import HostValues
from portalis.translator.stage.plan.bindings import BindingKey
from portalis.translator.stage.plan.executor import Columns, Fault, Limits
from portalis.translator.stage.plan.resolved import ResolvedBinding
from portalis.translator.stage.recording.call import Tap
from portalis.translator.stage.transforms.worlds import Worlds

OnError: TypeAlias = Literal["deactivate", "retry"]


@dataclass(frozen=True, slots=True)
class LaneFault:
    """A lane's failure: `element` counts the elements of a crowd and is 0 elsewhere."""

    key: BindingKey
    element: int
    frame: int
    fault: Fault


@dataclass(frozen=True, slots=True)
class Saved:
    """What of a binding outlives its group: each field's type and columns, which lanes still run, and the beat of its rate."""

    binding: ResolvedBinding
    fields: Mapping[str, tuple[Type, Columns]]
    active: NDArray[np.uint8]
    last_run: float | None = None
    ticks: int = 0


@dataclass(frozen=True, slots=True)
class GroupKept:
    """A group between two frames: the columns of its fields, which lanes still run, and the beat of its rate."""

    layout: LaneOwners
    fields: Mapping[str, tuple[Type, Columns]]
    active: NDArray[np.uint8]
    last_run: float | None
    ticks: int
    given_up: bool

    @property
    def size(self) -> int:
        """How many bytes the columns take."""
        return self.active.nbytes + sum(column.nbytes for _, columns in self.fields.values() for column in columns)

    def saved(self) -> dict[BindingKey, Saved]:
        """Return every binding's state."""
        saved = {}
        for index, item in enumerate(self.layout.bindings):
            lanes = self.layout.of(index)
            fields = {name: (type_, tuple(column[lanes] for column in columns)) for name, (type_, columns) in self.fields.items()}
            saved[item.key] = Saved(item, fields, self.active[lanes], self.last_run, self.ticks)
        return saved


@dataclass(frozen=True, slots=True)
class KeptField:
    """What lanes of one binding have in a field: how many they are, and the value of the first, as Python has it."""

    lanes: int
    first: Any


@dataclass(slots=True)
class BehaviourTally:
    """What a group did so far: seconds into columns, in the sandbox and out of columns, fuel, attributes written, faults."""

    gather: float = 0.0
    bridge: float = 0.0
    scatter: float = 0.0
    fuel: int = 0
    writes: int = 0
    fault_count: int = 0
    faults: list[LaneFault] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """All the time that it took."""
        return self.gather + self.bridge + self.scatter


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all groups of a run share; `tap` records or replays every call."""

    connections: Connections
    worlds: Worlds
    host: HostValues
    sinks: Sequence[Sink]
    on_error: OnError
    limits: Limits
    tap: Tap | None = None
