"""The passes in their order."""

from __future__ import annotations

from portalis.translator.ir.check.program import check as check_program
from portalis.translator.ir.nodes import Program
from portalis.translator.passes.copies import remove_copies
from portalis.translator.passes.fold import fold
from portalis.translator.passes.ranges import prove_ranges

PASSES = (fold, remove_copies, prove_ranges)


def optimise(program: Program, *, check: bool = False) -> Program:
    """Return an equal program that is better to make code from; with `check`, the IR's contract is checked before and after each pass."""
    if check:
        check_program(program)
    for run in PASSES:
        program = run(program)
        if check:
            check_program(program)
    return program
