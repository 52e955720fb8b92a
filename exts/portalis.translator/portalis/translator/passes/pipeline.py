"""The passes in their order."""

from __future__ import annotations

from portalis.translator.ir.check.program import check as check_program
from portalis.translator.ir.nodes import Program
from portalis.translator.passes.characters import number_characters
from portalis.translator.passes.closed_ranges import prove_closed_ranges
from portalis.translator.passes.copies import remove_copies
from portalis.translator.passes.fold import fold

PASSES = (fold, remove_copies, number_characters, prove_closed_ranges)


def optimise(program: Program, *, check: bool = False) -> Program:
    """Return an equal program that is better to make code from; with `check`, the IR's contract is checked before and after each pass."""
    if check:
        check_program(program)
    for run in PASSES:
        program = run(program)
        if check:
            check_program(program)
    return program
