"""A judge's process: jobs in, answers out, and in between questions to an oracle that its host asks for it."""

from __future__ import annotations

import contextlib
import gc
import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from typing import IO

from portalis.translator.work.codec import encode
from portalis.translator.work.confine import Protections, judge
from portalis.translator.work.frames import read_frame, write_frame
from portalis.translator.work.jobs import JobTable, perform
from portalis.translator.work.link import OracleFailure, Run
from portalis.translator.work.protocol import (
    CALLS,
    DONE,
    FAILED,
    HOST_LETTERS,
    JUDGE_LETTERS,
    LOAD,
    LOADED,
    NO_ORACLE,
    READY,
    pack_load,
    pack_orders,
    unpack_answers,
    unpack_parts,
)

# Of processor time before the first job; its host gives it more for each.
PROCESSOR_SECONDS = 3600
# How many answers an oracle tells at a time, and the steps from which a call takes so long that it is told by itself.
_TOGETHER, _LONG = 32, 10_000
# How many objects more there may be before Python looks for cycles among them: most jobs make fewer, and hardly a cycle.
_UNCOLLECTED = 100_000


class _RelayedOracle:
    """The judge's end of the link: what it asks goes to the host."""

    def __init__(self, answers: IO[bytes], received: queue.SimpleQueue[tuple[bytes, bytes]]) -> None:
        self._answers = answers
        self._received = received

    def load(self, request: bytes, answer_limit: int, *, uses_gf: bool) -> None:
        write_frame(self._answers, LOAD, pack_load(request, answer_limit, uses_gf))

    def loaded(self) -> bytes:
        write_frame(self._answers, LOADED, b"")
        return self._reply()

    def run(self, runs: Sequence[Run]) -> list[bytes | None]:
        long = any(run.steps > _LONG for run in runs)
        write_frame(self._answers, CALLS, pack_orders(runs, 1 if long else _TOGETHER))
        answers: list[bytes | None] = []
        try:
            for part in unpack_parts(self._reply()):
                asked = runs[len(answers) : len(answers) + part.count]
                answers += [None] * part.count if part.answers is None else unpack_answers(asked, part.answers)
        except ValueError as error:
            raise OracleFailure(str(error)) from None
        return answers

    def _reply(self) -> bytes:
        letter, payload = self._received.get()
        if letter == NO_ORACLE:
            raise OracleFailure(payload.decode("utf-8", "replace"))
        return payload


def serve(table: JobTable, host: int, memory_limit: int, warm_up: Callable[[], object]) -> None:
    """Do the judge's jobs from standard input until it closes.

    `warm_up` does everything once that imports a module or opens a file: no job can, since the process is confined before the first.
    """
    status = _open_status()
    profile = judge(host, memory_limit, PROCESSOR_SECONDS)
    confinement = profile.confinement()
    confinement.apply(profile.early)
    # Ctrl-C reaches every process of a terminal. When this one ends is for its host to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    # Whatever else prints must not end up between two answers.
    os.dup2(2, 1)
    received: queue.SimpleQueue[tuple[bytes, bytes]] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(sys.stdin.buffer, received), daemon=True).start()
    link = _RelayedOracle(answers, received)
    gc.disable()
    warm_up()
    # What is there now stays for good.
    gc.freeze()
    gc.set_threshold(_UNCOLLECTED)
    gc.enable()
    confinement.apply(profile.seal)
    write_frame(answers, READY, encode(Protections, confinement.report()))
    while True:
        write_frame(answers, *_answer(table, received.get()[1], link, memory_limit, status))


def _receive(requests: IO[bytes], received: queue.SimpleQueue[tuple[bytes, bytes]]) -> None:
    """Queue frames; where their pipe closes, end the process in the middle of a job: nobody is left to stop a job that never ends."""
    with contextlib.suppress(EOFError):
        while True:
            received.put(read_frame(requests, HOST_LETTERS))
    os._exit(0)


def _answer(table: JobTable, request: bytes, link: _RelayedOracle, memory_limit: int, status: int | None) -> tuple[bytes, bytes]:
    try:
        return DONE, perform(table, "judge", request, link)
    except OracleFailure as failure:
        return FAILED, f"the oracle failed: {failure}".encode("utf-8", "replace")
    except Exception as error:
        if _ran_out_of_memory(error, memory_limit, status):
            return FAILED, f"more than {memory_limit >> 20} MiB of memory were needed".encode()
        return FAILED, f"{type(error).__name__}: {error}\n{traceback.format_exc()}".encode("utf-8", "replace")[: JUDGE_LETTERS[FAILED]]


def _ran_out_of_memory(error: Exception, memory_limit: int, status: int | None) -> bool:
    """Whether an error is what a process says that has no memory left: in places CPython loses the MemoryError and raises SystemError."""
    if isinstance(error, SystemError) and status is not None:
        return _peak_memory(status) > memory_limit * 3 // 4
    return isinstance(error, MemoryError)


def _open_status() -> int | None:
    """Open what Linux tells of this process, which its confinement will hide; None elsewhere."""
    return os.open("/proc/self/status", os.O_RDONLY | os.O_CLOEXEC) if sys.platform == "linux" else None


def _peak_memory(status: int) -> int:
    """Return the most bytes this process has held; what `getrusage` says instead includes the process that it was forked from."""
    os.lseek(status, 0, os.SEEK_SET)
    lines = dict(line.split(b":", 1) for line in os.read(status, 1 << 16).splitlines())
    return int(lines[b"VmHWM"].split()[0]) << 10
