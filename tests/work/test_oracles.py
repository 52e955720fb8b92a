"""Oracles that lie, stall, end or run on: what they say never makes a module verified, and nothing that they do changes its bytes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from portalis.translator.translating.jobs import PROGRAM
from portalis.translator.translating.judging import BUILD
from portalis.translator.translating.messages import Build, BuildRequest, BuildSettings
from portalis.translator.translating.options import Options
from portalis.translator.translating.transport import dump_request
from portalis.translator.work.seat import OracleSeat
from portalis.translator.work.supply import OracleSupply
from portalis.translator.work.worker import Worker, WorkerFailure
from tests.work.forgers import HOW

SOURCE = "def f(x: float) -> float:\n    if x > 1.0:\n        return x * 0.5\n    return x + 2.0\n"
# What each lie comes to: a verdict, or the failure of the worker.
VERDICTS = {
    "wrong value": "wrong",
    "wrong sign of zero": "wrong",
    "an exception": "wrong",
    "an identity": "wrong",
    "not of its type": "wrong",
    "always out of steps": "not verified",
    "never known": "not verified",
    "ends": "not verified",
    "stalls": "not verified",
}


@pytest.fixture(scope="module")
def judge() -> Iterator[Worker]:
    made = Worker(PROGRAM, "programs")
    yield made
    made.close()


def build(judge: Worker, how: str, source: str = SOURCE, cases: int = 40) -> Build:
    """Build and verify with an oracle that behaves in some way."""
    supply = OracleSupply(("tests.work.forgers", how))
    request = BuildRequest(dump_request(lower(SourceFile("f.py", source))), BuildSettings.of(Options(cases=cases)))
    try:
        return judge.run(BUILD, request, 120.0, OracleSeat(supply, typed=False))
    finally:
        supply.close()


@pytest.fixture(scope="module")
def honest(judge: Worker) -> Build:
    return build(judge, "honest")


def test_an_honest_oracle_verifies(honest: Build) -> None:
    assert honest.report is not None
    artefact = honest.report.artefacts[0]
    assert artefact.status == "verified" and artefact.agreed == artefact.cases == 40 and not honest.report.unexercised


@pytest.mark.parametrize("how", [how for how in HOW if how not in ("honest", "stalls once")])
def test_a_forged_answer_verifies_nothing_and_changes_no_byte(judge: Worker, honest: Build, how: str) -> None:
    if how in VERDICTS:
        forged = build(judge, how)
        assert forged.report is not None and forged.report.artefacts[0].status == VERDICTS[how]
        assert forged.wasm == honest.wasm and forged.sites == honest.sites
        return
    with pytest.raises(WorkerFailure, match="oracle") as failure:
        build(judge, how)
    assert failure.value.kind == "error" and "\x1b" not in failure.value.detail


def test_what_an_oracle_does_not_come_back_from_is_dropped_and_counted(judge: Worker, honest: Build) -> None:
    once = build(judge, "stalls once")
    assert once.report is not None
    artefact = once.report.artefacts[0]
    assert (artefact.status, artefact.dropped, artefact.agreed) == ("verified", 1, artefact.cases - 1)
    assert once.wasm == honest.wasm


def test_after_three_the_rest_is_dropped_unasked(judge: Worker) -> None:
    never = build(judge, "ends")
    assert never.report is not None
    artefact = never.report.artefacts[0]
    assert artefact.dropped == artefact.cases and "no case" in artefact.why
