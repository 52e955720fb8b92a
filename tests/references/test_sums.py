"""Sums: of no floats it is the int that it starts with, which shows in all that is made of it; and ints are added among floats."""

from __future__ import annotations

from typing import Any

import pytest

from portalis.translator import translate

BODIES = [
    "return sum(xs)",
    "return sum(xs) / len(xs)",
    "total = sum(x * x for x in xs)\n    return total ** 2, total // 2, -total, f'{total:.2f}', str(total), round(total, 1), int(total)",
    "return [sum(row) for row in [xs, [], xs]], max(sum(xs), 1), sum(sum(row) for row in [xs, []])",
    "return sum([xs[0], 1.5]) if xs else sum([0.5])",
]


@pytest.mark.parametrize("body", BODIES)
def test_sums_of_floats(body: str) -> None:
    source = f"def f(xs):\n    {body}\n"
    original: dict[str, Any] = {}
    exec(source, original)
    found = translate(source, "f", ("f([0.5, 2.25, -1.0])",))
    for given in ([], [0.5], [0.1] * 10, [1e8, 1.5e-9, -1e8]):
        wanted: Any
        try:
            wanted = original["f"](given)
        except ZeroDivisionError as error:
            with pytest.raises(ZeroDivisionError, match=str(error)):
                found(given)
        else:
            assert repr(found(given)) == repr(wanted)


MIXTURES = [
    "return sum(xs)",
    "return sum(xs, 0.1)",
    "return sum([xs[0], 3, 0.1, 1e16, xs[1], -1e16])",
    "return sum((0.1, 1e16, 1, -1e16, 10**17, -(10**17), 0.3, float(xs[0])))",
]
NUMBERS = ([1, 0.1, 0.2, 3], [0.1, 1e16, 1, -1e16], [0.1, 2**53 + 1, 0.2, 0.3], [2, -0.0], [1e308, 1, 1e308, 2], [-0.0, 0, -0.0], [7, 8])


@pytest.mark.parametrize("body", MIXTURES)
def test_sums_of_ints_and_floats(body: str) -> None:
    """Since CPython 3.12 floats are added with compensation, and ints among them without."""
    source = f"def f(xs):\n    {body}\n"
    original: dict[str, Any] = {}
    exec(source, original)
    found = translate(source, "f", ("f([0.5, 2, -1.0])",))
    for given in NUMBERS:
        assert repr(found(given)) == repr(original["f"](given))
