"""What counts as the same outcome."""

from __future__ import annotations

import math

import pytest
from pxr import Gf

from portalis.translator.calling.outcome import Outcome
from portalis.translator.ir.types import BOOL, FLOAT, INT, ListType, TupleType, VecType
from portalis.translator.verify.comparison import ulp_distance
from portalis.translator.verify.oracle.answers import Told
from portalis.translator.verify.slot_comparison import difference as slot_difference
from portalis.translator.verify.slot_comparison import farthest, same_slots
from tests.verify.outcomes import difference, same_value


@pytest.mark.parametrize(
    ("left", "right", "type_", "same"),
    [
        (0.0, -0.0, FLOAT, False),
        (math.nan, -math.nan, FLOAT, True),
        (1.0, 1.0 + 2.0**-52, FLOAT, False),
        (1, 1.0, FLOAT, False),
        (True, 1, INT, False),
        (1, True, BOOL, False),
        ([1.0, -0.0], [1.0, 0.0], ListType(FLOAT, 2), False),
        ((1, 2.0), (1, 2.0), TupleType((INT, FLOAT)), True),
        ((1, 2.0), [1, 2.0], TupleType((INT, FLOAT)), False),
        (Gf.Vec3d(1, 2, 3), Gf.Vec3d(1, 2, 3), VecType(3, "d"), True),
        (Gf.Vec3d(0, 2, 3), Gf.Vec3d(-0.0, 2, 3), VecType(3, "d"), False),
    ],
)
def test_values_are_compared_to_the_bit(left: object, right: object, type_: object, same: bool) -> None:
    assert same_value(left, right, type_) is same  # type: ignore[arg-type]


def test_exceptions_are_compared_by_class_and_message() -> None:
    zero = Outcome(exception=("ZeroDivisionError", "division by zero"))
    assert difference(zero, Outcome(exception=("ZeroDivisionError", "division by zero")), FLOAT, ()) is None
    assert difference(zero, Outcome(exception=("ZeroDivisionError", "float division by zero")), FLOAT, ()) == "outcome"
    assert difference(zero, Outcome(1.0), FLOAT, ()) == "outcome"


def test_changed_arguments_and_identity_count() -> None:
    types = (ListType(INT, 1),)
    assert difference(Outcome(None, None, ([1],)), Outcome(None, None, ([2],)), INT, types) is not None
    with_identity = Outcome(1, None, ([1],), frozenset({((), 0)}))
    assert difference(with_identity, Outcome(1, None, ([1],)), INT, types) is not None


def test_ulp_distance() -> None:
    assert ulp_distance(1.0, math.nextafter(1.0, 2.0)) == 1
    assert ulp_distance(-5e-324, 5e-324) == 2
    assert ulp_distance(0.0, -0.0) == 0
    assert math.isinf(ulp_distance(1.0, math.nan))
    assert farthest((1.0, 7), (1.0 + 2.0**-23, 9), ("f32", "i64")) == 1


def test_slots_are_compared_to_the_bit() -> None:
    assert same_slots((1, -0.0, math.nan), (1, -0.0, -math.nan))
    for left, right in (((1,), (2,)), ((1,), (1.0,)), ((0.0,), (-0.0,)), ((1, 1), (1,))):
        assert not same_slots(left, right)


def test_told_outcomes_are_compared_in_all_that_they_say() -> None:
    told = Told("value", (1.0,), (2.0,))
    assert slot_difference(told, told) is None
    assert slot_difference(told, Told("value", (1.5,), (2.0,))) == "value"
    assert slot_difference(told, Told("value", (1.0,), (2.5,))) == "arguments after the call"
    assert slot_difference(told, Told("value", (1.0,), (2.0,), identity=frozenset({((), 0)}))) is not None
    raised = Told("raised", (), (2.0,), ("ValueError", "no"))
    assert slot_difference(raised, told) == slot_difference(raised, Told("raised", (), (2.0,), ("ValueError", "yes"))) == "outcome"
    assert slot_difference(raised, Told("raised", (), (2.5,), ("ValueError", "no"))) == "arguments after the call"
    assert slot_difference(Told("misfit", texts=("value", "3")), told) == "value"
