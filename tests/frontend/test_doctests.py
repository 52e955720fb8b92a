"""What doctests and examples show of a function: calls anywhere in them, over several lines, with names that were given values before."""

from __future__ import annotations

import ast

import pytest

from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.frontend.assemble.doctests import calls_in_doctests
from portalis.translator.frontend.assemble.example_values import ExampleEvaluation
from portalis.translator.frontend.read.at_import.bounded import BoundedArithmetic
from portalis.translator.frontend.read.at_import.values import Beyond, Names, NotOnTheList
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


ARGUMENTS = {
    "list(range(10))": "list[int]",
    "tuple(range(9, 0, -2))": "tuple[int, ...]",
    "list('abc')": "list[str]",
    "sorted([2.5, 1.0])": "list[float]",
    "'a b c'.split()": "list[str]",
    "'a,b'.split(',')": "list[str]",
    "', '.join(['a', 'b'])": "str",
    "'a'.upper()": "str",
    "list(range(3)) + [7] * 2": "list[int]",
    "dict([('a', 1), ('b', 2)])": "dict[str, int]",
    "dict(a=0.5)": "dict[str, float]",
    "'abc'[::-1]": "str",
    "[1, 2, 3][1:-1][:]": "list[int]",
}


@pytest.mark.parametrize("argument", ARGUMENTS)
def test_an_example_may_call_what_is_pure(argument: str) -> None:
    doctest = f'def f(x):\n    """\n    >>> f({argument})\n    """\n    return len(x)\n'
    program = lower(SourceFile("case.py", doctest), "f", references=True)
    assert [str(item.type) for item in program.parameters] == [ARGUMENTS[argument]]
    assert [example.text for example in program.examples] == [f"f({ast.unparse(ast.parse(argument))})"]


REFUSED: dict[str, type[NotOnTheList]] = {
    "list(range(10 ** 9))": Beyond,
    "list(range(10 ** 400))": Beyond,
    "list(range(8000)) * 8000": Beyond,
    "list('a' * 60000)": Beyond,
    "list({1, 2}) * 10 ** 9": NotOnTheList,
    "dict([(1, 2)] * 2000)": NotOnTheList,
    "dict([[[], 2]])": NotOnTheList,
    "dict(a=10 ** 99999)": Beyond,
    "dict(**{'a': 1})": NotOnTheList,
    "sorted([[1], [2]])": NotOnTheList,
    "list(list(list({1})))": NotOnTheList,
    "','.join([','.join(['a' * 1000] * 50)] * 50)": NotOnTheList,
    "'{0.__class__}'.format(1)": NotOnTheList,
    "'a'.center(10 ** 9)": NotOnTheList,
    "sorted([2, 1], key=abs)": NotOnTheList,
    "list(*[[1]])": NotOnTheList,
    "[1, 2]['a':]": NotOnTheList,
    "{1: 2}[:1]": NotOnTheList,
    "([0] * 8000)[:] * 8000": Beyond,
}


@pytest.mark.parametrize("argument", REFUSED)
def test_an_example_calls_nothing_that_is_not_bounded(argument: str) -> None:
    with pytest.raises(NotOnTheList) as caught:
        ExampleEvaluation(Names({}), BoundedArithmetic()).value(ast.parse(argument, mode="eval").body)
    assert caught.type is REFUSED[argument]
    with pytest.raises(TranslationError):
        lower(SourceFile("case.py", "def f(x):\n    return len(x)\n"), "f", [f"f({argument})"], references=True)


@pytest.mark.parametrize("name", ["list", "range", "sorted"])
def test_a_module_s_own_function_is_none_of_them(name: str) -> None:
    source = f"def {name}(x):\n    return [1]\ndef f(x):\n    return len(x)\n"
    with pytest.raises(TranslationError):
        lower(SourceFile("case.py", source), "f", [f"f({name}([1]))"], references=True)
