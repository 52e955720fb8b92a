"""Loops in an expression: steps that are gathered apart, and what is done with each element of a stream."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from portalis.translator.frontend.facts.making import primitive
from portalis.translator.frontend.facts.model import Jumped, Known, Looped, Step, Tested, Unknown
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.state import StatementScope
from portalis.translator.frontend.infer.statements.assignments import drop_temporaries
from portalis.translator.frontend.types.references.streams import Stream
from portalis.translator.ir.types import BOOL

# What to do with an element, as steps in the body of the loop; the refusal where that cannot be done.
Use: TypeAlias = Callable[[Known, list[Step]], Unknown | None]


@contextmanager
def captured(infer: FunctionInference, steps: list[Step]) -> Iterator[None]:
    """Let what is inferred add its steps to `steps`, not before the statement at hand."""
    outer, infer.statement_scope = infer.statement_scope, StatementScope(steps)
    try:
        yield
    finally:
        drop_temporaries(infer)
        changes = infer.statement_scope.changes
        infer.statement_scope = outer
        outer.changes += changes


def loop(infer: FunctionInference, node: ast.AST, stream: Stream, steps: list[Step], use: Use, until: Known | None) -> Unknown | None:
    """Write the loop over a stream; it ends early where `until` holds."""
    span = infer.span(node)
    test = stream.test()
    body: list[Step] = []
    if until is not None:
        # What a stream's test leaves for `take` is there where the test stands by itself.
        body.append(Tested(span, primitive(span, BOOL, "bool.not", test), (Jumped(span, "break"),)))
        test = primitive(span, BOOL, "bool.not", until)
    item = stream.take(body)
    failed = item if isinstance(item, Unknown) else use(item, body)
    steps.append(Looped(span, test, tuple(body)))
    return failed
