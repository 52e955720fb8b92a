"""f-strings."""

from __future__ import annotations

import ast

from portalis.translator.frontend.calls.texts.formatting import converted, formatted
from portalis.translator.frontend.facts.model import Fact, Known, Unknown
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.refused import refuse_expression
from portalis.translator.frontend.types.references.showing import concatenated
from portalis.translator.frontend.types.references.text import text_constant


def infer_joined(infer: FunctionInference, node: ast.JoinedStr) -> Fact:
    """Infer an f-string, or a format spec inside one: each value is evaluated, and written, before the next one."""
    if not infer.references:
        return refuse_expression(infer, node)
    texts: list[Known] = []
    for part in node.values:
        found = _formatted(infer, part) if isinstance(part, ast.FormattedValue) else infer.expression(part)
        if isinstance(found, Unknown):
            return found
        texts.append(found)
    return concatenated(infer, node, texts)


def _formatted(infer: FunctionInference, node: ast.FormattedValue) -> Fact:
    value = infer.expression(node.value)
    spec = text_constant(infer, node, "") if node.format_spec is None else infer.expression(node.format_spec)
    if isinstance(value, Unknown) or isinstance(spec, Unknown):
        return value if isinstance(value, Unknown) else spec
    whole = converted(infer, node, value, None if node.conversion < 0 else chr(node.conversion))
    return whole if isinstance(whole, Unknown) else formatted(infer, node, whole, spec)
