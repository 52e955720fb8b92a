"""Every pass, and all of them together, keep what a program does: results, errors and their sites, changes to arguments."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings

from portalis.translator.ir.check.program import check
from portalis.translator.ir.nodes import Program
from portalis.translator.passes.facts.effects import may_raise
from portalis.translator.passes.fold import fold
from portalis.translator.passes.pipeline import optimise
from portalis.translator.passes.ranges import prove_ranges
from tests.passes.generated import executor_of, make_args, make_program, outcome, seeds


@pytest.mark.parametrize("run", [fold, prove_ranges, optimise], ids=lambda run: run.__name__)
@settings(max_examples=80)
@given(seed=seeds)
def test_a_random_program_means_the_same(run: Callable[[Program], Program], seed: int) -> None:
    random = Random(seed)
    before = make_program(random)
    after = run(before)
    check(after)
    executors = executor_of(before), executor_of(after)
    for _ in range(8):
        args = make_args(random)
        assert outcome(executors[0], "main", args) == outcome(executors[1], "main", args)


@settings(max_examples=80)
@given(seed=seeds)
def test_a_function_that_cannot_raise_returns(seed: int) -> None:
    random = Random(seed)
    whole = optimise(make_program(random))
    executor = executor_of(whole)
    for name in {function.name for function in whole.functions} - may_raise(whole):
        outcomes = [outcome(executor, name, make_args(random)) for _ in range(8)]
        assert all(item is None or item[0] == "returned" for item in outcomes)
