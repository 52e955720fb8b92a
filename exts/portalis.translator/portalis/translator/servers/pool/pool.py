"""Translations in a pool of judges, each with a cap on its time and its memory; every source gets an oracle of its own.

Whatever a snippet does to the compiler, it does it to one judge, which is replaced; its request gets an answer that says so.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from portalis.translator.servers.contract.asking import RemoteError
from portalis.translator.servers.contract.proof import require_proof
from portalis.translator.servers.contract.translation import (
    CANARY,
    SOURCE_LIMIT,
    Answer,
    RefusedAnswer,
    RequestOptions,
    TranslatedAnswer,
    failed,
)
from portalis.translator.servers.pool.compiler_version import compiler_version
from portalis.translator.servers.pool.interest import Interest
from portalis.translator.servers.pool.kept import AnswerCache
from portalis.translator.servers.pool.keys import UNNAMED, request_key, with_path
from portalis.translator.translating.jobs import PROGRAM, library_request
from portalis.translator.translating.judging import TEXT
from portalis.translator.translating.messages import BuildSettings, TextAnswer, TextRequest
from portalis.translator.work.seat import OracleSeat
from portalis.translator.work.supply import OracleSupply
from portalis.translator.work.worker import MEMORY_LIMIT, Worker, WorkerFailure

# A process that has done this many jobs is replaced, so that what libraries never give back cannot pile up to the cap on memory.
JOBS_PER_PROCESS = 400
_DROPPED = failed("expired", "nobody waits for this answer any more")
Stage: TypeAlias = Literal["building", "verifying"]


def _nobody_listens(stage: Stage) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Outcome:
    """An answer as JSON, whose source has no path yet (`keys.with_path`), and whether it is one to keep: failures are not."""

    answer: bytes
    keep: bool


class _ToldSeat(OracleSeat):
    """Tells when CPython is first asked: then the module is there, and is verified."""

    def __init__(self, supply: OracleSupply, tell: Callable[[Stage], None]) -> None:
        # Whoever asks may be anybody: no two sources share an oracle.
        super().__init__(supply, typed=False)
        self._tell: Callable[[Stage], None] | None = tell

    def load(self, request: bytes, limit: int, uses_gf: bool) -> None:
        """Load, and tell of it once."""
        tell, self._tell = self._tell, None
        if tell is not None:
            tell("verifying")
        super().load(request, limit, uses_gf)


class Pool:
    """`size` workers, each answering one request at a time within `time_limit` seconds and `memory_limit` bytes.

    `submit` keeps answers up to `cache_bytes`; whoever keeps them elsewhere asks `translate`.
    """

    def __init__(self, size: int, time_limit: float, memory_limit: int = MEMORY_LIMIT, cache_bytes: int = 64 << 20) -> None:
        self._time_limit = time_limit
        self._cache = AnswerCache(cache_bytes)
        self._idle: queue.SimpleQueue[tuple[Worker, int]] = queue.SimpleQueue()
        for _ in range(size):
            self._idle.put((Worker(PROGRAM, "sources", memory_limit=memory_limit, opening=library_request), 0))
        self._oracles = OracleSupply()
        self._size = size
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="translate")

    @property
    def size(self) -> int:
        """How many requests are worked on at a time."""
        return self._size

    def warm_up(self, told: Callable[[], None] = lambda: None) -> None:
        """Start every worker and have each translate once, so that the first request is as fast as any; `told` hears of each that can."""
        workers = [self._idle.get() for _ in range(self._size)]
        request = _text_request(CANARY.encode(), RequestOptions())

        def warm(item: tuple[Worker, int]) -> None:
            try:
                self._run(item[0], request, 120.0, _nobody_listens, Interest())
            finally:
                self._idle.put((item[0], 1))
            told()

        list(self._threads.map(warm, workers))

    def submit(self, source: bytes, options: bytes, interest: Interest | None = None) -> Future[bytes]:
        """Queue a request, UTF-8 text and `RequestOptions` as JSON (empty: the defaults); the future holds an `Answer` as JSON.

        Where the interest in it is lost, that is `failed`.
        """
        try:
            request = RequestOptions.model_validate_json(options or b"{}")
            require_servable(source, request)
        except (ValidationError, ValueError) as error:
            return _done(failed("invalid", str(error)))
        key = request_key(source, request, compiler_version())
        known = self._cache.get(key)
        if known is not None:
            return _done(with_path(known, request.path))
        return self._threads.submit(self._answer, key, source, request, interest or Interest(), time.monotonic())

    def translate(self, source: bytes, request: RequestOptions, tell: Callable[[Stage], None] = _nobody_listens) -> Future[bytes]:
        """Queue a request that `require_servable` let pass; the future holds an `Answer` as JSON, whose source has no path yet
        (`keys.with_path`), or RemoteError. `tell` hears of its stages, from another thread."""
        return self._threads.submit(self._translated, source, request, tell)

    def close(self) -> None:
        """Stop every idle worker; requests that still wait get no answer, and busy workers end with this process."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        while not self._idle.empty():
            self._idle.get()[0].close()
        self._oracles.close()

    def _run(self, worker: Worker, request: TextRequest, limit: float, tell: Callable[[Stage], None], interest: Interest) -> TextAnswer:
        seat = _ToldSeat(self._oracles, tell)
        interest.begins(worker.interrupt)
        try:
            answer = worker.run(TEXT, request, limit, seat)
        finally:
            interest.ends()
        return (
            answer if answer.build is None else replace(answer, build=answer.build.with_protections((worker.protections, seat.protections)))
        )

    def _translated(self, source: bytes, request: RequestOptions, tell: Callable[[Stage], None]) -> bytes:
        try:
            return self._work(source, request, tell, Interest()).answer
        except Exception as error:
            raise RemoteError(f"{type(error).__name__}: {error}") from error

    def _answer(self, key: bytes, source: bytes, request: RequestOptions, interest: Interest, since: float) -> bytes:
        if time.monotonic() - since > request.patience:
            return failed("expired", f"the request waited in line for more than {request.patience:g} s")
        outcome = self._work(source, request, _nobody_listens, interest)
        if outcome.keep:
            self._cache.put(key, outcome.answer)
        return with_path(outcome.answer, request.path)

    def _work(self, source: bytes, request: RequestOptions, tell: Callable[[Stage], None], interest: Interest) -> Outcome:
        if interest.lost:
            return Outcome(_DROPPED, keep=False)
        wanted = request.options.timeout
        # Written so that a timeout that is no number gets the limit too.
        limit = wanted if 0 < wanted < self._time_limit else self._time_limit
        asked = _text_request(source, request)
        worker, jobs = self._idle.get()
        try:
            tell("building")
            while True:
                try:
                    answer = _as_json(self._run(worker, asked, limit, tell, interest))
                except WorkerFailure as failure:
                    # Also where the process lives: after a job that took all the memory, the next one would pay for it.
                    worker.close()
                    used, jobs = jobs > 0, 0
                    if interest.lost:
                        return Outcome(_DROPPED, keep=False)
                    # What failed in a process that others had used may be their doing: it gets a fresh one.
                    if not used or failure.kind == "timeout":
                        return Outcome(_told(failure), keep=False)
                except RemoteError as error:
                    worker.close()
                    jobs = 0
                    return Outcome(failed("error", str(error)), keep=False)
                else:
                    jobs += 1
                    if jobs >= JOBS_PER_PROCESS:
                        worker.close()
                        jobs = 0
                    return Outcome(answer, keep=True)
        finally:
            self._idle.put((worker, jobs))


