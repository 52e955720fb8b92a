"""What every part of a function is written with: its names, its places, and where its errors go."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence as Sequence_
from dataclasses import dataclass, field
from typing import assert_never

from portalis.translator.backends.rust import tree
from portalis.translator.backends.rust.callees import Callee
from portalis.translator.backends.rust.frames import is_nothing
from portalis.translator.backends.rust.names import Scope, identifier
from portalis.translator.backends.rust.traversal import root, walk
from portalis.translator.backends.rust.tree import Expr
from portalis.translator.backends.rust.world import World
from portalis.translator.ir import nodes as ir
from portalis.translator.ir.errors import site_of
from portalis.translator.ir.types import (
    QuatType,
    Type,
    VecType,
)


def is_single(type_: Type) -> bool:
    """Tell whether an aggregate's elements are held as f32."""
    return isinstance(type_, VecType | QuatType) and type_.scalar == "f"


@dataclass
class FunctionWriter(ABC):
    """What is known of the function that is written, and its places.

    `locals` maps the IR's names to Rust's; `types` collects the Rust types of all locals.
    `references` are the variables that are `&mut` and `borrowed` those that are `&`; `errors` are those that hold what a handler caught.
    """

    world: World
    function: ir.Function
    callee: Callee
    scope: Scope = field(default_factory=Scope)
    locals: dict[str, str] = field(default_factory=dict)
    types: dict[str, Type] = field(default_factory=dict)
    references: set[str] = field(default_factory=set)
    errors: set[str] = field(default_factory=set)
    borrowed: set[str] = field(default_factory=set)
    # Where exceptions go: the variables and labels of what protects this place, the innermost last. And those that hold one now.
    catching: list[tuple[str, str]] = field(default_factory=list)
    caught: list[str] = field(default_factory=list)

    def fresh(self, hint: str, type_: Type) -> str:
        """Return a new local variable of a type."""
        name = self.scope.take(identifier(hint))
        self.types[name] = type_
        return name

    def site(self, node: ir.Node) -> Expr:
        """Return the constant that names a node's error site."""
        found = site_of(node)
        assert found is not None, "the node can end a call"
        return tree.Path(self.world.site(found, self.callee.module))

    @abstractmethod
    def expr(self, node: ir.Expr) -> Expr:
        """Return the value of an IR expression."""

    @abstractmethod
    def statements(self, body: tuple[ir.Stmt, ...]) -> tree.Body:
        """Return the statements of a `Sequence`."""

    def base(self, node: ir.Expr) -> Expr:
        """Return an aggregate of which a part is taken, or an object that is borrowed: through a reference no dereference is needed."""
        if isinstance(node, ir.Local) and not is_nothing(node.type):
            return tree.Var(self.locals[node.name])
        return place_of(self.expr(node))

    def variable(self, node: ir.Local) -> Expr:
        """Return a variable, seen through where it is a reference."""
        variable = tree.Var(self.locals[node.name])
        return tree.Unary("*", variable) if variable.name in self.references | self.borrowed else variable

    def operand(self, node: ir.Expr) -> Expr:
        """Return an object that an operator borrows."""
        return self.variable(node) if isinstance(node, ir.Local) else place_of(self.expr(node))

    def shared(self, node: ir.Expr) -> Expr:
        """Return an object as an argument that is borrowed."""
        place = self.operand(node)
        return (
            place.value if isinstance(place, tree.Unary) and place.op == "*" and _is_borrowed(place, self.borrowed) else shared_place(place)
        )

    def propagated(self, value: Expr, edge: ir.Edge | None) -> Expr:
        """Return the value out of a `Result`, whose error goes along the edge; without an edge, a value that is none."""
        if edge is None:
            return value
        match edge.target:
            case "leave":
                return tree.Try(value)
            case "handler":
                place, label = self.catching[-1]
                return tree.Catch(value, tree.Var(place), label)
            case _:
                assert_never(edge.target)

    def spilled(self, values: Sequence_[tuple[str, Type, Expr]]) -> tuple[tree.Body, list[Expr]]:
        """Return assignments of values to new variables, in order, and the variables."""
        body: list[tree.Stmt] = []
        names: list[Expr] = []
        for hint, type_, value in values:
            name = tree.Var(self.fresh(hint, type_))
            body.append(tree.Assign(name, value))
            names.append(name if type_.duplicable else tree.Clone(name))
        return tuple(body), names


def place_of(value: Expr) -> Expr:
    """Return a place instead of a clone of what is in it."""
    return value.place if isinstance(value, tree.Clone) else value


def copied(type_: Type, place: Expr) -> Expr:
    """Return the value of a place: where it holds references a clone, unless it is a part of what is about to go."""
    if type_.duplicable or (root(place) is None and not any(isinstance(part, tree.Index) for part in walk(place))):
        return place
    return tree.Clone(place)


def shared_place(place: Expr) -> Expr:
    """Return a place that is borrowed."""
    return tree.Unary("&", place)


def _is_borrowed(place: tree.Unary, borrowed: set[str]) -> bool:
    return isinstance(place.value, tree.Var) and place.value.name in borrowed
