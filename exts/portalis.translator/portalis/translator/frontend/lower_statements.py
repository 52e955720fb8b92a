"""Statements: one handler for each kind of syntax, everything else refused with its own code."""

from __future__ import annotations

import ast

from portalis.translator.frontend.assignments import lower_annotated, lower_assign, lower_augmented
from portalis.translator.frontend.context import Branch, Context, Result
from portalis.translator.frontend.evaluation import is_simple
from portalis.translator.frontend.exceptions import lower_assert, lower_raise
from portalis.translator.frontend.loops import lower_for, lower_while
from portalis.translator.frontend.lower_expressions import lower_condition, lower_expression
from portalis.translator.frontend.ownership import check_order
from portalis.translator.frontend.refusals import refuse_statement
from portalis.translator.frontend.values import Value, constant
from portalis.translator.ir.nodes import Break, Continue, Evaluate, If, Return, Stmt


def lower_body(context: Context, statements: list[ast.stmt]) -> None:
    """Lower statements in order; what follows a return, raise, break or continue is never reached and is left out."""
    for statement in statements:
        if context.state is None:
            return
        lower_statement(context, statement)


def lower_block(context: Context, statements: list[ast.stmt]) -> list[Stmt]:
    """Lower statements into a block of their own."""
    with context.into([]) as block:
        lower_body(context, statements)
    return block


def lower_statement(context: Context, node: ast.stmt) -> None:
    """Lower one statement into the current block."""
    context.scope.visited.add(id(node))
    outer, context.changes = context.changes, []
    match node:
        case ast.Assign():
            lower_assign(context, node)
        case ast.AugAssign():
            lower_augmented(context, node)
        case ast.AnnAssign():
            lower_annotated(context, node)
        case ast.Return():
            lower_return(context, node)
        case ast.If():
            lower_if(context, node)
        case ast.For():
            lower_for(context, node, lower_body)
        case ast.While():
            lower_while(context, node, lower_body)
        case ast.Expr():
            lower_expression_statement(context, node)
        case ast.Pass():
            pass
        case ast.Break() | ast.Continue():
            lower_jump(context, node)
        case ast.Raise():
            lower_raise(context, node)
        case ast.Assert():
            lower_assert(context, node)
        case _:
            refuse_statement(context, node, lower_body)
    if context.changes:
        check_order(context, node)
    context.changes = outer


def lower_expression_statement(context: Context, node: ast.Expr) -> None:
    """Lower an expression evaluated for its effect; a text on its own is a comment."""
    if isinstance(node.value, ast.Constant):
        return
    value = lower_expression(context, node.value)
    if context.state is not None and not (value.poison or is_simple(value)):
        context.emit(Evaluate(context.span(node), value.expr))


def lower_return(context: Context, node: ast.Return) -> None:
    """Lower `return`, and leave the point after it unreachable."""
    value = lower_expression(context, node.value) if node.value is not None else constant(context.span(node), None)
    if context.state is None:
        return
    return_value(context, node, value)


def return_value(context: Context, node: ast.AST, value: Value) -> None:
    """Leave the function with a value."""
    context.results.append(Result(value, node, context.live.copy()))
    if not value.poison:
        context.emit(Return(context.span(node), value.expr))
    context.state = None


def lower_if(context: Context, node: ast.If) -> None:
    """Lower `if`; a test that is known when translating leaves only the branch taken."""
    test = lower_condition(context, node.test)
    if test.is_constant:
        lower_body(context, node.body if test.constant else node.orelse)
        return
    if context.state is None:
        return
    before = context.live.copy()
    then = lower_block(context, node.body)
    then_branch = Branch(context.state, then)
    context.state = before
    otherwise = lower_block(context, node.orelse)
    context.state = context.join([then_branch, Branch(context.state, otherwise)])
    if not test.poison:
        context.emit(If(context.span(node.test), test.expr, tuple(then), tuple(otherwise)))


def lower_jump(context: Context, node: ast.Break | ast.Continue) -> None:
    """Lower `break` and `continue`; the state goes to where they lead."""
    if not context.frames:
        context.refuse("P0001", node, "`break` and `continue` belong inside a loop", "put it in a loop, or return")
        return
    span = context.span(node)
    frame = context.frames[-1]
    context.move_out_of_parameters(span)
    context.emit(Break(span) if isinstance(node, ast.Break) else Continue(span))
    ways = frame.breaks if isinstance(node, ast.Break) else frame.continues
    ways.append(Branch(context.state, None))
    context.state = None
