"""What vectors, quaternions and matrices share: Python's operator protocol, and methods by their signatures."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import NUMBERS, decided, in_order, to_float
from portalis.translator.frontend.facts.model import Fact, Known
from portalis.translator.frontend.types.behaviour import Behaviour
from portalis.translator.frontend.types.gf.building import rounded
from portalis.translator.frontend.types.gf.signatures import call_method, call_signature, forms, resolve
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import GF_TYPES, Type
from portalis.translator.library.gf_signatures import methods

_METHODS = {"+": "add", "-": "sub", "*": "mul", "/": "truediv", "^": "xor"}


class GfBehaviour(Behaviour):
    """A value of a Gf type."""

    def binary(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        method = _METHODS.get(symbol)
        return None if method is None else call_method(infer, node, left, f"__{method}__", [right])

    def reflected(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        method = _METHODS.get(symbol)
        return None if method is None else _swapped(infer, node, f"__r{method}__", left, right)

    def unary(self, infer: Inference, node: ast.AST, symbol: str, value: Known) -> Fact | None:
        return call_method(infer, node, value, "__neg__", []) if symbol == "-" else None

    def compare(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        return call_method(infer, node, left, f"__{op}__", [right]) if op in ("eq", "ne") else None

    def compare_reflected(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        return _swapped(infer, node, f"__{op}__", left, right) if op in ("eq", "ne") else None

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        return decided(infer, node, True, [value])

    def stored(self, infer: Inference, value: Known, element: Known) -> Known | None:
        return rounded(value.type, to_float(element)) if element.type in NUMBERS else None

    def changes_in_place(self, symbol: str, left: Type, right: Type) -> bool | None:
        method = _METHODS.get(symbol)
        if method is None or not isinstance(left, GF_TYPES):
            return None
        table = methods(left)
        if f"__i{method}__" in table:
            return True if resolve(table[f"__i{method}__"], [right]) is not None else None
        return False

    def method(
        self, infer: Inference, node: ast.Call, receiver: Known, name: str, args: Sequence[Known], keywords: dict[str, Known]
    ) -> Fact | None:
        assert isinstance(receiver.type, GF_TYPES) and isinstance(node.func, ast.Attribute)
        signatures = methods(receiver.type).get(name, ())
        if not signatures or name.startswith("_"):
            return None
        signature = None if keywords else resolve(signatures, [arg.type for arg in args])
        if signature is None:
            given = ", ".join([*(str(arg.type) for arg in args), *(f"{keyword.arg}=…" for keyword in node.keywords)])
            message = f"`{receiver.type}.{name}` is not called with ({given})"
            return infer.refuse("P0307", node, message, f"it takes {forms(signatures)}")
        return call_signature(infer, node, signature, [receiver, *args], [node.func.value, *node.args])


def _swapped(infer: Inference, node: ast.AST, name: str, left: Known, right: Known) -> Fact | None:
    """Call a method of the right operand with the left one; both are evaluated in their order."""
    assert isinstance(right.type, GF_TYPES)
    signature = resolve(methods(right.type).get(name, ()), [left.type])
    if signature is None:
        return None
    return in_order(infer, node, [left, right], lambda values: call_signature(infer, node, signature, [values[1], values[0]]))
