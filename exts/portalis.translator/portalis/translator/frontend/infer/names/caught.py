"""What a handler's name stands for where the program's own exceptions are objects: the instance that was raised."""

from __future__ import annotations

import ast
from dataclasses import replace

from portalis.translator.frontend.facts.making import hold
from portalis.translator.frontend.facts.model import Chosen, Known, Unknown
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.instances import module_of, type_of
from portalis.translator.frontend.infer.state import Caught
from portalis.translator.frontend.read.at_import.own_classes import OwnClass, has_bodies, own_class
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.unions.members import coerced
from portalis.translator.ir.types import BOOL, NEVER, Type


def bind_caught(infer: FunctionInference, handler: ast.ExceptHandler, caught: Caught) -> tuple[Caught, bool]:
    """Keep the object that came with an exception, and bind the handler's name to it where it takes nothing but the program's own.

    Return what was caught, and whether the name is bound. Which classes there are instances of is known once the program was gone over.
    """
    module = module_of(infer)
    if infer.scope.library or not has_bodies(module):
        return caught, False
    known = [found for name in module.exceptions if isinstance(found := own_class(module, name), OwnClass)]
    made = [found for found in known if found.name in infer.unit.specialiser.sites.fields]
    span = infer.span(handler)
    if made and infer.effects.placed is not None:
        infer.refuse(
            "P0320", handler, "an exception with a body is not handled in a generator", "handle it in a function that the generator calls"
        )
        return caught, False
    if made:
        caught = replace(caught, held=hold(infer, operated(span, type_of(made[0]), "error.held"), "held", infer.statement_scope.steps))
    wanted = caught.classes.split()
    if handler.name is None or not all(name in module.exceptions for name in wanted):
        return caught, False
    # Whoever derives from another one is asked for before that.
    fitting = [found for found in reversed(made) if any(found.derives_from(name) for name in wanted)]
    if not fitting:
        infer.effects.unknown_result = infer.effects.unknown_result or not infer.unit.specialiser.sites.settled
        infer.lose(handler.name, Unknown(None, pending=not infer.unit.specialiser.sites.settled))
        return caught, True
    fitting.sort(key=lambda found: -_depth(found))
    joined: Type | None = NEVER
    for found in fitting:
        joined = None if joined is None else infer.generalise(joined, type_of(found))
    if joined is None:
        infer.refuse("P0320", handler, f"`{handler.name}` may be of too many classes", "catch fewer classes at once")
        infer.lose(handler.name, Unknown(None))
        return caught, True
    value = coerced(infer, operated(span, type_of(fitting[-1]), "error.held"), joined)
    for found in reversed(fitting[:-1]):
        is_one = operated(span, BOOL, "error.is", caught.word, name=found.name)
        value = Known(span, joined, Chosen(is_one, coerced(infer, operated(span, type_of(found), "error.held"), joined), value))
    infer.bind(handler.name, value, handler)
    return caught, True


def _depth(found: OwnClass) -> int:
    return 0 if found.base is None else 1 + _depth(found.base)
