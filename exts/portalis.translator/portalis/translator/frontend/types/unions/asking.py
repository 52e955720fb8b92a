"""Special methods that are asked one after another, for as long as each leaves the answer to the next: it gives NotImplemented."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import TypeAlias

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after
from portalis.translator.frontend.facts.model import Evaluated, Fact, Known, Unreached
from portalis.translator.frontend.types.unions.mistakes import Mistake, mistaken
from portalis.translator.frontend.types.unions.splitting import by_member, ended
from portalis.translator.ir.instances import NOT_IMPLEMENTED
from portalis.translator.ir.types import NEVER, Type, members_of

# The call of a method; None where its class has none, or it is known to leave the answer and does nothing else.
Question: TypeAlias = Callable[[], Fact | None]
# What is so where no method answers; whether none ever does here.
Last: TypeAlias = Callable[[bool], Fact | None]


def answer(infer: Inference, node: ast.AST, questions: Sequence[Question], last: Last, never: bool = True) -> Fact | None:
    """Return what the first method says that answers, and what is `last` where none does."""
    if not questions:
        return last(never)
    found, rest = questions[0](), questions[1:]
    if found is None:
        return answer(infer, node, rest, last, never)
    if not isinstance(found, Known) or NOT_IMPLEMENTED not in members_of(found.type):
        return found
    always = never and found.type == NOT_IMPLEMENTED
    return unless_left(infer, node, found, lambda said: said, lambda: answer(infer, node, rest, last, always))


def unless_left(infer: Inference, node: ast.AST, said: Known, use: Callable[[Known], Fact | None], otherwise: Question) -> Fact | None:
    """Return what becomes of what a method said; `otherwise`, after it was asked, where that is NotImplemented."""
    if said.type == NOT_IMPLEMENTED:
        found = otherwise()
        return after(said.span, [Evaluated(said.span, said)], found) if isinstance(found, Known) else found

    def one(parts: list[Known]) -> Fact | None:
        return otherwise() if parts[0].type == NOT_IMPLEMENTED else use(parts[0])

    return by_member(infer, node, [said], one, lambda types: None)


def left_by_all(infer: Inference, node: ast.AST, mistake: Mistake | None, values: Sequence[Known], type_: Type, never: bool) -> Fact | None:
    """Return the TypeError of an operation that no method answers; None where it is to be refused, since nothing ever does."""
    if mistake is None or never:
        return mistaken(infer, node, mistake, values, type_)
    span = infer.span(node)
    return after(span, [ended(infer, span, mistake)], Known(span, NEVER, Unreached()))
