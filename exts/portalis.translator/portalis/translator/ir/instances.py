"""Instances of a program's own classes: what stands for one.

An instance is a frame of its fields (`frame.of`, `frame.get`, `frame.set`). Its type names its class and nothing of the fields, which may
hold instances themselves: so a type stays finite. What the fields are, is known to whoever inferred the program.
"""

from __future__ import annotations

from portalis.translator.ir.types import BOOL, FunctionType, LibraryRef, Type

# The first place of a frame is no field's.
FIRST_INDEX, FIRST_SLOT = 1, 1
_MARK, BY_IDENTITY, BY_METHOD = "instance", "equal by identity", "equal by a method"
_CLASS = "class "
# What a special method gives where it leaves the answer to somebody else.
NOT_IMPLEMENTED = LibraryRef("NotImplementedType", (("left", BOOL),), ("not implemented",))


def instance_type(name: str, has_equality: bool) -> LibraryRef:
    """Return the type of the instances of a class; `has_equality`: it says itself when two of them are equal."""
    return LibraryRef(name, (), (_MARK, BY_METHOD if has_equality else BY_IDENTITY))


def is_instance(type_: Type) -> bool:
    """Tell whether a type is one of instances."""
    return isinstance(type_, LibraryRef) and type_.known[:1] == (_MARK,)


def is_equal_by_identity(type_: Type) -> bool:
    """Tell whether instances of this type equal themselves alone."""
    return isinstance(type_, LibraryRef) and type_.known == (_MARK, BY_IDENTITY)


def class_type(name: str) -> FunctionType:
    """Return the type of a class of the module as a value, which is nothing at run time: its type says which one it is."""
    return FunctionType(_CLASS + name, ())


def class_named(type_: Type) -> str | None:
    """Return the name of the class that values of a type are; None where they are no classes."""
    return type_.name.removeprefix(_CLASS) if isinstance(type_, FunctionType) and type_.name.startswith(_CLASS) else None
