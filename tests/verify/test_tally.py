"""The verdict on an artefact: what agreed is compared with what was tried, and what was not compared agrees with nothing."""

from __future__ import annotations

import pytest

from portalis.translator.verify.tally import MAX_REPORTED, Tally


@pytest.mark.parametrize(
    ("counts", "branches", "unexercised", "status"),
    [
        ({"cases": 10, "agreed": 10}, 0, 0, "verified"),
        ({"cases": 10, "agreed": 10}, 4, 2, "verified"),
        ({"cases": 10, "agreed": 10}, 4, 3, "weakly verified"),
        ({"cases": 256, "agreed": 64, "dropped": 192}, 0, 0, "verified"),
        ({"cases": 256, "agreed": 63, "dropped": 193}, 0, 0, "weakly verified"),
        ({"cases": 256, "agreed": 5, "over_budget": 251}, 0, 0, "weakly verified"),
        ({"cases": 256, "agreed": 256, "raised": 250}, 8, 3, "weakly verified"),
        ({"cases": 256, "agreed": 256, "raised": 250}, 8, 0, "verified"),
        ({"cases": 256, "agreed": 256, "raised": 248}, 8, 3, "verified"),
        ({"cases": 256, "agreed": 256, "raised": 256}, 8, 3, "verified"),
        ({"cases": 10, "dropped": 10}, 0, 0, "not verified"),
        ({"cases": 10, "guarded": 10}, 0, 0, "not verified"),
        ({"cases": 10, "over_budget": 10}, 0, 0, "not verified"),
        ({"cases": 10, "agreed": 9}, 0, 0, "wrong"),
        ({"cases": 10, "agreed": 4, "guarded": 2, "over_budget": 2, "dropped": 1}, 0, 0, "wrong"),
    ],
)
def test_the_verdict(counts: dict[str, int], branches: int, unexercised: int, status: str) -> None:
    artefact = Tally("wasm", **counts).artefact(b"module", branches, unexercised)
    assert artefact.status == status
    assert bool(artefact.why) == (status in ("weakly verified", "not verified"))


def test_one_wrong_case_among_many_is_wrong_and_a_few_are_told() -> None:
    tally = Tally("wasm", cases=300, agreed=290)
    for number in range(10):
        tally.wrong(f"f({number})", "1", "2", "value")
    artefact = tally.artefact(b"module", 0, 0)
    assert artefact.status == "wrong" and [item.call for item in tally.mismatches] == [f"f({number})" for number in range(MAX_REPORTED)]
