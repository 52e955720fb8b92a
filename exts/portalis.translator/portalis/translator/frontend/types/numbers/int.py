"""int: 64 bits, checked; an operation whose result does not fit stops the call."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import constant
from portalis.translator.frontend.facts.model import Compared, Known
from portalis.translator.frontend.types.numbers.number import Number
from portalis.translator.ir.types import BOOL


class Int(Number):
    """An int."""

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        span = infer.span(node)
        return Known(span, BOOL, Compared("ne", value, constant(span, 0)))
