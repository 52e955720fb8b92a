"""What asks a command to end: Ctrl-C, SIGTERM, and SIGHUP, which a closing terminal sends.

In the middle of long work the first one asks to end at the next good place; a second one ends at once, as the first does elsewhere.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator, Sequence
from types import FrameType

# What shells give for a program that SIGINT ended: 128 + 2.
STATUS = 130
_NUMBERS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class InterruptHandler:
    """A handler that ends the process by KeyboardInterrupt and remembers that it was asked to: a callback may swallow the exception."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, number: int, _frame: FrameType | None) -> None:
        self.number = number
        raise KeyboardInterrupt

    def install(self) -> None:
        """Handle every signal that asks to end; what is ignored (nohup) stays so."""
        for number in _NUMBERS:
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self)


class Asked(threading.Event):
    """Set once somebody asked to end; `status` is then the exit status that shells give for it."""

    def __init__(self) -> None:
        super().__init__()
        self.status = STATUS

    def note(self, number: int) -> None:
        """Take note of a signal."""
        self.status = 128 + number
        self.set()


@contextlib.contextmanager
def noticed(numbers: Sequence[int] = _NUMBERS) -> Iterator[Asked]:
    """Within the block, note the first of the signals in what is given, instead of being ended; one that came before counts."""
    asked = Asked()
    if threading.current_thread() is not threading.main_thread():
        # Only the main thread may set handlers, and only it is interrupted.
        yield asked
        return
    before = {number: handler for number in numbers if (handler := signal.getsignal(number)) != signal.SIG_IGN}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def note(number: int, _frame: FrameType | None) -> None:
        asked.note(number)
        restore()

    for number, handler in before.items():
        signal.signal(number, note)
        if isinstance(handler, InterruptHandler) and handler.number:
            asked.note(handler.number)
    try:
        yield asked
    finally:
        restore()
