"""Instances of a program's own exceptions that have a body: the text and the arguments that CPython's base class keeps for them."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.making import after, constant, hold
from portalis.translator.frontend.facts.model import Constant, Evaluated, Fact, Known, Step, Unknown
from portalis.translator.frontend.infer.expressions.functions.arguments import arguments_of
from portalis.translator.frontend.infer.expressions.functions.binding import Arguments
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.exception_texts import can_change, note_changes, reads_arguments, says_first
from portalis.translator.frontend.infer.names.instances import class_of, store_attribute
from portalis.translator.frontend.read.at_import.own_classes import EXCEPTION_ARGUMENTS, EXCEPTION_TEXT
from portalis.translator.frontend.types.references.showing import as_text, shown_together, text_of_own_exception
from portalis.translator.frontend.types.sequences import make_tuple
from portalis.translator.ir.types import TEXT

_READ = (f".{EXCEPTION_ARGUMENTS}", "repr", "!r", "%r", "=}", "ascii")


def begin_exception(
    infer: FunctionInference, node: ast.expr, made: Known, arguments: Arguments, steps: list[Step], says_more: bool
) -> Unknown | None:
    """Add the steps that give a new exception its arguments, all of which are simple; return the refusal where that cannot be.

    `says_more`: its class has an `__init__`, which is called next, and may take names and say other arguments.
    """
    if arguments.keywords and not says_more:
        return infer.refuse("P0310", node, "an exception takes no keywords", "CPython raises TypeError here")
    if says_more and says_first(class_of(infer, made.type)):
        return None
    return _give(infer, node, made, arguments.args, steps, or_nothing=says_more)


def call_of_exception(infer: FunctionInference, node: ast.Call, function: ast.Attribute, receiver: Known) -> Fact:
    """Infer `super().__init__(…)` and `super().__str__()` where these are what CPython's own exceptions have."""
    arguments = arguments_of(infer, node)
    if isinstance(arguments, Unknown):
        return arguments
    if function.attr == "__str__" and not arguments.values:
        found = text_of_own_exception(infer, node, receiver)
        return found or infer.refuse("P0321", node, "the text of this exception is not known", "give it texts and numbers")
    if function.attr != "__init__" or arguments.keywords:
        return infer.refuse("P0307", node, f"`{function.attr}` of an exception is not called so", "call super().__init__(message)")
    steps: list[Step] = []
    held = [hold(infer, value, "argument", steps) for value in arguments.args]
    refused = _give(infer, node, receiver, held, steps, or_nothing=False)
    return after(infer.span(node), steps, constant(infer.span(node), None)) if refused is None else refused


def _give(
    infer: FunctionInference, node: ast.expr, owner: Known, args: Sequence[Known], steps: list[Step], or_nothing: bool
) -> Unknown | None:
    class_, nothing = owner.type.python_class, Known(infer.span(node), TEXT, Constant(""))
    if any(can_change(value.type) for value in args):
        note_changes(infer, class_)
    text: Fact | None = nothing
    if args and not reads_arguments(infer, class_):
        text = as_text(infer, node, args[0]) if len(args) == 1 else shown_together(infer, node, args)
    if text is None and or_nothing:
        # Whoever asks for it is refused.
        note_changes(infer, class_)
        text = nothing
    if text is None:
        return infer.refuse("P0321", node, "the text of this exception is not known", "give it texts and numbers")
    stored: list[tuple[str, Fact]] = [(EXCEPTION_TEXT, text)]
    # They are kept where somebody may read them or ask for the exception's repr: not every value can be.
    if reads_arguments(infer, class_) or any(mark in infer.names.scope.source.text for mark in _READ):
        stored.append((EXCEPTION_ARGUMENTS, make_tuple(infer, node, args)))
    for name, value in stored:
        done = store_attribute(infer, node, owner, name, value) if isinstance(value, Known) else value
        if isinstance(done, Unknown):
            return done
        steps.append(Evaluated(infer.span(node), done))
    return None
