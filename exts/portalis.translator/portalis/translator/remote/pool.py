"""Translations in a pool of judges, each with a cap on its time and its memory; every source gets an oracle of its own.

Whatever a snippet does to the compiler, it does it to one judge, which is replaced; its request gets an answer that says so.
"""

from __future__ import annotations

import hashlib
import queue
import threading
import time
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from pydantic import ValidationError

from portalis.translator.remote.messages import SOURCE_LIMIT, Answer, Failed, RefusedAnswer, RequestOptions, TranslatedAnswer
from portalis.translator.translating.jobs import PROGRAM, library_request
from portalis.translator.translating.judging import TEXT
from portalis.translator.translating.messages import BuildSettings, TextAnswer, TextRequest
from portalis.translator.work.seat import OracleSeat
from portalis.translator.work.supply import OracleSupply
from portalis.translator.work.worker import MEMORY_LIMIT, Worker, WorkerFailure

# A process that has done this many jobs is replaced, so that what libraries never give back cannot pile up to the cap on memory.
JOBS_PER_PROCESS = 400
WARM_UP = b"def half(x: float) -> float:\n    return x / 2.0\n"


class Pool:
    """`size` workers, each answering one request at a time within `time_limit` seconds and `memory_limit` bytes.

    Answers are kept up to `cache_bytes`, failures are not.
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

    def warm_up(self) -> None:
        """Start every worker and have each translate once, so that the first request is as fast as any."""
        workers = [self._idle.get() for _ in range(self._size)]
        request = _text_request(WARM_UP, RequestOptions())
        list(self._threads.map(lambda item: self._run(item[0], request, 120.0), workers))
        for worker, _ in workers:
            self._idle.put((worker, 1))

    def submit(self, source: bytes, options: bytes) -> Future[bytes]:
        """Queue a request, UTF-8 text and `RequestOptions` as JSON (empty: the defaults); the future holds an `Answer` as JSON."""
        options = options or b"{}"
        key = AnswerCache.key(source, options)
        known = self._cache.get(key)
        if known is not None:
            done: Future[bytes] = Future()
            done.set_result(known)
            return done
        return self._threads.submit(self._answer, key, source, options, time.monotonic())

    def close(self) -> None:
        """Stop every idle worker; requests that still wait get no answer, and busy workers end with this process."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        while not self._idle.empty():
            self._idle.get()[0].close()
        self._oracles.close()

    def _run(self, worker: Worker, request: TextRequest, limit: float) -> TextAnswer:
        # Whoever asks may be anybody: no two sources share an oracle.
        seat = OracleSeat(self._oracles, typed=False)
        answer = worker.run(TEXT, request, limit, seat)
        return (
            answer if answer.build is None else replace(answer, build=answer.build.with_protections((worker.protections, seat.protections)))
        )

    def _answer(self, key: bytes, source: bytes, options: bytes, since: float) -> bytes:
        try:
            request = RequestOptions.model_validate_json(options)
            _check(source, request)
        except (ValidationError, ValueError) as error:
            return failed("invalid", str(error))
        if time.monotonic() - since > request.patience:
            return failed("expired", f"the request waited in line for more than {request.patience:g} s")
        wanted = request.options.timeout
        # Written so that a timeout that is no number gets the limit too.
        limit = wanted if 0 < wanted < self._time_limit else self._time_limit
        answer, kept = self._work(_text_request(source, request), limit)
        if kept:
            self._cache.put(key, answer)
        return answer

    def _work(self, request: TextRequest, limit: float) -> tuple[bytes, bool]:
        """Return an answer and whether it is one to keep."""
        worker, jobs = self._idle.get()
        try:
            while True:
                try:
                    answer = _as_json(self._run(worker, request, limit))
                except WorkerFailure as failure:
                    # Also where the process lives: after a job that took all the memory, the next one would pay for it.
                    worker.close()
                    used, jobs = jobs > 0, 0
                    # What failed in a process that others had used may be their doing: it gets a fresh one.
                    if not used or failure.kind == "timeout":
                        return _told(failure), False
                else:
                    jobs += 1
                    if jobs >= JOBS_PER_PROCESS:
                        worker.close()
                        jobs = 0
                    return answer, True
        finally:
            self._idle.put((worker, jobs))


class AnswerCache:
    """Answers by request, the least recently used dropped first once they take more than `capacity` bytes."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._answers: OrderedDict[bytes, bytes] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    @staticmethod
    def key(source: bytes, options: bytes) -> bytes:
        """Return what identifies a request: equal requests ask for equal answers."""
        return hashlib.sha256(len(source).to_bytes(8) + source + options).digest()

    def get(self, key: bytes) -> bytes | None:
        """Return the answer kept for a request, None where there is none."""
        with self._lock:
            answer = self._answers.get(key)
            if answer is not None:
                self._answers.move_to_end(key)
            return answer

    def put(self, key: bytes, answer: bytes) -> None:
        """Keep an answer."""
        with self._lock:
            self._bytes += len(answer) - len(self._answers.pop(key, b""))
            self._answers[key] = answer
            while self._bytes > self._capacity:
                _, dropped = self._answers.popitem(last=False)
                self._bytes -= len(dropped)


def _text_request(source: bytes, request: RequestOptions) -> TextRequest:
    settings = BuildSettings.of(request.options)
    return TextRequest(source.decode(), request.path, request.function, request.examples, settings, request.options.rust)


def _as_json(found: TextAnswer) -> bytes:
    answer: Answer = RefusedAnswer(diagnostics=found.diagnostics) if found.build is None else TranslatedAnswer(build=found.build)
    return answer.model_dump_json().encode()


def _check(source: bytes, request: RequestOptions) -> None:
    """Raise ValueError where a request asks for what no server gives."""
    source.decode()
    if len(source) > SOURCE_LIMIT:
        raise ValueError(f"the source has {len(source)} bytes, more than {SOURCE_LIMIT}")
    if not request.options.verify:
        raise ValueError("a server verifies every translation: leave `verify` on")


def _told(failure: WorkerFailure) -> bytes:
    lines = failure.detail.strip().splitlines()
    return failed(failure.kind if failure.kind in ("timeout", "crashed") else "error", lines[0] if lines else failure.kind)


def failed(why: str, detail: str) -> bytes:
    """Return a `Failed` as JSON."""
    return Failed.model_validate({"why": why, "detail": detail}).model_dump_json().encode()
