"""Arithmetic on what is known before anything runs, with a bound on every result, so that no line of a file costs more than a look at it.

Values are Python's own. `UNKNOWN` is a value that only a Gf object could have: nothing else is known of it than that it is no int and
no sequence, so that computing with it costs nothing. An operation that CPython would refuse with an exception gives UNKNOWN too: the
import ends there, and CPython itself says so when the module is executed.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MAX_BITS = 4096
MAX_BYTES = 65_536
MAX_TOTAL = 1 << 20
_POINTER = 8


class Unknown:
    """What the result of a call of Gf is: an object, a float or a bool."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()


class TooLarge(Exception):
    """A result beyond the bounds, or one that cannot be bounded; the text says what it would be."""


_OPERATORS: Mapping[type[ast.operator], Callable[[Any, Any], object]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
}
_UNARY: Mapping[type[ast.unaryop], Callable[[Any], object]] = {
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
    ast.Invert: operator.invert,
    ast.Not: operator.not_,
}
_CHEAP = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod)
_FAILURES = (ArithmeticError, TypeError, ValueError)
# Functions of math whose result is an int, which grows with the arguments.
INTEGRAL = frozenset(("ceil", "comb", "factorial", "floor", "gcd", "isqrt", "lcm", "perm", "trunc"))


@dataclass
class BoundedArithmetic:
    """Computes within the bounds, which hold for each result and for all of a module's together."""

    spent: int = field(default=0)

    def hold(self, value: object) -> object:
        """Return a value that is within the bounds."""
        size = _size(value)
        _foresee_size(size)
        if self.spent > MAX_TOTAL:
            return UNKNOWN  # Told already, and nothing is kept any more.
        self.spent += size
        if self.spent > MAX_TOTAL:
            raise TooLarge(f"more than {MAX_TOTAL // 1024} kB in all the module's constants together")
        return value

    def binary(self, op: ast.operator, left: object, right: object) -> object:
        """Return `left op right`; TooLarge where it cannot be had within the bounds."""
        apply = _OPERATORS.get(type(op))
        if apply is None:
            raise TooLarge("a product of matrices")
        if isinstance(left, Unknown) or isinstance(right, Unknown):
            if (
                not isinstance(op, ast.Add | ast.Sub | ast.Mult | ast.Div | ast.FloorDiv | ast.Mod)
                or _is_sequence(left)
                or _is_sequence(right)
            ):
                raise TooLarge("what nobody knows before it runs")
            return UNKNOWN
        _foresee(op, left, right)
        try:
            return self.hold(apply(left, right))
        except _FAILURES:
            return UNKNOWN

    def unary(self, op: ast.unaryop, operand: object) -> object:
        """Return `op operand`."""
        if isinstance(operand, Unknown):
            return UNKNOWN
        try:
            return self.hold(_UNARY[type(op)](operand))
        except _FAILURES:
            return UNKNOWN

    def math(self, name: str, arguments: Sequence[object], named: Mapping[str, object]) -> object:
        """Return `math.name(…)` of a function that exists; the platform's own, since only its size matters here."""
        values = [*arguments, *named.values()]
        if any(isinstance(value, Unknown) for value in values):
            if name in INTEGRAL:
                raise TooLarge("an int that nobody knows before it runs")
            return UNKNOWN
        if not all(isinstance(value, int | float) for value in values):
            return UNKNOWN
        numbers = [value for value in values if isinstance(value, int | float)]
        _foresee_call(name, numbers)
        try:
            return self.hold(getattr(math, name)(*arguments, **named))
        except _FAILURES:
            return UNKNOWN


def _is_sequence(value: object) -> bool:
    return isinstance(value, str | bytes | tuple | list)


def _size(value: object) -> int:
    """Return how many bytes a value takes, its parts not counted."""
    match value:
        case int():
            if value.bit_length() > MAX_BITS:
                raise TooLarge(f"an int of more than {MAX_BITS} bits")
            return value.bit_length() // 8
        case str() | bytes():
            return len(value)
        case tuple() | list() | set() | frozenset() | dict():
            return len(value) * _POINTER
        case _:
            return _POINTER


def _foresee(op: ast.operator, left: object, right: object) -> None:
    """Refuse an operation whose result would be too large, before anybody computes it."""
    match op, left, right:
        case ast.Mod(), str() | bytes(), _:
            raise TooLarge("a formatted text")
        case ast.Mult(), (str() | bytes() | tuple() | list()), int():
            _foresee_size(_size(left) * max(0, int(right)))
        case ast.Mult(), int(), (str() | bytes() | tuple() | list()):
            _foresee_size(_size(right) * max(0, int(left)))
        case ast.Mult(), int(), int():
            _foresee_bits(left.bit_length() + right.bit_length() - 1)
        case ast.LShift(), int(), int() if left:
            _foresee_bits(left.bit_length() + max(0, right))
        case ast.Pow(), int(), int() if right > 0 and abs(left) > 1:
            _foresee_bits((left.bit_length() - 1) * right)
        case _:
            pass


def _foresee_bits(bits: int) -> None:
    if bits > MAX_BITS:
        raise TooLarge(f"an int of more than {MAX_BITS} bits")


def _foresee_size(size: int) -> None:
    if size > MAX_BYTES:
        raise TooLarge(f"more than {MAX_BYTES // 1024} kB")


def _foresee_call(name: str, numbers: Sequence[int | float]) -> None:
    """The products among math's functions: their results have at most as many bits as all factors together."""
    ints = [number for number in numbers if isinstance(number, int)]
    match name, ints:
        case "factorial", [n]:
            _foresee_bits(n if n < 8 else n * (n.bit_length() - 3))
        case "perm", [n]:
            _foresee_bits(n * n.bit_length())
        case "comb" | "perm", [n, k]:
            _foresee_bits(min(k, abs(n - k)) * n.bit_length() if name == "comb" else k * n.bit_length())
        case "lcm", _:
            _foresee_bits(sum(item.bit_length() for item in ints))
        case _:
            pass
