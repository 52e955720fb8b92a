"""Every lowering template of integer arithmetic: on all pairs of bytes with LLVM, on a grid elsewhere, and at the top of 64 bits."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import pytest

from portalis.translator.diagnostics import GuardError
from portalis.translator.frontend import lower
from portalis.translator.ir.ops import INT_MAX, INT_MIN
from portalis.translator.source import SourceFile

from .executors import EXECUTORS, Executable, through_rust

BYTE = range(-128, 128)
OPERATORS: dict[str, Callable[[int, int], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": operator.floordiv,
    "%": operator.mod,
    "/": operator.truediv,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "**": operator.pow,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
}
# Where an int result does not fit, or leaves the ints, nothing but a guard is right.
GUARD = "guard"


def expected(symbol: str, left: int, right: int) -> Any:
    """Return CPython's value, its exception's text, or GUARD."""
    if symbol == "**" and right < 0 and left:
        return GUARD
    if symbol == "<<" and right > 127 and left:
        return GUARD
    try:
        value = OPERATORS[symbol](left, right)
    except (ZeroDivisionError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    return GUARD if type(value) is int and not INT_MIN <= value <= INT_MAX else value


def given(executable: Executable, left: int, right: int) -> Any:
    try:
        outcome = executable.run([left, right])
    except GuardError:
        return GUARD
    return outcome.value if outcome.exception is None else ": ".join(outcome.exception)


def executable_for(symbol: str, executor: str) -> Executable:
    result = "float" if symbol == "/" else "int"
    lowered = lower(SourceFile("template.py", f"def f(a: int, b: int) -> {result}:\n    return a {symbol} b\n"))
    if executor == "rust":
        return through_rust(lowered, lowered.program.entry)
    return EXECUTORS[executor](lowered)


@pytest.mark.parametrize("symbol", OPERATORS)
def test_all_pairs_of_bytes(symbol: str) -> None:
    executable = executable_for(symbol, "llvm O3")
    wrong = [
        (left, right, expected(symbol, left, right), given(executable, left, right))
        for left in BYTE
        for right in BYTE
        if repr(expected(symbol, left, right)) != repr(given(executable, left, right))
    ]
    assert not wrong, f"{len(wrong)} pairs differ, such as {wrong[:5]}"


@pytest.mark.parametrize("executor", ["interpreter", "interpreter after passes", "llvm O0 scalar", "rust"])
@pytest.mark.parametrize("symbol", OPERATORS)
def test_a_grid_of_bytes(symbol: str, executor: str) -> None:
    executable = executable_for(symbol, executor)
    grid = [*range(-128, 128, 11), -1, 0, 1, 2, 63, 64, 127]
    for left in grid:
        for right in grid:
            assert repr(given(executable, left, right)) == repr(expected(symbol, left, right)), (left, symbol, right)


@pytest.mark.parametrize("executor", [*EXECUTORS, "rust"])
@pytest.mark.parametrize("symbol", ["+", "-", "*", "//", "%"])
def test_the_top_of_the_range(symbol: str, executor: str) -> None:
    executable = executable_for(symbol, executor)
    top = [sign * (INT_MAX - offset) for sign in (1, -1) for offset in (0, 1, 2, 255)] + [
        INT_MIN,
        INT_MIN + 1,
        -1,
        0,
        1,
        2,
        3,
        2**32,
        -(2**31),
    ]
    for left in top:
        for right in top:
            assert repr(given(executable, left, right)) == repr(expected(symbol, left, right)), (left, symbol, right)
