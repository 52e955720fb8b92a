"""When two outcomes of a call are the same, as Python values: what tests hold an artefact's to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, assert_never

from portalis.translator.calling.outcome import Outcome
from portalis.translator.calling.values import parts
from portalis.translator.ir.types import (
    BoolType,
    FloatType,
    IntType,
    ListType,
    MatrixType,
    NoneType,
    QuatType,
    RecordType,
    StrType,
    TupleType,
    Type,
    VecType,
)
from portalis.translator.verify.comparison import same_exception, same_float


def same_value(left: Any, right: Any, type_: Type) -> bool:
    """Tell whether two values of a type are the same to the bit."""
    match type_:
        case FloatType():
            return type(left) is type(right) is float and same_float(left, right)
        case IntType() | BoolType() | NoneType() | StrType():
            return type(left) is type(right) and bool(left == right)
        case TupleType() | ListType() | VecType() | QuatType() | MatrixType() | RecordType():
            # A behaviour's state is an object of the user's class on one side and a plain record on the other.
            if type(left) is not type(right) and not isinstance(type_, RecordType):
                return False
            left_parts, right_parts = parts(left, type_), parts(right, type_)
            return len(left_parts) == len(right_parts) and all(map(same_value, left_parts, right_parts, type_.elements))
        case _:
            assert_never(type_)


def difference(left: Outcome, right: Outcome, result: Type, arguments: Sequence[Type]) -> str | None:
    """Say how two outcomes of one call differ, or None where they do not."""
    if left.exception or right.exception:
        if not (left.exception and right.exception and same_exception(left.exception, right.exception)):
            return "outcome"
    elif not same_value(left.value, right.value, result):
        return "value"
    elif left.identity != right.identity:
        return "which results are the caller's own arguments"
    if not all(map(same_value, left.arguments, right.arguments, arguments)):
        return "arguments after the call"
    return None
