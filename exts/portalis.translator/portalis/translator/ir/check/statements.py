"""The checker's rules for statements: control flow, assignment and the places that may be stored to."""

from __future__ import annotations

import builtins
from dataclasses import dataclass
from typing import assert_never

from portalis.translator.ir.check.expressions import Assigned, Path, RuleScope, check_expr, check_operands, expect, fail, join
from portalis.translator.ir.nodes import (
    Assign,
    Break,
    Const,
    Continue,
    Evaluate,
    Fail,
    Finally,
    ForRange,
    Guard,
    If,
    Raise,
    Reraise,
    Return,
    Sequence,
    Stmt,
    Store,
    Try,
    While,
    is_place,
)
from portalis.translator.ir.types import BOOL, INT, TupleType


@dataclass(frozen=True, slots=True)
class Flow:
    """Where jumps may go: what is assigned at each `break` of the innermost loop (None outside loops), and whether `return` may be used."""

    breaks: list[Assigned] | None
    may_return: bool


def check_sequence(scope: RuleScope, sequence: Sequence, assigned: Assigned, path: Path) -> Assigned:
    """Check a Sequence's statements, which neither return nor leave a loop outside."""
    return check_block(scope, sequence.body, assigned, Flow(None, False), "body", path)


def check_block(scope: RuleScope, body: tuple[Stmt, ...], assigned: Assigned, flow: Flow, label: str, path: Path) -> Assigned:
    """Check statements and return what is assigned after them (None where they never end normally)."""
    for index, statement in enumerate(body):
        assigned = _check_statement(scope, statement, assigned, flow, (*path, f"{label}[{index}]"))
    return assigned


def _check_statement(scope: RuleScope, statement: Stmt, assigned: Assigned, flow: Flow, path: Path) -> Assigned:
    match statement:
        case Assign(_, target, value):
            assigned = check_operands(scope, statement, assigned, path)
            if scope.names.get(target) != value.type:
                fail(path, f"{target!r} is {scope.names.get(target, 'not declared')}, not {value.type}")
            return _assign(assigned, target)
        case Store():
            return _check_store(scope, statement, assigned, path)
        case Evaluate():
            return check_operands(scope, statement, assigned, path)
        case If(_, test, then, otherwise):
            assigned = check_expr(scope, test, assigned, (*path, "test"))
            expect(path, (test.type,), (BOOL,))
            taken = check_block(scope, then, assigned, flow, "then", path)
            return join(taken, check_block(scope, otherwise, assigned, flow, "otherwise", path))
        case While():
            return _check_while(scope, statement, assigned, flow, path)
        case ForRange():
            return _check_for(scope, statement, assigned, flow, path)
        case Try():
            return _check_try(scope, statement, assigned, flow, path)
        case Finally(_, body, cleanup):
            end = check_block(scope, body, assigned, flow, "body", path)
            cleaned = check_block(scope, cleanup, assigned, flow, "cleanup", path)
            return None if end is None or cleaned is None else end | cleaned
        case Reraise():
            return None
        case Break() | Continue():
            if flow.breaks is None:
                fail(path, "no loop to leave or to go on with")
            if isinstance(statement, Break):
                flow.breaks.append(assigned)
            return None
        case Return(_, value):
            check_operands(scope, statement, assigned, path)
            expect(path, (value.type,), (scope.function.result,))
            if not flow.may_return:
                fail(path, "a Sequence holds no return")
            return None
        case Raise(_, exception, message, form):
            if form != "constant" and message is not None:
                fail(path, "a message is computed or constant")
            class_ = getattr(builtins, exception, None)
            if exception not in scope.exceptions and not (isinstance(class_, type) and issubclass(class_, Exception)):
                fail(path, f"{exception!r} is no exception")
            return None
        case Guard(_, reason):
            if not reason:
                fail(path, "a guard needs a reason")
            return None
        case Fail():
            return None
        case _:
            assert_never(statement)


def _check_try(scope: RuleScope, statement: Try, assigned: Assigned, flow: Flow, path: Path) -> Assigned:
    if scope.names.get(statement.word) != INT:
        fail(path, f"the word {statement.word!r} is {scope.names.get(statement.word, 'not declared')}, not int")
    end = check_block(scope, statement.body, assigned, flow, "body", path)
    otherwise = check_block(scope, statement.otherwise, end, flow, "otherwise", path)
    return join(otherwise, check_block(scope, statement.handler, _assign(assigned, statement.word), flow, "handler", path))


def _assign(assigned: Assigned, target: str) -> Assigned:
    return None if assigned is None else assigned | {target}


def _check_store(scope: RuleScope, store: Store, assigned: Assigned, path: Path) -> Assigned:
    if not is_place(store.place):
        fail(path, "the target of a store is not a place")
    if isinstance(store.place.value.type, TupleType):
        fail(path, "a tuple does not change")
    assigned = check_operands(scope, store, assigned, path)
    expect(path, (store.value.type,), (store.place.type,))
    return assigned


def _check_while(scope: RuleScope, loop: While, assigned: Assigned, flow: Flow, path: Path) -> Assigned:
    tested = check_expr(scope, loop.test, assigned, (*path, "test"))
    expect(path, (loop.test.type,), (BOOL,))
    breaks: list[Assigned] = []
    check_block(scope, loop.body, tested, Flow(breaks, flow.may_return), "body", path)
    is_endless = isinstance(loop.test, Const) and loop.test.value is True
    end = check_block(scope, loop.otherwise, None if is_endless else tested, flow, "otherwise", path)
    for state in breaks:
        end = join(end, state)
    return end


def _check_for(scope: RuleScope, loop: ForRange, assigned: Assigned, flow: Flow, path: Path) -> Assigned:
    for label, bound in (("start", loop.start), ("stop", loop.stop), ("step", loop.step)):
        assigned = check_expr(scope, bound, assigned, (*path, label))
    expect(path, (loop.start.type, loop.stop.type, loop.step.type), (INT, INT, INT))
    if isinstance(loop.step, Const) and loop.step.value == 0:
        fail(path, "the step is zero")
    if scope.names.get(loop.target) != INT:
        fail(path, f"the target {loop.target!r} is {scope.names.get(loop.target, 'not declared')}, not int")
    breaks: list[Assigned] = []
    check_block(scope, loop.body, _assign(assigned, loop.target), Flow(breaks, flow.may_return), "body", path)
    end = check_block(scope, loop.otherwise, assigned, flow, "otherwise", path)
    for state in breaks:
        end = join(end, state)
    return end
