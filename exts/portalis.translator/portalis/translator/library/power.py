"""Powers of floats in the library dialect, less than 0.6 ULP from the exact value (1 where it is subnormal).

x**y = e**(y * log(x)) with the logarithm to about 70 bits.
"""

from __future__ import annotations

from portalis.translator.library.double_double import (
    add_pairs,
    divide_pairs,
    fast_two_sum,
    multiply_pairs,
    two_product,
)
from portalis.translator.library.exponential import exp_of_pair
from portalis.translator.library.intrinsics import copysign, fabs, guard, rint, square_root, trunc_float
from portalis.translator.library.logarithm import normalise
from portalis.translator.library.tables import (
    LN2_HIGH,
    LN2_LOW,
    TWO_FIFTHS_HIGH,
    TWO_FIFTHS_LOW,
    TWO_THIRDS_HIGH,
    TWO_THIRDS_LOW,
    log_third_rest,
)

INFINITY = 1e400
TWO_TO_65 = 36893488147419103232.0


def long_logarithm(x: float) -> tuple[float, float]:
    """Return log(x) for a positive finite x as a pair with a relative error of about 2**-70."""
    mantissa, count = normalise(x)
    f = mantissa - 1.0
    below, below_low = fast_two_sum(2.0, f)
    s, s_low = divide_pairs(f, 0.0, below, below_low)
    square, square_low = multiply_pairs(s, s_low, s, s_low)
    # 2/3 + z * (2/5 + z * rest(z)), where rounding matters less the farther in it happens.
    inner, inner_low = fast_two_sum(TWO_FIFTHS_HIGH, square * log_third_rest(square))
    middle, middle_low = multiply_pairs(square, square_low, inner, inner_low + TWO_FIFTHS_LOW)
    outer, outer_low = fast_two_sum(TWO_THIRDS_HIGH, middle)
    outer, outer_low = multiply_pairs(square, square_low, outer, outer_low + (middle_low + TWO_THIRDS_LOW))
    cubic, cubic_low = multiply_pairs(s, s_low, outer, outer_low)
    high, low = add_pairs(s + s, s_low + s_low, cubic, cubic_low)
    total, error = fast_two_sum(count * LN2_HIGH, high)
    return fast_two_sum(total, error + (low + count * LN2_LOW))


def power_of_positive(base: float, exponent: float) -> float:
    """Return base ** exponent for a positive finite base and a finite exponent; an infinity where that is too large."""
    high, low = long_logarithm(base)
    # Beyond 2**65 every power of a base other than 1 is zero or too large, as it is at 2**65.
    bounded = copysign(TWO_TO_65, exponent) if fabs(exponent) > TWO_TO_65 else exponent
    product, error = two_product(bounded, high)
    error = error + bounded * low
    if product > 710.0:
        product = 710.0
        error = 0.0
    return exp_of_pair(product, error)


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
    result = power_of_positive(fabs(base), exponent)
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
