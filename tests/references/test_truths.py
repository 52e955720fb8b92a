"""How often `and`, `or` and `not` ask objects of a class for their truth: as CPython does, or refused where its versions differ."""

from __future__ import annotations

import textwrap

import pytest

from portalis.translator import translate
from tests.references.beside import refused

PROGRAM = """
    class Node:
        def __init__(self, v):
            self.v = v

        def __bool__(self):
            print("asked", self.v)
            return self.v > 0

    def f(a: int, b: int):
        x, y, q = Node(a), Node(b), 0
        {body}
        return q
"""


@pytest.mark.parametrize(
    "body",
    [
        "if (x or y) and x: q = 1",
        "if not (x and y): q = 1",
        "while (x or y) and q < 9: q += 5",
        "q = 1 if (x or y) or x else 2",
        "assert x or y",
        "q = sum(k for k in [1, 2] if x and (y or x))",
        "q = (x or (y and x)).v + (x and (y or x)).v",
        "q = bool(x or y) + bool(x and y)",
        "q = not (a and x)",
        "match a:\n            case 1 if x or y: q = 3",
    ],
)
def test_truths_are_asked_for_as_often_as_in_cpython(body: str) -> None:
    # The oracle notes the ways that `and` and `or` go, and asks no more often than the program.
    report = translate(textwrap.dedent(PROGRAM.format(body=body)), "f", ["f(1, 2)", "f(0, 1)", "f(0, 0)"]).report
    assert report is not None
    assert report.artefact("wasm").status == "verified"


@pytest.mark.parametrize("body", ["q = ((x or y) or x).v", "q = ((x and y) or x).v", "q = not (x or y)", "q = (not (x and y)) and a"])
def test_truths_that_versions_ask_for_differently_are_refused(body: str) -> None:
    assert {told.code for told in refused(PROGRAM.format(body=body), "f(1, 2)")} == {"P0231"}
