"""How an interpreted call can end other than by returning, and which branches it took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, assert_never

from portalis.translator.ir.errors import ErrorSite
from portalis.translator.ir.exceptions import LIMIT
from portalis.translator.ir.nodes import (
    Assign,
    BoolOp,
    Bound,
    Break,
    Call,
    Compare,
    Const,
    Continue,
    ElementLoad,
    Evaluate,
    Fail,
    Fallible,
    FieldLoad,
    Finally,
    ForRange,
    Guard,
    If,
    IfExpr,
    Local,
    Make,
    Node,
    ObjectOp,
    Prim,
    Program,
    Raise,
    Reraise,
    Return,
    Sequence,
    Store,
    Try,
    While,
    walk_function,
)
from portalis.translator.source import Span

BranchKind: TypeAlias = Literal["if", "while", "for", "and", "or", "if expression", "except"]


class CallStopped(Exception):
    """A call ended at an error site.

    `call` is the user's call where the site lies in the library. `text` is what came with the error, where the site says so. `word` is
    the error word of `ir/errors.py` and `finals` the values of the by-reference parameters at that moment; these are filled in when the
    entry's frame is left.
    """

    def __init__(self, site: ErrorSite) -> None:
        super().__init__(f"{site.name}: {site.message}" if site.message is not None else site.name)
        self.site = site
        self.call: ErrorSite | None = None
        self.text: str | None = None
        self.word = 0
        self.finals: tuple[Any, ...] = ()


class PythonRaised(CallStopped):
    """CPython would have raised: `site.name` is the exception's class and `site.message` its text."""


class GuardStop(CallStopped):
    """A value left the typed world: `site.name` is the reason."""


class OutOfFuel(Exception):
    """The call made more loop iterations and calls than it was allowed; `span` is the loop or function that wanted one more."""

    def __init__(self, span: Span) -> None:
        super().__init__(str(span))
        self.span = span


class BrokenContract(Exception):
    """The program asked for what the IR promises not to ask: an unproven overflow, an offset outside its aggregate."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One way out of a decision in user code.

    `and`/`or`: taken means that the left operand held; `for`: that there was an iteration; `except`: that the exception was of its class,
    and not taken that its `try` was entered.
    """

    span: Span
    kind: BranchKind
    taken: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often each branch of a program's user code was taken, zero included."""

    branches: dict[Branch, int]

    @property
    def unexercised(self) -> tuple[Branch, ...]:
        """The branches never taken, in source order."""
        return tuple(sorted((branch for branch, times in self.branches.items() if not times), key=lambda item: (item.span, item.taken)))


def branch_kind(node: Node) -> BranchKind | None:
    """Return what kind of decision a node makes, or None where it makes none."""
    match node:
        case (
            If(_, ObjectOp(_, _, "error.is", (Local(_, _, "@stopped"),)))
            | If(_, ObjectOp(_, _, "frame.at"))
            | While(_, ObjectOp(_, _, "frame.at"))
        ):
            return None  # Where a generator goes on is no decision of the program's.
        case If(_, ObjectOp(_, _, "error.is", _, classes)):
            return "except" if classes != LIMIT else None
        case If():
            return "if"
        case While():
            return "while"
        case ForRange():
            return "for"
        case BoolOp(_, _, op, _, _):
            return op
        case IfExpr():
            return "if expression"
        case (
            Const()
            | Local()
            | FieldLoad()
            | ElementLoad()
            | Bound()
            | Make()
            | Prim()
            | ObjectOp()
            | Compare()
            | Call()
            | Sequence()
            | Fallible()
        ):
            return None
        case Assign() | Store() | Evaluate() | Try() | Finally() | Break() | Continue() | Return() | Raise() | Reraise() | Guard() | Fail():
            return None
        case _:
            assert_never(node)


def decisions(program: Program) -> dict[tuple[Span, BranchKind], int]:
    """Number the decisions of a program's user code; specialisations of one function share theirs."""
    numbers: dict[tuple[Span, BranchKind], int] = {}
    for function in program.functions:
        if not function.library:
            for node in walk_function(function):
                if (kind := branch_kind(node)) is not None:
                    numbers.setdefault((node.span, kind), len(numbers))
    return numbers
