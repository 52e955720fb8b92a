"""What behaviours wrote last: between frames these columns are the truth, for others who read it and for the stage."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portalis.translator.stage.columns.packing import Parts
from portalis.translator.stage.plan.resolved import Target
from portalis.translator.stage.values import Codec


class Written:
    """The last values of single-valued attributes, as the attributes hold them: one array a scalar, in the codec's precision.

    `there` tells which have been written; `complete` that all have. A token's value is its index in `strings`. `version` is another number
    whenever a value may be another.
    """

    def __init__(self, targets: Sequence[Target], codec: Codec, strings: Sequence[str]) -> None:
        self.targets = tuple(targets)
        self.codec = codec
        self.strings = tuple(strings)
        self.parts: Parts = tuple(np.zeros(len(targets), codec.dtype) for _ in range(codec.width))
        self.there: NDArray[np.bool_] = np.zeros(len(targets), np.bool_)
        self.complete = False
        self.version = 0


class WrittenArray:
    """The last elements of one array attribute, one array a scalar; none (`parts` is empty) until it is written."""

    def __init__(self) -> None:
        self.parts: Parts = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where one attribute's value is found: the columns, and its index there."""

    written: Written
    index: int


class Wires:
    """Where the attributes are found that one behaviour writes and another reads (`handed`)."""

    def __init__(self, handed: Collection[str]) -> None:
        self.handed = handed
        self.version = 0
        self._places: dict[str, Place] = {}
        self._arrays: dict[str, WrittenArray] = {}

    def lay(self, written: Written) -> None:
        """Let readers find the attributes of `written`, in place of what had them before."""
        if self.handed:
            self._places |= {t.path: Place(written, index) for index, t in enumerate(written.targets) if t.path in self.handed}
            self.version += 1

    def lay_array(self, path: str, written: WrittenArray) -> None:
        """Let readers find an array attribute."""
        if path in self.handed:
            self._arrays[path] = written
            self.version += 1

    def place(self, path: str) -> Place | None:
        """Return where a single-valued attribute is found, if anywhere."""
        return self._places.get(path)

    def array(self, path: str) -> WrittenArray | None:
        """Return where an array attribute is found, if anywhere."""
        return self._arrays.get(path)
