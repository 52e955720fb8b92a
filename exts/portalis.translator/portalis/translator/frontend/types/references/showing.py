"""repr: what a value looks like in a message."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, constant
from portalis.translator.frontend.facts.model import Element, Evaluated, Fact, Known, Unknown
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.references.text import text_constant
from portalis.translator.ir.types import BOOL, INT, NONE, TEXT, TupleType, Type

_LIBRARY: dict[Type, tuple[str, str]] = {
    INT: ("numerals", "text_of_int"),
    BOOL: ("numerals", "text_of_bool"),
    TEXT: ("quoting", "quoted"),
}


def shown(infer: Inference, node: ast.AST, value: Known) -> Fact | None:
    """Return repr(value); None where that is not translated for its type."""
    if value.type in _LIBRARY:
        return infer.library(node, *_LIBRARY[value.type], [value])
    if value.type == NONE:
        return after(infer.span(node), [Evaluated(value.span, value)], text_constant(infer, node, "None"))
    if isinstance(value.type, TupleType):
        span = infer.span(node)
        items = [Known(span, item, Element(value, constant(span, index))) for index, item in enumerate(value.type.items)]
        return shown_together(infer, node, items)
    return None


def shown_together(infer: Inference, node: ast.AST, items: Sequence[Known]) -> Fact | None:
    """Return repr of a tuple of values."""
    found = text_constant(infer, node, "(")
    for index, item in enumerate(items):
        part = shown(infer, node, item)
        if part is None or isinstance(part, Unknown):
            return part
        if index:
            found = operated(part.span, TEXT, "text.concat", found, text_constant(infer, node, ", "))
        found = operated(part.span, TEXT, "text.concat", found, part)
    return operated(infer.span(node), TEXT, "text.concat", found, text_constant(infer, node, ",)" if len(items) == 1 else ")"))
