"""The pool of workers and the service around it, without Triton."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from portalis.translator import Options, translate
from portalis.translator.library.import_time import IMPORTABLE
from portalis.translator.servers.contract.translation import ANSWER, Answer, Failed, RefusedAnswer, RequestOptions, TranslatedAnswer
from portalis.translator.servers.pool import pool as pool_module
from portalis.translator.servers.pool.compiler_version import compiler_version
from portalis.translator.servers.pool.kept import AnswerCache
from portalis.translator.servers.pool.pool import Pool
from portalis.translator.servers.triton.backing import Backing
from portalis.translator.servers.triton.service import Wish, read_answer, request_frame
from tests.server.conftest import MEMORY_LIMIT
from tests.server.processes import becomes, children, judges, running, used_seconds
from tests.server.snippets import FOREVER, REFUSED, TAKES_ALL_MEMORY, TAKES_FOREVER, comparable, kind

# Seconds of a limit that a test wants to see reached, by a snippet that takes a multiple of it.
SOON = 0.3


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    made = Pool(1, 60.0, MEMORY_LIMIT)
    yield made
    made.close()


@pytest.fixture(scope="module")
def roomy() -> Iterator[Pool]:
    """A pool whose workers have the memory that they usually have."""
    made = Pool(1, 60.0)
    yield made
    made.close()


def ask(pool: Pool, source: str, request: RequestOptions | None = None) -> Answer:
    options = b"" if request is None else request.model_dump_json().encode()
    return ANSWER.validate_json(pool.submit(source.encode(), options).result(120))


def test_an_answer_is_the_embedded_translation(pool: Pool) -> None:
    answer = ask(pool, kind(1))
    assert isinstance(answer, TranslatedAnswer)
    assert comparable(answer.build) == comparable(translate(kind(1)).build)


def test_a_refusal_carries_every_reason(pool: Pool) -> None:
    answer = ask(pool, REFUSED, RequestOptions(path="größe.py"))
    assert isinstance(answer, RefusedAnswer) and len(answer.diagnostics) >= 2
    assert {item.span.file for item in answer.diagnostics} == {"größe.py"}


@pytest.mark.parametrize("module", sorted(IMPORTABLE))
def test_whatever_module_a_source_names_a_worker_has_it_before_it_is_confined(roomy: Pool, module: str) -> None:
    """A worker that is confined imports nothing: what it has not, it would tell as an error of its own."""
    names = "".join(f"    {module}.{name}\n" for name in sorted(IMPORTABLE[module]))
    for text in (names, f"    return {module}.{min(IMPORTABLE[module])}(x)\n"):
        answer = ask(roomy, f"import {module}\n\n\ndef f(x: int):\n{text}")
        assert not isinstance(answer, Failed), answer


def test_names_that_no_terminal_shows_are_refused_like_others(roomy: Pool) -> None:
    answer = ask(roomy, kind(1), RequestOptions(function="\u202e\0", path="\x1b[31m.py"))
    assert isinstance(answer, RefusedAnswer) and answer.diagnostics[0].code == "P0101"


def test_what_no_answer_can_carry_is_said_to_be_that(roomy: Pool) -> None:
    answer = ask(roomy, 'def f(n: int) -> str:\n    return "\\ud800"\n')
    assert isinstance(answer, Failed) and "half a surrogate pair" in answer.detail


def test_too_much_time_is_an_answer_and_is_not_kept(pool: Pool) -> None:
    request = RequestOptions(options=Options(timeout=SOON, cases=FOREVER))
    first, second = (pool.submit(TAKES_FOREVER.encode(), request.model_dump_json().encode()) for _ in range(2))
    for future in (first, second):
        answer = ANSWER.validate_json(future.result(60))
        assert isinstance(answer, Failed) and answer.why == "timeout"
    assert isinstance(ask(pool, kind(2)), TranslatedAnswer)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is capped with Linux's resource limits")
def test_too_much_memory_is_an_answer() -> None:
    small = Pool(1, 60.0, MEMORY_LIMIT)
    answer = ask(small, TAKES_ALL_MEMORY)
    assert isinstance(answer, Failed) and ("memory" in answer.detail or answer.why == "crashed"), answer
    assert isinstance(ask(small, kind(3)), TranslatedAnswer)
    small.close()


@pytest.mark.parametrize(
    ("source", "options", "reason"),
    [
        (b"def f(): pass\n", b"{", "JSON"),
        (b"def f(): pass\n", b'{"unheard_of": 1}', "unheard_of"),
        (b"def f(): pass\n", b'{"patience": NaN}', "patience"),
        (b"def f(): pass\n", b'{"options": {"verify": false}}', "verifies every translation"),
        (b"\xff\xfe", b"", "utf-8"),
        (b"#" * ((1 << 20) + 1), b"", "more than 1048576"),
    ],
)
def test_what_no_server_does_is_an_invalid_request(pool: Pool, source: bytes, options: bytes, reason: str) -> None:
    answer = ANSWER.validate_json(pool.submit(source, options).result(60))
    assert isinstance(answer, Failed) and answer.why == "invalid" and reason in answer.detail


@pytest.mark.parametrize("timeout", ["NaN", "Infinity", "-1.0", "1e300"])
def test_no_timeout_lifts_the_limit(timeout: str) -> None:
    limited = Pool(1, SOON, MEMORY_LIMIT)
    options = f'{{"options": {{"timeout": {timeout}, "cases": {FOREVER}}}}}'
    answer = ANSWER.validate_json(limited.submit(TAKES_FOREVER.encode(), options.encode()).result(60))
    limited.close()
    assert isinstance(answer, Failed) and answer.why == "timeout"


def test_who_waited_too_long_is_told_so(pool: Pool) -> None:
    slow = pool.submit(TAKES_FOREVER.encode(), RequestOptions(options=Options(timeout=SOON, cases=FOREVER)).model_dump_json().encode())
    late = ask(pool, kind(4), RequestOptions(patience=SOON / 3))
    assert isinstance(late, Failed) and late.why == "expired" and slow.done()


def test_a_worker_is_replaced_after_its_share_of_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "JOBS_PER_PROCESS", 2)
    others = set(judges(os.getpid()))
    small = Pool(1, 60.0)
    small.warm_up()
    (before,) = set(judges(os.getpid())) - others
    assert all(isinstance(ask(small, kind(salt)), TranslatedAnswer) for salt in (5, 6, 7))
    assert not running(before)
    small.close()


def test_what_a_used_process_fails_at_a_fresh_one_tries() -> None:
    others = set(judges(os.getpid()))
    small = Pool(1, 60.0)
    small.warm_up()
    (worker,) = set(judges(os.getpid())) - others
    stages = []

    def tell(stage: str) -> None:
        stages.append(stage)
        if stage == "verifying" and running(worker):
            os.kill(worker, signal.SIGKILL)

    made = small.translate(kind(8).encode(), RequestOptions(), tell).result(60)
    assert isinstance(ANSWER.validate_json(made), TranslatedAnswer) and stages == ["building", "verifying", "verifying"]
    small.close()


def test_the_cache_keeps_what_was_used_last() -> None:
    cache = AnswerCache(10)
    cache.put(b"a", b"1234")
    cache.put(b"b", b"1234")
    assert cache.get(b"a") == b"1234"
    cache.put(b"c", b"1234")
    assert cache.get(b"b") is None and cache.get(b"a") and cache.get(b"c")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Backing]:
    backing = Backing(tmp_path, ("--workers", "2", "--time-limit", "600", "--memory-limit", str(4 << 30)))
    backing.start(120.0)
    yield backing
    backing.stop()


def connected(service: Backing) -> tuple[socket.socket, IO[bytes]]:
    """Return a connection to the service, whose greeting was read, and its answers."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(str(service.path))
    answers = connection.makefile("rb")
    greeting = read_answer(answers)
    assert greeting is not None and json.loads(greeting[1]) == {"compiler": str(compiler_version()), "workers": 2}
    return connection, answers


