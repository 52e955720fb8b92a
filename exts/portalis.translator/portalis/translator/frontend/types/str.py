"""str: one of the program's constants, which are numbered in their order."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import constant
from portalis.translator.frontend.facts.model import Compared, Fact, Known
from portalis.translator.frontend.types.behaviour import Behaviour
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import BOOL, STR


class Str(Behaviour):
    """A str."""

    def compare(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        return Known(infer.span(node), BOOL, Compared(op, left, right)) if right.type == STR else None

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        span = infer.span(node)
        return Known(span, BOOL, Compared("ne", value, constant(span, "")))
