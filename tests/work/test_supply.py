"""Which oracle a job gets, and what is left of the processes when their host is gone."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
import warnings
from collections.abc import Iterator

import pytest

from portalis.translator.ir.types import STR
from portalis.translator.verify.oracle.messages import EntryRequest
from portalis.translator.work.link import OracleFailure, Run
from portalis.translator.work.oracles import PROGRAM, Nursery
from portalis.translator.work.protocol import pack_orders, unpack_answers
from portalis.translator.work.seat import OracleSeat
from portalis.translator.work.supply import OracleSupply
from tests.executed import load_request
from tests.server.processes import becomes, children, running
from tests.work.test_worker import ends

if sys.platform != "linux":
    pytest.skip("processes are looked at through /proc", allow_module_level=True)

WORDS = tuple(sorted(f"b{number}" for number in range(40)))


@pytest.fixture
def supply() -> Iterator[OracleSupply]:
    made = OracleSupply()
    yield made
    made.close()


def raw_request(text: str, name: str, strings: tuple[str, ...]) -> bytes:
    """Ask for what no front-end would accept."""
    entry = EntryRequest("", (), STR, (0, 0), b"", 1, None, 0)
    return load_request(text, "raw.py", name, entry, strings)


def first_of_a_set(supply: OracleSupply) -> bytes:
    """Ask an oracle for the first of the elements of a set of strings, which its hash seed decides."""
    request = raw_request(f"def f():\n    for word in {{{', '.join(map(repr, WORDS))}}}:\n        return word\n", "f", WORDS)
    with OracleSeat(supply, typed=False) as seat:
        seat.load(request, 1000, False)
        seat.loaded()
        (part,) = seat.run(pack_orders([Run(0, 0, 100)], 1))
        assert part.answers is not None
        return unpack_answers([Run(0, 0, 100)], part.answers)[0]


def test_oracles_have_two_hash_seeds(supply: OracleSupply) -> None:
    assert len({first_of_a_set(supply) for _ in range(6)}) == 2


def taken(supply: OracleSupply, *, typed: bool) -> int:
    with OracleSeat(supply, typed=typed) as seat:
        seat.load(raw_request("def f():\n    return 'a'\n", "f", ("a",)), 1000, False)
        seat.loaded()
        assert seat._oracle is not None
        return seat._oracle._pid


def test_only_typed_texts_share_an_oracle(supply: OracleSupply) -> None:
    typed = taken(supply, typed=True)
    assert taken(supply, typed=True) == typed
    fresh = [taken(supply, typed=False) for _ in range(3)]
    assert len({typed, *fresh}) == 4
    assert all(becomes(lambda pid=pid: not running(pid)) for pid in fresh)  # type: ignore[misc]
    assert taken(supply, typed=True) == typed


def test_a_nursery_that_does_not_end_by_itself_is_killed() -> None:
    nursery = Nursery((PROGRAM,), "1", 1 << 30)
    nursery.fork(False).end()
    process = nursery._process
    assert process is not None
    os.kill(process.pid, signal.SIGSTOP)
    try:
        assert ends(nursery.close)
        assert process.returncode == -signal.SIGKILL
    finally:
        process.kill()


def test_a_nursery_that_does_not_answer_is_replaced() -> None:
    nursery = Nursery((PROGRAM,), "1", 1 << 30)
    nursery.fork(False).end()
    before, control = nursery._process, nursery._control
    assert before is not None and control is not None
    control.shutdown(socket.SHUT_WR)
    with pytest.raises(OracleFailure, match="no oracle could be started"):
        nursery.fork(False)
    assert before.returncode is not None
    nursery.fork(False).end()
    assert nursery._process is not before
    nursery.close()


def test_a_killed_nursery_is_replaced(supply: OracleSupply) -> None:
    first = taken(supply, typed=False)
    for nursery in supply._nurseries:
        if nursery._process is not None:
            nursery._process.kill()
            nursery._process.wait()
    assert taken(supply, typed=False) != first


HOST = """
import sys, threading
from tests.work.test_oracles import PROGRAM, SOURCE, build
from portalis.translator.work.worker import Worker
judge = Worker(PROGRAM, "programs")
build(judge, "honest")
print("ready", flush=True)
build(judge, "stalls")
"""


def test_nothing_of_a_nursery_that_ended_is_left_to_the_collector() -> None:
    nursery = Nursery((PROGRAM,), "1", 1 << 30)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ResourceWarning)
        nursery.fork(uses_gf=False).end()
        assert nursery._process is not None
        nursery._process.kill()
        nursery._process.wait()
        nursery.fork(uses_gf=False).end()
        nursery.close()
        del nursery
        gc.collect()
    assert [str(warning.message) for warning in caught] == []


def test_nothing_outlives_a_killed_host() -> None:
    """Not even an oracle that is in the middle of a loop without end."""
    host = subprocess.Popen(
        [sys.executable, "-c", HOST], stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    )
    assert host.stdout is not None and host.stdout.readline() == "ready\n"
    seen: set[int] = set()

    def looping() -> bool:
        started = children(host.pid)
        seen.update(started, *(children(pid) for pid in started))
        return any(_busy(pid) for pid in seen)

    assert becomes(looping)
    host.send_signal(signal.SIGKILL)
    host.wait()
    host.stdout.close()
    assert becomes(lambda: not any(running(pid) for pid in seen))


def _busy(pid: int) -> bool:
    """Tell whether a process is an oracle that has used a tenth of a second."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        with open(f"/proc/{pid}/cmdline") as file:
            forger = "forgers" in file.read()
    except OSError:
        return False
    return forger and not children(pid) and int(fields[11]) + int(fields[12]) > 20
