"""`cmath`: near what CPython gives, with its signs of zero and its exceptions; what its tables give for infinities and NaN is a guard."""

from __future__ import annotations

import cmath
import itertools
import math
import random
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from portalis.translator import translate
from portalis.translator.diagnostics import GuardError, TranslationError
from portalis.translator.verify.oracle.namespace import narrowed

_PARTS = (0.0, -0.0, 1.0, -1.0, 0.5, -2.0, 5e-324, -2.3e-308, 1e-160, 0.8, 1e160, 708.5, -709.9, 1.7e308, -1.7e308, math.pi)
_OF_ONE = ("exp", "log", "log10", "phase", "polar", "sqrt", "isnan", "isinf", "isfinite")


def numbers() -> Iterator[complex]:
    yield from itertools.starmap(complex, itertools.product(_PARTS, repeat=2))
    source = random.Random(3)
    for _ in range(300):
        yield complex(source.gauss(0, 3), source.gauss(0, 3))
    # Lengths near 1, whose logarithms are small.
    for _ in range(100):
        yield cmath.rect(source.uniform(0.7, 1.8), source.uniform(-4, 4))


def outcome(function: Any, *given: Any) -> Any:
    try:
        found = function(*given)
    except (ValueError, OverflowError) as error:
        return type(error).__name__, str(error)
    return (found.real, found.imag) if type(found) is complex else found if type(found) is tuple else (found,)


def are_near(left: tuple[Any, ...], right: tuple[Any, ...]) -> bool:
    pairs = [*zip(left, right, strict=True)]
    same = all(type(a) is type(b) and (type(a) is not float or math.copysign(1, a) == math.copysign(1, b)) for a, b in pairs)
    return same and all(math.isclose(a, b, rel_tol=3e-15, abs_tol=1e-322) if type(a) is float else a == b for a, b in pairs)


@pytest.mark.parametrize("name", _OF_ONE)
def test_our_functions_are_cpython_s(name: str) -> None:
    ours = getattr(narrowed("cmath", "exact"), name)
    for number in numbers():
        if name == "phase" and number.imag != 0.0 and abs(math.atan2(number.imag, number.real)) < sys.float_info.min:
            with pytest.raises(GuardError):
                ours(number)
            continue
        expected, found = outcome(getattr(cmath, name), number), outcome(ours, number)
        assert are_near(found, expected), number


def test_our_rectangular_coordinates_are_cpython_s() -> None:
    ours = narrowed("cmath", "exact").rect
    for length, angle in itertools.product(_PARTS, repeat=2):
        assert are_near(outcome(ours, length, angle), outcome(cmath.rect, length, angle)), (length, angle)


CALLS = ", ".join(f"cmath.{name}(z)" for name in _OF_ONE)
SOURCE = f"import cmath\nfrom cmath import pi\ndef f(z):\n    return {CALLS}, pi * cmath.tau, cmath.e\n"


def test_a_program_has_the_bits_of_its_oracle() -> None:
    found, ours = translate(SOURCE, "f", ["f(1 + 2j)", "f(2.5)", "f(3)"]), narrowed("cmath", "exact")
    assert found.report is not None and found.report.artefact("wasm").status == "verified"
    for number in (3 - 0.5j, complex(-4.0, -0.0), complex(-0.0, 1e-310), 2.5, 7, -0.25):
        expected = *(getattr(ours, name)(number) for name in _OF_ONE), cmath.pi * cmath.tau, cmath.e
        assert repr(found(number)) == repr(expected), number
    with pytest.raises(ValueError, match="math domain error"):
        found(0j)
    with pytest.raises(OverflowError, match="math range error"):
        found(1000 + 1j)
    for number in (complex("inf"), complex("nanj")):
        with pytest.raises(GuardError):
            found(number)


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(TranslationError) as caught:
        translate("import cmath\ndef f(s: str):\n    return cmath.sqrt(s)\n", "f", ["f('1')"])
    assert caught.value.diagnostics[0].code == "P0308"
