"""Unpacking of what has any length: CPython's values, its exceptions, and no element asked for beyond one too many."""

from __future__ import annotations

from typing import Any

import pytest

from portalis.translator import translate

CASES = [
    ("    a, b = given.split('/')\n    return b + a\n", ["p/q"], ["", "p/q/r"]),
    ("    a, b = map(int, given.split())\n    return a + b\n", ["1 2"], ["1", "1 2 3", "1 x", "1 2 x", "1 2 3 x"]),
    ("    a, b = [given, 5]\n    return b, a\n", ["p"], [""]),
    ("    (a, *b), c = [given, len(given)]\n    return a, b, c\n", ["pqr"], ["", "p"]),
    ("    [a, b] = given.split()\n    [[c, d], e] = given, 7\n    return a, b, c, d, e\n", ["p q"], ["", "pq"]),
    ("    for [a, b] in [(given, 1)]:\n        pass\n    return [x for [x, y] in [[a, b], [given, 2]]]\n", ["p"], [""]),
    ("    a, *b = given.split()\n    return a, b\n", ["1 2 3"], ["", "1"]),
    ("    a, b, c = given\n    return c + a\n", ["xyz"], ["", "xyzz"]),
    ("    a, b = given\n    return a * b\n", [{3: "a", 4: "b"}], [{}, {1: "a"}, {1: "a", 2: "b", 3: "c"}]),
    ("    a, b = (10 // x for x in given)\n    return a - b\n", [[2, 5]], [[], [2], [2, 5, 1], [2, 5, 1, 0], [2, 5, 0]]),
]


def outcome(function: Any, given: Any) -> str:
    try:
        return repr(function(given))
    except (ValueError, ZeroDivisionError) as error:
        return repr(error)


@pytest.mark.parametrize(("body", "shown", "others"), CASES)
def test_unpacking(body: str, shown: list[Any], others: list[Any]) -> None:
    source = f"def f(given):\n{body}"
    original: dict[str, Any] = {}
    exec(source, original)
    found = translate(source, "f", [f"f({value!r})" for value in shown])
    for given in (*shown, *others):
        assert outcome(found, given) == outcome(original["f"], given), given
