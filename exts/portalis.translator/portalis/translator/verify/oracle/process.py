"""The nursery's program and the oracle's: it imports what an oracle needs, and forks one for each socket that its host sends.

An oracle gives up what it does not need before it reads from its socket. Everything is imported by then: what is imported later fails.
"""

from __future__ import annotations

import gc
import importlib
import os
import signal
import socket
import struct
from typing import IO

from portalis.translator.verify.oracle.warming import warm_up
from portalis.translator.verify.oracle.witness import Witness
from portalis.translator.work.codec import CodecError, encode
from portalis.translator.work.confine import Protections, oracle
from portalis.translator.work.frames import read_frame, write_frame
from portalis.translator.work.link import OracleFailure
from portalis.translator.work.protocol import (
    BROKEN_LIMIT,
    ORACLE_ANSWER,
    ORACLE_BROKEN,
    ORACLE_LOAD,
    ORACLE_LOADED,
    ORACLE_READY,
    ORACLE_RUNS,
    PROCESSOR_SECONDS,
    SIZE_LIMIT,
    pack_answer,
    unpack_runs,
)

_PID = struct.Struct("<q")


def main(memory_limit: str) -> None:
    """Fork oracles until the host closes its socket, which is standard input."""
    # Ctrl-C reaches every process of a terminal. When this one ends is for its host to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Whatever prints, prints to the pipe that the host shows escaped.
    os.dup2(2, 1)
    control = socket.socket(fileno=os.dup(0))
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    warm_up()
    alive: set[int] = set()
    while True:
        command, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not command:
            break
        if command == b"b":
            (pid,) = _PID.unpack(_exactly(control, _PID.size))
            alive.discard(pid)
            os.waitpid(pid, 0)
            continue
        if command == b"g":
            importlib.import_module("pxr.Gf")
        alive.add(_fork(control, descriptors[0], int(memory_limit)))
    for pid in alive:
        os.kill(pid, signal.SIGKILL)


def _fork(control: socket.socket, descriptor: int, memory_limit: int) -> int:
    """Fork an oracle and tell the host its number."""
    parent = os.getpid()
    # What is there now is never freed, so that looking for garbage copies none of it.
    gc.freeze()
    pid = os.fork()
    if pid:
        os.close(descriptor)
        control.sendall(_PID.pack(pid))
        return pid
    status = 1
    try:
        control.close()
        _serve(os.fdopen(os.dup(descriptor), "rb"), os.fdopen(descriptor, "wb"), parent, memory_limit)
        status = 0
    finally:
        os._exit(status)


def _serve(requests: IO[bytes], answers: IO[bytes], parent: int, memory_limit: int) -> None:
    """Be an oracle."""
    profile = oracle(parent, memory_limit, PROCESSOR_SECONDS)
    confinement = profile.confinement()
    confinement.apply((*profile.early, *profile.seal))
    write_frame(answers, ORACLE_READY, encode(Protections, confinement.report()))
    witness = Witness()
    while True:
        try:
            letter, payload = read_frame(requests, {ORACLE_LOAD: SIZE_LIMIT, ORACLE_RUNS: SIZE_LIMIT})
        except EOFError:
            return
        try:
            if letter == ORACLE_LOAD:
                write_frame(answers, ORACLE_LOADED, witness.load(payload))
                continue
            for run in unpack_runs(payload):
                write_frame(answers, ORACLE_ANSWER, pack_answer(run, witness.run(run.entry, run.case, run.steps)))
        except (OracleFailure, CodecError, MemoryError) as failure:
            text = f"{type(failure).__name__}: {failure}" if not isinstance(failure, OracleFailure) else str(failure)
            write_frame(answers, ORACLE_BROKEN, text.encode("utf-8", "replace")[:BROKEN_LIMIT])


def _exactly(control: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        chunk = control.recv(count - len(data))
        if not chunk:
            os._exit(0)
        data += chunk
    return data
