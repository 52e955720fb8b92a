"""Removes variables that the front-end made only to fix an order that Rust keeps by itself.

`t = a; b = t + 1` becomes `b = a + 1` where nothing between the two could tell. The user's own variables stay.
"""

from __future__ import annotations

from portalis.translator.backends.rust.effects import Effects, effects, mentions
from portalis.translator.backends.rust.traversal import children, rebuild, walk, walk_body
from portalis.translator.backends.rust.tree import (
    LOOPS,
    Assign,
    Binary,
    Block,
    Body,
    Borrow,
    Call,
    Cast,
    Choose,
    Clone,
    Do,
    Expr,
    Field,
    For,
    If,
    Let,
    Literal,
    Method,
    Node,
    Path,
    Return,
    Stmt,
    Try,
    Unary,
    Update,
    Var,
)


def inline_temporaries(body: Body, temporaries: frozenset[str]) -> Body:
    """Return a body without those of `temporaries` that are assigned once and whose value may as well be computed where it is used."""
    mentions: dict[str, int] = {}
    for part in walk_body(body):
        if isinstance(part, Var | For):
            mentions[part.name] = mentions.get(part.name, 0) + 1
    return _Inliner(temporaries, mentions).body(body)


class _Inliner:
    def __init__(self, temporaries: frozenset[str], mentions: dict[str, int]) -> None:
        self.temporaries = temporaries
        self.mentions = mentions

    def body(self, body: Body) -> Body:
        rest = list(body)
        result: list[Stmt] = []
        while rest:
            statement = rest.pop(0)
            if isinstance(statement, Assign) and isinstance(statement.place, Var) and statement.place.name in self.temporaries:
                shorter = self.without(statement.place.name, statement.value, tuple(rest))
                if shorter is not None:
                    rest = list(shorter)
                    continue
                if (named := self.named(statement.place.name, statement.value, rest)) is not None:
                    rest = named
                    continue
                if rest[1:] and (swap := self.swap(statement, rest[0], rest[1])) is not None:
                    rest[:2] = [swap]
                    continue
            result.append(rebuild(statement, self.expr, self.body))
        same = len(result) == len(body) and all(after is before for after, before in zip(result, body, strict=True))
        return body if same else tuple(result)

    def named(self, name: str, value: Expr, rest: list[Stmt]) -> list[Stmt] | None:
        """Return `x = a; …` for `t = a; …; x = t` where what is between always gets there and does not know x; None where it is not so."""
        if self.mentions.get(name, 0) != 2:
            return None
        for index, statement in enumerate(rest):
            match statement:
                case Assign(Var(target), Var(found) | Clone(Var(found))) if found == name and not self.is_kept(target):
                    if any(mentions(other, target) for other in rest[:index]) or not effects(*rest[:index]).pure or mentions(value, target):
                        return None
                    return [Assign(Var(target), value), *rest[:index], *rest[index + 1 :]]
            if not effects(statement).pure:
                return None
        return None

    def is_kept(self, name: str) -> bool:
        """Tell whether a variable is one of the temporaries, which go by themselves."""
        return name in self.temporaries

    def swap(self, first: Stmt, second: Stmt, third: Stmt) -> Stmt | None:
        """Return `t = a; a = b; b = t;` for two variables as a swap."""
        match first, second, third:
            case Assign(Var(t), Var(a)), Assign(Var(a2), Var(b)), Assign(Var(b2), Var(t2)):
                if (t, a, b) == (t2, a2, b2) and a != b and self.mentions[t] == 2:
                    return Do(Call("std::mem::swap", (Borrow(Var(a)), Borrow(Var(b)))))
        return None

    def expr(self, expr: Expr) -> Expr:
        if isinstance(expr, Block):
            # The block's value is what runs last in it.
            *body, last = self.body((*expr.body, Return(expr.value)))
            assert isinstance(last, Return)
            value = self.expr(last.value) if last.value is not expr.value else last.value
            return Block(tuple(body), value) if body else value
        return rebuild(expr, self.expr, self.body)

    def without(self, name: str, value: Expr, rest: Body) -> Body | None:
        """Return the statements that follow an assignment with its value in place of the variable, or None where that may differ."""
        uses = [part for part in walk_body(rest) if isinstance(part, Var) and part.name == name]
        if len(uses) + 1 != self.mentions.get(name, 0) or not uses or _assigns(rest, name):
            return None
        found = effects(value)
        if found.pure and not found.writes and (len(uses) == 1 or _is_cheap(value)) and not _is_repeated(rest, name, value):
            last = max(index for index, statement in enumerate(rest) if effects(statement).reads & {name})
            if not effects(*rest[: last + 1]).writes & found.reads and not _captures(rest, found.reads):
                # What stands in a block may be gone over once more.
                for part in walk(value):
                    if isinstance(part, Var):
                        self.mentions[part.name] += len(uses) - 1
                return tuple(_substituted(statement, name, value) for statement in rest)
        if len(uses) == 1 and _is_next(rest[0], name, found):
            return (_substituted(rest[0], name, value), *rest[1:])
        return None


