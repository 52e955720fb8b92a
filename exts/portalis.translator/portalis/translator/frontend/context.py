"""What is known and built while one function is lowered: its state, blocks, locals, and what callers must know of it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from portalis.translator.frontend.read.module_scope import ModuleScope
from portalis.translator.frontend.read.python_version import unbound_local_message
from portalis.translator.frontend.read.report import Found, Report, Where
from portalis.translator.frontend.scope import Binding, State, join_bindings
from portalis.translator.frontend.specialised import Specialiser
from portalis.translator.frontend.values import NOWHERE, POISON, Value, sequence
from portalis.translator.ir.nodes import Assign, Const, Expr, FieldLoad, If, Local, Prim, Raise, Stmt
from portalis.translator.ir.types import BOOL, NONE, RecordType, Type, is_mutable
from portalis.translator.source import Span


@dataclass(slots=True)
class Branch:
    """One way to reach a join: the state there, and the block to which copies may still be added (None after a jump)."""

    state: State | None
    block: list[Stmt] | None


@dataclass(slots=True)
class LoopFrame:
    """A loop being lowered: the state at its head, which of those bindings were looked at, and the ways out."""

    head: dict[str, Binding]
    read: set[str] = field(default_factory=set)
    breaks: list[Branch] = field(default_factory=list)
    continues: list[Branch] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What must be restored before a loop is lowered again."""

    found: Found
    locals: dict[str, Type]
    by_name: dict[tuple[str, Type], str]
    results: int
    block: int


@dataclass(frozen=True, slots=True)
class Result:
    """One return: the value, and the state in which it is returned."""

    value: Value
    node: ast.AST
    state: State


@dataclass(frozen=True, slots=True)
class Change:
    """A call in the statement being lowered that changes an object: the argument passed, and every root that may share it."""

    call: ast.AST
    argument: ast.AST | None
    roots: frozenset[str]


