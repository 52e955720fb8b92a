"""Every lowering template of integer arithmetic: on all pairs of bytes with LLVM, on a grid elsewhere, and at the top of 64 bits."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from typing import Any

import pytest

from portalis.translator.diagnostics import GuardError
from portalis.translator.frontend import lower
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.ops import INT_MAX, INT_MIN
from portalis.translator.source import SourceFile

from . import objects
from .executors import EXECUTORS, Executable, through_rust_together

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


def lowered_template(symbol: str) -> Lowered:
    result = "float" if symbol == "/" else "int"
    return lower(SourceFile("template.py", f"def f(a: int, b: int) -> {result}:\n    return a {symbol} b\n"))


@functools.cache
def in_rust() -> dict[str, Executable]:
    return dict(zip(OPERATORS, through_rust_together([*map(lowered_template, OPERATORS)]), strict=True))


def executable_for(symbol: str, executor: str) -> Executable:
    return in_rust()[symbol] if executor == "rust" else EXECUTORS[executor](lowered_template(symbol))


@pytest.mark.parametrize("symbol", OPERATORS)
def test_all_pairs_of_bytes(symbol: str) -> None:
    """A pair that gives a value is computed with all others of its left side in one call: a call takes longer than the operation."""
    source = f"def g(a: int, b: int):\n    return a {symbol} b\n\ndef f(a: int, bs: list[int]):\n    return [g(a, b) for b in bs]\n"
    row = objects.OTHER_LEVELS["llvm O3"](lower(SourceFile("template.py", source), "f", references=True))
    single = executable_for(symbol, "llvm O3")
    wrong = []
    for left in BYTE:
        wanted = {right: expected(symbol, left, right) for right in BYTE}
        rights = [right for right, value in wanted.items() if type(value) is not str]
        given_ = dict(zip(rights, row.run([left, rights]).value, strict=True))
        given_ |= {right: given(single, left, right) for right in wanted.keys() - given_}
        wrong += [(left, right, value, given_[right]) for right, value in wanted.items() if repr(given_[right]) != repr(value)]
    assert not wrong, f"{len(wrong)} pairs differ, such as {wrong[:5]}"


@pytest.mark.parametrize("executor", ["interpreter", "interpreter after passes", "llvm O0 scalar", "llvm O3", "rust"])
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
