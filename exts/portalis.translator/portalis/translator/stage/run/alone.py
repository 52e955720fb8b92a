"""One call at a time: whoever is told of a write in the middle of a frame cannot run another frame there, nor take the stage back."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


class Turn:
    """Taken by one call at a time, of whatever thread; `later` is done when it is free."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Callable[[], object]] = []

    def take(self, what: Callable[[], _Result], name: str) -> _Result:
        """Call `what`; RuntimeError, about `name`, where another call is under way."""
        if not self._lock.acquire(blocking=False):
            raise RuntimeError(f"{name} was called in the middle of a frame, by a listener or on another thread: call it between frames")
        try:
            return what()
        finally:
            self._lock.release()
            self._catch_up()

    def later(self, what: Callable[[], object]) -> None:
        """Call `what`, at once or when the call that is under way has ended."""
        self._waiting.append(what)
        self._catch_up()

    def _catch_up(self) -> None:
        # Looked at again after each release: what another thread asks for meanwhile is not forgotten.
        while self._waiting and self._lock.acquire(blocking=False):
            try:
                waiting, self._waiting = self._waiting, []
                for what in waiting:
                    what()
            finally:
                self._lock.release()


class _TakesTurns(Protocol):
    _turn: Turn


_Self = TypeVar("_Self", bound=_TakesTurns)


def alone(method: Callable[Concatenate[_Self, _Parameters], _Result]) -> Callable[Concatenate[_Self, _Parameters], _Result]:
    """Refuse a call of the method while another one that is `alone` is under way; they do not call one another."""

    @functools.wraps(method)
    def call(self: _Self, /, *args: _Parameters.args, **options: _Parameters.kwargs) -> _Result:
        return self._turn.take(lambda: method(self, *args, **options), method.__name__)

    return call


def alone_later(method: Callable[[_Self], None]) -> Callable[[_Self], None]:
    """Put a call of the method off until the one that is `alone` and under way has ended."""

    @functools.wraps(method)
    def call(self: _Self) -> None:
        self._turn.later(lambda: method(self))

    return call
