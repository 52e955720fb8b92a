"""What a user's text prints while CPython runs it: kept with the call that printed it, and written nowhere."""

from __future__ import annotations

import builtins
import io
from typing import Any

from portalis.translator.verify.oracle.namespace import BeyondReach

# So many characters of one call: an answer has room for no more.
PRINTED_LIMIT = 1 << 18


class Printed:
    """The text that the call at hand has printed so far."""

    def __init__(self) -> None:
        self._text = io.StringIO()

    def clear(self) -> None:
        """Begin another call."""
        self._text = io.StringIO()

    def print(self, *values: Any, sep: str | None = " ", end: str | None = "\n", file: Any = None, flush: Any = False) -> None:
        """`print` itself, to the text that is kept or what the program has made; BeyondReach where the text has no room for more."""
        builtins.print(*values, sep=sep, end=end, file=self._text if file is None else file, flush=flush)
        if self._text.tell() > PRINTED_LIMIT:
            raise BeyondReach

    @property
    def text(self) -> str:
        """What was printed."""
        return self._text.getvalue()
