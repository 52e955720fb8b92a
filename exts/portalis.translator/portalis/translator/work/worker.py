"""The host's side of a judge: a child process that does one job after another under limits, so that nothing a job does can harm its host.

Compilation may abort the process (an assertion in LLVM). The parent is never asked to trust what comes back beyond the classes of answers.
"""

from __future__ import annotations

import atexit
import contextlib
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from portalis.translator.work.codec import CodecError, decode
from portalis.translator.work.confine import Protections, renew_cpu_time
from portalis.translator.work.frames import FrameError, read_frame, write_frame
from portalis.translator.work.jobs import Job
from portalis.translator.work.link import OracleFailure
from portalis.translator.work.protocol import (
    CALLS,
    DONE,
    FAILED,
    JOB,
    JUDGE_LETTERS,
    LOAD,
    NO_ORACLE,
    READY,
    REPLY,
    pack_parts,
    unpack_load,
)
from portalis.translator.work.seat import OracleSeat
from portalis.translator.work.starting import start_confined
from portalis.translator.work.tail import StderrTail
from portalis.translator.work.watchdog import Watchdog

MEMORY_LIMIT = 3 << 30
# Of processor time for one job, beyond any timeout that a host asks for.
PROCESSOR_SECONDS = 3600
_GRACE = 2.0
Request = TypeVar("Request")
Answer = TypeVar("Answer")


@dataclass(eq=False)
class WorkerFailure(Exception):
    """A job that gave no answer: `kind` is "crashed", "timeout" or "error"; `detail` says what is known."""

    kind: str
    detail: str

    def __str__(self) -> str:
        return f"the worker {self.kind}: {self.detail}"


class Worker:
    """Starts its process at the first job, keeps it warm, and replaces it after a crash or a timeout. One job at a time.

    `program` is the module whose `main(host, memory_limit, *arguments)` serves the jobs. `opening` gives what every process is asked first,
    packed (`Job.pack`), whose answer nobody needs; it may take its time.
    """

    def __init__(
        self,
        program: str,
        *arguments: str,
        python: str | None = None,
        memory_limit: int = MEMORY_LIMIT,
        opening: Callable[[], bytes] | None = None,
    ) -> None:
        self._program = program
        self._opening = opening
        self._is_opened = False
        self._arguments = arguments
        self._python = python
        self._memory_limit = memory_limit
        self._process: subprocess.Popen[bytes] | None = None
        self._tail: StderrTail | None = None
        self._protections: Protections | None = None
        self._lock = threading.Lock()
        self._watchdog = Watchdog()
        self._expire: Callable[[], None] | None = None
        atexit.register(self.close)

    def run(self, job: Job[Request, Answer], request: Request, timeout: float, seat: OracleSeat) -> Answer:
        """Do a job, with an oracle from `seat` where it asks for one.

        Raises WorkerFailure where it crashes, raises, answers what is no answer, or takes longer than `timeout` seconds.
        """
        with self._lock, seat:
            process = self._started()
            opening = b"" if self._is_opened or self._opening is None else self._opening()
            expired = threading.Event()

            def expire() -> None:
                # Whoever waits for the judge or for the oracle waits no longer.
                expired.set()
                process.kill()
                seat.interrupt()

            self._watchdog.watch(timeout, expire)
            self._expire = expire
            try:
                if opening:
                    self._exchange(process, opening, seat)
                self._is_opened = True
                return decode(job.answer, self._exchange(process, job.pack(request), seat))
            except (OSError, EOFError) as error:
                code = self._stop(ended=not expired.is_set())
                if expired.is_set():
                    raise WorkerFailure("timeout", f"no answer within {timeout:g} s") from error
                raise WorkerFailure("crashed", f"exit status {code}\n{self._last_words()}".strip()) from error
            except (FrameError, CodecError) as error:
                self._stop()
                raise WorkerFailure("error", str(error)) from error
            finally:
                self._expire = None
                self._watchdog.call_off()

    @property
    def protections(self) -> Protections | None:
        """What confines the process that did the last job."""
        return self._protections

    def start(self) -> None:
        """Start the process ahead of its first job."""
        with self._lock:
            self._started()

    def interrupt(self) -> None:
        """Have the job that another thread is running, if any, end as one whose time is over."""
        if (expire := self._expire) is not None:
            expire()

    def close(self) -> None:
        """End the process. The next job starts another."""
        with self._lock:
            self._stop()
            self._watchdog.end()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._protections = None
            self._is_opened = False
            self._process = start_confined(self._program, str(self._memory_limit), *self._arguments, python=self._python)
            assert self._process.stderr is not None
            self._tail = StderrTail(self._process.stderr)
        return self._process

    def _stop(self, *, ended: bool = False) -> int | None:
        process, self._process = self._process, None
        if process is None:
            return None
        for stream in (process.stdin, process.stdout):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            # What closed its pipe is about to end by itself, and its status says how.
            return process.wait(_GRACE if ended else 0.0)
        process.kill()
        return process.wait()

    def _last_words(self) -> str:
        return self._tail.text() if self._tail else ""

    def _exchange(self, process: subprocess.Popen[bytes], packed: bytes, seat: OracleSeat) -> bytes:
        assert process.stdin is not None and process.stdout is not None
        renew_cpu_time(process.pid, PROCESSOR_SECONDS)
        write_frame(process.stdin, JOB, packed)
        if self._protections is None:
            self._protections = decode(Protections, read_frame(process.stdout, {READY: JUDGE_LETTERS[READY]})[1])
        while True:
            letter, payload = read_frame(process.stdout, JUDGE_LETTERS)
            if letter == DONE:
                return payload
            if letter == FAILED:
                raise WorkerFailure("error", payload.decode("utf-8", "replace"))
            try:
                if letter == LOAD:
                    seat.load(*unpack_load(payload))
                    continue
                reply = pack_parts(seat.run(payload)) if letter == CALLS else seat.loaded()
            except OracleFailure as failure:
                if letter != LOAD:
                    write_frame(process.stdin, NO_ORACLE, str(failure).encode("utf-8", "replace"))
                continue
            write_frame(process.stdin, REPLY, reply)
