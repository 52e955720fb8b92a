"""The question that is asked before a file that somebody named is replaced by what is saved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portalis.translator.ui.host import Listeners
    from portalis.translator.ui.models.problems import Purpose


class Overwriting:
    """Asks about a file that is there already; `path` is that file while it is asked, and None otherwise."""

    def __init__(self, changed: Listeners, ask: Callable[[Purpose], None]) -> None:
        self.path: Path | None = None
        self._changed = changed
        # Asks the user for another path.
        self._ask = ask
        self._purpose: Purpose = "save"
        self._act: Callable[[], None] = lambda: None

    def before(self, path: Path, purpose: Purpose, act: Callable[[], None]) -> None:
        """Do `act`, which writes a file; ask first where one is there."""
        if not path.exists():
            act()
            return
        self.path, self._purpose, self._act = path, purpose, act
        self._changed.tell()

    @property
    def question(self) -> str:
        """What is asked, in words; empty where nothing is."""
        return f"{self.path.name} is there already" if self.path is not None else ""

    def replace(self) -> None:
        """Write over it."""
        self._end()
        self._act()

    def rename(self) -> None:
        """Ask for another name."""
        self._end()
        self._ask(self._purpose)

    def keep(self) -> None:
        """Write nothing."""
        self._end()

    def _end(self) -> None:
        self.path = None
        self._changed.tell()
