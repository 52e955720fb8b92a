"""The inference of one specialisation: where it stands, what it has found, and what its callers must know of it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from portalis.translator.frontend.facts.aliasing import Observation, StaleRead
from portalis.translator.frontend.facts.making import MADE, known_text
from portalis.translator.frontend.facts.model import Assigned, Cause, Checked, Fact, Field, Known, Load, Marked, Step, Unknown
from portalis.translator.frontend.facts.tables import Facts
from portalis.translator.frontend.facts.variables import TypeVariable
from portalis.translator.frontend.infer.names.cells import Cell, read_cell, write_cell
from portalis.translator.frontend.infer.names.joining import unified
from portalis.translator.frontend.infer.names.storage import Storage
from portalis.translator.frontend.infer.specialised import Specialiser
from portalis.translator.frontend.infer.state import (
    NOWHERE,
    Binding,
    Branch,
    Caught,
    Checkpoint,
    Effects,
    LoopFrame,
    State,
    StatementScope,
    Uses,
    Watch,
    join_bindings,
)
from portalis.translator.frontend.infer.visible import Names
from portalis.translator.frontend.read.free_names import reads_from_inside
from portalis.translator.frontend.read.report import Report, Where
from portalis.translator.frontend.types.unions.members import coerced, narrowed
from portalis.translator.ir.types import BOOL, NONE, DictRef, ListRef, ListType, RecordType, SetRef, Type
from portalis.translator.source import Span


@dataclass(frozen=True, slots=True)
class Unit:
    """What does not change while a function is inferred: who specialises callees, where refusals go, the names that it assigns."""

    specialiser: Specialiser
    report: Report
    owner: Hashable = None
    stored_names: frozenset[str] = frozenset()
    definition: ast.FunctionDef | None = None
    # Where everything of it stands: a function of the library that is inferred for a program, where the program calls it.
    at: Span | None = None


class Frame:
    """The state of the inference of one specialisation of one function."""

    def __init__(self, unit: Unit, names: Names) -> None:
        self.unit = unit
        self.names = names
        self.facts = Facts()
        self.state: State | None = State({}, set())
        self.storage = Storage()
        self.effects = Effects()
        self.receiver: tuple[str, RecordType] | None = None
        self.loops: list[LoopFrame] = []
        self.watches: list[Watch] = []
        # Who asks for a value: a generator expression, out of which no StopIteration comes, or `map` and its kin, which one ends.
        self.generating: Literal["", "generator", "function"] = ""
        # What names are kept as where control may leave at any point, so that they are in one place throughout.
        self.kept_as: dict[str, Type] = {}
        self.caught: list[Caught | None] = []
        # How many bodies of `try` around this have a handler for what operations of the wrong types raise.
        self.expecting = 0
        # What stands for some expressions about a caught exception, by the nodes' ids.
        self.replaced: dict[int, Callable[[], Fact]] = {}
        # By the place that makes the container, and by the name that holds one.
        self.variables: dict[Span, TypeVariable] = {}
        self.containers: dict[str, TypeVariable] = {}
        self.statement_scope = StatementScope()
        # Variables that functions inside this one, or around it, see the changes of.
        self.cells: dict[str, Cell] = {}
        self.uses = Uses()

    # ----------------------------------------------------------------------------------------------------------- reporting
    @property
    def target(self) -> tuple[int, int]:
        return self.unit.specialiser.target

    def span(self, where: Where) -> Span:
        return self.unit.report.span(where) if self.unit.at is None else self.unit.at

    def refuse(self, code: str, where: Where, message: str, help: str, *notes: str) -> Unknown:
        """Report a refusal; return what stands for the value that was refused."""
        self.unit.report.refuse(code, where, message, help, *notes)
        return Unknown(Cause(code, self.span(where)))

    def observe(self, observation: Observation) -> Unknown:
        """Record that an object could not be a value; return what stands for it until representation has said what becomes of it."""
        self.effects.observations.append(observation)
        return Unknown(Cause("reference", self.span(observation.node)))

    def add(self, step: Step) -> None:
        self.statement_scope.steps.append(step)

    def temporary(self, hint: str, type_: Type) -> str:
        return self.storage.temporary(hint, type_)

    # ---------------------------------------------------------------------------------------------------------- references
    @property
    def references(self) -> bool:
        return self.names.scope.references

    def unify(self, left: Type, right: Type) -> Type | None:
        return self.unit.specialiser.sites.unify(left, right)

    def generalise(self, left: Type, right: Type) -> Type | None:
        return self.unit.specialiser.sites.generalise(left, right)

    def as_result(self, value: Known) -> Known:
        """Return what is returned as one of the type that all returns have together, as far as that is known."""
        sites, owner = self.unit.specialiser.sites, self.unit.owner
        known = sites.results.get(owner)
        if known is None:
            return value
        wanted = self.generalise(known, value.type)
        if wanted is None:
            return value
        if wanted != known:
            sites.give(owner, wanted)
        return coerced(self, value, wanted)

    def made_here(self, where: Where, type_: ListRef | DictRef | SetRef, *place: Hashable) -> Type | None:
        """Return the type of an object that is made at a place, with what is known of it by now; None where that cannot be."""
        sites = self.unit.specialiser.sites
        number = getattr(where, MADE, 0)
        return sites.made(sites.site(self.unit.owner, (self.unit.report.span(where), number, type(type_).__name__, *place)), type_)

    def any_order(self, node: ast.AST) -> bool:
        return id(node) in self.uses.unordered

    def taken_over(self, where: Where, type_: Type, *place: Hashable) -> Type:
        """Return a type that another specialisation gives with sites of this one's."""
        return self.unit.specialiser.sites.own(type_, self.unit.owner, (self.unit.report.span(where), *place))

    # --------------------------------------------------------------------------------------------------------------- names
    @property
    def live(self) -> State:
        """The state of the point that is reached."""
        assert self.state is not None
        return self.state

    @property
    def self_name(self) -> str | None:
        return None if self.receiver is None else self.receiver[0]

    @contextmanager
    def apart(self, names: Names) -> Iterator[None]:
        """Look at an expression of another place for a while, which sees other names and none of the function's variables."""
        outer, state = self.names, self.live
        self.names, self.state = names, State({}, set(state.shared))
        try:
            yield
        finally:
            self.names, self.state = outer, state

    def cell(self, name: str) -> Cell | None:
        """Return the cell of a variable that the names at hand mean; None where it has none."""
        return self.cells.get(name) if name in self.names.local and name not in self.names.inner else None

    def add_parameter(self, name: str, type_: Type, span: Span) -> None:
        """Bind a parameter. A mutable one is an object of the caller's, which its storage stands for."""
        self.storage.params[name] = type_
        exact = None
        if type_.mutable:
            exact = f"@{name}"
            self.live.share(name, exact)
        else:
            self.storage.by_name[name, type_] = name
        self.live.names[name] = Binding(type_, name, exact=exact, assigned_at=span)

    def note_read(self, name: str, binding: Binding | None) -> None:
        """Remember that something depends on what a loop's head says of a name."""
        for loop in self.loops:
            if loop.head.get(name) is binding:
                loop.read.add(name)

    def load(self, name: str, node: ast.expr) -> Fact:
        """Read a local variable, with the checks that CPython makes at run time."""
        cell = self.cell(name)
        if cell is not None:
            return read_cell(self.span(node), cell, self.place(self.live.names[cell.kept_as], self.span(node)))
        binding = self.live.names.get(name)
        self.note_read(name, binding)
        if binding is None:
            cause = self.refuse("P0303", node, f"`{name}` is used before it is assigned", f"assign `{name}` before this line")
            return self.lose(name, cause)
        if binding.unknown is not None:
            return binding.unknown
        if binding.conflict:
            return self.lose(name, self._refuse_conflict(name, binding, node))
        if binding.stale is not None:
            return self.lose(name, self._observe_stale(name, binding, node))
        value = self.place(binding, self.span(node))
        if binding.maybe:
            self.flag(name)
            definition = self.unit.definition
            own = definition is None or not reads_from_inside(definition, node, self.target)
            value = value.by(Checked(name, value, own))
        if not binding.type.mutable:
            return value
        return Known(value.span, value.type, value.operation, frozenset((name,)), binding.exact, (name, name) in self.live.shared)

    def _refuse_conflict(self, name: str, binding: Binding, node: ast.expr) -> Unknown:
        shown = _shown(name, binding)
        seen = " and ".join(f"{type_} (line {span.line})" for type_, span in binding.conflict)
        types = {type_ for type_, _ in binding.conflict}
        start = "start it with a float such as 0.0" if any(str(item) == "float" for item in types) else "give it one type on every path"
        message = f"`{shown}` has different types on the paths that lead here: {seen}"
        for told in self.unit.report.found:
            if told.message == message:
                return Unknown(Cause(told.code, told.span))
        return self.refuse("P0302", node, message, start)

    def _observe_stale(self, name: str, binding: Binding, node: ast.expr) -> Unknown:
        assert binding.stale is not None
        roots = frozenset((name, binding.stale.other))
        other = binding.stale.other
        return self.observe(StaleRead(node, roots, _shown(name, binding), other, other == name, binding.type, binding.stale.span))

    def place(self, binding: Binding, span: Span) -> Known:
        """Return the storage of a binding as a place."""
        if binding.held is not None:
            return narrowed(self, Known(span, binding.held, Load(binding.local)), binding.type)
        if binding.field is None:
            return Known(span, binding.type, Load(binding.local), text=binding.text)
        return Known(span, binding.type, Field(self.place_of_self(span), binding.field))

    def place_of_self(self, where: Where) -> Known:
        """Return the method's `self` as a place."""
        assert self.receiver is not None
        name, record = self.receiver
        return Known(self.span(where), record, Load(name))

    def lose(self, name: str, unknown: Unknown) -> Unknown:
        """Let a name stand for what is not known, so that no further refusal comes from it."""
        silent = Unknown(unknown.cause)
        self.live.names[name] = Binding(NONE, name, unknown=silent)
        return silent

    def bind(self, name: str, value: Fact, where: Where) -> None:
        """Assign a value to a local variable: the steps, and what is known of the name from here on."""
        if isinstance(value, Unknown):
            if self.cell(name) is not None:
                return
            self.live.forget(name)
            self.lose(name, value)
            return
        for step in self.assignment(name, value, self.span(where)):
            self.add(step)
        self._hold_container(name, value)

    def _hold_container(self, name: str, value: Known) -> None:
        """Remember which container a name holds, if it is one of whose elements nothing is known yet."""
        held = {variable.site: variable for root in value.roots if (variable := self.containers.get(root)) is not None}
        self.containers.pop(name, None)
        if isinstance(value.type, ListType) and not value.type.length:
            variable = next(iter(held.values()), None) or self.variables.setdefault(value.span, TypeVariable(value.span))
            self.containers[name] = variable

    def assignment(self, name: str, value: Known, span: Span) -> list[Step]:
        """Return the steps of an assignment to a local variable, and record it in the state."""
        cell = self.cell(name)
        if cell is not None:
            made = write_cell(self, span, cell, self.place(self.live.names[cell.kept_as], span), value)
            return [] if isinstance(made, Unknown) else made
        kept = self.kept_as.get(name, value.type)
        held = coerced(self, value, kept)
        kept = held.type
        local = self.storage.local_for(name, kept)
        self.bind_alias(name, value)
        exact = value.exact if value.type.mutable else None
        elsewhere = None if kept == value.type else kept
        bound = self.live.names[name] = Binding(value.type, local, exact=exact, assigned_at=span, held=elsewhere, text=known_text(value))
        for watch in self.watches if not self.statement_scope.binds_last else ():
            watch.note(name, bound)
        return [Assigned(span, local, held), self.mark_assigned(name, span)]

    def mark_assigned(self, name: str, span: Span) -> Step:
        """Return the step that sets a name's flag; lowering leaves it out where no use asks for the flag."""
        self.declare_flag(name)
        return Marked(span, name)

    def flag(self, name: str) -> None:
        """Let it be told at run time whether a name is assigned."""
        self.effects.flagged.add(name)
        self.declare_flag(name)

    def declare_flag(self, name: str) -> None:
        self.storage.locals.setdefault(flag_of(name), BOOL)

    def bind_alias(self, root: str, value: Known) -> None:
        """Record that `root` holds `value` from here on, for the sharing of mutable objects."""
        if not value.type.mutable:
            self.live.forget(root)
            return
        partners = self.live.partners(value.roots) - {root}
        self.live.forget(root)
        for partner in partners:
            self.live.share(root, partner)
        if value.tangled:
            self.live.share(root, root)

    # --------------------------------------------------------------------------------------------------------------- joins
    def join(self, branches: list[Branch]) -> State | None:
        """Return the state where branches meet, adding copies to those that keep a name in other storage than the rest."""
        reachable = [branch for branch in branches if branch.state is not None]
        if not reachable:
            return None
        joined = reachable[0].state
        assert joined is not None
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
            if self.references and one is not None and other is not None:
                one, other = unified(self, name, one, other)
            names[name] = join_bindings(one, other)
        return State(names, left.shared | right.shared, left.places_with(right))

    def reconcile(self, branch: Branch, joined: State) -> None:
        """Copy values into the storage that names have after the join."""
        assert branch.state is not None
        if branch.copies is None and not self.references:
            return
        for name, binding in joined.names.items():
            own = branch.state.names.get(name)
            if own is None or binding.unknown or binding.conflict or own.local == binding.local or own.stale is not None:
                continue
            span = binding.assigned_at or NOWHERE
            if branch.copies is None:
                self.refuse("P0302", span, f"`{name}` has different types where a `finally` is left by a jump", "give it one type")
                continue
            value = coerced(self, self.place(own, span), binding.type) if self.references else self.place(own, span)
            branch.copies.append(Assigned(span, binding.local, value))

    def move_out_of_parameters(self, span: Span) -> None:
        """Before a jump, copy parameters' objects to where they are once the name is assigned: it may be, where the jump leads."""
        for name, binding in self.live.names.items():
            if name in self.unit.stored_names and binding.is_callers:
                self.add(Assigned(span, self.storage.local_for(name, binding.type), self.place(binding, span)))

    def note_state(self, jumps: bool = False) -> None:
        """Let those who watch know what names hold here, where an exception or, if it `jumps`, a jump may leave."""
        for watch in self.watches if self.state is not None else ():
            if watch.jumps or not jumps:
                watch.note_all(self.live)

    def checkpoint(self) -> Checkpoint:
        effects, storage = self.effects, self.storage
        return Checkpoint(
            self.unit.report.mark(),
            dict(storage.locals),
            dict(storage.by_name),
            len(effects.results),
            len(effects.observations),
            len(effects.yields),
            tuple([len(watch.found) for watch in self.watches]),
        )

    def restore(self, mark: Checkpoint) -> None:
        """Forget what was found since `mark`."""
        self.unit.report.rewind(mark.found)
        self.storage.locals, self.storage.by_name = dict(mark.locals), dict(mark.by_name)
        del self.effects.results[mark.results :], self.effects.observations[mark.observations :]
        del self.effects.yields[mark.yields :]
        for watch, found in zip(self.watches, mark.watched, strict=True):
            watch.forget(found)


def flag_of(name: str) -> str:
    """Return the bool local that tells whether a name is assigned."""
    return f"{name}.assigned"


def _shown(name: str, binding: Binding) -> str:
    return name if binding.field is None else f"{binding.local}.{binding.field}"
