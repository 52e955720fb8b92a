"""What a semantic case is: a program and calls of it. Every back-end has to do in each call what CPython does.

A short case is written where its likes are (`traps/`), a longer one is a file of `cases/` with its calls in comments: `# call: (1, 2.0)`
is one, `# call: *each([1, 2], [0.5])` every combination; `# guarded: (2**63 - 1, 1)` may only be guarded. What each is lowered to is in
`tests/ir/lowered`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

from pxr import Gf

from tests.programs.directives import directives, read_program
from tests.programs.program import Program

INT_MAX, INT_MIN = 2**63 - 1, -(2**63)
NAN, INF = math.nan, math.inf

Call = tuple[Any, ...]


@dataclass(frozen=True)
class Case:
    """One program. `guarded` are calls for which an answer would be possible in CPython but leaves the typed world."""

    program: Program
    calls: tuple[Call, ...]
    guarded: tuple[Call, ...] = ()

    @property
    def name(self) -> str:
        return self.program.name

    def fresh_calls(self) -> Iterable[list[Any]]:
        """Yield the arguments of every call, new objects each time."""
        return (list(map(copied, call)) for call in (*self.calls, *self.guarded))

    def may_be_guarded(self, arguments: Iterable[Any]) -> bool:
        """Tell whether these are the arguments of a call that has to be guarded."""
        shown = repr(tuple(arguments))
        return any(repr(call) == shown for call in self.guarded)


def copied(value: Any) -> Any:
    """Copy an argument and every mutable object in it."""
    if isinstance(value, list | tuple):
        return type(value)(map(copied, value))
    return type(value)(value) if type(value).__module__.startswith("pxr") else value


def case(name: str, source: str, *calls: Call, guarded: tuple[Call, ...] = (), examples: tuple[str, ...] = ()) -> Case:
    """Write down a case whose entry is `f`."""
    return Case(Program(name, dedent(source).lstrip(), "f", examples), calls, guarded)


def binary(name: str, expression: str, kind: str, result: str, *calls: Call, guarded: tuple[Call, ...] = ()) -> Case:
    """A case of one expression of `a` and `b`."""
    return case(name, f"def f(a: {kind}, b: {kind}) -> {result}:\n    return {expression}\n", *calls, guarded=guarded)


def unary(name: str, expression: str, kind: str, result: str, *values: Any, guarded: tuple[Any, ...] = ()) -> Case:
    """A case of one expression of `x`."""
    source = f"import math\n\n\ndef f(x: {kind}) -> {result}:\n    return {expression}\n"
    return case(name, source, *((value,) for value in values), guarded=tuple((value,) for value in guarded))


def each(*values: Iterable[Any]) -> Iterable[Call]:
    """Yield every combination."""
    return itertools.product(*values)


def read_case(path: Path) -> Case:
    """Read a case from its file."""
    program = read_program(path)
    names = {"each": each, "Gf": Gf, "inf": INF, "nan": NAN, "range": range}
    calls, guarded = (
        tuple(call for text in directives(program.text, name) for call in eval(f"[{text}]", names)) for name in ("call", "guarded")
    )
    return Case(program, tuple(call for call in calls if repr(call) not in set(map(repr, guarded))), guarded)


FILES = tuple(read_case(path) for path in sorted((Path(__file__).parent / "cases").glob("*.py")))
