"""Powers of floats in the library dialect, less than 0.6 ULP from the exact value (1 where it is subnormal).

x**y = e**(y * log(x)) with the logarithm to about 70 bits.
"""

from __future__ import annotations

from portalis.translator.library.double_double import UPPER_26, fast_two_sum
from portalis.translator.library.exponential import exp_of_pair
from portalis.translator.library.intrinsics import copysign, fabs, from_bits, guard, rint, square_root, to_bits, trunc_float
from portalis.translator.library.logarithm import SMALLEST_NORMAL, lift, normalise, upper_half
from portalis.translator.library.tables import (
    LN2_HIGH,
    LN2_LOW,
    LOG_INVERSES,
    LOG_TAILS,
    LOG_VALUES,
    log_after_two,
)

INFINITY = 1e400
TWO_TO_65 = 36893488147419103232.0


def long_logarithm(x: float, less: float) -> tuple[float, float]:
    """Return log(x) - less * log(2), x positive, finite and not subnormal, as a pair with a relative error of about 2**-69."""
    place, mantissa, count = normalise(x)
    count = count - less
    inverse = LOG_INVERSES[place]
    head = upper_half(mantissa)
    r, r_low = fast_two_sum(head * inverse - 1.0, (mantissa - head) * inverse)
    # r**2/2 is exact as half * 1 + rest.
    r_head = from_bits(to_bits(r) & UPPER_26)
    half = 0.5 * r_head * r_head
    rest = 0.5 * (r - r_head) * (r + r_head) + r * r_low
    total, error = fast_two_sum(count * LN2_HIGH, LOG_VALUES[place])
    high, second_error = fast_two_sum(total, r)
    high, third_error = fast_two_sum(high, -half)
    cubic = r * r * r * log_after_two(r)
    low = (cubic - rest) + (third_error + (second_error + (error + (r_low + (count * LN2_LOW + LOG_TAILS[place])))))
    return fast_two_sum(high, low)


def power_of_normal(base: float, less: float, exponent: float) -> float:
    """Return (base / 2**less) ** exponent, base positive, finite and not subnormal, exponent finite; an infinity if too large."""
    high, low = long_logarithm(base, less)
    # Beyond 2**65 every power of a base other than 1 is zero or too large, as it is at 2**65.
    bounded = copysign(TWO_TO_65, exponent) if fabs(exponent) > TWO_TO_65 else exponent
    head = from_bits(to_bits(bounded) & UPPER_26)
    log_head = from_bits(to_bits(high) & UPPER_26)
    product = head * log_head
    rest = (bounded - head) * log_head + bounded * ((high - log_head) + low)
    if product > 710.0:
        product = 710.0
        rest = 0.0
    return exp_of_pair(product, rest)


def is_odd(value: float) -> bool:
    """Tell whether a float is an odd integer."""
    half = 0.5 * value
    return rint(value) == value and trunc_float(half) != half


def is_ordinary(base: float, exponent: float) -> bool:
    """Tell whether both are finite, the base is not zero, and the power is real."""
    finite = fabs(base) < INFINITY and fabs(exponent) < INFINITY
    return finite and base != 0.0 and (base > 0.0 or rint(exponent) == exponent)


def ordinary_power(base: float, exponent: float) -> float:
    """Return base ** exponent where `is_ordinary`; an infinity where that is too large."""
    if exponent == 0.5:
        return square_root(base)
    magnitude = fabs(base)
    if magnitude < SMALLEST_NORMAL:
        lifted, places = lift(magnitude)
        result = power_of_normal(lifted, places, exponent)
    else:
        result = power_of_normal(magnitude, 0.0, exponent)
    return -result if base < 0.0 and is_odd(exponent) else result


def special_power(base: float, exponent: float) -> float:
    """Return base ** exponent where one of them is not finite or the base is zero, as C99 (annex F) defines it."""
    if exponent == 0.0 or base == 1.0:
        return 1.0
    if base != base or exponent != exponent:
        return base + exponent
    if fabs(exponent) == INFINITY:
        magnitude = fabs(base)
        if magnitude == 1.0:
            return 1.0
        return INFINITY if (exponent > 0.0) == (magnitude > 1.0) else 0.0
    result = fabs(base)
    if exponent < 0.0:
        result = 0.0 if result == INFINITY else INFINITY
    return copysign(result, base) if is_odd(exponent) else result


def power_for_operator(base: float, exponent: float) -> float:
    """Return base ** exponent for floats."""
    if exponent == 2.0:
        square = base * base
        if square == INFINITY and fabs(base) != INFINITY:
            raise OverflowError("(34, 'Numerical result out of range')")
        return square
    if not is_ordinary(base, exponent):
        if base == 0.0 and exponent < 0.0 and exponent > -INFINITY:
            raise ZeroDivisionError("0.0 cannot be raised to a negative power")
        if base < 0.0 and base > -INFINITY and rint(exponent) != exponent and exponent == exponent:
            guard("a negative number to a fractional power, which is complex")
        return special_power(base, exponent)
    result = ordinary_power(base, exponent)
    if fabs(result) == INFINITY:
        raise OverflowError("(34, 'Numerical result out of range')")
    return result


def real_power(base: float, exponent: float) -> float:
    """Return math.pow(base, exponent)."""
    if exponent == 2.0:
        square = base * base
        if square == INFINITY and fabs(base) != INFINITY:
            raise OverflowError("math range error")
        return square
    if not is_ordinary(base, exponent):
        if base == 0.0 and exponent < 0.0 and exponent > -INFINITY:
            raise ValueError("math domain error")
        if base < 0.0 and base > -INFINITY and rint(exponent) != exponent and exponent == exponent:
            raise ValueError("math domain error")
        return special_power(base, exponent)
    result = ordinary_power(base, exponent)
    if fabs(result) == INFINITY:
        raise OverflowError("math range error")
    return result
