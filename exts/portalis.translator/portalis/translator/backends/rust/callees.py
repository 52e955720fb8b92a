"""How the functions of a program are called in Rust."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from typing import Literal

from portalis.translator.backends.rust.constructors import is_constructor, stored_params
from portalis.translator.backends.rust.names import Scope, identifier, method_name, snake_case
from portalis.translator.backends.rust.steady import OF_ITEMS
from portalis.translator.backends.rust.type_names import TypeNames
from portalis.translator.ir.generators import is_generator, maker_of, resume_name
from portalis.translator.ir.instances import is_instance
from portalis.translator.ir.nodes import Function, Program, walk_function
from portalis.translator.ir.types import (
    GF_TYPES,
    NONE,
    DictRef,
    LibraryRef,
    ListRef,
    NoneType,
    RecordType,
    SetRef,
    Type,
    UnionType,
)
from portalis.translator.passes.facts.effects import written_locals


@dataclass(frozen=True, slots=True)
class Operator:
    """A std operator trait that a library function on a Gf type becomes: its method, its name and how a use is spelled.

    A "reflected" one is a method of its second parameter's type (`2.0 * vector`); an "assign" one changes its first parameter in place.
    """

    method: str
    trait: str
    sign: str
    shape: Literal["unary", "binary", "reflected", "assign"] = "binary"


OPERATORS = {
    "__add__": Operator("add", "Add", "+"),
    "__sub__": Operator("sub", "Sub", "-"),
    "__mul__": Operator("mul", "Mul", "*"),
    "__rmul__": Operator("mul", "Mul", "*", "reflected"),
    "__truediv__": Operator("div", "Div", "/"),
    "__neg__": Operator("neg", "Neg", "-", "unary"),
    "__iadd__": Operator("add_assign", "AddAssign", "+", "assign"),
    "__isub__": Operator("sub_assign", "SubAssign", "-", "assign"),
    "__imul__": Operator("mul_assign", "MulAssign", "*", "assign"),
    "__itruediv__": Operator("div_assign", "DivAssign", "/", "assign"),
}
_GF_METHOD = re.compile(r"(?:Vec|Quat|Matrix)_(\w+)")


def _made_for(function: Function) -> str:
    """Return what is added to the name of a library function that a pass made of another, for some of its calls."""
    _, is_made, how = function.name.removesuffix(OF_ITEMS).partition("~")
    return "" if not is_made else f"_{how}" if how.isidentifier() else "_unsigned"


@dataclass(frozen=True, slots=True)
class Callee:
    """How a function is spelled in Rust.

    `module` is the library module that it is in (None for the user's own, in lib.rs), `owner` the type whose method it is, where it is one,
    or which it `makes`.
    `borrowed` are the parameters that it takes as `&`; one that `sees_objects` may change what others see, or gives what others can change.
    `items` is the parameter of which it takes the elements instead of the list.
    """

    function: Function
    name: str
    module: str | None
    fallible: bool
    owner: str | None = None
    operator: Operator | None = None
    borrowed: frozenset[str] = frozenset()
    sees_objects: bool = False
    items: str | None = None
    makes: bool = False

    def spelling(self, module: str | None) -> str:
        """Return how code in `module` calls the function: its path, or its name after a dot for a method."""
        if self.makes:
            return f"{self.owner}::{self.name}"
        if self.owner is not None:
            return f".{self.name}"
        return self.name if self.module in (None, module) else f"{self.module}::{self.name}"


def borrowed_params(functions: Mapping[str, Function], function: Function) -> frozenset[str]:
    """Return the parameters that a function only looks through: they hold references, and it gives them no other value."""
    if all(param.type.duplicable for param in function.params):
        return frozenset()
    written = {name for node in walk_function(function) for name in written_locals(functions, node)}
    if is_constructor(function):
        written |= stored_params(function)
    return frozenset(param.name for param in function.params if not (param.type.duplicable or param.by_ref or param.name in written))


def sees_objects(function: Function) -> bool:
    """Tell whether a function takes or gives objects that can change: what it does may be seen, and depend on what others do."""
    return any(map(_holds_objects, (function.result, *(param.type for param in function.params))))


def _holds_objects(type_: Type) -> bool:
    parts = type_.members if isinstance(type_, UnionType) else type_.elements if type_.refers else ()
    return isinstance(type_, ListRef | DictRef | SetRef | LibraryRef) or any(map(_holds_objects, parts))


class FunctionNames:
    """Names a program's functions one after the other; `scopes` are the names that are taken in each type and module."""

    def __init__(self, program: Program, fallible: Set[str], types: TypeNames, scopes: dict[str, Scope]) -> None:
        self._initial, self._fallible, self._types, self._scopes = program.initial, fallible, types, scopes
        self._functions = {function.name: function for function in program.functions}
        self._operators: set[tuple[str, str, str, tuple[str, ...]]] = set()

    def callees(self) -> dict[str, Callee]:
        """Return how each function is spelled, by its name in the program."""
        return {name: self._callee(function) for name, function in self._functions.items()}

    def _callee(self, function: Function) -> Callee:
        named, borrowed = self._named(function), borrowed_params(self._functions, function)
        items = function.params[0].name if function.name.endswith(OF_ITEMS) else None
        return replace(named, borrowed=borrowed, sees_objects=sees_objects(function), items=items)

    def _named(self, function: Function) -> Callee:
        fallible = function.name in self._fallible
        base = "initialise" if function.name == self._initial else function.display.rpartition(".")[2]
        first = function.params[0].type if function.params else NONE
        if not function.library:
            owner = self._types.name_of(first) if isinstance(first, RecordType) and function.name.startswith(f"{first.name}.") else None
            if is_generator(first) and function.name == resume_name(maker_of(first)):
                owner = self._types.name_of(first)
                return Callee(function, self._take(owner, "resume"), None, fallible, owner)
            if is_constructor(function):
                owner = self._types.name_of(function.result)
                return Callee(function, self._take(owner, "new"), None, fallible, owner, makes=True)
            if is_instance(first) and "." in function.name:
                owner = self._types.name_of(first)
                return Callee(function, self._take(owner, identifier(method_name(base))), None, fallible, owner)
            return Callee(function, self._take(owner or "", identifier(base)), None, fallible, owner)
        module = identifier(function.name.partition(".")[0])
        found = _GF_METHOD.fullmatch(base)
        if found is None or not isinstance(first, GF_TYPES):
            base = "item" if function.name.endswith(OF_ITEMS) else base.removeprefix("Gf_").lstrip("_")
            name = snake_case(identifier(base + _made_for(function)))
            return Callee(function, self._take(module, name), module, fallible)
        owner = self._types.name_of(first)
        method = found.group(1)
        if method in OPERATORS and self._fits(OPERATORS[method], function, fallible):
            operator = OPERATORS[method]
            key = (owner, operator.trait, operator.shape, tuple(self._types.name_of(param.type) for param in function.params[1:]))
            if key not in self._operators:
                self._operators.add(key)
                return Callee(function, operator.method, module, fallible, owner, operator)
        return Callee(function, self._take(owner, snake_case(identifier(method.strip("_")))), module, fallible, owner)

    @staticmethod
    def _fits(operator: Operator, function: Function, fallible: bool) -> bool:
        if fallible or len(function.params) != (1 if operator.shape == "unary" else 2):
            return False
        in_place = function.params[0].by_ref
        if operator.shape == "assign":
            return in_place and isinstance(function.result, NoneType)
        return not in_place and not any(param.by_ref for param in function.params)

    def _take(self, scope: str, wanted: str) -> str:
        return self._scopes.setdefault(scope, Scope()).take(wanted)
