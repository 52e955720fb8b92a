"""What is done when a job's time is over, by one thread for all jobs of a worker: to start one for each costs more than to watch."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable

_LINGER = 30.0


class Watchdog:
    """Calls something once, unless it is called off before. Its thread ends where nothing was watched for a while."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._end = math.inf
        self._wakes = math.inf
        self._lingers = True
        self._expire: Callable[[], None] | None = None

    def watch(self, seconds: float, expire: Callable[[], None]) -> None:
        """Call `expire` in so many seconds, and no longer what was to be called before."""
        with self._changed:
            self._end, self._expire, self._lingers = time.monotonic() + seconds, expire, True
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="portalis watchdog", daemon=True)
                self._thread.start()
            elif self._end < self._wakes:
                self._changed.notify()

    def call_off(self) -> None:
        """Call nothing any more; where it is being called, wait until it has been."""
        with self._changed:
            self._end, self._expire = math.inf, None

    def end(self) -> None:
        """Call nothing any more, and have the thread end now; the next watch starts another."""
        with self._changed:
            self._end, self._expire, self._lingers = math.inf, None, False
            self._changed.notify()

    def _run(self) -> None:
        with self._changed:
            try:
                self._watch()
            finally:
                self._thread = None

    def _watch(self) -> None:
        idle = False
        while self._expire is not None or (self._lingers and not idle):
            now = time.monotonic()
            if self._expire is not None and self._end <= now:
                expire, self._end, self._expire = self._expire, math.inf, None
                expire()
            idle = self._expire is None
            # It is not told of a job that ends later than it wakes by itself.
            self._wakes = min(self._end, now + _LINGER)
            self._changed.wait(self._wakes - now)
