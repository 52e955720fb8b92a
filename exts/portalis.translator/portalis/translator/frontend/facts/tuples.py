"""Types of tuples beside one another."""

from __future__ import annotations

from portalis.translator.ir.types import ListRef, TupleType, Type


def differ_in_length(left: Type, right: Type) -> bool:
    """Tell whether two types hold tuples of different lengths in one place, which `unify` would refuse after having grown others."""
    if isinstance(left, TupleType) and isinstance(right, TupleType):
        return len(left.items) != len(right.items) or any(map(differ_in_length, left.items, right.items))
    one, other = (_content(type_) for type_ in (left, right))
    return one is not None and other is not None and left.python_class == right.python_class and differ_in_length(one, other)


def are_alike(left: TupleType, right: TupleType) -> bool:
    """Tell whether two tuples are of one class and length."""
    return left.named == right.named and len(left.items) == len(right.items)


def _content(type_: Type) -> Type | None:
    return type_.contents[0] if isinstance(type_, ListRef) else None
