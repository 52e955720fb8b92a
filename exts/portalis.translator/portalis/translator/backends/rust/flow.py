"""Liveness: which variables' values are still wanted, and the removal of assignments that nobody reads.

Invariant: after `drop_dead` rustc has no reason for its unused_assignments lint on local variables.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar, cast

from portalis.translator.backends.rust.effects import is_droppable
from portalis.translator.backends.rust.hoist import chosen, discarded
from portalis.translator.backends.rust.traversal import children, rebuild
from portalis.translator.backends.rust.tree import (
    Assign,
    Binary,
    Block,
    Body,
    Break,
    Catch,
    Choose,
    Clone,
    Continue,
    Do,
    Expr,
    Field,
    For,
    If,
    Let,
    Loop,
    Node,
    Return,
    Stmt,
    Tuple,
    Update,
    Var,
    While,
)

NodeT = TypeVar("NodeT", bound=Node)
Live = frozenset[str]
NOTHING: Live = frozenset()
# Takes an exception of which nobody asks anything.
NOBODY = "_"


@dataclass
class Liveness:
    """Computes live sets backward; `breaks` and `continues` give, for each label in scope, what is live where they lead."""

    breaks: dict[str, Live] = field(default_factory=dict)
    continues: dict[str, Live] = field(default_factory=dict)
    # Of expressions, which are asked again and again: what all of each reads, or None where that depends on what it leads to.
    _reads: dict[int, tuple[Expr, Live | None]] = field(default_factory=dict)

    def before_body(self, body: Body, after: Live) -> Live:
        """Return what is live before statements."""
        for statement in reversed(body):
            after = self.before(statement, after)
        return after

    def before(self, statement: Stmt, after: Live) -> Live:
        """Return what is live before a statement."""
        match statement:
            case Let(name, None):
                return after - {name}
            case Assign(Var(name), value) | Let(name, value):
                return self.before_expr(cast(Expr, value), after - {name})
            case Update(_, Var(name), value) if name not in after:
                # Nobody wants the sum, so nobody wants what it is added to.
                return self.before_expr(value, after)
            case Assign(place, value) | Update(_, place, value):
                return self.before_expr(value, self.before_expr(place, after))
            case Do(value):
                return self.before_expr(value, after)
            case Return(value):
                return self.before_expr(value, NOTHING)
            case Break(label):
                return self.breaks[label]
            case Continue(label):
                return self.continues[label]
            case If(test, then, otherwise):
                return self.before_expr(test, self.before_body(then, after) | self.before_body(otherwise, after))
            case For(_, _, iterable, _):
                return self.before_expr(iterable, self.loop_head(statement, after))
            case While() | Loop():
                return self.loop_head(statement, after)

    def before_expr(self, expr: Expr, after: Live) -> Live:
        """Return what is live before an expression."""
        match expr:
            case Var(name):
                return after | {name}
            case Block(body, value):
                return self.before_body(body, self.before_expr(value, after))
            case Catch(value, Var(name), label):
                return self.before_expr(value, after | (self.breaks[label] - {name}))
            case Choose(test, then, otherwise):
                return self.before_expr(test, self.before_expr(then, after) | self.before_expr(otherwise, after))
            case Binary("&&" | "||", left, right):
                return self.before_expr(left, after | self.before_expr(right, after))
            case _:
                if (read := self._reads_of(expr)) is not None:
                    return after if read <= after else after | read
                for child in reversed(list(children(expr))):
                    after = self.before_expr(cast(Expr, child), after)
                return after

    def _reads_of(self, expr: Expr) -> Live | None:
        """Return the variables that an expression reads; None where it has statements, or may leave to somewhere."""
        if isinstance(expr, Var):
            return frozenset((expr.name,))
        if (known := self._reads.get(id(expr))) is None or known[0] is not expr:
            parts = [None] if isinstance(expr, Block | Catch) else [self._reads_of(cast(Expr, child)) for child in children(expr)]
            read = None if None in parts else NOTHING.union(*cast("list[Live]", parts))
            known = self._reads[id(expr)] = expr, read
        return known[1]

    def loop_head(self, loop: While | Loop | For, after: Live) -> Live:
        """Return what is live where a loop begins its next round, and set where its breaks and continues lead."""
        head = NOTHING if isinstance(loop, Loop) else after
        while True:
            self.breaks[loop.label], self.continues[loop.label] = after, head
            inside = self.before_body(loop.body, head)
            match loop:
                case While(_, test, _):
                    grown = self.before_expr(test, inside | after)
                case For(_, name):
                    grown = (inside - {name}) | after
                case Loop():
                    grown = inside
            if grown <= head:
                return head
            head |= grown


class LiveRewriter(Liveness):
    """Rewrites statements and expressions knowing what is live behind each; by itself it changes nothing."""

    def body(self, body: Body, after: Live) -> Body:
        """Return statements rewritten; those of which nothing is left are gone."""
        result: list[Stmt] = []
        changed = False
        for statement in reversed(body):
            kept = self.statement(statement, after)
            after = self.before(statement, after)
            changed = changed or kept is not statement
            result += reversed(kept) if isinstance(kept, tuple) else (kept,)
        return tuple(reversed(result)) if changed else body

    def statement(self, statement: Stmt, after: Live) -> Stmt | Body:
        """Return a statement rewritten, or the statements that it has become."""
        match statement:
            case If(_, then, otherwise):
                branches = self.before_body(then, after) | self.before_body(otherwise, after)
                return rebuild(statement, lambda expr: self.expr(expr, branches), lambda inner: self.body(inner, after))
            case For():
                head = self.loop_head(statement, after)
                return rebuild(statement, lambda expr: self.expr(expr, head), lambda inner: self.body(inner, head))
            case While(_, _, body):
                head = self.loop_head(statement, after)
                inside = self.before_body(body, head) | after
                return rebuild(statement, lambda expr: self.expr(expr, inside), lambda inner: self.body(inner, head))
            case Loop():
                head = self.loop_head(statement, after)
                return rebuild(statement, lambda expr: expr, lambda inner: self.body(inner, head))
            case Assign(Var(name)) | Let(name):
                return self.operands(statement, after - {name})
            case Assign(place) | Update(_, place):
                return rebuild(
                    statement, lambda expr: self.expr(expr, after if expr is place else self.before_expr(place, after)), lambda inner: inner
                )
            case Return():
                return self.operands(statement, NOTHING)
            case _:
                return self.operands(statement, after)

    def expr(self, expr: Expr, after: Live) -> Expr:
        """Return an expression rewritten."""
        match expr:
            case Block(body, value):
                kept, last = self.body(body, self.before_expr(value, after)), self.expr(value, after)
                if kept is body and last is value:
                    return expr
                return Block(kept, last) if kept else last
            case Catch(value, Var(name), label):
                either = after | (self.breaks[label] - {name})
                return rebuild(expr, lambda item: self.expr(item, either) if item is value else item, lambda inner: inner)
            case Choose(test, then, otherwise):
                branches = self.before_expr(then, after) | self.before_expr(otherwise, after)
                return rebuild(expr, lambda item: self.expr(item, branches if item is test else after), lambda inner: inner)
            case Binary("&&" | "||", left, right):
                either = after | self.before_expr(right, after)
                return rebuild(expr, lambda item: self.expr(item, either if item is left else after), lambda inner: inner)
            case _:
                return self.operands(expr, after)

    def operands(self, node: NodeT, after: Live) -> NodeT:
        """Look into operands that are evaluated in order, each before the next."""
        replaced: list[Expr] = []
        for child in reversed(list(children(node))):
            operand = cast(Expr, child)
            replaced.append(self.expr(operand, after))
            after = self.before_expr(operand, after)
        return rebuild(node, lambda _: replaced.pop(), lambda inner: inner)


def drop_dead(body: Body) -> Body:
    """Remove assignments whose value nobody reads, keeping what their right sides do; until none is left."""
    while True:
        remaining = _Dropper().body(body, NOTHING)
        if remaining is body:
            return body
        body = remaining


class _Dropper(LiveRewriter):
    def statement(self, statement: Stmt, after: Live) -> Stmt | Body:
        match statement:
            case Assign(Var(name), value) | Update(_, Var(name), value) if name not in after:
                return discarded(value)
            case Do(value) if (kept := discarded(value)) != (statement,):
                return kept
            case If(test, (), otherwise):
                return chosen(test, (), otherwise)
            case For(_, name, iterable, ()) if name not in after and is_droppable(iterable):
                return ()
            case _:
                return super().statement(statement, after)

    def expr(self, expr: Expr, after: Live) -> Expr:
        match expr:
            case Catch(value, Var(name), label) if name not in self.breaks[label] | {NOBODY}:
                return super().expr(Catch(value, Var(NOBODY), label), after)
            case Clone(Field() as place) | (Field() as place) if (item := _alone(place)) is not None:
                # Nobody else has it, so that it is no clone.
                return self.expr(item, after)
            case _:
                return super().expr(expr, after)


def _alone(place: Field) -> Expr | None:
    """Return the item that is taken of a new tuple whose other items nobody wants: no tuple is made for one item."""
    match place:
        case Field(Tuple(items), name) if all(is_droppable(item) for number, item in enumerate(items) if str(number) != name):
            return items[int(name)]
    return None
