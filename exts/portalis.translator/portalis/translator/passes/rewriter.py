"""Rebuilding a tree from the bottom up, keeping every part that did not change."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

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
    Store,
    While,
)


class Rewriter:
    """Rewrites expressions and statements in evaluation order; a pass overrides `expr` and `statement`, and calls them for the children."""

    def expr(self, node: Expr) -> Expr:
        """Return an expression with rewritten children."""
        match node:
            case Const() | Local():
                return node
            case FieldLoad(span, type_, value, name):
                new = self.expr(value)
                return node if new is value else FieldLoad(span, type_, new, name)
            case ElementLoad(span, type_, value, index):
                new, offset = self.expr(value), self.expr(index)
                return node if new is value and offset is index else ElementLoad(span, type_, new, offset)
            case Bound(span, type_, index, length, message):
                new = self.expr(index)
                return node if new is index else Bound(span, type_, new, length, message)
            case Make(span, type_, items):
                parts = self.all(items)
                return node if parts is items else Make(span, type_, parts)
            case Prim(span, type_, op, args, overflow):
                parts = self.all(args)
                return node if parts is args else Prim(span, type_, op, parts, overflow)
            case Compare(span, type_, op, left, right):
                first, second = self.expr(left), self.expr(right)
                return node if first is left and second is right else Compare(span, type_, op, first, second)
            case BoolOp(span, type_, op, left, right):
                first, second = self.expr(left), self.expr(right)
                return node if first is left and second is right else BoolOp(span, type_, op, first, second)
            case IfExpr(span, type_, test, then, otherwise):
                sides = self.expr(test), self.expr(then), self.expr(otherwise)
                same = sides[0] is test and sides[1] is then and sides[2] is otherwise
                return node if same else IfExpr(span, type_, *sides)
            case Call(span, type_, function, args):
                parts = self.all(args)
                return node if parts is args else Call(span, type_, function, parts)
            case Sequence(span, type_, body, value):
                statements, new = self.block(body), self.expr(value)
                return node if statements is body and new is value else Sequence(span, type_, statements, new)
            case _:
                assert_never(node)

    def all(self, items: tuple[Expr, ...]) -> tuple[Expr, ...]:
        """Rewrite expressions that are evaluated one after the other."""
        new = tuple([self.expr(item) for item in items])
        return items if all(map(_is, new, items)) else new

    def block(self, body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        """Rewrite statements."""
        new = tuple([part for statement in body for part in self.statement(statement)])
        return body if len(new) == len(body) and all(map(_is, new, body)) else new

    def statement(self, node: Stmt) -> tuple[Stmt, ...]:
        """Return what takes a statement's place: the statement with rewritten children."""
        match node:
            case Assign(span, target, value):
                new = self.expr(value)
                return (node if new is value else Assign(span, target, new),)
            case Store(span, place, value):
                new, storage = self.expr(value), self.expr(place)
                if new is value and storage is place:
                    return (node,)
                assert isinstance(storage, FieldLoad | ElementLoad)
                return (Store(span, storage, new),)
            case Evaluate(span, value):
                new = self.expr(value)
                return (node if new is value else Evaluate(span, new),)
            case If(span, test, then, otherwise):
                sides = self.expr(test), self.block(then), self.block(otherwise)
                same = sides[0] is test and sides[1] is then and sides[2] is otherwise
                return (node if same else If(span, *sides),)
            case While(span, test, body, otherwise):
                parts = self.expr(test), self.block(body), self.block(otherwise)
                same = parts[0] is test and parts[1] is body and parts[2] is otherwise
                return (node if same else While(span, *parts),)
            case ForRange(span, target, start, stop, step, body, otherwise):
                ends = self.expr(start), self.expr(stop), self.expr(step)
                blocks = self.block(body), self.block(otherwise)
                same = all(map(_is, (*ends, *blocks), (start, stop, step, body, otherwise)))
                return (node if same else ForRange(span, target, *ends, *blocks),)
            case Return(span, value):
                new = self.expr(value)
                return (node if new is value else Return(span, new),)
            case Break() | Continue() | Raise() | Guard():
                return (node,)
            case _:
                assert_never(node)

    def function(self, function: Function) -> Function:
        """Rewrite a function's body."""
        body = self.block(function.body)
        return function if body is function.body else replace(function, body=body)


def with_functions(program: Program, functions: tuple[Function, ...]) -> Program:
    """Return a program with other functions; the program itself where they are the same."""
    same = len(functions) == len(program.functions) and all(map(_is, functions, program.functions))
    return program if same else replace(program, functions=functions)


def _is(left: object, right: object) -> bool:
    return left is right
