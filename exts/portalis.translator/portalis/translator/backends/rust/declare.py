"""Declarations: `let` at a variable's first assignment, in the innermost block that all its uses lie in.

A variable whose value crosses neither end of a block is the block's own, even when other blocks have one of the same name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from portalis.translator.backends.rust import tree
from portalis.translator.backends.rust.effects import falls_through, mentions
from portalis.translator.backends.rust.flow import NOTHING, Live, Liveness
from portalis.translator.backends.rust.names import Scope
from portalis.translator.backends.rust.settle import is_settled
from portalis.translator.backends.rust.traversal import children, rebuild, walk, walk_body
from portalis.translator.backends.rust.tree import Assign, Block, Body, Choose, Expr, For, If, Let, Loop, Stmt, Var, While

Names = frozenset[str]


def declare(body: Body, types: Mapping[str, str], scope: Scope) -> Body:
    """Return a body in which every variable in `types` (its Rust type) is declared where it is used; none is declared before.

    `scope` gives a name to the variable of a loop whose target outlives it.
    """
    return _Placer(types, scope).body(body, frozenset(types), NOTHING)


def free(node: tree.Node) -> Names:
    """Return the variables that a piece of the tree mentions and does not bind by itself."""
    match node:
        case Var(name):
            return frozenset((name,))
        case Block(body, value):
            return free_in(body, free(value))
        case If(test, then, otherwise):
            return free(test) | free_in(then) | free_in(otherwise)
        case While(_, test, body):
            return free(test) | free_in(body)
        case Loop(_, body):
            return free_in(body)
        case For(_, name, iterable, body):
            return free(iterable) | (free_in(body) - {name})
        case _:
            return NOTHING.union(*map(free, children(node)))


def free_in(body: Body, after: Names = NOTHING) -> Names:
    """Return the variables that statements, and what comes after them and mentions `after`, have from outside."""
    for statement in reversed(body):
        after = free(statement) | (after - {statement.name} if isinstance(statement, Let) else after)
    return after


class _Placer:
    def __init__(self, types: Mapping[str, str], scope: Scope) -> None:
        self.types = types
        self.everything = frozenset(types)
        self.scope = scope
        self.flow = Liveness()

    def body(self, body: Body, names: Names, after: Live) -> Body:
        """Declare those of `names` that this body needs itself; `after` is live where it ends."""
        afters: list[Live] = []
        for statement in reversed(body):
            afters.append(after)
            after = self.flow.before(statement, after)
        result: list[Stmt] = []
        for statement, live in zip(body, reversed(afters), strict=True):
            placed = self.statement(statement, live)
            wanted = free(placed) & names
            names -= wanted
            result += self.introduce(placed, wanted)
        return tuple(result)

    def introduce(self, statement: Stmt, names: Names) -> Body:
        """Return a statement with the variables that it is the first to use declared."""
        match statement:
            case Assign(Var(name), value) if name in names and not mentions(value, name):
                declaration: Stmt = Let(name, value, None if is_settled(value) else self.types[name])
                return (*(Let(other, None, self.types[other]) for other in sorted(names - {name})), declaration)
            case _:
                return (*(Let(name, None, self.types[name]) for name in sorted(names)), statement)

    def statement(self, statement: Stmt, after: Live) -> Stmt:
        """Return a statement with the declarations inside its blocks; what it mentions besides must be declared outside."""
        match statement:
            case If(test, then, otherwise):
                return If(self.operand(statement, test, after), self.nested(then, after), self.nested(otherwise, after))
            case While(label, test, body):
                head = self.flow.loop_head(statement, after)
                return While(label, self.operand(statement, test, head | after), self.nested(body, head))
            case Loop(label, body):
                return Loop(label, self.nested(body, self.flow.loop_head(statement, after)))
            case For():
                return self.loop_over(statement, after)
            case _:
                before = self.flow.before(statement, after)
                return rebuild(statement, lambda expr: self.expr(expr, (statement,), before | after), lambda inner: inner)

    def loop_over(self, loop: For, after: Live) -> For:
        """Return a `for` that binds its target itself, unless the last value is wanted where the loop or a jump out of it leads."""
        head = self.flow.loop_head(loop, after)
        iterable = self.operand(loop, loop.iterable, head | after)
        used = loop.name in self.flow.before_body(loop.body, head)
        if used and loop.name in after | self.leaving((loop,)):
            name = self.scope.take("next")
            return For(loop.label, name, iterable, self.nested((Assign(Var(loop.name), Var(name)), *loop.body), head))
        return For(loop.label, loop.name if used else "_", iterable, self.nested(loop.body, head))

    def nested(self, body: Body, after: Live) -> Body:
        """Return a block with the declarations of its own variables, those that cross none of its ends."""
        crossing = self.flow.before_body(body, after) | (after if falls_through(body) else NOTHING) | self.leaving(body)
        return self.body(body, self.everything - crossing, after)

    def leaving(self, body: Body) -> Live:
        """Return what is live where the jumps out of a block arrive."""
        found = NOTHING
        own = {part.label for part in walk_body(body) if isinstance(part, tree.LOOPS)}
        for part in walk_body(body):
            match part:
                case tree.Break(label) | tree.Catch(_, _, label) if label not in own:
                    found |= self.flow.breaks[label]
                case tree.Continue(label) if label not in own:
                    found |= self.flow.continues[label]
        return found

    # ------------------------------------------------------------------------------------------------------- expressions
    def operand(self, statement: Stmt, expr: Expr, live: Live) -> Expr:
        """Return the expression of a statement that has blocks too."""
        return self.expr(expr, (statement,), self.flow.before_expr(expr, live) | live)

    def expr(self, expr: Expr, around: tuple[tree.Node, ...], live: Live) -> Expr:
        """Declare in the blocks of an expression what nothing but that block mentions."""
        if not isinstance(expr, Block):
            return rebuild(expr, lambda item: self.expr(item, around, live), lambda inner: inner)
        inside = _counts(expr)
        total = _counts(*around)
        own = frozenset(name for name, count in inside.items() if total[name] == count) & self.everything - live - self.leaving(expr.body)
        body = self.body(expr.body, own, self.flow.before_expr(expr.value, live))
        return Block(body, self.expr(expr.value, around, live))


def _counts(*nodes: tree.Node) -> dict[str, int]:
    counts: dict[str, int] = {}
    for node in nodes:
        for part in walk(node):
            if isinstance(part, Var | For):
                counts[part.name] = counts.get(part.name, 0) + 1
    return counts


def choose_values(body: Body) -> Body:
    """Turn `let x; if test { x = a; } else { x = b; }` into `let x = if test { a } else { b };`, everywhere in a body."""
    result: list[Stmt] = []
    for statement in body:
        statement = rebuild(statement, _choose_in_expr, choose_values)
        previous = result[-1] if result else None
        if isinstance(statement, If) and isinstance(previous, Let) and previous.value is None:
            value = _value_of(statement, previous.name)
            if value is not None:
                result[-1] = replace(previous, value=value, type=None if is_settled(value) else previous.type)
                continue
        result.append(statement)
    return tuple(result)


def _choose_in_expr(expr: Expr) -> Expr:
    return rebuild(expr, _choose_in_expr, choose_values)


def _value_of(statement: If, name: str) -> Expr | None:
    if mentions(statement.test, name) or not statement.otherwise:
        return None
    then, otherwise = _branch_value(statement.then, name), _branch_value(statement.otherwise, name)
    if then is None or otherwise is None:
        return None
    return Choose(statement.test, then, otherwise)


def _branch_value(body: Body, name: str) -> Expr | None:
    if not body or any(mentions(item, name) for item in body[:-1]):
        return None
    match body[-1]:
        case Assign(Var(found), value) if found == name and not mentions(value, name):
            return Block(body[:-1], value) if len(body) > 1 else value
        case If() as last if falls_through(body):
            value_of_last = _value_of(last, name)
            if value_of_last is None:
                return None
            return Block(body[:-1], value_of_last) if len(body) > 1 else value_of_last
        case last if not falls_through(body) and not mentions(last, name):
            return Block(body, tree.Never())
    return None


def shadow(body: Body, originals: Mapping[str, str]) -> Body:
    """Give a variable the name of the one that it replaces (`originals`), where that is not mentioned any more."""
    result = list(body)
    for index, statement in enumerate(result):
        if isinstance(statement, Let) and statement.value is not None and statement.name in originals:
            name, original = statement.name, originals[statement.name]
            rest = result[index + 1 :]
            if not any(original in _bound_or_used(item) for item in rest):
                result[index] = replace(statement, name=original)
                result[index + 1 :] = [_renamed(item, name, original) for item in rest]
    return tuple(result)


def _bound_or_used(statement: Stmt) -> Names:
    return frozenset(part.name for part in walk(statement) if isinstance(part, Var | For | Let))


def _renamed(statement: Stmt, name: str, new: str) -> Stmt:
    def expr(item: Expr) -> Expr:
        if isinstance(item, Var):
            return Var(new) if item.name == name else item
        return rebuild(item, expr, statements)

    def statements(items: Body) -> Body:
        return tuple(_renamed(item, name, new) for item in items)

    found = rebuild(statement, expr, statements)
    return replace(found, name=new) if isinstance(found, Let | For) and found.name == name else found
