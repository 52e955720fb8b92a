"""Facts keyed by syntax node: of expressions, and of statements with what lowering must know of their branches and loops."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from portalis.translator.frontend.facts.model import Fact, Known, Step
from portalis.translator.source import Span


@dataclass(slots=True, eq=False)
class Facts:
    """The facts of a body. A loop's body has a table of its own, the last one made: what earlier rounds knew is forgotten."""

    expressions: dict[ast.expr, Fact] = field(default_factory=dict)
    statements: dict[ast.stmt, StatementFact] = field(default_factory=dict)
    # What is done before the first statement.
    entry: list[Step] = field(default_factory=list)

    def visited(self) -> Iterator[ast.stmt | ast.expr]:
        """Yield every statement and expression that inference reached, those inside loops included; one may come several times."""
        yield from self.expressions
        for statement, fact in self.statements.items():
            yield statement
            match fact.control:
                case Repeating(body=body) | Counted(body=body) | Iterated(body=body):
                    yield from body.visited()
                case Unrolled(rounds=rounds):
                    for one in rounds:
                        yield from one.body.visited()


@dataclass(frozen=True, slots=True, eq=False)
class StatementFact:
    """The steps of a statement, and after them how it branches or repeats."""

    steps: tuple[Step, ...]
    control: Control | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Branching:
    """An `if`: the copies that each branch makes at its end, so that both leave every name in the same storage."""

    span: Span
    test: Known
    then_copies: tuple[Step, ...]
    otherwise_copies: tuple[Step, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """An `if` whose test is known: the one branch that runs."""

    then: bool


@dataclass(frozen=True, slots=True, eq=False)
class Repeating:
    """A `while`; `body_copies` are made at the end of the body, `otherwise_copies` at the end of `else`."""

    span: Span
    entry: tuple[Step, ...]
    test: Known
    body: Facts
    body_copies: tuple[Step, ...]
    otherwise_copies: tuple[Step, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """A `for` over a range: `targets` are the steps that give the target its value, before the body.

    `entry` are the steps right before the loop: storage for what the loop will assign. `always_leaves`: it runs, and its first iteration
    leaves the function, which the IR does not know.
    """

    span: Span
    entry: tuple[Step, ...]
    counter: str
    start: Known
    stop: Known
    step: Known
    targets: tuple[Step, ...]
    body: Facts
    body_copies: tuple[Step, ...]
    otherwise_copies: tuple[Step, ...]
    always_leaves: bool


@dataclass(frozen=True, slots=True, eq=False)
class Iterated:
    """A `for` over what only the running program knows the length of: `targets` take the next element, where `test` says there is one."""

    span: Span
    entry: tuple[Step, ...]
    test: Known
    targets: tuple[Step, ...]
    body: Facts
    body_copies: tuple[Step, ...]
    otherwise_copies: tuple[Step, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Round:
    """One element of an unrolled loop: the steps that assign it, and the facts of the body for it."""

    targets: tuple[Step, ...]
    body: Facts


@dataclass(frozen=True, slots=True, eq=False)
class Unrolled:
    """A `for` over elements of different types: the body once for each."""

    rounds: tuple[Round, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Handled:
    """One `except`: the classes that it takes, their names with blanks between them, what it begins with, and the copies at its end."""

    span: Span
    classes: str
    copies: tuple[Step, ...]
    # What is done before its body.
    entry: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Protected:
    """A `try`: the locals that a caught error word and the text that came with it go to, its handlers, and the copies where none ran."""

    span: Span
    word: str
    told: str
    handlers: tuple[Handled, ...]
    otherwise_copies: tuple[Step, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """A `match` or a `with`: the statements that it stands for, whose facts are those of the body around it."""

    statements: tuple[ast.stmt, ...]


Control: TypeAlias = Matched | Branching | Taken | Repeating | Counted | Iterated | Unrolled | Protected
