"""Statements out of expressions: a block that is evaluated first in its statement becomes statements before it.

`x = { t = f(); t } + 1` becomes `t = f(); x = t + 1`. What comes before the block in evaluation order stays behind only where it commutes
with the block. Also cuts off what control cannot reach, which rustc warns about, and loops that nothing goes round in.
"""

from __future__ import annotations

from dataclasses import replace

from portalis.translator.backends.rust.effects import Effects, effects, falls_through, is_droppable
from portalis.translator.backends.rust.settle import settle
from portalis.translator.backends.rust.traversal import rebuild, root, walk_body
from portalis.translator.backends.rust.tree import (
    Array,
    Assign,
    Binary,
    Block,
    Body,
    Break,
    Build,
    Call,
    Cast,
    Catch,
    Choose,
    Clone,
    Continue,
    Do,
    Expr,
    Field,
    For,
    If,
    Index,
    Let,
    Literal,
    Loop,
    Method,
    Never,
    Path,
    Repeat,
    Return,
    Stmt,
    Struct,
    Tuple,
    Unary,
    Update,
    Var,
    While,
)

_OPPOSITES = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_NONE = Effects(frozenset(), frozenset(), True)


def hoist_body(body: Body) -> Body:
    """Return statements with their leading blocks hoisted and unreachable statements cut."""
    result: list[Stmt] = []
    for statement in body:
        for item in _hoist(statement):
            result.append(item)
            if not falls_through((item,)):
                return tuple(result)
    return tuple(result)


class _Lifter:
    """Collects the statements of the blocks that lead one statement, in `prelude`."""

    def __init__(self) -> None:
        self.prelude: list[Stmt] = []
        self._stayed = _NONE

    def lift(self, expr: Expr) -> Expr:
        """Return an expression without its leading blocks."""
        match expr:
            case Block(body, value):
                body = hoist_body(body)
                if not self._stayed.commutes_with(effects(*body)):
                    self._stay(Block(body, value))
                    return _tidy_block(body, _inside(value))
                self.prelude += body
                return self.lift(value) if falls_through(body) else Never()
            case Choose(test, then, otherwise):
                test = self.lift(test)
                self._stay(then, otherwise)
                return Choose(test, _inside(then), _inside(otherwise))
            case Binary("&&" | "||" as op, left, right):
                left = self.lift(left)
                self._stay(right)
                return Binary(op, left, _inside(right))
            case Unary("!", value):
                return negated(self.lift(value))
            case Literal() | Path() | Never():
                return expr
            case Var():
                self._stay(expr)
                return expr
            case _:
                lifted = rebuild(expr, self.lift, lambda inner: inner)
                self._stay(expr)
                return _element(lifted)

    def _stay(self, *exprs: Expr) -> None:
        found = effects(*exprs)
        stayed = self._stayed
        self._stayed = Effects(stayed.reads | found.reads, stayed.writes | found.writes, stayed.pure and found.pure)


def _element(expr: Expr) -> Expr:
    """Return the element itself of a record that is made for nothing else: no condition may begin with such a literal."""
    match expr:
        case Field(Struct(_, names, items), name):
            of = dict(zip(names, items, strict=True))
            wanted = of.pop(name)
            return settle(wanted) if all(map(is_droppable, of.values())) else expr
        case _:
            return expr


def _gone_round(label: str, body: Body) -> Body:
    """Return a loop, or its body alone where control goes through it once, as where nothing of what is tried fails."""
    jumps = [part for part in walk_body(body) if isinstance(part, Break | Continue | Catch) and part.label == label]
    if falls_through(body) or len(jumps) > 1:
        return (Loop(label, body),)
    if not jumps:
        return body
    return body[:-1] if body[-1] == jumps[0] else (Loop(label, body),)


def _inside(expr: Expr) -> Expr:
    """Hoist within a part that is evaluated only sometimes: its statements go into a block of its own."""
    lifter = _Lifter()
    value = lifter.lift(expr)
    return _tidy_block(tuple(lifter.prelude), value)


def _tidy_block(body: Body, value: Expr) -> Expr:
    if not body:
        return value
    if isinstance(value, Block):
        return Block(body + value.body, value.value)
    return Block(body, value if falls_through(body) else Never())


