"""What every node says of itself, on its class. There are no defaults: a class that leaves a fact out is none of `Node`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol, TypeAlias

# What running a node changes, apart from what its children change: nothing, a local, part of an aggregate, whatever its callee changes, or
# (reading included) objects that others may see.
Writes: TypeAlias = Literal["nothing", "local", "place", "callee", "heap"]
# Where control goes after a node: on, or never on (what follows in the same block is dead); after a loop, perhaps never anywhere.
Leads: TypeAlias = Literal["on", "away", "round"]
# What an exception is raised with: nothing or a constant text; a text that the program computed, which is told apart (`error.tell`); one
# other argument, of which the text told is Python's literal; or several, of which it is the literal of their tuple.
MessageForm: TypeAlias = Literal["constant", "text", "literal", "arguments"]


@dataclass(frozen=True, slots=True)
class Ending:
    """How a node can end the call by itself.

    `kind` is "exception" (`name` is its class, `message` its text, or None where there is none or `form` says that it is computed),
    "guard" (`name` is the reason), "call" (it ends where the function `name` does) or "again" (with the error that was given back before).
    """

    kind: Literal["exception", "guard", "call", "again"]
    name: str
    message: str | None = None
    form: MessageForm = "constant"


@dataclass(frozen=True, slots=True)
class Edge:
    """Where control goes where a node ends in an error: out of the function, or to what the innermost `Try` or `Finally` around it has.

    With `records`, the node's own error site is recorded on the way: its error, or, for a call out of the user's code into the library, the
    call that the error is blamed on. Without, what the callee recorded stands.
    """

    target: Literal["leave", "handler"]
    records: bool


class NodeFacts(Protocol):
    """The facts of one node, apart from its children's."""

    @property
    def children(self) -> Sequence[str]:
        """The fields that hold nodes or tuples of nodes, in the order in which they are evaluated."""

    @property
    def writes(self) -> Writes:
        """What it changes."""

    @property
    def leads(self) -> Leads:
        """Where control goes afterwards."""

    def ending(self) -> Ending | None:
        """Return how it can end the call; None where it cannot."""


class Leaf:
    """Facts of a node without children."""

    __slots__ = ()
    children: ClassVar[tuple[str, ...]] = ()


class Quiet:
    """Facts of a node that does nothing besides giving its value or running its children."""

    __slots__ = ()
    writes: ClassVar[Writes] = "nothing"
    leads: ClassVar[Leads] = "on"

    def ending(self) -> Ending | None:
        return None
