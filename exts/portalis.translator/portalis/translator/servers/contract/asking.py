"""Asking a server: within one deadline, again where that may help, and for a while not at all where it has not helped."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 5.0


class RemoteError(Exception):
    """The server answered, and the answer is that this request failed there: asking it again will not help."""


class Superseded(RemoteError):
    """Somebody asked for a newer text in the same session."""


class TextLost(RemoteError):
    """The text that an edit is of is not there, or not the one that it was made for: send all of it."""


class ServerUnavailable(Exception):
    """No server answered in time, or none with this compiler; another translator can be asked."""


class Passing(Exception):
    """One attempt failed in a way that may pass, not before `after` seconds; `error` is what a caller is told where it was the last."""

    def __init__(self, error: Exception, after: float = 0.0) -> None:
        self.error = error
        self.after = after
        super().__init__(str(error))


class Breaker:
    """Whether a server is asked at all: not for `rest` seconds after `most` requests in a row found none. Then one is let through first."""

    def __init__(self, most: int = 3, rest: float = 5.0) -> None:
        self._most, self._rest = most, rest
        self._lock = threading.Lock()
        self._failures = 0
        self._closed_until = 0.0

    def require_closed(self, server: str) -> None:
        """Raise ServerUnavailable while nobody is to ask."""
        with self._lock:
            now = time.monotonic()
            if self._failures < self._most:
                return
            if now < self._closed_until:
                raise ServerUnavailable(f"{server} did not answer {self._failures} times in a row: it is asked again in some seconds")
            # Whoever comes here tries; the others wait for what that gives.
            self._closed_until = now + self._rest

    def told(self, *, answered: bool) -> None:
        """Take note of how a request ended."""
        with self._lock:
            self._failures = 0 if answered else self._failures + 1
            if self._failures >= self._most:
                self._closed_until = time.monotonic() + self._rest * random.uniform(0.8, 1.2)


def ask(server: str, exchange: Callable[[float], T], *, deadline: float, attempts: int, breaker: Breaker) -> T:
    """Return what `exchange`, which is given the seconds that are left, gives; it is tried again where it raises Passing.

    Raises what it raises, and where all attempts pass or the deadline would, the last one's `error`.
    """
    breaker.require_closed(server)
    end = time.monotonic() + deadline
    for attempt in range(1, attempts + 1):
        try:
            answer = exchange(max(end - time.monotonic(), 0.001))
        except Passing as passing:
            pause = max(min(_FIRST_PAUSE * 2 ** (attempt - 1), _LONGEST_PAUSE) * random.uniform(0.5, 1.0), passing.after)
            if attempt == attempts or time.monotonic() + pause >= end:
                breaker.told(answered=not isinstance(passing.error, ServerUnavailable))
                raise passing.error from passing
            time.sleep(pause)
        except ServerUnavailable:
            breaker.told(answered=False)
            raise
        except RemoteError:
            breaker.told(answered=True)
            raise
        else:
            breaker.told(answered=True)
            return answer
    raise AssertionError("the last attempt returns or raises")
