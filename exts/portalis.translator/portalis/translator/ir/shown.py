"""What running a function shows outside it: which objects of its arguments it may change, and whether it prints.

Values that may be one object are one class, whatever happens first, and what such objects hold is one class, too (B. Steensgaard,
Points-to analysis in almost linear time, 1996). What a function makes itself and leaves to nobody may change in it.

Invariant: a function that shows nothing can be called once more, once less or elsewhere, and nobody can tell but by what it raises.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

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
# What these give is in the first; what these make holds the others.
_TAKE = frozenset(("list.get", "record.get", "frame.get"))
_MAKE = frozenset(("list.of", "record.of", "frame.of", "list.part"))
_CHANGE_NOTHING = frozenset(
    (
        *_TAKE,
        *_MAKE,
        *("list.length", "list.reserve", "list.freeze", "text.of_codes", "error.tell", "error.told", "error.again"),
    )
)
# These make the table of a dict or set that came without one, which nobody sees.
_UNSEEN = ("dictionaries.make_table", "sets.ready")
_RESULT, _OUTSIDE = ("result",), ("outside",)
# An argument (the result is number -1), and how far in: 0 is itself, 1 what it holds. From the last on, further in is not told apart.
Place: TypeAlias = tuple[int, int]
_LAST = 4


@dataclass(frozen=True, slots=True)
class Shown:
    """`changed` is where objects may change, `alike` where there may be one object; it `acts` where it prints, or changes what is nowhere
    in its arguments."""

    changed: frozenset[Place] = frozenset()
    alike: frozenset[frozenset[Place]] = frozenset()
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


class _Classes:
    """Classes of values by union-find, and the class of what each holds."""

    def __init__(self) -> None:
        self._above: dict[Hashable, Hashable] = {}
        self._inside: dict[Hashable, Hashable] = {}

    def find(self, one: Hashable) -> Hashable:
        """Return what stands for the class of a value."""
        while one in self._above:
            one = self._above[one]
        return one

    def held(self, one: Hashable) -> Hashable:
        """Return the class of what the values of a class hold."""
        found = self.find(one)
        return self.find(self._inside.setdefault(found, (found,)))

    def unite(self, one: Hashable, other: Hashable) -> None:
        """Make two classes one, and so what they hold."""
        pending = [(one, other)]
        while pending:
            left, right = map(self.find, pending.pop())
            if left == right:
                continue
            self._above[right] = left
            if right in self._inside:
                inside = self._inside.pop(right)
                pending.append((self._inside.setdefault(left, inside), inside))

    def places(self, number: int, one: Hashable) -> Iterator[tuple[Hashable, Place]]:
        """Yield the classes of a value, of what it holds, and so on, each with its place."""
        found, seen = self.find(one), set[Hashable]()
        while found not in seen:
            yield found, (number, min(len(seen), _LAST))
            seen.add(found)
            if found not in self._inside:
                return
            found = self.find(self._inside[found])

    def at(self, one: Hashable, depth: int) -> Hashable:
        """Return the class so far inside a value; the last one holds itself."""
        for _ in range(depth):
            one = self.held(one)
        if depth == _LAST:
            self.unite(one, self.held(one))
        return self.find(one)


class _Reading:
    """One function, read with what is known so far of those that it calls."""

    def __init__(self, known: Mapping[str, Shown]) -> None:
        self._known = known
        self._classes = _Classes()
        self._changed: set[Hashable] = set()
        self._acts = False

    def read(self, function: Function) -> Shown:
        """Return what a function shows."""
        for statement in function.body:
            self._node(statement)
        changed = {self._classes.find(one) for one in self._changed}
        outside = {found for found, _ in self._classes.places(0, _OUTSIDE)}
        places: dict[Hashable, set[Place]] = {}
        for number, one in ((-1, _RESULT), *((number, param.name) for number, param in enumerate(function.params))):
            for found, place in self._classes.places(number, one):
                places.setdefault(found, set()).add(place)
        return Shown(
            frozenset(place for found in changed for place in places.get(found, ()) if place[0] >= 0),
            frozenset(frozenset(found) for found in places.values() if len(found) > 1),
            self._acts or bool(outside & changed),
        )

    def _one(self, ones: Iterable[Hashable | None]) -> Hashable | None:
        """Make one class of some; return it, or None where there are none."""
        found = [one for one in ones if one is not None]
        for one in found[1:]:
            self._classes.unite(found[0], one)
        return found[0] if found else None

    def _node(self, node: Node) -> Hashable | None:
        """Go over a node; return the class of what an expression gives, None where that leads to nothing that can change."""
        parts = [self._node(child) for child in children(node)]
        match node:
            case Local():
                return node.name if can_change(node.type) else None
            case Assign():
                self._one((node.target, *parts))
            case Return():
                self._one((_RESULT, *parts))
            case Store():
                self._one((place_root(node.place), *parts))
                self._changed.add(place_root(node.place))
            case ObjectOp():
                return self._operation(node, parts)
            case Call():
                return self._call(node, parts)
            case Steps():
                return parts[-1]
            case _:
                return self._one(parts)
        return None

    def _operation(self, node: ObjectOp, parts: Sequence[Hashable | None]) -> Hashable | None:
        if node.op in ("error.hold", "error.held"):
            return self._one((_OUTSIDE, *parts))
        # A frozen set is filled where it is made.
        if node.op in _CHANGE_THE_FIRST and parts[0] is not None:
            self._changed.add(parts[0])
            held = parts[1:] if node.op != "list.extend" else [self._classes.held(one) for one in parts[1:]]
            self._one((self._classes.held(parts[0]), *held))
        elif OBJECT_OPS[node.op].effect != "nothing" and node.op not in _CHANGE_NOTHING | _CHANGE_THE_FIRST:
            self._acts = True
        if not can_change(node.type):
            return None
        if node.op in _TAKE:
            return self._classes.held(parts[0])
        if node.op in _MAKE:
            held = [self._classes.held(one) for one in parts if one is not None] if node.op == "list.part" else parts
            self._one((self._classes.held(id(node)), *held))
            return id(node)
        return self._one(parts) or id(node)

    def _call(self, node: Call, parts: Sequence[Hashable | None]) -> Hashable | None:
        callee = self._known[node.function]
        self._acts = self._acts or callee.acts
        whole = [place_root(one) if is_place(one) and part is None else part for one, part in zip(node.args, parts, strict=True)]
        result = id(node) if can_change(node.type) else None
        values = [*whole, result]
        self._changed |= {self._classes.at(values[number], depth) for number, depth in callee.changed if values[number] is not None}
        for places in callee.alike:
            self._one(self._classes.at(values[number], depth) for number, depth in places if values[number] is not None)
        return result
