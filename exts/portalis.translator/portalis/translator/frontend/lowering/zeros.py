"""Some value of a type, for storage that needs one before its first assignment."""

from __future__ import annotations

from portalis.translator.ir.generators import is_generator
from portalis.translator.ir.nodes import Const, Expr, Make, ObjectOp
from portalis.translator.ir.types import (
    INT,
    BoolType,
    DictRef,
    FloatType,
    IntType,
    LibraryRef,
    ListRef,
    ListType,
    MatrixType,
    NeverType,
    NoneType,
    QuatType,
    RecordType,
    SetRef,
    StrType,
    TextType,
    TupleType,
    Type,
    UnionType,
    VecType,
    WideType,
)
from portalis.translator.source import Span

# So many variables and slots as every frame has.
_EMPTY = "1.1"


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
        case TextType(octets=True):
            return Const(span, type_, b"")
        case StrType() | TextType():
            return Const(span, type_, "")
        case WideType():
            return ObjectOp(span, type_, "wide.of", (Const(span, INT, 0),))
        case NeverType():
            return Const(span, type_, None)
        case ListRef():
            return ObjectOp(span, type_, "list.of", ())
        case LibraryRef() if not type_.storage or is_generator(type_):
            # Nobody looks into it.
            return ObjectOp(span, type_, "frame.of", (), _EMPTY)
        case DictRef() | SetRef() | LibraryRef():
            return ObjectOp(span, type_, "record.of", tuple(zero(span, field) for _, field in type_.storage))
        case UnionType(members):
            return ObjectOp(span, type_, "union.of", (zero(span, members[0]),))
        case TupleType() | ListType() | VecType() | QuatType() | MatrixType() | RecordType():
            return Make(span, type_, tuple(zero(span, item) for item in type_.elements))
