"""Some value of a type, for storage that needs one before its first assignment."""

from __future__ import annotations

from portalis.translator.ir.nodes import Const, Expr, Make
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
from portalis.translator.source import Span


def zero(span: Span, type_: Type) -> Expr:
    """Return some value of a type."""
    match type_:
        case IntType():
            return Const(span, type_, 0)
        case FloatType():
            return Const(span, type_, 0.0)
        case BoolType():
            return Const(span, type_, False)
        case NoneType():
            return Const(span, type_, None)
        case StrType():
            return Const(span, type_, "")
        case TupleType() | ListType() | VecType() | QuatType() | MatrixType() | RecordType():
            return Make(span, type_, tuple(zero(span, item) for item in type_.elements))
