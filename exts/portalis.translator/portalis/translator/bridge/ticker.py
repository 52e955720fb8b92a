"""The clock behind deadlines: a thread that advances the engine's epoch, and only while a guest runs.

The guest runs with the GIL released, so the thread can tick meanwhile. It is a daemon, starts with the first guest and ends when no guest
has run for a while.
"""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable

TICK_SECONDS = 0.01
LINGER_TICKS = 100


class EpochTicker:
    """Calls `increment` every `tick_seconds` between `enter` and `leave`; both may be called from any thread."""

    def __init__(self, increment: Callable[[], None], tick_seconds: float = TICK_SECONDS, linger_ticks: int = LINGER_TICKS) -> None:
        self._increment = increment
        self._tick_seconds = tick_seconds
        self._linger_ticks = linger_ticks
        self._after_fork()
        if hasattr(os, "register_at_fork"):
            # A forked child has neither the thread nor a usable lock, should another thread have held it.
            os.register_at_fork(after_in_child=self._after_fork)

    def _after_fork(self) -> None:
        self._lock = threading.Lock()
        self._guests = 0
        self._thread: threading.Thread | None = None

    @property
    def alive(self) -> bool:
        """Whether the thread exists."""
        return self._thread is not None

    def ticks(self, seconds: float) -> int:
        """Return the ticks that a deadline takes: never less than `seconds`, whenever the next tick comes."""
        return math.ceil(seconds / self._tick_seconds) + 1

    def enter(self) -> None:
        """A guest is about to run."""
        with self._lock:
            if self._thread is None:
                thread = threading.Thread(target=self._run, name="portalis-epoch", daemon=True)
                # Where no thread can be started this raises, and the guest is not run: without a clock there is no deadline.
                thread.start()
                self._thread = thread
            self._guests += 1

    def leave(self) -> None:
        """A guest has ended."""
        with self._lock:
            self._guests -= 1

    def _run(self) -> None:
        idle = 0
        while True:
            time.sleep(self._tick_seconds)
            with self._lock:
                idle = 0 if self._guests else idle + 1
                if idle > self._linger_ticks:
                    self._thread = None
                    return
            if not idle:
                self._increment()
