"""Whether a server's models translate, found out by asking them: Triton says that a model is ready when its process was killed long ago."""

from __future__ import annotations

import time
from collections.abc import Callable

from portalis.translator.servers.triton.asking import MODELS, TritonDoor

# How often every model is asked, and how long it may take: what it is asked it has in memory, but a machine may be busy.
EVERY = 2.0
PATIENCE = 5.0


class GivenUp(Exception):
    """A model does not answer although it was loaded again."""


class Watchdog:
    """Asks every model in turn. One that fails twice is loaded again, by `load`; `tell` hears of all that happens.

    Nothing is asked, and no failure counted, while `is_alone` says that there is nobody behind the models to translate.
    """

    def __init__(
        self, door: TritonDoor, version: int, is_alone: Callable[[], bool], load: Callable[[str], None], tell: Callable[[str], None]
    ) -> None:
        self._door, self._version, self._is_alone = door, version, is_alone
        self._load, self._tell = load, tell
        self._failures = dict.fromkeys(MODELS, 0)
        self._since = 0.0

    @property
    def content(self) -> bool:
        """Whether every model answered when it was asked last."""
        return not any(self._failures.values())

    def look(self) -> None:
        """Ask every model once, and again what was loaded; GivenUp where one fails for the third time in a row."""
        for model in MODELS:
            if self._is_alone():
                return
            if self._asked(model) == 2:
                self._tell(f"the model {model} failed twice: loading it again")
                try:
                    self._load(model)
                except Exception as error:
                    raise GivenUp(f"the model {model} cannot be loaded again: {error}") from error
                self._asked(model)

    def _asked(self, model: str) -> int:
        """Ask a model, and return how often in a row it has failed."""
        why_not = self._door.why_not(model, self._version, PATIENCE)
        failures = self._failures[model]
        if not why_not:
            self._failures[model] = 0
            if failures:
                self._tell(f"the model {model} answers again, {time.monotonic() - self._since:.1f} s after it was found to fail")
            return 0
        if self._is_alone():
            return 0
        if self.content:
            self._since = time.monotonic()
        self._failures[model] = failures + 1
        self._tell(f"the model {model} does not translate: {why_not}")
        if failures == 2:
            raise GivenUp(f"the model {model} does not translate, although it was loaded again: {why_not}")
        return failures + 1
