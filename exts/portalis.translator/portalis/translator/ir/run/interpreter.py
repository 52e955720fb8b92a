"""The IR's own executor: exact, slow by a machine's measure, and quick to start.

It is the third opinion beside CPython and the back-ends: it tells which stage of a wrong translation is at fault, counts which branches
a set of cases took, and finds the Python line of a failing lane. Values are Python's own: int, float, bool, None, str, and aggregates as
(nested) lists in storage order.
"""

from __future__ import annotations

import sys
from functools import cached_property
from typing import Any

from portalis.translator.ir.nodes import Program
from portalis.translator.ir.run.machine import Errors, FunctionCode, Machine, copier
from portalis.translator.ir.run.outcomes import Branch, BrokenContract, CallStopped, Coverage, GuardStop, OutOfFuel, PythonRaised, decisions
from portalis.translator.ir.run.statements import compile_body

__all__ = ["Branch", "BrokenContract", "Coverage", "GuardStop", "Interpreter", "OutOfFuel", "PythonRaised"]

# Each IR frame costs the host a Python frame for every level of nesting of the expression that makes the call.
_HOST_FRAMES = 200_000


class Interpreter:
    """Runs the functions of one program; each is compiled to closures when it is first called.

    `fuel` bounds the loop iterations and calls of one `call`. With `coverage`, `Interpreter.coverage` counts over all calls.
    """

    def __init__(self, program: Program, *, fuel: int = sys.maxsize, coverage: bool = False) -> None:
        self.program = program
        self._fuel = fuel
        self._decisions = decisions(program) if coverage else {}
        self._machine = Machine({function.name: function for function in program.functions}, self._decisions, compile_body, Errors(program))

    def call(self, function_name: str, args: list[Any]) -> tuple[Any, tuple[Any, ...]]:
        """Call a function and return its result and the final values of its `by_ref` parameters, in order.

        The arguments are not changed. Raises PythonRaised or GuardStop where the call ends at an error site, OutOfFuel where it takes too
        long, and BrokenContract where the program is at fault.
        """
        code = self._machine.code(function_name)
        function = code.function
        if len(args) != len(function.params):
            raise TypeError(f"{function_name} takes {len(function.params)} arguments, not {len(args)}")
        values = [copier(param.type)(value) for param, value in zip(function.params, args, strict=True)]
        self._machine.fuel, self._machine.depth = self._fuel, 0
        self._machine.printed.clear()
        try:
            result = self._enter(code, values)
        except CallStopped as stop:
            stop.word = self._machine.errors.word(stop)
            stop.text = self._machine.told if stop.site.form != "constant" else None
            stop.finals = self._finals(code, values)
            raise
        return result, self._finals(code, values)

    @property
    def printed(self) -> str:
        """What the last call printed."""
        return "".join(self._machine.printed)

    @property
    def coverage(self) -> Coverage:
        """Which branches the calls so far have taken; empty unless the interpreter was made to count."""
        counts = self._machine.counts
        return Coverage(
            {
                Branch(span, kind, taken): counts[2 * number + taken]
                for (span, kind), number in self._decisions.items()
                for taken in (True, False)
            }
        )

    def _enter(self, code: FunctionCode, values: list[Any]) -> Any:
        if not self._has_recursion:
            return code.run(values)
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, _HOST_FRAMES))
        try:
            return code.run(values)
        finally:
            sys.setrecursionlimit(limit)

    @staticmethod
    def _finals(code: FunctionCode, values: list[Any]) -> tuple[Any, ...]:
        return tuple(value for param, value in zip(code.function.params, values, strict=True) if param.by_ref)

    @cached_property
    def _has_recursion(self) -> bool:
        return any(function.recursive for function in self.program.functions)
