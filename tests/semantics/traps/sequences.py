"""Built-ins over long tuples and lists, which are loops of the library's, and over short ones, which are written out."""

from __future__ import annotations

from typing import Any

from ..case import INT_MAX, NAN, Case, case

INTS = [3, -1, 4, 1, -5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4]
FLOATS = [0.1, 1e16, -1e16, 0.5, -0.0, 3.5, 0.1, 0.2, 0.3, 7.0, -2.5, 1e-3, 4.0, 4.0, 2.0, 0.7, 0.1, 9.5, -9.5, 1e300]


def over(name: str, expression: str, kind: str, *calls: tuple[Any, ...], guarded: tuple[tuple[Any, ...], ...] = ()) -> Case:
    """A case over a list `xs` of one length and a value `v` of its elements' type."""
    source = f"def f(xs: list[{kind}], v: {kind}):\n    return {expression}\n"
    return case(name, source, *calls, guarded=guarded, examples=(f"f({calls[0][0]!r}, {calls[0][1]!r})",))


def changed(values: list[Any], at: int, value: Any) -> list[Any]:
    return [*values[:at], value, *values[at + 1 :]]


SEQUENCES = (
    over("sum of many ints", "sum(xs), sum(xs, v)", "int", (INTS, 2), guarded=((changed(INTS, 19, INT_MAX), 1),)),
    over("sum of many floats", "sum(xs), sum(xs, v)", "float", (FLOATS, 0.1), ([-0.0] * 20, -0.0), (changed(FLOATS, 3, NAN), 1.0)),
    over("sum of many bools", "sum(xs)", "bool", ([True, False] * 10, True), ([True] * 20, False)),
    over("extremes of many ints", "min(xs), max(xs)", "int", (INTS, 0), (INTS[::-1], 0), ([7] * 20, 0)),
    over(
        "extremes of many floats",
        "min(xs), max(xs)",
        "float",
        (FLOATS, 0.0),
        ([0.0, -0.0] * 10, 0.0),
        (changed(FLOATS, 0, NAN), 0.0),
        (changed(FLOATS, 9, NAN), 0.0),
    ),
    over("extremes of many bools", "min(xs), max(xs)", "bool", ([True, False] * 10, True), ([True] * 20, False)),
    over("membership in many ints", "(v in xs, v not in xs)", "int", (INTS, 4), (INTS, 8), (INTS, 11)),
    over(
        "membership in many floats",
        "(v in xs, v not in xs, 7.0 in xs)",
        "float",
        (FLOATS, 9.5),
        (FLOATS, 0.0),
        (FLOATS, 11.0),
        (FLOATS, NAN),
        (changed(FLOATS, 19, NAN), 0.1),
        guarded=((changed(FLOATS, 9, NAN), NAN),),
    ),
    over("an int among many floats", "(3 in xs, int(v) in xs)", "float", (FLOATS, 7.0), (FLOATS, 2.0**53)),
    over("equality of many ints", "(xs == [v] * 20, xs != [v] * 20)", "int", ([7] * 20, 7), (INTS, 3)),
    over(
        "equality of many floats",
        "(xs == [v] * 20, xs != [v] * 20)",
        "float",
        ([0.5] * 20, 0.5),
        ([0.0] * 20, -0.0),
        (changed([0.5] * 20, 19, 0.25), 0.5),
        (changed([0.5] * 20, 19, NAN), 0.5),
        guarded=(([NAN] * 20, NAN),),
    ),
    case(
        "membership in many pairs",
        "TABLE = [(0, 1.0), (2, 3.0), (4, 5.0), (6, 7.0)] * 5\n\n\ndef f(a: int, b: float) -> bool:\n    return (a, b) in TABLE\n",
        (2, 3.0),
        (2, 5.0),
        (6, 7.0),
    ),
    case(
        "membership in many texts",
        "NAMES = ('a', 'b', 'c', 'd', 'e', 'f') * 3\n\n\ndef f(n: int) -> bool:\n    return ('f' if n > 0 else 'g') in NAMES\n",
        (1,),
        (0,),
    ),
    case("none among many ints", "NUMBERS = (1, 2, 3) * 6\n\n\ndef f(n: int) -> bool:\n    return None in NUMBERS\n", (1,)),
    case(
        "a constant among many constants",
        "def f(n: int) -> int:\n    found = 15 in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18)\n"
        "    same = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17) == (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 0)\n"
        "    return n + found + 2 * same\n",
        (1,),
    ),
    over("index among ints", "xs.index(v)", "int", ([3, 1, 4, 1, 5], 1), ([3, 1, 4, 1, 5], 5), guarded=(([3, 1, 4, 1, 5], 2),)),
    over("index among many ints", "xs.index(v)", "int", (INTS, 9), (INTS, 3), guarded=((INTS, 100),)),
    over(
        "index among floats",
        "xs.index(v)",
        "float",
        ([0.5, 1.5, 2.0], 2.0),
        ([0.5, NAN, 2.0], 2.0),
        ([0.5, -0.0, 2.0], 0.0),
        guarded=(([0.5, NAN, 2.0], NAN), ([0.5, 1.5, 2.0], NAN)),
    ),
    over(
        "index of a constant", "xs.index(4) + 10 * xs.index(True)", "int", ([3, 1, 4, 1, 5], 0), ([3, 1, 5, 1, 5], 0), ([3, 0, 4, 7, 5], 0)
    ),
    over("count among ints", "(xs.count(v), xs.count(1), [].count(v))", "int", ([3, 1, 4, 1, 5], 1), ([3, 1, 4, 1, 5], 7)),
    over("count among many ints", "(xs.count(v), xs.count(3))", "int", (INTS, 9), (INTS, 100)),
    over(
        "count among floats",
        "(xs.count(v), xs.count(2))",
        "float",
        ([0.0, -0.0, 2.0], 0.0),
        ([0.5, NAN, 2.0], 0.5),
        guarded=(([NAN, 1.0, 2.0], NAN),),
    ),
    case(
        "index and count of what moves",
        "def f(a: int) -> int:\n    xs = [a, 2, 3]\n    xs[1] = a\n    return xs.index(a) + 10 * xs.count(a) + 100 * [a, 1].count(a)\n",
        (1,),
        (3,),
    ),
)
