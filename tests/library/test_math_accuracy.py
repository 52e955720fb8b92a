"""Every function of `math` is at most 1 ULP from the correctly rounded result, over its whole domain."""

from __future__ import annotations

import pytest

from tests.library.math_points import FUNCTIONS, Measured, order
from tests.library.math_reference import correctly_rounded, extended_values

POINTS = 20_000


@pytest.mark.parametrize("measured", FUNCTIONS, ids=lambda measured: measured.name)
def test_accuracy(measured: Measured) -> None:
    points = measured.points(POINTS, seed=11)
    expected = correctly_rounded(measured, points, extended_values(measured, points))
    wrong = [
        (point, ours, exact)
        for point, exact in zip(points, expected, strict=True)
        if abs(order(ours := measured.library(*point)) - order(exact)) > 1
    ]
    assert wrong == []


@pytest.mark.parametrize("measured", FUNCTIONS, ids=lambda measured: measured.name)
def test_both_levels_of_the_reference_agree(measured: Measured) -> None:
    points = measured.points(500, seed=12)
    assert correctly_rounded(measured, points, extended_values(measured, points)) == correctly_rounded(measured, points)
