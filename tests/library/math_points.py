"""The functions of `math` whose results are rounded, and the points at which to measure them: everywhere, and where it is hard."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
from mpmath import mp

from portalis.translator.library import math as library

PRECISION = 160
LARGEST = 1.7976931348623157e308
Point = tuple[float, ...]
Points = Callable[[Random], Point]


@dataclass(frozen=True)
class Measured:
    """One function: its name in `math`, its references, and sources of arguments, each drawn from equally often."""

    name: str
    exact: Callable[..., Any]
    extended: Callable[..., Any] | None
    sources: tuple[Points, ...]
    edges: tuple[Point, ...] = ()

    @property
    def library(self) -> Callable[..., float]:
        return getattr(library, self.name)  # type: ignore[no-any-return]

    def points(self, count: int, seed: int) -> list[Point]:
        """Return `count` points for which the library gives a result: the edges first, then those of the sources in turn."""
        random = Random(seed)
        found = list(self.edges)
        while len(found) < count:
            found.append(self.sources[len(found) % len(self.sources)](random))
        return found[:count]


def uniform(low: float, high: float) -> Points:
    return lambda random: (random.uniform(low, high),)


def magnitudes(low: float, high: float, signed: bool = True) -> Points:
    """Any exponent between those of two powers of two is as likely as any other."""
    return lambda random: (magnitude(random, low, high, signed),)


def magnitude(random: Random, low: float, high: float, signed: bool = True) -> float:
    value = math.ldexp(random.uniform(1.0, 2.0), random.randint(int(low), int(high) - 1))
    return -value if signed and random.random() < 0.5 else value


def near(centers: Callable[[Random], float], widest: int = 40, low: float = -LARGEST, high: float = LARGEST) -> Points:
    """A number some units in the last place, or some power of two of them, from a center."""

    def draw(random: Random) -> Point:
        center = centers(random)
        offset = random.randint(-(2 ** random.randint(0, widest)), 2 ** random.randint(0, widest))
        return (min(max(from_order(order(center) + offset), low), high),)

    return draw


def quarter_turns(bits: int) -> Callable[[Random], float]:
    """Multiples of pi/2 whose factor has up to `bits` bits."""

    def draw(random: Random) -> float:
        with mp.workprec(PRECISION + bits):
            return float(mp.pi / 2 * random.randint(-(2**bits), 2**bits))

    return draw


def pairs(first: Points, second: Points) -> Points:
    return lambda random: (*first(random), *second(random))


def order(value: float) -> int:
    """Return the position of a float among all floats: neighbours differ by 1, and both zeros are 0."""
    bits: int = struct.unpack("<q", struct.pack("<d", value))[0]
    return bits if bits >= 0 else -(bits + 2**63)


def from_order(position: int) -> float:
    """Return the float at a position."""
    value: float = struct.unpack("<d", struct.pack("<q", abs(position)))[0]
    return value if position >= 0 else -value


_ANY = magnitudes(-1074, 1024)
_POSITIVE = magnitudes(-1074, 1024, signed=False)
_TURNS = (
    uniform(-10.0, 10.0),
    near(quarter_turns(6)),
    near(quarter_turns(19)),
    near(quarter_turns(29)),
    uniform(-1e9, 1e9),
    near(quarter_turns(50)),
    magnitudes(-30, 30),
    magnitudes(-1074, 1024),
)
_TURN_EDGES = (
    (1e22,),
    (6381956970095103.0 * 2.0**797,),
    (LARGEST,),
    (1e9,),
    (1000000000.0000001,),
    (1000000.0,),
    (5e-324,),
    (math.pi,),
    (math.pi / 4,),
)
_ONE = near(lambda random: 1.0, 51)


def _power_points(random: Random) -> Point:
    """A base of any size, and an exponent for which the power is finite and not zero."""
    base = magnitude(random, -1022, 1023, signed=False) if random.random() < 0.5 else random.uniform(0.1, 10.0)
    limit = 708.0 / max(abs(math.log(base)), 1e-12)
    return base, random.uniform(-limit, limit)


def _power_near_one(random: Random) -> Point:
    base = from_order(order(1.0) + random.randint(1, 2**50) * random.choice((1, -1)))
    return base, random.uniform(-700.0, 700.0) / math.log(base)


def _power_of_small(random: Random) -> Point:
    return random.randint(-99, 99) / random.choice((1.0, 2.0, 10.0)) or 1.0, float(random.randint(-30, 30))


def _power_subnormal(random: Random) -> Point:
    base = random.uniform(1.5, 1e6)
    return base, random.uniform(-745.0, -708.0) / math.log(base)


def _power_of_subnormal(random: Random) -> Point:
    return magnitude(random, -1074, -1022, signed=False), random.uniform(-0.9, 0.9)


FUNCTIONS = (
    Measured("sqrt", mp.sqrt, None, (_POSITIVE, uniform(0.0, 4.0))),
    Measured("sin", mp.sin, np.sin, _TURNS, _TURN_EDGES),
    Measured("cos", mp.cos, np.cos, _TURNS, _TURN_EDGES),
    Measured("tan", mp.tan, np.tan, _TURNS, _TURN_EDGES),
    Measured(
        "asin",
        mp.asin,
        np.arcsin,
        (uniform(-1.0, 1.0), magnitudes(-60, 0), near(lambda random: random.choice((1.0, -1.0, 0.5)), 50, -1.0, 1.0)),
        ((1.0,), (-1.0,), (5e-324,)),
    ),
    Measured(
        "acos",
        mp.acos,
        np.arccos,
        (uniform(-1.0, 1.0), magnitudes(-60, 0), near(lambda random: random.choice((1.0, -1.0, 0.5)), 50, -1.0, 1.0)),
        ((1.0,), (-1.0,), (0.0,)),
    ),
    Measured("atan", mp.atan, np.arctan, (uniform(-3.0, 3.0), magnitudes(-40, 60), _ANY), ((LARGEST,), (5e-324,), (1.0,))),
    Measured(
        "atan2",
        mp.atan2,
        np.arctan2,
        (
            pairs(uniform(-1.0, 1.0), uniform(-1.0, 1.0)),
            pairs(_ANY, _ANY),
            pairs(magnitudes(-60, 60), magnitudes(-60, 60)),
            pairs(magnitudes(-1074, -1000), magnitudes(-1074, -1000)),
            pairs(magnitudes(990, 1024), magnitudes(980, 1024)),
        ),
        ((5e-324, 5e-324), (LARGEST, LARGEST), (1.0, -1.0)),
    ),
    Measured(
        "sinh", mp.sinh, np.sinh, (uniform(-25.0, 25.0), uniform(-710.4, 710.4), magnitudes(-60, 8)), ((710.4758600739439,), (5e-324,))
    ),
    Measured("cosh", mp.cosh, np.cosh, (uniform(-25.0, 25.0), uniform(-710.4, 710.4), magnitudes(-60, 8)), ((710.4758600739439,), (0.0,))),
    Measured("tanh", mp.tanh, np.tanh, (uniform(-3.0, 3.0), uniform(-25.0, 25.0), magnitudes(-60, 8)), ((5e-324,), (LARGEST,), (22.0,))),
    Measured(
        "asinh",
        mp.asinh,
        np.arcsinh,
        (uniform(-3.0, 3.0), magnitudes(-60, 60), _ANY),
        ((5e-324,), (LARGEST,), (1e150,), (1.0000000000000002e150,)),
    ),
    Measured(
        "acosh",
        mp.acosh,
        np.arccosh,
        (uniform(1.0, 5.0), magnitudes(0, 1024, signed=False), near(lambda random: 1.0, 50, 1.0)),
        ((1.0,), (LARGEST,), (1e150,)),
    ),
    Measured(
        "atanh",
        mp.atanh,
        np.arctanh,
        (uniform(-1.0, 1.0), magnitudes(-60, 0), near(lambda random: random.choice((1.0, -1.0)), 50, -1.0 + 2.0**-53, 1.0 - 2.0**-53)),
        ((5e-324,),),
    ),
    Measured(
        "exp",
        mp.exp,
        np.exp,
        (uniform(-2.0, 2.0), uniform(-745.0, 709.7), magnitudes(-60, 9), uniform(-746.0, -708.0)),
        ((709.782712893384,), (-745.1332191019411,), (-745.1332191019412,), (-1e6,), (5e-324,)),
    ),
    Measured(
        "exp2",
        lambda x: mp.power(2, x),
        np.exp2,
        (uniform(-2.0, 2.0), uniform(-1074.0, 1023.9), magnitudes(-60, 9), uniform(-1077.0, -1020.0)),
        ((1023.9999999999999,), (-1074.0,), (-1075.0,), (-1e6,), (0.5,)),
    ),
    Measured(
        "expm1",
        mp.expm1,
        np.expm1,
        (uniform(-2.0, 2.0), uniform(-60.0, 709.7), magnitudes(-60, 9), near(lambda random: math.log(2.0) / 2 * random.randint(-5, 5))),
        ((709.782712893384,), (-1e300,), (5e-324,)),
    ),
    Measured("log", mp.log, np.log, (uniform(0.5, 2.0), _POSITIVE, _ONE), ((5e-324,), (LARGEST,), (1.0,), (math.e,))),
    Measured(
        "log1p",
        mp.log1p,
        np.log1p,
        (uniform(-0.9, 2.0), _POSITIVE, magnitudes(-60, 0), near(lambda random: -1.0, 50, -1.0 + 2.0**-53)),
        ((5e-324,), (LARGEST,), (-1.0 + 2.0**-53,)),
    ),
    Measured("log2", lambda x: mp.log(x, 2), np.log2, (uniform(0.5, 2.0), _POSITIVE, _ONE), ((5e-324,), (LARGEST,), (1.0,), (1024.0,))),
    Measured("log10", mp.log10, np.log10, (uniform(0.5, 2.0), _POSITIVE, _ONE), ((5e-324,), (LARGEST,), (1.0,), (1000.0,), (1e22,))),
    Measured("pow", mp.power, None, (_power_points, _power_near_one, _power_of_small, _power_subnormal, _power_of_subnormal)),
    Measured(
        "cbrt", lambda x: mp.sign(x) * mp.cbrt(abs(x)), np.cbrt, (uniform(-8.0, 8.0), _ANY), ((5e-324,), (LARGEST,), (27.0,), (-1e300,))
    ),
    Measured(
        "hypot",
        mp.hypot,
        np.hypot,
        (
            pairs(uniform(-5.0, 5.0), uniform(-5.0, 5.0)),
            pairs(magnitudes(-1074, 1023), magnitudes(-1074, 1023)),
            pairs(magnitudes(-40, 40), magnitudes(-40, 40)),
            pairs(magnitudes(-1074, -1040), magnitudes(-1074, -1040)),
            pairs(magnitudes(500, 530), magnitudes(500, 530)),
        ),
        ((3.0, 4.0), (5e-324, 5e-324), (1e308, 1e308)),
    ),
)
