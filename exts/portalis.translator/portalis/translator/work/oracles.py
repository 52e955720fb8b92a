"""Oracles as their host sees them: processes that are given a user's text, and answers that come in time or do not.

A nursery is a process that has imported all that an oracle needs and has never seen a text; it forks an oracle in a millisecond, with a
socket of its own. Two nurseries have different hash seeds, and oracles are taken from them in turn: an answer that depends on the order of
a set differs between one translation and the next, and from the artefact in one of them.
"""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from portalis.translator.source import visible
from portalis.translator.work.codec import CodecError, decode
from portalis.translator.work.confine import Protections, renew_cpu_time
from portalis.translator.work.frames import FrameError, read_frame
from portalis.translator.work.link import OracleFailure
from portalis.translator.work.protocol import BROKEN_LIMIT, ORACLE_BROKEN, ORACLE_READY, PROCESSOR_SECONDS, READY_LIMIT
from portalis.translator.work.starting import start_nursery
from portalis.translator.work.tail import StderrTail

PROGRAM = "portalis.translator.verify.oracle.process"
HASH_SEEDS = ("1", "2")
# An oracle that says nothing for so long is ended; one that the system does not let run gets longer.
PATIENCE, LONGEST_PATIENCE, START_PATIENCE = 0.5, 10.0, 60.0
_GLANCE, _BUSY_SHARE = 0.1, 0.5
_HEADER = struct.Struct("<cI")
_PID = struct.Struct("<q")
_CHUNK = 1 << 16


def can_fork() -> bool:
    """Tell whether this system forks processes and hands sockets on; Windows does neither."""
    return hasattr(os, "fork") and hasattr(socket, "send_fds")


class Stalled(Exception):
    """The oracle gave no answer in time."""


class _Patient:
    """Reads from a socket, and gives up where nothing comes though the process has had its time."""

    def __init__(self, connection: socket.socket, pid: int) -> None:
        self._socket = connection
        self._pid = pid
        self._held = bytearray()
        self.expect(PATIENCE)

    def expect(self, patience: float) -> None:
        """Begin with a frame: nothing of it may come later than `patience` after what came before, nor the end of it after much longer."""
        self._patience = patience
        self._end = time.monotonic() + max(patience, LONGEST_PATIENCE)

    def read(self, count: int) -> bytes:
        """Return exactly so many bytes, or fewer where the other end closed; Stalled where neither comes in time."""
        while len(self._held) < count:
            chunk = self._receive()
            if not chunk:
                break
            self._held += chunk
        taken = bytes(self._held[:count])
        del self._held[:count]
        return taken

    def has_more(self) -> bool:
        """Tell whether something came that nobody asked for."""
        if not self._held:
            self._socket.settimeout(0.0)
            with contextlib.suppress(BlockingIOError, OSError):
                self._held += self._socket.recv(_CHUNK)
        return bool(self._held)

    def _receive(self) -> bytes:
        if time.monotonic() >= self._end:
            # It speaks, but so slowly that it might never come to an end.
            raise Stalled
        glance = min(_GLANCE, self._patience)
        self._socket.settimeout(glance)
        try:
            return self._socket.recv(_CHUNK)
        except TimeoutError:
            return self._wait(self._patience - glance)
        except ConnectionError:
            return b""

    def _wait(self, seconds: float) -> bytes:
        """Wait on for a process that is slow to answer: by its processor time, where the system tells it, else by the clock."""
        used = processor_seconds(self._pid)
        while True:
            self._socket.settimeout(max(seconds, 0.001))
            try:
                return self._socket.recv(_CHUNK)
            except TimeoutError:
                spent = processor_seconds(self._pid)
                # On a loaded machine it may not have run at all: that says nothing about its work.
                if used is None or spent is None or spent - used >= _BUSY_SHARE * seconds or time.monotonic() >= self._end:
                    raise Stalled from None
            except ConnectionError:
                return b""


def processor_seconds(pid: int) -> float | None:
    """Return the processor time of a process, or None where the system does not tell."""
    try:
        # The name in brackets may hold anything; what follows it are numbers.
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return None


@functools.lru_cache(maxsize=16)
def _protections(told: bytes) -> Protections:
    """Return what an oracle says of its protections: nearly all of a nursery say the same."""
    return decode(Protections, told)


