"""Every planted mistake is noticed by the checks that stand guard where it is; the same checks pass without it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .catalogue import MUTANTS
from .checks import Check
from .mutants import Mutant, killer
from .planting import CannotPlant, Entry, Rewrite, planted

CHECKS = tuple({check.name: check for mutant in MUTANTS for check in mutant.checks}.values())


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_a_check_passes_without_mistakes(check: Check) -> None:
    check.run()


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mistake_is_noticed(mutant: Mutant, record_property: Callable[[str, object], None]) -> None:
    found = killer(mutant)
    record_property("mutant", (mutant.room, mutant.name, found is not None))
    assert found is not None, f"{mutant.name} in {mutant.edits[0].place} survives: {', '.join(check.name for check in mutant.checks)}"


def test_there_are_enough_mistakes() -> None:
    # Those of a server are eleven more where its client is installed, those of confined processes 26 more on Linux.
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= 242


def test_a_mistake_is_taken_out_again() -> None:
    mutant = next(item for item in MUTANTS if item.name == "floor division truncates")
    assert killer(mutant) is not None
    for check in mutant.checks:
        check.run()


def test_a_passage_that_is_gone_is_named() -> None:
    edit = Rewrite("passes.facts.intervals:fits", "no such passage", "")
    with pytest.raises(CannotPlant, match="0 times"), planted((edit, Entry("passes.facts.intervals:TRANSFER", "int.add", None))):
        pass
