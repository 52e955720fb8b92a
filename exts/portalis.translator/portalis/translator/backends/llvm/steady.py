"""Steady lists in registers: how long one is and where its elements lie is read once, before the loop.

LLVM could find out by itself which lists are steady (`passes/facts/steady.py`), at a price that only deep loops are worth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portalis.translator.ir.nodes import Call, Const, Expr, Fallible, ForRange, Local, Prim, walk


@dataclass(frozen=True, slots=True)
class Steady:
    """The registers that hold a steady list's length, and the address of its elements."""

    length: str
    data: str


@dataclass(frozen=True, slots=True)
class Counted:
    """An element of a list that a loop over a range reads or writes at its counter plus a distance."""

    name: str
    distance: int


# What reads and writes an element at an index that may be any int.
_ELEMENT, _SET_ELEMENT = "lists.element.", "lists.set_element."
# The longest distance that is looked at: with a length, it stays far from the ends of 64 bits.
_FAR = 2**16


def counted(loop: ForRange, steady: Mapping[str, Steady]) -> tuple[Counted, ...]:
    """Return at which elements of steady lists a loop looks that lie at its counter, which it does not assign, or at a distance from it."""
    found: dict[Counted, None] = {}
    for node in (part for statement in loop.body for part in walk(statement)):
        if node.writes == "local" and getattr(node, "target", "") == loop.target:
            return ()
        if isinstance(node, Call) and (place := counted_place(node, loop.target)) and place.name in steady:
            found[place] = None
    return tuple(found)


def counted_place(node: Call, counter: str) -> Counted | None:
    """Return the element at which a call looks; None where it is none at a counter plus a distance."""
    if not node.function.startswith((_ELEMENT, _SET_ELEMENT)) or not isinstance(node.args[0], Local):
        return None
    distance = _distance(node.args[1], counter)
    return None if distance is None else Counted(node.args[0].name, distance)


def is_read(node: Call) -> bool:
    """Tell whether a call that looks at an element only reads it."""
    return node.function.startswith(_ELEMENT)


def _distance(index: Expr, counter: str) -> int | None:
    inner = index.value if isinstance(index, Fallible) else index
    if isinstance(inner, Local):
        return 0 if inner.name == counter else None
    if (
        isinstance(inner, Prim)
        and inner.op in ("int.add", "int.sub")
        and isinstance(inner.args[0], Local)
        and inner.args[0].name == counter
    ):
        last = inner.args[1]
        if isinstance(last, Const) and type(last.value) is int and 0 <= last.value <= _FAR:
            return last.value if inner.op == "int.add" else -last.value
    return None
