"""Jobs and settings by themselves; and whatever the OpenAPI document lets anybody send."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import ValidationError

from portalis.translator.servers.contract.jobs import JobRequest
from portalis.translator.servers.contract.translation import RefusedAnswer, RequestOptions, TranslationRequest
from portalis.translator.servers.gateway.answers import Answers, Elsewhere, Stored
from portalis.translator.servers.gateway.database import open_database
from portalis.translator.servers.gateway.engines import Tell
from portalis.translator.servers.gateway.job_book import MOST_TRIES, JobBook, pack
from portalis.translator.servers.gateway.metrics import Metrics
from portalis.translator.servers.gateway.serving import CannotServe, serve
from portalis.translator.servers.gateway.settings import Settings
from portalis.translator.servers.gateway.traces import Traces
from portalis.translator.servers.gateway.translations import Translations
from portalis.translator.servers.gateway.trouble import Refusal
from portalis.translator.servers.gateway.turns import Turns
from tests.server.gateway.processes import Gateway
from tests.server.snippets import kind


def job_request(count: int) -> JobRequest:
    return JobRequest(items=tuple(TranslationRequest(source=kind(salt), path=f"{salt}.py") for salt in range(count)))


def test_items_of_whoever_ended_are_taken_again_but_not_for_ever(tmp_path: Path) -> None:
    database = open_database(tmp_path / "state")
    job = JobBook(database, 10.0).create("ada", pack(job_request(2)))
    for _ in range(MOST_TRIES):
        dead = JobBook(database, -1.0)
        taken = dead.take()
        assert taken is not None and taken.number == 0
        living = JobBook(database, 10.0)
        living.reclaim()
    (ended,) = living.results(job.id, 0, 10)
    assert ended.number == 0 and ended.answer is not None and ended.answer["why"] == "crashed"
    last = living.take()
    assert last is not None and last.number == 1 and living.take() is None
    # Whoever comes back late has nothing to say any more.
    dead.finish(taken, RefusedAnswer(diagnostics=()).model_dump_json().encode())
    living.finish(last, RefusedAnswer(diagnostics=()).model_dump_json().encode())
    assert [result.answer["kind"] for result in living.results(job.id, 0, 10) if result.answer] == ["failed", "refused"]
    found = living.find("ada", job.id)
    assert found is not None and found.over and living.find("bob", job.id) is None
    living.tidy(-1.0)
    assert living.find("ada", job.id) is None
    database.close()


def test_tenants_jobs_are_worked_on_in_turn(tmp_path: Path) -> None:
    database = open_database(tmp_path / "state")
    book = JobBook(database, 10.0)
    for tenant in ("ada", "ada", "bob"):
        book.create(tenant, pack(job_request(2)))
    order = [taken.tenant for taken in (book.take() for _ in range(6)) if taken is not None]
    assert order == ["ada", "bob", "ada", "bob", "ada", "ada"] and book.take() is None
    database.close()


def test_answers_are_kept_wherever_fsspec_writes(tmp_path: Path) -> None:
    async def check() -> None:
        key, answer = b"k" * 32, b'{"kind":"refused","diagnostics":[]}'
        for url in (f"file://{tmp_path}/answers", "memory://answers"):
            assert await Answers(1 << 20, (Elsewhere(url),), b"secret").get(key) is None
            kept = Answers(1 << 20, (Elsewhere(url),), b"secret")
            kept.put(key, answer)
            await kept.flush()
            assert await Answers(1 << 20, (Elsewhere(url),), b"secret").get(key) == answer
            assert await Answers(1 << 20, (Elsewhere(url),), b"another").get(key) is None

    asyncio.run(check())


def test_answers_are_at_hand_at_once_and_stored_together(tmp_path: Path) -> None:
    """One commit for all that come within a moment; what cannot be stored is had from memory, and its place is no other answer's."""

    async def check(database: sqlite3.Connection) -> None:
        stored = Stored(database, 1 << 20, 1.0)
        kept, commits = Answers(1 << 20, (stored,), b"secret"), list[str]()
        answers = {bytes([number]) * 32: b'{"kind":"refused","diagnostics":[%d]}' % number for number in range(20)}
        database.set_trace_callback(lambda told: commits.append(told) if told.lower() == "commit" else None)
        for key, answer in answers.items():
            kept.put(key, answer)
            assert kept.at_hand(key) == answer
        await kept.flush()
        assert len(commits) == 1
        for key, answer in answers.items():
            assert await Answers(1 << 20, (stored,), b"secret").get(key) == answer
        database.execute("alter table kept_answers rename to others")
        kept.put(b"k" * 32, b"another")
        await kept.flush()
        assert kept.at_hand(b"k" * 32) == b"another" and not database.in_transaction
        database.execute("alter table others rename to kept_answers")
        kept.put(b"l" * 32, b"the next")
        await kept.flush()
        assert await Answers(1 << 20, (stored,), b"secret").get(b"l" * 32) == b"the next"

    database = open_database(tmp_path / "state")
    asyncio.run(check(database))
    database.close()


