"""Hyperbolic functions and their inverses in the library dialect, from the exponential and the logarithm carried as pairs."""

from __future__ import annotations

from portalis.translator.library.double_double import (
    add_pairs,
    divide_pairs,
    fast_two_sum,
    multiply_pairs,
    square_root_pair,
    two_product,
    two_sum,
)
from portalis.translator.library.exponential import expm1_pair, reduce, scale
from portalis.translator.library.intrinsics import copysign, fabs, from_bits, shift_left, wrapping_sub
from portalis.translator.library.logarithm import log1p_of_pair
from portalis.translator.library.tables import LN2_LONG_HIGH, LN2_LONG_LOW

INFINITY = 1e400
LARGEST_SINH = 710.4758600739439
# Up to here a function of x is x to far less than a rounding error.
TINY = 1e-9
LARGE = 1e150


def exponentials(x: float) -> tuple[float, float, float, float, float, int]:
    """Return for 0 <= x < 711: e**r - 1 and t * (e**-r - 1) as pairs, t = 2**-2k and k, where x = k * ln(2) + r."""
    exponent, r, r_low = reduce(x)
    high, low = expm1_pair(r, r_low)
    other_high, other_low = expm1_pair(-r, -r_low)
    ratio = from_bits(shift_left(wrapping_sub(1023, shift_left(exponent, 1)), 52)) if exponent < 500 else 0.0
    return high, low, ratio * other_high, ratio * other_low, ratio, exponent


def sinh_parts(x: float) -> tuple[float, float, int]:
    """Return 2 * sinh(x) for 0 <= x < 711 as a pair to be multiplied by a power of two."""
    high, low, other_high, other_low, ratio, exponent = exponentials(x)
    base, base_low = two_sum(1.0, -ratio)
    middle, middle_low = two_sum(high, -other_high)
    total, total_low = two_sum(base, middle)
    return total, total_low + (base_low + middle_low + (low - other_low)), exponent


def cosh_parts(x: float) -> tuple[float, float, int]:
    """Return 2 * cosh(x) for 0 <= x < 711 as a pair to be multiplied by a power of two."""
    high, low, other_high, other_low, ratio, exponent = exponentials(x)
    base, base_low = fast_two_sum(1.0, ratio)
    middle, middle_low = two_sum(high, other_high)
    total, total_low = fast_two_sum(base, middle)
    return total, total_low + (base_low + middle_low + (low + other_low)), exponent


def hyperbolic_sine(x: float) -> float:
    """Return math.sinh(x)."""
    magnitude = fabs(x)
    if magnitude > LARGEST_SINH:
        if magnitude == INFINITY:
            return x
        raise OverflowError("math range error")
    high, low, exponent = sinh_parts(magnitude)
    return x if magnitude < TINY else copysign(scale(high + low, wrapping_sub(exponent, 1)), x)


def hyperbolic_cosine(x: float) -> float:
    """Return math.cosh(x)."""
    magnitude = fabs(x)
    if magnitude > LARGEST_SINH:
        if magnitude == INFINITY:
            return magnitude
        raise OverflowError("math range error")
    high, low, exponent = cosh_parts(magnitude)
    return scale(high + low, wrapping_sub(exponent, 1))


def hyperbolic_tangent(x: float) -> float:
    """Return math.tanh(x)."""
    magnitude = fabs(x)
    # From 22 on the nearest float is 1.
    bounded = 22.0 if magnitude > 22.0 else magnitude
    sinh_high, sinh_low, _ = sinh_parts(bounded)
    cosh_high, cosh_low, _ = cosh_parts(bounded)
    sinh_high, sinh_low = fast_two_sum(sinh_high, sinh_low)
    cosh_high, cosh_low = fast_two_sum(cosh_high, cosh_low)
    high, low = divide_pairs(sinh_high, sinh_low, cosh_high, cosh_low)
    return x if magnitude < TINY else copysign(high + low, x)


def inverse_hyperbolic_sine(x: float) -> float:
    """Return math.asinh(x) = log1p(x + x**2 / (1 + sqrt(1 + x**2))) for x >= 0."""
    magnitude = fabs(x)
    large = magnitude > LARGE
    bounded = LARGE if large else magnitude
    square, square_low = two_product(bounded, bounded)
    under, under_low = two_sum(1.0, square)
    root, root_low = square_root_pair(under, under_low + square_low)
    below, below_low = two_sum(1.0, root)
    more, more_low = divide_pairs(square, square_low, below, below_low + root_low)
    high, low = add_pairs(bounded, 0.0, more, more_low)
    result = log1p_or_log_of_double(magnitude, high, low, large)
    return copysign(result, x) if magnitude >= TINY and magnitude < INFINITY else x


def inverse_hyperbolic_cosine(x: float) -> float:
    """Return math.acosh(x) = log1p(t + sqrt(t * (t + 2))) with t = x - 1."""
    if x < 1.0:
        raise ValueError("math domain error")
    large = x > LARGE
    bounded = LARGE if large else x
    less, less_low = two_sum(bounded, -1.0)
    more, more_low = two_sum(bounded, 1.0)
    under, under_low = multiply_pairs(less, less_low, more, more_low)
    root, root_low = square_root_pair(under, under_low)
    high, low = add_pairs(less, less_low, root, root_low)
    result = log1p_or_log_of_double(x, high, low, large)
    return result if x < INFINITY else x


def log1p_or_log_of_double(x: float, high: float, low: float, large: bool) -> float:
    """Return log(2 * x) where `large`, else log1p(high + low)."""
    high, low = log1p_of_pair(x if large else high, -1.0 if large else low)
    total, error = fast_two_sum(high, LN2_LONG_HIGH if large else 0.0)
    return total + (error + low + (LN2_LONG_LOW if large else 0.0))


def inverse_hyperbolic_tangent(x: float) -> float:
    """Return math.atanh(x) = log1p(2 * x / (1 - x)) / 2 for x >= 0."""
    magnitude = fabs(x)
    if not (magnitude < 1.0):
        if magnitude != magnitude:
            return x
        raise ValueError("math domain error")
    below, below_low = two_sum(1.0, -magnitude)
    high, low = divide_pairs(magnitude + magnitude, 0.0, below, below_low)
    high, low = log1p_of_pair(high, low)
    return x if magnitude < TINY else copysign(0.5 * (high + low), x)
