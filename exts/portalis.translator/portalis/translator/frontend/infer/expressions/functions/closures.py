"""Closures: a function with what it captured, in a frame of its own, so that it may outlive the function that made it."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from portalis.translator.frontend.facts.making import after, describe, hold
from portalis.translator.frontend.facts.model import PENDING, Assigned, Build, Evaluated, Fact, Known, Load, Operated, Step, Unknown
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.instances import place_of
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.unions.members import coerced
from portalis.translator.ir.closures import closure_key, closure_type
from portalis.translator.ir.types import NONE, FunctionType, Type


def make_closure(infer: FunctionInference, node: ast.expr | ast.stmt, function: str, captured: Mapping[str, Known]) -> Fact:
    """Return a new closure of a function, by its name, that has these values of variables, or cells."""
    sites, span = infer.unit.specialiser.sites, infer.span(node)
    types = [value.type for value in captured.values()]
    type_ = closure_type(function, sites.context(function, _maker(infer), types))
    key = closure_key(type_)
    assert key is not None
    held: dict[str, Type] = {}
    for variable, value in captured.items():
        stored = sites.stored(key, variable, value.type)
        if stored is None:
            known = sites.held(key, variable)
            shown = describe(value.type) if known is None else f"{describe(known)} and {describe(value.type)}"
            return infer.refuse("P0302", node, f"`{variable}`, which a function captures, would be {shown}", "give it one type")
        held[variable] = stored
    local = infer.temporary("closure", type_)
    made = Known(span, type_, Load(local))
    steps: list[Step] = [Assigned(span, local, Known(span, type_, Operated("frame.of", (), place_of(sites, key, ""))))]
    for variable, value in captured.items():
        wanted = held[variable]
        if not isinstance(wanted, FunctionType):
            written = operated(span, NONE, "frame.set", made, coerced(infer, value, wanted), name=place_of(sites, key, variable))
            steps.append(Evaluated(span, written))
    return after(span, steps, made)


def captured_by(infer: FunctionInference, node: ast.AST, value: Known) -> dict[str, Known] | Unknown:
    """Return what a closure captured, by the names of the variables."""
    sites, key = infer.unit.specialiser.sites, closure_key(value.type)
    assert key is not None
    found: dict[str, Known] = {}
    for variable in sites.fields.get(key, {}):
        held = sites.held(key, variable)
        assert held is not None
        if isinstance(held, FunctionType):
            found[variable] = Known(value.span, held, Build(()))
        else:
            found[variable] = operated(value.span, held, "frame.get", value, name=place_of(sites, key, variable))
    if not found:
        infer.effects.unknown_result = True
        return PENDING
    return found


def evaluated_decorator(infer: FunctionInference, node: ast.expr) -> ast.expr:
    """Return what stands for a decorator that is computed, and is evaluated before the defaults of the function are."""
    value = None if isinstance(node, ast.Name) else infer.expression(node)
    if not isinstance(value, Known):
        return node
    infer.names.scope.visited.add(id(node))
    held = hold(infer, value, "decorator", infer.statement_scope.steps)
    name = ast.copy_location(ast.Name("@decorator", ast.Load()), node)

    # The name has to live as long as what it stands for.
    def stands(_: ast.expr = name) -> Known:
        return held

    infer.replaced[id(name)] = stands
    return name


def _maker(infer: FunctionInference) -> object:
    """Return the specialisation at hand, whatever its result is wanted to be."""
    owner = infer.unit.owner
    return owner[:2] if isinstance(owner, tuple) and len(owner) == 3 else owner
