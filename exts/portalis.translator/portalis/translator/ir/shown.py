"""What running a function shows outside it: which of its arguments it may change an object of, and whether it prints.

Values that may reach one object are one class, whatever happens first (B. Steensgaard, Points-to analysis in almost linear time, 1996):
what is stored in something, or read out of it, is of its class. What a function makes itself and leaves to nobody may change in it.

Invariant: a function that shows nothing can be called once more, once less or elsewhere, and nobody can tell but by what it raises.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from portalis.translator.ir.nodes import Assign, Call, Function, Local, Node, ObjectOp, Return, Store, children, is_place, place_root
from portalis.translator.ir.nodes import Sequence as Steps
from portalis.translator.ir.objects import OBJECT_OPS
from portalis.translator.ir.types import (
    BoolType,
    DictRef,
    FloatType,
    IntType,
    LibraryRef,
    ListRef,
    ListType,
    MatrixType,
    NeverType,
    NoneType,
    QuatType,
    RecordType,
    SetRef,
    StrType,
    TextType,
    TupleType,
    Type,
    UnionType,
    VecType,
    WideType,
)

_CHANGE_THE_FIRST = frozenset(("list.set", "list.append", "list.truncate", "list.extend", "record.set", "frame.set"))
_CHANGE_NOTHING = frozenset(
    (
        *("list.of", "list.length", "list.get", "list.reserve", "list.part", "list.freeze", "text.of_codes"),
        *("record.of", "record.get", "frame.of", "frame.get", "error.tell", "error.told", "error.again"),
    )
)
# These make the table of a dict or set that came without one, which nobody sees.
_UNSEEN = ("dictionaries.make_table", "sets.ready")
_RESULT, _OUTSIDE = ("result",), ("outside",)


@dataclass(frozen=True, slots=True)
class Shown:
    """`changed` are the numbers of the parameters of which an object may change, `given` of those that the result may share one with;
    it `acts` where it prints, or changes what belongs to no parameter."""

    changed: frozenset[int] = frozenset()
    given: frozenset[int] = frozenset()
    acts: bool = False

    @property
    def anything(self) -> bool:
        """Whether somebody outside may see that it ran."""
        return self.acts or bool(self.changed)


def shown_by(functions: Sequence[Function]) -> Mapping[str, Shown]:
    """Return what each function of a program shows, by name."""
    found = {function.name: Shown() for function in functions}
    before: dict[str, Shown] = {}
    while before != found:
        before = dict(found)
        for function in functions:
            if not function.name.startswith(_UNSEEN):
                found[function.name] = _Reading(found).read(function)
    return found


def can_change(type_: Type) -> bool:
    """Tell whether an object that a value of a type is, or leads to, may change."""
    match type_:
        case IntType() | WideType() | FloatType() | BoolType() | NoneType() | StrType() | TextType() | NeverType():
            return False
        case ListRef(item) | SetRef(item):
            return not type_.frozen or can_change(item)
        case DictRef() | LibraryRef():
            return True
        case TupleType() | ListType() | RecordType() | VecType() | QuatType() | MatrixType():
            return any(map(can_change, dict.fromkeys(type_.elements)))
        case UnionType(members):
            return any(map(can_change, members))
        case _:
            assert_never(type_)


class _Reading:
    """One function, read with what is known so far of those that it calls."""

    def __init__(self, known: Mapping[str, Shown]) -> None:
        self._known = known
        self._above: dict[Hashable, Hashable] = {}
        self._changed: set[Hashable] = set()
        self._acts = False

    def read(self, function: Function) -> Shown:
        """Return what a function shows."""
        for statement in function.body:
            self._node(statement)
        changed = {self._find(one) for one in self._changed}
        classes = [self._find(param.name) for param in function.params]
        return Shown(
            frozenset(place for place, one in enumerate(classes) if one in changed),
            frozenset(place for place, one in enumerate(classes) if one == self._find(_RESULT)),
            self._acts or self._find(_OUTSIDE) in changed,
        )

    def _find(self, one: Hashable) -> Hashable:
        while one in self._above:
            one = self._above[one]
        return one

    def _united(self, ones: Iterable[Hashable | None]) -> Hashable | None:
        """Make one class of some; return it, or None where there are none."""
        first: Hashable | None = None
        for one in ones:
            if one is not None:
                found = self._find(one)
                if first is not None and found != first:
                    self._above[found] = first
                first = found if first is None else first
        return first

    def _node(self, node: Node) -> Hashable | None:
        """Go over a node; return the class of what an expression gives, None where that leads to nothing that can change."""
        parts = [self._node(child) for child in children(node)]
        match node:
            case Local():
                return node.name if can_change(node.type) else None
            case Assign():
                self._united((node.target, *parts))
            case Return():
                self._united((_RESULT, *parts))
            case Store():
                self._changed.add(self._united((place_root(node.place), *parts)))
            case ObjectOp():
                return self._operation(node, parts)
            case Call():
                return self._call(node, parts)
            case Steps():
                return parts[-1]
            case _:
                return self._united(parts)
        return None

    def _operation(self, node: ObjectOp, parts: Sequence[Hashable | None]) -> Hashable | None:
        if node.op in _CHANGE_THE_FIRST:
            self._changed.add(self._united(parts))
        elif node.op in ("error.hold", "error.held"):
            return self._united((_OUTSIDE, *parts))
        elif OBJECT_OPS[node.op].effect != "nothing" and node.op not in _CHANGE_NOTHING:
            self._acts = True
        if not can_change(node.type):
            return None
        copies = node.op == "list.part" and isinstance(node.type, ListRef) and not can_change(node.type.item)
        found = None if copies else self._united(parts)
        return id(node) if found is None else found

    def _call(self, node: Call, parts: Sequence[Hashable | None]) -> Hashable | None:
        callee = self._known[node.function]
        self._acts = self._acts or callee.acts
        for place in callee.changed:
            argument = node.args[place]
            self._changed.add(place_root(argument) if parts[place] is None and is_place(argument) else parts[place])
        if callee.changed:
            # It may have put one into another.
            self._united(parts)
        if not can_change(node.type):
            return None
        found = self._united(parts[place] for place in callee.given)
        return id(node) if found is None else found
