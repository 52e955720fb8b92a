"""A terse way to write IR by hand in tests: every helper makes one node at one made-up position."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count

from portalis.translator.ir.nodes import (
    Assign,
    BoolOp,
    Bound,
    Call,
    Compare,
    Comparison,
    Const,
    ElementLoad,
    Evaluate,
    Expr,
    FieldLoad,
    ForRange,
    Function,
    Guard,
    If,
    IfExpr,
    Literals,
    Local,
    Make,
    Overflow,
    Param,
    Prim,
    Program,
    Raise,
    Return,
    Sequence,
    Stmt,
    Store,
    While,
)
from portalis.translator.ir.ops import OPS
from portalis.translator.ir.types import BOOL, FLOAT, INT, NONE, STR, RecordType, Type
from portalis.translator.source import Span

_LINES = count(1)


def at(file: str = "test.py") -> Span:
    """A position that no other node has."""
    line = next(_LINES)
    return Span(file, line, 1, line, 2)


def const(value: Literals) -> Const:
    types: dict[type, Type] = {int: INT, float: FLOAT, bool: BOOL, str: STR, type(None): NONE}
    return Const(at(), types[type(value)], value)


def local(name: str, type_: Type) -> Local:
    return Local(at(), type_, name)


def i(name: str) -> Local:
    return local(name, INT)


def f(name: str) -> Local:
    return local(name, FLOAT)


def b(name: str) -> Local:
    return local(name, BOOL)


def prim(op: str, *args: Expr, overflow: Overflow = "checked") -> Prim:
    return Prim(at(), args[1].type if op == "select" else OPS[op].result, op, args, overflow)


def add(left: Expr, right: Expr) -> Prim:
    return prim("int.add", left, right)


def compare(op: Comparison, left: Expr, right: Expr) -> Compare:
    return Compare(at(), BOOL, op, left, right)


def both(left: Expr, right: Expr) -> BoolOp:
    return BoolOp(at(), BOOL, "and", left, right)


def either(left: Expr, right: Expr) -> BoolOp:
    return BoolOp(at(), BOOL, "or", left, right)


def choose(test: Expr, then: Expr, otherwise: Expr) -> IfExpr:
    return IfExpr(at(), then.type, test, then, otherwise)


def make(type_: Type, *items: Expr) -> Make:
    return Make(at(), type_, items)


def element(value: Expr, index: Expr | int) -> ElementLoad:
    offset = const(index) if isinstance(index, int) else index
    position = offset.value if isinstance(offset, Const) and isinstance(offset.value, int) else 0
    return ElementLoad(at(), value.type.elements[position], value, offset)  # type: ignore[arg-type]


def field(value: Expr, name: str) -> FieldLoad:
    assert isinstance(value.type, RecordType)
    return FieldLoad(at(), value.type.field(name), value, name)


def bound(index: Expr, length: int, message: str = "list index out of range") -> Bound:
    return Bound(at(), INT, index, length, message)


def call(function: Function, *args: Expr) -> Call:
    return Call(at(), function.result, function.name, args)


def sequence(body: Iterable[Stmt], value: Expr) -> Sequence:
    return Sequence(at(), value.type, tuple(body), value)


def assign(target: str, value: Expr) -> Assign:
    return Assign(at(), target, value)


def store(place: Expr, value: Expr) -> Store:
    assert isinstance(place, FieldLoad | ElementLoad)
    return Store(at(), place, value)


def evaluate(value: Expr) -> Evaluate:
    return Evaluate(at(), value)


def if_(test: Expr, then: Iterable[Stmt], otherwise: Iterable[Stmt] | None = None) -> If:
    return If(at(), test, tuple(then), tuple(otherwise or ()))


def while_(test: Expr, body: Iterable[Stmt], otherwise: Iterable[Stmt] | None = None) -> While:
    return While(at(), test, tuple(body), tuple(otherwise or ()))


def for_(
    target: str, start: Expr | int, stop: Expr | int, body: Iterable[Stmt], otherwise: Iterable[Stmt] | None = None, step: Expr | int = 1
) -> ForRange:
    ends = [const(end) if isinstance(end, int) else end for end in (start, stop, step)]
    return ForRange(at(), target, ends[0], ends[1], ends[2], tuple(body), tuple(otherwise or ()))


def return_(value: Expr | None = None) -> Return:
    return Return(at(), const(None) if value is None else value)


def raise_(exception: str = "ValueError", message: str | None = "no") -> Raise:
    return Raise(at(), exception, message)


def guard(reason: str = "a reason") -> Guard:
    return Guard(at(), reason)


def function(
    name: str,
    params: Mapping[str, Type],
    result: Type,
    body: Iterable[Stmt],
    locals_: Mapping[str, Type] | None = None,
    *,
    by_ref: tuple[str, ...] = (),
    library: bool = False,
    recursive: bool = False,
) -> Function:
    return Function(
        at("library.py" if library else "test.py"),
        name,
        name,
        tuple(Param(key, type_, key in by_ref) for key, type_ in params.items()),
        result,
        tuple((locals_ or {}).items()),
        tuple(body),
        library,
        recursive,
    )


def program(*functions: Function, strings: tuple[str, ...] = (), entry: str | None = None) -> Program:
    """A program whose entry is its last function."""
    return Program(functions, entry or functions[-1].name, strings, (3, 11))
