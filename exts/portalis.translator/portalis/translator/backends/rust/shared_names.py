"""Variables that have one name where nobody sees both: of `word` and `word_2` in different loops, both are `word`."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import replace

from portalis.translator.backends.rust.traversal import rebuild, walk_body
from portalis.translator.backends.rust.tree import Block, Body, Expr, For, Let, Node, Return, Stmt, Var

_NUMBERED = re.compile(r"(.+?)_\d+")
_WORD = re.compile(r"[\w#]+")
# What the arms of a match that catches are written with.
_OF_CATCHING = frozenset({"error", "outcome"})


def share_names(body: Body, numbered: AbstractSet[str], names: AbstractSet[str]) -> Body:
    """Return statements in which the variables `numbered` have names without numbers, of `names`, where these mean nothing else."""
    return _Sharing(numbered, names - _OF_CATCHING).body(body)


def bound_names(statement: Node) -> list[str]:
    """Return the names that a statement binds, several where its loop is over pairs."""
    return _WORD.findall(statement.name) if isinstance(statement, Let | For) else []


class _Sharing:
    def __init__(self, numbered: AbstractSet[str], names: AbstractSet[str]) -> None:
        self.numbered, self.names = numbered, names

    def body(self, body: Body) -> Body:
        rest, done = body, list[Stmt]()
        while rest:
            statement, rest = rest[0], rest[1:]
            for name in bound_names(statement):
                scope = statement.body if isinstance(statement, For) else rest
                if (new := self.shorter(name, scope)) is not None:
                    renamed, statement = _renamed(scope, name, new), _bound(statement, name, new)
                    statement, rest = (replace(statement, body=renamed), rest) if isinstance(statement, For) else (statement, renamed)
            done.append(rebuild(statement, self.expr, self.body))
        same = len(done) == len(body) and all(after is before for after, before in zip(done, body, strict=True))
        return body if same else tuple(done)

    def expr(self, expr: Expr) -> Expr:
        if not isinstance(expr, Block):
            return rebuild(expr, self.expr, self.body)
        # The block's value sees what its statements bind.
        *body, last = self.body((*expr.body, Return(expr.value)))
        assert isinstance(last, Return)
        return replace(expr, body=tuple(body), value=last.value)

    def shorter(self, name: str, scope: Body) -> str | None:
        """Return the name that a variable can have as well in the statements that see it."""
        match = _NUMBERED.fullmatch(name) if name in self.numbered else None
        if match is None or match[1] not in self.names:
            return None
        return None if any(_means(part, match[1]) for part in walk_body(scope)) else match[1]


def _means(part: Node, name: str) -> bool:
    return part == Var(name) or name in bound_names(part)


def _bound(statement: Stmt, name: str, new: str) -> Stmt:
    """Return a statement that binds one name instead of another."""
    if not isinstance(statement, Let | For) or name not in bound_names(statement):
        return statement
    return replace(statement, name=_WORD.sub(lambda word: new if word[0] == name else word[0], statement.name))


def _renamed(body: Body, name: str, new: str) -> Body:
    def expr(item: Expr) -> Expr:
        return Var(new) if item == Var(name) else rebuild(item, expr, statements)

    def statements(items: Body) -> Body:
        return _renamed(items, name, new)

    # A variable of the same name in a block of its own is called like this one.
    done = tuple(_bound(rebuild(statement, expr, statements), name, new) for statement in body)
    return done if any(after is not before for after, before in zip(done, body, strict=True)) else body
