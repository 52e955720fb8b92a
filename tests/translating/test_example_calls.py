"""Examples whose arguments call functions of the file are examples of what these give."""

from __future__ import annotations

import pytest

from portalis.translator.diagnostics import TranslationError
from portalis.translator.translating.translate import translate

SOURCE = """
def make_matrix(size=2):
    print("made")
    return [[row * size + column for column in range(size)] for row in range(size)]


def table(word):
    return {letter: place for place, letter in enumerate(word)}, word.upper()


def fails(n):
    return 1 // n


def row_sums(matrix, names, by=1):
    return [sum(row) * by for row in matrix], sorted(names)
"""


@pytest.mark.parametrize(
    ("example", "shown"),
    [
        ("row_sums(make_matrix(), table('ab')[0])", "row_sums([[0, 1], [2, 3]], {'a': 0, 'b': 1})"),
        ("row_sums(make_matrix(size=len(table('abc')[1])), {}, by=2)", None),
        ("row_sums([make_matrix(1)[0]], table('b')[0], by=-2)", "row_sums([[0]], {'b': 0}, by=-2)"),
    ],
)
def test_what_functions_give_is_the_example(example: str, shown: str | None, capsys: pytest.CaptureFixture[str]) -> None:
    if shown is None:
        with pytest.raises(TranslationError):
            translate(SOURCE, "row_sums", [example])
        return
    found = translate(SOURCE, "row_sums", [example])
    assert [one.text for one in found.lowered.overloads[0].examples] == [shown]
    assert found([[1, 2], [3]], {"z": 1, "a": 2}) == ([3, 3], ["a", "z"])
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("argument", ["fails(0)", "nobody()", "row_sums([[1]], {})[0]", "fails(*[1])"])
def test_what_has_no_value_is_told_as_before(argument: str) -> None:
    with pytest.raises(TranslationError) as caught:
        translate(SOURCE, "row_sums", [f"row_sums([[1]], {{}}, {argument})"])
    assert {one.code for one in caught.value.diagnostics} & {"P0227", "P0107", "P0301", "P0309"}
