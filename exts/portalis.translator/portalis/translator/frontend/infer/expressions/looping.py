"""Loops in an expression: steps that are gathered apart, and what is done with each element of a stream."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeAlias

from portalis.translator.frontend.facts.making import primitive
from portalis.translator.frontend.facts.model import Jumped, Known, Looped, Step, Tested, Unknown
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.state import Binding, StatementScope
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
    before = _about_to_change(infer)
    test = stream.test()
    body: list[Step] = []
    if until is not None:
        # What a stream's test leaves for `take` is there where the test stands by itself.
        body.append(Tested(span, primitive(span, BOOL, "bool.not", test), (Jumped(span, "break"),)))
        test = primitive(span, BOOL, "bool.not", until)
    item = stream.take(body)
    failed = item if isinstance(item, Unknown) else use(item, body)
    steps.append(Looped(span, test, tuple(body)))
    return failed or _changed_in_rounds(infer, node, before)


def _about_to_change(infer: FunctionInference) -> dict[str, Binding | None]:
    """Return what is known of the names that `:=` in an expression's loops assigns, and forget what only the first round has."""
    definition = infer.unit.definition
    if definition is None or ":=" not in infer.names.scope.source.text:
        return {}
    loops = (node for node in ast.walk(definition) if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp))
    names = {inner.target.id for node in loops for inner in ast.walk(node) if isinstance(inner, ast.NamedExpr)}
    found = {name: infer.live.names.get(name) for name in names}
    infer.live.names |= {name: replace(binding, text=None, exact=None) for name, binding in found.items() if binding is not None}
    return found


def _changed_in_rounds(infer: FunctionInference, node: ast.AST, before: dict[str, Binding | None]) -> Unknown | None:
    """Hold in the state after a loop that there may have been no round; a name that is of another type in the next round is refused."""
    for name, first in before.items():
        last = infer.live.names.get(name)
        if last is None or last.unknown or (first is not None and first.unknown):
            continue
        if first is None:
            infer.live.names[name] = replace(last, maybe=True)
        elif (first.type, first.local, first.held, first.field) != (last.type, last.local, last.held, last.field):
            message = f"`{name}` has another type from the second round on: {last.type}"
            return infer.refuse("P0302", node, message, "give it one type before, such as 0.0 for a float; or write a `for` loop")
        elif first.maybe:
            infer.live.names[name] = replace(last, maybe=True)
    return None
