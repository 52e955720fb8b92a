"""Rows of `operator`: each is the operator, comparison or built-in that it stands for."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from portalis.translator.frontend.calls.binder import positional_only
from portalis.translator.frontend.calls.modules.making import function_row
from portalis.translator.frontend.calls.numbers.numeric import absolute
from portalis.translator.frontend.calls.rows import Meaning, Row
from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, hold
from portalis.translator.frontend.facts.model import Fact, Known, Step
from portalis.translator.frontend.types import table
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import ListRef, TextType, TupleType

_BINARY = {
    "add": "+", "and_": "&", "floordiv": "//", "lshift": "<<", "mod": "%", "mul": "*", "or_": "|", "pow": "**", "rshift": ">>", "sub": "-",
    "truediv": "/", "xor": "^",
}  # fmt: skip
_COMPARISONS: Mapping[str, Comparison] = {"eq": "eq", "ge": "ge", "gt": "gt", "le": "le", "lt": "lt", "ne": "ne"}
_UNARY = {"inv": "~", "invert": "~", "neg": "-", "pos": "+"}


def _binary(symbol: str) -> Meaning:
    return lambda infer, node, args: infer.binary(node, symbol, args[0], args[1])


def _comparison(op: Comparison) -> Meaning:
    return lambda infer, node, args: infer.compare(node, op, args[0], args[1])


def _unary(symbol: str) -> Meaning:
    return lambda infer, node, args: table.unary(infer, node, symbol, args[0])


def _truth(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    return infer.truth(node, args[0])


def _not(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    return table.negate(infer, node, infer.truth(node, args[0]))


def _contains(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    steps: list[Step] = []
    haystack, needle = (hold(infer, arg, "operand", steps) for arg in args)
    found = table.contains(infer, node, needle, haystack, False)
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def _concat(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    if not all(isinstance(arg.type, ListRef | TextType | TupleType) for arg in args):
        return None
    return infer.binary(node, "+", args[0], args[1])


def _getitem(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    return table.element(infer, node, args[0], [args[1]])


_TWO, _ONE = positional_only("a", "b"), positional_only("a")
OPERATOR_ROWS: Mapping[str, Row] = {
    row.name: row
    for row in (
        *(function_row(f"operator.{name}", _TWO, _binary(symbol)) for name, symbol in _BINARY.items()),
        *(function_row(f"operator.{name}", _TWO, _comparison(op)) for name, op in _COMPARISONS.items()),
        *(function_row(f"operator.{name}", _ONE, _unary(symbol)) for name, symbol in _UNARY.items()),
        function_row("operator.abs", _ONE, absolute),
        function_row("operator.concat", _TWO, _concat),
        function_row("operator.contains", _TWO, _contains),
        function_row("operator.getitem", _TWO, _getitem),
        function_row("operator.not_", _ONE, _not),
        function_row("operator.truth", _ONE, _truth),
    )
}