class Context:
    """The lowering of one specialisation of one function."""

    def __init__(
        self,
        scope: ModuleScope,
        specialiser: Specialiser,
        local_names: frozenset[str],
        flagged: frozenset[str],
        stored_names: frozenset[str] = frozenset(),
    ) -> None:
        self.scope = scope
        self.specialiser = specialiser
        self.report: Report = scope.report
        self.local_names = local_names
        self.flagged = flagged
        self.stored_names = stored_names
        self.needs_flag: set[str] = set()
        self.state: State | None = State({}, set())
        self.block: list[Stmt] = []
        self.locals: dict[str, Type] = {}
        self.by_name: dict[tuple[str, Type], str] = {}
        self.params: dict[str, Type] = {}
        self.self_name: str | None = None
        self.record: RecordType | None = None
        self.frames: list[LoopFrame] = []
        self.results: list[Result] = []
        self.by_ref: set[str] = set()
        self.mutated: set[str] = set()
        self.rebound: set[str] = set()
        self.calls: set[str] = set()
        self.changes: list[Change] = []
        self.unknown_result = False
        self.held: list[str] = []
        self.expanding: set[str] = set()

    # ------------------------------------------------------------------------------------------------------------ output
    def span(self, where: Where) -> Span:
        return self.report.span(where)

    def emit(self, statement: Stmt) -> None:
        self.block.append(statement)

    @contextmanager
    def into(self, block: list[Stmt]) -> Iterator[list[Stmt]]:
        """Emit into another block for a while."""
        outer, self.block = self.block, block
        try:
            yield block
        finally:
            self.block = outer

    def refuse(self, code: str, where: Where, message: str, help: str, *notes: str) -> Value:
        """Report a refusal; return the value that stands for what was refused."""
        self.report.refuse(code, where, message, help, *notes)
        return POISON

    def temporary(self, hint: str, type_: Type) -> str:
        """Declare a local that no Python name can clash with."""
        number = 1
        while f"{hint}.{number}" in self.locals:
            number += 1
        self.locals[f"{hint}.{number}"] = type_
        return f"{hint}.{number}"

    def local_for(self, name: str, type_: Type) -> str:
        """Return the local that holds the Python name `name` while its type is `type_`."""
        found = self.by_name.get((name, type_))
        if found is None:
            found = name if name not in self.locals and name not in self.params else self.temporary(name, type_)
            self.locals[found] = type_
            self.by_name[name, type_] = found
        return found

    # ------------------------------------------------------------------------------------------------------------- names
    @property
    def live(self) -> State:
        """The state of the point being lowered, which is reachable."""
        assert self.state is not None
        return self.state

    def add_parameter(self, name: str, type_: Type, span: Span) -> None:
        """Bind a parameter. A mutable one is an object of the caller's, which its storage stands for."""
        self.params[name] = type_
        exact = None
        if is_mutable(type_):
            exact = f"@{name}"
            self.live.share(name, exact)
        else:
            self.by_name[name, type_] = name
        self.live.names[name] = Binding(type_, name, exact=exact, assigned_at=span)

    def note_read(self, name: str, binding: Binding | None) -> None:
        """Remember that lowering depended on what a loop's head says of a name."""
        for frame in self.frames:
            if frame.head.get(name) is binding:
                frame.read.add(name)

    def load(self, name: str, node: ast.expr) -> Value:
        """Read a local variable, with the checks that CPython makes at run time."""
        binding = self.live.names.get(name)
        self.note_read(name, binding)
        shown = name if binding is None or binding.field is None else f"{binding.local}.{binding.field}"
        if binding is None:
            self.poison(name)
            return self.refuse("P0303", node, f"`{name}` is used before it is assigned", f"assign `{name}` before this line")
        if binding.poison:
            return POISON
        if binding.conflict:
            self.poison(name)
            return self._refuse_conflict(shown, binding, node)
        if binding.stale is not None:
            self.poison(name)
            other = binding.stale.other
            if other == name:
                return self.refuse(
                    "P0403",
                    node,
                    f"parts of `{shown}` may be one and the same object, and one of them was changed in place",
                    "create each row on its own: [[0] * 3, [0] * 3, [0] * 3]",
                    f"it was changed in line {binding.stale.span.line}; in CPython all rows would see the change",
                )
            copy = f"{binding.type}({other})" if str(binding.type).startswith("Gf.") else f"a copy of `{other}`"
            return self.refuse(
                "P0401",
                node,
                f"`{shown}` may be the same object as `{other}`, which was changed in place",
                f"keep them apart: write {copy} where one is assigned from the other",
                f"`{other}` was changed in line {binding.stale.span.line}; in CPython `{shown}` would see the change",
            )
        span = self.span(node)
        expr = self.place(binding, span)
        if binding.maybe:
            self.needs_flag.add(name)
            flag = Local(span, BOOL, self.flag(name))
            missing = Raise(span, "UnboundLocalError", unbound_local_message(name))
            expr = sequence(span, [If(span, Prim(span, BOOL, "bool.not", (flag,)), (missing,))], expr)
        roots = frozenset((name,)) if is_mutable(binding.type) else frozenset()
        return Value(expr, roots, binding.exact, tangled=(name, name) in self.live.shared)

    def _refuse_conflict(self, name: str, binding: Binding, node: ast.expr) -> Value:
        seen = " and ".join(f"{type_} (line {span.line})" for type_, span in binding.conflict)
        types = {type_ for type_, _ in binding.conflict}
        start = "start it with a float such as 0.0" if any(str(item) == "float" for item in types) else "give it one type on every path"
        message = f"`{name}` has different types on the paths that lead here: {seen}"
        if any(item.message == message for item in self.report.found):
            return POISON
        return self.refuse("P0302", node, message, start)

    def place(self, binding: Binding, span: Span) -> Expr:
        """Return the storage of a binding as a place."""
        if binding.field is None:
            return Local(span, binding.type, binding.local)
        assert self.record is not None
        return FieldLoad(span, binding.type, Local(span, self.record, binding.local), binding.field)

    def place_of_self(self, where: Where) -> Expr:
        """Return the method's `self` as a place."""
        assert self.record is not None and self.self_name is not None
        return Local(self.span(where), self.record, self.self_name)

    def default(self, node: ast.expr, lower: Callable[[Context, ast.expr], Value]) -> Value:
        """Lower a parameter's default: a constant of the module, which sees none of the function's variables."""
        outer, state = self.local_names, self.live
        self.local_names, self.state = frozenset(), State({}, set())
        value = lower(self, node)
        self.local_names, self.state = outer, state
        if is_mutable(value.type) and not value.poison:
            return self.refuse("P0110", node, "a default that can be changed in place is not translated", "use a number, or pass the value")
        return value

    def flag(self, name: str) -> str:
        """Return the bool local that tells whether a name is assigned."""
        self.locals[f"{name}.assigned"] = BOOL
        return f"{name}.assigned"

    def poison(self, name: str) -> None:
        """Let no further refusal come from a name."""
        self.live.names[name] = Binding(NONE, name, poison=True)

    def bind(self, name: str, value: Value, where: Where) -> None:
        """Assign a value to a local variable: the statement, and what is known of the name from here on."""
        if value.poison:
            self.live.forget(name)
            self.poison(name)
            return
        span = self.span(where)
        for statement in self.assignment(name, value, span):
            self.emit(statement)

    def assignment(self, name: str, value: Value, span: Span) -> list[Stmt]:
        """Return the statements of an assignment to a local variable, and record it in the state."""
        local = self.local_for(name, value.type)
        self.bind_alias(name, value)
        exact = value.exact if is_mutable(value.type) else None
        self.live.names[name] = Binding(value.type, local, exact=exact, assigned_at=span)
        return [Assign(span, local, value.expr), *self.mark_assigned(name, span)]

    def mark_assigned(self, name: str, span: Span) -> list[Stmt]:
        """Return the statement that sets a name's flag, where it has one."""
        return [Assign(span, self.flag(name), Const(span, BOOL, True))] if name in self.flagged else []

    def bind_alias(self, root: str, value: Value) -> None:
        """Record that `root` holds `value` from here on, for the sharing of mutable objects."""
        if not is_mutable(value.type):
            self.live.forget(root)
            return
        partners = self.live.partners(value.roots) - {root}
        self.live.forget(root)
        for partner in partners:
            self.live.share(root, partner)
        if value.tangled:
            self.live.share(root, root)

    # ------------------------------------------------------------------------------------------------------------- joins
    def join(self, branches: list[Branch]) -> State | None:
        """Return the state where branches meet, adding copies to those that keep a name in other storage than the rest."""
        reachable = [branch for branch in branches if branch.state is not None]
        if not reachable:
            return None
        first = reachable[0].state
        assert first is not None
        joined = first
        for branch in reachable[1:]:
            assert branch.state is not None
            joined = self.join_states(joined, branch.state)
        for branch in reachable:
            self.reconcile(branch, joined)
        return joined

    def join_states(self, left: State, right: State) -> State:
        """Join two states, noting which bindings of loop heads the result depends on."""
        names = {}
        for name in {**left.names, **right.names}:
            one, other = left.names.get(name), right.names.get(name)
            if one is not other:
                self.note_read(name, one)
                self.note_read(name, other)
            names[name] = join_bindings(one, other)
        return State(names, left.shared | right.shared)

    def reconcile(self, branch: Branch, joined: State) -> None:
        """Copy values into the storage that names have after the join."""
        assert branch.state is not None
        if branch.block is None:
            return
        copies: list[Stmt] = []
        for name, binding in joined.names.items():
            own = branch.state.names.get(name)
            if own is None or binding.poison or binding.conflict or own.local == binding.local or own.stale is not None:
                continue
            span = binding.assigned_at or NOWHERE
            copies.append(Assign(span, binding.local, self.place(own, span)))
        branch.block += copies

    def move_out_of_parameters(self, span: Span) -> None:
        """Before a jump, copy parameters' objects to where they are once the name is assigned: it may be, where the jump leads."""
        for name, binding in self.live.names.items():
            if name in self.stored_names and binding.is_callers:
                self.emit(Assign(span, self.local_for(name, binding.type), self.place(binding, span)))

    def checkpoint(self) -> Checkpoint:
        return Checkpoint(self.report.mark(), dict(self.locals), dict(self.by_name), len(self.results), len(self.block))

    def restore(self, mark: Checkpoint) -> None:
        """Forget what was lowered since `mark`."""
        self.report.rewind(mark.found)
        self.locals, self.by_name = dict(mark.locals), dict(mark.by_name)
        del self.results[mark.results :], self.block[mark.block :]
