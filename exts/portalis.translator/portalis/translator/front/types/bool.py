"""bool: an int of 0 or 1 wherever a number is wanted."""

from __future__ import annotations

import ast

from portalis.translator.front.facts.inference import Inference
from portalis.translator.front.facts.model import Known
from portalis.translator.front.types.numbers import Number


class Bool(Number):
    """A bool."""

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        return value
