"""What the stage has of columns that it is not given in every frame: it is brought up to date with what changed since."""

from __future__ import annotations

import numpy as np

from portalis.translator.stage.columns.backend import Indices
from portalis.translator.stage.columns.packing import Parts, changed_parts, equal_parts, zero_parts
from portalis.translator.stage.columns.transfer import Mask


class Shown:
    """What the stage was given last of some attributes, one array a scalar as in the columns themselves."""

    def __init__(self) -> None:
        self._parts: Parts = ()
        self._there: Mask = np.zeros(0, np.bool_)

    def bring(self, parts: Parts, there: Mask) -> tuple[Indices, Mask]:
        """Take the attributes that are `there` as shown; return which of them have to be written, and of those which are equal but in bits.

        At first that is all of them: what the stage has may be equal to any of them that is a zero.
        """
        if self._parts:
            changed = there & (changed_parts(parts, self._parts) | ~self._there)
            alike = changed & self._there & equal_parts(parts, self._parts)
        else:
            changed = there.copy()
            alike = there & zero_parts(parts)
        which = np.flatnonzero(changed)
        if self._parts and len(which) < len(there):
            for shown, part in zip(self._parts, parts, strict=True):
                shown[which] = part[which]
        else:
            self._parts = tuple(np.array(part) for part in parts)
        self._there = there.copy()
        return which, alike[which]
