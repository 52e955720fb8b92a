"""Programs that use modules of Python's own which are written in ordinary Python, and what makes the arguments of their calls."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Case:
    """A program whose entry is `f`, and what makes the arguments of a call; `wide`: its ints may have more than 64 bits."""

    text: str
    make: Callable[[random.Random], tuple[Any, ...]]
    wide: bool = False


def ints(source: random.Random) -> list[int]:
    return [source.randint(-9, 9) for _ in range(source.randint(0, 7))]


def floats(source: random.Random) -> list[float]:
    spread = source.choice((1.0, 1e3, 1e-200, 1e150))
    return [source.choice((0.0, -0.0, 0.1, 2.5, source.uniform(-1, 1) * spread)) for _ in range(source.randint(0, 7))]


def wild(source: random.Random) -> list[str]:
    """Floats as texts, among which some are not finite, or add up to more than a float holds."""
    return [source.choice(("1e308", "-1e308", "inf", "-inf", "nan", "1.5", "1e-300")) for _ in range(source.randint(0, 4))]


_TRY = "    try:\n        return {0}\n"
_TRY += "    except (s.StatisticsError, OverflowError, ValueError, AttributeError) as error:\n        return str(error)\n"


def _each(*calls: str, given: str = "xs") -> str:
    """Return a program that makes these calls, each in a function of its own, and lists what they give as text."""
    functions = "".join(f"def g{number}(xs):\n{_TRY.format(call)}" for number, call in enumerate(calls))
    shown = ", ".join(f"repr(g{number}(xs))" for number in range(len(calls)))
    return f"import statistics as s\nfrom statistics import mean as m\n{functions}def f(xs):\n    xs = {given}\n    return [{shown}]\n"


_CENTRES = ("m(xs)", "s.fmean(xs)", "s.median(xs)", "s.median_low(xs)", "s.median_high(xs)", "s.mode(xs)", "s.multimode(xs)")
_SPREADS = ("s.variance(xs)", "s.pvariance(xs)", "s.stdev(xs)", "s.pstdev(xs)")
_QUANTILES = ("s.quantiles(xs)", "s.quantiles(xs, n=10)", "s.quantiles(xs, n=3, method='inclusive')", "s.quantiles(xs, method='x')")

CASES: dict[str, Case] = {
    "centres of ints": Case(_each(*_CENTRES), lambda source: (ints(source),)),
    "spreads of ints": Case(_each(*_SPREADS), lambda source: (ints(source),), wide=True),
    "quantiles": Case(_each(*_QUANTILES), lambda source: (ints(source),)),
    "harmonic means": Case(
        _each("s.harmonic_mean(xs)", "s.harmonic_mean([x * 0.5 for x in xs])"),
        lambda source: ([abs(x) for x in ints(source)] if source.random() < 0.7 else ints(source),),
        wide=True,
    ),
    "centres of floats": Case(_each(*_CENTRES[:4]), lambda source: (floats(source),), wide=True),
    "spreads of floats": Case(_each(*_SPREADS), lambda source: (floats(source),), wide=True),
    "floats that are not finite": Case(
        _each("m(xs)", "s.fmean(xs)", "s.pvariance(xs)", "s.pstdev(xs)", given="[float(x) for x in xs]"),
        lambda source: (wild(source),),
        wide=True,
    ),
    "ints and floats": Case(
        _each("m(xs)", "s.variance(xs)", "s.stdev(xs)", "s.median(xs)"),
        lambda source: ([source.choice((1, 2.5, -3, 0.1)) for _ in range(source.randint(0, 5))],),
        wide=True,
    ),
}
