"""Requests whose model ended before it answered: Triton never tells their clients, who would wait until their own deadline."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

# A model that was killed is loaded again after two failures, two seconds apart: whoever looks this often sees it fail.
EVERY = 1.5


class Pulse:
    """Looks at a model while requests wait for it, once for all of them; where it has ended, `ended` says how, and they are told."""

    def __init__(self, ended: Callable[[], Exception | None]) -> None:
        self._ended = ended
        self._lock = threading.Lock()
        self._waiting: dict[Callable[[Exception], None], float] = {}
        self._looks = False

    @contextlib.contextmanager
    def watch(self, fail: Callable[[Exception], None]) -> Iterator[None]:
        """Call `fail` where the model ends within the block."""
        with self._lock:
            self._waiting[fail] = time.monotonic()
            if not self._looks:
                self._looks = True
                threading.Thread(target=self._look, name="pulse", daemon=True).start()
        try:
            yield
        finally:
            with self._lock:
                del self._waiting[fail]

    def _look(self) -> None:
        while True:
            time.sleep(EVERY)
            with self._lock:
                now = time.monotonic()
                old = [fail for fail, since in self._waiting.items() if now - since >= EVERY]
                self._looks = bool(self._waiting)
                if not self._looks:
                    return
            if old and (error := self._ended()) is not None:
                for fail in old:
                    fail(error)
