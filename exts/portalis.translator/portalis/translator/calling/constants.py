"""Constants of a program as slots: what a behaviour's state starts from."""

from __future__ import annotations

from portalis.translator.ir.nodes import Const, Expr, Make, Prim
from portalis.translator.ir.ops import OPS
from portalis.translator.ir.types import StrType


def constant_slots(expr: Expr, strings: tuple[str, ...]) -> list[int | float | bool]:
    """Return the slots of a constant expression."""
    match expr:
        case Const(type=StrType(), value=str(text)):
            return [strings.index(text)]
        case Const(value=None):
            return []
        case Const(value=int() | float() as value):
            return [value]
        case Make(items=items):
            return [slot for item in items for slot in constant_slots(item, strings)]
        case Prim(op=op, args=args):
            return [OPS[op].evaluate(*(slot for arg in args for slot in constant_slots(arg, strings)))]
        case _:
            raise AssertionError(f"a field starts from a constant, not from {type(expr).__name__}")
