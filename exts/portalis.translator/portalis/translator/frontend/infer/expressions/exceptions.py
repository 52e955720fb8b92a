"""What a handler asks of the exception that it caught: `str(e)`, `e.args[0]`, `isinstance(e, …)`, `e` in a text that is printed or made.

An exception is no value: what is asked of it is answered from its error word, and any other use of its name is refused.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import partial

from portalis.translator.frontend.facts.making import after, constant, primitive
from portalis.translator.frontend.facts.model import Chosen, Compared, Fact, Joined, Known, Raised, Stopped, Tested
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.state import Caught
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.ir.exceptions import CONSTANT_TEXT, NO_ARGUMENTS, TOLD_TEXT, ancestry
from portalis.translator.ir.types import BOOL, INT, TEXT

Answer = Callable[[], Fact]


def replace_uses(infer: FunctionInference, handler: ast.ExceptHandler, caught: Caught) -> list[int]:
    """Note what stands for each use of the exception's name in a handler; return the numbers that the uses are noted under."""
    name = handler.name
    if name is None:
        return []
    noted: list[int] = []
    for node, use in _uses(infer, handler, name, caught):
        infer.replaced[id(node)] = use
        noted.append(id(node))
    return noted


def _uses(infer: FunctionInference, handler: ast.ExceptHandler, name: str, caught: Caught) -> Iterator[tuple[ast.AST, Answer]]:
    answered: set[int] = set()
    for node in [inner for statement in handler.body for inner in ast.walk(statement)]:
        found = _answer(infer, node, name, caught)
        for place, use in found:
            infer.scope.visited.update(map(id, ast.walk(place)))
            answered.update(map(id, ast.walk(place)))
            yield place, use
    for node in [inner for statement in handler.body for inner in ast.walk(statement)]:
        if isinstance(node, ast.Name) and node.id == name and id(node) not in answered:
            if not isinstance(node.ctx, ast.Load):
                _refuse(infer, node, name)
            yield node, partial(_refuse, infer, node, name)


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _refuse(infer: FunctionInference, node: ast.expr, name: str) -> Fact:
    return infer.refuse("P0320", node, f"the exception `{name}` is used as a value", f"use str({name}), {name}.args[0] or raise")


def _answer(infer: FunctionInference, node: ast.AST, name: str, caught: Caught) -> list[tuple[ast.expr, Answer]]:
    """Return the places in a node, each with what stands for it, where the node asks something of the exception."""

    def texts(*places: ast.expr) -> list[tuple[ast.expr, Answer]]:
        return [(place, partial(message_of, infer, place, caught)) for place in places if _is_name(place, name)]

    match node:
        case ast.Call(func=ast.Name(id="str"), args=[argument], keywords=[]) if not infer.shadows("str"):
            return texts(argument)
        case ast.Call(func=ast.Name(id="print"), args=arguments) if not infer.shadows("print"):
            return texts(*arguments)
        case ast.FormattedValue(value=value, conversion=-1 | 115, format_spec=None):
            return texts(value)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format"), args=arguments) if not {":", "!", "."} & {
            *text
        }:
            return texts(*arguments)
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod(), right=right) if text.count("%") == text.count("%s"):
            return texts(*(right.elts if isinstance(right, ast.Tuple) else (right,)))
        case ast.Subscript(value=ast.Attribute(value=value, attr="args"), slice=ast.Constant(value=0)) if _is_name(value, name):
            return [(node, partial(first_argument, infer, node, caught))]
        case ast.Call(func=ast.Name(id="isinstance"), args=[value, asked], keywords=[]) if _is_name(value, name):
            return [] if infer.shadows("isinstance") else [(node, partial(_is_of, infer, node, asked, caught))]
        case ast.Raise(exc=raised, cause=cause):
            return [
                (place, partial(_refuse, infer, place, name)) for place in (raised, cause) if place is not None and _is_name(place, name)
            ]
        case _:
            return []


def message_of(infer: FunctionInference, node: ast.expr, caught: Caught) -> Fact:
    """Return str of a caught exception; a KeyError shows its key."""
    span = infer.span(node)
    message = operated(span, TEXT, "error.message", caught.word, caught.told)
    own = dict(infer.scope.exceptions)
    if not any("KeyError" in ancestry(name, own) or name in ancestry("KeyError", own) for name in caught.classes.split()):
        return message
    is_text = Known(span, BOOL, Compared("eq", operated(span, INT, "error.form", caught.word), constant(span, TOLD_TEXT)))
    is_key = Known(span, BOOL, Joined("and", is_text, operated(span, BOOL, "error.is", caught.word, name="KeyError")))
    shown = infer.library(node, "quoting", "quoted", [caught.told])
    return Known(span, TEXT, Chosen(is_key, shown, message)) if isinstance(shown, Known) else shown


def first_argument(infer: FunctionInference, node: ast.expr, caught: Caught) -> Fact:
    """Return the first of the arguments that a caught exception was raised with, where it is a text."""
    span = infer.span(node)
    form = operated(span, INT, "error.form", caught.word)
    none = Known(span, BOOL, Compared("eq", form, constant(span, NO_ARGUMENTS)))
    text = [Known(span, BOOL, Compared("eq", form, constant(span, number))) for number in (CONSTANT_TEXT, TOLD_TEXT)]
    other = primitive(span, BOOL, "bool.not", Known(span, BOOL, Joined("or", *text)))
    steps = [
        Tested(span, none, (Raised(span, "IndexError", "tuple index out of range"),)),
        Tested(span, other, (Stopped(span, "an exception's argument that is no text"),)),
    ]
    return after(span, steps, operated(span, TEXT, "error.argument", caught.word, caught.told))


def _is_of(infer: FunctionInference, node: ast.Call, asked: ast.expr, caught: Caught) -> Fact:
    from portalis.translator.frontend.infer.statements.raising import exception_name

    names = [exception_name(infer, part) for part in (asked.elts if isinstance(asked, ast.Tuple) else (asked,))]
    found = [name for name in names if name is not None]
    if len(found) < len(names) or not names:
        return infer.refuse("P0320", node, f"`{ast.unparse(asked)}` names no exceptions that are known here", "name built-in exceptions")
    return operated(infer.span(node), BOOL, "error.is", caught.word, name=" ".join(found))
