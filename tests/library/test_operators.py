"""The operators and built-in functions of the library against CPython's own, on grids of edge cases and random numbers."""

from __future__ import annotations

import math
import operator
import struct
import sys
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from portalis.translator.library import operators
from tests.library.observing import BEYOND, GUARD, observe


def _ints() -> list[int]:
    edges = [
        0,
        1,
        2,
        3,
        7,
        10,
        63,
        64,
        65,
        100,
        255,
        2**31,
        2**32,
        2**52,
        2**53,
        2**62,
        2**63 - 1,
        3037000499,
        3037000500,
        10**18,
        5 * 10**18,
    ]
    found = {sign * (edge + offset) for edge in edges for offset in (-1, 0, 1) for sign in (-1, 1)}
    random = Random(2)
    found |= {random.choice((-1, 1)) * random.getrandbits(random.randint(1, 63)) for _ in range(40)}
    return sorted(value for value in found | {-(2**63)} if -(2**63) <= value < 2**63)


def _float(random: Random) -> float:
    match random.randrange(4):
        case 0:
            return random.uniform(-10.0, 10.0)
        case 1:
            return float(struct.unpack("<d", struct.pack("<Q", random.getrandbits(64)))[0])
        case 2:
            return random.randint(-(10**6), 10**6) / random.choice((1, 2, 4, 8, 10, 100, 1000))
        case _:
            return math.ldexp(random.random(), random.randint(-60, 60))


def _floats() -> list[float]:
    edges = [0.0, 0.5, 1.0, 1.5, 2.5, 0.1, 3.0, 7.0, 1e16, 2.0**52 + 0.5, 2.0**53, 2.0**62, 2.0**63, 2.0**64, math.inf, 5e-324, 1e-310]
    edges += [2.0**-1022, sys.float_info.max, 1e300, 1e-300, math.pi, 1e22, 0.49999999999999994, 4503599627370497.5, 2.675, 1.005, 1e-5]
    random = Random(3)
    return [sign * edge for edge in edges for sign in (1.0, -1.0)] + [math.nan] + [_float(random) for _ in range(60)]


INTS, FLOATS = _ints(), _floats()
SHORT = [value for value in INTS if abs(value) < 130]
FLOAT_MOD = operators.float_mod if sys.version_info < (3, 13) else operators.float_mod_from_3_13
INT_PAIRS: tuple[tuple[Callable[..., Any], Callable[..., Any]], ...] = (
    (operators.int_floordiv, operator.floordiv),
    (operators.int_mod, operator.mod),
    (operators.divmod_int, divmod),
    (operators.int_truediv, operator.truediv),
    (operators.min_int, min),
    (operators.max_int, max),
)
FLOAT_PAIRS: tuple[tuple[Callable[..., Any], Callable[..., Any]], ...] = (
    (operators.float_truediv, operator.truediv),
    (FLOAT_MOD, operator.mod),
    (operators.float_floordiv, operator.floordiv),
    (operators.divmod_float, divmod),
    (operators.min_float, min),
    (operators.max_float, max),
)
COMPARISONS: tuple[tuple[Callable[..., Any], Callable[..., Any]], ...] = (
    (operators.int_float_lt, operator.lt),
    (operators.int_float_le, operator.le),
    (operators.int_float_gt, operator.gt),
    (operators.int_float_ge, operator.ge),
    (operators.int_float_eq, operator.eq),
    (operators.int_float_ne, operator.ne),
)


def _name(value: Any) -> str:
    return str(getattr(value, "__name__", ""))


@pytest.mark.parametrize(("ours", "python"), INT_PAIRS, ids=_name)
def test_operation_on_ints(ours: Callable[..., Any], python: Callable[..., Any]) -> None:
    for left in INTS:
        for right in INTS:
            assert observe(ours, left, right) == observe(python, left, right), (left, right)


@pytest.mark.parametrize(("ours", "python"), FLOAT_PAIRS, ids=_name)
def test_operation_on_floats(ours: Callable[..., Any], python: Callable[..., Any]) -> None:
    for left in FLOATS:
        for right in FLOATS:
            assert observe(ours, left, right) == observe(python, left, right), (left, right)


@pytest.mark.parametrize(("ours", "python"), COMPARISONS, ids=_name)
def test_comparison_of_int_and_float(ours: Callable[..., Any], python: Callable[..., Any]) -> None:
    for left in INTS:
        for right in [*FLOATS, float(left), math.nextafter(float(left), 0.0), math.nextafter(float(left), math.inf)]:
            assert observe(ours, left, right) == observe(python, left, right), (left, right)


