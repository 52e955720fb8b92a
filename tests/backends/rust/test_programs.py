"""Whole programs: rustc takes their crates without a warning, and they do what the interpreter does, bit by bit."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from portalis.translator.ir.nodes import Program
from portalis.translator.ir.run.interpreter import GuardStop, OutOfFuel, PythonRaised
from portalis.translator.passes.pipeline import optimise
from tests.backends.rust.guest import Case, compare, from_source, needs_rustc
from tests.backends.rust.samples import AGGREGATES, BEHAVIOURS, CONTROL, NAMES, NUMBERS, Sample
from tests.passes.generated import executor_of, make_args, make_program

pytestmark = needs_rustc


@pytest.mark.parametrize("opt_level", [0, 3])
@pytest.mark.parametrize("samples", [NUMBERS, CONTROL, NAMES + AGGREGATES, BEHAVIOURS], ids=["numbers", "control", "data", "behaviours"])
def test_samples(samples: tuple[Sample, ...], opt_level: int) -> None:
    cases = [from_source(sample.name, sample.source, list(sample.calls)) for sample in samples]
    assert compare(cases, opt_level) >= len(cases)


@pytest.mark.parametrize(("first", "optimised"), [(0, False), (1000, True)])
def test_random_programs(first: int, optimised: bool) -> None:
    cases = []
    for seed in range(first, first + 30):
        random = Random(seed)
        program = make_program(random)
        calls = [args for args in (make_args(random) for _ in range(8)) if ends(program, args)]
        cases.append(Case(f"seed {seed}", optimise(program) if optimised else program, calls))
    assert compare(cases, opt_level=0) > len(cases)


def ends(program: Program, args: list[Any]) -> bool:
    """Tell whether a call ends soon enough for a test."""
    try:
        executor_of(program).call("main", args)
    except OutOfFuel:
        return False
    except (PythonRaised, GuardStop):
        pass
    return True
