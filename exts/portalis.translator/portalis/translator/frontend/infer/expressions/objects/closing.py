"""`generator.close()`: a generator of a function of the program ends where it stands.

A `yield` stands nowhere that anything is cleaned up, nor where what CPython raises there is handled (`statements/yielding.py`): so nothing
of the function runs any more. What it delegates to would be closed, too, and a function that does that is refused.
"""

from __future__ import annotations

import ast
import re

from portalis.translator.frontend.facts.making import after, constant, hold
from portalis.translator.frontend.facts.model import Evaluated, Fact, Known, Step, Stopped, Tested
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.read.tree import walk
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.references.streams import compared
from portalis.translator.ir.generators import ENDED, RUNNING, maker_of, returned_type
from portalis.translator.ir.types import INT, NONE

_STATE = "0.0"
_LOCAL = "<locals>"
_NUMBERED = re.compile(r"\.\d+$")


def call_close(infer: FunctionInference, node: ast.Call, receiver: Known) -> Fact | None:
    """Return `generator.close()`; None of what is no generator of the program's own functions, since Python's iterators have no `close`."""
    definition = written_by_user(infer, maker_of(receiver.type))
    if definition is None or node.args or node.keywords:
        return None
    if any(isinstance(inner, ast.YieldFrom) for inner in walk(definition)) or returned_type(receiver.type) != NONE:
        message = f"`close` is not translated of what `{definition.name}` makes, which has `yield from`, or returns something"
        return infer.refuse("P0307", node, message, "go over what it delegates to: for x in inner: yield x")
    span, steps = infer.span(node), list[Step]()
    held = hold(infer, receiver, "generator", steps)
    state = hold(infer, operated(span, INT, "frame.get", held, name=_STATE), "state", steps)
    # It may have ended by an exception, or be what asks.
    steps.append(Tested(span, compared("eq", state, constant(span, RUNNING)), (Stopped(span, "a generator that is running is closed"),)))
    steps.append(Evaluated(span, operated(span, NONE, "frame.set", held, constant(span, ENDED), name=_STATE)))
    return after(span, steps, constant(span, None))


def written_by_user(infer: FunctionInference, specialisation: str) -> ast.FunctionDef | None:
    """Return the function or method of the text whose specialisation this is; None of one that is written for an iterator."""
    scope, name = infer.names.scope, _NUMBERED.sub("", specialisation)
    inner = scope.inner.get(name)
    if inner is not None:
        # What is written for an iterator is in no function of the text.
        return inner.definition if _LOCAL in inner.qualified else None
    try:
        return scope.definition(name)
    except KeyError:
        return None
