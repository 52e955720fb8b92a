"""Instances of a program's own classes: what stands for one.

An instance is a frame of its fields (`frame.of`, `frame.get`, `frame.set`). Its type names its class and nothing of the fields, which may
hold instances themselves: so a type stays finite. What the fields are, is known to whoever inferred the program.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from portalis.translator.ir.types import (
    BOOL,
    INT,
    BoolType,
    DictRef,
    FloatType,
    FunctionType,
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

# The first place of a frame is no field's.
FIRST_INDEX, FIRST_SLOT = 1, 1
_MARK = "instance"
# What a class says of its instances that containers of them ask for.
ASKED = ("__eq__", "__ne__", "__hash__", "__lt__", "__le__", "__gt__", "__ge__", "__repr__", "__str__", "__bool__", "__len__", "__iter__")
_CLASS, _MEMBER, _EXCEPTION = "class ", "member of ", "exception"
# What a special method gives where it leaves the answer to somebody else.
NOT_IMPLEMENTED = LibraryRef("NotImplementedType", (("left", BOOL),), ("not implemented",))


def instance_type(name: str, said: Iterable[str]) -> LibraryRef:
    """Return the type of the instances of a class that says these of `ASKED`."""
    return LibraryRef(name, (), (_MARK, *said))


def exception_type(name: str, said: Iterable[str]) -> LibraryRef:
    """Return the type of the instances of a class of exceptions."""
    return LibraryRef(name, (), (_MARK, _EXCEPTION, *said))


def is_exception(type_: Type) -> bool:
    """Tell whether a type is of instances of a class of exceptions of the program."""
    return is_instance(type_) and isinstance(type_, LibraryRef) and type_.known[1:2] == (_EXCEPTION,)


def member_type(name: str, kind: str, said: Iterable[str]) -> LibraryRef:
    """Return the type of the members of an enumeration, each a record of its number; `kind` says what they are beside ("int", "str")."""
    return LibraryRef(name, (("index", INT),), (_MARK, f"{_MEMBER}{kind}", *said))


def kind_of_member(type_: Type) -> str | None:
    """Return what members of an enumeration are beside, nothing of those that are no more; None for all other types."""
    mark = type_.known[1] if isinstance(type_, LibraryRef) and is_instance(type_) and len(type_.known) > 1 else ""
    return mark.removeprefix(_MEMBER) if mark.startswith(_MEMBER) else None


def is_instance(type_: Type) -> bool:
    """Tell whether a type is one of instances."""
    return isinstance(type_, LibraryRef) and type_.known[:1] == (_MARK,)


def is_named(type_: Type) -> bool:
    """Tell whether a type is of tuples whose class is one of the program."""
    return isinstance(type_, TupleType) and bool(type_.named)


def is_equal_by_identity(type_: Type) -> bool:
    """Tell whether instances of this type equal themselves alone."""
    return is_instance(type_) and not (says(type_, "__eq__") or says(type_, "__ne__"))


def says(type_: Type, name: str) -> bool:
    """Tell whether the class of instances of a type has one of the special methods of `ASKED`."""
    return isinstance(type_, LibraryRef) and is_instance(type_) and name in type_.known


def asks_a_class(type_: Type) -> bool:
    """Tell whether what a container of such values does may ask a class of the program."""
    match type_:
        case LibraryRef():
            return (is_instance(type_) and len(type_.known) > 1) or any(asks_a_class(one) for _, one in type_.storage)
        case TupleType(items):
            return bool(type_.named) or any(map(asks_a_class, items))
        case SetRef(item):
            return asks_a_class(item)
        case ListRef() | DictRef():
            return any(map(asks_a_class, type_.contents))
        case UnionType(members):
            return any(map(asks_a_class, members))
        case IntType() | WideType() | FloatType() | BoolType() | NoneType() | StrType() | TextType() | NeverType() | RecordType():
            return False
        case ListType() | VecType() | QuatType() | MatrixType():
            return False
        case _:
            assert_never(type_)


def class_type(name: str) -> FunctionType:
    """Return the type of a class of the module as a value, which is nothing at run time: its type says which one it is."""
    return FunctionType(_CLASS + name, ())


def class_named(type_: Type) -> str | None:
    """Return the name of the class that values of a type are; None where they are no classes."""
    return type_.name.removeprefix(_CLASS) if isinstance(type_, FunctionType) and type_.name.startswith(_CLASS) else None
