"""The protocol of a Python type: its operators, comparisons, truth, length, parts, elements, attributes and methods.

Every method answers None where CPython has no such operation between these types, or where it has no translation: the caller refuses it.
An answer may be Unknown: then the type itself has refused, since it knows better why.
"""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Sequence

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.model import Fact, Known, Step, Unknown
from portalis.translator.frontend.types.references.streams import Stream
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import Type


class Behaviour(ABC):
    """What values of one type do; a type overrides what it has. `node` is where a refusal is reported."""

    def binary(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        """Return `left symbol right` where `left` is of this type."""
        return None

    def reflected(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        """Return `left symbol right` where `right` is of this type and `left`'s type has no such operation."""
        return None

    def unary(self, infer: Inference, node: ast.AST, symbol: str, value: Known) -> Fact | None:
        """Return `-value`, `+value` or `~value`."""
        return None

    def compare(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        """Return `left op right` where `left` is of this type."""
        return None

    def compare_reflected(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        """Return `left op right` where `right` is of this type and `left`'s type cannot compare itself with it."""
        return None

    def identical(self, infer: Inference, node: ast.AST, left: Known, right: Known, negated: bool) -> Fact | None:
        """Return `left is right` (or `is not`), where one of the two is of this type and identity says no more than the values do."""
        return None

    def contains(self, infer: Inference, node: ast.AST, needle: Known, haystack: Known, negated: bool) -> Fact | None:
        """Return `needle in haystack`, or `needle not in haystack`."""
        return None

    @abstractmethod
    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Fact:
        """Return the bool that `if value:` tests; `value` is no constant."""

    def length(self, type_: Type) -> int | None:
        """Return `len` of any value of this type."""
        return None

    def measured(self, infer: Inference, node: ast.AST, value: Known) -> Fact | None:
        """Return `len(value)` where only the running program knows it."""
        return None

    def stream(self, infer: Inference, node: ast.AST, value: Known, steps: list[Step]) -> Stream | Unknown | None:
        """Return how to go over an object whose length only the running program knows; `steps` evaluate it once."""
        return None

    def slice(self, infer: Inference, node: ast.expr, value: Known, bounds: Sequence[Known | None]) -> Fact | None:
        """Return `value[start:stop:step]`, None for each bound that is left out."""
        return None

    def set_element(self, infer: Inference, node: ast.expr, value: Known, index: Known, new: Known) -> Fact | None:
        """Return the call that does `value[index] = new`, where elements are no places; `infer.references` alone asks."""
        return None

    def delete_element(self, infer: Inference, node: ast.expr, value: Known, index: Known) -> Fact | None:
        """Return the call that does `del value[index]`."""
        return None

    def add_in_place(self, infer: Inference, node: ast.AST, symbol: str, value: Known, other: Known) -> Fact | None:
        """Return the call that does `value symbol= other` in an object by reference; None where a new object is made."""
        return None

    def iterates_over(self, type_: Type) -> tuple[Type, ...] | None:
        """Return the types of what Python would iterate over, one for each step, or None where it cannot."""
        return None

    def parts(self, infer: Inference, value: Known, steps: list[Step]) -> list[Known] | None:
        """Return what Python would iterate over, after `steps` have evaluated the value once."""
        return None

    def element(self, infer: Inference, node: ast.expr, value: Known, index: Sequence[Known]) -> Fact | None:
        """Return `value[index]`, or `value[row, column]` where `index` has two parts, evaluated after `value`."""
        return None

    def place(self, infer: Inference, node: ast.expr, value: Known, index: Sequence[Known], steps: list[Step] | None) -> Fact | None:
        """Return an element as a place to store to; where it is read too, `steps` evaluate its index once."""
        return None

    def stored(self, infer: Inference, value: Known, element: Known) -> Known | None:
        """Return `element` as it is stored into an element of `value`, or None where that cannot hold it."""
        return None

    def attribute(self, infer: Inference, node: ast.Attribute, value: Known) -> Fact | None:
        """Return `value.name`."""
        return None

    def attributes(self) -> tuple[str, ...]:
        """Return the names of what `attribute` knows of a type that is none of Python's own, where they are words."""
        return ()

    def attribute_place(self, infer: Inference, node: ast.Attribute, value: Known) -> Known | None:
        """Return `value.name` as a place to store to."""
        return None

    def set_attribute(self, infer: Inference, node: ast.Attribute, value: Known, new: Known) -> Fact | None:
        """Return the call that sets `value.name`, for an attribute that is no place; None where it cannot hold `new`."""
        return None

    def has_settable(self, name: str) -> bool:
        """Tell whether `set_attribute` knows an attribute."""
        return False

    def changes_in_place(self, symbol: str, left: Type, right: Type) -> bool | None:
        """Tell whether `left symbol= right` changes the object of `left` itself; None where CPython raises instead."""
        return False

    def overtakes_itself(self, symbol: str) -> bool:
        """Tell whether `x symbol= x` is not what `x = x symbol x` is, since it reads what it has already overwritten."""
        return False

    def method(
        self, infer: Inference, node: ast.Call, receiver: Known, name: str, args: Sequence[Known], keywords: dict[str, Known]
    ) -> Fact | None:
        """Return `receiver.name(…)`."""
        return None
