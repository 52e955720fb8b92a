"""What doctests and examples show of a function: calls anywhere in them, over several lines, with names that were given values before."""

from __future__ import annotations

import ast

import pytest

from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.frontend.assemble.doctests import calls_in_doctests
from portalis.translator.source import SourceFile


def calls(docstring: str) -> list[str]:
    return [ast.unparse(call) for call in calls_in_doctests(docstring, "f")]


@pytest.mark.parametrize(
    ("docstring", "expected"),
    [
        (">>> f(1)\n1\n>>> sorted(f(2))", ["f(1)", "f(2)"]),
        (">>> f(1,\n...   2)\n3", ["f(1, 2)"]),
        (">>> xs = [1, 2]\n>>> f(xs, f(3))", ["f([1, 2], f(3))", "f(3)"]),
        (">>> n = 2\n>>> xs = [n, n]\n>>> f(xs)\n>>> n = 3\n>>> f(n)", ["f([2, 2])", "f(3)"]),
        (">>> x = 1\n>>> for x in range(3):\n...     f(x)\n", ["f(1)"]),
        (">>> for i in range(3):\n...     f(i)\n>>> f(i)", ["f(i)", "f(i)"]),
        (">>> x = 1\n>>> x += 1\n>>> f(x)", ["f(x)"]),
        (">>> f = 3\n>>> f(1)", ["f(1)"]),
        (">>> f(\n>>> f(2)", ["f(2)"]),
        ("no example: f(1)\n    ...", []),
        (">>> g(1)", []),
    ],
)
def test_calls_are_found(docstring: str, expected: list[str]) -> None:
    assert calls(docstring) == expected


def test_a_doctest_s_names_give_types() -> None:
    source = '''
def f(graph, start):
    """
    >>> graph = {"a": ["b"],
    ...          "b": []}
    >>> f(graph, "a")
    1
    """
    return len(graph[start])
'''
    lowered = lower(SourceFile("f.py", source), "f", references=True)
    assert [str(item.type) for item in lowered.parameters] == ["dict[str, list[str]]", "str"]


def test_an_example_may_hold_the_call() -> None:
    source = "def f(n):\n    return [n] * 2\n"
    lowered = lower(SourceFile("f.py", source), "f", ["sum(f(2)) + len(f(3))"], references=True)
    assert [example.text for example in lowered.examples] == ["f(2)", "f(3)"]
    with pytest.raises(TranslationError, match=r"P0107.*is not a call of `f`"):
        lower(SourceFile("f.py", source), "f", ["g(2)"], references=True)
