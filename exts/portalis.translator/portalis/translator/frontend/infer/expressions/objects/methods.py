"""Methods of objects by reference whose arguments are not simply evaluated: they are gone over, or called for each element."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.making import after, constant, hold
from portalis.translator.frontend.facts.model import Evaluated, Fact, Known, Step, Unknown, Unreached
from portalis.translator.frontend.infer.expressions.objects.dicts import call_dict_method
from portalis.translator.frontend.infer.expressions.objects.joining import join
from portalis.translator.frontend.infer.expressions.objects.listing import extend_with
from portalis.translator.frontend.infer.expressions.objects.octets import call_octets_method
from portalis.translator.frontend.infer.expressions.objects.sets import call_set_method
from portalis.translator.frontend.infer.expressions.objects.steered import call_close, call_send
from portalis.translator.frontend.infer.expressions.standard.containers import call_counter_method, call_deque_method
from portalis.translator.frontend.infer.expressions.standard.ordering import sort_in_place
from portalis.translator.frontend.infer.expressions.standard.regex.calls import call_pattern_method
from portalis.translator.frontend.infer.expressions.standard.regex.searching import call_match_method
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.types.octets.octets import is_octets
from portalis.translator.frontend.types.references.regex import MATCH, OF_A_MATCH, PATTERN
from portalis.translator.frontend.types.references.slicing import bounds_of, is_slice
from portalis.translator.ir.generators import is_generator
from portalis.translator.ir.types import INT, NEVER, TEXT, DictRef, LibraryRef, ListRef, SetRef


def call_object_method(infer: FunctionInference, node: ast.Call, function: ast.Attribute, receiver: Known) -> Fact | None:
    """Return `receiver.method(…)` of a method that consumes what its argument gives; None where it is called like any other."""
    if receiver.type == NEVER:
        # Its arguments are not evaluated either.
        return after(infer.span(node), [Evaluated(receiver.span, receiver)], Known(infer.span(node), NEVER, Unreached()))
    if isinstance(receiver.type, SetRef):
        return call_set_method(infer, node, function, receiver)
    if (queued := call_deque_method(infer, node, function.attr, receiver)) is not None:
        return queued
    if is_octets(receiver.type):
        return call_octets_method(infer, node, function.attr, receiver)
    if is_generator(receiver.type) and function.attr == "close":
        return call_close(infer, node, receiver)
    if is_generator(receiver.type) and function.attr == "send":
        return call_send(infer, node, receiver)
    if is_slice(receiver.type):
        return _indices_of(infer, node, receiver) if function.attr == "indices" and len(node.args) == 1 and not node.keywords else None
    if isinstance(receiver.type, LibraryRef):
        if receiver.type.python_class == PATTERN and receiver.type != OF_A_MATCH:
            return call_pattern_method(infer, node, function.attr, receiver)
        return call_match_method(infer, node, function.attr, receiver) if receiver.type.python_class == MATCH else None
    is_list = isinstance(receiver.type, ListRef) and not receiver.type.frozen
    if is_list and function.attr == "sort" and not node.args:
        return sort_in_place(infer, node, receiver, {keyword.arg: keyword.value for keyword in node.keywords})
    if (counted := call_counter_method(infer, node, function.attr, receiver)) is not None:
        return counted
    if isinstance(receiver.type, DictRef):
        return call_dict_method(infer, node, function, receiver)
    if len(node.args) != 1 or node.keywords:
        return None
    if receiver.type == TEXT and function.attr == "join":
        return join(infer, node, receiver, node.args[0])
    if is_list and function.attr == "extend":
        return _extend(infer, node, receiver, node.args[0])
    return None


def _extend(infer: FunctionInference, node: ast.Call, receiver: Known, argument: ast.expr) -> Fact:
    """Append to the list itself what is gone over: each element shows in it before the next is taken."""
    steps: list[Step] = []
    values = hold(infer, receiver, "receiver", steps)
    failed = extend_with(infer, argument, values, steps)
    return failed if failed is not None else after(infer.span(node), steps, constant(infer.span(node), None))


def _indices_of(infer: FunctionInference, node: ast.Call, receiver: Known) -> Fact | None:
    """Return `slice.indices(length)`."""
    steps: list[Step] = []
    held, length = hold(infer, receiver, "slice", steps), infer.expression(node.args[0])
    if isinstance(length, Unknown) or length.type != INT:
        return length if isinstance(length, Unknown) else None
    nothing = constant(infer.span(node), None)
    found = infer.written(node, "slice_indices", [*[one or nothing for one in bounds_of(held)], length])
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found
