"""set and frozenset: records with CPython's own tables, so that they iterate in its order; what they do is `library/sets.py`'s.

The hashes of texts differ from process to process in CPython, so that nobody knows the order of a set of them: whatever shows it is
refused. Where it does not show (`infer.any_order` says so of what is gone over), such a set is gone over like any other.
"""

from __future__ import annotations

import ast
import marshal
from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, constant, describe, hold
from portalis.translator.frontend.facts.model import Assigned, Evaluated, Fact, Known, Load, Operated, Step, Unknown
from portalis.translator.frontend.types.references.hashed import Hashed
from portalis.translator.frontend.types.references.hashing import is_hashable, is_plain_key
from portalis.translator.frontend.types.references.operations import negated_where, operated, same_object
from portalis.translator.frontend.types.references.streams import Stream, compared
from portalis.translator.frontend.types.unions.members import coerced
from portalis.translator.ir.hashing import hash_varies
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import INT, NEVER, ListRef, SetRef, Type, members_of
from portalis.translator.library.sets import add

_COMPARISONS = {"lt": "is_proper_subset", "le": "is_subset", "gt": "is_proper_superset", "ge": "is_superset", "eq": "equal", "ne": "equal"}
# What each operator does: the function of `library/sets.py` that fills an empty set, or changes one.
_FILLED = {"&": "intersect", "-": "subtract"}
_IN_PLACE = {"|": "merge", "-": "subtract_in_place", "^": "toggle"}


