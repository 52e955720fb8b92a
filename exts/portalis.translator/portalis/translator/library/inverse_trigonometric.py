"""Inverse trigonometric functions in the library dialect, each less than 0.7 ULP from the exact value.

atan and atan2 are one arc tangent of a quotient; asin and acos are one arc sine up to 1/2, beyond by that of sqrt((1 - x) / 2).
"""

from __future__ import annotations

from portalis.translator.library.double_double import fast_two_sum, two_product, two_sum
from portalis.translator.library.floating import exponent_of
from portalis.translator.library.intrinsics import copysign, fabs, float_divide, from_bits, square_root, to_bits, wrapping_sub
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
    asin_rest,
    atan_rest,
)
from portalis.translator.library.trigonometric import SIXTH, SIXTH_HIGH, SIXTH_LOW

INFINITY = 1e400
TINY = 1e-9
# What is left of the bits without the 37 lower ones.
UPPER_16 = -0x2000000000
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


def arc_sine_parts(x: float) -> tuple[float, float]:
    """Return the arc sine of t as a pair, where t is |x| up to 1/2 and sqrt((1 - |x|) / 2) beyond."""
    magnitude = fabs(x)
    steep = magnitude > 0.5
    # Exact where `steep`.
    square = 0.5 * (1.0 - magnitude) if steep else x * x
    root = square_root(square)
    t = root if steep else magnitude
    head = from_bits(to_bits(t) & UPPER_16)
    tail = t - head
    upper = head * head
    t_low = float_divide((square - upper) - tail * (t + head), t + t) if steep and t > 0.0 else 0.0
    # t**3/6, of which the first part is exact.
    cube = upper * head
    cube_rest = tail * (square + head * (t + head))
    high, low = fast_two_sum(t, SIXTH_HIGH * cube)
    rest = t_low + 0.5 * square * t_low + (SIXTH_LOW * cube + SIXTH * cube_rest)
    return high, low + (rest + t * square * square * asin_rest(square))


def check_domain(x: float) -> None:
    """Raise what asin and acos raise for |x| > 1."""
    if fabs(x) > 1.0:
        raise ValueError("math domain error")


def arc_sine(x: float) -> float:
    """Return math.asin(x) = pi/2 - 2 * asin(sqrt((1 - x) / 2)) for x > 1/2."""
    check_domain(x)
    high, low = arc_sine_parts(x)
    steep = fabs(x) > 0.5
    factor = -2.0 if steep else 1.0
    total, error = fast_two_sum(HALF_PI_HIGH if steep else 0.0, factor * high)
    return copysign(total + (error + ((HALF_PI_LOW if steep else 0.0) + factor * low)), x)


def arc_cosine(x: float) -> float:
    """Return math.acos(x) = 2 * asin(sqrt((1 - x) / 2)) for x > 1/2, pi less that of -x for x < -1/2, else pi/2 - asin(x)."""
    check_domain(x)
    high, low = arc_sine_parts(x)
    steep = fabs(x) > 0.5
    mirrored = x < 0.0
    start = (PI_HIGH if mirrored else 0.0) if steep else HALF_PI_HIGH
    start_low = (PI_LOW if mirrored else 0.0) if steep else HALF_PI_LOW
    factor = (-2.0 if mirrored else 2.0) if steep else (1.0 if mirrored else -1.0)
    total, error = fast_two_sum(start, factor * high)
    return total + (error + (start_low + factor * low))