class OracleProcess:
    """One oracle. Whoever holds it is the only one who talks to it, and ends it."""

    def __init__(self, nursery: Nursery, connection: socket.socket, pid: int) -> None:
        self._nursery = nursery
        self._socket = connection
        self._pid = pid
        self._reader = _Patient(connection, pid)
        self._protections: Protections | None = None

    @property
    def protections(self) -> Protections:
        """What confines it, as it said before it was given any text."""
        if self._protections is None:
            try:
                self._protections = _protections(self.receive(ORACLE_READY, READY_LIMIT, START_PATIENCE))
            except CodecError as error:
                raise OracleFailure(str(error)) from error
        return self._protections

    def renew(self) -> None:
        """Give it the processor time of another source."""
        renew_cpu_time(self._pid, PROCESSOR_SECONDS)

    def send(self, letter: bytes, payload: bytes) -> None:
        """Send one frame; Stalled where it does not read it, EOFError where it is gone."""
        _ = self.protections
        self._socket.settimeout(LONGEST_PATIENCE)
        try:
            self._socket.sendall(_HEADER.pack(letter, len(payload)) + payload)
        except TimeoutError:
            raise Stalled from None
        except OSError as error:
            raise EOFError("the oracle is gone") from error

    def receive(self, letter: bytes, limit: int, patience: float = PATIENCE) -> bytes:
        """Return the payload of the frame that has to come next.

        Raises Stalled or EOFError where none comes, OracleFailure where the oracle says that it failed or says what it may not.
        """
        self._reader.expect(patience)
        limits: Mapping[bytes, int] = {letter: limit, ORACLE_BROKEN: BROKEN_LIMIT}
        try:
            found, payload = read_frame(self._reader, limits)
        except FrameError as error:
            raise OracleFailure(str(error)) from error
        if found == ORACLE_BROKEN:
            raise OracleFailure(visible(payload.decode("utf-8", "replace")))
        return payload

    def require_silence(self) -> None:
        """Raise OracleFailure where it has said more than it was asked."""
        if self._reader.has_more():
            raise OracleFailure("the oracle said more than it was asked")

    def interrupt(self) -> None:
        """Have whoever waits for it, in another thread, see that it is gone."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        """Kill it; idempotent."""
        if self._socket.fileno() >= 0:
            self._nursery.bury(self._pid)
            self._socket.close()


class Nursery:
    """A process that forks oracles, and is started when the first is wanted. `program` is its module, and arguments of its `main`."""

    def __init__(self, program: Sequence[str], hash_seed: str, memory_limit: int, python: str | None = None) -> None:
        self._program, *self._arguments = program
        self._hash_seed = hash_seed
        self._memory_limit = memory_limit
        self._python = python
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._tail: StderrTail | None = None

    @property
    def running(self) -> bool:
        """Whether it was started."""
        return self._process is not None

    def start(self) -> None:
        """Start it ahead of its first oracle."""
        with self._lock:
            self._started()

    def fork(self, uses_gf: bool) -> OracleProcess:
        """Fork an oracle; OracleFailure where that cannot be done."""
        with self._lock:
            try:
                return self._fork(uses_gf)
            except OSError as error:
                self._stop()
                raise OracleFailure(f"no oracle could be started: {error} {self._tail.text() if self._tail else ''}".rstrip()) from error

    def bury(self, pid: int) -> None:
        """Kill an oracle of this nursery, which then forgets its number; until then it stands for nothing else."""
        with contextlib.suppress(OSError), self._lock:
            os.kill(pid, signal.SIGKILL)
            if self._control is not None:
                self._control.sendall(b"b" + _PID.pack(pid))

    def close(self) -> None:
        """End it and all its oracles; idempotent."""
        with self._lock:
            self._stop()

    def _started(self) -> socket.socket:
        if self._control is None or self._process is None or self._process.poll() is not None:
            self._stop()
            ours, theirs = socket.socketpair()
            with theirs:
                self._process = start_nursery(
                    self._program,
                    str(self._memory_limit),
                    *self._arguments,
                    python=self._python,
                    hash_seed=self._hash_seed,
                    control=theirs.fileno(),
                )
            assert self._process.stderr is not None
            self._tail = StderrTail(self._process.stderr)
            self._control = ours
        return self._control

    def _fork(self, uses_gf: bool) -> OracleProcess:
        control = self._started()
        ours, theirs = socket.socketpair()
        with theirs:
            control.settimeout(START_PATIENCE)
            socket.send_fds(control, [b"g" if uses_gf else b"f"], [theirs.fileno()])
        answer = b""
        while len(answer) < _PID.size:
            chunk = control.recv(_PID.size - len(answer))
            if not chunk:
                ours.close()
                raise ConnectionError("its nursery ended")
            answer += chunk
        return OracleProcess(self, ours, *_PID.unpack(answer))

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
