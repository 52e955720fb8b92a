"""Refusals that several types share."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import describe
from portalis.translator.frontend.facts.model import Unknown
from portalis.translator.ir.types import STR, Type


def refuse_operands(infer: Inference, node: ast.AST, symbol: str, left: Type, right: Type) -> Unknown:
    """Refuse an operator between types for which CPython raises TypeError, or which have no translation."""
    if STR in (left, right):
        return infer.refuse(
            "P0225", node, f"`{symbol}` on str has no translation", "str constants can be passed on and compared, nothing else"
        )
    return infer.refuse(
        "P0305",
        node,
        f"`{symbol}` is not defined between {describe(left)} and {describe(right)}",
        "convert one side, or look at how the two got their types",
    )