def test_what_is_too_old_goes_then_what_was_not_used_for_longest(tmp_path: Path) -> None:
    database = open_database(tmp_path / "state")
    stored = Stored(database, 250, 1.0)
    for number, (used, created) in enumerate([(9e9, 9e9), (1e9, 9e9), (8e9, 1e9), (7e9, 9e9)]):
        database.execute("insert into kept_answers values (?, 100, ?, ?, x'')", (str(number), used, created))
    stored.tidy()
    assert [name for (name,) in database.execute("select key from kept_answers order by key")] == ["0", "3"]
    plan = [row[-1] for row in database.execute("explain query plan select coalesce(sum(bytes), 0) from kept_answers")]
    assert "COVERING INDEX" in plan[0], "counting bytes reads the answers"
    database.close()


class _Told:
    """An engine that tells of its stages from a thread of its own."""

    kind: Literal["embedded"] = "embedded"
    proves, width, compilers = True, 2, (1,)

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(1)

    def start(self) -> None:
        """Be ready."""

    def translate(self, source: bytes, request: RequestOptions, compiler: int, tell: Tell) -> Future[bytes]:
        """Answer."""

        def work() -> bytes:
            tell("building")
            tell("verifying")
            return b'{"kind":"refused","diagnostics":[]}'

        return self._threads.submit(work)

    def close(self) -> None:
        """End."""
        self._threads.shutdown()


def test_a_translation_wakes_the_loop_for_those_alone_who_hear_of_its_stages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def check() -> None:
        loop, engine, woken, heard = asyncio.get_running_loop(), _Told(), list[object](), list[str]()
        answers = Answers(1 << 20, (), b"secret")
        traces = Traces(Settings(folder=tmp_path))
        translations = Translations(engine, answers, Turns(2, 9, 9), Metrics(), traces, shared=False)
        wake = loop.call_soon_threadsafe

        def count(*what: Any, **rest: Any) -> asyncio.Handle:
            woken.append(what)
            return wake(*what, **rest)

        monkeypatch.setattr(loop, "call_soon_threadsafe", count)
        await translations.answer(TranslationRequest(source="a"), 1, "ada", patience=60.0)
        assert len(woken) == 1
        await translations.answer(TranslationRequest(source="b"), 1, "ada", hear=heard.append, patience=60.0)
        assert len(woken) == 4 and heard == ["queued", "building", "verifying"]
        await answers.flush()
        engine.close()

    asyncio.run(check())


