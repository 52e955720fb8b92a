"""Several processes behind one port (Linux): each a whole gateway with its share of the workers, which lets in who comes when it has time.

They share the folder, hence keys, jobs and kept answers. This process serves nobody: it starts again what ends by itself, and passes on
that all are to end. What each has to know of the others is a byte of shared memory for each: whether it listens, and whether it is ready.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import mmap
import os
import secrets
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from portalis.translator.servers.gateway.metrics import merged
from portalis.translator.servers.gateway.records import Log, place_of

_ENDING = (signal.SIGTERM, signal.SIGINT)
_HEARD = (*_ENDING, signal.SIGCHLD)
_LOOK_SECONDS = 0.05
# One that ended is not started again more often than this.
_PAUSE_SECONDS = 1.0
_PATIENCE = 1.0
_PR_SET_PDEATHSIG = 1
# What a process is: gone or about to listen, listening, listening with a compiler.
_AWAY, _HERE, _READY = range(3)


class NeverListened(Exception):
    """A process ended before it had listened once: the next one would, too."""


@dataclass
class Siblings:
    """One process among those behind a port, as it is seen from inside."""

    number: int
    # Whether it takes the place of one that ended: the others let in who comes until it is ready.
    again: bool
    _states: mmap.mmap
    _names: tuple[bytes, ...]
    _telling: socket.socket

    def tell(self, *, ready: bool) -> None:
        """Say that this one listens, and whether it is ready."""
        self._states[self.number] = _READY if ready else _HERE

    @property
    def ready(self) -> bool:
        """Whether all that listen are: whoever asks next may get any of them."""
        return _HERE not in self._states[:]

    @property
    def complete(self) -> bool:
        """Whether all are there."""
        return _AWAY not in self._states[:]

    async def serve(self, text: Callable[[], bytes]) -> None:
        """Tell the others this one's counters, whenever they ask."""

        async def told(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError), contextlib.closing(writer):
                asking: socket.socket = writer.get_extra_info("socket")
                _, user, _ = struct.unpack("3i", asking.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
                if user == os.getuid():
                    writer.write(text())
                    await writer.drain()

        await asyncio.start_unix_server(told, sock=self._telling)

    async def all_counters(self, own: bytes) -> bytes:
        """Return everybody's counters, each with the label `process`; of one that does not answer there are none."""
        numbers = [number for number, state in enumerate(self._states[:]) if state != _AWAY and number != self.number]
        found = dict(zip(numbers, await asyncio.gather(*map(self._counters_of, numbers)), strict=True))
        return merged({str(number): text for number, text in sorted({**found, self.number: own}.items()) if text})

    async def _counters_of(self, number: int) -> bytes:
        try:
            async with asyncio.timeout(_PATIENCE):
                reader, writer = await asyncio.open_unix_connection(self._names[number].decode())
                with contextlib.closing(writer):
                    return await reader.read()
        except (OSError, TimeoutError):
            return b""


class _Family:
    """All processes, as they are seen by the one that starts them."""

    def __init__(self, count: int, run: Callable[[Siblings], None], log: Log) -> None:
        self._run, self._log = run, log
        self._states = mmap.mmap(-1, count)
        # Names without a file, in a space of their own; who asks has to be this user.
        self._names = tuple(f"\0portalis-{secrets.token_hex(16)}-{number}".encode() for number in range(count))
        self._telling = []
        for name in self._names:
            listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            listening.bind(name)
            listening.listen()
            self._telling.append(listening)
        self._running: dict[int, tuple[int, float]] = {}
        self._had_listened = set[int]()

    @property
    def listening(self) -> bool:
        """Whether all listen."""
        return _AWAY not in self._states[:]

    @property
    def running(self) -> bool:
        """Whether any is there."""
        return bool(self._running)

    def start(self, number: int, *, again: bool) -> None:
        """Start one."""
        siblings = Siblings(number, again, self._states, self._names, self._telling[number])
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._become(siblings, parent)
        self._running[pid] = (number, time.monotonic())

    def end(self) -> None:
        """Tell all to end."""
        for pid in self._running:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)

    def ended(self) -> list[tuple[int, int, float]]:
        """Return those that have ended: which, with which status, how long they lived. NeverListened where one never did."""
        found = []
        self._had_listened |= {number for number, state in enumerate(self._states[:]) if state != _AWAY}
        while self._running:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            if pid not in self._running:
                continue
            number, since = self._running.pop(pid)
            self._states[number] = _AWAY
            found.append((number, os.waitstatus_to_exitcode(status), time.monotonic() - since))
        return found

    def has_listened(self, number: int) -> bool:
        """Tell whether a process of this number ever listened."""
        return number in self._had_listened

    def _become(self, siblings: Siblings, parent: int) -> NoReturn:
        status = 1
        try:
            # An interrupt at the terminal is for the one that started this.
            os.setpgid(0, 0)
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
            if os.getppid() == parent:
                signal.pthread_sigmask(signal.SIG_UNBLOCK, _HEARD)
                self._run(siblings)
            status = 0
        except BaseException as error:
            self._log.tell("ERROR", "process", process=siblings.number, exception=type(error).__name__, at=place_of(error))
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)


def supervise(count: int, run: Callable[[Siblings], None], log: Log, *, told: Callable[[], None], closing: Callable[[], None]) -> None:
    """Have `count` processes `run` until a signal says to end, and wait until they have. NeverListened where one of them cannot.

    `told` is called when all listen, `closing` when nobody is to be let in any more. Nothing has been started yet in this process: it is
    forked, with all that it has loaded.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _HEARD)
    family = _Family(count, run, log)
    try:
        for number in range(count):
            family.start(number, again=False)
        _watch(family, log, told)
    finally:
        closing()
        family.end()
        while family.running:
            heard = signal.sigtimedwait(_HEARD, _LOOK_SECONDS)
            if heard is not None and heard.si_signo in _ENDING:
                family.end()
            family.ended()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _watch(family: _Family, log: Log, told: Callable[[], None]) -> None:
    """Start again what ends, until a signal says that all are to."""
    said = False
    due: list[tuple[float, int]] = []
    while True:
        heard = signal.sigtimedwait(_HEARD, _LOOK_SECONDS if due or not said else 60.0)
        if heard is not None and heard.si_signo in _ENDING:
            return
        for number, status, lived in family.ended():
            log.tell("ERROR", "process ended", process=number, status=status)
            if not family.has_listened(number):
                raise NeverListened(f"a process of the gateway ended with status {status} before it had listened")
            due.append((time.monotonic() + max(0.0, _PAUSE_SECONDS - lived), number))
        for item in [item for item in due if item[0] <= time.monotonic()]:
            due.remove(item)
            family.start(item[1], again=True)
        if not said and family.listening:
            said = True
            told()
