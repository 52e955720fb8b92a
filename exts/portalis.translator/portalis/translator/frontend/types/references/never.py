"""What is in a container that nothing is ever put into: no value, so that whatever is done with it is never reached."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, constant, decided
from portalis.translator.frontend.facts.model import Evaluated, Fact, Known, Step, Unreached
from portalis.translator.frontend.types.behaviour import Behaviour
from portalis.translator.frontend.types.references.streams import Stream
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import NEVER


class Never(Behaviour):
    """No value: an operation gives none either, and a question has an answer that nobody hears."""

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        return decided(infer, node, False, [value])

    def binary(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        return left

    def reflected(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        return after(infer.span(node), [Evaluated(left.span, left)], right)

    def unary(self, infer: Inference, node: ast.AST, symbol: str, value: Known) -> Fact | None:
        return value

    def compare(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        return decided(infer, node, False, [left, right])

    def compare_reflected(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        return decided(infer, node, False, [left, right])

    def contains(self, infer: Inference, node: ast.AST, needle: Known, haystack: Known, negated: bool) -> Fact | None:
        return decided(infer, node, False, [needle, haystack])

    def measured(self, infer: Inference, node: ast.AST, value: Known) -> Known | None:
        span = infer.span(node)
        return after(span, [Evaluated(value.span, value)], constant(span, 0))

    def element(self, infer: Inference, node: ast.expr, value: Known, index: Sequence[Known]) -> Fact | None:
        return value

    def set_element(self, infer: Inference, node: ast.expr, value: Known, index: Known, new: Known) -> Fact | None:
        return value

    def slice(self, infer: Inference, node: ast.expr, value: Known, bounds: Sequence[Known | None]) -> Fact | None:
        return value

    def stream(self, infer: Inference, node: ast.AST, value: Known, steps: list[Step]) -> Stream | None:
        steps.append(Evaluated(value.span, value))
        return Stream(lambda: constant(value.span, False), lambda body: Known(value.span, NEVER, Unreached()))