def _python_lshift(value: int, count: int) -> int:
    # CPython would make an int of 2**63 bits before anything could be said about it.
    return value << min(count, 200)


def test_shifts() -> None:
    for value in INTS:
        for count in INTS:
            assert observe(operators.int_lshift, value, count) == observe(_python_lshift, value, count), (value, count)
            assert observe(operators.int_rshift, value, count) == observe(operator.rshift, value, count), (value, count)


def test_int_power() -> None:
    for base in INTS:
        for exponent in SHORT:
            ours = observe(operators.int_pow, base, exponent)
            if exponent >= 0 or base == 0:
                assert ours == observe(operator.pow, base, exponent), (base, exponent)
            else:
                assert ours == (GUARD, "an int to a negative power, which is a float")


def test_power_with_modulus() -> None:
    some = [*INTS[::11], -1, 0, 1, 2, 3, 2**63 - 1]
    for base in some:
        for exponent in some:
            for modulus in some:
                if -(2**63) not in (exponent, modulus):
                    assert observe(operators.pow_mod, base, exponent, modulus) == observe(pow, base, exponent, modulus)


@pytest.mark.parametrize(
    ("ours", "python", "values"),
    [
        (operators.abs_int, abs, INTS),
        (operators.float_to_int, int, FLOATS),
        (operators.round_float, round, FLOATS),
    ],
    ids=_name,
)
def test_conversion(ours: Callable[..., Any], python: Callable[..., Any], values: list[Any]) -> None:
    for value in values:
        assert observe(ours, value) == observe(python, value), value


def test_round_of_ints_to_digits() -> None:
    for value in [*INTS, 15, 25, -15, -25, 2500, 3500, 5 * 10**18, 5 * 10**18 + 1, 15 * 10**17, 25 * 10**17]:
        for digits in range(-25, 5):
            assert observe(operators.round_int_digits, value, digits) == observe(round, value, digits), (value, digits)


def _check_rounding(value: float, digits: int) -> None:
    ours = observe(operators.round_float_digits, value, digits)
    if -22 <= digits <= 22 or ours[0] != GUARD:
        assert ours == observe(round, value, digits), (value, digits)


def test_round_of_floats_to_digits() -> None:
    for value in FLOATS:
        for digits in [*range(-30, 40), 300, 323, 324, -308, -309, 2**62, -(2**62)]:
            _check_rounding(value, digits)


def test_round_of_floats_near_ties() -> None:
    random = Random(4)
    for _ in range(20_000):
        digits = random.randrange(9)
        _check_rounding(round(random.uniform(-1e4, 1e4), digits) + 5 * 10.0 ** -(digits + 1), digits)
        _check_rounding(random.randrange(2**52, 2**54) / 10.0 ** (digits * 2), digits * 2)
        _check_rounding(random.randrange(1000) * 5 * 10.0 ** (digits * 2), -digits * 2 - 1)
        _check_rounding(_float(random), random.randint(-6, 17))


POWER_EDGES = [sign * edge for edge in (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 2.0**53, 1e300, math.inf, 5e-324) for sign in (1.0, -1.0)] + [
    math.nan
]


@pytest.mark.parametrize("base", POWER_EDGES)
def test_float_power_of_edges(base: float) -> None:
    """Where CPython gives a float, ours is at most a rounding away; where it goes over to complex numbers, a guard."""
    for exponent in POWER_EDGES:
        ours, theirs = observe(operators.float_pow, base, exponent), observe(operator.pow, base, exponent)
        if -math.inf < base < 0.0 and math.isfinite(exponent) and exponent != math.floor(exponent):
            assert ours == (GUARD, "a negative number to a fractional power, which is complex"), exponent
        elif ours != theirs:
            value = operators.float_pow(base, exponent)
            assert value != 0.0 and abs(value - base**exponent) <= math.ulp(value), exponent


def test_power_of_two_is_a_product() -> None:
    for value in FLOATS:
        if abs(value) < 1e150:
            assert observe(operators.float_pow, value, 2.0) == observe(operator.mul, value, value)


def test_int_beyond_64_bits_is_never_wrapped() -> None:
    assert observe(operators.int_lshift, 1, 63) == BEYOND
    assert observe(operators.int_lshift, -1, 63) == observe(operator.lshift, -1, 63)
    assert observe(operators.float_to_int, 2.0**63) == BEYOND
    assert observe(operators.round_float, -(2.0**63) - 2048.0) == BEYOND
    assert observe(operators.float_to_int, -(2.0**63)) == observe(int, -(2.0**63))