def _done(answer: bytes) -> Future[bytes]:
    done: Future[bytes] = Future()
    done.set_result(answer)
    return done


def _text_request(source: bytes, request: RequestOptions) -> TextRequest:
    settings = BuildSettings.of(request.options)
    return TextRequest(
        source.decode(), UNNAMED, request.function, request.examples, settings, request.options.rust, request.references, request.texts
    )


def _as_json(found: TextAnswer) -> bytes:
    if found.build is None or found.interface is None:
        answer: Answer = RefusedAnswer(diagnostics=found.diagnostics)
    else:
        # Here and not by whoever reads it: the bytes are at hand, and nothing leaves without its proof.
        require_proof(found.build)
        answer = TranslatedAnswer(build=found.build, interface=found.interface, texts=found.texts)
    try:
        return answer.model_dump_json().encode()
    except PydanticSerializationError as error:
        raise RemoteError("it makes a text with half a surrogate pair, which no answer carries: translate it without a server") from error


def require_servable(source: bytes, request: RequestOptions) -> None:
    """Raise ValueError where a request asks for what no server gives."""
    source.decode()
    if len(source) > SOURCE_LIMIT:
        raise ValueError(f"the source has {len(source)} bytes, more than {SOURCE_LIMIT}")
    request.require_servable()


def _told(failure: WorkerFailure) -> bytes:
    lines = failure.detail.strip().splitlines()
    return failed(failure.kind if failure.kind in ("timeout", "crashed") else "error", lines[0] if lines else failure.kind)
