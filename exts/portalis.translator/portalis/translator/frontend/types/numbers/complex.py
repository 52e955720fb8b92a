"""complex: two floats; what its operators do is `library/complex_numbers.py`'s."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import NUMBERS, after, constant, hold, primitive, to_float, to_int
from portalis.translator.frontend.facts.model import Build, Compared, Fact, Field, Joined, Known, Step
from portalis.translator.frontend.types.behaviour import Behaviour
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import BOOL, COMPLEX, FLOAT
from portalis.translator.source import Span

_LIBRARY = {"+": "added", "-": "subtracted", "*": "multiplied", "/": "divided", "**": "power"}


def complex_of(span: Span, real: Known, imag: Known) -> Known:
    """Return a complex number of two floats."""
    return Known(span, COMPLEX, Build((real, imag)))


def complex_constant(span: Span, value: complex) -> Known:
    """Return a constant complex number."""
    return complex_of(span, constant(span, value.real), constant(span, value.imag))


def as_complex(value: Known) -> Known:
    """Return a number as a complex one."""
    return value if value.type == COMPLEX else complex_of(value.span, to_float(value), constant(value.span, 0.0))


def part_of(value: Known, name: str) -> Known:
    """Return the real or the imaginary part of a complex number."""
    if isinstance(value.operation, Build):
        return value.operation.items[name == "imag"]
    return Known(value.span, FLOAT, Field(value, name))


class Complex(Behaviour):
    """A complex number."""

    def binary(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        if symbol not in _LIBRARY or right.type not in (COMPLEX, *NUMBERS):
            return None
        return infer.library(node, "complex_numbers", _LIBRARY[symbol], [as_complex(left), as_complex(right)])

    def reflected(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        return self.binary(infer, node, symbol, left, right) if left.type in NUMBERS else None

    def unary(self, infer: Inference, node: ast.AST, symbol: str, value: Known) -> Fact | None:
        if symbol == "+":
            return value
        if symbol != "-":
            return None
        span, steps = infer.span(node), list[Step]()
        held = hold(infer, value, "number", steps)
        parts = [primitive(span, FLOAT, "float.neg", part_of(held, name)) for name in ("real", "imag")]
        return after(span, steps, complex_of(span, *parts))

    def compare(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        if op not in ("eq", "ne") or right.type not in (COMPLEX, *NUMBERS):
            return None
        span, steps = infer.span(node), list[Step]()
        one, other = (hold(infer, value, "number", steps) for value in (left, to_int(right)))
        imag = part_of(other, "imag") if other.type == COMPLEX else constant(span, 0.0)
        real = infer.compare(node, op, part_of(one, "real"), part_of(other, "real") if other.type == COMPLEX else other)
        if not isinstance(real, Known):
            return real
        equal = Known(span, BOOL, Joined("and" if op == "eq" else "or", real, Known(span, BOOL, Compared(op, part_of(one, "imag"), imag))))
        return after(span, steps, equal)

    def compare_reflected(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        steps: list[Step] = []
        held = [hold(infer, value, "number", steps) for value in (left, right)]
        found = self.compare(infer, node, op, held[1], held[0])
        return after(infer.span(node), steps, found) if isinstance(found, Known) else found

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        span, steps = infer.span(node), list[Step]()
        held = hold(infer, value, "number", steps)
        parts = [Known(span, BOOL, Compared("ne", part_of(held, name), constant(span, 0.0))) for name in ("real", "imag")]
        return after(span, steps, Known(span, BOOL, Joined("or", *parts)))

    def attribute(self, infer: Inference, node: ast.Attribute, value: Known) -> Fact | None:
        return part_of(value, node.attr) if node.attr in ("real", "imag") else None
