"""The library's functions give the same bits, the same errors and the same guards on every back-end as when CPython runs their source."""

from __future__ import annotations

import builtins
import functools
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest

from portalis.translator.frontend import lower
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.library import math as library
from portalis.translator.library import operators
from portalis.translator.source import SourceFile
from tests.library.lane_functions import in_lanes
from tests.library.math_points import FUNCTIONS, Measured
from tests.library.observing import GUARD, bits, observe
from tests.library.test_math import EDGES, EXACT, EXACT_OF_TWO, ROUNDED, ROUNDED_OF_TWO
from tests.library.test_operators import FLOATS, INTS
from tests.semantics.executors import EXECUTORS, through_rust

LANES = 4096
# Interpreting a tree is a thousand times slower than running wasm.
INTERPRETED = 40
GROUP = 12


@dataclass(frozen=True)
class Snippet:
    """A function of floats or ints whose body is one expression, and what CPython makes of the library for it."""

    expression: str
    parameters: str
    result: str
    reference: Callable[..., Any]

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(part.rpartition(" ")[2] for part in self.parameters.split(", "))

    @property
    def arguments(self) -> list[tuple[Any, ...]]:
        kinds = self.kinds
        some: dict[str, list[Any]] = {"float": [*EDGES, *FLOATS], "int": INTS}
        if len(kinds) == 1:
            return [(value,) for value in some[kinds[0]]]
        return [(left, right) for left in some[kinds[0]][::4] for right in some[kinds[1]][::3]]


_RESULTS = {"floor": "int", "ceil": "int", "trunc": "int", "isnan": "bool", "isinf": "bool", "isfinite": "bool", "isclose": "bool"}
_RESULTS |= {"modf": "tuple[float, float]", "frexp": "tuple[float, int]"}
_ONE, _TWO, _INTS, _MIXED = "x: float", "x: float, y: float", "x: int, y: int", "x: int, y: float"


def _of_math(name: str, parameters: str) -> Snippet:
    names = ", ".join(part.partition(":")[0] for part in parameters.split(", "))
    return Snippet(f"math.{name}({names})", parameters, _RESULTS.get(name, "float"), getattr(library, name))


def _of_ints(name: str) -> Snippet:
    return Snippet(f"math.{name}(x, y)", _INTS, "int", getattr(library, name))


OPERATIONS = (
    Snippet("x // y", _TWO, "float", operators.float_floordiv),
    Snippet("x % y", _TWO, "float", operators.float_mod),
    Snippet("x / y", _TWO, "float", operators.float_truediv),
    Snippet("x ** y", _TWO, "float", operators.float_pow),
    Snippet("x ** 2", _ONE, "float", lambda x: operators.float_pow(x, 2.0)),
    Snippet("divmod(x, y)", _TWO, "tuple[float, float]", operators.divmod_float),
    Snippet("int(x)", _ONE, "int", operators.float_to_int),
    Snippet("round(x)", _ONE, "int", operators.round_float),
    Snippet("round(x, 2)", _ONE, "float", lambda x: operators.round_float_digits(x, 2)),
    Snippet("round(x, y)", "x: float, y: int", "float", operators.round_float_digits),
    Snippet("min(x, y)", _TWO, "float", operators.min_float),
    Snippet("max(x, y)", _TWO, "float", operators.max_float),
    Snippet("x // y", _INTS, "int", operators.int_floordiv),
    Snippet("x % y", _INTS, "int", operators.int_mod),
    Snippet("x / y", _INTS, "float", operators.int_truediv),
    Snippet("x << y", _INTS, "int", operators.int_lshift),
    Snippet("x >> y", _INTS, "int", operators.int_rshift),
    Snippet("divmod(x, y)", _INTS, "tuple[int, int]", operators.divmod_int),
    Snippet("round(x, y)", _INTS, "int", operators.round_int_digits),
    Snippet("pow(x, 3, max(y, -9223372036854775807))", _INTS, "int", lambda x, y: operators.pow_mod(x, 3, max(y, -(2**63) + 1))),
    Snippet("x ** 3", "x: int", "int", lambda x: operators.int_pow(x, 3)),
    Snippet("x < y", _MIXED, "bool", operators.int_float_lt),
    Snippet("x <= y", _MIXED, "bool", operators.int_float_le),
    Snippet("x > y", _MIXED, "bool", operators.int_float_gt),
    Snippet("x >= y", _MIXED, "bool", operators.int_float_ge),
    Snippet("x == y", _MIXED, "bool", operators.int_float_eq),
    Snippet("x != y", _MIXED, "bool", operators.int_float_ne),
    Snippet("math.isqrt(x)", "x: int", "int", library.isqrt),
    Snippet("math.ldexp(x, y)", "x: float, y: int", "float", library.ldexp),
    *map(_of_ints, ("gcd", "lcm")),
)
SNIPPETS = (
    *(_of_math(name, _ONE) for name in (*ROUNDED, *EXACT)),
    *(_of_math(name, _TWO) for name in (*ROUNDED_OF_TWO, *EXACT_OF_TWO, "copysign")),
    *OPERATIONS,
)


