"""The process behind Triton's models: requests in and answers out over a socket, answers in whatever order they are done.

Triton's Python must have NumPy 1, ours NumPy 2, so a model is a thin client of this process and shares no package with it. It is no child
of a model: whatever ends one of those, its workers stay warm. A frame of a client is `<QBIII`: an id, what is wanted, and the lengths of
three byte strings (the name of a session, the source or what the session asks for, the options as JSON); one that is sent is `<QI`, the id
and the length of an answer as JSON. The first that a client gets has id 0 and says which compiler this is and how many workers it has, all
of them warm.
"""

from __future__ import annotations

import argparse
import contextlib
import enum
import functools
import json
import os
import socket
import struct
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import IO

from portalis.translator.servers.contract.translation import CANARY, failed
from portalis.translator.servers.pool.compiler_version import compiler_version
from portalis.translator.servers.pool.interest import Interest
from portalis.translator.servers.pool.pool import Pool
from portalis.translator.servers.triton.sessions import Sessions

REQUEST = struct.Struct("<QBIII")
ANSWER = struct.Struct("<QI")


class Wish(enum.IntEnum):
    """What a frame asks for: a translation; that nobody waits any more for the one with its id; what a session asks for; its end."""

    TRANSLATE = 0
    DROP = 1
    EDIT = 2
    END = 3


def read_request(stream: IO[bytes]) -> tuple[int, Wish, bytes, bytes, bytes] | None:
    """Return a frame's id, wish, and byte strings; None where the stream has ended."""
    header = stream.read(REQUEST.size)
    if len(header) < REQUEST.size:
        return None
    number, wish, *lengths = REQUEST.unpack(header)
    parts = [stream.read(length) for length in lengths]
    return (number, Wish(wish), *parts) if [*map(len, parts)] == lengths else None


def read_answer(stream: IO[bytes]) -> tuple[int, bytes] | None:
    """Return an answer and the id that it is for; None where the stream has ended."""
    header = stream.read(ANSWER.size)
    if len(header) < ANSWER.size:
        return None
    number, length = ANSWER.unpack(header)
    body = stream.read(length)
    return (number, body) if len(body) == length else None


def request_frame(number: int, wish: Wish, session: bytes = b"", source: bytes = b"", options: bytes = b"") -> bytes:
    """Return a client's frame."""
    return REQUEST.pack(number, wish, len(session), len(source), len(options)) + session + source + options


class Client:
    """One model that is connected, and what it waits for. What it no longer waits for is dropped, all of it when its connection ends."""

    def __init__(self, connection: socket.socket, pool: Pool, sessions: Sessions) -> None:
        self._requests, self._answers = connection.makefile("rb"), connection.makefile("wb")
        self._pool, self._sessions = pool, sessions
        self._lock = threading.Lock()
        self._waiting: dict[int, Interest] = {}
        self._send(0, json.dumps({"compiler": str(compiler_version()), "workers": pool.size}).encode())

    def serve(self) -> None:
        """Take requests until the connection ends."""
        with contextlib.suppress(OSError):
            while (frame := read_request(self._requests)) is not None:
                number, wish, session, source, options = frame
                match wish:
                    case Wish.DROP:
                        self._drop(number)
                    case Wish.END:
                        self._sessions.forget(session)
                    case Wish.EDIT:
                        self._take(number, functools.partial(self._sessions.ask, session, source))
                    case Wish.TRANSLATE:
                        self._take(number, functools.partial(self._pool.submit, source, options))
        for number in list(self._waiting):
            self._drop(number)

    def _take(self, number: int, submit: Callable[[Interest], Future[bytes]]) -> None:
        self._waiting[number] = interest = Interest()
        submit(interest).add_done_callback(functools.partial(self._done, number))

    def _drop(self, number: int) -> None:
        interest = self._waiting.pop(number, None)
        if interest is not None:
            interest.lose()

    def _done(self, number: int, future: Future[bytes]) -> None:
        if self._waiting.pop(number, None) is None or future.cancelled():
            return
        error = future.exception()
        self._send(number, failed("error", f"{type(error).__name__}: {error}") if error else future.result())

    def _send(self, number: int, body: bytes) -> None:
        # Where it has gone, its requests end with its connection.
        with self._lock, contextlib.suppress(OSError, ValueError):
            self._answers.write(ANSWER.pack(number, len(body)) + body)
            self._answers.flush()


def serve(listener: socket.socket, pool: Pool) -> None:
    """Answer whoever connects, from a warm pool."""
    sessions = Sessions(pool)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=Client(connection, pool, sessions).serve, name="client", daemon=True).start()


def main() -> None:
    """Serve on the socket that this process was given; it ends with its standard input, which its starter holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listener", type=int, required=True, help="descriptor of a socket that listens")
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--time-limit", type=float, required=True, help="seconds a translation may take")
    parser.add_argument("--memory-limit", type=int, required=True, help="bytes a worker may allocate")
    arguments = parser.parse_args()
    pool = Pool(arguments.workers, arguments.time_limit, arguments.memory_limit)
    try:
        pool.warm_up()
        # What the server asks about itself is answered from memory from now on, however long the queue is.
        pool.submit(CANARY.encode(), b"").result()
        threading.Thread(target=serve, args=(socket.socket(fileno=arguments.listener), pool), name="listen", daemon=True).start()
        sys.stdin.buffer.read()
    finally:
        # Threads that wait for busy workers must not hold this process up; every worker ends with its pipe, in the middle of a job too.
        os._exit(0)


if __name__ == "__main__":
    main()
