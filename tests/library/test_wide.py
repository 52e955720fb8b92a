"""The library's ints of any size against CPython's own, on values of 1 to 2,600 bits and at the edges of digits and slots."""

from __future__ import annotations

import math
import operator
import random
from collections.abc import Callable
from typing import Any

from portalis.translator.library import wide, wide_conversion, wide_division, wide_theory

_EDGES = (2**30, 2**60, 2**62, 2**63, 2**64, 2**90, 2**120, 10**18, 10**19)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Values:
    """Ints of all sizes, with long runs of zeros and ones."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def draw(self) -> int:
        """Draw one."""
        source = self.random
        mood, sign = source.random(), source.choice((1, -1))
        if mood < 0.2:
            return source.randrange(-20, 20)
        if mood < 0.4:
            return source.choice(_EDGES) * sign + source.randrange(-2, 3)
        bits = source.randrange(1, source.choice((70, 130, 400, 2600)))
        value = source.getrandbits(bits)
        if source.random() < 0.2:
            value = value >> (bits // 2) << (bits // 2)
        if source.random() < 0.2:
            value |= (1 << (bits // 2)) - 1
        return value * sign


def ended(function: Callable[..., Any], *arguments: Any) -> str:
    """Return what a call gives or raises, as text."""
    try:
        return repr(function(*arguments))
    except (ValueError, OverflowError, ZeroDivisionError) as error:
        return f"{type(error).__name__}: {error}"


def hold(ours: Callable[..., Any], theirs: Callable[..., Any], *arguments: Any) -> None:
    assert ended(ours, *arguments) == ended(theirs, *arguments), (ours.__name__, arguments)


def test_arithmetic() -> None:
    values = Values(1)
    for _ in range(700):
        left, right, count = values.draw(), values.draw(), values.random.randrange(200)
        hold(wide.add, operator.add, left, right)
        hold(wide.subtract, operator.sub, left, right)
        hold(wide.multiply, operator.mul, left, right)
        hold(wide.negative, operator.neg, left)
        hold(wide.absolute, abs, left)
        hold(wide.order, lambda a, b: (a > b) - (a < b), left, right)
        hold(wide_division.floor_divide, operator.floordiv, left, right)
        hold(wide_division.divide_with_rest, divmod, left, right)
        if right:
            hold(wide_division.modulo, operator.mod, left, right)
        hold(wide_division.shift_up, operator.lshift, left, count - 3)
        hold(wide_division.shift_down, operator.rshift, left, count - 3)
        hold(wide_division.bit_and, operator.and_, left, right)
        hold(wide_division.bit_or, operator.or_, left, right)
        hold(wide_division.bit_xor, operator.xor, left, right)
        hold(wide_division.invert, operator.invert, left)
        hold(wide_division.bit_length, lambda value: value.bit_length(), left)
        hold(wide_division.round_to_place, round, left, -(count // 4))


def test_products_of_halves() -> None:
    source = random.Random(7)
    for bits in (9001, 9029, 12000, 20000):
        left, right = source.getrandbits(bits), source.getrandbits(9500) | (1 << 9000) - 1
        hold(wide.multiply, operator.mul, left, right)
        hold(wide.multiply, operator.mul, -left, left)


def test_powers() -> None:
    values = Values(2)
    for _ in range(60):
        left, right = values.draw(), values.draw()
        hold(wide_division.power, pow, left, values.random.randrange(12))
        hold(wide_division.power_of_modulus, pow, left, values.draw() % 1000 - 5, right)


def test_floats() -> None:
    values = Values(3)
    for _ in range(800):
        left = values.draw() * 10 ** values.random.choice((0, 0, 300))
        right = values.draw() * 10 ** values.random.choice((0, 0, 330))
        hold(wide_conversion.to_float, float, left)
        hold(wide_conversion.divide, operator.truediv, left, right)
        near = values.random.choice((math.inf, -math.inf, math.nan, -(2.0**62), 2.0**62, 2.0**63, float(values.draw() % 2**900), 0.5))
        hold(wide_conversion.is_below_float, operator.lt, left, near)
        hold(wide_conversion.is_float_or_below, operator.le, left, near)
        hold(wide_conversion.is_float, operator.eq, left, near)
        hold(wide_conversion.truncated, int, near)


def test_quotients_between_two_floats() -> None:
    values = Values(4)
    for _ in range(400):
        middle = (2 * (values.random.getrandbits(53) | 1 << 52) + 1) << 80
        exponent = values.random.randrange(-1180, 1030)
        left = (middle + values.random.choice((0, 1, -1))) << max(exponent, 0)
        hold(wide_conversion.divide, operator.truediv, left, 2**80 << max(-exponent, 0))
        hold(wide_conversion.to_float, float, left)


def test_texts() -> None:
    values = Values(5)
    for _ in range(300):
        value, base = values.draw(), values.random.choice((0, 2, 7, 8, 10, 10, 10, 16, 36))
        hold(wide_conversion.text_of, str, value)
        hold(wide_conversion.binary_text, bin, value)
        hold(wide_conversion.octal_text, oct, value)
        hold(wide_conversion.hexadecimal_text, hex, value)
        hold(wide_conversion.hash_wide, hash, value)
        text = (bin if base == 2 else oct if base == 8 else hex if base == 16 else values.random.choice((str, hex)))(value)
        if base not in (0, 2, 8, 16):
            text = written(value, base)
        if values.random.random() < 0.3:
            at = values.random.randrange(len(text) + 1)
            text = text[:at] + values.random.choice(("_", "__", " ", "x", "+", "-", "g", "Z", "\n", "0")) + text[at:]
        hold(wide_conversion.of_text_in, int, text if values.random.random() < 0.7 else f"  {text.upper()}\t", base)


def written(value: int, base: int) -> str:
    rest, found = abs(value), ""
    while rest:
        found, rest = _DIGITS[rest % base] + found, rest // base
    return ("-" if value < 0 else "") + (found or "0")


def test_the_most_digits_of_a_text() -> None:
    for count in (4299, 4300, 4301, 4330):
        hold(wide_conversion.text_of, str, 10**count - 1)
        hold(wide_conversion.text_of, str, -(10**count))
        hold(wide_conversion.of_text, int, "1_" * count + "7")


def test_number_theory() -> None:
    values = Values(6)
    for _ in range(60):
        left, right, few = values.draw(), values.draw(), values.random.randrange(-3, 60)
        hold(wide_theory.gcd, math.gcd, left, right)
        hold(wide_theory.lcm, math.lcm, left, right)
        hold(wide_theory.square_root, math.isqrt, left)
        hold(wide_theory.square_root, math.isqrt, left * left)
        hold(wide_theory.square_root, math.isqrt, left * left - 1)
        hold(wide_theory.factorial, math.factorial, few)
        hold(wide_theory.combinations, math.comb, values.random.randrange(-3, 300), few)
        hold(wide_theory.permutations, math.perm, values.random.randrange(-3, 300), few)
