"""Operations on objects as facts."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import constant, decided, primitive
from portalis.translator.frontend.facts.model import Compared, Fact, Known, Operated, Unknown
from portalis.translator.ir.types import BOOL, INT, NONE, Type
from portalis.translator.source import Span


def operated(span: Span, type_: Type, op: str, *args: Known, name: str = "") -> Known:
    """Return the result of an operation of `ir.objects.OBJECT_OPS`."""
    return Known(span, type_, Operated(op, args, name))


def is_not_empty(infer: Inference, node: ast.AST, length: Known) -> Known:
    """Return whether something of this length has elements."""
    span = infer.span(node)
    return Known(span, BOOL, Compared("ne", length, constant(span, 0)))


def length_of(span: Span, op: str, value: Known) -> Known:
    """Return the length of a list or a text."""
    return operated(span, INT, op, value)


def negated_where(negated: bool, infer: Inference, node: ast.AST, value: Fact) -> Fact:
    """Return a bool, or its negation."""
    if isinstance(value, Unknown) or not negated:
        return value
    return primitive(infer.span(node), BOOL, "bool.not", value)


def same_object(infer: Inference, node: ast.AST, left: Known, right: Known, negated: bool) -> Fact | None:
    """Return whether two references are to one object; never where the other is None."""
    if NONE in (left.type, right.type):
        return decided(infer, node, negated, [left, right])
    if infer.unify(left.type, right.type) is None:
        return None
    return negated_where(negated, infer, node, operated(infer.span(node), BOOL, "object.same", left, right))
