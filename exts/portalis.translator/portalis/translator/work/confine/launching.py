"""Start processes that are to end with their host."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from typing import IO

from portalis.translator.work.confine.process import ENVIRONMENT

_Request = tuple[Sequence[str], Mapping[str, str], "int | IO[bytes] | None", "Future[subprocess.Popen[bytes]]"]


def minimal_environment(**variables: str) -> dict[str, str]:
    """The environment of a confined process: what the loader needs of ours, and `variables`; no other of ours, since many hold keys."""
    return {name: value for name, value in os.environ.items() if name in ENVIRONMENT and not name.startswith("PYTHON")} | variables


class Launcher:
    """Starts every process from one thread of its own, which lasts as long as this process.

    Linux kills a process when the *thread* that started it ends: started from a thread of a pool, a warm worker would die with it.
    """

    def __init__(self) -> None:
        self._requests: queue.SimpleQueue[_Request] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(
        self, command: Sequence[str], environment: Mapping[str, str], stderr: int | IO[bytes] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start `command` in a session of its own with pipes for standard input and output, and no descriptor of ours."""
        future: Future[subprocess.Popen[bytes]] = Future()
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._serve, name="portalis launcher", daemon=True)
                self._thread.start()
        self._requests.put((command, environment, stderr, future))
        return future.result()

    def _serve(self) -> None:
        while True:
            command, environment, stderr, future = self._requests.get()
            try:
                future.set_result(_start(command, environment, stderr))
            except BaseException as error:
                # It is the caller's: this thread may not end while a process of its lives.
                future.set_exception(error)


def _start(command: Sequence[str], environment: Mapping[str, str], stderr: int | IO[bytes] | None) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        env=dict(environment),
        close_fds=True,
        start_new_session=sys.platform != "win32",
    )
