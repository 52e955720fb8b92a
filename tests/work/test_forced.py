"""Payloads planted by force inside the real oracle get nothing."""

from __future__ import annotations

import inspect
import sys

import pytest

from portalis.translator.verify.plan import make_plan
from portalis.translator.work.codec import encode
from portalis.translator.work.link import Run
from portalis.translator.work.protocol import pack_orders, unpack_answers
from portalis.translator.work.seat import OracleSeat

if sys.platform != "linux":
    pytest.skip("payloads are tried on Linux", allow_module_level=True)

from . import payloads
from .kernel import lacking
from .payloads import NAMES, SECRET, Target
from .planting import planted, workplace
from .rows import targets

TELL = """
worked = [name for name, stopped in tried(Target({folder!r}, {port}, 2), {left_out!r}) if not stopped]
raise ValueError(" ".join(map(str, [len(PAYLOADS), *worked])))
"""


def worked_inside(program: str, target: Target, left_out: tuple[str, ...] = ()) -> set[str]:
    """Try the payloads in an oracle of a program; the names of those that worked."""
    tell = TELL.format(folder=target.folder, port=target.port, left_out=left_out)
    lowered = planted(inspect.getsource(payloads) + tell)
    plan = make_plan(lowered, 1, 0)
    with workplace(program) as place, OracleSeat(place.supply, typed=False) as seat:
        seat.load(encode(type(plan.request), plan.request), plan.answer_limit, False)
        seat.loaded()
        runs = [Run(0, 0, 10**6)]
        (part,) = seat.run(pack_orders(runs, 1))
    assert part.answers is not None, "no answer"
    (reply,) = unpack_answers(runs, part.answers)
    name, message = plan.shapes[0].read(reply, 0).told.texts
    assert name == "ValueError", message
    count, *worked = message.split()
    assert int(count) == len(NAMES)
    return set(worked)


def test_no_payload_works_in_the_oracle(monkeypatch: pytest.MonkeyPatch) -> None:
    if missing := lacking() & {"Landlock", "system calls"}:
        pytest.skip(f"this kernel lacks {', '.join(missing)}")
    monkeypatch.setenv(SECRET, "a key")
    with targets() as target:
        assert worked_inside("tests.work.forced", target) == set()


def test_payloads_work_in_an_oracle_without_protection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET, "a key")
    with targets() as target:
        worked = worked_inside("tests.work.forced_open", target, left_out=("replace_itself",))
    # Otherwise the test above would show nothing. The environment is left behind whatever the profile is.
    expected = {
        "read_the_key",
        "overwrite_a_file",
        "make_a_file",
        "connect_unix",
        "connect_tcp",
        "fork",
        "start_a_program",
        "signal_the_parent",
    }
    assert expected <= worked
    assert "see_the_hosts_environment" not in worked
