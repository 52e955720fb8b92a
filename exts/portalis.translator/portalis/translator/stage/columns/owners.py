"""Which lanes belong to which binding."""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from portalis.translator.stage.plan.resolved import Decision, ResolvedBinding


@dataclass(frozen=True, slots=True)
class LaneOwners:
    """Which lanes belong to which binding: those of binding i start at `offsets[i]`."""

    bindings: tuple[ResolvedBinding, ...]
    offsets: tuple[int, ...]

    @property
    def lanes(self) -> int:
        """The number of lanes."""
        return self.offsets[-1]

    def alike(self) -> Collection[Sequence[int]]:
        """Return the bindings, by their places, those together that share a decision."""
        first = self.bindings[0].decision
        if all(item.decision is first for item in self.bindings):
            return (range(len(self.bindings)),)
        found: dict[Decision, list[int]] = defaultdict(list)
        for index, item in enumerate(self.bindings):
            found[item.decision].append(index)
        return found.values()

    def of(self, index: int) -> slice:
        """Return the lanes of binding `index`."""
        return slice(self.offsets[index], self.offsets[index + 1])

    def owner(self, lane: int) -> tuple[ResolvedBinding, int]:
        """Return the binding of a lane and the lane's place in it."""
        index = bisect.bisect_right(self.offsets, lane) - 1
        return self.bindings[index], lane - self.offsets[index]
