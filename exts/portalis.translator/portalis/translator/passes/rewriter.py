"""Rebuilding a tree from the bottom up, keeping every part that did not change."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, TypeVar

from portalis.translator.ir.nodes import NODES, ElementLoad, Expr, FieldLoad, Function, Node, Program, Stmt

NodeT = TypeVar("NodeT", bound=Node)
_SHAPES: dict[str, str] = {
    "Expr": "expr",
    "Bound | Prim | Call": "expr",
    "FieldLoad | ElementLoad": "place",
    "tuple[Expr, ...]": "exprs",
    "tuple[Stmt, ...]": "block",
}
_FIELDS: dict[type, tuple[str, ...]] = {kind: tuple(field.name for field in fields(kind)) for kind in NODES}
# Each kind of node's children in the order in which they are evaluated, and what they are.
_CHILDREN: dict[type, tuple[tuple[str, str], ...]] = {
    kind: tuple((name, _SHAPES[str(next(field.type for field in fields(kind) if field.name == name))]) for name in kind.children)
    for kind in NODES
}


class Rewriter:
    """Rewrites expressions and statements in evaluation order; a pass overrides `expr` and `statement`, and calls them for the children."""

    def expr(self, node: Expr) -> Expr:
        """Return an expression with rewritten children."""
        return self.rebuilt(node)

    def statement(self, node: Stmt) -> tuple[Stmt, ...]:
        """Return what takes a statement's place: the statement with rewritten children."""
        return (self.rebuilt(node),)

    def rebuilt(self, node: NodeT) -> NodeT:
        """Return a node with rewritten children."""
        changes: dict[str, object] = {}
        for name, shape in _CHILDREN[type(node)]:
            old = getattr(node, name)
            new: object
            if shape == "block":
                new = self.block(old)
            elif shape == "exprs":
                new = self.all(old)
            else:
                new = self.expr(old)
                assert shape == "expr" or isinstance(new, FieldLoad | ElementLoad), "a place stays one"
            if new is not old:
                changes[name] = new
        return with_fields(node, changes) if changes else node

    def all(self, items: tuple[Expr, ...]) -> tuple[Expr, ...]:
        """Rewrite expressions that are evaluated one after the other."""
        new = tuple([self.expr(item) for item in items])
        return items if all(map(_is, new, items)) else new

    def block(self, body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        """Rewrite statements."""
        new = tuple([part for statement in body for part in self.statement(statement)])
        return body if len(new) == len(body) and all(map(_is, new, body)) else new

    def function(self, function: Function) -> Function:
        """Rewrite a function's body."""
        body = self.block(function.body)
        return function if body is function.body else replace(function, body=body)


def with_fields(node: NodeT, changes: dict[str, object]) -> NodeT:
    """Return a node with other values in some fields."""
    kind: Any = type(node)
    rebuilt: NodeT = kind(*[changes[name] if name in changes else getattr(node, name) for name in _FIELDS[kind]])
    return rebuilt


def with_functions(program: Program, functions: tuple[Function, ...]) -> Program:
    """Return a program with other functions; the program itself where they are the same."""
    same = len(functions) == len(program.functions) and all(map(_is, functions, program.functions))
    return program if same else replace(program, functions=functions)


def _is(left: object, right: object) -> bool:
    return left is right
