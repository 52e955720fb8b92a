"""Work off the UI thread: one job at a time runs in a thread, and its outcome is handed over when the UI thread asks for it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Jobs:
    """Runs jobs in the order they came. Nothing that a job does may touch a widget; `done` and `failed` run where `pump` is called."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._finished: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._pending = 0

    @property
    def busy(self) -> bool:
        """Whether a job runs, waits, or has an outcome that was not handed over yet."""
        return self._pending > 0

    def submit(self, job: Callable[[], T], done: Callable[[T], None], failed: Callable[[Exception], None]) -> None:
        """Run `job` in the thread; later, in `pump`, give its result to `done` or its exception to `failed`."""

        def run() -> None:
            try:
                result = job()
            except Exception as error:
                # The name `error` ends with the handler; the outcome is looked at later.
                problem = error
                self._finished.put(lambda: failed(problem))
            else:
                self._finished.put(lambda: done(result))

        self._pending += 1
        if self._thread is None:
            # A daemon: a host that quits does not wait for a translation.
            self._thread = threading.Thread(target=self._work, name="portalis", daemon=True)
            self._thread.start()
        self._waiting.put(run)

    def pump(self) -> None:
        """Hand over the outcomes there are; the UI thread calls this every frame."""
        while not self._finished.empty():
            outcome = self._finished.get()
            self._pending -= 1
            outcome()

    def close(self) -> None:
        """Let the thread end after the job it is at; outcomes are dropped."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread = None

    def _work(self) -> None:
        while (job := self._waiting.get()) is not None:
            job()
