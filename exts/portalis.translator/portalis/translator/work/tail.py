"""The end of what a process writes on its standard error: read as it comes, kept within bounds, shown without control characters."""

from __future__ import annotations

import os
import threading
from typing import IO

from portalis.translator.source import visible

_KEPT = 8192
_CHUNK = 4096


class StderrTail:
    """Reads a pipe in a thread until it closes, so that whoever writes never waits."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._kept = b""
        self._thread = threading.Thread(target=self._drain, name="portalis stderr", daemon=True)
        self._thread.start()

    def text(self) -> str:
        """Return the last lines; call it once the process has ended, so that all of them have come."""
        self._thread.join(1.0)
        return visible(self._kept.decode("utf-8", "replace")).strip()

    def _drain(self) -> None:
        with self._stream as stream:
            # This returns what is there; a buffered read would wait for a whole chunk.
            while chunk := os.read(stream.fileno(), _CHUNK):
                self._kept = (self._kept + chunk)[-_KEPT:]
