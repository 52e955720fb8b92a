"""Bools, which are ints."""

from __future__ import annotations

from ..case import NAN, case, each

BOOLS = (
    case("bool is an int", "def f(a: bool, b: bool) -> int:\n    return a + b * 2 - (not a)\n", (True, True), (False, True), (True, False)),
    case(
        "bool bit operators",
        "def f(a: bool, b: bool) -> bool:\n    return (a & b) | (a ^ b)\n",
        (True, False),
        (False, False),
        (True, True),
    ),
    case("bool equals int", "def f(a: bool, n: int) -> bool:\n    return a == n\n", (True, 1), (True, 2), (False, 0)),
    case("negated bool", "def f(a: bool) -> int:\n    return -a + ~a\n", (True,), (False,)),
    case(
        "sum of bools in arithmetic",
        "def f(x: float, y: float) -> int:\n    return (x > 0.0) + (y > 0.0) * 2\n",
        (1.0, 1.0),
        (-1.0, 1.0),
        (NAN, 1.0),
    ),
    case(
        "identity of bools",
        "def f(a: bool, b: bool, n: int) -> int:\n    same = (a is b) + 2 * (a is not b) + 4 * (a is True) + 8 * (False is not a)\n"
        "    return same + 16 * (n is True) + 32 * (n is not b) + 64 * ((n > 0) is b) + 128 * (None is a) + 256 * (True is True)\n",
        *each((True, False), (True, False), (0, 1)),
    ),
    case("int of bool", "def f(a: bool) -> float:\n    return int(a) + float(a)\n", (True,), (False,)),
    case("bool of number", "def f(n: int, x: float) -> bool:\n    return bool(n) and bool(x)\n", (0, 1.0), (1, 0.0), (3, NAN)),
)
