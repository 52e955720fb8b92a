"""Hyperbolic functions and their inverses in the library dialect, from the exponential and the logarithm carried as pairs."""

from __future__ import annotations

from portalis.translator.library.double_double import (
    divide_pairs,
    fast_two_sum,
    square_root_pair,
    two_product,
    two_sum,
)
from portalis.translator.library.exponential import expm1_pair, power_of_steps, reduce, reduce_to_steps, scale
from portalis.translator.library.intrinsics import copysign, fabs, from_bits, shift_left, wrapping_sub
from portalis.translator.library.logarithm import log1p_of_pair, logarithm_of_pair
from portalis.translator.library.tables import EXP_TAILS, LN2_HIGH, LN2_LOW, exp_near_zero

INFINITY = 1e400
LARGEST_SINH = 710.4758600739439
# Up to here a function of x is x to far less than a rounding error.
TINY = 1e-9
LARGE = 1e150
TWO_TO_MINUS_200 = 6.223015277861142e-61


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
    """Return math.cosh(x) = (e**x + e**-x) / 2."""
    magnitude = fabs(x)
    if magnitude > LARGEST_SINH:
        if magnitude == INFINITY:
            return magnitude
        raise OverflowError("math range error")
    steps, r = reduce_to_steps(magnitude, 0.0)
    square = r * r
    # A quarter of each power of two, so that the larger stays in range; where the smaller would leave it, it does not matter.
    above = power_of_steps(steps, -2)
    below = power_of_steps(wrapping_sub(0, steps), -2) if magnitude < 100.0 else 0.0
    above_rest = above * (EXP_TAILS[steps & 63] + (r + square * exp_near_zero(r)))
    below_rest = below * (EXP_TAILS[wrapping_sub(0, steps) & 63] + (square * exp_near_zero(-r) - r))
    total, error = fast_two_sum(above, below)
    return 2.0 * (total + (error + (above_rest + below_rest)))


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
    """Return math.asinh(x) = log(x + sqrt(1 + x**2)) for x >= 0."""
    magnitude = fabs(x)
    if not (magnitude <= LARGE):
        return copysign(logarithm_of_double(magnitude), x)
    square, square_low = two_product(magnitude, magnitude)
    under, under_low = two_sum(1.0, square)
    root, root_low = square_root_pair(under, under_low + square_low)
    high, low = fast_two_sum(root, magnitude)
    high, low = logarithm_of_pair(high, low + root_low)
    return copysign(high + low, x)


def inverse_hyperbolic_cosine(x: float) -> float:
    """Return math.acosh(x) = log(x + sqrt(x**2 - 1))."""
    if x < 1.0:
        raise ValueError("math domain error")
    if not (x <= LARGE):
        return logarithm_of_double(x)
    square, square_low = two_product(x, x)
    under, under_low = fast_two_sum(square, -1.0)
    under, under_low = fast_two_sum(under, under_low + square_low)
    root, root_low = square_root_pair(under, under_low)
    high, low = fast_two_sum(x, root)
    high, low = logarithm_of_pair(high, low + root_low)
    return high + low


def logarithm_of_double(x: float) -> float:
    """Return log(2 * x) for x > LARGE; an infinity or a NaN is itself."""
    halvings = 1.0
    while x > LARGE and x < INFINITY:
        x = x * TWO_TO_MINUS_200
        halvings = halvings + 200.0
    if not (x < INFINITY):
        return x
    high, low = logarithm_of_pair(x, 0.0)
    total, error = fast_two_sum(halvings * LN2_HIGH, high)
    return total + (error + (low + halvings * LN2_LOW))


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