def _groups() -> list[tuple[Snippet, ...]]:
    """Snippets of one signature, some at a time: a compilation costs more than what it compiles."""
    found: dict[tuple[str, str], list[Snippet]] = {}
    for snippet in SNIPPETS:
        found.setdefault((snippet.parameters, snippet.result), []).append(snippet)
    return [tuple(group[start : start + GROUP]) for group in found.values() for start in range(0, len(group), GROUP)]


def _lowered(group: tuple[Snippet, ...]) -> Lowered:
    rows = ["import math", "", "", f"def f(which: int, {group[0].parameters}) -> {group[0].result}:"]
    for index, snippet in enumerate(group[1:], start=1):
        rows += [f"    if which == {index}:", f"        return {snippet.expression}"]
    rows.append(f"    return {group[0].expression}")
    return lower(SourceFile("snippet.py", "\n".join(rows) + "\n"), "f", target=(3, 11))


def _name(group: tuple[Snippet, ...]) -> str:
    return f"{group[0].parameters} to {group[0].result}, {group[0].expression} …"


def _hold(group: tuple[Snippet, ...], run: Callable[..., Any], most: int | None = None) -> None:
    for index, snippet in enumerate(group):

        def call(*values: Any, index: int = index) -> Any:
            outcome = run([index, *values])
            if outcome.exception is not None:
                raise getattr(builtins, outcome.exception[0])(outcome.exception[1])
            return outcome.value

        cases = _expected(snippet)
        for values, expected in Random(1).sample(cases, min(most or len(cases), len(cases))):
            ours = observe(call, *values)
            # CPython, running the library, has no word to overflow: it finds out later than the checked operation.
            assert ours == expected or ours[0] == expected[0] == GUARD, (snippet.expression, values, ours, expected)


@functools.cache
def _expected(snippet: Snippet) -> list[tuple[tuple[Any, ...], Any]]:
    return [(values, observe(snippet.reference, *values)) for values in snippet.arguments]


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("group", _groups(), ids=_name)
def test_same_bits(group: tuple[Snippet, ...], executor: str) -> None:
    _hold(group, EXECUTORS[executor](_lowered(group)).run, INTERPRETED if executor.startswith("interpreter") else None)


@pytest.mark.parametrize("group", _groups(), ids=_name)
def test_same_bits_in_rust(group: tuple[Snippet, ...]) -> None:
    lowered = _lowered(group)
    _hold(group, through_rust(lowered, lowered.program.entry).run)


@pytest.mark.parametrize("measured", FUNCTIONS, ids=lambda measured: measured.name)
def test_same_bits_in_lanes(measured: Measured) -> None:
    points = measured.points(LANES, seed=21)
    assert [bits(value) for value in in_lanes(measured.name, points)] == [bits(measured.library(*point)) for point in points]