class Set(Hashed):
    """A set, or a frozenset."""

    def binary(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        if symbol not in ("|", "&", "-", "^") or not isinstance(right.type, SetRef):
            return None
        return combined(infer, node, symbol, left, right)

    def compare(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        if not isinstance(right.type, SetRef) or alike(infer, left, right) is None:
            return None
        return negated_where(op == "ne", infer, node, infer.library(node, "sets", _COMPARISONS[op], [left, right]))

    def identical(self, infer: Inference, node: ast.AST, left: Known, right: Known, negated: bool) -> Fact | None:
        if any(isinstance(side.type, SetRef) and side.type.frozen for side in (left, right)):
            return None
        return same_object(infer, node, left, right, negated)

    def contains(self, infer: Inference, node: ast.AST, needle: Known, haystack: Known, negated: bool) -> Fact | None:
        sought = as_element(infer, haystack, needle)
        return None if sought is None else negated_where(negated, infer, node, infer.library(node, "sets", "contained", [sought, haystack]))

    def stream(self, infer: Inference, node: ast.AST, value: Known, steps: list[Step]) -> Stream | Unknown | None:
        return elements_stream(infer, node, value, steps)

    def add_in_place(self, infer: Inference, node: ast.AST, symbol: str, value: Known, other: Known) -> Fact | None:
        assert isinstance(value.type, SetRef)
        if value.type.frozen or not isinstance(other.type, SetRef) or symbol not in ("|", "&", "-", "^"):
            return None
        return change_in_place(infer, node, symbol, value, other)


def alike(infer: Inference, left: Known, right: Known) -> Type | None:
    """Let two sets hold elements of one type, whether they are frozen or not; None where they cannot."""
    assert isinstance(left.type, SetRef) and isinstance(right.type, SetRef)
    return infer.unify(left.type, replace(right.type, frozen=left.type.frozen))


def refuse_mixed(infer: Inference, node: ast.AST, left: Type, right: Type) -> Unknown:
    """Refuse elements of several types."""
    return infer.refuse(
        "P0302",
        node,
        f"{describe(left)} cannot hold what {describe(right)} brings",
        "give all elements one type that can be hashed: float(x), int(x), tuple(x)",
    )


def combined(infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact:
    """Return `left symbol right` as a new set of the left one's class."""
    assert isinstance(left.type, SetRef)
    if alike(infer, left, right) is None:
        return refuse_mixed(infer, node, left.type, right.type)
    steps: list[Step] = []
    left, right = hold(infer, left, "left", steps), hold(infer, right, "right", steps)
    assert isinstance(left.type, SetRef)
    made = begin_set(infer, node, steps, frozen=left.type.frozen, place=symbol)
    if isinstance(made, Unknown) or alike(infer, made, left) is None:
        return made if isinstance(made, Unknown) else refuse_mixed(infer, node, made.type, left.type)
    assert isinstance(made.type, SetRef)
    made = replace(made, type=replace(made.type, item=left.type.item))
    # The exclusive or begins with a copy of the right one, as CPython's does.
    calls: tuple[tuple[str, list[Known]], ...] | None = {
        "|": (("merge", [left]), ("merge_another", [left, right])),
        "^": (("merge", [right]), ("toggle", [left])),
    }.get(symbol)
    for function, others in calls or ():
        done = infer.library(node, "sets", function, [made, *others])
        if isinstance(done, Unknown):
            return done
        steps.append(Evaluated(infer.span(node), done))
    if calls is None:
        done = infer.library(node, "sets", _FILLED[symbol], [made, left, right])
        if isinstance(done, Unknown):
            return done
        steps.append(Evaluated(infer.span(node), done))
    return after(infer.span(node), steps, made)


def change_in_place(infer: Inference, node: ast.AST, symbol: str, value: Known, other: Known) -> Fact:
    """Return what does `value symbol= other` in a set itself: a None."""
    if alike(infer, value, other) is None:
        return refuse_mixed(infer, node, value.type, other.type)
    if symbol in _IN_PLACE:
        return infer.library(node, "sets", _IN_PLACE[symbol], [value, other])
    steps: list[Step] = []
    value = hold(infer, value, "changed", steps)
    made = combined(infer, node, symbol, value, other)
    if isinstance(made, Unknown):
        return made
    done = infer.library(node, "sets", "become", [value, made])
    return after(infer.span(node), steps, done) if isinstance(done, Known) else done


def begin_set(infer: Inference, node: ast.AST, steps: list[Step], *, frozen: bool = False, place: str = "") -> Known | Unknown:
    """Make an empty set in a temporary, to be filled by steps."""
    type_ = infer.made_here(node, SetRef(NEVER, frozen=frozen), place, frozen)
    if not isinstance(type_, SetRef):
        return infer.refuse("P0314", node, "this set would hold elements of several types", "give all elements one type")
    span = infer.span(node)
    fields = [constant(span, 0) if field == INT else operated(span, field, "list.of") for _, field in type_.storage]
    local = infer.temporary("elements", type_)
    steps.append(Assigned(span, local, Known(span, type_, Operated("record.of", tuple(fields)))))
    return Known(span, type_, Load(local))


def as_element(infer: Inference, container: Known, value: Known) -> Known | None:
    """Return what is sought in a set as one of its elements; None where it can be none."""
    assert isinstance(container.type, SetRef)
    item = container.type.item
    if item == NEVER:
        return value if is_hashable(value.type) else None
    if infer.generalise(item, value.type) == item:
        return coerced(infer, value, item)
    # It can be none, and yet equal one: 1, 1.0 and True.
    return value if all(is_plain_key(type_) for type_ in members_of(value.type)) else None


def grown_set(infer: Inference, container: Known, item: Type) -> Known | None:
    """Return a set as one that holds elements of this type too; None where it cannot."""
    assert isinstance(container.type, SetRef)
    joined = infer.generalise(container.type.item, item)
    if joined is None or not (is_hashable(joined) or joined == NEVER):
        return None
    grown = infer.unify(container.type, replace(container.type, item=joined))
    return None if grown is None else replace(container, type=grown)


def add_to(infer: Inference, node: ast.AST, container: Known, value: Known, function: str = "add") -> Fact:
    """Return the call that puts an element into a set, which then holds elements of its type (or another call with one)."""
    grown = grown_set(infer, container, value.type)
    if grown is None:
        return refuse_mixed(infer, node, container.type, value.type)
    assert isinstance(grown.type, SetRef)
    return infer.library(node, "sets", function, [grown, coerced(infer, value, grown.type.item)])


def elements_stream(infer: Inference, node: ast.AST, value: Known, steps: list[Step]) -> Stream | Unknown | None:
    """Go over a set's elements; CPython's iterator looks before each whether the set has changed its size."""
    assert isinstance(value.type, SetRef)
    item, span = value.type.item, value.span
    if hash_varies(item) and not infer.any_order(node):
        return infer.refuse(
            "P0230",
            node,
            f"the order of {describe(value.type)} differs from run to run in CPython",
            "sort it: sorted(values); len, in, ==, min, max, any, all and set operations do not ask for an order",
        )
    held = hold(infer, value, "elements", steps)
    begun = infer.library(node, "sets", "begun", [held])
    if isinstance(begun, Unknown):
        return begun
    used = hold(infer, begun, "used", steps)
    local = infer.temporary("place", INT)
    steps.append(Assigned(span, local, constant(span, -1)))
    place = Known(span, INT, Load(local))

    def test() -> Known:
        following = infer.binary(node, "+", place, constant(span, 1))
        assert isinstance(following, Known)
        found = infer.library(node, "sets", "next_slot", [held, following, used])
        assert isinstance(found, Known)
        return after(span, [Assigned(span, local, found)], compared("ge", place, constant(span, 0)))

    def take(taken: list[Step]) -> Fact:
        storage = operated(span, ListRef(item), "record.get", held, name="items")
        return hold(infer, operated(span, item, "list.get", storage, place), "element", taken)

    return Stream(test, take, lambda: operated(span, INT, "record.get", held, name="used"))


def is_order_kept(constants: Sequence[Any]) -> bool:
    """Whether the frozenset that CPython makes of a display's constants is the same, slot by slot, compiled and loaded from a file.

    While it compiles, CPython makes a second one of what the first gives. In the file they are sorted by their bytes, among which those
    that more than the display refers to, as small ints, may come last.
    """
    compiled = _slots(constants)
    kept = [item for item in compiled if item is not None]
    by_bytes = sorted(kept, key=lambda item: marshal.dumps(item[0]))
    shared_last = sorted(by_bytes, key=lambda item: type(item[0]) is int and -5 <= item[0] <= 256)
    return all(_slots([value for (value,) in order]) == compiled for order in (kept, by_bytes, shared_last))


def _slots(values: Sequence[Any]) -> list[tuple[Any] | None]:
    """Return the table of a set that the library fills with values, here in CPython; an element alone in a tuple."""
    table = SimpleNamespace(items=[], hashes=[], states=[], used=0, fill=0)
    for value in values:
        add(table, value)
    return [(item,) if state else None for item, state in zip(table.items, table.states, strict=True)]
