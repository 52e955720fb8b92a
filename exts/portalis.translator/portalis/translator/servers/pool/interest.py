"""Whether anybody still waits for an answer; what nobody waits for is not begun, and soon no longer worked on."""

from __future__ import annotations

import threading
from collections.abc import Callable

# What is nearly done is let end: a worker that is ended has to be started again, which costs more than most translations.
GRACE = 1.0


class Interest:
    """The interest in one answer, lost once and for all when `lose` is called."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._end: Callable[[], None] | None = None
        self._timer: threading.Timer | None = None
        self._lost = False

    @property
    def lost(self) -> bool:
        """Whether nobody waits any more."""
        return self._lost

    def lose(self) -> None:
        """Say that nobody waits any more; work that has begun is ended after a moment."""
        with self._lock:
            self._lost = True
            self._arm()

    def begins(self, end: Callable[[], None]) -> None:
        """Say that the work begins, and what ends it."""
        with self._lock:
            self._end = end
            self._arm()

    def ends(self) -> None:
        """Say that the work has ended: after this, nothing ends whatever its worker does next."""
        with self._lock:
            self._end = None
            if self._timer is not None:
                self._timer.cancel()

    def _arm(self) -> None:
        if self._lost and self._end is not None:
            self._timer = threading.Timer(GRACE, self._expire)
            self._timer.daemon = True
            self._timer.start()

    def _expire(self) -> None:
        with self._lock:
            if self._end is not None:
                self._end()
