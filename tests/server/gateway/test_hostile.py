"""Clients who hold on to what they were given (places, memory, connections), and what nobody foresaw of jobs: the others are served."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import random
import select
import socket
import sqlite3
import string
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from portalis.translator.backends.llvm import build_scalar
from portalis.translator.bridge import compile_once
from portalis.translator.frontend.read.patterns.program import read_pattern
from portalis.translator.servers.contract.jobs import JobRequest
from portalis.translator.servers.contract.translation import TranslationRequest
from portalis.translator.servers.gateway import job_book
from portalis.translator.servers.gateway.database import open_database
from portalis.translator.servers.gateway.job_book import JobBook, pack
from portalis.translator.servers.gateway.job_runner import JobRunner
from portalis.translator.servers.gateway.keys import KeyBook
from portalis.translator.servers.gateway.records import Log
from portalis.translator.servers.gateway.room import Held, Room
from portalis.translator.servers.gateway.translations import Translations
from portalis.translator.servers.gateway.trouble import Refusal
from portalis.translator.translating.messages import BuildSettings, TextRequest
from portalis.translator.translating.options import Options
from portalis.translator.translating.text import text_job
from portalis.translator.translating.warming import warm_up_program
from portalis.translator.work.link import OracleLink
from tests.server.gateway.processes import Gateway, until
from tests.server.snippets import kind


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A gateway with room for few, in front of a Triton server that is not there: what it answers comes of itself."""
    settings = {"TRITON": "127.0.0.1:9", "REQUESTS": "4", "BODIES_MEGABYTES": "4", "BODY_SECONDS": "2", "RATE": "0"}
    settings["JOBS_MEGABYTES"] = "2"
    running = Gateway(tmp_path_factory.mktemp("small") / "state", settings).start(wait=False)
    yield running
    running.stop()


def connect(gateway: Gateway) -> socket.socket:
    connection = socket.socket()
    # As little as the system allows: what is not read waits in the gateway.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    connection.settimeout(30.0)
    connection.connect(("127.0.0.1", gateway.port))
    return connection


def ask(gateway: Gateway, key: str, method: str, path: str, *lines: str, body: bytes = b"") -> bytes:
    head = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{gateway.port}", f"Authorization: Bearer {key}", *lines]
    return "\r\n".join([*head, "Content-Type: application/json", f"Content-Length: {len(body)}", "", ""]).encode() + body


# -------------------------------------------------------------------------------------------------------------------- in one process
def test_nobody_has_more_than_half_and_all_have_no_more_than_there_is() -> None:
    room = Room(4, "things")
    with Held(room, "ada") as ada, Held(room, "bob") as bob, Held(room, "eve") as eve:
        ada.take(1)
        ada.take(1)
        with pytest.raises(Refusal, match="too many things of yours") as own:
            ada.take(1)
        bob.take(2)
        with pytest.raises(Refusal, match="too many things are here") as of_all:
            eve.take(1)
        assert (own.value.status, of_all.value.status) == (429, 503)
    with Held(room, "ada") as ada:
        # What is larger than half has room where its tenant has nothing else.
        ada.take(3)
        with pytest.raises(Refusal):
            ada.take(1)


def job_request(count: int) -> JobRequest:
    return JobRequest(items=tuple(TranslationRequest(source=kind(salt)) for salt in range(count)))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(open_database(tmp_path / "state")) as found:
        yield found


