"""The library's `math` against CPython's: which errors, which special values, and exact results where there is only one."""

from __future__ import annotations

import inspect
import math
import sys
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from portalis.translator.frontend import lower
from portalis.translator.ir.run.interpreter import Interpreter
from portalis.translator.library import math as library
from portalis.translator.source import SourceFile
from tests.library.observing import GUARD, observe
from tests.library.test_operators import FLOATS, INTS, SHORT

ROUNDED = (
    "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
    "exp", "exp2", "expm1", "log", "log1p", "log2", "log10", "cbrt", "sqrt",
)  # fmt: skip
ROUNDED_OF_TWO = ("pow", "atan2", "hypot", "log")
EXACT = ("fabs", "floor", "ceil", "trunc", "modf", "frexp", "isnan", "isinf", "isfinite", "degrees", "radians", "ulp")
EXACT_OF_TWO = ("fmod", "remainder", "nextafter", "isclose")
MAGNITUDES = (
    0.0, 5e-324, 1e-300, 0.5, 1.0 - 2**-53, 1.0, 1.0 + 2**-52, 2.0, 3.0, 20.0, 100.0, 709.782712893384, 709.7827128933841,
    710.4758600739439, 710.475860073944, 745.2, 1023.9999999999999, 1024.0, 1e22, 1e300, sys.float_info.max, math.inf,
)  # fmt: skip
EDGES = [sign * edge for edge in MAGNITUDES for sign in (1.0, -1.0)] + [math.nan]


def _agree(name: str, *arguments: float) -> None:
    """The same error; the same zero, infinity or NaN; else results at most a few roundings apart, as glibc's own may be wrong by one."""
    ours, theirs = observe(getattr(library, name), *arguments), observe(getattr(math, name), *arguments)
    if ours == theirs:
        return
    assert ours[0] == theirs[0] == "value", (name, arguments, ours, theirs)
    value, expected = getattr(library, name)(*arguments), getattr(math, name)(*arguments)
    assert math.isfinite(value) and value != 0.0 and abs(value - expected) <= 2 * math.ulp(expected), (name, arguments, value, expected)


@pytest.mark.parametrize("name", ROUNDED)
def test_special_values_and_errors(name: str) -> None:
    for value in EDGES:
        _agree(name, value)


@pytest.mark.parametrize("name", ROUNDED_OF_TWO)
def test_special_values_and_errors_of_two(name: str) -> None:
    for left in EDGES:
        for right in EDGES:
            _agree(name, left, right)


@pytest.mark.parametrize("name", EXACT)
def test_exact_functions(name: str) -> None:
    for value in [*FLOATS, *EDGES]:
        assert observe(getattr(library, name), value) == observe(getattr(math, name), value), value


@pytest.mark.parametrize("name", EXACT_OF_TWO)
def test_exact_functions_of_two(name: str) -> None:
    for left in FLOATS:
        for right in FLOATS:
            assert observe(getattr(library, name), left, right) == observe(getattr(math, name), left, right), (left, right)


def test_isclose_with_tolerances() -> None:
    for relative in (0.0, 1e-9, 0.5, -1.0, math.inf):
        for absolute in (0.0, 1e-3, -1e-3):
            for left in FLOATS[::5]:
                for right in FLOATS[::7]:
                    tolerances = {"rel_tol": relative, "abs_tol": absolute}
                    ours = observe(lambda a, b, t=tolerances: library.isclose(a, b, **t), left, right)
                    assert ours == observe(lambda a, b, t=tolerances: math.isclose(a, b, **t), left, right)


def test_copysign_is_guarded_only_for_nan() -> None:
    for left in FLOATS:
        for right in FLOATS:
            ours = observe(library.copysign, left, right)
            if math.isnan(right):
                assert ours == (GUARD, "the sign of a NaN")
            else:
                assert ours == observe(math.copysign, left, right)


def test_ldexp() -> None:
    for value in [*FLOATS, *EDGES]:
        for exponent in [*range(-2300, 2300, 13), *range(-1080, -1060), -(2**63), 2**63 - 1]:
            assert observe(library.ldexp, value, exponent) == observe(math.ldexp, value, exponent), (value, exponent)


