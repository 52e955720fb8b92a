"""What the frame loop needs of a stage: columns read, columns written, one frame at a time.

`StageBackend` is what a host implements: `openusd.py` with OpenUSD alone, `fabric.py` for hosts that draw from Fabric.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pxr import Usd

from portalis.translator.stage.columns.packing import Parts
from portalis.translator.stage.plan.resolved import Target
from portalis.translator.stage.values import Codec, Rows, codec_of

Indices = NDArray[np.intp]
EXTENT_TYPE = "float3[]"


def extent_codec() -> Codec:
    """Return the codec of an extent: two corners."""
    codec = codec_of(EXTENT_TYPE)
    assert codec is not None, "arrays of float3 cross"
    return codec


class ColumnReader(Protocol):
    """One single-valued attribute a lane. `varying` marks those that must be read every frame; the others only when something changed."""

    varying: NDArray[np.bool_]

    def read(self, time_code: float, which: Indices) -> tuple[Rows, NDArray[np.bool_], NDArray[np.bool_]]:
        """Return the rows of the attributes `which`; which of them have no value, and which one that lanes cannot take.

        The rows of both mean nothing.
        """

    def look_again(self, which: Indices) -> None:
        """Determine `varying` anew for the attributes `which`, which somebody edited."""


class ArrayReader(Protocol):
    """One array attribute, all of whose elements are lanes."""

    varying: bool

    def read(self, time_code: float) -> Rows:
        """Return the rows of all elements; none where the attribute has no value."""

    def look_again(self) -> None:
        """Determine `varying` anew."""


class ColumnWriter(Protocol):
    """One single-valued attribute a lane."""

    def write(self, which: Indices, rows: Rows, alike: NDArray[np.bool_]) -> None:
        """Store `rows`, in the codec's precision, in the attributes `which`.

        Those that are `alike` hold a value that is equal and has other bits: 0.0 where -0.0 is to be stored, or the reverse.
        """


class ArrayWriter(Protocol):
    """One array attribute."""

    def write(self, parts: Parts, alike: bool) -> None:
        """Store all elements, one array a scalar; `alike` as for a column, of the whole array."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was written to attributes, in the host's own types."""

    targets: tuple[Target, ...]
    values: tuple[Any, ...]


class StageBackend(Protocol):
    """A stage as columns: all that a run asks of its host. What a frame reads and writes lies between entering and leaving `frame`."""

    def compose_from(self, paths: Callable[[], Collection[str]]) -> None:
        """Take note of what `paths` finds: attributes that are written and that OpenUSD composes something from for a behaviour.

        Those have to be on the stage itself. It is said before writers are made.
        """

    def column_reader(self, paths: Sequence[str], codec: Codec, strings: Sequence[str]) -> ColumnReader: ...

    def array_reader(self, path: str, codec: Codec) -> ArrayReader: ...

    def column_writer(self, targets: Sequence[Target], codec: Codec, strings: Sequence[str]) -> ColumnWriter: ...

    def array_writer(self, target: Target, codec: Codec) -> ArrayWriter: ...

    def local_to_world(self, paths: Sequence[str], time_code: float) -> Rows:
        """Return (prims, 16) rows: the matrices to the world's space from each prim's, as OpenUSD composes them of what the stage has.

        NaN throughout is one that is not composed, since an op on the way is none.
        """

    def clear(self, path: str) -> None:
        """Take back what was written to an attribute, so that the stage's own value shows again."""

    def update_extent(self, path: str, time_code: float) -> Rows | None:
        """Recompute the extent of a point-based prim or instancer, where one is authored; return its two corners if it was."""

    def frame(self, time_code: float) -> contextlib.AbstractContextManager[None]:
        """Do within it what a frame at `time_code` reads and writes."""

    def hidden(self) -> contextlib.AbstractContextManager[None]:
        """Show, within it, the stage as it is without what was written."""

    def forget(self, keep: Collection[str]) -> None:
        """Take back everything that was written, except to the attributes `keep`."""

    def keep(self) -> Kept:
        """Return everything that is written, for `bring_back`."""

    def bring_back(self, kept: Kept) -> None:
        """Have everything written as it was, to the last bit, and nothing else; writers made before are of no more use."""

    def close(self) -> None:
        """Undo everything that was written."""


# Makes the backend of a run on a stage; it calls what it is given with False before, and with True after, it writes to the stage.
MakeBackend: TypeAlias = Callable[[Usd.Stage, Callable[[bool], None]], StageBackend]
