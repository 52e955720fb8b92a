"""Objects made with all that they hold at once: `x = Point::default(); x.set_a(1); x.set_b(2);` becomes `x = Point::of(1, 2);`.

So does a variable that functions share, a list that is emptied before it is filled. What is made whole and nobody asks for is dropped
like every other value, with what it would have been made of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from portalis.translator.backends.rust.effects import is_droppable, mentions
from portalis.translator.backends.rust.names import setter
from portalis.translator.backends.rust.traversal import rebuild
from portalis.translator.backends.rust.tree import Assign, Body, Build, Call, Do, Expr, Literal, Method, Stmt, Var
from portalis.translator.backends.rust.type_names import TypeNames


def made_whole(body: Body, types: TypeNames) -> Body:
    """Return statements in which objects that get all that they hold right after they were made are made of it."""
    return _Maker(types).body(body)


class _Maker:
    def __init__(self, types: TypeNames) -> None:
        self.types = types

    def body(self, body: Body) -> Body:
        rest, made, changed = body, list[Stmt](), False
        while rest:
            first, *others = rest
            whole, used = _filled(rest) or self.whole(first, others) or (None, 1)
            new = rebuild(first, self.expr, self.body) if whole is None else whole
            changed = changed or new is not first
            made.append(new)
            rest = rest[used:]
        return tuple(made) if changed else body

    def expr(self, expr: Expr) -> Expr:
        return rebuild(expr, self.expr, self.body)

    def whole(self, first: Stmt, rest: Sequence[Stmt]) -> tuple[Assign, int] | None:
        """Return the making of an object with all its fields, whose values the next statements have, and how many statements that are."""
        match first:
            case Assign(Var(name), Build(type_, ())):
                pass
            case _:
                return None
        fields = [field for field, _ in self.types.object_fields.get(type_, ())]
        put = [_put(statement, name) for statement in rest[: len(fields)]]
        given = dict(one for one in put if one is not None)
        if not fields or len(given) < len(fields) or given.keys() != {setter(field) for field in fields}:
            return None
        in_order = list(given) == [setter(field) for field in fields]
        if not in_order and not all(map(is_droppable, given.values())):
            return None
        late = self.types.late_fields.get(type_, frozenset())
        values = [(field, given[setter(field)]) for field in fields]
        items = tuple(Call("Some", (value,), pure=True) if field in late else value for field, value in values)
        return replace(first, value=Build(type_, items)), 1 + len(fields)


def _filled(body: Body) -> tuple[Assign, int] | None:
    """Return the making of a list with the item that it is filled with, and how many statements that are; None where it is no such."""
    match body[:3]:
        case (
            Assign(Var(name), Build(type_, ())) as made,
            Do(Method(Var(emptied), "truncate", (Literal("0"),))),
            Do(Method(Var(filled), "push", (item,))),
        ) if name == emptied == filled and not mentions(item, name):
            return replace(made, value=Build(type_, (item,))), 3
    return None


def _put(statement: Stmt, name: str) -> tuple[str, Expr] | None:
    """Return which field of an object a statement sets and the value, which does not ask the object; None where it does nothing such."""
    match statement:
        case Do(Method(Var(found), set_, (value,))) if found == name and set_.startswith("set_") and not mentions(value, name):
            return set_, value
    return None
