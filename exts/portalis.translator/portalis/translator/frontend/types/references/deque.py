"""`collections.deque`: an object of the library's that stays inside a translation; what it does is `library/deques.py`'s."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import constant, hold, to_int
from portalis.translator.frontend.facts.model import Assigned, Fact, Known, Load, Operated, Step, Unknown
from portalis.translator.frontend.types.numbers.wide import INTS
from portalis.translator.frontend.types.references.operations import is_not_empty, negated_where, operated
from portalis.translator.frontend.types.references.streams import Stream, count_on, counter
from portalis.translator.frontend.types.unions.members import coerced
from portalis.translator.ir.types import INT, NEVER, LibraryRef, ListRef, Type

DEQUE = "deque"


def is_deque(type_: Type) -> bool:
    """Tell whether a type is that of deques."""
    return isinstance(type_, LibraryRef) and type_.python_class == DEQUE


def _of_items(items: ListRef) -> LibraryRef:
    return LibraryRef(DEQUE, (("items", items), ("head", INT), ("state", INT), ("limit", INT)))


def items_of(type_: Type) -> ListRef:
    """Return the type of the list that a deque is made of."""
    assert isinstance(type_, LibraryRef)
    found = type_.storage[0][1]
    assert isinstance(found, ListRef)
    return found


def begin_deque(infer: Inference, node: ast.AST, steps: list[Step], limit: Known | None = None) -> Known | Unknown:
    """Make an empty deque in a temporary, to be filled by steps; `limit` is how many elements it has at most."""
    items = infer.made_here(node, ListRef(NEVER), DEQUE)
    if not isinstance(items, ListRef):
        return infer.refuse("P0314", node, "this deque would hold elements of several types", "give all elements one type")
    span, type_ = infer.span(node), _of_items(items)
    made = Operated("record.of", (operated(span, items, "list.of"), constant(span, 0), constant(span, 0), limit or constant(span, -1)))
    local = infer.temporary("queue", type_)
    steps.append(Assigned(span, local, Known(span, type_, made)))
    return Known(span, type_, Load(local))


def put_in_deque(infer: Inference, node: ast.AST, queue: Known, value: Known) -> tuple[Known, Known] | Unknown:
    """Let a deque hold values of a type; return it, and the value as it is stored."""
    grown = let_hold(infer, node, queue, value.type)
    return grown if isinstance(grown, Unknown) else (grown, coerced(infer, value, items_of(grown.type).item))


def let_hold(infer: Inference, node: ast.AST, queue: Known, type_: Type) -> Known | Unknown:
    """Let a deque hold values of a type, too."""
    items = items_of(queue.type)
    joined = infer.generalise(items.item, type_)
    grown = None if joined is None else infer.unify(items, ListRef(joined, items.site))
    if joined is None or not isinstance(grown, ListRef):
        return infer.refuse("P0302", node, f"a deque of {items.item} cannot hold {type_}", "give all elements one type")
    return replace(queue, type=_of_items(grown))


class Deque:
    """What a deque does as an object; its methods are rows in `calls/methods/deques.py`."""

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        """Return whether it has elements."""
        return is_not_empty(infer, node, self.measured(infer, node, value))

    def measured(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        """Return how many elements it has."""
        found = infer.library(node, "deques", "length", [value])
        assert isinstance(found, Known)
        return found

    def contains(self, infer: Inference, node: ast.AST, needle: Known, haystack: Known, negated: bool) -> Fact:
        """Return whether a value is among its elements."""
        return negated_where(negated, infer, node, infer.library(node, "deques", "contained", [needle, haystack]))

    def element(self, infer: Inference, node: ast.expr, value: Known, index: Sequence[Known]) -> Fact | None:
        """Return an element."""
        return infer.library(node, "deques", "element", [value, to_int(index[0])]) if index[0].type in INTS else None

    def set_element(self, infer: Inference, node: ast.expr, value: Known, index: Known, new: Known) -> Fact | None:
        """Put another element in the place of one."""
        stored = put_in_deque(infer, node, value, new)
        if isinstance(stored, Unknown) or index.type not in INTS:
            return stored if isinstance(stored, Unknown) else None
        return infer.library(node, "deques", "set_element", [stored[0], to_int(index), stored[1]])

    def stream(self, infer: Inference, node: ast.AST, value: Known, steps: list[Step]) -> Stream:
        """Go over its elements; who changes it meanwhile is told so."""
        span, held = value.span, hold(infer, value, "queue", steps)
        state = hold(infer, operated(span, INT, "record.get", held, name="state"), "state", steps)
        here = counter(infer, span, constant(span, 0), steps)

        def test() -> Known:
            found = infer.library(node, "deques", "following", [held, here, state])
            assert isinstance(found, Known)
            return found

        def take(taken: list[Step]) -> Fact:
            found = infer.library(node, "deques", "element", [held, here])
            item = found if isinstance(found, Unknown) else hold(infer, found, "item", taken)
            taken.append(count_on(here, constant(span, 1)))
            return item

        return Stream(test, take)
