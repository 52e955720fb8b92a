"""What lowering an expression gives: an IR expression and what the front-end alone knows about its value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from portalis.translator.ir.nodes import Const, Expr, Literals, Make, Stmt
from portalis.translator.ir.nodes import Sequence as SequenceExpr
from portalis.translator.ir.types import (
    BOOL,
    FLOAT,
    INT,
    NONE,
    STR,
    BoolType,
    FloatType,
    IntType,
    NoneType,
    StrType,
    TupleType,
    Type,
    elements,
)
from portalis.translator.source import Span


@dataclass(frozen=True, slots=True)
class Value:
    """An expression with what ownership needs: the roots whose objects it may share parts with, and the one that it certainly is.

    `items` are the parts of a tuple display. A poisoned value stands for an expression that was refused; it silences everything that
    is computed from it. An `unknown` one is poisoned only until the result of a recursive call is known.
    """

    expr: Expr
    roots: frozenset[str] = frozenset()
    exact: str | None = None
    tangled: bool = False
    items: tuple[Value, ...] | None = None
    poison: bool = False
    unknown: bool = False

    @property
    def type(self) -> Type:
        return self.expr.type

    @property
    def span(self) -> Span:
        return self.expr.span

    @property
    def constant(self) -> Literals:
        """The value of a constant; None also where it is not one (ask `is_constant`)."""
        return self.expr.value if isinstance(self.expr, Const) else None

    @property
    def is_constant(self) -> bool:
        return isinstance(self.expr, Const) and not self.poison

    def with_expr(self, expr: Expr) -> Value:
        """Return the same object reached by another expression."""
        return replace(self, expr=expr)


NOWHERE = Span("", 1, 1, 1, 1)
POISON = Value(Const(NOWHERE, NONE, None), poison=True)
UNKNOWN = replace(POISON, unknown=True)


def constant(span: Span, value: Literals) -> Value:
    """Return the constant `value` with the type that Python gives it."""
    return Value(Const(span, type_of_constant(value), value))


def type_of_constant(value: Literals) -> Type:
    """Return the IR type of a constant."""
    match value:
        case bool():
            return BOOL
        case int():
            return INT
        case float():
            return FLOAT
        case str():
            return STR
        case None:
            return NONE


def zero(span: Span, type_: Type) -> Expr:
    """Return some value of a type, for a local that needs storage before its first assignment."""
    match type_:
        case IntType():
            return Const(span, type_, 0)
        case FloatType():
            return Const(span, type_, 0.0)
        case BoolType():
            return Const(span, type_, False)
        case NoneType():
            return Const(span, type_, None)
        case StrType():
            return Const(span, type_, "")
        case _:
            return Make(span, type_, tuple(zero(span, item) for item in elements(type_)))


def sequence(span: Span, body: Sequence[Stmt], value: Expr) -> Expr:
    """Return `value` after `body`; just `value` where there is nothing to do before."""
    return SequenceExpr(span, value.type, tuple(body), value) if body else value


def describe(type_: Type) -> str:
    """Return a type as a user reads it in a message."""
    return "a tuple of " + (", ".join(map(str, type_.items)) or "nothing") if isinstance(type_, TupleType) else str(type_)
