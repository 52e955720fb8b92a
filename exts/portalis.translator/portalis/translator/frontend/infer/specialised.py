"""What one specialisation of a function is to its callers, and who can make one."""

from __future__ import annotations

import ast
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from portalis.translator.frontend.facts.model import Fact
from portalis.translator.frontend.facts.sites import Sites
from portalis.translator.frontend.facts.tables import Facts
from portalis.translator.frontend.read.module_scope import ModuleScope
from portalis.translator.ir.types import RecordType, Type
from portalis.translator.source import Span

Key: TypeAlias = tuple[str, str, tuple[Type, ...], Type | None]
RESULT = "@result"


@dataclass(frozen=True, slots=True)
class Summary:
    """What a caller must know of a callee's effects on mutable objects.

    Roots are "@name" for the object passed as a parameter, "self.field" for the fields of a record, and "@result". `mutated` are those
    changed in place, `rebound` the fields that get another object, `shared` the pairs that may share an object afterwards, `exact` the
    parameter's root that the result certainly is, and `identity` the same for each path into it. `changed` are the types of the objects
    that are changed in place, each with the field of the record that it was reached through.
    """

    mutated: frozenset[str] = frozenset()
    rebound: frozenset[str] = frozenset()
    shared: frozenset[tuple[str, str]] = frozenset()
    exact: str | None = None
    identity: tuple[tuple[tuple[int, ...], str], ...] = ()
    tangled: bool = False
    changed: frozenset[tuple[str, Type]] = frozenset()


@dataclass(frozen=True, slots=True)
class Signature:
    """The result type (None while a recursive function's is not known) and which parameters are by reference.

    `parameters` are the types that the parameters turned out to need, where objects are put into them.
    """

    name: str
    result: Type | None
    by_ref: frozenset[str]
    summary: Summary
    failed: bool = False
    parameters: tuple[Type, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """What is to be specialised, and under which name; `unknown`: nothing is known of its parameters.

    `wanted` is a type that the result must have where a caller puts more into it than the function itself does.
    """

    scope: ModuleScope
    definition: ast.FunctionDef
    display: str
    name: str
    types: tuple[Type, ...]
    unknown: bool = False
    wanted: Type | None = None
    # Where a function of the library stands that is inferred for the program.
    at: Span | None = None

    @property
    def owner(self) -> Hashable:
        """Whose sites its objects' are."""
        return id(self.definition), self.types, self.wanted


@dataclass(frozen=True, slots=True, eq=False)
class Inferred:
    """A finished inference: the facts of the body and all that lowering needs to know beside them.

    `locals` are the storage of names and temporaries, in the order of their first use; `storage` maps a Python name and a type to a local.
    `flagged` are the names that some use checks for being assigned. `ends` tells that the end of the body is reached.
    """

    request: Request
    signature: Signature
    facts: Facts
    params: Mapping[str, Type]
    locals: Mapping[str, Type]
    storage: Mapping[tuple[str, Type], str]
    flagged: frozenset[str]
    calls: frozenset[str]
    end: Span | None


class Specialiser(Protocol):
    """Infers functions on demand, once for each combination of argument types."""

    @property
    def tolerant(self) -> bool:
        """Whether what always raises for its types is translated as that, in the whole program."""
        ...

    def constants(self, scope: ModuleScope) -> dict[str, Fact]:
        """Return what is known of a module's constants so far, by name."""
        ...

    @property
    def sites(self) -> Sites:
        """Where objects are made, and what is put into them."""
        ...

    def signature(
        self, scope: ModuleScope, function: str, types: tuple[Type, ...], wanted: Type | None = None, at: Span | None = None
    ) -> Signature:
        """Return the signature of one specialisation; where inferring it fails, the refusals are in the scope's report.

        `at` is where it is called. What asks the program's classes belongs to the program, and stands where it is called first.
        """
        ...

    def grown(self, scope: ModuleScope, function: str, types: tuple[Type, ...]) -> tuple[Type, ...]:
        """Return the types for which a function is inferred that calls itself with these: a tuple that grows is one of any length."""
        ...

    def owns(self, name: str) -> bool:
        """Tell whether a specialisation is of the program: of its functions, or of the library's for what asks its classes."""
        ...

    @property
    def module(self) -> ModuleScope | None:
        """The program's module; None of who specialises the library for all programs."""
        ...

    @property
    def target(self) -> tuple[int, int]:
        """The CPython version (major, minor) whose behaviour is meant."""
        ...

    def explore(self, scope: ModuleScope, function: str, receiver: RecordType | None) -> None:
        """Look for refusals in a function that is called with arguments of which nothing is known."""
        ...

    def spend(self) -> bool:
        """Count one update of what is known; tell whether there may be more."""
        ...
