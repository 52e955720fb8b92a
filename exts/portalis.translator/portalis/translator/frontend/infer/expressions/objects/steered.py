"""`generator.close()` and `generator.send(value)` of what functions of the program make.

A generator that is closed ends where it stands. A `yield` stands nowhere that anything is cleaned up, nor where what CPython raises there
is handled (`statements/yielding.py`): so nothing of the function runs any more. One that something is sent into goes on, and its `yield`
gives the value. What is sent into the generators of one specialisation, anywhere in the program, is known like what a field of a class
holds: it grows over the rounds of inference, from None, which is what `next` sends. A generator that stands at its beginning takes None
alone. What a generator delegates to would be closed, or be sent to, as well: a function that does that is refused.
"""

from __future__ import annotations

import ast
import re

from portalis.translator.frontend.facts.making import after, constant, describe, hold
from portalis.translator.frontend.facts.model import Evaluated, Fact, Known, Raised, Step, Stopped, Tested, Unknown
from portalis.translator.frontend.facts.sent import send
from portalis.translator.frontend.infer.expressions.iterables import captured
from portalis.translator.frontend.infer.expressions.objects.advancing import advanced
from portalis.translator.frontend.infer.expressions.standard.producing import negated
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.read.tree import walk
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.references.streams import compared
from portalis.translator.frontend.types.unions.members import coerced, is_member
from portalis.translator.ir.generators import ENDED, RUNNING, SENT, STANDS, maker_of, place_of_own, returned_type
from portalis.translator.ir.types import INT, NONE, UnionType

_TOO_EARLY = "can't send non-None value to a just-started generator"
_LOCAL = "<locals>"
_NUMBERED = re.compile(r"\.\d+$")


def call_close(infer: FunctionInference, node: ast.Call, receiver: Known) -> Fact | None:
    """Return `generator.close()`; None of what is no generator of the program's own functions, since Python's iterators have no `close`."""
    definition = _written_by_user(infer, maker_of(receiver.type))
    if definition is None or node.args or node.keywords:
        return None
    if any(isinstance(inner, ast.YieldFrom) for inner in walk(definition)) or returned_type(receiver.type) != NONE:
        message = f"`close` is not translated of what `{definition.name}` makes, which has `yield from`, or returns something"
        return infer.refuse("P0307", node, message, "go over what it delegates to: for x in inner: yield x")
    span, steps = infer.span(node), list[Step]()
    held = hold(infer, receiver, "generator", steps)
    state = hold(infer, operated(span, INT, "frame.get", held, name=place_of_own(receiver.type, STANDS)), "state", steps)
    # It may have ended by an exception, or be what asks.
    steps.append(Tested(span, compared("eq", state, constant(span, RUNNING)), (Stopped(span, "a generator that is running is closed"),)))
    steps.append(Evaluated(span, operated(span, NONE, "frame.set", held, constant(span, ENDED), name=place_of_own(receiver.type, STANDS))))
    return after(span, steps, constant(span, None))


def call_send(infer: FunctionInference, node: ast.Call, receiver: Known) -> Fact | None:
    """Return `generator.send(value)`; None of what is no generator of the program's own functions."""
    maker = maker_of(receiver.type)
    definition = _written_by_user(infer, maker)
    if definition is None or len(node.args) != 1 or node.keywords or isinstance(node.args[0], ast.Starred):
        return None
    if any(isinstance(inner, ast.YieldFrom) for inner in walk(definition)):
        message = f"`send` is not translated of what `{definition.name}` makes, which has `yield from`"
        return infer.refuse("P0307", node, message, "go over what it delegates to: for x in inner: yield x")
    span, steps = infer.span(node), list[Step]()
    with captured(infer, steps):
        held = hold(infer, receiver, "generator", steps)
        value = infer.expression(node.args[0])
    if isinstance(value, Unknown):
        return value
    stands = constant(span, 0)
    if value.type != NONE:
        value = hold(infer, value, "sent", steps)
        stands = hold(infer, operated(span, INT, "frame.get", held, name=place_of_own(receiver.type, STANDS)), "stands", steps)
        early: tuple[Step, ...] = (Raised(span, "TypeError", _TOO_EARLY),)
        if isinstance(value.type, UnionType) and NONE in value.type.members:
            early = (Tested(span, negated(is_member(value, NONE)), early),)
        steps.append(Tested(span, compared("eq", stands, constant(span, 0)), early))
    wanted = send(infer.unit.specialiser.sites, maker, value.type)
    if wanted is None:
        message = f"{describe(value.type)} is sent into what `{definition.name}` makes, where something else is sent, too"
        return infer.refuse("P0302", node, message, "send values of one type")
    if value.type != NONE:
        # One that never comes to a `yield` has no place for it.
        put = operated(span, NONE, "frame.set", held, coerced(infer, value, wanted), name=place_of_own(receiver.type, SENT))
        steps.append(Tested(span, compared("gt", stands, constant(span, 0)), (Evaluated(span, put),)))
    return advanced(infer, node, held, steps)


def _written_by_user(infer: FunctionInference, specialisation: str) -> ast.FunctionDef | None:
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
