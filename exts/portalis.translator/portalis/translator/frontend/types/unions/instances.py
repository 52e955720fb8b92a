"""Instances of the module's own classes: what operators and built-ins ask of them is asked of the special methods of their class."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, constant, decided, hold, is_simple
from portalis.translator.frontend.facts.model import Compared, Evaluated, Fact, Known, Operated, Raised, Step, Tested, Unknown
from portalis.translator.frontend.types.references.operations import is_not_empty, negated_where, operated, same_object
from portalis.translator.frontend.types.references.streams import Stream, generator_stream
from portalis.translator.frontend.types.unions.asking import answer, left_by_all, unless_left
from portalis.translator.frontend.types.unions.enumerations import index_of, is_number_or_text, plain
from portalis.translator.frontend.types.unions.mistakes import of_comparison, of_operator
from portalis.translator.ir.generators import is_generator
from portalis.translator.ir.instances import NOT_IMPLEMENTED, is_equal_by_identity, is_instance, kind_of_member
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import BOOL, INT, Type, UnionType

_OPERATORS = {
    "+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "**": "pow", "<<": "lshift", ">>": "rshift",
    "&": "and", "|": "or", "^": "xor", "@": "matmul",
}  # fmt: skip
_UNARY = {"-": "__neg__", "+": "__pos__", "~": "__invert__"}
_MIRRORED: Mapping[Comparison, Comparison] = {"lt": "gt", "gt": "lt", "le": "ge", "ge": "le", "eq": "eq", "ne": "ne"}
_HELP = "let the class say it itself, or compare what the instances hold"


def is_left(infer: Inference, node: ast.AST, left: Known, right: Known, negated: bool) -> Fact | None:
    """Return `value is NotImplemented`, which the type of a value tells."""
    if isinstance(left.type, UnionType) or isinstance(right.type, UnionType):
        return None
    # The name itself does nothing.
    evaluated = [side for side in (left, right) if not isinstance(side.operation, Operated)]
    return decided(infer, node, (left.type == right.type) != negated, evaluated)


class Instance:
    """What an instance does as an object."""

    def measured(self, infer: Inference, node: ast.AST, value: Known) -> Fact | None:
        """Return `len(value)`."""
        found = infer.special(node, value, "__len__", [])
        if not isinstance(found, Known) or found.type != INT:
            return found if isinstance(found, Unknown) else None
        steps: list[Step] = []
        held, span = hold(infer, found, "length", steps), infer.span(node)
        negative = Known(span, BOOL, Compared("lt", held, constant(span, 0)))
        steps.append(Tested(span, negative, (Raised(span, "ValueError", "__len__() should return >= 0"),)))
        return after(span, steps, held)

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Fact:
        """Return what `__bool__` says, or whether its length is 0; an instance without either is true."""
        if is_number_or_text(value) and not infer.has_special(value.type, "__bool__"):
            return infer.truth(node, infer.value_of_member(node, value))
        if infer.has_special(value.type, "__bool__"):
            found = infer.special(node, value, "__bool__", [])
            if isinstance(found, Unknown) or (isinstance(found, Known) and found.type == BOOL):
                return found
            return infer.refuse("P0308", node, f"the truth of {value.type} is not known", _HELP)
        if infer.has_special(value.type, "__len__"):
            length = self.measured(infer, node, value)
            if length is None:
                return infer.refuse("P0308", node, f"the truth of {value.type} is not known", _HELP)
            return is_not_empty(infer, node, length) if isinstance(length, Known) else length
        return decided(infer, node, True, [value])

    def contains(self, infer: Inference, node: ast.AST, needle: Known, haystack: Known, negated: bool) -> Fact | None:
        """Return what `__contains__` says; without one, whether something equal is among what `__iter__` gives."""
        steps: list[Step] = []
        needle, haystack = self._in_order(infer, needle, haystack, steps)
        found = infer.special(node, haystack, "__contains__", [needle])
        if found is None and (infer.has_special(haystack.type, "__iter__") or infer.has_special(haystack.type, "__getitem__")):
            found = infer.written(node, "contained", [haystack, needle])
        if not isinstance(found, Known):
            return found
        answer = negated_where(negated, infer, node, infer.truth(node, found))
        return after(infer.span(node), steps, answer) if isinstance(answer, Known) else answer

    def identical(self, infer: Inference, node: ast.AST, left: Known, right: Known, negated: bool) -> Fact | None:
        """Return whether two are one instance."""
        if isinstance(left.type, UnionType) or isinstance(right.type, UnionType):
            return None
        if left.type != right.type:
            return decided(infer, node, negated, [left, right])
        if kind_of_member(left.type) is not None:
            return infer.compare(node, "ne" if negated else "eq", index_of(left), index_of(right))
        return same_object(infer, node, left, right, negated)

    def compare(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        """Return what the special methods of a comparison say, CPython's order of asking; else an instance equals itself alone."""
        if not is_instance(right.type) and not is_instance(left.type):
            return None
        if any(map(is_number_or_text, (left, right))) and not any(
            infer.has_special(one.type, f"__{op}__") for one in (left, right) if is_instance(one.type)
        ):
            values = plain(infer, node, [left, right])
            return values if isinstance(values, Unknown) else infer.compare(node, op, *values)
        if op in ("eq", "ne") and all(_says_nothing_of_equality(one.type) for one in (left, right)):
            return self._decided(infer, node, left, right, op == "ne")
        steps: list[Step] = []
        left, right = self._in_order(infer, left, right, steps)
        questions: list[tuple[Known, Comparison, Known]] = [(left, op, right), (right, _MIRRORED[op], left)]
        if is_instance(left.type) and is_instance(right.type) and infer.derives(right.type, left.type):
            questions.reverse()
        asked = [partial(self._said, infer, node, *one) for one in questions if is_instance(one[0].type)]

        def last(never: bool) -> Fact | None:
            if op in ("eq", "ne"):
                return self._decided(infer, node, left, right, op == "ne")
            mistake = of_comparison(infer, op, [left.type, right.type], left=True)
            return left_by_all(infer, node, mistake, [left, right], BOOL, never)

        found = answer(infer, node, asked, last)
        return after(infer.span(node), steps, found) if isinstance(found, Known) else found

    def compare_reflected(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        """Return a comparison of which the right operand alone is an instance."""
        if is_instance(left.type):
            return None
        found = self.compare(infer, node, op, left, right)
        return found if found is not None else infer.refuse("P0305", node, f"this comparison with {right.type} has no translation", _HELP)

    def _decided(self, infer: Inference, node: ast.AST, left: Known, right: Known, negated: bool) -> Fact | None:
        if left.type == right.type:
            return self.identical(infer, node, left, right, negated)
        return decided(infer, node, negated, [left, right])

    def _said(self, infer: Inference, node: ast.AST, asked: Known, op: Comparison, other: Known) -> Fact | None:
        """Return what a class says of a comparison; where it only says what is equal, `!=` is the contrary."""
        if infer.has_special(asked.type, f"__{op}__"):
            return infer.special(node, asked, f"__{op}__", [other], leaving=True)
        if op != "ne" or not infer.has_special(asked.type, "__eq__"):
            return None
        found = infer.special(node, asked, "__eq__", [other], leaving=True)
        if not isinstance(found, Known):
            return found
        # What `object` has as `__ne__` leaves it, too.
        left = operated(infer.span(node), NOT_IMPLEMENTED, "record.of", constant(infer.span(node), True))
        return unless_left(infer, node, found, lambda said: negated_where(True, infer, node, infer.truth(node, said)), lambda: left)

    def _in_order(self, infer: Inference, left: Known, right: Known, steps: list[Step]) -> tuple[Known, Known]:
        """Evaluate operands in CPython's order, whichever of them is asked."""
        if is_simple(left) and is_simple(right):
            return left, right
        return hold(infer, left, "left", steps), hold(infer, right, "right", steps)

    def binary(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        """Return what an operator's special methods give, asked in CPython's order."""
        name = _OPERATORS[symbol]
        if is_number_or_text(left):
            values = plain(infer, node, [left, right])
            return values if isinstance(values, Unknown) else infer.binary(node, symbol, *values)
        steps: list[Step] = []
        left, right = self._in_order(infer, left, right, steps)
        questions = [(left, f"__{name}__", right)]
        if is_instance(right.type) and right.type != left.type:
            reflected = (right, f"__r{name}__", left)
            first = infer.derives(right.type, left.type) and infer.overrides(right.type, left.type, f"__r{name}__")
            questions.insert(0 if first else 1, reflected)
        if isinstance(node, ast.AugAssign):
            questions.insert(0, (left, f"__i{name}__", right))
        found = self._operated(infer, node, symbol, left, right, questions)
        return after(infer.span(node), steps, found) if isinstance(found, Known) else found

    def reflected(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        """Return what the special method of the right operand gives."""
        if is_instance(left.type):
            return None
        if is_number_or_text(right):
            values = plain(infer, node, [left, right])
            return values if isinstance(values, Unknown) else infer.binary(node, symbol, *values)
        steps: list[Step] = []
        left, right = self._in_order(infer, left, right, steps)
        found = self._operated(infer, node, symbol, left, right, [(right, f"__r{_OPERATORS[symbol]}__", left)])
        return after(infer.span(node), steps, found) if isinstance(found, Known) else found

    def _operated(
        self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known, questions: Sequence[tuple[Known, str, Known]]
    ) -> Fact | None:
        asked = [
            partial(infer.special, node, one, method, [other], leaving=True)
            for one, method, other in questions
            if infer.has_special(one.type, method)
        ]

        def last(never: bool) -> Fact | None:
            mistake = of_operator(infer, symbol, isinstance(node, ast.AugAssign), [left.type, right.type], left=True)
            return left_by_all(infer, node, mistake, [left, right], left.type, never)

        return answer(infer, node, asked, last)

    def unary(self, infer: Inference, node: ast.AST, symbol: str, value: Known) -> Fact | None:
        """Return what the special method of a sign gives."""
        if is_number_or_text(value):
            return infer.unary(node, symbol, infer.value_of_member(node, value))
        return infer.special(node, value, _UNARY[symbol], [])

    def stream(self, infer: Inference, node: ast.AST, value: Known, steps: list[Step]) -> Stream | Unknown | None:
        """Go over what `__iter__` gives, or, without it, over what there is at each index."""
        value = hold(infer, value, "iterated", steps) if infer.has_special(value.type, "__len__") else value
        found = self.iterator(infer, node, value)
        if isinstance(found, Known) and is_generator(found.type):
            asked = infer.has_special(value.type, "__len__")
            return replace(generator_stream(infer, found, steps), hint=partial(self.make_room, infer, node, value) if asked else None)
        return found if isinstance(found, Unknown) else None

    def iterator(self, infer: Inference, node: ast.AST, value: Known) -> Fact | None:
        """Return a generator that asks, one by one, what `__iter__` gives, or, without it, for what there is at each index."""
        found = infer.special(node, value, "__iter__", [])
        if found is None and infer.has_special(value.type, "__getitem__"):
            found = infer.written(node, "indexed", [value])
        if isinstance(found, Known) and is_instance(found.type) and infer.has_special(found.type, "__next__"):
            return infer.written(node, "iterator", [found])
        return found

    def make_room(self, infer: Inference, node: ast.AST, value: Known, steps: list[Step]) -> Unknown | None:
        """Add the steps that ask an instance for its length, and do nothing with it."""
        length = self.measured(infer, node, value)
        if isinstance(length, Known):
            steps.append(Evaluated(infer.span(node), length))
            return None
        return length or infer.refuse("P0308", node, f"the length of {value.type}, which is asked for here, is not known", _HELP)

    def asked_again(self, infer: Inference, node: ast.AST, value: Known, before: int) -> Fact:
        """Return an iterator that CPython asks for so many elements and then makes a list of, which asks it for its own `__iter__`."""
        found = infer.special(node, value, "__iter__", [])
        if isinstance(found, Known) and is_instance(found.type):
            return infer.written(node, "asked_again", [found, constant(found.span, before)])
        if found is None and infer.has_special(value.type, "__getitem__"):
            # An iterator over indices says how many are left by the length.
            asks = infer.has_special(value.type, "__len__")
            return infer.written(node, *(("indexed_again", [value, constant(value.span, before)]) if asks else ("indexed", [value])))
        return found or infer.refuse("P0312", node, f"{value.type} cannot be gone over here", "let `__iter__` give an iterator")

    def backwards(self, infer: Inference, node: ast.AST, value: Known, steps: list[Step]) -> Fact | None:
        """Return what `reversed(value)` goes over: what `__reversed__` gives, or what there is at each index from the last."""
        found = infer.special(node, value, "__reversed__", [])
        if found is not None or not infer.has_special(value.type, "__getitem__"):
            return found
        held = hold(infer, value, "reversed", steps)
        length = self.measured(infer, node, held)
        return infer.written(node, "backwards", [held, length]) if isinstance(length, Known) else length


def _says_nothing_of_equality(type_: Type) -> bool:
    return not is_instance(type_) or is_equal_by_identity(type_)
