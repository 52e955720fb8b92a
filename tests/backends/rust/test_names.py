"""Variables, fields and functions in Rust that are called like a class: they cannot shadow a struct of their name."""

from __future__ import annotations

import functools
from collections.abc import Callable

import pytest

from portalis.translator.backends.rust import emit_crate
from portalis.translator.calling.outcome import Outcome
from tests.backends.rust.batch import Sample, entries, ours, theirs
from tests.backends.rust.guest import needs_rustc

POINT = "class point:\n    def __init__(self, x):\n        self.x = x\n\ndef g(n):\n    return point(n)\n\n"
UPPER = POINT.replace("point", "Point")
# What is called like a class, and its source.
CASES = {
    "a variable that is written out": (
        "from datetime import date, timedelta\n\ndef f(n: int):\n    day = date(2024, 2, 28)\n    day += timedelta(days=n)\n"
        "    return abs((day - date(2024, 1, 1)).days)\n"
    ),
    "variables": (
        "import datetime\n\ndef f(n: int):\n    timedelta = datetime.timedelta(days=n)\n    date = datetime.date(2024, 2, 28) + timedelta\n"
        "    return date.isoformat(), timedelta.days\n"
    ),
    "the variable of a loop": POINT + "def f(n: int):\n    total = 0\n    for point in [g(n), g(2)]:\n        total += point.x\n"
    "    return total\n",
    "a parameter": POINT + "def h(point):\n    return point.x + 1\n\ndef f(n: int):\n    return h(g(n))\n",
    "a parameter in upper case": UPPER + "def h(Point):\n    return Point.x + 1\n\ndef f(n: int):\n    return h(g(n))\n",
    "an exception": POINT + "def f(n: int):\n    q = g(n)\n    try:\n        return str(10 // q.x)\n"
    "    except ZeroDivisionError as point:\n        return str(point)\n",
    "a field": POINT + "class shape:\n    def __init__(self, point):\n        self.point = point\n\n"
    "def f(n: int):\n    return shape(g(n)).point.x\n",
    "a field in upper case": UPPER + "class Shape:\n    def __init__(self, p):\n        self.Point = p\n\ndef f(n: int):\n"
    "    return Shape(g(n)).Point.x\n",
    "a variable that a generator keeps": POINT + "def h(n):\n    point = g(n)\n    for i in range(n):\n        yield point.x + i\n\n"
    "def f(n: int):\n    return list(h(n))\n",
    "a variable that a function keeps": POINT + "def f(n: int):\n    point = g(n)\n    return [h(2) for h in [lambda k: k + point.x]]\n",
    "a function": POINT + "def f(n: int):\n    def point(k):\n        return k + 1\n    return point(g(n).x)\n",
    "a member of an enumeration": "from enum import Enum\n\nclass colour(Enum):\n    red = 1\n    blue = 2\n\ndef g(n):\n"
    "    return colour.red if n > 2 else colour.blue\n\ndef f(n: int):\n    colour = g(n)\n    return colour.name, colour.value\n",
    "what crates write": POINT.replace("point", "C") + UPPER.replace("Point", "Ref") + "def f(n: int):\n    return 'C', C(n).x, g(n).x\n",
    "a trait of the standard library": UPPER.replace("Point", "Fn") + "def f(n: int):\n    return [g(n).x]\n",
    "the struct of another class": UPPER + POINT.replace("point", "PointFields")
    + "def f(n: int):\n    return PointFields(n).x, Point(n).x\n",
    "what ends in an underscore": UPPER.replace("Point", "Point_") + "def f(n: int):\n    return g(n).x\n",
    "what the printer binds": POINT.replace("point", "error") + "def f(n: int):\n    e = g(n)\n    try:\n        return 10 // e.x\n"
    "    except ZeroDivisionError:\n        return -1\n",
}  # fmt: skip
SAMPLES = {name: Sample(name, source, ("f(1)",), ((3,), (0,))) for name, source in CASES.items()}


@functools.cache
def in_rust() -> dict[str, Callable[..., Outcome]]:
    return entries(list(SAMPLES.values()))


@needs_rustc
@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_it_does_what_it_does_in_cpython(sample: Sample) -> None:
    for call in sample.calls:
        assert ours(in_rust()[sample.name], call) == theirs(sample, call), call


@pytest.mark.parametrize(("name", "shown"), [("point", "Point"), ("Point", "Point"), ("éclair", "Éclair")])
def test_a_class_is_called_in_camel_case(name: str, shown: str) -> None:
    lib = emit_crate(Sample("f", POINT.replace("point", name) + "def f(n: int):\n    return g(n).x\n", ("f(1)",), ()).lowered()).lib
    assert f"pub struct {shown}(" in lib and "non_camel_case_types" not in lib
