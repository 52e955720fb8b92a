"""Exceptions as values: what was caught, or made to be raised later; their classes; and what stands for tracebacks."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable
from typing import TypeAlias

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, constant, hold
from portalis.translator.frontend.facts.model import Chosen, Compared, Fact, Joined, Known, Step, Stopped, Tested, Unknown
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.ir.exceptions import EXCEPTION, EXCEPTION_CLASS, TOLD_TEXT, TRACEBACK
from portalis.translator.ir.types import BOOL, INT, TEXT, ListRef

# Gives what is asked of the exception of an error word and of what came with it.
Answer: TypeAlias = Callable[[Known, Known], Fact]


def exception_of(word: Known, told: Known) -> Known:
    """Return the exception of an error word and of what came with it, as a value."""
    return operated(word.span, EXCEPTION, "record.of", word, told)


def class_of_exception(word: Known) -> Known:
    """Return the class of the exception of an error word, as a value."""
    return operated(word.span, EXCEPTION_CLASS, "record.of", word)


def traceback_of(word: Known) -> Known:
    """Return what stands for the traceback of an exception."""
    return operated(word.span, TRACEBACK, "record.of", word)


def word_of(value: Known) -> Known:
    """Return the error word of an exception, or of a class of one."""
    return operated(value.span, INT, "record.get", value, name="word")


def told_of(value: Known) -> Known:
    """Return the text that came with an exception."""
    return operated(value.span, TEXT, "record.get", value, name="told")


def name_of_class(value: Known) -> Known:
    """Return the name of the class of an exception, or of a class of one."""
    return operated(value.span, TEXT, "error.class", word_of(value))


def named_exception(infer: Inference, node: ast.expr) -> str | None:
    """Return the name of the class of exceptions that an expression names, or None where it names none that is known."""
    if not isinstance(node, ast.Name):
        return None
    if node.id in infer.scope.exceptions:
        return node.id
    found = None if infer.shadows(node.id) else getattr(builtins, node.id, None)
    return found.__name__ if isinstance(found, type) and issubclass(found, BaseException) else None


def named_exceptions(infer: Inference, node: ast.expr) -> str | None:
    """Return the names of the classes of exceptions that `isinstance` is given, with blanks between; None where one is none."""
    names = [named_exception(infer, kind) for kind in (node.elts if isinstance(node, ast.Tuple) else (node,))]
    found = [name for name in names if name is not None]
    return " ".join(found) if found and len(found) == len(names) else None


def is_of(infer: Inference, node: ast.AST, value: Known, names: str) -> Known:
    """Return whether an exception, or a class of one, is of classes with these names."""
    return operated(infer.span(node), BOOL, "error.is", word_of(value), name=names)


def message_of_error(infer: Inference, node: ast.AST, word: Known, told: Known, may_be_key: bool = True) -> Fact:
    """Return str of an exception; a KeyError shows its key."""
    span = infer.span(node)
    reason = "the text of an exception whose object may have changed: catch it by its class"
    stops = stopped_of(infer, node, word, infer.unsettled_exceptions(), reason)
    message = after(span, stops, operated(span, TEXT, "error.message", word, told))
    if not may_be_key:
        return message
    is_text = Known(span, BOOL, Compared("eq", operated(span, INT, "error.form", word), constant(span, TOLD_TEXT)))
    is_key = Known(span, BOOL, Joined("and", is_text, operated(span, BOOL, "error.is", word, name="KeyError")))
    quoted = infer.library(node, "quoting", "quoted", [told])
    return Known(span, TEXT, Chosen(is_key, quoted, message)) if isinstance(quoted, Known) else quoted


def text_of_exception(infer: Inference, node: ast.AST, value: Known) -> Fact:
    """Return str of an exception that is a value."""
    return _asked(infer, node, value, lambda word, told: message_of_error(infer, node, word, told))


def shown_exception(infer: Inference, node: ast.AST, value: Known) -> Fact:
    """Return repr of an exception that is a value."""

    def shown(word: Known, told: Known) -> Fact:
        span = infer.span(node)
        form, argument = operated(span, INT, "error.form", word), operated(span, TEXT, "error.argument", word, told)
        found = infer.library(node, "caught", "shown", [operated(span, TEXT, "error.class", word), form, argument, told])
        return after(span, _others_stopped(infer, node, word), found) if isinstance(found, Known) else found

    return _asked(infer, node, value, shown)


def arguments_of_exception(infer: Inference, node: ast.AST, value: Known) -> Fact:
    """Return `args` of an exception that is a value; the call is stopped where they are not one text."""

    def arguments(word: Known, told: Known) -> Fact:
        span = infer.span(node)
        form = operated(span, INT, "error.form", word)
        other = Known(span, BOOL, Compared("gt", form, constant(span, TOLD_TEXT)))
        stop = Tested(span, other, (Stopped(span, "an exception's arguments that are not one text"),))
        found = infer.library(node, "caught", "arguments", [form, operated(span, TEXT, "error.argument", word, told)])
        if isinstance(found, Unknown):
            return found
        stops = [*_others_stopped(infer, node, word), stop]
        return after(span, stops, operated(span, ListRef(TEXT, frozen=True), "list.freeze", found))

    return _asked(infer, node, value, arguments)


def _others_stopped(infer: Inference, node: ast.AST, word: Known) -> list[Step]:
    return stopped_of(infer, node, word, infer.exceptions_told_otherwise(), "an exception's arguments that are not one text")


def stopped_of(infer: Inference, node: ast.AST, word: Known, names: str, reason: str) -> list[Step]:
    """Return the step that stops the call where an exception is of a class with one of these names."""
    span = infer.span(node)
    return [Tested(span, operated(span, BOOL, "error.is", word, name=names), (Stopped(span, reason),))] if names else []


def _asked(infer: Inference, node: ast.AST, value: Known, answer: Answer) -> Fact:
    steps: list[Step] = []
    held = hold(infer, value, "exception", steps)
    word, told = hold(infer, word_of(held), "word", steps), hold(infer, told_of(held), "told", steps)
    found = answer(word, told)
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found
