"""From float to int: what `int`, `round`, `math.floor`, `math.ceil` and `math.trunc` have in common."""

from __future__ import annotations

from portalis.translator.library.intrinsics import ceil_float, fabs, float_to_int, floor_float, guard, rint

TWO_TO_63 = 9223372036854775808.0
INFINITY = 1e400


def integral_to_int(value: float) -> int:
    """Return a float without fraction as an int."""
    if not (-TWO_TO_63 <= value < TWO_TO_63):
        if value != value:
            raise ValueError("cannot convert float NaN to integer")
        if fabs(value) == INFINITY:
            raise OverflowError("cannot convert float infinity to integer")
        guard("an int beyond 64 bits")
    return float_to_int(value)


def truncate(value: float) -> int:
    """Return `int(value)`."""
    return integral_to_int(value)


def round_down(value: float) -> int:
    """Return `math.floor(value)`."""
    return integral_to_int(floor_float(value))


def round_up(value: float) -> int:
    """Return `math.ceil(value)`."""
    return integral_to_int(ceil_float(value))


def round_nearest(value: float) -> int:
    """Return `round(value)`: ties to even."""
    return integral_to_int(rint(value))
