"""Named tuples that an entry gives: of a class of ours with the name and the fields of the program's, verified as such."""

from __future__ import annotations

import pytest

from portalis.translator.calling.values import is_tuple_of, mismatch, tuple_of
from portalis.translator.calling.wire import MessageWriter, Misfit
from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.ir.types import INT, TupleType
from portalis.translator.source import SourceFile
from portalis.translator.translating.translate import translate
from tests.semantics.objects import EXECUTORS

PAIR = TupleType((INT, INT), "Pair", ("x", "y"))
CLASS = "from typing import NamedTuple\n\nclass P(NamedTuple):\n    x: int\n    y: int = 2\n\n"


def test_a_caller_is_given_named_tuples() -> None:
    found = translate(CLASS + "def f(n: int) -> P:\n    return P(n)\n", "f", ["f(1)"])
    assert found.report is not None and found.report.artefact("wasm").status == "verified"
    given = found(3)
    assert (repr(given), type(given).__name__, given.y) == ("P(x=3, y=2)", "P", 2)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_they_are_what_the_program_says(executor: str) -> None:
    lowered = lower(SourceFile("case.py", CLASS + "def f(n: int):\n    return [P(n)]\n"), "f", ("f(1)",), references=True)
    given = EXECUTORS[executor](lowered).run((3,)).value[0]
    assert (repr(given), given._asdict(), given == (3, 2)) == ("P(x=3, y=2)", {"x": 3, "y": 2}, True)


OTHERS = {
    "a plain tuple": TupleType((INT, INT)),
    "other fields": TupleType((INT, INT), "Pair", ("x", "z")),
    "another name": TupleType((INT, INT), "Twin", ("x", "y")),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_of_another_class_is_no_named_tuple(name: str) -> None:
    for one, other in ((PAIR, OTHERS[name]), (OTHERS[name], PAIR)):
        value = tuple_of((1, 2), one)
        assert is_tuple_of(value, one) and not is_tuple_of(value, other) and mismatch(value, other, ())
        with pytest.raises(Misfit):
            MessageWriter(100).write(value, other)


def test_a_class_that_says_more_than_fields_stays_inside() -> None:
    source = CLASS + "    def norm(self):\n        return self.x\n\ndef f(n: int):\n    return P(n)\n"
    with pytest.raises(TranslationError) as caught:
        lower(SourceFile("case.py", source), "f", ("f(1)",), references=True)
    assert caught.value.diagnostics[0].code == "P0240"
