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
from collections.abc import Callable
from typing import IO, TypeAlias

from portalis.translator.verify.oracle.warming import warm_up
from portalis.translator.verify.oracle.witness import Witness
from portalis.translator.work.codec import CodecError, encode
from portalis.translator.work.confine import Profile, Protections, fork_alone, forked_oracle, nursery
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
    split_orders,
    unpack_runs,
)

Serve: TypeAlias = Callable[[IO[bytes], IO[bytes]], None]
_PID = struct.Struct("<q")
# How many objects more there may be before Python looks for cycles among them: few texts come to so many.
_UNCOLLECTED = 100_000


def main(memory_limit: str) -> None:
    """Fork oracles until the host closes its socket, which is standard input."""
    fork_oracles(int(memory_limit), serve)


def fork_oracles(memory_limit: int, serve: Serve) -> None:
    """Fork a process for each socket that comes, which gives up what it does not need and then serves."""
    # Ctrl-C reaches every process of a terminal. When this one ends is for its host to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Whatever prints, prints to the pipe that the host shows escaped.
    os.dup2(2, 1)
    control = socket.socket(fileno=os.dup(0))
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    profile = nursery(memory_limit)
    confinement = profile.confinement()
    confinement.apply(profile.early)
    handed_on = confinement.report()
    gc.disable()
    warm_up()
    given_up = forked_oracle(os.getpid(), PROCESSOR_SECONDS)
    given_up.prepare()
    encode(Protections, handed_on)
    gc.set_threshold(_UNCOLLECTED)
    gc.enable()
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
        alive.add(_fork(control, descriptors[0], given_up, handed_on, serve))
    for pid in alive:
        os.kill(pid, signal.SIGKILL)


def _fork(control: socket.socket, descriptor: int, profile: Profile, handed_on: Protections, serve: Serve) -> int:
    """Fork an oracle and tell the host its number."""
    # What is there now is never freed, so that looking for garbage copies none of it.
    gc.freeze()
    pid = fork_alone()
    if pid:
        os.close(descriptor)
        control.sendall(_PID.pack(pid))
        return pid
    status = 1
    try:
        control.close()
        requests, answers = os.fdopen(os.dup(descriptor), "rb"), os.fdopen(descriptor, "wb")
        confinement = profile.confinement()
        confinement.apply((*profile.early, *profile.seal))
        found = Protections(profile.name, handed_on.entries + confinement.report().entries)
        write_frame(answers, ORACLE_READY, encode(Protections, found))
        serve(requests, answers)
        status = 0
    finally:
        os._exit(status)


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Be an oracle."""
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
            _run(witness, answers, payload)
        except (OracleFailure, CodecError, MemoryError) as failure:
            text = f"{type(failure).__name__}: {failure}" if not isinstance(failure, OracleFailure) else str(failure)
            write_frame(answers, ORACLE_BROKEN, text.encode("utf-8", "replace")[:BROKEN_LIMIT])


def _run(witness: Witness, answers: IO[bytes], orders: bytes) -> None:
    together, packed = split_orders(orders)
    runs = unpack_runs(packed)
    told: list[bytes] = []
    for number, (run, answer) in enumerate(zip(runs, witness.run(runs), strict=True), 1):
        told.append(pack_answer(run, answer))
        if number % together == 0 or number == len(runs):
            write_frame(answers, ORACLE_ANSWER, b"".join(told))
            told = []


def _exactly(control: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        chunk = control.recv(count - len(data))
        if not chunk:
            os._exit(0)
        data += chunk
    return data
