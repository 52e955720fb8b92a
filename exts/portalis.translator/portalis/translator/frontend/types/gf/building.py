"""New Gf values from their elements, rounded where a type holds singles."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import constant, primitive, to_float
from portalis.translator.frontend.facts.model import Build, Known, Primitive
from portalis.translator.ir.ops import OPS
from portalis.translator.ir.types import FLOAT, QuatType, Type, VecType

_ROUND = "float.round_to_single"


def is_single(type_: Type) -> bool:
    """Tell whether the elements of a Gf type are singles."""
    return isinstance(type_, VecType | QuatType) and type_.scalar == "f"


def rounded(type_: Type, value: Known) -> Known:
    """Return a float as an element of a Gf type: rounded where those are singles."""
    if not is_single(type_) or (isinstance(value.operation, Primitive) and value.operation.op == _ROUND):
        return value
    if isinstance(value.constant, float):
        return constant(value.span, OPS[_ROUND].evaluate(value.constant))
    return primitive(value.span, FLOAT, _ROUND, value)


def make_like(infer: Inference, node: ast.AST, type_: Type, items: Sequence[Known]) -> Known:
    """Return a new Gf value from its elements in storage order, rounded as the type needs."""
    return Known(infer.span(node), type_, Build(tuple(rounded(type_, to_float(item)) for item in items)))