ENDLESS = RequestOptions(options=Options(cases=FOREVER)).model_dump_json().encode()


def test_what_nobody_waits_for_gives_its_worker_back(service: Backing) -> None:
    """Both workers are busy for minutes with what their client drops, and with what one that ends its connection asked for."""
    assert service._process is not None
    pid = service._process.pid
    leaving, _ = connected(service)
    staying, answers = connected(service)
    before = judges(pid)
    idle = used_seconds(before)
    leaving.sendall(request_frame(1, Wish.TRANSLATE, b"", TAKES_FOREVER.encode(), ENDLESS))
    staying.sendall(request_frame(1, Wish.TRANSLATE, b"", TAKES_FOREVER.encode() + b"#", ENDLESS))
    assert becomes(lambda: all(now > then + 0.1 for now, then in zip(used_seconds(before), idle, strict=True)))
    staying.sendall(request_frame(2, Wish.TRANSLATE, b"", kind(8).encode()))
    staying.sendall(request_frame(1, Wish.DROP))
    leaving.shutdown(socket.SHUT_RDWR)
    number, answer = read_answer(answers) or (0, b"")
    assert number == 2 and isinstance(ANSWER.validate_json(answer), TranslatedAnswer)
    assert becomes(lambda: not set(before) & set(judges(pid)))


def test_the_service_and_its_busy_workers_end_with_their_starter(service: Backing) -> None:
    assert service._process is not None
    pid = service._process.pid
    workers = children(pid)
    assert len(judges(pid)) == 2
    connection, answers = connected(service)
    connection.sendall(request_frame(7, Wish.TRANSLATE, b"", TAKES_FOREVER.encode(), ENDLESS))
    connection.sendall(request_frame(8, Wish.TRANSLATE, b"", kind(8).encode()))
    number, answer = read_answer(answers) or (0, b"")
    assert number == 8 and isinstance(ANSWER.validate_json(answer), TranslatedAnswer)
    assert service._process.stdin is not None
    service._process.stdin.close()
    assert becomes(lambda: service.ended and not any(running(worker) for worker in workers))
