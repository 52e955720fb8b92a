"""Python's garbage collector, kept out of work that makes many objects and leaves no cycles."""

from __future__ import annotations

import contextlib
import gc


class collector_paused(contextlib.ContextDecorator):
    """Put collections off: it would go through all that was made so far, again and again, and find nothing to free."""

    # A class, and no generator: what is entered in every frame costs a frame of small stages a percentage otherwise.
    def __init__(self) -> None:
        self._collected: list[bool] = []

    def __enter__(self) -> None:
        self._collected.append(gc.isenabled())
        gc.disable()

    def __exit__(self, *_: object) -> None:
        if self._collected.pop():
            gc.enable()