def _assigns(body: Body, name: str) -> bool:
    return (
        any(
            (isinstance(part, Assign | Update) and isinstance(part.place, Var) and part.place.name == name)
            or (isinstance(part, For | Let) and part.name == name)
            for part in walk_body(body)
        )
        or name in effects(*body).writes
    )


def _captures(body: Body, names: frozenset[str]) -> bool:
    """Tell whether statements bind one of the names anew."""
    return any(isinstance(part, For | Let) and part.name in names for part in walk_body(body))


def _is_repeated(body: Body, name: str, value: Expr) -> bool:
    """Tell whether what takes time, a walk through objects, would be done in each round of a loop instead of once before it."""
    return (
        any(map(_walks, walk(value)))
        and not _is_cheap(value)
        and any(isinstance(part, LOOPS) and mentions(part, name) for part in walk_body(body))
    )


def _walks(part: Node) -> bool:
    match part:
        case Clone() | Unary("&"):
            return True
        case Method(_, _, _, _, _, heap) | Call(_, _, _, heap):
            return heap != "untouched"
        case _:
            return False


def _is_cheap(value: Expr) -> bool:
    match value:
        case Var() | Literal() | Path():
            return True
        case Field(inner) | Unary(_, inner) | Clone(inner):
            return _is_cheap(inner)
        case _:
            return False


def _substituted(statement: Stmt, name: str, value: Expr) -> Stmt:
    def expr(item: Expr) -> Expr:
        match item:
            case Clone(Var(found)) if found == name:
                return value
            case Var(found) if found == name:
                return value.place if isinstance(value, Clone) else value
            case Cast(Var(found), "usize") if found == name and isinstance(value, Cast) and isinstance(value.value, Try):
                # A checked index, which was a usize to begin with.
                return value.value if _is_index(value.value) else Cast(value, "usize")
            case _:
                return rebuild(item, expr, statements)

    def statements(items: Body) -> Body:
        return tuple(rebuild(item, expr, statements) for item in items)

    return rebuild(statement, expr, statements)


def _is_index(value: Try) -> bool:
    return isinstance(value.value, Call) and value.value.function == "ops::index"


def _is_next(statement: Stmt, name: str, value: Effects) -> bool:
    """Tell whether a statement certainly evaluates the variable, once, after nothing but what commutes with its value."""
    match statement:
        case Assign(place, right) | Update(_, place, right):
            operands: tuple[Expr, ...] = (right,) if isinstance(place, Var) else (right, place)
        case Do(right) | Return(right) | If(right) | For(_, _, right):
            operands = (right,)
        case _:
            return False
    before: list[Expr] = []
    return any(_reaches(operand, name, before) for operand in operands) and effects(*before).commutes_with(value)


def _reaches(expr: Expr, name: str, before: list[Expr]) -> bool:
    """Tell whether evaluation gets to the variable unconditionally, collecting what comes before."""
    match expr:
        case Var(found) if found == name:
            return True
        case Choose(first) | Binary("&&" | "||", first):
            if _reaches(first, name, before):
                return True
            before.append(expr)
            return False
        case Block():
            before.append(expr)
            return False
        case _:
            for child in children(expr):
                if _reaches(child, name, before):  # type: ignore[arg-type]
                    return True
            if not any(isinstance(part, Var) and part.name == name for part in walk(expr)):
                before.append(expr)
            return False