def _hoist(statement: Stmt) -> Body:
    lifter = _Lifter()
    match statement:
        case Assign(place, value) | Update(_, place, value):
            # The right side is evaluated before the place's indices; the variable itself is not read.
            value = lifter.lift(value)
            place = _lift_place(lifter, place)
            if isinstance(value, Never):
                return tuple(lifter.prelude)
            rest: Stmt = Assign(place, value) if isinstance(statement, Assign) else Update(statement.op, place, value)
        case Let(name, value, type_, mutable) if value is not None:
            rest = Let(name, lifter.lift(value), type_, mutable)
        case Do(value):
            value = lifter.lift(value)
            return (*lifter.prelude, *discarded(value)) if falls_through(tuple(lifter.prelude)) else tuple(lifter.prelude)
        case Return(value):
            rest = Return(lifter.lift(value))
        case If(test, then, otherwise):
            rest = If(lifter.lift(test), hoist_body(then), hoist_body(otherwise))
        case While(label, test, body):
            return _hoist_while(statement, label, test, hoist_body(body))
        case For(label, name, iterable, body, mutable):
            rest = For(label, name, lifter.lift(iterable), hoist_body(body), mutable)
        case Loop(label, body):
            return _gone_round(label, hoist_body(body))
        case _:
            rest = statement
    if lifter.prelude and not falls_through(tuple(lifter.prelude)):
        return tuple(lifter.prelude)
    return (*lifter.prelude, rest)


def discarded(value: Expr) -> Body:
    """Return the statements that evaluate an expression for what it does alone."""
    if is_droppable(value):
        return ()
    match value:
        case Never():
            return ()
        case Block(body, last):
            return (*body, *discarded(last))
        case Choose(test, then, otherwise):
            return chosen(test, discarded(then), discarded(otherwise))
        case Binary("&&", left, right):
            return chosen(left, discarded(right), ())
        case Binary("||", left, right):
            return chosen(left, (), discarded(right))
        case Call(args=parts, pure=True, heap="untouched" | "read") | Build(args=parts) | Tuple(parts) | Array(parts) | Struct(items=parts):
            return tuple(statement for part in parts for statement in discarded(part))
        case Method(receiver, args=args, pure=True, mutates=False, heap="untouched" | "read"):
            return tuple(statement for part in (receiver, *args) for statement in discarded(part))
        case Binary(_, left, right) | Index(left, right):
            return (*discarded(left), *discarded(right))
        case Unary(_, part) | Cast(part) | Field(part) | Clone(part) | Repeat(part):
            return discarded(part)
        case _:
            return (Do(value),)


def chosen(test: Expr, then: Body, otherwise: Body) -> Body:
    """Return a conditional statement, the other way round where only `otherwise` does something."""
    if isinstance(test, Literal):
        return then if test.text == "true" else otherwise
    if not then and not otherwise:
        return discarded(test)
    return (If(test, then, otherwise) if then else If(negated(test), otherwise),)


def _lift_place(lifter: _Lifter, place: Expr) -> Expr:
    match place:
        case Index(value, index):
            value = _lift_place(lifter, value)
            return Index(value, lifter.lift(index))
        case Field(value, name):
            return Field(_lift_place(lifter, value), name)
        case Unary("*", _) | Var():
            return place
    raise AssertionError(f"{root(place)} is not a place")


def _hoist_while(loop: While, label: str, test: Expr, body: Body) -> Body:
    lifter = _Lifter()
    lifted = lifter.lift(test)
    if not lifter.prelude:
        return (While(label, lifted, body),)
    if not falls_through(tuple(lifter.prelude)):
        return (Loop(label, tuple(lifter.prelude)),)
    return (Loop(label, (*lifter.prelude, If(negated(lifted), (Break(label),)), *body)),)


def negated(test: Expr) -> Expr:
    """Return the opposite of a test; of floats only (in)equality may be turned round, because of NaN."""
    match test:
        case Unary("!", value):
            return value
        case Binary("==" | "!=" as op, left, right, total):
            return Binary(_OPPOSITES[op], left, right, total)
        case Binary(op, left, right, True) if op in _OPPOSITES:
            return Binary(_OPPOSITES[op], left, right, True)
        case Method(_, "is_none" | "is_some" as asked, ()):
            return replace(test, name="is_some" if asked == "is_none" else "is_none")
        case _:
            return Unary("!", test)
