"""The fields of a behaviour class: reached by `self.name` alone, which is no operation on a value."""

from __future__ import annotations

import ast

from portalis.translator.front.facts.inference import Inference
from portalis.translator.front.facts.making import decided
from portalis.translator.front.facts.model import Known
from portalis.translator.front.types.behaviour import Behaviour


class Record(Behaviour):
    """A behaviour's `self`."""

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        return decided(infer, node, True, [value])
