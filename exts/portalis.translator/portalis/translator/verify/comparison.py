"""When two outcomes are the same: value, type (nested), sign of zero, exception class and message, changed arguments."""

from __future__ import annotations

import math
import struct
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


def same_float(left: float, right: float) -> bool:
    """Tell whether two floats have the same bits, any NaN being the same as any other."""
    return (left == right and math.copysign(1.0, left) == math.copysign(1.0, right)) or (left != left and right != right)


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


def same_exception(left: tuple[str, str], right: tuple[str, str]) -> bool:
    """Tell whether two exceptions agree. CPython words RecursionError by where the limit happened to strike: its class decides."""
    return left == right or left[0] == right[0] == "RecursionError"


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


def ulp_distance(left: float, right: float) -> float:
    """Count the floats from one to the other; infinite where exactly one is NaN."""
    if left != left or right != right:
        return 0.0 if left != left and right != right else math.inf

    def ordinal(value: float) -> int:
        bits = int(struct.unpack("<q", struct.pack("<d", value))[0])
        return bits if bits >= 0 else -(bits & 0x7FFF_FFFF_FFFF_FFFF)

    return float(abs(ordinal(left) - ordinal(right)))


def largest_ulp_distance(left: Any, right: Any, type_: Type) -> float:
    """Return the largest distance between two values' floats, in units of the precision that each is held in."""
    match type_:
        case FloatType():
            return ulp_distance(left, right)
        case IntType() | BoolType() | NoneType() | StrType():
            return 0.0
        case TupleType() | ListType() | VecType() | QuatType() | MatrixType() | RecordType():
            # A step of a single is 2**29 steps of the double that holds it.
            scale = 2.0**-29 if isinstance(type_, VecType) and type_.scalar == "f" else 1.0
            pairs = zip(parts(left, type_), parts(right, type_), type_.elements, strict=True)
            return max((largest_ulp_distance(a, b, item) * scale for a, b, item in pairs), default=0.0)
        case _:
            assert_never(type_)
