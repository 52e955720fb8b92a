"""Operations and steps to IR expressions and statements, one for one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from portalis.translator.frontend.facts.model import (
    After,
    Assigned,
    Bounded,
    Build,
    Checked,
    Chosen,
    Compared,
    Constant,
    Element,
    Evaluated,
    Field,
    Invoked,
    Joined,
    Jumped,
    Known,
    Load,
    Looped,
    Marked,
    Operated,
    Primitive,
    Raised,
    RaisedAgain,
    Returned,
    Step,
    Stopped,
    Stored,
    Tested,
    Unreached,
    Zeroed,
)
from portalis.translator.frontend.infer.frame import flag_of
from portalis.translator.frontend.lowering.zeros import zero
from portalis.translator.frontend.read.python_version import unbound
from portalis.translator.ir.nodes import (
    Assign,
    BoolOp,
    Bound,
    Break,
    Call,
    Compare,
    Const,
    Continue,
    ElementLoad,
    Evaluate,
    Expr,
    FieldLoad,
    Guard,
    If,
    IfExpr,
    Local,
    Make,
    ObjectOp,
    Prim,
    Raise,
    Reraise,
    Return,
    Sequence,
    Stmt,
    Store,
    While,
)
from portalis.translator.ir.types import BOOL, NONE


class Lowering:
    """Writes expressions and steps of one function; `flagged` are the names whose being assigned is checked somewhere."""

    def __init__(self, flagged: frozenset[str] = frozenset()) -> None:
        self._flagged = flagged

    def value(self, known: Known) -> Expr:
        """Write the operation that computes a value."""
        span, type_, operation = known.span, known.type, known.operation
        match operation:
            case Constant(value):
                return Const(span, type_, value)
            case Unreached():
                return zero(span, type_)
            case Load(local):
                return Local(span, type_, local)
            case Primitive(op, args, proven):
                return Prim(span, type_, op, self._all(args), "proven" if proven else "checked")
            case Element(value, index):
                return ElementLoad(span, type_, self.value(value), self.value(index))
            case Invoked(function, args):
                return Call(span, type_, function, self._all(args))
            case Compared(op, left, right):
                return Compare(span, type_, op, self.value(left), self.value(right))
            case Build(items):
                return Make(span, type_, self._all(items))
            case Field(record, name):
                return FieldLoad(span, type_, self.value(record), name)
            case Operated(op, args, name):
                return ObjectOp(span, type_, op, self._all(args), name)
            case Bounded(index, length, message):
                return Bound(span, type_, self.value(index), length, message)
            case Joined(op, left, right):
                return BoolOp(span, type_, op, self.value(left), self.value(right))
            case Chosen(test, then, otherwise):
                return IfExpr(span, type_, self.value(test), self.value(then), self.value(otherwise))
            case After(steps, value):
                return self._after(known, steps, value)
            case Checked(name, value, own):
                return self._checked(known, name, value, own)
            case _:
                assert_never(operation)

    def _all(self, values: Iterable[Known]) -> tuple[Expr, ...]:
        return tuple([self.value(value) for value in values])

    def _after(self, known: Known, steps: tuple[Step, ...], value: Known) -> Expr:
        body: list[Stmt] = []
        self.steps(steps, body)
        return Sequence(known.span, known.type, tuple(body), self.value(value)) if body else self.value(value)

    def _checked(self, known: Known, name: str, value: Known, own: bool) -> Expr:
        span = known.span
        missing = Raise(span, *unbound(name, own))
        unassigned = Prim(span, BOOL, "bool.not", (Local(span, BOOL, flag_of(name)),))
        return Sequence(span, known.type, (If(span, unassigned, (missing,)),), self.value(value))

    def steps(self, steps: Iterable[Step], block: list[Stmt]) -> None:
        """Write steps to the end of a block."""
        for step in steps:
            if isinstance(step, Jumped):
                self.steps(step.copies, block)
            written = self._step(step, block)
            if written is not None:
                block.append(written)

    def _step(self, step: Step, block: list[Stmt]) -> Stmt | None:
        match step:
            case Assigned(span, local, value):
                return Assign(span, local, self.value(value))
            case Marked(span, name):
                return Assign(span, flag_of(name), Const(span, BOOL, True)) if name in self._flagged else None
            case Zeroed(span, name, local, type_):
                return None if name in self._flagged else Assign(span, local, zero(span, type_))
            case Stored(span, place, value):
                target = self.value(place)
                assert isinstance(target, FieldLoad | ElementLoad)
                return Store(span, target, self.value(value))
            case Evaluated(span, value):
                return Evaluate(span, self.value(value))
            case Tested(span, test, then, otherwise):
                body: list[Stmt] = []
                other: list[Stmt] = []
                self.steps(then, body)
                self.steps(otherwise, other)
                return If(span, self.value(test), tuple(body), tuple(other))
            case Looped(span, test, repeated):
                inside: list[Stmt] = []
                self.steps(repeated, inside)
                return While(span, self.value(test), tuple(inside))
            case Raised(span, exception, message, form):
                return Raise(span, exception, message, form)
            case RaisedAgain(span, word, told):
                block.append(Evaluate(span, ObjectOp(span, NONE, "error.again", (self.value(word), self.value(told)))))
                return Reraise(span)
            case Stopped(span, reason):
                return Guard(span, reason)
            case Returned(span, value):
                return Return(span, self.value(value))
            case Jumped(span, kind):
                return Break(span) if kind == "break" else Continue(span)
            case _:
                assert_never(step)
