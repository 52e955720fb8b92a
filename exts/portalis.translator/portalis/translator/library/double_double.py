"""Arithmetic on unevaluated sums of two floats, in the library dialect: about 106 bits without a fused multiply-add.

Sources: T. J. Dekker, "A floating-point technique for extending the available precision", Numer. Math. 18 (1971); D. E. Knuth,
The Art of Computer Programming, vol. 2, section 4.2.2. Nothing here raises; operands are so small that nothing overflows.
"""

from __future__ import annotations

from portalis.translator.library.intrinsics import float_divide, from_bits, square_root, to_bits

# 2**27 + 1: a product with it, and two subtractions, round a float to its 26 upper bits.
SPLITTER = 134217729.0
# What is left of the bits without the 27 lower ones.
UPPER_26 = -0x8000000


def two_sum(a: float, b: float) -> tuple[float, float]:
    """Return a + b rounded, and the error of that."""
    total = a + b
    other = total - a
    return total, (a - (total - other)) + (b - other)


def fast_two_sum(a: float, b: float) -> tuple[float, float]:
    """Return a + b rounded, and the error of that, where a is zero or not smaller than b in magnitude."""
    total = a + b
    return total, b - (total - a)


def two_product(a: float, b: float) -> tuple[float, float]:
    """Return a * b rounded, and the error of that, for factors below 2**996 and a product that is not subnormal."""
    product = a * b
    shifted = SPLITTER * a
    a_high = shifted - (shifted - a)
    a_low = a - a_high
    shifted = SPLITTER * b
    b_high = shifted - (shifted - b)
    b_low = b - b_high
    return product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low


def multiply_pairs(a_high: float, a_low: float, b_high: float, b_low: float) -> tuple[float, float]:
    """Return the product of two pairs, the parts of the result in order of size."""
    high, low = two_product(a_high, b_high)
    return fast_two_sum(high, low + (a_high * b_low + a_low * b_high))


def divide_pairs(a_high: float, a_low: float, b_high: float, b_low: float) -> tuple[float, float]:
    """Return the quotient of two pairs, its parts not overlapping by more than a bit."""
    quotient = float_divide(a_high, b_high)
    product, error = two_product(quotient, b_high)
    rest = ((a_high - product) - error) + (a_low - quotient * b_low)
    return quotient, float_divide(rest, b_high)


def square_root_pair(high: float, low: float) -> tuple[float, float]:
    """Return the square root of a pair that is zero or positive, with a relative error of about 2**-78."""
    root = square_root(high)
    # The square of the head is exact, and so is what it differs from `high`.
    head = from_bits(to_bits(root) & UPPER_26)
    rest = ((high - head * head) - (root - head) * (root + head)) + low
    return root, float_divide(rest, root + root) if root > 0.0 else 0.0
