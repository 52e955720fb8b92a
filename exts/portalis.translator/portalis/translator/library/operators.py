"""What Python's operators and built-in functions mean beyond the primitive operations, in the library dialect.

An int that would not fit in 64 bits stops the call with a guard: by the checked operations of the dialect, or explicitly
where bits are handled. Messages are CPython's; where they changed, there is one function for each.
"""

from __future__ import annotations

from portalis.translator.library.conversion import round_nearest, truncate
from portalis.translator.library.floating import floored_division
from portalis.translator.library.integer import (
    floored_quotient,
    floored_remainder,
    natural_power,
    power_modulo,
    round_to_power_of_ten,
    true_quotient,
)
from portalis.translator.library.intrinsics import fabs, float_divide, guard, int_to_float, shift_left, shift_right
from portalis.translator.library.intrinsics import float_to_int as truncated
from portalis.translator.library.power import power_for_operator
from portalis.translator.library.rounding import round_to_digits

TWO_TO_63 = 9223372036854775808.0


# ------------------------------------------------------------------------------------------------------------- int and int
def int_floordiv(left: int, right: int) -> int:
    """Return left // right."""
    if right == 0:
        raise ZeroDivisionError("integer division or modulo by zero")
    return floored_quotient(left, right)


def int_mod(left: int, right: int) -> int:
    """Return left % right."""
    if right == 0:
        raise ZeroDivisionError("integer modulo by zero")
    return floored_remainder(left, right)


def divmod_int(left: int, right: int) -> tuple[int, int]:
    """Return divmod(left, right)."""
    if right == 0:
        raise ZeroDivisionError("integer division or modulo by zero")
    return floored_quotient(left, right), floored_remainder(left, right)


def int_truediv(left: int, right: int) -> float:
    """Return left / right, the float nearest to the quotient."""
    if right == 0:
        raise ZeroDivisionError("division by zero")
    return true_quotient(left, right)


def int_pow(base: int, exponent: int) -> int:
    """Return base ** exponent; a negative exponent, whose result is a float, is guarded."""
    if exponent < 0:
        if base == 0:
            raise ZeroDivisionError("0.0 cannot be raised to a negative power")
        guard("an int to a negative power, which is a float")
    return natural_power(base, exponent)


def pow_mod(base: int, exponent: int, modulus: int) -> int:
    """Return pow(base, exponent, modulus)."""
    return power_modulo(base, exponent, modulus)


def int_lshift(value: int, count: int) -> int:
    """Return value << count."""
    if count < 0:
        raise ValueError("negative shift count")
    if value == 0:
        return 0
    if count > 63:
        guard("an int beyond 64 bits")
    result = shift_left(value, count)
    if shift_right(result, count) != value:
        guard("an int beyond 64 bits")
    return result


def int_rshift(value: int, count: int) -> int:
    """Return value >> count."""
    if count < 0:
        raise ValueError("negative shift count")
    return shift_right(value, count if count < 63 else 63)


def abs_int(value: int) -> int:
    """Return abs(value)."""
    return -value if value < 0 else value


def min_int(left: int, right: int) -> int:
    """Return min(left, right)."""
    return right if right < left else left


def max_int(left: int, right: int) -> int:
    """Return max(left, right)."""
    return right if right > left else left


def round_int_digits(value: int, digits: int) -> int:
    """Return round(value, digits)."""
    return round_to_power_of_ten(value, digits)


# --------------------------------------------------------------------------------------------------------- float and float
def float_truediv(left: float, right: float) -> float:
    """Return left / right."""
    if right == 0.0:
        raise ZeroDivisionError("float division by zero")
    return float_divide(left, right)


def float_mod(left: float, right: float) -> float:
    """Return left % right, for CPython up to 3.12."""
    if right == 0.0:
        raise ZeroDivisionError("float modulo")
    return floored_division(left, right)[1]


def float_mod_from_3_13(left: float, right: float) -> float:
    """Return left % right, for CPython from 3.13 on."""
    if right == 0.0:
        raise ZeroDivisionError("float modulo by zero")
    return floored_division(left, right)[1]


