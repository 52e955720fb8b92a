"""What a run was between two of its frames, kept so that it can go back without beginning again."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portalis.translator.stage.columns.backend import Kept
from portalis.translator.stage.run.costs import Costs
from portalis.translator.stage.run.kept import BehaviourTally, GroupKept

# More than these are thinned out: every other one goes, and the next ones come half as often.
_MOST = 32
_MOST_BYTES = 256 * 2**20
# About what OpenUSD's values take in Python, each with its attribute.
_BYTES_A_VALUE = 100


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A run of which `frame` is the next to come: what it wrote, its groups in their order, how many fixed steps it
    made, what it counted and how long that took."""

    frame: int
    written: Kept
    groups: tuple[GroupKept, ...]
    steps: int
    tallies: Mapping[tuple[str, str], BehaviourTally]
    costs: Costs

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        return _BYTES_A_VALUE * len(self.written.values) + sum(group.size for group in self.groups)


def copied(tallies: Mapping[tuple[str, str], BehaviourTally]) -> dict[tuple[str, str], BehaviourTally]:
    """Return tallies of their own, with the same faults."""
    found = {key: copy.copy(tally) for key, tally in tallies.items()}
    for tally in found.values():
        tally.faults = list(tally.faults)
    return found


class Snapshots:
    """Snapshots of every `every`-th frame of a run, or of none with 0. However long it is, there are few, and they take little memory."""

    def __init__(self, every: int) -> None:
        self._first = self._every = every
        self._kept: dict[int, Snapshot] = {}

    @property
    def frames(self) -> Sequence[int]:
        """The frames that can be gone back to, ascending."""
        return sorted(self._kept)

    def is_due(self, frame: int) -> bool:
        """Tell whether a run of which `frame` is the next to come is to be kept."""
        return self._every > 0 and frame % self._every == 0 and frame not in self._kept

    def add(self, snapshot: Snapshot) -> None:
        """Keep a snapshot."""
        self._kept[snapshot.frame] = snapshot
        while len(self._kept) > _MOST or (self._kept and sum(kept.size for kept in self._kept.values()) > _MOST_BYTES):
            self._every *= 2
            self._kept = {frame: kept for frame, kept in self._kept.items() if frame % self._every == 0}

    def last_before(self, frame: int) -> Snapshot | None:
        """Return the latest snapshot at `frame` or before."""
        return max((kept for kept in self._kept.values() if kept.frame <= frame), key=lambda kept: kept.frame, default=None)

    def clear(self) -> None:
        """Forget all: the stage is another one."""
        self._kept.clear()
        self._every = self._first
