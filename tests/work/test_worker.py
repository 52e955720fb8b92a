"""The judge's process under jobs that crash, hang, raise, or take all the memory."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from portalis.translator.work.seat import OracleSeat
from portalis.translator.work.supply import OracleSupply
from portalis.translator.work.worker import PROCESSOR_SECONDS, Worker, WorkerFailure
from tests.work.jobs import JOBS, UNKNOWN, Bytes


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    made = Worker("tests.work.jobs")
    yield made
    made.close()


def do(worker: Worker, kind: Any, content: bytes, seconds: float = 60.0) -> bytes:
    job = JOBS[kind] if isinstance(kind, str) else kind
    answer = worker.run(job, Bytes(content), seconds, OracleSeat(OracleSupply(), typed=False))
    assert isinstance(answer, Bytes)
    return answer.content


def test_a_job_is_answered(worker: Worker) -> None:
    assert do(worker, "reverse", b"abc") == b"cba"


def test_every_process_is_asked_the_opening_once_and_first() -> None:
    asked: list[int] = []

    def opening() -> bytes:
        asked.append(1)
        return JOBS["remember"].pack(Bytes(b"given"))

    worker = Worker("tests.work.jobs", opening=opening)
    worker.start()
    assert not asked
    assert do(worker, "recall", b"") == do(worker, "recall", b"") == b"given"
    assert asked == [1]
    with pytest.raises(WorkerFailure):
        do(worker, "leave", b"")
    assert do(worker, "recall", b"") == b"given"
    assert asked == [1, 1]
    worker.close()


def test_an_opening_may_be_nothing() -> None:
    worker = Worker("tests.work.jobs", opening=lambda: b"")
    assert do(worker, "recall", b"") == b""
    worker.close()


def test_a_kind_that_is_in_no_table_is_an_error(worker: Worker) -> None:
    with pytest.raises(WorkerFailure, match="unheard_of"):
        do(worker, UNKNOWN, b"abc")
    assert do(worker, "reverse", b"abc") == b"cba"


def test_what_a_job_prints_does_not_reach_the_answer(worker: Worker) -> None:
    assert do(worker, "chatter", b"x") == b"quiet"


def test_nothing_of_the_environment_reaches_a_job(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_API_KEY", "secret")
    fresh = Worker("tests.work.jobs")
    assert not set(do(fresh, "environment", b"").decode().split(",")) - {"LD_LIBRARY_PATH", "LC_CTYPE", ""}
    fresh.close()


def test_a_job_that_raises_is_named_and_the_process_lives(worker: Worker) -> None:
    process = do(worker, "process", b"")
    with pytest.raises(WorkerFailure, match="ZeroDivisionError"):
        do(worker, "divide", b"")
    assert do(worker, "process", b"") == process


@pytest.mark.parametrize("kind", ["abort", "leave"])
def test_a_crash_is_reported_and_the_next_job_runs(worker: Worker, kind: str) -> None:
    with pytest.raises(WorkerFailure) as failure:
        do(worker, kind, b"")
    assert failure.value.kind == "crashed"
    if kind == "abort":
        # A terminal that shows this is not told anything by it.
        assert "last words" in failure.value.detail and "\x1b" not in failure.value.detail
    assert do(worker, "reverse", b"ab") == b"ba"


def test_a_job_that_takes_too_long_is_stopped() -> None:
    worker = Worker("tests.work.jobs")
    with pytest.raises(WorkerFailure) as failure:
        do(worker, "hang", b"", 0.5)
    assert failure.value.kind == "timeout"
    assert do(worker, "reverse", b"ab") == b"ba"
    worker.close()


def ends(action: Callable[[], object]) -> bool:
    """Tell whether something comes to its end; the limit is only there for a test that fails."""
    thread = threading.Thread(target=action, daemon=True)
    thread.start()
    thread.join(30.0)
    return not thread.is_alive()


def stopped(pid: int) -> None:
    """Wait until no thread of a process runs."""
    while any(task.read_text().rpartition(")")[2].split()[0] != "T" for task in Path(f"/proc/{pid}/task").glob("*/stat")):
        time.sleep(0.01)


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system stops no process")
def test_a_process_that_does_not_end_by_itself_is_killed() -> None:
    # Closing its pipes ends a process only where it runs.
    worker = Worker("tests.work.jobs")
    do(worker, "reverse", b"ab")
    process = worker._process
    assert process is not None
    os.kill(process.pid, signal.SIGSTOP)
    # Its threads stop one after the other, and one that still runs would see its pipe close.
    if sys.platform == "linux":
        assert ends(lambda: stopped(process.pid))
    try:
        assert ends(worker.close)
        assert process.returncode == -signal.SIGKILL
    finally:
        process.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell what a process has used")
def test_every_job_gets_its_processor_time_anew(worker: Worker) -> None:
    import resource

    do(worker, "reverse", b"ab")
    assert worker._process is not None
    pid = worker._process.pid
    resource.prlimit(pid, resource.RLIMIT_CPU, (30, resource.prlimit(pid, resource.RLIMIT_CPU)[1]))
    do(worker, "reverse", b"ab")
    assert resource.prlimit(pid, resource.RLIMIT_CPU)[0] > PROCESSOR_SECONDS


def test_memory_is_capped(worker: Worker) -> None:
    pytest.importorskip("resource", reason="this system cannot cap a process's memory")
    with pytest.raises(WorkerFailure, match="memory"):
        do(worker, "swell", b"")
    assert do(worker, "reverse", b"ab") == b"ba"


def test_a_lost_memory_error_is_one_where_the_memory_is_gone() -> None:
    pytest.importorskip("resource", reason="this system cannot cap a process's memory")
    small = Worker("tests.work.jobs", memory_limit=256 << 20)
    with pytest.raises(WorkerFailure, match="SystemError"):
        do(small, "lose_the_cause", bytes(1))
    with pytest.raises(WorkerFailure, match="more than 256 MiB of memory"):
        do(small, "lose_the_cause", bytes(200))
    small.close()
