"""Which branches of the user's code a set of cases took, counted by the IR's interpreter."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from portalis.translator.calling.values import parts
from portalis.translator.ir.nodes import Function, Program
from portalis.translator.ir.run.interpreter import BrokenContract, GuardStop, Interpreter, OutOfFuel, PythonRaised
from portalis.translator.ir.types import AGGREGATES, Type, elements
from portalis.translator.library.gf_signatures import DRIFTING
from portalis.translator.verify.report import Branches

# Loop iterations and calls: of one case, and of all cases together, so that counting never outweighs the comparison itself.
CASE_FUEL, TOTAL_CASES = 200, 256
EXACT_FUNCTIONS = frozenset(
    ("sqrt", "fabs", "floor", "ceil", "trunc", "copysign", "fmod", "modf", "frexp", "ldexp", "isnan", "isinf", "isfinite", "isclose")
)


class BranchCoverage:
    """Counts until every branch was taken; after that, cases cost nothing."""

    def __init__(self, program: Program) -> None:
        self._interpreter = Interpreter(program, fuel=CASE_FUEL, coverage=True)
        self._left = TOTAL_CASES
        self._complete = not self._interpreter.coverage.branches

    def add(self, function: Function, make: Callable[[], list[Any]]) -> None:
        """Run one case for its branches alone; `make` gives its arguments."""
        if self._complete or not self._left:
            return
        self._left -= 1
        values = [to_ir(value, parameter.type) for value, parameter in zip(make(), function.params, strict=True)]
        with contextlib.suppress(PythonRaised, GuardStop, OutOfFuel, BrokenContract):
            self._interpreter.call(function.name, values)
        if self._left % 16 == 0:
            self._complete = not self._interpreter.coverage.unexercised

    def result(self) -> Branches:
        """Summarise for the report; a branch is named by its place and which way was not taken."""
        coverage = self._interpreter.coverage
        missed = tuple(
            f"{branch.span.line}:{branch.span.column} {branch.kind} {'taken' if branch.taken else 'not taken'}"
            for branch in coverage.unexercised
        )
        return Branches(total=len(coverage.branches), unexercised=missed)


def to_ir(value: Any, type_: Type) -> Any:
    """Return a Python value as the interpreter holds it: aggregates as nested lists in storage order."""
    if not isinstance(type_, AGGREGATES):
        return value
    return [to_ir(item, item_type) for item, item_type in zip(parts(value, type_), elements(type_), strict=True)]


def uses_libm(program: Program) -> bool:
    """Tell whether a program calls library functions whose last bit the platform's libm may round differently."""
    names = (function.name for function in program.functions if function.library)
    return any(_rounds(name) for name in names)


def _rounds(name: str) -> bool:
    module, _, function = name.partition(".")
    function = function.partition(".")[0]
    return function in ("float_pow", *DRIFTING.values()) or (module == "math" and function not in EXACT_FUNCTIONS)
