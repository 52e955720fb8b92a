"""Typed jobs: what may be asked of a worker process, each with the classes of its request and its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from portalis.translator.work.codec import CodecError, decode, encode
from portalis.translator.work.link import OracleLink

Request = TypeVar("Request")
Answer = TypeVar("Answer")
# The judge compiles, runs wasm and compares; the oracle executes what a user wrote. No process is both.
Profile: TypeAlias = Literal["judge", "oracle"]


@dataclass(frozen=True)
class Job(Generic[Request, Answer]):
    """One kind of work: a request of one dataclass, an answer of another, the handler between them, and the process that it runs in."""

    kind: str
    request: type[Request]
    answer: type[Answer]
    handler: Callable[[Request, OracleLink], Answer]
    profile: Profile

    def pack(self, request: Request) -> bytes:
        """Return a request as a process takes it."""
        return self.kind.encode("ascii") + b"\0" + encode(self.request, request)


JobTable: TypeAlias = Mapping[str, Job[Any, Any]]


def perform(table: JobTable, profile: Profile, packed: bytes, link: OracleLink) -> bytes:
    """Do a packed job; return its answer as bytes. CodecError where its kind is none of this process's, or a field is not in its class."""
    kind, _, content = packed.partition(b"\0")
    job = table.get(kind.decode("ascii", "replace"))
    if job is None or job.profile != profile:
        raise CodecError(f"{ascii(kind)[:80]} is no job of the {profile}")
    return encode(job.answer, job.handler(decode(job.request, content), link))
