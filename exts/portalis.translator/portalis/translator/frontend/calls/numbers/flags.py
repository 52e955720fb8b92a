"""Arguments that say yes or no, as CPython's own functions read them."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import describe
from portalis.translator.frontend.facts.model import Fact, Unknown
from portalis.translator.frontend.types.numbers.wide import INTS, narrowed
from portalis.translator.frontend.types.unions.splitting import by_member
from portalis.translator.ir.types import BOOL, UnionType


def as_flag(infer: Inference, node: ast.AST, value: Fact) -> Fact:
    """Return what CPython makes of `reverse` or `keepends`: before 3.12 it takes an int, which has to have 32 bits."""
    if isinstance(value, Unknown) or value.type == BOOL or infer.target >= (3, 12):
        return infer.truth(node, value)
    if isinstance(value.type, UnionType):
        return by_member(infer, node, [value], lambda parts: as_flag(infer, node, parts[0]), lambda types: None)
    if value.type not in INTS:
        return infer.refuse("P0310", node, f"{describe(value.type)} is taken for no bool here", "pass True or False")
    return infer.library(node, "numerals", "flag", [narrowed(infer, node, value)])
