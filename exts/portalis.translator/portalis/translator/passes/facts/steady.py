"""Which lists stay what they are while a loop runs: how long they are and where their elements lie.

A list is *steady* in a loop where the loop does not assign the local that holds it, and nothing in the loop, or in what it calls, changes
the head of any list. Who looks at its head before the loop's first test needs the local assigned on every path to the loop: what is not
certain there is not steady.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from portalis.translator.ir.nodes import (
    STATEMENTS,
    Assign,
    Call,
    Expr,
    ForRange,
    Function,
    If,
    Local,
    Node,
    ObjectOp,
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
CHANGES_HEADS = frozenset(("list.append", "list.reserve", "list.truncate", "list.extend", "wire.take_words"))
# What asks for one or the other.
_ASKS_HEADS = frozenset(("list.length", "list.get", "list.set"))

# What changes a list in any way.
CHANGES = CHANGES_HEADS | {"list.set"}

Known = frozenset[str]


@lru_cache(maxsize=1024)
def _does(function: Function, operations: frozenset[str]) -> bool:
    return any(isinstance(node, ObjectOp) and node.op in operations for node in walk_function(function))


def functions_that(program: Program, operations: frozenset[str]) -> frozenset[str]:
    """Name the functions that may do one of some operations, by themselves or through what they call."""
    return with_callers(program, [function.name for function in program.functions if _does(function, operations)])


class SteadyLists:
    """The lists that are steady in the loops of one function; `changing` names the functions that may do what a loop must not."""

    def __init__(
        self, functions: Mapping[str, Function], function: Function, changing: frozenset[str], operations: frozenset[str] = CHANGES_HEADS
    ) -> None:
        self._functions, self._changing, self._operations = functions, changing, operations
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
        return isinstance(node, ObjectOp) and node.op in self._operations

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


def _asked(node: Node, is_in_place: Callable[[str], bool]) -> tuple[str, ...]:
    if isinstance(node, ObjectOp):
        return _lists(node.args[:1]) if node.op in _ASKS_HEADS else ()
    return _lists(node.args) if isinstance(node, Call) and is_in_place(node.function) else ()


def _lists(nodes: Iterable[Expr]) -> tuple[str, ...]:
    return tuple(node.name for node in nodes if isinstance(node, Local) and isinstance(node.type, ListRef))
