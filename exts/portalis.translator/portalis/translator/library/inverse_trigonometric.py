"""Inverse trigonometric functions in the library dialect, each less than 0.7 ULP from the exact value: all are one arc tangent.

asin(x) = atan2(x, sqrt(1 - x**2)) and acos(x) = atan2(sqrt(1 - x**2), x), where numerator and denominator are pairs.
"""

from __future__ import annotations

from portalis.translator.library.double_double import fast_two_sum, square_root_pair, two_product, two_sum
from portalis.translator.library.floating import exponent_of
from portalis.translator.library.intrinsics import copysign, fabs, float_divide, wrapping_sub
from portalis.translator.library.tables import (
    ATAN_HALF_HIGH,
    ATAN_HALF_LOW,
    HALF_PI_HIGH,
    HALF_PI_LOW,
    PI_HIGH,
    PI_LOW,
    QUARTER_PI_HIGH,
    QUARTER_PI_LOW,
    TAN_HALF_ATAN_HALF,
    TAN_MIDDLE,
    atan_rest,
)

INFINITY = 1e400
TINY = 1e-9
TWO_TO_200 = 1.6069380442589903e60
TWO_TO_MINUS_200 = 6.223015277861142e-61
# Between these, quotients and their remainders neither overflow nor lose bits.
SMALL = 1e-200
LARGE = 1e200


def angle(y: float, y_low: float, x: float, x_low: float, mirrored: bool) -> float:
    """Return atan2 of the pairs y and x, both >= 0 and one of them > 0, or pi less that where `mirrored`."""
    steep = y > x
    above = x if steep else y
    above_low = x_low if steep else y_low
    below = y if steep else x
    below_low = y_low if steep else x_low
    # atan(t) = atan(c) + atan((t - c) / (1 + c * t)) with c = 0, 1/2 or 1, so that what is left is at most 0.2361.
    first = above >= TAN_HALF_ATAN_HALF * below
    second = above >= TAN_MIDDLE * below
    center = 1.0 if second else (0.5 if first else 0.0)
    base = QUARTER_PI_HIGH if second else (ATAN_HALF_HIGH if first else 0.0)
    base_low = QUARTER_PI_LOW if second else (ATAN_HALF_LOW if first else 0.0)
    numerator, error = two_sum(above, -(center * below))
    numerator_low = error + (above_low - center * below_low)
    denominator, error = fast_two_sum(below, center * above)
    denominator_low = error + (below_low + center * above_low)
    t = float_divide(numerator, denominator)
    product, error = two_product(t, denominator)
    t_low = float_divide(((numerator - product) - error) + (numerator_low - t * denominator_low), denominator)
    square = t * t
    t_low = t_low + t * square * atan_rest(square)
    # pi/2 - angle where steep, pi - angle where mirrored, pi/2 + angle where both.
    start = HALF_PI_HIGH if steep else (PI_HIGH if mirrored else 0.0)
    start_low = HALF_PI_LOW if steep else (PI_LOW if mirrored else 0.0)
    sign = -1.0 if steep != mirrored else 1.0
    high, low = fast_two_sum(sign * base, sign * t)
    total, error = fast_two_sum(start, high)
    return total + (error + (low + (start_low + sign * (base_low + t_low))))


def arc_tangent(x: float) -> float:
    """Return math.atan(x)."""
    magnitude = fabs(x)
    # From 1e17 on the nearest float is that to pi/2.
    bounded = magnitude if magnitude < 1e17 else 1e17
    if x != x:
        bounded = x
    result = copysign(angle(bounded, 0.0, 1.0, 0.0, False), x)
    return x if magnitude < TINY else result


def arc_tangent_of_quotient(y: float, x: float) -> float:
    """Return math.atan2(y, x)."""
    above = fabs(y)
    below = fabs(x)
    larger = above if above > below else below
    smaller = below if above > below else above
    if not (larger < LARGE and larger > SMALL and (smaller > SMALL or smaller == 0.0)):
        return copysign(extreme_angle(above, below, x), y)
    return copysign(angle(above, 0.0, below, 0.0, x < 0.0), y)


def extreme_angle(above: float, below: float, x: float) -> float:
    """Return atan2(above, x) with below = fabs(x), where one of them is zero, not finite, very large or very small."""
    if above != above or x != x:
        return above + x
    mirrored = copysign(1.0, x) < 0.0
    if above == 0.0 or below == INFINITY:
        if above == INFINITY:
            return 3.0 * QUARTER_PI_HIGH if mirrored else QUARTER_PI_HIGH
        return PI_HIGH if mirrored else 0.0
    if above == INFINITY or below == 0.0:
        return HALF_PI_HIGH
    apart = wrapping_sub(exponent_of(above), exponent_of(below))
    if apart > 120:
        return HALF_PI_HIGH
    if apart < -120:
        return PI_HIGH if mirrored else float_divide(above, below)
    # Of about one size: both are brought near to 1, which is exact.
    while below > 1e100:
        above = above * TWO_TO_MINUS_200
        below = below * TWO_TO_MINUS_200
    while below < 1e-100:
        above = above * TWO_TO_200
        below = below * TWO_TO_200
    return angle(above, 0.0, below, 0.0, mirrored)


def cosine_of_asin(x: float) -> tuple[float, float]:
    """Return sqrt(1 - x**2) for |x| <= 1 as a pair."""
    square, square_low = two_product(x, x)
    under, error = fast_two_sum(1.0, -square)
    high, low = fast_two_sum(under, error - square_low)
    return square_root_pair(high, low)


def check_domain(x: float) -> None:
    """Raise what asin and acos raise for |x| > 1."""
    if fabs(x) > 1.0:
        raise ValueError("math domain error")


def arc_sine(x: float) -> float:
    """Return math.asin(x)."""
    check_domain(x)
    cosine, cosine_low = cosine_of_asin(x)
    result = copysign(angle(fabs(x), 0.0, cosine, cosine_low, False), x)
    return x if fabs(x) < TINY else result


def arc_cosine(x: float) -> float:
    """Return math.acos(x)."""
    check_domain(x)
    cosine, cosine_low = cosine_of_asin(x)
    return angle(cosine, cosine_low, fabs(x), 0.0, x < 0.0)
