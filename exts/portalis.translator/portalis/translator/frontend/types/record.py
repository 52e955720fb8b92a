"""The fields of a behaviour class, reached by `self.name` alone, which is no operation on a value; functions, which are only called."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import decided
from portalis.translator.frontend.facts.model import Known
from portalis.translator.frontend.types.behaviour import Behaviour


class Record(Behaviour):
    """A behaviour's `self`, or a function."""

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        return decided(infer, node, True, [value])
