"""The parts of a value that Python would iterate over, where their number is known."""

from __future__ import annotations

from portalis.translator.frontend.context import Context
from portalis.translator.frontend.evaluation import is_simple, once
from portalis.translator.frontend.ownership import part
from portalis.translator.frontend.sequences import item
from portalis.translator.frontend.values import Value
from portalis.translator.ir.nodes import Const, ElementLoad, Make, Stmt
from portalis.translator.ir.types import FLOAT, INT, ListType, TupleType, VecType, elements


def parts_of(context: Context, value: Value, body: list[Stmt]) -> list[Value] | None:
    """Return the elements of a tuple, list or vector, evaluated once by `body`; None where the value cannot be iterated over."""
    if not isinstance(value.type, TupleType | ListType | VecType):
        return None
    if isinstance(value.expr, Make) and isinstance(value.type, TupleType | ListType):
        parts = value.items or tuple(part(value, expr) for expr in value.expr.items)
        if all(map(is_simple, parts)):
            return list(parts)
    held = once(context, value, "parts", body)
    if isinstance(held.type, VecType):
        return [
            part(held, ElementLoad(held.span, FLOAT, held.expr, Const(held.span, INT, index))) for index in range(len(elements(held.type)))
        ]
    return [item(held, index) for index in range(len(elements(value.type)))]
