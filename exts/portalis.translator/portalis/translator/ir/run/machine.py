"""What the interpreter's closures share: the state of the running call, and how a function is entered."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import cache, cached_property
from typing import Any, TypeAlias

from portalis.translator.ir.errors import MAX_SITES, ErrorSite, SiteKey, error_sites, recursion_site
from portalis.translator.ir.nodes import Function, Program
from portalis.translator.ir.recursion import RECURSION_LIMIT
from portalis.translator.ir.run.outcomes import BranchKind, CallStopped, GuardStop, OutOfFuel, PythonRaised
from portalis.translator.ir.types import AGGREGATES, Type
from portalis.translator.source import Span

Frame: TypeAlias = list[Any]
Evaluator: TypeAlias = Callable[[Frame], Any]
# None: go on with the next statement; else one of the three below.
Executor: TypeAlias = Callable[[Frame], int | None]
BREAK, CONTINUE, RETURN = 1, 2, 3
RESULT = 0  # the frame's slot for the value being returned


@cache
def copier(type_: Type) -> Callable[[Any], Any]:
    """Return the function that copies a value of a type, so that changing the copy leaves the original alone."""
    if not isinstance(type_, AGGREGATES):
        return _same
    copiers = [copier(item) for item in type_.elements]
    if all(copy is _same for copy in copiers):
        return list

    def copy_nested(value: list[Any]) -> list[Any]:
        return [copy(item) for copy, item in zip(copiers, value, strict=True)]

    return copy_nested


def _same(value: Any) -> Any:
    return value


class Errors:
    """A program's error sites, as words and as what is raised."""

    def __init__(self, program: Program) -> None:
        self.program = program

    @cached_property
    def sites(self) -> tuple[ErrorSite, ...]:
        """The sites in the order of their numbers."""
        return error_sites(self.program)

    @cached_property
    def _numbers(self) -> dict[SiteKey, int]:
        return {site.key: number for number, site in enumerate(self.sites, 1)}

    def word(self, stop: CallStopped) -> int:
        """Return the error word of what stopped a call."""
        return self._numbers[stop.site.key] | (self._numbers[stop.call.key] << 16 if stop.call is not None else 0)

    def site(self, word: int) -> ErrorSite:
        """Return the site of an error word."""
        return self.sites[(word & MAX_SITES) - 1]

    def raised(self, word: int) -> PythonRaised:
        """Return the exception of an error word, to be raised."""
        stop = PythonRaised(self.site(word))
        stop.call = self.sites[(word >> 16) - 1] if word >> 16 else None
        return stop


class Machine:
    """The state of the running call, and the functions compiled so far. `counts` holds two counters a decision: not taken, taken."""

    def __init__(
        self,
        functions: Mapping[str, Function],
        decisions: Mapping[tuple[Span, BranchKind], int],
        compile_body: Callable[[FunctionCode], Executor],
        errors: Errors,
    ) -> None:
        self.errors = errors
        self.functions = functions
        self.decisions = decisions
        self.compile_body = compile_body
        self.counts = [0] * (2 * len(decisions))
        self.fuel = sys.maxsize
        self.depth = 0
        self.told = ""
        # The object that comes with an exception of a class of the program.
        self.held: Any = None
        self.printed: list[str] = []
        # What was given back, to be raised again.
        self.again: PythonRaised | None = None
        self._codes: dict[str, FunctionCode] = {}

    def code(self, name: str) -> FunctionCode:
        """Return the compiled form of a function, whose body is compiled when it first runs."""
        if name not in self._codes:
            self._codes[name] = FunctionCode(self, self.functions[name])
        return self._codes[name]

    def burn(self, span: Span) -> None:
        """Pay for one loop iteration or one call, which lies at `span`."""
        self.fuel -= 1
        if self.fuel < 0:
            raise OutOfFuel(span)


class FunctionCode:
    """One function, ready to run."""

    def __init__(self, machine: Machine, function: Function) -> None:
        self.machine = machine
        self.function = function
        names = [param.name for param in function.params] + [name for name, _ in function.locals]
        self.slots = {name: index for index, name in enumerate(names, RESULT + 1)}
        self.by_ref = frozenset(param.name for param in function.params if param.by_ref)
        self._unset = [None] * len(function.locals)
        self._body: Executor | None = None
        self._recursion = recursion_site(function)

    def run(self, args: list[Any]) -> Any:
        """Run the function on arguments that are its own (copies, or the caller's storage where the parameter is `by_ref`)."""
        machine = self.machine
        machine.burn(self.function.span)
        body = self._body
        if body is None:
            body = self._body = machine.compile_body(self)
        frame = [None, *args, *self._unset]
        if not self.function.recursive:
            body(frame)
            return frame[RESULT]
        if machine.depth >= RECURSION_LIMIT:
            raise (GuardStop if self.function.deep else PythonRaised)(self._recursion)
        machine.depth += 1
        body(frame)
        machine.depth -= 1
        return frame[RESULT]
