"""Powers of another type than their operands: calls that have one are answered by the function translated for them, as CPython does."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest

from portalis.translator.diagnostics import GuardError
from portalis.translator.ir.ops import POWER_REASONS
from portalis.translator.library import general_powers, operators, power, wide_division
from portalis.translator.library.intrinsics import wide_of
from portalis.translator.translating.translate import translate
from tests.references.test_programs import outcome

# A name, its source, an example, and calls as Python text.
PROGRAMS: list[tuple[str, str, str, tuple[str, ...]]] = [
    (
        "int to an int",
        "def f(x, n):\n    return x ** n\n",
        "f(2, 3)",
        ("f(2, -1)", "f(10, 30)", "f(0, -1)", "f(-3, -3)", "f(10**30, -2)", "f(1, -2**62)"),
    ),
    (
        "int to an int, computed with",
        "def f(value, up):\n    e = up - 3\n"
        "    return value * 10 ** e if e else value, round(2 ** e, 2), pow(3, e), [k ** e for k in (1, 2)]\n",
        "f(5, 4)",
        ("f(5, 1)", "f(-7, 2)", "f(5, 9)", "f(2**62, 4)"),
    ),
    (
        "a power that is stored",
        "def f(x, n):\n    x **= n\n    x += 1\n    return x, isinstance(x, float), f'{x}'\n",
        "f(2, 3)",
        ("f(2, -1)", "f(-2, -2)", "f(3, 50)"),
    ),
    (
        "a root of a negative number",
        "def f(x):\n    r = x ** 0.5\n    return r, r * 2, abs(r), x ** (1 / 3)\n",
        "f(5.0)",
        ("f(-4.0)", "f(-0.0)", "f(2.25)", "f(float('-inf'))"),
    ),
    (
        "a root that is a complex number's mistake",
        "def f(n):\n    return ((1 + 24 * n) ** 0.5 + 1) / 6 % 1 == 0\n",
        "f(5)",
        ("f(-330)", "f(7)"),
    ),
    ("a root that is no int", "def f(n):\n    return int(n ** 0.5) ** 2 == n\n", "f(5)", ("f(-330)", "f(16)")),
    (
        "a root that is caught",
        "def f(n):\n    try:\n        return [k for k in range(int(n ** 0.5))]\n    except TypeError:\n        return 'none'\n",
        "f(5)",
        ("f(-330)", "f(16)"),
    ),
    ("a fraction of the caller", "def f(x, e):\n    return x ** e\n", "f(4.0, 0.5)", ("f(-8.0, 3.0)", "f(-8.0, 0.25)", "f(-1e308, 1.5)")),
    (
        "a module that counts",
        "calls = 0\ndef f(x, n):\n    global calls\n    calls += 1\n    return calls, x ** n\n",
        "f(2, 3)",
        ("f(2, -1)", "f(2, 4)", "f(3, 99)", "f(2, -2)"),
    ),
]


def _near(left: Any, right: Any) -> bool:
    """Tell whether two answers are the same but for the last place of floats: CPython asks its platform for them."""
    if isinstance(left, tuple | list) and type(left) is type(right):
        return len(left) == len(right) and all(map(_near, left, right))
    if isinstance(left, complex) and isinstance(right, complex):
        return _near((left.real, left.imag), (right.real, right.imag))
    if isinstance(left, float) and isinstance(right, float):
        return repr(left) == repr(right) or abs(left - right) <= 2 * math.ulp(left)
    return repr(left) == repr(right)


@pytest.mark.parametrize(("source", "example", "calls"), [item[1:] for item in PROGRAMS], ids=[item[0] for item in PROGRAMS])
def test_program(source: str, example: str, calls: tuple[str, ...]) -> None:
    found = translate(source, "f", [example])
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    for call in calls:
        ours, theirs = outcome(found, call), outcome(namespace["f"], call)
        assert _near(ours, theirs), (call, ours, theirs)


def test_what_needs_an_int_is_guarded() -> None:
    source = "class Grid:\n    def __init__(self, n: int):\n        self.n = n\ndef f(x, n):\n    return [1, 2, 3][:Grid(x ** n).n]\n"
    found = translate(source, "f", ["f(2, 1)"])
    assert found(3, 1) == [1, 2, 3]
    with pytest.raises((GuardError, TypeError)):
        found(3, -1)


def test_complex_powers_are_the_platforms() -> None:
    chance = random.Random(5)
    for _ in range(3000):
        base, exponent = -abs(chance.choice((chance.uniform(0, 9), chance.lognormvariate(0, 30), 1.0))), chance.uniform(-9, 9)
        if general_powers.is_complex(base, exponent):
            ours, theirs = general_powers.complex_power(base, exponent), base**exponent
            assert isinstance(theirs, complex)
            # Two roundings of sine and cosine each, and of the length.
            assert all(
                abs(one - other) <= 4 * math.ulp(other)
                for one, other in ((ours.real, theirs.real), (ours.imag, theirs.imag))
                if abs(other) > 1e-300
            ), (base, exponent)


@pytest.mark.parametrize(
    "stopped",
    [
        lambda: operators.int_pow(2, -1),
        lambda: wide_division.power(wide_of(2), wide_of(-1)),
        lambda: power.power_for_operator(-2.0, 0.5),
    ],
)
def test_guards_of_powers_are_known_as_such(stopped: Any) -> None:
    with pytest.raises(Exception) as told:
        stopped()
    assert any(reason in str(told.value) for reason in POWER_REASONS)
