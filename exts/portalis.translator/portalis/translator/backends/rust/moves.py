"""The last steps about objects: where a clone may be the value itself, and how making and cloning are spelled.

Up to here a value that holds references is cloned wherever it is read, as if it were copied. A variable that nobody wants afterwards gives
its value away instead, so that a text that only it refers to is appended to in place.

Invariant: after `give_away` no variable is read that gave its value away (rustc holds every crate to it).
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import cast

from portalis.translator.backends.rust.flow import NOTHING, Live, LiveRewriter, NodeT
from portalis.translator.backends.rust.operations import CHECKED
from portalis.translator.backends.rust.records import RECORDS
from portalis.translator.backends.rust.settle import settle
from portalis.translator.backends.rust.traversal import children, rebuild, walk
from portalis.translator.backends.rust.tree import (
    Array,
    Assign,
    Binary,
    Body,
    Break,
    Build,
    Call,
    Cast,
    Catch,
    Choose,
    Clone,
    Continue,
    Expr,
    Field,
    Literal,
    Method,
    Stmt,
    Tuple,
    Unary,
    Var,
)

_CHECKED = frozenset(name for name, _ in CHECKED.values())


def give_away(body: Body, borrowed: AbstractSet[str]) -> Body:
    """Return a body in which variables give their values away where they are read last; what is `borrowed` is cloned everywhere."""
    return _Giver(frozenset(borrowed)).body(body, NOTHING)


class _Giver(LiveRewriter):
    def __init__(self, borrowed: frozenset[str]) -> None:
        super().__init__()
        self.borrowed = borrowed

    def expr(self, expr: Expr, after: Live) -> Expr:
        match expr:
            case Clone(Var(name) as variable) if name not in after and name not in self.borrowed:
                return variable
            case Clone(Choose() as chosen):
                return self.expr(chosen, after)
            case _:
                return super().expr(expr, after)

    def operands(self, node: NodeT, after: Live) -> NodeT:
        # What an operand beside it borrows or reads must still be there, whichever comes first, and what is wanted where it leaves to.
        items = [cast(Expr, child) for child in children(node)]
        if isinstance(node, Assign) and isinstance(node.place, Var):
            # What is assigned is not looked at, and only after the value is there.
            return rebuild(node, lambda item: item if item is node.place else self.expr(item, after), lambda inner: inner)
        wanted = [self.wanted(item) for item in items]
        replaced: list[Expr] = []
        for index in reversed(range(len(items))):
            beside = frozenset[str]().union(*wanted[:index], *wanted[index + 1 :])
            replaced.append(self.expr(items[index], after | beside))
        return rebuild(node, lambda _: replaced.pop(), lambda inner: inner)

    def wanted(self, item: Expr) -> Live:
        """Return the variables that an operand mentions, and those that are live where it leaves to."""
        found: set[str] = set()
        for part in walk(item):
            match part:
                case Var(name):
                    found.add(name)
                case Catch(_, _, label) | Break(label):
                    found |= self.breaks.get(label, NOTHING)
                case Continue(label):
                    found |= self.continues.get(label, NOTHING)
        return frozenset(found)


def without_detours(body: Body, borrowed: AbstractSet[str]) -> Body:
    """Return statements in which what is a reference already (`borrowed`) is not borrowed once more, and tuples tell their types."""

    def is_borrowed(item: Expr) -> bool:
        return isinstance(item, Var) and item.name in borrowed

    def expr(item: Expr) -> Expr:
        match item:
            case Unary("&", Var(name) as variable) | Unary("&", Unary("*", Var(name) as variable)) if name in borrowed:
                return variable
            case Binary("==" | "!=" as op, left, right, total) if is_borrowed(left) != is_borrowed(right):
                # What stood for a clone of it; of two references, Rust compares what they are of.
                first, second = (Unary("*", side) if is_borrowed(side) else expr(side) for side in (left, right))
                return Binary(op, first, second, total)
            case Binary(op, Cast(Method(left, "cmp", (right,)), "i64"), Literal("0" | "0_i64")):
                first = Unary("*", left) if is_borrowed(left) else left
                second = right.value if isinstance(right, Unary) and right.op == "&" else Unary("*", right)
                if is_borrowed(left) and is_borrowed(right):
                    first, second = left, right
                return Binary(op, expr(first), expr(second), total=True)
            case Field(Tuple(items), name):
                # The context tells of what type the item is, and nothing tells of what the others are.
                return rebuild(Field(Tuple(tuple(map(settle, items))), name), expr, statements)
            case _:
                return rebuild(item, expr, statements)

    def statements(items: Body) -> Body:
        return tuple(rebuild(item, expr, statements) for item in items)

    return statements(body)


def spell_objects(body: Body) -> Body:
    """Return statements in which objects are made and cloned by calls."""
    return tuple(_spelled_statement(statement) for statement in body)


def _spelled_statement(statement: Stmt) -> Stmt:
    return rebuild(statement, _spelled, spell_objects)


def _spelled(expr: Expr) -> Expr:
    if isinstance(expr, Method) and (isinstance(expr.receiver, Build) or expr.name in _CHECKED):
        # Nothing tells what an object is of, or a number is, before its method is looked for; that sees through a reference by itself.
        receiver = expr.receiver.value if isinstance(expr.receiver, Unary) and expr.receiver.op == "*" else expr.receiver
        expr = replace(expr, receiver=settle(receiver))
    match rebuild(expr, _spelled, spell_objects):
        case Clone(place):
            return Method(place, "clone", (), pure=True)
        case Binary("==" | "!=" | ">" as op, Method(measured, "len", (), pure, _, heap), Literal("0" | "0_i64")):
            asked = Method(measured, "is_empty", (), pure, heap=heap)
            return asked if op == "==" else Unary("!", asked)
        case Build(type_, args, settled):
            name, bracket, rest = type_.partition("<")
            path = f"{name}::{bracket}{rest}" if settled and bracket else name
            if name == "List" and args:
                return Call(f"{path}::from", (Array(args),), pure=True)
            if args and not (name in RECORDS and all(map(_is_nothing, args))):
                return Call(f"{path}::of", args, pure=True)
            return Call(f"{path}::new" if name in ("List", *RECORDS) else f"{path}::default", (), pure=True)
        case spelled:
            return spelled


def _is_nothing(field: Expr) -> bool:
    match field:
        case Call(function, ()):
            return function.startswith("List") and function.endswith("::new")
        case Literal(text):
            return text == "0"
        case _:
            return False
