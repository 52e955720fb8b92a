"""The worker process under jobs that crash, hang, raise, or take all the memory."""

from __future__ import annotations

import pytest

from portalis.translator.verify.worker import Worker, WorkerFailure

JOBS = "tests.verify.jobs"


@pytest.fixture(scope="module")
def worker() -> Worker:
    return Worker()


def test_a_job_is_answered(worker: Worker) -> None:
    assert worker.run(f"{JOBS}:reverse", b"abc", 30) == b"cba"


def test_what_a_job_prints_does_not_reach_the_answer(worker: Worker) -> None:
    assert worker.run(f"{JOBS}:chatter", b"x", 30) == b"quiet"


def test_a_job_that_raises_is_named_and_the_process_lives(worker: Worker) -> None:
    process = worker.run(f"{JOBS}:process", b"", 30)
    with pytest.raises(WorkerFailure, match="ZeroDivisionError"):
        worker.run(f"{JOBS}:divide", b"", 30)
    assert worker.run(f"{JOBS}:process", b"", 30) == process


@pytest.mark.parametrize("job", ["abort", "leave"])
def test_a_crash_is_reported_and_the_next_job_runs(worker: Worker, job: str) -> None:
    with pytest.raises(WorkerFailure) as failure:
        worker.run(f"{JOBS}:{job}", b"", 30)
    assert failure.value.kind == "crashed"
    assert worker.run(f"{JOBS}:reverse", b"ab", 30) == b"ba"


def test_a_job_without_end_is_stopped(worker: Worker) -> None:
    with pytest.raises(WorkerFailure) as failure:
        worker.run(f"{JOBS}:hang", b"", 1.0)
    assert failure.value.kind == "timeout"
    assert worker.run(f"{JOBS}:reverse", b"ab", 30) == b"ba"


def test_memory_is_capped(worker: Worker) -> None:
    pytest.importorskip("resource", reason="this system cannot cap a process's memory")
    with pytest.raises(WorkerFailure, match="memory"):
        worker.run(f"{JOBS}:swell", b"", 60)
    assert worker.run(f"{JOBS}:reverse", b"ab", 30) == b"ba"
