"""Instances of the module's own classes: what operators and built-ins ask of them is asked of the special methods of their class."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, constant, decided, hold
from portalis.translator.frontend.facts.model import Compared, Fact, Known, Raised, Step, Tested, Unknown
from portalis.translator.frontend.types.references.operations import is_not_empty, negated_where, same_object
from portalis.translator.frontend.types.references.streams import Stream, generator_stream
from portalis.translator.ir.generators import is_generator
from portalis.translator.ir.instances import is_equal_by_identity, is_instance
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import BOOL, INT, UnionType

_OPERATORS = {
    "+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "**": "pow", "<<": "lshift", ">>": "rshift",
    "&": "and", "|": "or", "^": "xor", "@": "matmul",
}  # fmt: skip
_UNARY = {"-": "__neg__", "+": "__pos__", "~": "__invert__"}
_HELP = "let the class say it itself, or compare what the instances hold"


class Instance:
    """What an instance does as an object."""

    def measured(self, infer: Inference, node: ast.AST, value: Known) -> Known | None:
        """Return `len(value)`."""
        found = infer.special(node, value, "__len__", [])
        if not isinstance(found, Known) or found.type != INT:
            return None
        steps: list[Step] = []
        held, span = hold(infer, found, "length", steps), infer.span(node)
        negative = Known(span, BOOL, Compared("lt", held, constant(span, 0)))
        steps.append(Tested(span, negative, (Raised(span, "ValueError", "__len__() should return >= 0"),)))
        return after(span, steps, held)

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        """Return what `__bool__` says, or whether its length is 0; an instance without either is true."""
        span = infer.span(node)
        found = infer.special(node, value, "__bool__", []) if infer.has_special(value.type, "__bool__") else None
        if isinstance(found, Known) and found.type == BOOL:
            return found
        if found is not None or infer.has_special(value.type, "__len__"):
            length = None if found is not None else self.measured(infer, node, value)
            if length is not None:
                return is_not_empty(infer, node, length)
            infer.refuse("P0308", node, f"the truth of {value.type} is not known", _HELP)
            return constant(span, True)
        return decided(infer, node, True, [value])

    def contains(self, infer: Inference, node: ast.AST, needle: Known, haystack: Known, negated: bool) -> Fact | None:
        """Return what `__contains__` says."""
        found = infer.special(node, haystack, "__contains__", [needle])
        if found is None and (infer.has_special(haystack.type, "__iter__") or infer.has_special(haystack.type, "__getitem__")):
            found = infer.written(node, "contained", [haystack, needle])
        if isinstance(found, Known) and found.type != BOOL:
            return None
        return None if found is None else negated_where(negated, infer, node, found)

    def identical(self, infer: Inference, node: ast.AST, left: Known, right: Known, negated: bool) -> Fact | None:
        """Return whether two are one instance."""
        if isinstance(left.type, UnionType) or isinstance(right.type, UnionType):
            return None
        if left.type != right.type:
            return decided(infer, node, negated, [left, right])
        return same_object(infer, node, left, right, negated)

    def compare(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        """Return what the special method of a comparison says; without `__eq__` an instance equals itself alone."""
        says = is_instance(right.type) and not is_equal_by_identity(right.type)
        if is_equal_by_identity(left.type) and op in ("eq", "ne") and not says:
            return self.identical(infer, node, left, right, op == "ne")
        if is_instance(right.type) and right.type != left.type:
            # CPython asks the right one first where its class derives from the left one's.
            return None
        if infer.has_special(left.type, f"__{op}__"):
            return infer.special(node, left, f"__{op}__", [right])
        if op == "ne" and infer.has_special(left.type, "__eq__"):
            found = infer.special(node, left, "__eq__", [right])
            return None if isinstance(found, Known) and found.type != BOOL else found and negated_where(True, infer, node, found)
        return None

    def compare_reflected(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        """Return a comparison of which the right operand alone is an instance."""
        if is_equal_by_identity(right.type) and op in ("eq", "ne") and not is_instance(left.type):
            return decided(infer, node, op == "ne", [left, right])
        return infer.refuse("P0305", node, f"this comparison with {right.type} has no translation", _HELP)

    def binary(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        """Return what an operator's special method gives."""
        name = _OPERATORS[symbol]
        in_place = isinstance(node, ast.AugAssign) and infer.has_special(left.type, f"__i{name}__")
        # CPython asks an instance of a class that derives from the left one's first.
        if is_instance(right.type) and right.type != left.type and infer.has_special(right.type, f"__r{name}__"):
            return None
        return infer.special(node, left, f"__i{name}__" if in_place else f"__{name}__", [right])

    def reflected(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        """Return what the special method of the right operand gives."""
        if is_instance(left.type):
            return None
        return infer.special(node, right, f"__r{_OPERATORS[symbol]}__", [left])

    def unary(self, infer: Inference, node: ast.AST, symbol: str, value: Known) -> Fact | None:
        """Return what the special method of a sign gives."""
        return infer.special(node, value, _UNARY[symbol], [])

    def stream(self, infer: Inference, node: ast.AST, value: Known, steps: list[Step]) -> Stream | Unknown | None:
        """Go over what `__iter__` gives, or, without it, over what there is at each index."""
        found = infer.special(node, value, "__iter__", [])
        if found is None and infer.has_special(value.type, "__getitem__"):
            found = infer.written(node, "indexed", [value])
        if isinstance(found, Known) and is_instance(found.type) and infer.has_special(found.type, "__next__"):
            found = infer.written(node, "iterator", [found])
        if isinstance(found, Known):
            return generator_stream(infer, found, steps) if is_generator(found.type) else None
        return found

    def backwards(self, infer: Inference, node: ast.AST, value: Known, steps: list[Step]) -> Fact | None:
        """Return what `reversed(value)` goes over: what `__reversed__` gives, or what there is at each index from the last."""
        found = infer.special(node, value, "__reversed__", [])
        if found is not None or not infer.has_special(value.type, "__getitem__"):
            return found
        held = hold(infer, value, "reversed", steps)
        length = self.measured(infer, node, held)
        return None if length is None else infer.written(node, "backwards", [held, length])
