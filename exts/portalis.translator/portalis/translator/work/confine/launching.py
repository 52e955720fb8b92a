"""Start processes that are to end with their host."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import IO

from portalis.translator.work.confine.process import ENVIRONMENT

_Stream = int | IO[bytes] | None


def minimal_environment(**variables: str) -> dict[str, str]:
    """The environment of a confined process: what the loader needs of ours, and `variables`; no other of ours, since many hold keys."""
    return {name: value for name, value in os.environ.items() if name in ENVIRONMENT and not name.startswith("PYTHON")} | variables


@dataclass(frozen=True)
class _Request:
    """A process to be started, and where its caller waits for it."""

    command: Sequence[str]
    environment: Mapping[str, str]
    stdin: _Stream
    stderr: _Stream
    answer: Future[subprocess.Popen[bytes]]

    def start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.command,
            stdin=self.stdin,
            stdout=subprocess.PIPE,
            stderr=self.stderr,
            env=dict(self.environment),
            close_fds=True,
            start_new_session=sys.platform != "win32",
        )


class Launcher:
    """Starts every process from one thread of its own, which lasts as long as this process.

    Linux kills a process when the *thread* that started it ends: started from a thread of a pool, a warm worker would die with it.
    """

    def __init__(self) -> None:
        self._requests: queue.SimpleQueue[_Request] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(
        self, command: Sequence[str], environment: Mapping[str, str], stderr: _Stream = None, stdin: _Stream = subprocess.PIPE
    ) -> subprocess.Popen[bytes]:
        """Start `command` in a session of its own, with a pipe for its standard output and no other descriptor of ours."""
        answer: Future[subprocess.Popen[bytes]] = Future()
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._serve, name="portalis launcher", daemon=True)
                self._thread.start()
        self._requests.put(_Request(command, environment, stdin, stderr, answer))
        return answer.result()

    def _serve(self) -> None:
        while True:
            request = self._requests.get()
            try:
                request.answer.set_result(request.start())
            except BaseException as error:
                # It is the caller's: this thread may not end while a process of its lives.
                request.answer.set_exception(error)
