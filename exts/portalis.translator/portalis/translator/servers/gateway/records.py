"""What is written down: a line of JSON for each request on standard error, and who did what in a file that is only added to.

Neither a source nor a key is ever in one: routes stand as they are declared, not as they were asked for.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any

_JSON = json.JSONEncoder(separators=(",", ":"))
LEVELS = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40, "CRITICAL": 50}


def place_of(error: BaseException | None) -> str:
    """Return the file's name and the line where an exception was raised."""
    trace = error.__traceback__ if error is not None else None
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace is not None else ""


class Log:
    """Lines of JSON on a stream."""

    def __init__(self, level: str, stream: IO[str] | None = None) -> None:
        self._least = LEVELS[level]
        self._stream = stream or sys.stderr
        self._lock = threading.Lock()

    def tell(self, level: str, event: str, **fields: Any) -> None:
        """Write a line."""
        if LEVELS[level] < self._least:
            return
        line = _JSON.encode({"time": round(time.time(), 3), "level": level, "event": event, **fields})
        with self._lock:
            self._stream.write(line + "\n")
            self._stream.flush()

    def adopt(self, name: str) -> None:
        """Have what a logger of Python's says become lines, by the class of what went wrong and where: texts may quote a request."""
        logger = logging.getLogger(name)
        logger.handlers = [_Adopted(self)]
        logger.propagate = False


class _Adopted(logging.Handler):
    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        message = record.msg.partition("\n")[0] if isinstance(record.msg, str) else ""
        fields: dict[str, Any] = {"logger": record.name, "message": message}
        if record.exc_info and record.exc_info[0] is not None:
            fields |= {"exception": record.exc_info[0].__name__, "at": place_of(record.exc_info[1])}
        self._log.tell(record.levelname if record.levelname in LEVELS else "INFO", "said", **fields)


class Audit:
    """Who did what: a file of lines of JSON that only this user can read. What is older than `days` goes, a file at a time."""

    def __init__(self, folder: Path, days: float) -> None:
        self._path = folder / "audit.jsonl"
        self._seconds = days * 86_400.0
        self._file: IO[str] | None = None
        self._lock = threading.Lock()

    def note(self, action: str, **fields: Any) -> None:
        """Add a line."""
        line = _JSON.encode({"time": round(time.time(), 3), "action": action, **fields})
        with self._lock:
            if self._file is None:
                descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                self._file = os.fdopen(descriptor, "a", encoding="utf-8", buffering=1)
            self._file.write(line + "\n")

    def tidy(self) -> None:
        """Begin a new file where this one is old, and remove the one before it where that is older than what is kept."""
        before = self._path.with_suffix(".before.jsonl")
        with self._lock:
            try:
                with self._path.open(encoding="utf-8") as file:
                    since = float(json.loads(file.readline() or "{}").get("time", time.time()))
                    # Another process of this folder may have begun the new one.
                    if self._file is not None and os.fstat(file.fileno()).st_ino != os.fstat(self._file.fileno()).st_ino:
                        self.close_file()
            except (OSError, ValueError):
                return
            if time.time() - since > self._seconds:
                self.close_file()
                self._path.replace(before)

    def close_file(self) -> None:
        """Close the file; the next line opens it again."""
        if self._file is not None:
            self._file.close()
            self._file = None
