"""What is known about names at one point of a function, and how two such states meet.

A state is flow-sensitive: a name may change its type in straight-line code. What cannot be known where paths meet becomes part of the
binding (`conflict`, `maybe`, `stale`) and is refused only if the name is then used.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from portalis.translator.frontend.facts.aliasing import Observation
from portalis.translator.frontend.facts.model import Fact, Known, Step, Unknown
from portalis.translator.frontend.read.report import Found
from portalis.translator.ir.types import Type
from portalis.translator.source import Span

NOWHERE = Span("", 1, 1, 1, 1)


@dataclass(frozen=True, slots=True)
class Stale:
    """The object behind a name was changed in place through `other`, which the storage of the name does not see."""

    other: str
    span: Span


@dataclass(slots=True, unsafe_hash=True)
class Binding:
    """What a name stands for: the storage that holds it and its type.

    `maybe`: there is a path on which it is not assigned. `conflict`: the types it has on different paths, where they differ. `exact`: the
    object of the caller that it certainly is. `field` is set where the storage is a field of the record `local`. `unknown`: what was
    assigned is not known, by a cause that was told. `held`: the type of the storage, a union, where it is known of which members it is.
    `text` is the str that it certainly holds.
    """

    type: Type
    local: str
    field: str | None = None
    maybe: bool = False
    conflict: tuple[tuple[Type, Span], ...] = ()
    stale: Stale | None = None
    exact: str | None = None
    unknown: Unknown | None = None
    assigned_at: Span | None = None
    held: Type | None = None
    text: str | None = None

    @property
    def is_callers(self) -> bool:
        """Whether the storage is a mutable parameter's own, so that assigning to it would change the caller's object."""
        return self.exact == f"@{self.local}"


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """What is known of an element or attribute: by which bindings of names it is reached, and of which members of its union it may be."""

    names: tuple[tuple[str, Binding], ...]
    keeps: Callable[[Type], bool]

    def also(self, keeps: Callable[[Type], bool]) -> Place:
        """Return the place with what else is known of it."""
        return Place(self.names, lambda type_: self.keeps(type_) and keeps(type_))

    def either(self, other: Place) -> Place:
        """Return what is known of it where it is the one or the other."""
        return self if other is self else Place(self.names, lambda type_: self.keeps(type_) or other.keeps(type_))


@dataclass(slots=True)
class State:
    """The bindings of names, the pairs of roots that may share a mutable object (always in both orders), and places by their text."""

    names: dict[str, Binding]
    shared: set[tuple[str, str]]
    places: dict[str, Place] = field(default_factory=dict)

    def copy(self) -> State:
        return State(dict(self.names), set(self.shared), dict(self.places))

    def holds(self, place: Place) -> bool:
        """Tell whether a place is still reached by the same bindings."""
        return all(self.names.get(name) is binding for name, binding in place.names)

    def places_with(self, other: State) -> dict[str, Place]:
        """Return what is known of places where two states meet."""
        found = {}
        for text in self.places.keys() & other.places.keys():
            left, right = self.places[text], other.places[text]
            if self.holds(left) and other.holds(right):
                found[text] = left.either(right)
        return found

    def partners(self, roots: Iterable[str]) -> set[str]:
        """Return every root that may share an object with one of `roots`, those included."""
        wanted = set(roots)
        return wanted | {right for left, right in self.shared if left in wanted}

    def forget(self, root: str) -> None:
        """Drop what is known about sharing of a root that is about to hold another object."""
        if self.shared:
            self.shared = {pair for pair in self.shared if root not in pair}

    def share(self, left: str, right: str) -> None:
        self.shared.add((left, right))
        self.shared.add((right, left))

    def share_parts(self, left: Iterable[str], right: Known) -> None:
        """Record that objects now hold parts of another value."""
        for root in left:
            for partner in self.partners(right.roots):
                self.share(root, partner)
            if right.tangled:
                self.share(root, root)


@dataclass(frozen=True, slots=True)
class Result:
    """One return: the value, and the state in which it is returned."""

    value: Fact
    node: ast.AST
    state: State


@dataclass(slots=True)
class Effects:
    """What a function does that its callers must know, and what it calls."""

    results: list[Result] = field(default_factory=list)
    by_ref: set[str] = field(default_factory=set)
    mutated: set[str] = field(default_factory=set)
    changed: set[tuple[str, Type]] = field(default_factory=set)
    rebound: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)
    flagged: set[str] = field(default_factory=set)
    observations: list[Observation] = field(default_factory=list)
    unknown_result: bool = False
    # Of a generator function: what it yields, which of its `yield`s stand where it can go on, with whether what they give is used, and the
    # name of its specialisation.
    yields: list[Result] = field(default_factory=list)
    placed: Mapping[int, bool] | None = None
    maker: str = ""


@dataclass(slots=True)
class Branch:
    """One way to reach a join: the state there, and the copies made at its end (None: nothing can be copied there)."""

    state: State | None
    copies: list[Step] | None


@dataclass(slots=True)
class LoopFrame:
    """A loop being inferred: the state at its head, which of those bindings were looked at, and the ways out."""

    head: dict[str, Binding]
    read: set[str] = field(default_factory=set)
    breaks: list[Branch] = field(default_factory=list)
    continues: list[Branch] = field(default_factory=list)


@dataclass(slots=True)
class Watch:
    """What names were bound to where statements may be left by an exception and, with `jumps`, in any other way; None: they were not.

    A statement is left with what it began with, unless it holds others or binds names while it may still raise.
    """

    jumps: bool = False
    found: list[tuple[str, Binding | None]] = field(default_factory=list)
    last: dict[str, Binding | None] = field(default_factory=dict)
    shared: set[tuple[str, str]] = field(default_factory=set)

    def note(self, name: str, binding: Binding | None) -> None:
        if name not in self.last or self.last[name] is not binding:
            self.last[name] = binding
            self.found.append((name, binding))

    def note_all(self, state: State) -> None:
        self.shared |= state.shared
        for name, binding in state.names.items():
            self.note(name, binding)
        for name in self.last.keys() - state.names.keys():
            self.note(name, None)

    def forget(self, count: int) -> None:
        """Forget all but the first so many."""
        del self.found[count:]
        self.last.clear()


@dataclass(frozen=True, slots=True)
class Caught:
    """The exception that the handler at hand has caught: its error word, the text that came with it, and its classes' names."""

    word: Known
    told: Known
    classes: str
    name: str | None
    # The object that came with it, where the program's exceptions are objects.
    held: Known | None = None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What must be restored before a loop is inferred again."""

    found: Found
    locals: dict[str, Type]
    by_name: dict[tuple[str, Type], str]
    results: int
    observations: int
    yields: int
    watched: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A call in the statement at hand that changes an object: the argument passed, and every root that may share it."""

    call: ast.AST
    argument: ast.AST | None
    roots: frozenset[str]


