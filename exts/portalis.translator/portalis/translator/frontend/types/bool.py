"""bool: an int of 0 or 1 wherever a number is wanted."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.model import Known
from portalis.translator.frontend.types.numbers import Number


class Bool(Number):
    """A bool."""

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        return value
