"""What iterators do as containers: they are gone over, and stand behind what was found."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, constant, hold
from portalis.translator.frontend.facts.model import Assigned, Fact, Jumped, Known, Load, Looped, Step, Tested, Unknown
from portalis.translator.frontend.types.references.operations import negated_where
from portalis.translator.frontend.types.references.streams import generator_stream
from portalis.translator.frontend.types.sequences.comparing import same_or_equal
from portalis.translator.ir.types import BOOL


def found_in_iterator(infer: Inference, node: ast.AST, needle: Known, iterator: Known, negated: bool) -> Fact:
    """Return `needle in iterator`, which takes elements up to the first that is the needle or equal to it."""
    span, steps = infer.span(node), list[Step]()
    sought = hold(infer, needle, "sought", steps)
    stream = generator_stream(infer, iterator, steps)
    local = infer.temporary("found", BOOL)
    steps.append(Assigned(span, local, constant(span, False)))
    body: list[Step] = []
    item = stream.take(body)
    equal = item if isinstance(item, Unknown) else same_or_equal(infer, node, item, sought)
    if isinstance(equal, Unknown):
        return equal
    body.append(Tested(span, equal, (Assigned(span, local, constant(span, True)), Jumped(span, "break"))))
    steps.append(Looped(span, stream.test(), tuple(body)))
    found = negated_where(negated, infer, node, Known(span, BOOL, Load(local)))
    return after(span, steps, found) if isinstance(found, Known) else found
