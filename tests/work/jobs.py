"""Jobs for the worker's tests: each a way in which a compiler could behave."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

from portalis.translator.work.jobs import Job, JobTable
from portalis.translator.work.link import OracleLink
from portalis.translator.work.serving import serve


@dataclass(frozen=True)
class Bytes:
    content: bytes


def reverse(request: Bytes, link: OracleLink) -> Bytes:
    return Bytes(request.content[::-1])


_REMEMBERED: list[bytes] = []


def remember(request: Bytes, link: OracleLink) -> Bytes:
    _REMEMBERED.append(request.content)
    return request


def recall(request: Bytes, link: OracleLink) -> Bytes:
    return Bytes(b"".join(_REMEMBERED))


def process(request: Bytes, link: OracleLink) -> Bytes:
    return Bytes(str(os.getpid()).encode())


def chatter(request: Bytes, link: OracleLink) -> Bytes:
    print("a job that prints")
    os.write(1, b"and one that writes")
    return Bytes(b"quiet")


def divide(request: Bytes, link: OracleLink) -> Bytes:
    return Bytes(bytes([1 // len(request.content)]))


def abort(request: Bytes, link: OracleLink) -> Bytes:
    os.write(2, b"last words \x1b[31m\n")
    os.abort()


def leave(request: Bytes, link: OracleLink) -> Bytes:
    os._exit(3)


def hang(request: Bytes, link: OracleLink) -> Bytes:
    """Take so long that a host that stops nothing is seen by the answer that it gets."""
    time.sleep(10.0)
    return Bytes(b"nobody stopped this")


def swell(request: Bytes, link: OracleLink) -> Bytes:
    return Bytes(b"".join(bytes(64 << 20) for _ in range(1000)))


def lose_the_cause(request: Bytes, link: OracleLink) -> Bytes:
    """Fail as CPython does where an allocation fails and its MemoryError is lost, with as many MiB held as the request has bytes."""
    held = [b"x" * (1 << 20) for _ in request.content]
    raise SystemError(f"error return without exception set, {len(held)} MiB held")


def environment(request: Bytes, link: OracleLink) -> Bytes:
    return Bytes(",".join(sorted(os.environ)).encode())


JOBS: JobTable = {
    made.__name__: Job(made.__name__, Bytes, Bytes, made, "judge")
    for made in (reverse, remember, recall, process, chatter, divide, abort, leave, hang, swell, lose_the_cause, environment)
}
UNKNOWN = Job("unheard_of", Bytes, Bytes, reverse, "judge")


def main(host: str, memory_limit: str) -> None:
    serve(JOBS, int(host), int(memory_limit), lambda: None)
