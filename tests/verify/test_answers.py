"""Answers about which nothing is trusted: what does not fit the types that are known, to the last byte, is no answer."""

from __future__ import annotations

import pytest

from portalis.translator.ir.types import BOOL, FLOAT, INT, STR, ListType, TupleType
from portalis.translator.verify.oracle.answers import AnswerError, CallAnswer, Reply, SlotShape, Told

SHAPE = SlotShape(TupleType((INT, BOOL, STR, FLOAT)), (ListType(FLOAT, 2),), 3, 2)
WAYS = 6
VALUE = Told("value", (-(2**63), 1, 2, float("inf")), (0.5, -0.0), identity=frozenset({((0,), 1)}))
ANSWERS = {
    "value": CallAnswer(VALUE, (0, 5)),
    "drift": CallAnswer(VALUE, (), Told("value", (7, 0, 0, 1.5), (0.5, 1.0))),
    "raised": CallAnswer(Told("raised", (), (1.0, 2.0), ("ValueError", "größe \ud800"))),
    "misfit": CallAnswer(Told("misfit", texts=("value", "an int beyond 64 bits"))),
    "steps": CallAnswer(Told("steps"), (3,)),
    "unknown": CallAnswer(Told("unknown")),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_comes_back_and_nothing_near_it_does(name: str) -> None:
    data = SHAPE.write(ANSWERS[name])
    assert SHAPE.read(data, WAYS) == ANSWERS[name] and len(data) <= SHAPE.limit(WAYS)
    for wrong in (*(data[:length] for length in range(len(data))), data + b"\0"):
        with pytest.raises(AnswerError):
            SHAPE.read(wrong, WAYS)


@pytest.mark.parametrize(
    "told",
    [
        Told("value", (1, 2, 0, 1.0), (0.5, 0.5)),
        Told("value", (1, -1, 0, 1.0), (0.5, 0.5)),
        Told("value", (1, 1, 3, 1.0), (0.5, 0.5)),
        Told("value", (1, 1, -1, 1.0), (0.5, 0.5)),
        Told("value", (1, 1, 0, 1.0), (0.5, 0.5), identity=frozenset({((4,), 0)})),
        Told("value", (1, 1, 0, 1.0), (0.5, 0.5), identity=frozenset({((0,), 2)})),
    ],
    ids=[
        "a bool of 2",
        "a bool of -1",
        "a string too many",
        "a string before the first",
        "a result that is not there",
        "an argument too many",
    ],
)
def test_values_that_no_slot_of_the_type_holds_are_no_answer(told: Told) -> None:
    with pytest.raises(AnswerError):
        SHAPE.read(SHAPE.write(CallAnswer(told)), WAYS)


def test_a_decision_that_was_not_asked_about_is_no_answer() -> None:
    with pytest.raises(AnswerError, match="decision"):
        SHAPE.read(SHAPE.write(CallAnswer(VALUE, (WAYS,))), WAYS)


def test_a_kind_that_there_is_not_is_no_answer() -> None:
    data = SHAPE.write(ANSWERS["unknown"])
    with pytest.raises(AnswerError, match="no kind"):
        SHAPE.read(b"\5" + data[1:], WAYS)


def test_an_answer_on_another_type_is_no_answer() -> None:
    other = SlotShape(INT, (), 0, 2)
    with pytest.raises(AnswerError):
        other.read(SHAPE.write(ANSWERS["value"]), WAYS)


def test_a_reply_is_just_a_value_where_it_says_nothing_else() -> None:
    shape, value = SlotShape(FLOAT, (INT,), 0, 1), Told("value", (0.5,), (3,))
    packed = shape.write_told(value)[1:-1]
    assert Reply(shape.write(CallAnswer(value)), shape, WAYS).is_just(packed)
    others = {
        "a new way": CallAnswer(value, (0,)),
        "the platform's libm": CallAnswer(value, (), value),
        "an argument": CallAnswer(Told("value", (0.5,), (3,), identity=frozenset({((), 0)}))),
        "another value": CallAnswer(Told("value", (-0.5,), (3,))),
        "another argument": CallAnswer(Told("value", (0.5,), (4,))),
        "an exception": CallAnswer(Told("raised", (), (3,), ("ValueError", ""))),
    }
    for name, answer in others.items():
        assert not Reply(shape.write(answer), shape, WAYS).is_just(packed), name
    assert not Reply(shape.write(CallAnswer(value)), shape, WAYS).is_just(None)
    assert not Reply(shape.write(CallAnswer(value)) + b"\0", shape, WAYS).is_just(packed)
