"""Constant folding and dead code.

Invariants: values stay the same bit for bit (NaNs are not folded, the sign of a zero counts); what may raise, stop with a guard or not
terminate stays, and where it is; the assignments that a path makes stay, so that every local read is still assigned before.
"""

from __future__ import annotations

from functools import lru_cache

from portalis.translator.ir.nodes import (
    BoolOp,
    Bound,
    Break,
    Compare,
    Const,
    Continue,
    ElementLoad,
    Evaluate,
    Expr,
    FieldLoad,
    ForRange,
    Function,
    Guard,
    If,
    IfExpr,
    Local,
    Make,
    Prim,
    Program,
    Raise,
    Return,
    Sequence,
    Stmt,
    While,
)
from portalis.translator.ir.types import BOOL, INT
from portalis.translator.passes.facts.effects import ends_call
from portalis.translator.passes.rewriter import Rewriter, with_functions
from portalis.translator.passes.simplify import DEFINED, is_value, simplify_compare, simplify_prim


def fold(program: Program) -> Program:
    """Return the program with constant expressions computed and unreachable code left out."""
    return with_functions(program, tuple(_fold_library(item) if item.library else _Folder().function(item) for item in program.functions))


@lru_cache(maxsize=1024)
def _fold_library(function: Function) -> Function:
    # Programs share the library's functions.
    return _Folder().function(function)


def always_leaves(body: tuple[Stmt, ...]) -> bool:
    """Tell whether no path goes on after some statements."""
    if not body:
        return False
    match body[-1]:
        case Return() | Raise() | Guard() | Break() | Continue():
            return True
        case If(_, _, then, otherwise):
            return always_leaves(then) and always_leaves(otherwise)
        case _:
            return False


def is_pure(expr: Expr) -> bool:
    """Tell whether leaving out an expression's evaluation cannot be seen."""
    match expr:
        case Const() | Local():
            return True
        case FieldLoad(_, _, value, _):
            return is_pure(value)
        case Prim(_, _, op, args) if op not in DEFINED and not ends_call(expr):
            return all(map(is_pure, args))
        case Make(_, _, items):
            return all(map(is_pure, items))
        case Compare(_, _, _, left, right) | BoolOp(_, _, _, left, right) | ElementLoad(_, _, left, right):
            return is_pure(left) and is_pure(right)
        case IfExpr(_, _, test, then, otherwise):
            return is_pure(test) and is_pure(then) and is_pure(otherwise)
        case _:
            return False


class _Folder(Rewriter):
    def expr(self, node: Expr) -> Expr:
        new = super().expr(node)
        match new:
            case Prim():
                return simplify_prim(new)
            case Compare():
                return simplify_compare(new)
            case BoolOp():
                return _bool_op(new)
            case IfExpr():
                return _if_expr(new)
            case Bound(span, _, Const(_, _, int() as index), length, _) if -length <= index < length:
                return Const(span, INT, index % length)
            case ElementLoad(_, _, Make(_, _, items), Const(_, _, int() as index)) if all(isinstance(item, Const) for item in items):
                return items[index]
            case Sequence(_, _, (), value):
                return value
            case _:
                return new

    def block(self, body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        new = super().block(body)
        for position, statement in enumerate(new):
            if always_leaves((statement,)):
                return new[: position + 1] if position + 1 < len(new) else new
        return new

    def statement(self, node: Stmt) -> tuple[Stmt, ...]:
        (new,) = super().statement(node)
        match new:
            case If(_, Const(_, _, test), then, otherwise):
                return then if test else otherwise
            case If(span, test, (), ()):
                return () if is_pure(test) else (Evaluate(span, test),)
            case Evaluate(_, value) if is_pure(value):
                return ()
            case While(_, Const(_, _, False), _, otherwise):
                return otherwise
            case ForRange(_, _, Const(_, _, int() as start), Const(_, _, int() as stop), Const(_, _, int() as step), _, otherwise):
                return (new,) if range(start, stop, step) else otherwise
            case _:
                return (new,)


def _bool_op(node: BoolOp) -> Expr:
    neutral = node.op == "and"
    if isinstance(node.left, Const):
        return node.right if node.left.value is neutral else node.left
    return node.left if is_value(node.right, neutral) else node


def _if_expr(node: IfExpr) -> Expr:
    if isinstance(node.test, Const):
        return node.then if node.test.value else node.otherwise
    if node.type == BOOL and is_value(node.then, True) and is_value(node.otherwise, False):
        return node.test
    return node
