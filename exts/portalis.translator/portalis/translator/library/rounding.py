"""round(x, n) in the library dialect, exactly as CPython rounds: to the decimal nearest to the binary value, then to the nearest float."""

from __future__ import annotations

from portalis.translator.library.double_double import two_product
from portalis.translator.library.intrinsics import copysign, fabs, float_divide, guard, rint, trunc_float

INFINITY = 1e400
TWO_TO_52 = 4503599627370496.0
TWO_TO_53 = 9007199254740992.0
TWO_TO_54 = 18014398509481984.0
POWERS_OF_TEN = (
    1.0,
    1e1,
    1e2,
    1e3,
    1e4,
    1e5,
    1e6,
    1e7,
    1e8,
    1e9,
    1e10,
    1e11,
    1e12,
    1e13,
    1e14,
    1e15,
    1e16,
    1e17,
    1e18,
    1e19,
    1e20,
    1e21,
    1e22,
)


def round_to_digits(value: float, digits: int) -> float:
    """Return round(value, digits); a guard for what only arithmetic on large ints could decide (more than 22 digits, mostly)."""
    magnitude = fabs(value)
    if not (magnitude < INFINITY) or value == 0.0 or digits > 323:
        return value
    if digits < -308:
        return copysign(0.0, value)
    if digits < 0:
        return copysign(round_to_tens(magnitude, -digits), value)
    # A float from 2**52 on is integral, and its decimal expansion ends there.
    if magnitude >= TWO_TO_52:
        return value
    return copysign(round_to_decimals(magnitude, digits), value)


def round_to_decimals(value: float, digits: int) -> float:
    """Round a positive float below 2**52 to 0 … 323 decimals.

    From value * 10**digits = 2**53 on the rounding moves a value by less than half the gap to either neighbour, so that CPython's way over
    the decimal leads back to the value.
    """
    if digits > 22:
        if value * 1e22 >= TWO_TO_54:
            return value
        guard("round to more than 22 digits of a small float")
    if value < 1e-270:
        return 0.0
    scale = POWERS_OF_TEN[digits]
    # Exact: this power of ten is, and a pair holds the product of two floats.
    high, low = two_product(value, scale)
    if high > TWO_TO_53 or (high == TWO_TO_53 and low > 0.0):
        return value
    return float_divide(nearest_integer(high, low), scale)


def nearest_integer(high: float, low: float) -> float:
    """Return the integer nearest to the pair high + low (up to 2**53), ties to even."""
    nearest = rint(high)
    distance = high - nearest
    # What `high` alone decides, `low` cannot change; up to 2**52 only a tie of `high` is open, above it only a tie of `low`.
    if (distance == 0.5 and low > 0.0) or (low == 0.5 and is_odd(nearest)):
        return nearest + 1.0
    if (distance == -0.5 and low < 0.0) or (low == -0.5 and is_odd(nearest)):
        return nearest - 1.0
    return nearest


def is_odd(value: float) -> bool:
    """Tell whether an integral float is odd."""
    half = 0.5 * value
    return half != trunc_float(half)


def round_to_tens(value: float, places: int) -> float:
    """Round a positive float to a multiple of 10**places, places in 1 … 308; ties to even."""
    if places > 22:
        if value < 1e22:
            return 0.0
        guard("round a large float to more than 22 places before the point")
    unit = POWERS_OF_TEN[places]
    quotient = float_divide(value, unit)
    if quotient > TWO_TO_53:
        return value
    nearest = rint(quotient)
    product, error = two_product(nearest, unit)
    # Exact: the quotient is rounded, so that this decides on which side of a tie the value is.
    distance = (value - product) - error
    half = 0.5 * unit
    if distance > half or (distance == half and is_odd(nearest)):
        # Beyond 2**53 units the value itself is the nearest float, as for decimals.
        return value if nearest == TWO_TO_53 else (nearest + 1.0) * unit
    if distance < -half or (distance == -half and is_odd(nearest)):
        nearest = nearest - 1.0
    return nearest * unit