def float_floordiv(left: float, right: float) -> float:
    """Return left // right."""
    if right == 0.0:
        raise ZeroDivisionError("float floor division by zero")
    return floored_division(left, right)[0]


def divmod_float(left: float, right: float) -> tuple[float, float]:
    """Return divmod(left, right)."""
    if right == 0.0:
        raise ZeroDivisionError("float divmod()")
    return floored_division(left, right)


def float_pow(base: float, exponent: float) -> float:
    """Return base ** exponent; a negative base with a fractional exponent, whose result is complex, is guarded."""
    return power_for_operator(base, exponent)


def min_float(left: float, right: float) -> float:
    """Return min(left, right): the first one unless the second is less."""
    return right if right < left else left


def max_float(left: float, right: float) -> float:
    """Return max(left, right): the first one unless the second is greater."""
    return right if right > left else left


def float_to_int(value: float) -> int:
    """Return int(value)."""
    return truncate(value)


def round_float(value: float) -> int:
    """Return round(value)."""
    return round_nearest(value)


def round_float_digits(value: float, digits: int) -> float:
    """Return round(value, digits)."""
    return round_to_digits(value, digits)


# ----------------------------------------------------------------------------------------------------------- int and float
# Rounding keeps order, so an int that rounds to another float than the one compared with is on the same side of it; where it rounds to
# that very float, both are integral and are compared as ints.
def int_float_lt(left: int, right: float) -> bool:
    """Return left < right, compared exactly."""
    rounded = int_to_float(left)
    if rounded != right:
        return rounded < right
    return rounded == TWO_TO_63 or left < truncated(right)


def int_float_le(left: int, right: float) -> bool:
    """Return left <= right, compared exactly."""
    rounded = int_to_float(left)
    if rounded != right:
        return rounded < right
    return rounded == TWO_TO_63 or left <= truncated(right)


def int_float_gt(left: int, right: float) -> bool:
    """Return left > right, compared exactly."""
    rounded = int_to_float(left)
    if rounded != right:
        return rounded > right
    return rounded != TWO_TO_63 and left > truncated(right)


def int_float_ge(left: int, right: float) -> bool:
    """Return left >= right, compared exactly."""
    rounded = int_to_float(left)
    if rounded != right:
        return rounded > right
    return rounded != TWO_TO_63 and left >= truncated(right)


def int_float_eq(left: int, right: float) -> bool:
    """Return left == right, compared exactly."""
    rounded = int_to_float(left)
    return rounded == right and rounded != TWO_TO_63 and left == truncated(right)


def int_float_ne(left: int, right: float) -> bool:
    """Return left != right, compared exactly."""
    return not int_float_eq(left, right)


def compensated_sum(start: float, items) -> float:  # type: ignore[no-untyped-def]
    """Add a tuple of floats to `start` as `sum` does since CPython 3.12.

    A. Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", ZAMM 54 (1974).
    """
    total = start
    compensation = 0.0
    for item in items:
        added = total + item
        if fabs(total) >= fabs(item):
            compensation += (total - added) + item
        else:
            compensation += (item - added) + total
        total = added
    # An infinite compensation comes from an infinite sum, which it would turn into NaN; a zero one would lose the sign of -0.0.
    if compensation != 0.0 and compensation - compensation == 0.0:
        return total + compensation
    return total


def compensated_sum_of_numbers(start: float, items, were_floats) -> float:  # type: ignore[no-untyped-def]
    """Add a tuple of numbers, made floats, to `start` as `sum` does since CPython 3.12: those that were ints without compensation."""
    total = start
    compensation = 0.0
    for index in range(len(items)):
        item = items[index]
        added = total + item
        if were_floats[index]:
            if fabs(total) >= fabs(item):
                compensation += (total - added) + item
            else:
                compensation += (item - added) + total
        total = added
    if compensation != 0.0 and compensation - compensation == 0.0:
        return total + compensation
    return total
