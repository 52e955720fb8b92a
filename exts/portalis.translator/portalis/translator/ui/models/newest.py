"""Asking a server off the thread that waits, so that nobody has to wait for an answer that is not wanted any more."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from typing import Any, TypeVar

T = TypeVar("T")


class GivenUp(Exception):
    """Nobody wants the answer any more."""


class Newest:
    """Asks one thing at a time. Giving up frees whoever waits; the request goes on by itself, until the server ends it or answers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: Future[Any] | None = None

    def ask(self, question: Callable[[], T]) -> T:
        """Return what `question`, in a thread of its own, returns or raises; GivenUp where that is not wanted any more."""
        answer: Future[T] = Future()

        def run() -> None:
            # Whatever comes after giving up is too late.
            with contextlib.suppress(InvalidStateError):
                try:
                    answer.set_result(question())
                except InvalidStateError:
                    raise
                except Exception as error:
                    answer.set_exception(error)

        with self._lock:
            self._waiting = answer
        # A daemon: a host that quits does not wait for a server.
        threading.Thread(target=run, name="portalis asks", daemon=True).start()
        return answer.result()

    def give_up(self) -> None:
        """Let whoever waits go."""
        with self._lock:
            waiting, self._waiting = self._waiting, None
        if waiting is not None:
            with contextlib.suppress(InvalidStateError):
                waiting.set_exception(GivenUp("nobody waits for this answer any more"))
