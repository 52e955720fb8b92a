"""Functions with what they captured: what stands for one.

A closure is a frame of the variables that it captured, as an instance is one of its fields. Its type names the function and where it was
made, and nothing of the variables, which may hold closures themselves: so a type stays finite.
"""

from __future__ import annotations

from portalis.translator.ir.types import FunctionType, LibraryRef, Type, members_of

_MARK = "closure"
_MADE_BY = "_of_"


def closure_type(function: str, context: str) -> LibraryRef:
    """Return the type of the closures of a function that are made in a context."""
    key = f"{function}{_MADE_BY}{context}"
    return LibraryRef(f"function {key}", (), (_MARK, key))


def closure_key(type_: Type) -> str | None:
    """Return under which name what closures of a type captured is known; None where values of the type are no closures."""
    return type_.known[1] if isinstance(type_, LibraryRef) and type_.known[:1] == (_MARK,) else None


def function_of(key: str) -> str:
    """Return the name of the function that closures are of."""
    return key.rpartition(_MADE_BY)[0]


def is_function(type_: Type) -> bool:
    """Tell whether a value of a type is a function, or a class."""
    return isinstance(type_, FunctionType) or closure_key(type_) is not None


def is_callable(type_: Type) -> bool:
    """Tell whether a value of a type may be a function: one of several things, of which one is."""
    return any(map(is_function, members_of(type_)))