def test_remainders_of_any_size() -> None:
    random = Random(5)
    for _ in range(3000):
        left = math.ldexp(random.uniform(-1.0, 1.0), random.randint(-1074, 1024))
        right = math.ldexp(random.uniform(-1.0, 1.0), random.randint(-1074, 1024))
        assert observe(library.fmod, left, right) == observe(math.fmod, left, right), (left, right)
        assert observe(library.remainder, left, right) == observe(math.remainder, left, right), (left, right)


def test_remainders_of_any_size_are_bounded_work() -> None:
    lowered = lower(SourceFile("rest.py", "def rest(left: float, right: float) -> float:\n    return left % right\n"), "rest").program
    for left, right in ((1e308, 1e-310), (sys.float_info.max, 5e-324), (sys.float_info.max, 3e-308), (1.7e308, 7e-200), (1e300, 0.7)):
        result = Interpreter(lowered, fuel=20_000).call(lowered.entry, [left, right])[0]
        assert result == left % right, (left, right)


def test_remainders_near_multiples() -> None:
    random = Random(6)
    for _ in range(20_000):
        right = random.uniform(0.001, 1000.0)
        left = right * random.randint(0, 2 ** random.randint(0, 60))
        left = math.nextafter(left, random.choice((0.0, math.inf)))
        assert observe(library.fmod, left, right) == observe(math.fmod, left, right), (left, right)


@pytest.mark.parametrize("name", ["gcd", "lcm"])
def test_divisors(name: str) -> None:
    ours, theirs = getattr(library, name), getattr(math, name)
    assert observe(ours) == observe(theirs)
    for left in INTS:
        assert observe(ours, left) == observe(theirs, left)
        for right in INTS:
            assert observe(ours, left, right) == observe(theirs, left, right), (left, right)
    for arguments in ((12, 18, 27), (-4, 6, 10, 15), (0, 0, 5)):
        assert observe(ours, *arguments) == observe(theirs, *arguments)


@pytest.mark.parametrize("name", ["comb", "perm"])
def test_combinatorics(name: str) -> None:
    for left in [*INTS, *range(-2, 70)]:
        for right in SHORT:
            if left < 2**20 or right < 30:
                assert observe(getattr(library, name), left, right) == observe(getattr(math, name), left, right), (left, right)


def test_factorial_and_integer_root() -> None:
    for value in range(-3, 30):
        assert observe(library.factorial, value) == observe(math.factorial, value)
    for value in [*INTS, *(root * root + offset for root in (10**9, 3037000499, 94906267, 2**26) for offset in (-1, 0, 1))]:
        assert observe(library.isqrt, value) == observe(math.isqrt, value), value


def test_lengths_of_other_numbers_of_arguments() -> None:
    for arguments in (
        (),
        (-3.0,),
        (1.0, 2.0, 2.0),
        (1.0, 1.0, 1.0, 1.0),
        (math.nan, 1.0, math.inf),
        (1e300, 1e300, 1e300),
        (5e-324, 0.0, 5e-324),
    ):
        assert observe(library.hypot, *arguments) == observe(math.hypot, *arguments)


def test_exact_cases_are_exact() -> None:
    for power in range(-1074, 1024):
        assert library.log2(math.ldexp(1.0, power)) == power
        assert library.exp2(float(power)) == math.ldexp(1.0, power) == library.pow(2.0, float(power))
    for power in range(23):
        assert library.log10(10.0**power) == power
        assert library.pow(10.0, float(power)) == 10.0**power
    for root in range(2000):
        assert library.cbrt(float(root) ** 3) == root
        assert library.hypot(3.0 * root, 4.0 * root) == 5.0 * root
        assert library.pow(float(root), 3.0) == root**3


def test_constants() -> None:
    assert (library.pi, library.e, library.tau, library.inf) == (math.pi, math.e, math.tau, math.inf)
    assert math.isnan(library.nan)


def test_every_public_function_is_one_of_cpython_and_takes_the_same_kinds_of_arguments() -> None:
    defined = {name: value for name, value in vars(library).items() if inspect.isfunction(value) and value.__module__ == library.__name__}
    for name, function in defined.items():
        if name.startswith("_"):
            continue
        kinds = {parameter.kind for parameter in inspect.signature(function).parameters.values()}
        expected: Callable[..., Any] = getattr(math, name)
        if name == "isclose":
            assert inspect.signature(function).parameters.keys() == inspect.signature(expected).parameters.keys()
        else:
            assert kinds == {inspect.Parameter.POSITIONAL_ONLY}, name
