"""What gather and scatter share: lanes as an index, masks, and who wants the values that are written."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from portalis.translator.stage.columns.backend import Indices
from portalis.translator.stage.plan.resolved import Target
from portalis.translator.stage.values import Codec, Rows

Mask: TypeAlias = NDArray[np.bool_]
LaneIndex: TypeAlias = Indices | slice


def lane_index(lanes: Sequence[int]) -> LaneIndex:
    """Return an index for numpy: a slice, which copies nothing, where the lanes follow one another."""
    if len(lanes) and lanes[-1] - lanes[0] + 1 == len(lanes) and all(a < b for a, b in itertools.pairwise(lanes)):
        return slice(lanes[0], lanes[-1] + 1)
    return np.array(lanes, np.intp)


class Sink(Protocol):
    """Somebody who wants every value that is written: what bakes, or compares."""

    def at(self, time_code: float) -> None:
        """Begin a frame: what follows is its values. The start of a run has the time of its first frame."""

    def column(self, targets: Sequence[Target], codec: Codec, strings: Sequence[str], which: Indices, rows: Rows) -> None:
        """Take the new `rows` of the single-valued attributes `which` of `targets`; both are the sink's own to keep.

        `targets` is the same object in every frame, so that what a sink finds out about it holds for all of them.
        """

    def array(self, target: Target, codec: Codec, rows: Rows) -> None:
        """Take all elements of an array attribute; `rows` is the sink's own to keep."""
