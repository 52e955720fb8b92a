"""The library's `math` takes from CPython what CPython's own takes."""

from __future__ import annotations

import math

import pytest

from portalis.translator.library.host import host_math
from tests.library.observing import observe


@pytest.mark.parametrize(
    "name", ["sin", "sqrt", "exp", "floor", "ceil", "trunc", "log", "degrees", "isqrt", "gcd", "fabs", "modf", "frexp"]
)
@pytest.mark.parametrize("value", [0, 1, True, 4, -1, 2**53 + 1, 2**62])
def test_ints_and_bools_are_taken(name: str, value: int) -> None:
    ours, theirs = observe(getattr(host_math(), name), value), observe(getattr(math, name), value)
    if ours != theirs:
        assert type(getattr(host_math(), name)(value)) is float
        assert abs(getattr(host_math(), name)(value) - getattr(math, name)(value)) <= math.ulp(getattr(math, name)(value))


def test_of_two_kinds() -> None:
    assert observe(host_math().ldexp, 3, True) == observe(math.ldexp, 3, True)
    assert observe(host_math().hypot, 3, 4) == observe(math.hypot, 3, 4)
    assert observe(host_math().log, 8, 2) == observe(math.log, 8, 2)
    assert observe(lambda: host_math().isclose(1, 2, abs_tol=1)) == observe(lambda: math.isclose(1, 2, abs_tol=1))


def test_only_names_of_cpython_are_there() -> None:
    assert {name for name in vars(host_math()) if not name.startswith("__")} <= set(dir(math))
    assert host_math().pi == math.pi


def test_wrong_counts_of_arguments() -> None:
    for arguments in ((), (1.0, 2.0)):
        with pytest.raises(TypeError):
            host_math().sin(*arguments)
