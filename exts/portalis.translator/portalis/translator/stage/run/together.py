"""Calls of groups that read nothing of one another, at once: each has a sandbox of its own, and a guest runs without Python's lock."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portalis.translator.stage.columns.units import FrameTime
from portalis.translator.stage.plan.executor import LaneExecutor, LaneResult
from portalis.translator.stage.plan.interface import EntryName

# Fewer lanes than this, of the smaller calls together, are not worth a thread.
WORTH_A_THREAD = 20_000
# What a guest may use and what Python needs, with room: some systems give new threads much less.
_STACK_BYTES = 8 * 2**20


@dataclass(slots=True)
class Begun:
    """A call whose inputs are in the sandbox: what `call` gave, or why it raised, and how long it took."""

    executor: LaneExecutor
    active: NDArray[np.uint8]
    entry: EntryName
    now: FrameTime
    result: LaneResult | None = None
    failure: BaseException | None = None
    seconds: float = 0.0

    def call(self) -> None:
        """Run the lanes. Touches nothing but this and the sandbox."""
        started = time.perf_counter()
        try:
            self.result = self.executor.run(self.active)
        except BaseException as failure:  # raised again by whoever looks at the outcome
            self.failure = failure
        self.seconds = time.perf_counter() - started

    def outcome(self) -> LaneResult:
        """Return the result, or raise what the call raised."""
        if self.failure is not None:
            raise self.failure
        assert self.result is not None, "call comes first"
        return self.result


def call_together(calls: Sequence[Begun], at_least: int = WORTH_A_THREAD) -> None:
    """Make the calls, the largest on this thread; on more threads where all others have `at_least` lanes together."""
    if len(calls) < 2:
        for begun in calls:
            begun.call()
        return
    largest_first = sorted(calls, key=lambda begun: -len(begun.active))
    supply = _Supply(largest_first)
    others = sum(len(begun.active) for begun in largest_first[1:])
    count = min(len(calls), processors()) - 1 if others >= at_least else 0
    threads = [threading.Thread(target=supply.work, name="portalis-lanes", daemon=True) for _ in range(count)]
    try:
        with _enough_stack():
            for thread in threads:
                thread.start()
    except RuntimeError:
        # No more threads can be had: this one makes the calls that are left.
        pass
    try:
        supply.work()
    finally:
        for thread in threads:
            if thread.ident is not None:
                thread.join()


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Supply:
    """Hands the calls out, each once."""

    def __init__(self, calls: Sequence[Begun]) -> None:
        self._calls = iter(calls)
        self._lock = threading.Lock()

    def work(self) -> None:
        """Make calls until there are none left."""
        while (begun := self._next()) is not None:
            begun.call()

    def _next(self) -> Begun | None:
        with self._lock:
            return next(self._calls, None)


@contextlib.contextmanager
def _enough_stack() -> Iterator[None]:
    """Let threads that are started here have the stack that a guest needs."""
    before = threading.stack_size(_STACK_BYTES)
    try:
        yield
    finally:
        threading.stack_size(before)
