"""The fields of a behaviour class, reached by `self.name` alone, which is no operation on a value; functions, which are only called."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import constant, decided
from portalis.translator.frontend.facts.model import Fact, Known, Step, Unknown
from portalis.translator.frontend.types.behaviour import Behaviour
from portalis.translator.frontend.types.references.streams import Stream
from portalis.translator.frontend.types.unions.enumerations import members_stream
from portalis.translator.ir.instances import class_named


class Record(Behaviour):
    """A behaviour's `self`, a function, or a class: of an enumeration there is more to ask."""

    def measured(self, infer: Inference, node: ast.AST, value: Known) -> Fact | None:
        members = infer.members(node, value.type)
        return None if members is None else constant(infer.span(node), len(members))

    def stream(self, infer: Inference, node: ast.AST, value: Known, steps: list[Step]) -> Stream | Unknown | None:
        members = infer.members(node, value.type)
        return None if members is None else members_stream(infer, node, members, steps)

    def element(self, infer: Inference, node: ast.expr, value: Known, index: Sequence[Known]) -> Fact | None:
        return infer.member_named(node, value.type, index[0]) if len(index) == 1 else None

    def contains(self, infer: Inference, node: ast.AST, needle: Known, haystack: Known, negated: bool) -> Fact | None:
        members = infer.members(node, haystack.type)
        is_one = members is not None and needle.type == members[0].type
        return decided(infer, node, not negated, [needle]) if is_one else None

    def identical(self, infer: Inference, node: ast.AST, left: Known, right: Known, negated: bool) -> Fact | None:
        classes = [class_named(side.type) for side in (left, right)]
        return None if None in classes else decided(infer, node, (classes[0] == classes[1]) != negated, [left, right])

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        return decided(infer, node, True, [value])
