"""What one specialisation of a function is to its callers, and who can make one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from portalis.translator.frontend.read.module_scope import ModuleScope
from portalis.translator.ir.nodes import Function
from portalis.translator.ir.types import Type

Key: TypeAlias = tuple[str, str, tuple[Type, ...]]
RESULT = "@result"


@dataclass(frozen=True, slots=True)
class Summary:
    """What a caller must know of a callee's effects on mutable objects.

    Roots are "@name" for the object passed as a parameter, "self.field" for the fields of a record, and "@result". `mutated` are those
    changed in place, `rebound` the fields that get another object, `shared` the pairs that may share an object afterwards, `exact` the
    parameter's root that the result certainly is, and `identity` the same for each path into it.
    """

    mutated: frozenset[str] = frozenset()
    rebound: frozenset[str] = frozenset()
    shared: frozenset[tuple[str, str]] = frozenset()
    exact: str | None = None
    identity: tuple[tuple[tuple[int, ...], str], ...] = ()
    tangled: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """The result type (None while a recursive function's is not known) and which parameters are by reference."""

    name: str
    result: Type | None
    by_ref: frozenset[str]
    summary: Summary
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Specialised:
    """A finished specialisation with the names of the functions that it calls."""

    function: Function
    signature: Signature
    calls: frozenset[str]


class Specialiser(Protocol):
    """Lowers functions on demand, once for each combination of argument types."""

    def signature(self, scope: ModuleScope, function: str, types: tuple[Type, ...]) -> Signature:
        """Return the signature of one specialisation; where lowering it fails, the refusals are in the scope's report."""
        ...

    @property
    def target(self) -> tuple[int, int]:
        """The CPython version (major, minor) whose behaviour is meant."""
        ...

    def library(self, module: str) -> ModuleScope:
        """Return the scope of the library module `module`."""
        ...