@dataclass(slots=True)
class StatementScope:
    """What lasts as long as the statement at hand: its steps, the changes that it makes, the temporaries that share objects."""

    steps: list[Step] = field(default_factory=list)
    changes: tuple[Change, ...] = ()
    held: tuple[str, ...] = ()
    # Whether nothing can be raised once it binds a name.
    binds_last: bool = False


@dataclass(slots=True)
class Uses:
    """What is known of expressions by what uses them, by their nodes' ids."""

    # Those that are gone over by what gives the same in any order.
    unordered: set[int] = field(default_factory=set)
    # Subscripts that are read for elements which come in an order that nobody knows, each with whether that tells if it is read at all:
    # a missing key stops the call.
    asked_in_any_order: dict[int, bool] = field(default_factory=dict)
    # By the sort that follows at once: what is gone over for a list that nobody else sees before.
    sorted_at_once: dict[Span, list[ast.expr]] = field(default_factory=dict)
    # Displays of constants that CPython makes a frozenset of when it compiles, since they are only gone over.
    folded: set[int] = field(default_factory=set)
    # Operands of `and` and `or` that were asked for their truth and give a value that is asked again.
    asked_again: set[int] = field(default_factory=set)


def join_bindings(left: Binding | None, right: Binding | None) -> Binding:
    """Return what is known where a name comes from two paths; None stands for one on which it is not assigned."""
    if left is None or right is None:
        present = left or right
        assert present is not None
        return replace(present, maybe=True, exact=None)
    if left is right or left == right:
        return left
    conflict = left.conflict + tuple(item for item in right.conflict if item not in left.conflict)
    if left.type != right.type:
        for side in (left, right):
            item = (side.type, side.assigned_at)
            if not side.conflict and side.assigned_at is not None and item not in conflict:
                conflict += ((side.type, side.assigned_at),)
    return Binding(
        type=left.type,
        # A parameter's own storage belongs to the caller: where only one path still uses it, both go on in the local's.
        local=right.local if left.is_callers else left.local,
        field=left.field,
        maybe=left.maybe or right.maybe,
        conflict=conflict,
        stale=left.stale or right.stale,
        exact=left.exact if left.exact == right.exact else None,
        unknown=left.unknown or right.unknown,
        assigned_at=left.assigned_at,
        held=left.held,
        text=left.text if left.text == right.text else None,
    )
