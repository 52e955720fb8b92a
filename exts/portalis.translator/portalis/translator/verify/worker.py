"""A child process that runs one job after another under limits, so that nothing a job does can harm its host.

Compilation may abort the process (an assertion in LLVM) and the oracle runs the user's code: both happen there. The parent is never asked
to trust what comes back: a request is pickled (parent to child only), an answer is plain bytes.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import os
import queue
import signal
import struct
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import IO, Any

_HEADER = struct.Struct("<cQ")
MEMORY_LIMIT = 3 << 30
PYTHON_VARIABLE = "PORTALIS_PYTHON"


@dataclass(frozen=True)
class WorkerFailure(Exception):
    """A job that gave no answer: `kind` is "crashed", "timeout" or "error"; `detail` says what is known."""

    kind: str
    detail: str

    def __str__(self) -> str:
        return f"the worker {self.kind}: {self.detail}"


class Worker:
    """Starts its process at the first job, keeps it warm, and replaces it after a crash or a timeout. One job at a time."""

    def __init__(self, python: str | None = None, memory_limit: int = MEMORY_LIMIT) -> None:
        self._python = python
        self._memory_limit = memory_limit
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        atexit.register(self.close)

    def run(self, target: str, payload: bytes, timeout: float) -> bytes:
        """Run `module:function` on a payload; raise WorkerFailure where it crashes, raises, or takes longer than `timeout` seconds."""
        with self._lock:
            process = self._started()
            watchdog = threading.Timer(timeout, process.kill)
            watchdog.start()
            try:
                return self._exchange(process, target, payload)
            except (OSError, EOFError) as error:
                timed_out = not watchdog.is_alive()
                code = self._stop()
                if timed_out:
                    raise WorkerFailure("timeout", f"no answer within {timeout:g} s") from error
                raise WorkerFailure("crashed", f"exit status {code}") from error
            finally:
                watchdog.cancel()

    def close(self) -> None:
        """End the process. The next job starts another."""
        with self._lock:
            self._stop()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            # A host that embeds Python, such as Kit, is no interpreter itself: it names one in the environment.
            interpreter = self._python or os.environ.get(PYTHON_VARIABLE) or sys.executable
            command = [interpreter, "-m", "portalis.translator.verify.worker", str(self._memory_limit)]
            # The child finds the package where this process found it, whatever its working directory is.
            environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONHASHSEED": "0"}
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        return self._process

    def _stop(self) -> int | None:
        process, self._process = self._process, None
        if process is None:
            return None
        for stream in (process.stdin, process.stdout):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()
        process.kill()
        return process.wait()

    @staticmethod
    def _exchange(process: subprocess.Popen[bytes], target: str, payload: bytes) -> bytes:
        assert process.stdin is not None and process.stdout is not None
        name = target.encode()
        _write(process.stdin, b"j", struct.pack("<H", len(name)) + name + payload)
        kind, answer = _read(process.stdout)
        if kind == b"e":
            raise WorkerFailure("error", answer.decode("utf-8", "replace"))
        return answer


def _write(stream: IO[bytes], kind: bytes, payload: bytes) -> None:
    stream.write(_HEADER.pack(kind, len(payload)))
    stream.write(payload)
    stream.flush()


def _read(stream: IO[bytes]) -> tuple[bytes, bytes]:
    header = stream.read(_HEADER.size)
    if len(header) < _HEADER.size:
        raise EOFError("the pipe closed")
    kind, length = _HEADER.unpack(header)
    payload = stream.read(length)
    if len(payload) < length:
        raise EOFError("the pipe closed")
    return kind, payload


def _limit_memory(size: int) -> None:
    """Cap what the process may allocate, in bytes, where the system can."""
    try:
        import resource
    except ImportError:
        return
    # Not the address space: wasmtime reserves gigabytes of it that it never touches.
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(request: bytes, memory_limit: int) -> tuple[bytes, bytes]:
    (length,) = struct.unpack_from("<H", request)
    module, _, function = request[2 : 2 + length].decode().partition(":")
    try:
        job: Any = getattr(importlib.import_module(module), function)
        return b"r", job(request[2 + length :])
    except MemoryError:
        return b"e", f"more than {memory_limit >> 20} MiB of memory were needed".encode()
    except Exception as error:
        import traceback

        return b"e", f"{type(error).__name__}: {error}\n{traceback.format_exc()}".encode()


def _receive(requests: IO[bytes], jobs: queue.SimpleQueue[bytes]) -> None:
    """Queue requests; where their pipe closes, end the process in the middle of a job: nobody is left to stop a job that never ends."""
    with contextlib.suppress(EOFError):
        while True:
            jobs.put(_read(requests)[1])
    os._exit(0)


def main() -> None:
    """Answer jobs from standard input until it closes; the only argument is the cap on memory, in bytes."""
    memory_limit = int(sys.argv[1])
    _limit_memory(memory_limit)
    # Ctrl-C reaches every process of a terminal. When this one ends is for its host to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    # Whatever else prints must not end up between two answers.
    os.dup2(2, 1)
    jobs: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(sys.stdin.buffer, jobs), daemon=True).start()
    while True:
        _write(answers, *_answer(jobs.get(), memory_limit))


if __name__ == "__main__":
    main()
