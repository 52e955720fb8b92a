"""The real processes have given up what their profiles name before they are given anything, and oracles are shared by typed text alone."""

from __future__ import annotations

import os
import sys
import time

import pytest

from portalis.translator.ir.types import FLOAT
from portalis.translator.verify.oracle.answers import SlotShape
from portalis.translator.verify.oracle.messages import EntryRequest, pack_slots
from portalis.translator.work.confine import judge, oracle
from portalis.translator.work.link import OracleFailure, Run
from portalis.translator.work.oracles import OracleProcess
from portalis.translator.work.protocol import pack_orders
from portalis.translator.work.seat import OracleSeat
from portalis.translator.work.supply import OracleSupply
from portalis.translator.work.worker import Worker
from tests.executed import load_request
from tests.work.test_worker import do

if sys.platform == "win32":
    pytest.skip("oracles are forked", allow_module_level=True)

SHAPE = SlotShape(FLOAT, (), 0, 1)
ORDERS = pack_orders([Run(0, 0, 1000)], 1)


def request(body: str, first: str = "") -> bytes:
    entry = EntryRequest("", (FLOAT,), FLOAT, (0, 0), pack_slots(("f64",), (2.0,)), 1, None, 0)
    return load_request(f"{first}\ndef f(x):\n    {body}\n", "case.py", "f", entry)


def served(supply: OracleSupply, body: str, typed: bool) -> int:
    """Have a text served, and return the number of the process that served it."""
    with OracleSeat(supply, typed=typed) as seat:
        seat.load(request(body), SHAPE.limit(0), False)
        seat.loaded()
        (part,) = seat.run(ORDERS)
        assert part.count == 1 and part.answers is not None
        assert isinstance(seat._oracle, OracleProcess)
        return seat._oracle._pid


def require_gone(pid: int) -> None:
    """Wait until a process is no more; the limit only ends a test that hangs."""
    end = time.monotonic() + 60.0
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)
    raise AssertionError("an oracle was left behind")


def test_an_oracle_and_a_judge_are_confined_before_their_first_job() -> None:
    supply, worker = OracleSupply(), Worker("tests.work.jobs")
    try:
        process = supply.take(uses_gf=False, fresh=True)
        of_oracle = process.protections
        process.end()
        do(worker, "reverse", b"x")
        of_judge = worker.protections
    finally:
        supply.close()
        worker.close()
    assert of_judge is not None
    for report, profile in ((of_oracle, oracle(0, 0, 0)), (of_judge, judge(0, 0, 0))):
        assert report.profile == profile.name
        assert [entry.name for entry in report.entries] == [item.name for item in (*profile.early, *profile.seal)]


def test_only_text_that_its_user_typed_shares_an_oracle() -> None:
    supply = OracleSupply()
    try:
        typed = [served(supply, "return x", True) for _ in range(3)]
        others = [served(supply, "return x", False) for _ in range(3)]
        again = served(supply, "return x", True)
    finally:
        supply.close()
    assert len(set(typed)) == 1 and again == typed[0]
    assert len({*others, typed[0]}) == 4


def test_an_oracle_that_failed_serves_nobody() -> None:
    supply = OracleSupply()
    try:
        first = served(supply, "return x", True)
        with pytest.raises(OracleFailure, match="denied"):
            served(supply, "raise OSError(13, 'denied')", True)
        assert served(supply, "return x", True) != first
    finally:
        supply.close()


@pytest.mark.parametrize("first", ["", "raise OSError(13, 'denied')"], ids=["at work", "at loading"])
def test_an_oracle_that_failed_is_ended(first: str) -> None:
    supply = OracleSupply()
    try:
        with OracleSeat(supply, typed=True) as seat:
            seat.load(request("raise OSError(13, 'denied')", first), SHAPE.limit(0), False)
            assert isinstance(seat._oracle, OracleProcess)
            pid = seat._oracle._pid
            with pytest.raises(OracleFailure, match="denied"):
                seat.loaded()
                seat.run(ORDERS)
            require_gone(pid)
    finally:
        supply.close()


def test_what_served_other_text_is_ended_and_one_oracle_is_kept_warm() -> None:
    supply = OracleSupply()
    try:
        require_gone(served(supply, "return x", False))
        with OracleSeat(supply, typed=True) as one, OracleSeat(supply, typed=True) as other:
            pids = []
            for seat in (one, other):
                seat.load(request("return x"), SHAPE.limit(0), False)
                seat.loaded()
                assert isinstance(seat._oracle, OracleProcess)
                pids.append(seat._oracle._pid)
        # The inner one is given back first; the outer one takes its place.
        require_gone(pids[1])
        assert served(supply, "return x", True) == pids[0]
    finally:
        supply.close()
