"""The process behind the Triton model: requests in on standard input, answers out on standard output, in whatever order they are done.

Triton's Python must have NumPy 1, ours NumPy 2, so the model is a thin client of this process and shares no package with it. A frame is
`<QII`, an id and two lengths, then two byte strings: of a request the source and the options as JSON, of an answer the answer as JSON
and nothing. The first frame out, with id 0, carries the compiler's version and says that every worker is warm.
"""

from __future__ import annotations

import argparse
import functools
import os
import struct
import sys
import threading
from concurrent.futures import Future
from typing import IO

from portalis.translator.servers.contract.translation import failed
from portalis.translator.servers.pool.compiler_version import compiler_version
from portalis.translator.servers.pool.pool import Pool

FRAME = struct.Struct("<QII")


def read_frame(stream: IO[bytes]) -> tuple[int, bytes, bytes] | None:
    """Return a frame's id and its two byte strings, None where the stream has ended."""
    header = stream.read(FRAME.size)
    if len(header) < FRAME.size:
        return None
    number, first, second = FRAME.unpack(header)
    body = stream.read(first + second)
    return (number, body[:first], body[first:]) if len(body) == first + second else None


def write_frame(stream: IO[bytes], number: int, first: bytes, second: bytes = b"") -> None:
    """Write one frame whole."""
    stream.write(FRAME.pack(number, len(first), len(second)) + first + second)
    stream.flush()


def serve(requests: IO[bytes], answers: IO[bytes], pool: Pool) -> None:
    """Answer requests from a warm pool until their stream ends."""
    lock = threading.Lock()

    def send(number: int, future: Future[bytes]) -> None:
        if future.cancelled():
            return
        error = future.exception()
        answer = failed("error", f"{type(error).__name__}: {error}") if error else future.result()
        with lock:
            write_frame(answers, number, answer)

    while (frame := read_frame(requests)) is not None:
        number, source, options = frame
        pool.submit(source, options).add_done_callback(functools.partial(send, number))


def main() -> None:
    """Serve on standard input and output; everything else that prints goes to standard error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--time-limit", type=float, required=True, help="seconds a translation may take")
    parser.add_argument("--memory-limit", type=int, required=True, help="bytes a worker may allocate")
    arguments = parser.parse_args()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    pool = Pool(arguments.workers, arguments.time_limit, arguments.memory_limit)
    try:
        pool.warm_up()
        write_frame(answers, 0, str(compiler_version()).encode())
        serve(sys.stdin.buffer, answers, pool)
    finally:
        # Threads that wait for busy workers must not hold this process up; every worker ends with its pipe, in the middle of a job too.
        os._exit(0)


if __name__ == "__main__":
    main()
