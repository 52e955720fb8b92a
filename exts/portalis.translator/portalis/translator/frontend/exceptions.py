"""`raise` and `assert`, with CPython's classes and constant messages."""

from __future__ import annotations

import ast
import builtins

from portalis.translator.frontend.context import Branch, Context
from portalis.translator.frontend.lower_expressions import lower_condition, lower_expression
from portalis.translator.ir.nodes import If, Prim, Raise
from portalis.translator.ir.types import BOOL, STR

RAISABLE = (
    "ArithmeticError", "AssertionError", "AttributeError", "BufferError", "EOFError", "Exception", "FloatingPointError", "IndexError",
    "KeyError", "LookupError", "MemoryError", "NameError", "NotImplementedError", "OverflowError", "RecursionError", "ReferenceError",
    "RuntimeError", "StopIteration", "TypeError", "UnboundLocalError", "ValueError", "ZeroDivisionError",
)  # fmt: skip


def lower_raise(context: Context, node: ast.Raise) -> None:
    """Lower `raise Class` and `raise Class("constant message")`."""
    found = _read_exception(context, node)
    if found is not None:
        context.emit(Raise(context.span(node), *found))
    context.state = None


def _read_exception(context: Context, node: ast.Raise) -> tuple[str, str | None] | None:
    if node.cause is not None and not (isinstance(node.cause, ast.Constant) and node.cause.value is None):
        context.refuse("P0320", node, "`raise … from …` is not translated", 'write raise ValueError("message")')
        return None
    exception = node.exc
    if exception is None:
        context.refuse("P0320", node, "`raise` without an exception is not translated", 'write raise ValueError("message")')
        return None
    arguments: list[ast.expr] = []
    if isinstance(exception, ast.Call) and not exception.keywords:
        arguments, exception = exception.args, exception.func
    name = exception.id if isinstance(exception, ast.Name) else ""
    if name not in RAISABLE or name in context.scope.names or not hasattr(builtins, name):
        context.refuse(
            "P0320",
            node,
            f"`{ast.unparse(exception)}` cannot be raised in a translation",
            "raise a built-in exception such as ValueError with a constant message",
        )
        return None
    if not arguments:
        return name, None
    message = lower_expression(context, arguments[0])
    if len(arguments) > 1 or message.type != STR or not isinstance(message.constant, str):
        if not message.poison or len(arguments) > 1:
            context.refuse("P0321", arguments[-1], "an exception's message must be one constant text", 'write raise ValueError("message")')
        return None
    return name, message.constant


def lower_assert(context: Context, node: ast.Assert) -> None:
    """Lower `assert test, message`; the message is a constant."""
    test = lower_condition(context, node.test)
    text: str | None = None
    if node.msg is not None:
        before = context.state
        message = lower_expression(context, node.msg)
        context.state = context.join([Branch(before, []), Branch(context.state, [])])
        if not isinstance(message.constant, str):
            if not message.poison:
                context.refuse("P0321", node.msg, "the message of an assert must be a constant text", 'write assert test, "message"')
            return
        text = message.constant
    if test.poison or context.state is None:
        return
    span = context.span(node)
    failure = Raise(span, "AssertionError", text)
    if test.is_constant:
        if not test.constant:
            context.emit(failure)
            context.state = None
        return
    context.emit(If(span, Prim(span, BOOL, "bool.not", (test.expr,)), (failure,)))
