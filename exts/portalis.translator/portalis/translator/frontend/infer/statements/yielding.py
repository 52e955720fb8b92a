"""`yield` and `yield from`, where they are a statement, or all that one assigns or returns."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from portalis.translator.frontend.facts.making import constant, hold
from portalis.translator.frontend.facts.model import PENDING, Evaluated, Fact, Known, Step, Unknown
from portalis.translator.frontend.facts.sent import await_sent, sent_into
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
    """Infer `yield value`, which gives what is sent, and None where nothing is (`steered.py`)."""
    if not _is_placed(infer, node):
        return refuse_expression(infer, node)
    value = infer.expression(node.value) if node.value is not None else constant(infer.span(node), None)
    if infer.state is not None:
        sent = _give(infer, node, value, infer.statement_scope.steps)
        if sent is not None:
            return sent
        if _is_asked_for(infer, node):
            return PENDING
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


def _give(infer: FunctionInference, node: ast.AST, value: Fact, steps: list[Step]) -> Known | None:
    """Let a generator give a value; return what is sent into it then, None where that is None."""
    sent, span = None, infer.span(node)
    if isinstance(value, Known):
        value = _as_yielded(infer, value)
        type_ = sent_into(infer.unit.specialiser.sites, infer.effects.maker)
        if type_ == NONE:
            steps.append(Evaluated(span, operated(span, NONE, "generator.yield", value)))
        else:
            nothing = coerced(infer, constant(span, None), type_)
            sent = hold(infer, operated(span, type_, "generator.yield", value, nothing), "sent", steps)
    infer.effects.yields.append(Result(value, node, infer.live.copy()))
    return sent


def _is_asked_for(infer: FunctionInference, node: ast.Yield) -> bool:
    """Tell whether something is done with what a `yield` gives, and it may come out only in the next round what that is."""
    assert infer.effects.placed is not None
    sites = infer.unit.specialiser.sites
    if sites.settled or not infer.effects.placed[id(node)]:
        return False
    await_sent(sites, infer.effects.maker)
    infer.effects.unknown_result = True
    return True


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


def placed_yields(definition: ast.FunctionDef) -> dict[int, bool]:
    """Return those of a function's `yield`s, by id, that stand where one can go on: not inside an expression, nor where something is
    cleaned up, which CPython also does when it collects a generator that nobody asks any more; and whether what they give is used."""
    return dict(_placed(definition.body))


def _placed(body: list[ast.stmt]) -> Iterator[tuple[int, bool]]:
    for statement in body:
        match statement:
            case ast.Expr(value=value) | ast.Assign(value=value) | ast.AnnAssign(value=value) | ast.Return(value=value):
                if isinstance(value, ast.Yield | ast.YieldFrom):
                    yield id(value), not isinstance(statement, ast.Expr)
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
