"""Which lists stay what they are while a loop runs: how long they are and where their elements lie is then read once, before the loop.

LLVM could find that out by itself, at a price that only deep loops are worth. A list is *steady* in a loop where the loop does not assign
the local that holds it, and nothing in the loop, or in what it calls, changes the head of any list. Its head is read before the loop's
first test, so the local must be assigned on every path to the loop: what is not certain there is not steady.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from portalis.translator.ir.nodes import (
    STATEMENTS,
    Assign,
    Call,
    Const,
    Expr,
    Fallible,
    ForRange,
    Function,
    If,
    Local,
    Node,
    ObjectOp,
    Prim,
    Program,
    Sequence,
    Stmt,
    While,
    walk,
    walk_function,
)
from portalis.translator.ir.types import ListRef
from portalis.translator.passes.facts.effects import always_leaves, with_callers, written_locals

# What changes how long a list is or where its elements lie; a new list is nobody's yet.
_CHANGES_HEADS = frozenset(("list.append", "list.reserve", "list.truncate", "list.extend", "wire.take_words"))
# What asks for one or the other.
_ASKS_HEADS = frozenset(("list.length", "list.get", "list.set"))

Known = frozenset[str]


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


@lru_cache(maxsize=1024)
def _changes_heads(function: Function) -> bool:
    return any(isinstance(node, ObjectOp) and node.op in _CHANGES_HEADS for node in walk_function(function))


def change_heads(program: Program) -> frozenset[str]:
    """Name the functions that may change the head of a list, by themselves or through what they call."""
    return with_callers(program, [function.name for function in program.functions if _changes_heads(function)])


class SteadyLists:
    """The lists that are steady in the loops of one function; `changing` names the functions that may change heads."""

    def __init__(self, functions: Mapping[str, Function], function: Function, changing: frozenset[str]) -> None:
        self._functions, self._changing = functions, changing
        self._before: dict[int, Known] = {}
        self._block(function.body, frozenset(parameter.name for parameter in function.params))

    def of(self, loop: While | ForRange, is_in_place: Callable[[str], bool]) -> tuple[str, ...]:
        """Name the locals whose lists are steady in a loop, and whose heads it asks for: by itself, or in what is written in place."""
        nodes = list(walk(loop))
        if any(map(self._may_change, nodes)):
            return ()
        gone = {name for node in nodes for name in written_locals(self._functions, node)}
        asked = dict.fromkeys(name for node in nodes for name in _asked(node, is_in_place))
        return tuple(name for name in asked if name not in gone and name in self._before[id(loop)])

    def _may_change(self, node: Node) -> bool:
        if isinstance(node, Call):
            return node.function in self._changing
        return isinstance(node, ObjectOp) and node.op in _CHANGES_HEADS

    # ------------------------------------------------------------------------------- what is certainly assigned before a loop
    def _block(self, body: Iterable[Stmt], known: Known) -> Known:
        for statement in body:
            known = self._statement(statement, known)
        return known

    def _statement(self, node: Stmt, known: Known) -> Known:
        """Go through a statement; of what it assigns, an assignment and a choice between two tell."""
        if isinstance(node, While | ForRange):
            self._before[id(node)] = known
        ends = [self._part(getattr(node, name), known) for name in node.children]
        if isinstance(node, Assign):
            return known | {node.target}
        if isinstance(node, If):
            _, then, otherwise = ends
            return otherwise if always_leaves(node.then) else then if always_leaves(node.otherwise) else then & otherwise
        return known

    def _part(self, part: Expr | tuple[Expr | Stmt, ...], known: Known) -> Known:
        """Go through one field of a node, as if nothing that its other fields hold had run."""
        for item in part if isinstance(part, tuple) else (part,):
            if isinstance(item, STATEMENTS):
                known = self._statement(item, known)
            else:
                inner = known
                for name in item.children:
                    inner = self._part(getattr(item, name), inner if isinstance(item, Sequence) else known)
        return known


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


def _asked(node: Node, is_in_place: Callable[[str], bool]) -> tuple[str, ...]:
    if isinstance(node, ObjectOp):
        return _lists(node.args[:1]) if node.op in _ASKS_HEADS else ()
    return _lists(node.args) if isinstance(node, Call) and is_in_place(node.function) else ()


def _lists(nodes: Iterable[Expr]) -> tuple[str, ...]:
    return tuple(node.name for node in nodes if isinstance(node, Local) and isinstance(node.type, ListRef))
