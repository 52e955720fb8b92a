"""The one thread that ends jobs whose time is over."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from portalis.translator.work import watchdog
from portalis.translator.work.watchdog import Watchdog

PATIENCE = 60.0


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def watching() -> int:
    return sum(thread.name == "portalis watchdog" for thread in threading.enumerate())


def test_it_calls_once_what_was_set_last() -> None:
    told: list[str] = []
    dog = Watchdog()
    dog.watch(PATIENCE, lambda: told.append("long"))
    # Earlier than the thread would wake by itself.
    dog.watch(0.01, lambda: told.append("short"))
    until(lambda: bool(told))
    again = threading.Event()
    dog.watch(0.01, again.set)
    assert again.wait(PATIENCE) and told == ["short"]


def test_what_is_called_off_is_not_called() -> None:
    told: list[str] = []
    dog = Watchdog()
    dog.watch(0.05, lambda: told.append("called off"))
    dog.call_off()
    after = threading.Event()
    dog.watch(0.1, after.set)
    assert after.wait(PATIENCE) and not told


def test_jobs_share_a_thread_that_ends_when_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    before = watching()
    monkeypatch.setattr(watchdog, "_LINGER", 0.05)
    dog = Watchdog()
    for _ in range(20):
        dog.watch(PATIENCE, lambda: None)
        assert watching() == before + 1
        dog.call_off()
    until(lambda: watching() <= before)
    called = threading.Event()
    dog.watch(0.01, called.set)
    assert called.wait(PATIENCE)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_it_calls_may_fail() -> None:
    dog = Watchdog()

    def fail() -> None:
        raise OSError("as planted")

    dog.watch(0.01, fail)
    until(lambda: dog._thread is None)
    called = threading.Event()
    dog.watch(0.01, called.set)
    assert called.wait(PATIENCE)


def test_it_ends_when_it_is_told_to() -> None:
    told: list[str] = []
    before = watching()
    dog = Watchdog()
    dog.watch(PATIENCE, lambda: told.append("ended"))
    thread = dog._thread
    assert thread is not None
    dog.end()
    thread.join(watchdog._LINGER / 2)
    assert watching() == before and not told
    called = threading.Event()
    dog.watch(0.01, called.set)
    assert called.wait(PATIENCE)
    dog.end()
