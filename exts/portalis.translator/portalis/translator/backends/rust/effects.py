"""What evaluating a piece of the tree reads, writes and may do besides."""

from __future__ import annotations

from dataclasses import dataclass

from portalis.translator.backends.rust.traversal import root, walk, walk_body
from portalis.translator.backends.rust.tree import (
    Assign,
    Body,
    Borrow,
    Break,
    Build,
    Call,
    Catch,
    Continue,
    Expr,
    For,
    Heap,
    If,
    Let,
    Loop,
    Method,
    Node,
    Return,
    Try,
    Update,
    Var,
    While,
)

# Stand among the variables for what objects hold, and for the making of one: it can be left out, but not done twice instead of once.
HEAP, NEW = "@heap", "@new"


@dataclass(frozen=True, slots=True)
class Effects:
    """The variables read and written, and whether that is all: nothing ends early, loops, or calls what may."""

    reads: frozenset[str]
    writes: frozenset[str]
    pure: bool

    def commutes_with(self, other: Effects) -> bool:
        """Tell whether the two may swap places: at most one does more than read and write, and neither writes what the other uses."""
        apart = not ((self.writes & (other.reads | other.writes) - {NEW}) or other.writes & self.reads)
        return apart and (self.pure or other.pure)


def effects(*nodes: Node) -> Effects:
    """Return the effects of evaluating nodes."""
    reads: set[str] = set()
    writes: set[str] = set()
    pure = True
    for node in nodes:
        for part in walk(node):
            match part:
                case Var(name):
                    # A variable that is only assigned counts as read too: coarse, and on the safe side.
                    reads.add(name)
                case Assign(place, _) | Update(_, place, _) | Borrow(place):
                    writes |= {root(place) or ""} - {""}
                case Method(receiver, _, _, is_pure, mutates, heap):
                    pure &= is_pure
                    _touch(heap, reads, writes)
                    if mutates:
                        writes |= {root(receiver) or ""} - {""}
                case Let(name) | For(_, name):
                    writes.add(name)
                case Call(_, _, is_pure, heap):
                    pure &= is_pure
                    _touch(heap, reads, writes)
                case Build():
                    writes.add(NEW)
                case Catch(_, Var(name)):
                    writes.add(name)
                    pure = False
                case Try() | Return() | Break() | Continue() | Loop() | While():
                    pure = False
    return Effects(frozenset(reads), frozenset(writes), pure)


def _touch(heap: Heap, reads: set[str], writes: set[str]) -> None:
    reads |= set() if heap == "untouched" else {HEAP}
    writes |= {HEAP} if heap == "changed" else set()


def body_effects(body: Body) -> Effects:
    """Return the effects of running statements."""
    return effects(*body)


def is_droppable(expr: Expr) -> bool:
    """Tell whether nobody can notice that an expression is not evaluated."""
    found = effects(expr)
    return found.pure and found.writes <= {NEW}


def assigned(body: Body) -> frozenset[str]:
    """Return the variables that statements assign, wholly or in part."""
    return effects(*body).writes


def mentions(node: Node, name: str) -> bool:
    """Tell whether a variable occurs in a piece of the tree."""
    return any(isinstance(part, Var) and part.name == name for part in walk(node))


def falls_through(body: Body) -> bool:
    """Tell whether rustc sees control reach the end of a body."""
    return not body or not diverges(body[-1])


def diverges(statement: Node) -> bool:
    """Tell whether rustc knows that control does not go past a statement."""
    match statement:
        case Return() | Break() | Continue():
            return True
        case If(_, then, otherwise):
            return bool(otherwise) and not falls_through(then) and not falls_through(otherwise)
        case Loop(label, body):
            return not any(isinstance(part, Break | Catch) and part.label == label for part in walk_body(body))
        case _:
            return False
