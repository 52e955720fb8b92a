"""How finely a preview draws what moves: as finely as the machine keeps up with."""

from __future__ import annotations

import statistics
from collections import deque

# What a picture may take of a sixtieth of a second, and how many are looked at.
_BUDGET, _LOOKED_AT = 0.012, 5
# A picture of twice the width and height costs up to four times as much.
_DEARER = 4.0


class Pace:
    """`divisor` of width and height: 1, or 2 where whole pictures take too long."""

    def __init__(self) -> None:
        self.divisor = 1
        self._taken: deque[float] = deque(maxlen=_LOOKED_AT)

    def took(self, seconds: float) -> None:
        """Take note of what the last picture took."""
        self._taken.append(seconds)
        if len(self._taken) < _LOOKED_AT:
            return
        usual = statistics.median(self._taken)
        wanted = 2 if usual > _BUDGET or (self.divisor == 2 and usual * _DEARER > _BUDGET) else 1
        if wanted != self.divisor:
            self.divisor = wanted
            self._taken.clear()
