"""What a name holds where paths meet on which it has values of different types: one type that holds them all, where there is one."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from portalis.translator.frontend.infer.state import Binding
from portalis.translator.ir.types import Type


class Places(Protocol):
    """Where a function keeps the values of its names."""

    def local_for(self, name: str, type_: Type) -> str:
        """Return the local that holds a name while its type is this."""
        ...


class Joins(Protocol):
    """Who joins types, and keeps values."""

    @property
    def storage(self) -> Places:
        """The function's locals."""
        ...

    def flag(self, name: str) -> None:
        """Let it be told at run time whether a name is assigned; its storage has some value from the start."""
        ...

    def unify(self, left: Type, right: Type) -> Type | None:
        """Return the type of what can be either as it stands."""
        ...

    def generalise(self, left: Type, right: Type) -> Type | None:
        """Return the type that holds values of either."""
        ...


def unified(frame: Joins, name: str, one: Binding, other: Binding) -> tuple[Binding, Binding]:
    """Let what a name holds on two paths be of one type and in one place, where it can."""
    known = not (one.unknown or other.unknown or one.conflict or other.conflict)
    if not known or one is other or one.field is not None or other.field is not None:
        return one, other
    if one.type == other.type and one.held == other.held:
        joined = frame.unify(one.type, other.type) if one.type.refers else None
        return (one, other) if joined is None else (replace(one, type=joined), replace(other, type=joined))
    maybe = one.maybe or other.maybe
    joined = None if maybe and one.type != other.type else frame.generalise(one.type, other.type)
    if joined is None:
        # Of what no path is sure to assign, nothing could be copied.
        return one, other
    if maybe:
        frame.flag(name)
    if one.local == other.local and one.held == other.held and one.held is not None:
        held = one.held if one.held != joined else None
        return replace(one, type=joined, held=held), replace(other, type=joined, held=held)
    local = frame.storage.local_for(name, joined)
    return replace(one, type=joined, local=local, held=None), replace(other, type=joined, local=local, held=None)
