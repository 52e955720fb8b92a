"""Constant folding and dead code.

Invariants: values stay the same bit for bit (NaNs are not folded, the sign of a zero counts); what may raise, stop with a guard or not
terminate stays, and where it is; the assignments that a path makes stay, so that every local read is still assigned before.
"""

from __future__ import annotations

from functools import lru_cache

from portalis.translator.ir.nodes import (
    BoolOp,
    Bound,
    Compare,
    Const,
    ElementLoad,
    Evaluate,
    Expr,
    ForRange,
    Function,
    If,
    IfExpr,
    Make,
    Prim,
    Program,
    Sequence,
    Stmt,
    While,
    walk,
)
from portalis.translator.ir.ops import is_total
from portalis.translator.ir.types import BOOL, INT
from portalis.translator.passes.facts.effects import always_leaves, is_quiet
from portalis.translator.passes.rewriter import Rewriter, with_functions
from portalis.translator.passes.simplify import is_value, simplify_compare, simplify_prim


def fold(program: Program) -> Program:
    """Return the program with constant expressions computed and unreachable code left out."""
    return with_functions(program, tuple(_fold_library(item) if item.library else fold_function(item) for item in program.functions))


def fold_function(function: Function) -> Function:
    """Return a function with constant expressions computed and unreachable code left out."""
    return _Folder().function(function)


# Programs share the library's functions.
_fold_library = lru_cache(maxsize=1024)(fold_function)


def is_pure(expr: Expr) -> bool:
    """Tell whether leaving out an expression's evaluation cannot be seen. An operation that is not defined everywhere stays."""
    return all(is_quiet(part) and (not isinstance(part, Prim) or is_total(part.op)) for part in walk(expr))


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
