"""`yield` and `yield from`, where they are a statement, or all that one assigns or returns."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from portalis.translator.frontend.facts.making import constant, hold
from portalis.translator.frontend.facts.model import Evaluated, Fact, Known, Step, Unknown
from portalis.translator.frontend.infer.expressions.iterables import for_each, fuses, gives_generator, stream_of_value
from portalis.translator.frontend.infer.expressions.looping import loop
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.refused import refuse_expression
from portalis.translator.frontend.infer.state import Result
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.references.streams import returned
from portalis.translator.frontend.types.unions.members import coerced
from portalis.translator.ir.generators import is_generator
from portalis.translator.ir.types import NONE, Type


def infer_yield(infer: FunctionInference, node: ast.Yield) -> Fact:
    """Infer `yield value`, which gives None: nothing is sent into a generator."""
    if not _is_placed(infer, node):
        return refuse_expression(infer, node)
    value = infer.expression(node.value) if node.value is not None else constant(infer.span(node), None)
    if infer.state is not None:
        _give(infer, node, value, infer.statement_scope.steps)
    return Unknown(value.cause) if isinstance(value, Unknown) else constant(infer.span(node), None)


def infer_yield_from(infer: FunctionInference, node: ast.YieldFrom) -> Fact:
    """Infer `yield from iterable`, which gives what a generator returns, and None for anything else."""
    if not _is_placed(infer, node):
        return refuse_expression(infer, node)
    steps = infer.statement_scope.steps

    def use(item: Known, body: list[Step]) -> Unknown | None:
        _give(infer, node, item, body)
        return None

    if fuses(infer, node.value) and not gives_generator(infer, node.value):
        failed = for_each(infer, node.value, steps, use)
        return failed if failed is not None else constant(infer.span(node), None)
    value = infer.expression(node.value)
    if isinstance(value, Unknown):
        infer.effects.yields.append(Result(value, node, infer.live.copy()))
        return Unknown(value.cause)
    held = hold(infer, value, "delegate", steps)
    stream = stream_of_value(infer, node.value, held, steps)
    if isinstance(stream, Unknown):
        return stream
    failed = loop(infer, node, stream, steps, use, None)
    if failed is not None:
        return failed
    return returned(held) if is_generator(held.type) else constant(infer.span(node), None)


def _give(infer: FunctionInference, node: ast.AST, value: Fact, steps: list[Step]) -> None:
    if isinstance(value, Known):
        value = _as_yielded(infer, value)
        steps.append(Evaluated(infer.span(node), operated(infer.span(node), NONE, "generator.yield", value)))
    infer.effects.yields.append(Result(value, node, infer.live.copy()))


def _as_yielded(infer: FunctionInference, value: Known) -> Known:
    """Return what is yielded as one of the type that all that is yielded has together, as far as that is known."""
    sites, owner = infer.unit.specialiser.sites, infer.unit.owner
    known = sites.results.get((owner, "yields"))
    wanted = None if known is None else infer.generalise(known, value.type)
    if wanted is None:
        return value
    if wanted != known:
        yields(infer, wanted)
    return coerced(infer, value, wanted)


def yields(infer: FunctionInference, type_: Type) -> None:
    """Record that a generator gives values that have to be coerced to this type."""
    sites, owner = infer.unit.specialiser.sites, infer.unit.owner
    sites.results[owner, "yields"] = type_
    sites.dirty.add(owner)


def _is_placed(infer: FunctionInference, node: ast.Yield | ast.YieldFrom) -> bool:
    return infer.references and infer.effects.placed is not None and id(node) in infer.effects.placed


def placed_yields(definition: ast.FunctionDef) -> frozenset[int]:
    """Return those of a function's `yield`s, by id, that stand where one can go on: not inside an expression, nor where something is
    cleaned up, which CPython also does when it collects a generator that nobody asks any more."""
    return frozenset(_placed(definition.body))


def _placed(body: list[ast.stmt]) -> Iterator[int]:
    for statement in body:
        match statement:
            case ast.Expr(value=value) | ast.Assign(value=value) | ast.AnnAssign(value=value) | ast.Return(value=value):
                if isinstance(value, ast.Yield | ast.YieldFrom):
                    yield id(value)
            case ast.If() | ast.For() | ast.While():
                yield from _placed(statement.body)
                yield from _placed(statement.orelse)
            case ast.Try(finalbody=[]) if all(map(_takes_named_errors, statement.handlers)):
                for block in (statement.body, *(handler.body for handler in statement.handlers), statement.orelse):
                    yield from _placed(block)
            case ast.Match():
                for case in statement.cases:
                    yield from _placed(case.body)


def _takes_named_errors(handler: ast.ExceptHandler) -> bool:
    """Tell whether a handler takes none of what only CPython raises in a generator: when it is closed."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return all(isinstance(kind, ast.Name) and kind.id not in ("BaseException", "GeneratorExit") for kind in kinds)
