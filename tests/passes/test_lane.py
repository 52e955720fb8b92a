"""The fast body of a lane: where it does not bail, it is the exact function, bit for bit; and it never stops."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given, settings

from portalis.translator.ir.checker import check
from portalis.translator.ir.interpreter import Interpreter
from portalis.translator.ir.nodes import Assign, Function, Return
from portalis.translator.passes.lane import LaneRefusal, total_body
from tests.ir.builders import program
from tests.passes.generated import bits, make_args, make_program, outcome, seeds


def flat(value: Any) -> list[Any]:
    """The scalars of a value in storage order."""
    return [atom for item in value for atom in flat(item)] if isinstance(value, list | tuple) else [value]


def run_fast(fast: Function, args: list[Any], strings: tuple[str, ...] = ()) -> tuple[list[Any], bool]:
    """Run a fast body; return its outputs and its bail bit."""
    *outputs, bail = Interpreter(program(fast, strings=strings)).call(fast.name, args)[0]
    return outputs, bail


def is_straight_line(fast: Function) -> bool:
    *operations, last = fast.body
    return all(isinstance(item, Assign) for item in operations) and isinstance(last, Return)


@settings(max_examples=150, deadline=None)
@given(seeds)
def test_a_random_body_agrees_with_its_function_or_bails(seed: int) -> None:
    random = Random(seed)
    whole = make_program(random)
    check(whole)
    fast = total_body(whole, "main")
    if isinstance(fast, LaneRefusal):
        return
    assert is_straight_line(fast)
    check(program(fast))
    for _ in range(8):
        args = make_args(random)
        outputs, bail = run_fast(fast, args)
        if not bail:
            exact = outcome(whole, "main", args)
            assert exact is not None and exact[0] == "returned"
            assert flat_bits(outputs) == flat_bits(Interpreter(whole).call("main", args)[0])


def flat_bits(value: Any) -> Any:
    return bits(flat(value))
