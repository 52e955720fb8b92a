"""`mut` where rustc asks for it and nowhere else, and a first value where rustc cannot see that there is one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from portalis.translator.backends.rust import tree
from portalis.translator.backends.rust.traversal import children, rebuild, root
from portalis.translator.backends.rust.tree import (
    Assign,
    Binary,
    Block,
    Body,
    Borrow,
    Break,
    Catch,
    Choose,
    Continue,
    Expr,
    For,
    If,
    Let,
    Loop,
    Method,
    Return,
    Stmt,
    Update,
    Var,
    While,
)

# For each declaration in scope: is it certainly assigned, may it be? None: control does not come here.
State = dict[int, tuple[bool, bool]]
Reached = State | None
Scope = dict[str, int]


@dataclass
class _Assignments:
    """Follows the flow forward; declarations are known by the identity of their nodes, parameters by negative numbers."""

    mutable: set[int] = field(default_factory=set)
    unassigned: set[int] = field(default_factory=set)
    breaks: dict[str, list[State]] = field(default_factory=dict)
    continues: dict[str, list[State]] = field(default_factory=dict)

    def body(self, body: Body, scope: Scope, state: Reached) -> Reached:
        scope = dict(scope)
        for statement in body:
            if state is None:
                return None
            state = self.statement(statement, scope, state)
        return state

    def statement(self, statement: Stmt, scope: Scope, state: State) -> Reached:
        match statement:
            case Let(name, value):
                after = state if value is None else self.expr(value, scope, state)
                scope[name] = id(statement)
                return None if after is None else after | {id(statement): (value is not None, value is not None)}
            case Assign(Var(name), value):
                after = self.expr(value, scope, state)
                return None if after is None else self.assign(name, scope, after)
            case Assign(place, value) | Update(_, place, value):
                after = self.expr(value, scope, state)
                if after is not None:
                    self.change(place, scope)
                    after = self.expr(place, scope, after)
                return after
            case If(test, then, otherwise):
                after = self.expr(test, scope, state)
                return _join(self.body(then, scope, after), self.body(otherwise, scope, after))
            case While() | Loop() | For():
                return self.loop(statement, scope, state)
            case Break(label):
                self.breaks[label].append(state)
                return None
            case Continue(label):
                self.continues[label].append(state)
                return None
            case Return(value):
                self.expr(value, scope, state)
                return None
            case tree.Do(value):
                return self.expr(value, scope, state)

    def loop(self, loop: While | Loop | For, scope: Scope, state: State) -> Reached:
        head: Reached = self.expr(loop.iterable, scope, state) if isinstance(loop, For) else state
        while head is not None:
            self.breaks[loop.label], self.continues[loop.label] = [], []
            inside, entered, left = dict(scope), head, head
            if isinstance(loop, While):
                tested = self.expr(loop.test, scope, head)
                assert tested is not None, "a test completes"
                entered = left = tested
            elif isinstance(loop, For) and loop.name != "_":
                # What is assigned to `_` is dropped, and no variable changes.
                inside[loop.name] = id(loop)
                entered = head | {id(loop): (True, True)}
            ends = [self.body(loop.body, inside, entered), *self.continues[loop.label]]
            after: Reached = None if isinstance(loop, Loop) else left
            for exit_state in self.breaks[loop.label]:
                after = _join(after, exit_state)
            joined: Reached = head
            for end in ends:
                joined = _join(joined, end)
            if joined == head:
                return after
            head = joined
        return None

    def expr(self, expr: Expr, scope: Scope, state: Reached) -> Reached:
        if state is None:
            return None
        match expr:
            case Var(name):
                if name in scope and not state.get(scope[name], (True, True))[0]:
                    self.unassigned.add(scope[name])
                return state
            case Block(body, value):
                inside = dict(scope)
                after: Reached = state
                for statement in body:
                    after = None if after is None else self.statement(statement, inside, after)
                return self.expr(value, inside, after)
            case Choose(test, then, otherwise):
                after = self.expr(test, scope, state)
                return _join(self.expr(then, scope, after), self.expr(otherwise, scope, after))
            case Binary("&&" | "||", left, right):
                after = self.expr(left, scope, state)
                return _join(after, self.expr(right, scope, after))
            case tree.Never():
                return None
            case Catch(value, Var(name), label):
                after = self.expr(value, scope, state)
                if after is not None:
                    self.breaks[label].append(self.assign(name, scope, after) if name in scope else after)
                return after
            case Borrow(place):
                self.change(place, scope)
            case Method(receiver, _, _, _, True):
                self.change(receiver, scope)
        reached: Reached = state
        for child in children(expr):
            reached = self.expr(child, scope, reached)  # type: ignore[arg-type]
        return reached

    def assign(self, name: str, scope: Scope, state: State) -> State:
        declaration = scope[name]
        if state.get(declaration, (True, True))[1]:
            self.mutable.add(declaration)
        return state | {declaration: (True, True)}

    def change(self, place: Expr, scope: Scope) -> None:
        name = root(place)
        if name in scope:
            self.mutable.add(scope[name])


def _join(left: Reached, right: Reached) -> Reached:
    if left is None or right is None:
        return right if left is None else left
    return {key: (left[key][0] and right[key][0], left[key][1] or right[key][1]) for key in left.keys() & right.keys()}


def mark_mutable(body: Body, params: tuple[str, ...], first_value: Callable[[str], Expr]) -> tuple[Body, frozenset[str]]:
    """Return a body with `mut` where it is needed, and the parameters that need it.

    `params` leaves out references, through which a change needs no `mut`. `first_value` gives a variable's value where rustc asks
    for one that no run of the function will read.
    """
    scope = {name: -number for number, name in enumerate(params, 1)}
    found = _run(body, scope)
    if found.unassigned:
        body = _apply(body, lambda let: replace(let, value=first_value(let.name)) if id(let) in found.unassigned else let, frozenset())
        found = _run(body, scope)
    assert not found.unassigned, "every variable has a value"
    marked = _apply(body, lambda let: replace(let, mutable=True) if id(let) in found.mutable else let, frozenset(found.mutable))
    return marked, frozenset(name for name, key in scope.items() if key in found.mutable)


def _run(body: Body, scope: Scope) -> _Assignments:
    found = _Assignments()
    found.body(body, scope, dict.fromkeys(scope.values(), (True, True)))
    return found


def _apply(body: Body, on_let: Callable[[Let], Let], loops: frozenset[int]) -> Body:
    def expr(item: Expr) -> Expr:
        return rebuild(item, expr, statements)

    def statements(items: Body) -> Body:
        result = tuple(map(statement, items))
        return result if any(after is not before for after, before in zip(result, items, strict=True)) else items

    def statement(item: Stmt) -> Stmt:
        key = id(item)
        mapped: Stmt = on_let(item) if isinstance(item, Let) else item
        mapped = rebuild(mapped, expr, statements)
        return replace(mapped, mutable=True) if isinstance(mapped, For) and key in loops else mapped

    return statements(body)
