"""Going over a Rust syntax tree, and making one of another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import TypeVar, cast

from portalis.translator.backends.rust.tree import EXPRESSIONS, STATEMENTS, Body, Expr, Field, Index, Node, Unary, Var

_HOLDS_NODES = re.compile(r"\b(Expr|Stmt|Var)\b")
# The fields of each class that hold nodes, and these backwards: most of the time that printing takes is spent on asking.
_FIELDS: dict[type, tuple[str, ...]] = {
    kind: tuple(field.name for field in fields(kind) if _HOLDS_NODES.search(str(field.type))) for kind in EXPRESSIONS + STATEMENTS
}
_BACKWARDS = {kind: names[::-1] for kind, names in _FIELDS.items()}
_EXPRESSIONS, _STATEMENTS = frozenset(EXPRESSIONS), frozenset(STATEMENTS)


def children(node: Node) -> list[Node]:
    """Return a node's direct children in field order, which is evaluation order but for `Assign` and `Update` (value first)."""
    found: list[Node] = []
    for name in _FIELDS[type(node)]:
        value = getattr(node, name)
        if type(value) is tuple:
            found += value
        elif value is not None:
            found.append(value)
    return found


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it, parents first."""
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        for name in _BACKWARDS[type(node)]:
            value = getattr(node, name)
            if type(value) is tuple:
                pending += value[::-1]
            elif value is not None:
                pending.append(value)


def walk_body(body: Body) -> Iterator[Node]:
    """Yield every node of a body, parents first."""
    for statement in body:
        yield from walk(statement)


NodeT = TypeVar("NodeT", bound=Node)


def rebuild(node: NodeT, on_expr: Callable[[Expr], Expr], on_body: Callable[[Body], Body]) -> NodeT:
    """Return a node with its direct child expressions and statement lists replaced; the same node where none changed."""
    changes: dict[str, object] = {}
    for name in _FIELDS[type(node)]:
        value = getattr(node, name)
        if type(value) in _EXPRESSIONS:
            new = on_expr(value)
            if new is not value:
                changes[name] = new
        elif type(value) is not tuple or not value:
            continue
        elif type(value[0]) in _EXPRESSIONS:
            items = tuple(map(on_expr, cast("tuple[Expr, ...]", value)))
            if any(after is not before for after, before in zip(items, value, strict=True)):
                changes[name] = items
        elif type(value[0]) in _STATEMENTS:
            body = on_body(cast(Body, value))
            if body is not value:
                changes[name] = body
    return replace(node, **changes) if changes else node  # type: ignore[arg-type]


def root(place: Expr) -> str | None:
    """Return the variable that a place lies in, or None where the expression is not a place."""
    while isinstance(place, Field | Index | Unary):
        if isinstance(place, Unary) and place.op != "*":
            return None
        place = place.value
    return place.name if isinstance(place, Var) else None
