"""Several processes behind one port: they share keys, jobs and limits, count together, and whichever ends is started again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import ValidationError

from portalis.translator.servers.gateway.settings import Settings
from tests.server.gateway.processes import PATIENCE, Gateway, free_port, redis_server, until
from tests.server.processes import children, running
from tests.server.snippets import kind

pytestmark = pytest.mark.skipif(not hasattr(signal, "sigtimedwait"), reason="several processes behind one port take Linux")
# Before a Triton server that is not there: what is let in is told that nothing is ready, and counted.
NO_COMPILER = {"PROCESSES": "2", "WORKERS": "2", "TRITON": "127.0.0.1:9", "OPEN_METRICS": "1"}


def counted(gateway: Gateway, name: str) -> dict[str, float]:
    """Return what each process tells of a metric, all its labels together."""
    found: dict[str, float] = {}
    for line in gateway.get("/v1/metrics").body.decode().splitlines():
        if line.startswith(f"{name}{{"):
            process = line.partition('process="')[2].partition('"')[0]
            found[process] = found.get(process, 0.0) + float(line.rpartition(" ")[2])
    return found


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Gateway]:
    """Two processes without a compiler."""
    gateway = Gateway(tmp_path / "state", NO_COMPILER).start(wait=False)
    yield gateway
    gateway.stop()


@pytest.mark.skipif(shutil.which("redis-server") is None, reason="redis-server is not installed")
def test_limits_hold_over_all_processes_with_redis(tmp_path: Path) -> None:
    port, rate = free_port(), 9
    with redis_server(tmp_path, port):
        gateway = Gateway(tmp_path / "state", NO_COMPILER | {"RATE": str(rate), "REDIS": f"redis://127.0.0.1:{port}"}).start(wait=False)
        try:
            ada = gateway.make_key("ada")
            # Until both have let somebody in: each request comes by a connection of its own.
            until(lambda: gateway.get("/v1/version").status == 200 and len(served(gateway)) == 2)
            with ThreadPoolExecutor(8) as clients:
                statuses = list(clients.map(lambda salt: gateway.translate(ada, kind(salt)).status, range(rate * 3)))
            assert sorted(statuses) == [429] * rate * 2 + [503] * rate
            assert not [line for line in gateway.lines() if line["event"] == "limits"]
        finally:
            assert gateway.stop() == 0


def served(gateway: Gateway) -> set[str]:
    return {process for process, count in counted(gateway, "portalis_requests_total").items() if count}


def test_without_redis_each_process_counts_for_itself_and_says_so(tmp_path: Path) -> None:
    gateway = Gateway(tmp_path / "state", NO_COMPILER | {"RATE": "3"}).start(wait=False)
    ada = gateway.make_key("ada")
    statuses = [gateway.translate(ada, kind(1)).status for _ in range(12)]
    assert gateway.stop() == 0
    assert 3 <= statuses.count(503) <= 6 and set(statuses) == {503, 429}
    assert [line["level"] for line in gateway.lines() if line["event"] == "limits"] == ["WARNING"]


def test_one_scrape_tells_of_all_processes_and_of_each_that_is_there(empty: Gateway) -> None:
    until(lambda: empty.get("/v1/version").status == 200 and len(served(empty)) == 2)
    before = sum(counted(empty, "portalis_requests_total").values())
    for _ in range(20):
        empty.get("/v1/version")
    # The scrape that tells is counted when it is over.
    assert sum(counted(empty, "portalis_requests_total").values()) == before + 21
    assert counted(empty, "portalis_ready") == {"0": 0.0, "1": 0.0}
    text = empty.get("/v1/metrics").body.decode().splitlines()
    assert len([line for line in text if line.startswith("# TYPE portalis_requests_total ")]) == 1


def test_whichever_ends_is_started_again_and_the_others_answer_meanwhile(empty: Gateway) -> None:
    assert empty.process is not None
    first = children(empty.process.pid)
    os.kill(first[0], signal.SIGKILL)
    until(lambda: empty.get("/v1/health/ready").json["degraded"] == ["processes"], empty)
    assert all(empty.get("/v1/health/live").status == 200 for _ in range(10))
    until(lambda: len(children(empty.process.pid)) == 2, empty)  # type: ignore[union-attr]
    (ended,) = [line for line in empty.lines() if line["event"] == "process ended"]
    assert ended["status"] == -signal.SIGKILL and children(empty.process.pid) != first
    # Whoever started them is killed: they end, too.
    last = children(empty.process.pid)
    empty.kill()
    until(lambda: not any(running(pid) for pid in last))


def test_what_cannot_start_is_not_started_for_ever(tmp_path: Path) -> None:
    (tmp_path / "no_key").write_text("none")
    tls = {"TLS_CERTIFICATE": str(tmp_path / "no_key"), "TLS_KEY": str(tmp_path / "no_key")}
    gateway = Gateway(tmp_path / "state", NO_COMPILER | tls)
    environment = {f"PORTALIS_GATEWAY_{name}": value for name, value in (gateway.environment | {"FOLDER": str(gateway.folder)}).items()}
    done = subprocess.run(
        gateway.command, env=os.environ | environment | {"PORTALIS_GATEWAY_PORT": "0"}, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 1 and "before it had listened" in done.stderr and '"exception":"SSLError"' in done.stderr


def test_each_process_has_a_worker() -> None:
    shares = [Settings(processes=3, workers=7).share(number).workers for number in range(3)]
    assert shares == [3, 2, 2]
    with pytest.raises(ValidationError, match="needs a worker"):
        Settings(processes=3, workers=2)


def test_processes_work_on_the_same_jobs_and_all_end_what_has_begun(tmp_path: Path) -> None:
    gateway = Gateway(tmp_path / "state", {"PROCESSES": "2", "WORKERS": "2", "JOB_LEASE": "1", "OPEN_METRICS": "1"}).start(wait=False)
    assert gateway.process is not None
    key = gateway.make_key("ada")
    until(lambda: gateway.get("/v1/health/ready").json["status"] == "ready", gateway)
    assert counted(gateway, "portalis_ready") == {"0": 1.0, "1": 1.0}
    sources = [kind(salt) for salt in range(1000, 1016)]
    job = gateway.post("/v1/jobs", key, {"items": [{"source": source} for source in sources]}).json["id"]
    until(lambda: worked(gateway) == {"0", "1"}, gateway)
    # In the middle of it, one is killed: its items are taken by the others, none is lost, none comes twice.
    os.kill(children(gateway.process.pid)[0], signal.SIGKILL)
    until(lambda: gateway.get(f"/v1/jobs/{job}", key).json["done"] == len(sources), gateway)
    results = gateway.get(f"/v1/jobs/{job}/results", key).json["results"]
    assert sorted(result["number"] for result in results) == list(range(len(sources)))
    assert {result["answer"]["kind"] for result in results} == {"translated"}
    # Told to end, all answer what has begun.
    until(lambda: gateway.get("/v1/health/ready").json["status"] == "ready", gateway)
    with ThreadPoolExecutor(4) as clients:
        begun = [clients.submit(gateway.translate, key, kind(salt), options={"cases": 30_000}) for salt in range(1040, 1044)]
        until(lambda: begun_or_waiting(gateway) == 4 or any(task.done() for task in begun), gateway)
        assert gateway.stop() == 0
        assert {task.result().status for task in begun} == {200}


def begun_or_waiting(gateway: Gateway) -> float:
    return sum(sum(counted(gateway, name).values()) for name in ("portalis_busy_workers", "portalis_waiting_requests"))


def worked(gateway: Gateway) -> set[str]:
    lines = gateway.get("/v1/metrics").body.decode().splitlines()
    found = [line for line in lines if line.startswith("portalis_work_seconds_count{") and not line.endswith(" 0.0")]
    return {line.partition('process="')[2].partition('"')[0] for line in found}
