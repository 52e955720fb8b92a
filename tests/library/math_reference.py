"""What the library's functions are measured against: mpmath's value, rounded once.

Two levels make a million points affordable: numpy's extended precision (64 bits of mantissa on x86) decides where it lies clearly
on one side of the middle between two floats; mpmath, at 160 bits, decides the rest, a few in a hundred. Where numpy has no wider type,
mpmath decides all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from mpmath import mp

from tests.library.math_points import PRECISION, Measured, Point

# How far a result of extended precision may be wrong, in units of its last place; glibc documents less for every function used.
EXTENDED_ERROR = 16


def rounded(value: Any) -> float:
    """Return the float nearest to an mpmath number, subnormal or not."""
    sign, mantissa, exponent, _ = mp.mpf(value)._mpf_
    if not mantissa:
        return float(value)
    try:
        result = float(mantissa << exponent) if exponent >= 0 else mantissa / (1 << -exponent)
    except OverflowError:
        result = math.inf
    return -result if sign else result


def correctly_rounded(measured: Measured, points: Sequence[Point], wide: Any = None) -> list[float]:
    """Return the float nearest to the exact value at each point; `wide` as `extended_values` gives it, or None for mpmath alone."""
    if wide is None:
        return [exactly(measured, point) for point in points]
    nearest = wide.astype(np.float64)
    with np.errstate(all="ignore"):
        above = np.abs(np.nextafter(nearest, np.inf).astype(np.longdouble) - nearest)
        below = np.abs(nearest - np.nextafter(nearest, -np.inf).astype(np.longdouble))
        gap = np.where(wide >= nearest, above, below) / 2
        doubt = EXTENDED_ERROR * np.spacing(np.abs(wide))
        clear = np.isfinite(nearest) & (np.abs(nearest) > 1e-300) & (np.abs(np.abs(wide - nearest) - gap) > doubt)
    return [value if decided else exactly(measured, point) for value, decided, point in zip(nearest.tolist(), clear, points, strict=True)]


def extended_values(measured: Measured, points: Sequence[Point]) -> Any:
    """Return the values in numpy's extended precision, or None where there is none."""
    if measured.extended is None or np.finfo(np.longdouble).nmant < 63:
        return None
    columns = [np.array(column, dtype=np.longdouble) for column in zip(*points, strict=True)]
    with np.errstate(all="ignore"):
        return measured.extended(*columns)


def exactly(measured: Measured, point: Point) -> float:
    with mp.workprec(PRECISION):
        return rounded(measured.exact(*map(mp.mpf, point)))
