"""What is known of the hashes of values, which give the order of a set."""

from __future__ import annotations

from typing import assert_never

from portalis.translator.ir.types import (
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


def hash_varies(type_: Type) -> bool:
    """Tell whether hashes of values of a type differ from process to process in CPython: then nobody knows the order of a set of them."""
    match type_:
        case TextType() | NoneType() | StrType() | LibraryRef():
            return True
        case TupleType(items):
            return any(map(hash_varies, items))
        case ListRef(item) | SetRef(item):
            return hash_varies(item)
        case UnionType(members):
            return any(map(hash_varies, members))
        case IntType() | WideType() | FloatType() | BoolType() | NeverType() | DictRef() | ListType() | RecordType():
            return False
        case VecType() | QuatType() | MatrixType():
            return False
        case _:
            assert_never(type_)
