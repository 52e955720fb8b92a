"""Roots in the library dialect: cube roots and lengths, each less than 0.6 ULP from the exact value."""

from __future__ import annotations

from portalis.translator.library.double_double import fast_two_sum, square_root_pair, two_product
from portalis.translator.library.intrinsics import (
    copysign,
    fabs,
    float_divide,
    from_bits,
    shift_left,
    shift_right,
    to_bits,
    wrapping_add,
    wrapping_mul,
    wrapping_sub,
)
from portalis.translator.library.tables import CBRT_2, CBRT_4, cbrt_guess

INFINITY = 1e400
SMALLEST_NORMAL = 2.2250738585072014e-308
TWO_TO_54 = 18014398509481984.0
TWO_TO_200 = 1.6069380442589903e60
TWO_TO_MINUS_200 = 6.223015277861142e-61
TWO_TO_MINUS_18 = 3.814697265625e-06
MANTISSA = 0xFFFFFFFFFFFFF
ONE_BITS = 0x3FF0000000000000


def cube_root(x: float) -> float:
    """Return math.cbrt(x)."""
    magnitude = fabs(x)
    if not (magnitude < INFINITY and magnitude > 0.0):
        return x
    small = magnitude < SMALLEST_NORMAL
    bits = to_bits(magnitude * TWO_TO_54 if small else magnitude)
    exponent = wrapping_sub(shift_right(bits, 52), 1023)
    mantissa = from_bits((bits & MANTISSA) | ONE_BITS)
    # floor(exponent / 3) for exponents of 11 bits, by a product.
    third = wrapping_sub(shift_right(wrapping_mul(wrapping_add(exponent, 3072), 21846), 16), 1024)
    rest = wrapping_sub(exponent, wrapping_mul(third, 3))
    root = cbrt_guess(mantissa) * (CBRT_4 if rest == 2 else (CBRT_2 if rest == 1 else 1.0))
    cube = mantissa * (4.0 if rest == 2 else (2.0 if rest == 1 else 1.0))
    # Halley's step brings 22 bits to 53, Newton's from the exact remainder to twice as many.
    power = root * root * root
    root = root * float_divide(power + 2.0 * cube, 2.0 * power + cube)
    square, square_low = two_product(root, root)
    power, error = two_product(root, square)
    remainder = ((cube - power) - error) - root * square_low
    root = root + float_divide(remainder, 3.0 * square)
    root = root * from_bits(shift_left(wrapping_add(third, 1023), 52))
    return copysign(root * TWO_TO_MINUS_18 if small else root, x)


def length_of_four(a: float, b: float, c: float, d: float) -> float:
    """Return math.hypot(a, b, c, d)."""
    a = fabs(a)
    b = fabs(b)
    c = fabs(c)
    d = fabs(d)
    first = a if a > b else b
    second = c if c > d else d
    largest = first if first > second else second
    total = a + b + c + d
    if not (total < 1e150 and (largest > 1e-140 or largest == 0.0)):
        return length_of_extreme(a, b, c, d, largest)
    return length_in_range(a, b, c, d)


def length_of_complex(real: float, imag: float) -> float:
    """Return abs of a complex number."""
    found = length_of_four(real, imag, 0.0, 0.0)
    if found - found != 0.0 and real - real == 0.0 and imag - imag == 0.0:
        raise OverflowError("absolute value too large")
    return found


def length_in_range(a: float, b: float, c: float, d: float) -> float:
    """Return sqrt(a**2 + b**2 + c**2 + d**2), where no square leaves the range."""
    high, low = two_product(a, a)
    high, low = add_square(high, low, b)
    high, low = add_square(high, low, c)
    high, low = add_square(high, low, d)
    root, root_low = square_root_pair(high, low)
    return root + root_low


def add_square(high: float, low: float, value: float) -> tuple[float, float]:
    """Return a pair plus the square of a number."""
    square, square_low = two_product(value, value)
    larger = high if high > square else square
    smaller = square if high > square else high
    total, error = fast_two_sum(larger, smaller)
    return total, error + (low + square_low)


def length_of_extreme(a: float, b: float, c: float, d: float, largest: float) -> float:
    """Return the length where a number is not finite, or so large or small that its square would leave the range."""
    if a == INFINITY or b == INFINITY or c == INFINITY or d == INFINITY:
        return INFINITY
    factor = 1.0
    while largest * factor > 1e100:
        factor = factor * TWO_TO_MINUS_200
    while largest * factor < 1e-100:
        factor = factor * TWO_TO_200
    # Products with powers of two are exact here, but for what is far too small to matter.
    return float_divide(length_in_range(a * factor, b * factor, c * factor, d * factor), factor)
