"""What ends in the middle: workers, gateways, clients. Everybody gets a result or a clear error, and jobs are whole."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path

import pytest

from portalis.translator import translate
from portalis.translator.servers.contract.translation import ANSWER, TranslatedAnswer
from tests.server.gateway.processes import Gateway, Reply, until
from tests.server.processes import children, judges, running
from tests.server.snippets import comparable, kind

SLOW = {"cases": 60_000}


def asked(gateway: Gateway, key: str, salt: int) -> Reply | Exception:
    try:
        return gateway.translate(key, kind(salt))
    except (OSError, HTTPException) as error:
        return error


def test_a_worker_that_is_killed_in_the_middle_costs_nobody_an_answer(gateway: Gateway, ada: str) -> None:
    assert gateway.process is not None
    pid = gateway.process.pid
    (worker,) = judges(pid)
    with ThreadPoolExecutor(8) as clients:
        first = clients.submit(gateway.translate, ada, kind(500), options=SLOW)
        until(lambda: b"portalis_busy_workers 1.0" in gateway.get("/v1/metrics", ada).body, gateway)
        rest = [clients.submit(gateway.translate, ada, kind(salt)) for salt in range(501, 513)]
        os.kill(worker, signal.SIGKILL)
        replies = [task.result() for task in (first, *rest)]
    answers = [ANSWER.validate_json(reply.body) for reply in replies]
    assert all(isinstance(answer, TranslatedAnswer) for answer in answers), [reply.body[:200] for reply in replies]
    last = answers[-1]
    assert isinstance(last, TranslatedAnswer) and comparable(last.build) == comparable(translate(kind(512)).build)
    assert judges(pid) != [worker]


def test_a_client_that_leaves_has_its_turn_given_to_the_next(gateway: Gateway, ada: str) -> None:
    """What waits when whoever asked has left is never worked on."""

    def counted() -> dict[str, float]:
        lines = gateway.get("/v1/metrics", ada).body.decode().splitlines()
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if not line.startswith("#"))}

    with ThreadPoolExecutor(2) as clients:
        slow = clients.submit(gateway.translate, ada, kind(520), options=SLOW)
        until(lambda: counted()["portalis_busy_workers"] == 1.0, gateway)
        before = counted()["portalis_work_seconds_count"]
        leaving = clients.submit(gateway.send, "POST", "/v1/translations", ada, {"source": kind(521), "options": SLOW}, timeout=0.2)
        until(lambda: counted()["portalis_waiting_requests"] == 1.0 or leaving.done(), gateway)
        with pytest.raises(TimeoutError):
            leaving.result()
        until(lambda: counted()["portalis_waiting_requests"] == 0.0, gateway)
        assert slow.result().status == 200
    assert gateway.translate(ada, kind(522)).status == 200
    assert counted()["portalis_work_seconds_count"] == before + 2


def test_whose_turn_would_come_too_late_is_told_so_at_once(gateway: Gateway, ada: str) -> None:
    """Not queued: with a status and when to come again, also where stages are asked for."""

    def metric(name: str) -> float:
        found = [line for line in gateway.get("/v1/metrics", ada).body.decode().splitlines() if line.startswith(name)]
        return float(found[0].rpartition(" ")[2])

    with ThreadPoolExecutor(9) as clients:
        slow = clients.submit(gateway.translate, ada, kind(530), options=SLOW)
        until(lambda: metric("portalis_busy_workers") == 1.0, gateway)
        waiting = [clients.submit(gateway.translate, ada, kind(salt)) for salt in range(531, 539)]
        until(lambda: metric("portalis_waiting_requests") == 8.0 or slow.done(), gateway)
        for headers in ({}, {"Accept": "text/event-stream"}):
            refused = gateway.translate(ada, kind(539), headers, patience=0.01)
            # Whose fault the wait is says the tests of turns: here it depends on how far the others have come.
            assert (refused.status, refused.code) in ((429, "limited"), (503, "busy")) and int(refused.headers["retry-after"]) >= 1
            assert "you wait for 0.01 s" in refused.json["error"]["message"]
        assert [task.result().status for task in (slow, *waiting)] == [200] * 9


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Gateway]:
    """A gateway that a test may kill, and that is ended whatever comes of the test."""
    gateway = Gateway(tmp_path / "state", {"JOB_LEASE": "1"}).start()
    yield gateway
    gateway.kill()


def test_a_gateway_that_is_killed_leaves_its_jobs_whole(own: Gateway) -> None:
    gateway, key = own, own.make_key("ada")
    sources = [kind(salt) for salt in range(600, 614)]
    job = gateway.post("/v1/jobs", key, {"items": [{"source": source, "path": f"{number}.py"} for number, source in enumerate(sources)]})
    assert job.status == 202 and gateway.process is not None
    path = f"/v1/jobs/{job.json['id']}"
    with ThreadPoolExecutor(4) as clients:
        others = [clients.submit(asked, gateway, key, salt) for salt in range(700, 704)]
        until(lambda: gateway.get(path, key).json["done"] >= 2, gateway)
        started = children(gateway.process.pid)
        first = gateway.get(f"{path}/results", key).json
        gateway.kill()
        told = [task.result() for task in others]
    # Each client has its answer, or knows that there is none.
    assert all(isinstance(one, Exception) or one.status == 200 for one in told)
    until(lambda: not any(running(pid) for pid in started))
    gateway.start()
    until(lambda: gateway.get(path, key).json["done"] == len(sources), gateway)
    after, found = first["next"], list(first["results"])
    while not (page := gateway.get(f"{path}/results?after={after}&most=7", key).json)["over"]:
        found += page["results"]
        after = page["next"]
    found += page["results"]
    assert sorted(result["number"] for result in found) == list(range(len(sources)))
    for result in found:
        answer = ANSWER.validate_python(result["answer"])
        assert isinstance(answer, TranslatedAnswer)
        files = {site.span.file for site in answer.build.sites if not site.span.file.startswith("library/")}
        assert files == {f"{result['number']}.py"}
    events = gateway.get(f"{path}/results", key, headers={"Accept": "text/event-stream", "Last-Event-ID": str(len(sources) - 2)}).body
    assert events.count(b"event: result") == 2 and b"event: over" in events
    # Told to end, it answers what has begun, and leaves the rest of a job to whoever is next.
    second = gateway.post("/v1/jobs", key, {"items": [{"source": kind(salt)} for salt in range(800, 900)]}).json["id"]
    with ThreadPoolExecutor(1) as clients:
        last = clients.submit(gateway.translate, key, kind(720), options=SLOW)
        until(lambda: gateway.get(f"/v1/jobs/{second}", key).json["running"] > 0, gateway)
        time.sleep(0.2)
        assert gateway.stop() == 0
        assert last.result().status == 200
    states = _states(gateway, second)
    assert states["running"] == 0 and states["queued"] > 0


def _states(gateway: Gateway, job: str) -> dict[str, int]:
    from portalis.translator.servers.gateway.database import open_database
    from portalis.translator.servers.gateway.job_book import JobBook

    found = JobBook(open_database(gateway.folder), 1.0).find("ada", job)
    assert found is not None
    return found.model_dump()


def test_a_job_that_is_cancelled_stays_so(gateway: Gateway, ada: str) -> None:
    job = gateway.post("/v1/jobs", ada, {"items": [{"source": kind(salt), "options": {"cases": 2000}} for salt in range(540, 550)]}).json[
        "id"
    ]
    told = gateway.post(f"/v1/jobs/{job}/cancel", ada, None).json
    assert told["queued"] == told["running"] == 0 and told["cancelled"] + told["done"] == 10
    page = gateway.get(f"/v1/jobs/{job}/results", ada).json
    assert page["over"] and len(page["results"]) == 10
    assert all((result["answer"] is None) == (result["state"] == "cancelled") for result in page["results"])
    assert gateway.send("DELETE", f"/v1/jobs/{job}", ada).status == 204 and gateway.get(f"/v1/jobs/{job}", ada).status == 404
