"""Ctrl-C in the middle of long work: the first one asks to end at the next good place, a second one ends at once."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

# What shells give for a program that SIGINT ended: 128 + 2.
STATUS = 130


@contextlib.contextmanager
def noticed() -> Iterator[threading.Event]:
    """Within the block, note the first SIGINT in the event that is given, instead of raising KeyboardInterrupt."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        # Only the main thread may set handlers, and only it is interrupted.
        yield asked
        return
    before = signal.getsignal(signal.SIGINT)

    def note(_number: int, _frame: FrameType | None) -> None:
        asked.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, note)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)
