"""Work off the UI thread: one job at a time runs in a thread, and its outcome is handed over when the UI thread asks for it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(eq=False, slots=True)
class Job:
    """One job that was submitted. Once `cancelled`, nobody is told what became of it."""

    run: Callable[[], None]
    cancelled: bool = False


class Jobs:
    """Runs jobs in the order they came. Nothing that a job does may touch a widget; `done` and `failed` run where `pump` is called."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._finished: queue.SimpleQueue[tuple[Job, Callable[[], None]]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        # What the thread is at; the lock guards it, and whether a job is cancelled.
        self._running: Job | None = None
        self._lock = threading.Lock()
        self._pending = 0

    @property
    def busy(self) -> bool:
        """Whether a job runs, waits, or has an outcome that was not handed over yet."""
        return self._pending > 0

    def submit(self, job: Callable[[], T], done: Callable[[T], None], failed: Callable[[Exception], None]) -> Job:
        """Run `job` in the thread; later, in `pump`, give its result to `done` or its exception to `failed`."""

        def run() -> None:
            try:
                result = job()
            except Exception as error:
                # The name `error` ends with the handler; the outcome is looked at later.
                problem = error
                self._finished.put((submitted, lambda: failed(problem)))
            else:
                self._finished.put((submitted, lambda: done(result)))

        submitted = Job(run)
        self._pending += 1
        self._waiting.put(submitted)
        if self._thread is None:
            self._start()
        return submitted

    def cancel(self, job: Job) -> bool:
        """Have nobody told of a job, and no other wait for it; True where the thread is at it. What it is at ends with it."""
        with self._lock:
            if job.cancelled:
                return False
            job.cancelled = True
            self._pending -= 1
            running = self._running is job
            if running:
                self._running = None
                self._start()
        return running

    def pump(self) -> None:
        """Hand over the outcomes there are; the UI thread calls this every frame."""
        while not self._finished.empty():
            job, outcome = self._finished.get()
            if not job.cancelled:
                # What is handed over can be cancelled no more.
                job.cancelled = True
                self._pending -= 1
                outcome()

    def close(self) -> None:
        """Let the thread end after the job it is at; outcomes are dropped."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread = None

    def _start(self) -> None:
        # A daemon: a host that quits does not wait for a translation.
        self._thread = threading.Thread(target=self._work, name="portalis", daemon=True)
        self._thread.start()

    def _work(self) -> None:
        while (job := self._waiting.get()) is not None:
            with self._lock:
                if job.cancelled:
                    continue
                self._running = job
            job.run()
            with self._lock:
                if self._running is not job:
                    # It was cancelled, and another thread is at the next.
                    return
                self._running = None
