"""Operations on objects as facts."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import constant
from portalis.translator.frontend.facts.model import Compared, Known, Operated
from portalis.translator.ir.types import BOOL, INT, Type
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