class _Slow(_Told):
    """An engine that answers when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.made = Future[bytes]()

    def translate(self, source: bytes, request: RequestOptions, compiler: int, tell: Tell) -> Future[bytes]:
        """Answer some time."""
        return self.made


@pytest.mark.parametrize("how", ["answered", "gone", "busy"])
def test_a_wait_ends_with_the_answer_a_leaving_or_its_time_and_takes_no_task_of_its_own(tmp_path: Path, how: str) -> None:
    async def check() -> None:
        engine, left, mistakes = _Slow(), asyncio.Event(), list[object]()
        asyncio.get_running_loop().set_exception_handler(lambda _, told: mistakes.append(told))
        answers = Answers(1 << 20, (), b"secret")
        translations = Translations(engine, answers, Turns(2, 9, 9), Metrics(), Traces(Settings(folder=tmp_path)), shared=False)
        patience = 0.02 if how == "busy" else 60.0
        waiting = asyncio.create_task(translations.answer(TranslationRequest(source="a"), 1, "ada", patience=patience, leave=left.wait))
        await asyncio.sleep(0.01)
        # This one, the one that waits, and the one that translates.
        assert len(asyncio.all_tasks()) == 3
        text = b'{"kind":"refused","diagnostics":[]}'
        if how == "answered":
            engine.made.set_result(text)
            assert await waiting == text
        else:
            if how == "gone":
                left.set()
            with pytest.raises(Refusal) as refused:
                await waiting
            assert refused.value.code == how
            engine.made.set_result(text)
        # What has begun is kept, whoever still waits.
        await asyncio.sleep(0.01)
        assert await translations.answer(TranslationRequest(source="a"), 1, "ada", patience=60.0) == text
        await answers.flush()
        engine.close()
        assert not mistakes and asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(check())


def test_settings_have_the_names_that_nim_services_have(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {
        "NIM_SERVER_PORT": "1234", "NIM_CACHE_PATH": str(tmp_path), "NIM_LOG_LEVEL": "ERROR", "NIM_SERVED_MODEL_NAME": "it",
        "NIM_CORS_ALLOW_ORIGINS": "https://a.example, https://b.example", "PORTALIS_SHARED_STORE": "1", "PORTALIS_GATEWAY_RATE": "7",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    found = Settings()
    assert (found.port, found.folder, found.log_level, found.name, found.rate) == (1234, tmp_path, "ERROR", "it", 7)
    assert found.origins == {"https://a.example", "https://b.example"} and found.shared_store
    assert not Settings.model_fields["shared_store"].default and Settings.model_fields["rate"].default == 60


@pytest.mark.parametrize("wrong", [{"cors_origins": "*"}, {"tls_key": Path("key")}, {"rate": -1}, {"log_level": "LOUD"}])
def test_settings_that_would_open_it_are_wrong(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Settings(**wrong)


def test_other_machines_are_served_with_tls_alone(tmp_path: Path) -> None:
    with pytest.raises(CannotServe, match="TLS"):
        serve(Settings(host="0.0.0.0", folder=tmp_path / "state"), lambda port, services: None)


def test_whatever_the_document_allows_to_send_is_no_mistake(gateway: Gateway, ada: str) -> None:
    """Some hundred requests that schemathesis makes of the document, those that it forbids among them."""
    schemathesis = pytest.importorskip("schemathesis")
    from hypothesis import HealthCheck, Phase, given, seed, settings
    from hypothesis import strategies as st

    document = gateway.get("/v1/openapi.json").json
    assert document["openapi"].startswith("3.1") and "TranslationRequest" in document["components"]["schemas"]
    schema = schemathesis.openapi.from_dict(document)
    statuses = Counter[int]()
    for found in schema.get_all_operations():
        operation = found.ok()

        @seed(1)
        @settings(max_examples=8, database=None, phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck))
        @given(case=st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in schemathesis.GenerationMode)))
        def send(case: Any) -> None:
            case.headers = {**(dict(case.headers) if case.headers else {}), "Authorization": f"Bearer {ada}"}
            answer = case.call(base_url=f"http://127.0.0.1:{gateway.port}", timeout=60)
            statuses[answer.status_code] += 1
            # Told that it waits for less than anything takes, which the document allows.
            hasty = answer.status_code == 503 and "retry-after" in answer.headers and answer.json()["error"]["code"] == "busy"
            assert answer.status_code < 500 or hasty, (case.method, case.path, case.body, answer.text)

        with contextlib.suppress(schemathesis.errors.InvalidSchema):
            send()
    assert {200, 404, 422} <= statuses.keys() and statuses[422] >= 10, statuses
    assert not [line for line in gateway.lines() if line["event"] == "mistake"]