def test_a_clock_that_is_set_takes_nobody_s_work_and_keeps_none_for_ever(
    database: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = 0.0
    monkeypatch.setattr(job_book, "time", SimpleNamespace(time=lambda: time.time() + ahead))
    JobBook(database, 10.0).create("ada", pack(job_request(2)))
    living, dead = JobBook(database, 10.0), JobBook(database, 10.0)
    taken, lost = living.take(), dead.take()
    assert taken is not None and lost is not None
    ahead = 86_400.0
    living.renew([taken])
    assert living.reclaim() == 1
    assert dead.take() == lost
    ahead = 0.0
    living.renew([taken])
    assert living.reclaim() == 1


def test_an_item_that_cannot_be_read_is_told_so_and_nobody_waits_behind_it(database: sqlite3.Connection) -> None:
    book = JobBook(database, 10.0)
    job = book.create("ada", pack(job_request(3)))
    database.execute("update items set request = ? where number < 2", (zlib.compress(b'{"source": 1}'),))
    taken = book.take()
    assert taken is not None and taken.number == 2
    assert [result.answer["why"] for result in book.results(job.id, 0, 10) if result.answer] == ["invalid"] * 2


def test_a_page_of_answers_is_no_larger_than_others_can_wait_for(database: sqlite3.Connection) -> None:
    book = JobBook(database, 10.0)
    job = book.create("ada", pack(job_request(5)))
    large = json.dumps({"kind": "refused", "diagnostics": [], "rest": "x" * 3_000_000}).encode()
    while (taken := book.take()) is not None:
        book.finish(taken, large)
    assert len(book.results(job.id, 0, 100)) == 1 and len(book.results(job.id, 4, 100)) == 1
    assert [result.number for after in range(5) for result in book.results(job.id, after, 1)] == list(range(5))


def test_what_is_over_keeps_no_requests(database: sqlite3.Connection) -> None:
    """Whoever begins jobs and cancels them at once fills no disk with them."""
    book = JobBook(database, 10.0)
    sources = [TranslationRequest(source="".join(random.choices(string.ascii_letters, k=10_000))) for _ in range(2)]
    job = book.create("ada", pack(JobRequest(items=tuple(sources))))
    assert book.bytes_of("ada") > 10_000 and book.bytes_of("bob") == 0
    taken = book.take()
    assert taken is not None
    book.finish(taken, b"{}")
    book.cancel(job.id)
    assert book.bytes_of("ada") < 100


def test_a_judge_keeps_nothing_of_a_source_that_makes_the_next_one_s_time_tell() -> None:
    compile_once(build_scalar(warm_up_program()).wasm)
    read_pattern("a+b", 0)
    settings = BuildSettings.of(Options())
    request = TextRequest("def odd(x: complex) -> int:\n    return x @ x\n", "odd.py", None, (), settings, False, True, False)
    assert text_job(request, cast(OracleLink, None)).diagnostics
    assert compile_once.cache_info().currsize == read_pattern.cache_info().currsize == 0


class Stumbling:
    """Translations of which each first one fails in a way that nobody foresaw."""

    def __init__(self) -> None:
        self.seen = set[str]()

    def require_ready(self, wanted: str | None) -> int:
        return 1

    async def answer(self, request: TranslationRequest, *rest: Any, **more: Any) -> bytes:
        if request.source not in self.seen:
            self.seen.add(request.source)
            raise LookupError("nobody foresaw this")
        return b'{"kind":"refused","diagnostics":[]}'


def test_jobs_go_on_after_a_mistake_and_a_database_that_was_locked(database: sqlite3.Connection, tmp_path: Path) -> None:
    async def check() -> None:
        book, log = JobBook(database, 0.3), io.StringIO()
        job = book.create("ada", pack(job_request(2)))
        database.execute("pragma busy_timeout = 0")
        runner = JobRunner(book, cast(Translations, Stumbling()), Log("ERROR", log), width=1, lease=0.3, patience=1.0)
        with contextlib.closing(open_database(tmp_path / "state")) as other:
            other.execute("begin immediate")
            runner.start()
            while "OperationalError" not in log.getvalue():
                await asyncio.sleep(0.01)
            other.execute("rollback")
        while not ((found := book.find("ada", job.id)) is not None and found.over):
            await asyncio.sleep(0.05)
        await runner.stop()
        assert [result.answer["kind"] for result in book.results(job.id, 0, 10) if result.answer] == ["refused"] * 2
        assert log.getvalue().count("LookupError") == 2

    asyncio.run(asyncio.wait_for(check(), 60.0))


# ------------------------------------------------------------------------------------------------------------------ over connections
def test_who_never_reads_has_no_place_for_ever(small: Gateway) -> None:
    """More answers than a connection holds are asked for and not read: the connection ends."""
    ada = small.make_key("ada")
    with connect(small) as unread:
        unread.sendall(ask(small, ada, "GET", "/v1/openapi.json") * 90)
        ended = select.poll()
        ended.register(unread, 0)
        assert ended.poll(60_000)
    assert small.get("/v1/jobs", ada).status == 200


def test_requests_that_come_together_are_all_answered_unless_they_are_too_many(small: Gateway) -> None:
    ada = small.make_key("ada")
    request = ask(small, ada, "GET", "/v1/version", f"X-Odd: {'x' * 1000}")
    with connect(small) as connection:
        # All but a byte, together more than one head may have.
        connection.sendall((request * 50)[:-1])
        found = b""
        while found.count(b"HTTP/1.1 200 OK") < 50:
            part = connection.recv(1 << 16)
            assert part
            found += part
            if found.count(b"HTTP/1.1 200 OK") == 49:
                connection.sendall(request[-1:])
    with connect(small) as connection:
        connection.sendall(ask(small, ada, "GET", "/v1/version") * 200)
        found = b""
        while part := connection.recv(1 << 16):
            found += part
        assert found.count(b"HTTP/1.1") <= 101 and b"HTTP/1.1 400" not in found


def test_one_tenant_s_bodies_leave_memory_for_others(small: Gateway) -> None:
    ada, bob = small.make_key("ada"), small.make_key("bob")
    body = json.dumps({"source": "#"}).encode() + b" " * 1_500_000

    def limits_ada_alone() -> bool:
        # A connection each time: what comes slowly is there for two seconds only.
        with connect(small) as slow:
            slow.sendall(ask(small, ada, "POST", "/v1/translations", body=body)[:-1])
            limited = small.post("/v1/translations", ada, body).status == 429
            assert small.translate(bob, kind(1)).code == "not_ready"
            return limited

    until(limits_ada_alone, small)
    until(lambda: small.post("/v1/translations", ada, body).code == "not_ready", small)


def test_a_stream_ends_with_its_key(small: Gateway) -> None:
    key = small.make_key("carol")
    job = small.post("/v1/jobs", key, {"items": [{"source": kind(1)}]}).json["id"]
    with connect(small) as stream:
        stream.sendall(ask(small, key, "GET", f"/v1/jobs/{job}/results", "Accept: text/event-stream"))
        assert stream.recv(64).startswith(b"HTTP/1.1 200")
        with contextlib.closing(open_database(small.folder)) as database:
            KeyBook(database).revoke(key[:16])
        found = b""
        while b"event: trouble" not in found:
            part = stream.recv(1 << 16)
            assert part
            found += part
        while b"no_key" not in found:
            found += stream.recv(1 << 16)


def test_whose_jobs_take_too_much_begins_none(small: Gateway) -> None:
    ada, bob = small.make_key("ada"), small.make_key("bob")
    noise = "".join(random.choices(string.ascii_letters, k=400_000))
    job = {"items": [{"source": f"#{noise[salt:]}"} for salt in range(4)]}
    ids = []
    while (reply := small.post("/v1/jobs", ada, job)).status == 202:
        ids.append(reply.json["id"])
    assert (reply.status, reply.code) == (429, "limited") and ids and small.post("/v1/jobs", bob, job).status == 202
    assert small.send("DELETE", f"/v1/jobs/{ids[0]}", ada).status == 204
    assert small.post("/v1/jobs", ada, job).status == 202


def test_a_slow_body_s_memory_is_given_back(small: Gateway, tmp_path: Path) -> None:
    ada = small.make_key("ada")
    body = json.dumps({"source": "#"}).encode() + b" " * 1_500_000
    with connect(small) as slow:
        slow.sendall(ask(small, ada, "POST", "/v1/translations", body=body)[:-1])
        assert slow.recv(16).split()[1] == b"408"
        until(lambda: small.post("/v1/translations", ada, body).code == "not_ready", small)
