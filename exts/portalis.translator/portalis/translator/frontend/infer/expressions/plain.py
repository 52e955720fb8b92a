"""Constants, operators, displays, f-strings and assignment expressions."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from portalis.translator.frontend.calls.texts.formatting import converted, formatted
from portalis.translator.frontend.calls.texts.percent import percent
from portalis.translator.frontend.facts.aliasing import Walrus
from portalis.translator.frontend.facts.making import after, constant, hold
from portalis.translator.frontend.facts.model import Fact, Known, Step, Unknown
from portalis.translator.frontend.infer.expressions.choices import infer_not
from portalis.translator.frontend.infer.expressions.objects.listing import starred_display
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.refused import refuse_expression
from portalis.translator.frontend.types import table
from portalis.translator.frontend.types.numbers.complex import complex_constant
from portalis.translator.frontend.types.numbers.wide import wide_constant
from portalis.translator.frontend.types.references.building import list_of
from portalis.translator.frontend.types.references.showing import concatenated
from portalis.translator.frontend.types.references.text import text_constant
from portalis.translator.frontend.types.sequences import make_list, make_tuple
from portalis.translator.ir.ops import INT_MAX, INT_MIN
from portalis.translator.ir.types import TEXT

SYMBOLS: Mapping[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**", ast.LShift: "<<",
    ast.RShift: ">>", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^", ast.MatMult: "@",
}  # fmt: skip


def infer_constant(infer: FunctionInference, node: ast.Constant) -> Fact:
    """Infer a literal."""
    value = node.value
    if isinstance(value, str) and infer.references:
        return text_constant(infer, node, value)
    if isinstance(value, complex) and infer.references:
        return complex_constant(infer.span(node), value)
    if isinstance(value, bytes) and infer.references:
        return constant(infer.span(node), value)
    if isinstance(value, bool | float | str) or value is None:
        return constant(infer.span(node), value)
    if isinstance(value, int):
        if value > INT_MAX and infer.names.scope.wide:
            return wide_constant(infer.span(node), value)
        if value > INT_MAX:
            return infer.refuse(
                "P0007",
                node,
                "this integer literal does not fit in 64 bits",
                "use numbers up to 9223372036854775807, or a float such as 1e30",
            )
        return constant(infer.span(node), value)
    return refuse_expression(infer, node)


def infer_binary(infer: FunctionInference, node: ast.BinOp) -> Fact:
    """Infer `left op right`."""
    left = infer.expression(node.left)
    right = infer.expression(node.right)
    if isinstance(node.op, ast.Mod) and isinstance(left, Known) and isinstance(right, Known) and left.type == TEXT:
        return percent(infer, node, left, right)
    return table.binary(infer, node, SYMBOLS[type(node.op)], left, right)


def infer_unary(infer: FunctionInference, node: ast.UnaryOp) -> Fact:
    """Infer `-x`, `+x`, `~x` and `not x`; the smallest int is only written as the negative of a number too large."""
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number))) if number == -INT_MIN:
            return constant(infer.span(node), INT_MIN)
        case ast.UnaryOp(op=ast.Not()):
            return infer_not(infer, node)
    symbol = "-" if isinstance(node.op, ast.USub) else "+" if isinstance(node.op, ast.UAdd) else "~"
    return table.unary(infer, node, symbol, infer.expression(node.operand))


def infer_display(infer: FunctionInference, node: ast.Tuple | ast.List) -> Fact:
    """Infer a tuple or list display."""
    if infer.references and any(isinstance(element, ast.Starred) for element in node.elts):
        return starred_display(infer, node)
    values = []
    for element in node.elts:
        # A starred element has a handler that refuses it.
        values.append(infer.expression(element))
    if isinstance(node, ast.Tuple):
        return make_tuple(infer, node, values)
    return list_of(infer, node, values) if infer.references else make_list(infer, node, values)


def infer_walrus(infer: FunctionInference, node: ast.NamedExpr) -> Fact:
    """Infer `(name := value)`."""
    value = infer.expression(node.value)
    name = node.target.id
    if isinstance(value, Unknown):
        infer.lose(name, value)
        return value
    if value.type.mutable:
        return infer.lose(name, infer.observe(Walrus(node, value.roots, value.type)))
    span = infer.span(node)
    steps = infer.assignment(name, value, span)
    read = infer.load(name, node.target)
    return after(span, steps, read) if isinstance(read, Known) else read


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
    steps: list[Step] = []
    if node.conversion >= 0 and not spec.is_constant and infer.target < (3, 13):
        # `!r` is asked for when the format spec is evaluated; later versions of CPython ask before.
        value, spec = hold(infer, value, "value", steps), hold(infer, spec, "spec", steps)
    whole = converted(infer, node, value, None if node.conversion < 0 else chr(node.conversion))
    found = whole if isinstance(whole, Unknown) else formatted(infer, node, whole, spec)
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found
