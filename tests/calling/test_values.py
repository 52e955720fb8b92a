"""Python values to slots and back."""

from __future__ import annotations

import math
from typing import Any

import pytest
from pxr import Gf

from portalis.translator.calling.values import build, flatten, mismatch, refuse_aliases, write_back
from portalis.translator.diagnostics import GuardError
from portalis.translator.ir.types import BOOL, FLOAT, INT, STR, ListType, MatrixType, QuatType, TupleType, Type, VecType

STRINGS = ("busy", "idle")
SAMPLES: list[tuple[Type, Any]] = [
    (INT, -5),
    (FLOAT, -0.0),
    (BOOL, True),
    (STR, "idle"),
    (TupleType((INT, FLOAT)), (1, 2.5)),
    (ListType(TupleType((BOOL, STR)), 2), [(True, "busy"), (False, "idle")]),
    (VecType(3, "f"), Gf.Vec3f(1, 2, 3)),
    (VecType(2, "d"), Gf.Vec2d(1, math.inf)),
    (QuatType("d"), Gf.Quatd(1, 2, 3, 4)),
    (QuatType("f"), Gf.Quatf(1, 2, 3, 4)),
    (MatrixType(3), Gf.Matrix3d(1, 2, 3, 4, 5, 6, 7, 8, 9)),
    (MatrixType(4), Gf.Matrix4d(*range(16))),
]


@pytest.mark.parametrize(("type_", "value"), SAMPLES, ids=lambda item: str(item)[:20])
def test_round_trip(type_: Type, value: Any) -> None:
    assert mismatch(value, type_, STRINGS) is None
    again = build(type_, flatten(value, type_, STRINGS), STRINGS)
    assert type(again) is type(value) and again == value


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        (FLOAT, 3),
        (INT, True),
        (INT, 2**63),
        (INT, 1.0),
        (STR, "unknown"),
        (ListType(INT, 2), [1]),
        (ListType(INT, 2), (1, 2)),
        (ListType(FLOAT, 1), [1]),
        (VecType(3, "d"), Gf.Vec3f(1, 2, 3)),
        (VecType(3, "d"), (1.0, 2.0, 3.0)),
    ],
)
def test_nothing_is_converted_in_silence(type_: Type, value: Any) -> None:
    assert mismatch(value, type_, STRINGS)


@pytest.mark.parametrize(
    ("type_", "before", "after"),
    [
        (ListType(INT, 2), [1, 2], [3, 4]),
        (VecType(3, "d"), Gf.Vec3d(1, 2, 3), Gf.Vec3d(4, 5, 6)),
        (QuatType("d"), Gf.Quatd(1, 2, 3, 4), Gf.Quatd(5, 6, 7, 8)),
        (MatrixType(4), Gf.Matrix4d(1), Gf.Matrix4d(*range(16))),
        (MatrixType(3), Gf.Matrix3d(1), Gf.Matrix3d(*range(9))),
        (ListType(ListType(INT, 1), 2), [[1], [2]], [[3], [4]]),
    ],
    ids=lambda item: str(item)[:20],
)
def test_changes_are_written_into_the_same_object(type_: Type, before: Any, after: Any) -> None:
    inner = before[0] if isinstance(before, list) and isinstance(before[0], list) else None
    write_back(before, type_, after)
    assert before == after
    assert inner is None or before[0] is inner


def test_one_object_twice_is_refused() -> None:
    row = [1]
    with pytest.raises(GuardError):
        refuse_aliases([row, row], [ListType(INT, 1)] * 2)
    with pytest.raises(GuardError):
        refuse_aliases([[row, row]], [ListType(ListType(INT, 1), 2)])
    refuse_aliases([[1], [1]], [ListType(INT, 1)] * 2)
