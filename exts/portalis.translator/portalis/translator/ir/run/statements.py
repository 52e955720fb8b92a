"""Statements as closures over a frame, for the interpreter."""

from __future__ import annotations

from typing import NoReturn, assert_never

from portalis.translator.ir.errors import site_of
from portalis.translator.ir.nodes import (
    Assign,
    Break,
    Continue,
    ElementLoad,
    Evaluate,
    Expr,
    Fail,
    Finally,
    ForRange,
    Guard,
    If,
    Local,
    Raise,
    Reraise,
    Return,
    Stmt,
    Store,
    Try,
    While,
    field_offset,
)
from portalis.translator.ir.run.expressions import ExpressionCompiler, along
from portalis.translator.ir.run.machine import BREAK, CONTINUE, RESULT, RETURN, Evaluator, Executor, Frame, FunctionCode, Machine
from portalis.translator.ir.run.outcomes import GuardStop, PythonRaised


def compile_body(code: FunctionCode) -> Executor:
    """Compile a function's body."""
    return _StatementCompiler(code).compile_block(code.function.body)


class _StatementCompiler:
    def __init__(self, code: FunctionCode) -> None:
        self.code = code
        self.expressions = ExpressionCompiler(code, self.compile_block)

    def compile_block(self, body: tuple[Stmt, ...]) -> Executor:
        statements = [self._statement(statement) for statement in body]
        if len(statements) == 1:
            return statements[0]

        def run(frame: Frame) -> int | None:
            for statement in statements:
                signal = statement(frame)
                if signal is not None:
                    return signal
            return None

        return run

    def _statement(self, statement: Stmt) -> Executor:
        match statement:
            case Assign(_, target, value):
                return self._assign(target, value)
            case Store():
                return self._store(statement)
            case Evaluate(_, value):
                return _discard(self.expressions.compile_expr(value))
            case If(_, test, then, otherwise):
                return _if(self.expressions.compile_test(statement, test), self.compile_block(then), self.compile_block(otherwise))
            case While():
                return self._while(statement)
            case ForRange():
                return self._for(statement)
            case Break():
                return lambda frame: BREAK
            case Continue():
                return lambda frame: CONTINUE
            case Return(_, value):
                return self._return(value)
            case Try():
                return self._try(statement)
            case Finally(_, body, cleanup):
                return self._finally(self.compile_block(body), self.compile_block(cleanup))
            case Raise() | Guard():
                return _raise(statement)
            case Reraise():
                return _reraise(self.code.machine)
            case Fail():
                again = statement.cause.kind == "again"
                return along(statement.edge, _reraise(self.code.machine) if again else _raise(statement))
            case _:
                assert_never(statement)

    def _assign(self, target: str, value: Expr) -> Executor:
        evaluate, slot = self.expressions.compile_owned(value), self.code.slots[target]
        if target in self.code.by_ref:
            # The caller's storage is overwritten, not replaced.
            def overwrite(frame: Frame) -> None:
                frame[slot][:] = evaluate(frame)

            return overwrite

        def assign(frame: Frame) -> None:
            frame[slot] = evaluate(frame)

        return assign

    def _store(self, store: Store) -> Executor:
        evaluate = self.expressions.compile_owned(store.value)
        aggregate = self.expressions.compile_expr(store.place.value)
        if isinstance(store.place, ElementLoad):
            index = self.expressions.offset(store.place)
        else:
            offset = field_offset(store.place)
            index = lambda frame: offset  # noqa: E731

        def run(frame: Frame) -> None:
            value = evaluate(frame)
            storage = aggregate(frame)
            storage[index(frame)] = value

        return run

    def _return(self, value: Expr) -> Executor:
        # A local dies with the frame, so that its value need not be copied; the caller's storage lives on.
        dies = isinstance(value, Local) and value.name not in self.code.by_ref
        evaluate = self.expressions.compile_expr(value) if dies else self.expressions.compile_owned(value)

        def run(frame: Frame) -> int:
            frame[RESULT] = evaluate(frame)
            return RETURN

        return run

    def _while(self, loop: While) -> Executor:
        test = self.expressions.compile_test(loop, loop.test)
        burn, span = self.code.machine.burn, loop.span
        body, otherwise = self.compile_block(loop.body), self.compile_block(loop.otherwise)

        def run(frame: Frame) -> int | None:
            while test(frame):
                burn(span)
                signal = body(frame)
                if signal == BREAK:
                    return None
                if signal == RETURN:
                    return RETURN
            return otherwise(frame)

        return run

    def _for(self, loop: ForRange) -> Executor:
        start, stop, step = (self.expressions.compile_expr(end) for end in (loop.start, loop.stop, loop.step))
        slot = self.code.slots[loop.target]
        burn, span = self.code.machine.burn, loop.span
        body, otherwise = self.compile_block(loop.body), self.compile_block(loop.otherwise)
        counts, first = self.code.machine.counts, self.expressions.counter(loop)

        def run(frame: Frame) -> int | None:
            values = range(start(frame), stop(frame), step(frame))
            if first is not None:
                counts[first + bool(values)] += 1
            for value in values:
                burn(span)
                frame[slot] = value
                signal = body(frame)
                if signal == BREAK:
                    return None
                if signal == RETURN:
                    return RETURN
            return otherwise(frame)

        return run

    def _try(self, statement: Try) -> Executor:
        machine, slot = self.code.machine, self.code.slots[statement.word]
        body, handler = self.compile_block(statement.body), self.compile_block(statement.handler)
        otherwise = self.compile_block(statement.otherwise)
        counts = machine.counts
        entered = [first for node in _handlers(statement) if (first := self.expressions.counter(node)) is not None]

        def run(frame: Frame) -> int | None:
            depth = machine.depth
            for first in entered:
                counts[first] += 1
            try:
                signal = body(frame)
            except PythonRaised as stop:
                machine.depth = depth
                frame[slot] = machine.errors.word(stop)
            else:
                return otherwise(frame) if signal is None else signal
            return handler(frame)

        return run

    def _finally(self, body: Executor, cleanup: Executor) -> Executor:
        machine = self.code.machine

        def run(frame: Frame) -> int | None:
            depth = machine.depth
            try:
                signal = body(frame)
            except PythonRaised:
                machine.depth, told, held = depth, machine.told, machine.held
                signal = cleanup(frame)
                if signal is not None:
                    return signal
                machine.told, machine.held = told, held
                raise
            result = frame[RESULT]
            left = cleanup(frame)
            if left is not None:
                return left
            frame[RESULT] = result
            return signal

        return run


def _handlers(statement: Try) -> list[If]:
    """Return the decisions of what a `Try` does with an exception, in the order in which they are made."""
    found: list[If] = []
    rest = statement.handler
    while rest and isinstance(rest[-1], If):
        found.append(rest[-1])
        rest = rest[-1].otherwise
    return found


def _reraise(machine: Machine) -> Executor:
    def run(frame: Frame) -> NoReturn:
        assert machine.again is not None
        raise machine.again

    return run


def _discard(evaluate: Evaluator) -> Executor:
    def run(frame: Frame) -> None:
        evaluate(frame)

    return run


def _if(test: Evaluator, then: Executor, otherwise: Executor) -> Executor:
    return lambda frame: then(frame) if test(frame) else otherwise(frame)


def _raise(statement: Raise | Guard | Fail) -> Executor:
    site = site_of(statement)
    assert site is not None
    stop = PythonRaised if site.kind == "exception" else GuardStop

    def run(frame: Frame) -> NoReturn:
        raise stop(site)

    return run
