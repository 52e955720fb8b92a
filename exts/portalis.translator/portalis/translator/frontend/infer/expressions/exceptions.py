"""What a handler asks of the exception that it caught: `str(e)`, `e.args[0]`, `isinstance(e, …)`, `e` in a text that is printed or made.

What is asked of it there is answered from its error word; for any other use of its name it is a value (`types/unions/exceptions.py`).
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import partial

from portalis.translator.frontend.facts.making import after, constant, primitive
from portalis.translator.frontend.facts.model import Compared, Fact, Joined, Known, Raised, Stopped, Tested
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.state import Caught
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.unions.exceptions import message_of_error, stopped_of
from portalis.translator.ir.exceptions import CONSTANT_TEXT, NO_ARGUMENTS, TOLD_TEXT, ancestry
from portalis.translator.ir.types import BOOL, INT, TEXT

Answer = Callable[[], Fact]


def replace_uses(infer: FunctionInference, handler: ast.ExceptHandler, caught: Caught) -> tuple[list[int], bool]:
    """Note what stands for uses of the exception's name in a handler; return the numbers that they are noted under, and whether there are
    others, for which it has to be a value."""
    name = handler.name
    if name is None:
        return [], False
    noted: list[int] = []
    nodes = [inner for statement in handler.body for inner in ast.walk(statement)]
    answered: set[int] = set()
    for node in nodes:
        for place, use in _answer(infer, node, name, caught):
            infer.scope.visited.update(map(id, ast.walk(place)))
            answered.update(map(id, ast.walk(place)))
            infer.replaced[id(place)] = use
            noted.append(id(place))
    return noted, any(_is_name(node, name) and id(node) not in answered for node in nodes)


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
    own = dict(infer.scope.exceptions)
    may_be_key = any("KeyError" in ancestry(name, own) or name in ancestry("KeyError", own) for name in caught.classes.split())
    return message_of_error(infer, node, caught.word, caught.told, may_be_key)


def first_argument(infer: FunctionInference, node: ast.expr, caught: Caught) -> Fact:
    """Return the first of the arguments that a caught exception was raised with, where it is a text."""
    span = infer.span(node)
    form = operated(span, INT, "error.form", caught.word)
    none = Known(span, BOOL, Compared("eq", form, constant(span, NO_ARGUMENTS)))
    text = [Known(span, BOOL, Compared("eq", form, constant(span, number))) for number in (CONSTANT_TEXT, TOLD_TEXT)]
    other = primitive(span, BOOL, "bool.not", Known(span, BOOL, Joined("or", *text)))
    others = stopped_of(infer, node, caught.word, infer.exceptions_told_otherwise(), "an exception's argument that is no text")
    steps = [
        *others,
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
