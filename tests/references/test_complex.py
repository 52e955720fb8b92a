"""complex against CPython: programs on every back-end, and the library's arithmetic on generated numbers."""

from __future__ import annotations

import math
import operator
import random
from typing import Any

import pytest

from portalis.translator.diagnostics import GuardError, TranslationError
from portalis.translator.library import complex_numbers
from portalis.translator.translating.translate import translate
from tests.references.test_programs import outcome

_ONE = ("f(1+2j)", "f(-0.5j)")
_CALLS = (*_ONE, "f(0j)", "f(-0.0-0j)", "f(complex(float('inf'), float('nan')))", "f(1e16-2.5j)", "f(3-4j)")
# A name, its source, examples, and calls as Python text.
PROGRAMS: list[tuple[str, str, tuple[str, ...], tuple[str, ...]]] = [
    (
        "complex arithmetic",
        "def f(z: complex):\n"
        "    a = z + 1, 1 - z, z * z, z / (1 + 1j), 2 / (z + 9), -z, +z\n    return a, z + True, z * 2.5, z.conjugate(), z ** 2, z ** 0\n",
        _ONE,
        _CALLS,
    ),
    ("complex: divided", "def f(z: complex):\n    return 1 / z, z ** -2\n", _ONE, _CALLS),
    (
        "complex compared and asked",
        "def f(z: complex):\n"
        "    return z == 1, z != 1 + 2j, 1 == z, True == z, z == 'a', bool(z), z.real, z.imag, isinstance(z, complex), z == z\n",
        _ONE,
        _CALLS,
    ),
    (
        "a part of a new complex number is a condition",
        "def f(z: complex):\n"
        "    count = 0\n"
        "    if (-z).imag:\n        count += 1\n"
        "    while (-complex(10 // (count + 1), count)).real < -1 or (-z).real > 9.0:\n        count += 2\n        z = z * 2\n"
        "    return count, z if (-complex(1 / z.real, z.imag)).real else None\n",
        ("f(1+2j)", "f(-1j)"),
        _CALLS,
    ),
    ("complex: shown", "def f(z: complex):\n    return repr(z), str(z), f'{z}', [z], (z, 1), '%s' % z\n", _ONE, _CALLS),
    (
        "complex numbers in containers",
        "def f(z: complex):\n"
        "    found = {z: 1, 1j: 2}\n    return found, z in [1j, 2], [k * z for k in range(3)], None if z else z, {1, z} == {z, 1}\n",
        _ONE,
        ("f(1+2j)", "f(1j)", "f(1+0j)"),
    ),
    (
        "complex: a set of Mandelbrot",
        "def f(c: complex, n: int) -> int:\n"
        "    z = 0j\n    for i in range(n):\n        z = z * z + c\n"
        "        if z.real * z.real + z.imag * z.imag > 4:\n            return i\n    return n\n",
        ("f(0.3+0.5j, 50)",),
        ("f(0.3+0.5j, 200)", "f(1+1j, 9)", "f(0j, 3)"),
    ),
    (
        "complex made",
        "def f(x: float, n: int):\n    return complex(x, n), complex(n), complex(), complex(imag=x), complex(complex(1, x))\n",
        ("f(1.5, 2)",),
        ("f(-0.0, 3)",),
    ),
    (
        "complex: length",
        "def f(z: complex):\n    return abs(z)\n",
        _ONE,
        ("f(3-4j)", "f(0j)", "f(5j)", "f(1e308+1e308j)", "f(complex('inf'))"),
    ),
]


@pytest.mark.parametrize(("source", "examples", "calls"), [item[1:] for item in PROGRAMS], ids=[item[0] for item in PROGRAMS])
def test_program(source: str, examples: tuple[str, ...], calls: tuple[str, ...]) -> None:
    found = translate(source, "f", examples)
    assert found.report is not None and found.report.artefact("wasm").status == "verified"
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    for call in calls:
        assert repr(outcome(found, call)) == repr(outcome(namespace["f"], call)), call


def _numbers(count: int) -> list[complex]:
    chance = random.Random(8)
    parts = (0.0, -0.0, 1.0, -2.5, 1e-320, 1e308, math.inf, -math.inf, math.nan, 0.1, 3e16)
    return [complex(chance.choice(parts), chance.choice((*parts, chance.uniform(-9, 9)))) for _ in range(count)]


def _done(function: Any, *given: Any) -> str:
    try:
        return repr(function(*given))
    except (ZeroDivisionError, OverflowError) as error:
        return f"{type(error).__name__}: {error}"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (complex_numbers.added, operator.add),
        (complex_numbers.subtracted, operator.sub),
        (complex_numbers.multiplied, operator.mul),
        (complex_numbers.divided, operator.truediv),
    ],
)
def test_operators_are_cpythons(ours: Any, theirs: Any) -> None:
    numbers = _numbers(3000)
    for left, right in zip(numbers, reversed(numbers), strict=True):
        assert _done(ours, left, right) == _done(theirs, left, right), (left, right)


def test_powers_texts_and_hashes_are_cpythons() -> None:
    chance = random.Random(9)
    for value in _numbers(2000):
        count = complex(chance.randint(-9, 9))
        assert _done(complex_numbers.power, value, count) == _done(operator.pow, value, count), (value, count)
        assert complex_numbers.shown(value) == repr(value)
        if value == value:
            assert complex_numbers.hash_complex(value) == hash(value)


def test_what_is_not_exact_is_stopped() -> None:
    found = translate("def f(z: complex, w: complex):\n    return z ** w, z in [1j, z]\n", "f", ("f(1j, 2+0j)",))
    assert found(2 + 0j, 3 + 0j) == ((8 + 0j), True)
    for given in ((2 + 0j, 0.5 + 0j), (2 + 0j, 1j), (complex(math.nan), 2 + 0j)):
        with pytest.raises(GuardError):
            found(*given)


@pytest.mark.parametrize(
    "expression", ["z < 1", "z % 2", "z // 2", "int(z)", "float(z)", "f'{z:.2f}'", "complex('1j')", "z is 1j", "round(z)", "divmod(z, 2)"]
)
def test_what_has_no_translation_is_refused(expression: str) -> None:
    with pytest.raises(TranslationError):
        translate(f"def f(z: complex):\n    return {expression}\n", "f", _ONE)
