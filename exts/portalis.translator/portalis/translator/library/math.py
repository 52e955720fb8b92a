"""The supported names of Python's `math`, in the library dialect, with the errors of CPython 3.11 to 3.13.

A caller converts an int given for a float parameter first, as CPython does; floor, ceil and trunc of an int are that int. Default values
stand for arguments that were not given, and give the same result. Every function is at most 1 ULP from the correctly rounded result.
"""

from __future__ import annotations

from portalis.translator.library.conversion import round_down, round_up, truncate
from portalis.translator.library.exponential import exponential, exponential_less_one, exponential_of_two
from portalis.translator.library.floating import (
    exact_remainder,
    nearest_remainder,
    neighbour,
    scale_by_power,
    split_exponent,
    unit_in_last_place,
)
from portalis.translator.library.hyperbolic import (
    hyperbolic_cosine,
    hyperbolic_sine,
    hyperbolic_tangent,
    inverse_hyperbolic_cosine,
    inverse_hyperbolic_sine,
    inverse_hyperbolic_tangent,
)
from portalis.translator.library.intrinsics import copysign as with_sign_of
from portalis.translator.library.intrinsics import fabs as magnitude_of
from portalis.translator.library.intrinsics import float_divide, guard, square_root, trunc_float
from portalis.translator.library.inverse_trigonometric import arc_cosine, arc_sine, arc_tangent, arc_tangent_of_quotient
from portalis.translator.library.logarithm import binary_logarithm, decimal_logarithm, logarithm_of_one_plus, natural_logarithm
from portalis.translator.library.number_theory import combinations, factorial_of, gcd_of_two, integer_root, lcm_of_two, permutations
from portalis.translator.library.power import real_power
from portalis.translator.library.roots import cube_root, length_of_four
from portalis.translator.library.trigonometric import cosine, sine, tangent

pi = 3.141592653589793
e = 2.718281828459045
tau = 6.283185307179586
inf = 1e400
nan = inf - inf
_DEGREES_PER_RADIAN = 57.29577951308232
_RADIANS_PER_DEGREE = 0.017453292519943295


def exp(x: float, /) -> float:
    """Return math.exp(x)."""
    return exponential(x)


def exp2(x: float, /) -> float:
    """Return math.exp2(x)."""
    return exponential_of_two(x)


def expm1(x: float, /) -> float:
    """Return math.expm1(x)."""
    return exponential_less_one(x)


def log2(x: float, /) -> float:
    """Return math.log2(x)."""
    return binary_logarithm(x)


def log10(x: float, /) -> float:
    """Return math.log10(x)."""
    return decimal_logarithm(x)


def log1p(x: float, /) -> float:
    """Return math.log1p(x)."""
    return logarithm_of_one_plus(x)


def sin(x: float, /) -> float:
    """Return math.sin(x)."""
    return sine(x)


def cos(x: float, /) -> float:
    """Return math.cos(x)."""
    return cosine(x)


def tan(x: float, /) -> float:
    """Return math.tan(x)."""
    return tangent(x)


def asin(x: float, /) -> float:
    """Return math.asin(x)."""
    return arc_sine(x)


def acos(x: float, /) -> float:
    """Return math.acos(x)."""
    return arc_cosine(x)


def atan(x: float, /) -> float:
    """Return math.atan(x)."""
    return arc_tangent(x)


def sinh(x: float, /) -> float:
    """Return math.sinh(x)."""
    return hyperbolic_sine(x)


def cosh(x: float, /) -> float:
    """Return math.cosh(x)."""
    return hyperbolic_cosine(x)


def tanh(x: float, /) -> float:
    """Return math.tanh(x)."""
    return hyperbolic_tangent(x)


def asinh(x: float, /) -> float:
    """Return math.asinh(x)."""
    return inverse_hyperbolic_sine(x)


def acosh(x: float, /) -> float:
    """Return math.acosh(x)."""
    return inverse_hyperbolic_cosine(x)


def atanh(x: float, /) -> float:
    """Return math.atanh(x)."""
    return inverse_hyperbolic_tangent(x)


def cbrt(x: float, /) -> float:
    """Return math.cbrt(x)."""
    return cube_root(x)


def log(x: float, base: float = 2.718281828459045, /) -> float:
    """Return math.log(x) or math.log(x, base).

    The default base is e, whose logarithm rounds to exactly 1: dividing by it changes nothing, and is left out.
    """
    numerator = natural_logarithm(x)
    if base == e:
        return numerator
    denominator = natural_logarithm(base)
    if denominator == 0.0:
        raise ZeroDivisionError("float division by zero")
    return float_divide(numerator, denominator)


def pow(x: float, y: float, /) -> float:
    """Return math.pow(x, y)."""
    return real_power(x, y)


def atan2(y: float, x: float, /) -> float:
    """Return math.atan2(y, x)."""
    return arc_tangent_of_quotient(y, x)


def hypot(a: float = 0.0, b: float = 0.0, c: float = 0.0, d: float = 0.0, /) -> float:
    """Return math.hypot of up to four numbers; more of them zero change nothing."""
    return length_of_four(a, b, c, d)


def gcd(a: int = 0, b: int = 0, c: int = 0, d: int = 0, /) -> int:
    """Return math.gcd of up to four ints; more of them 0 change nothing."""
    return gcd_of_two(gcd_of_two(gcd_of_two(a, b), c), d)


def lcm(a: int = 1, b: int = 1, c: int = 1, d: int = 1, /) -> int:
    """Return math.lcm of up to four ints; more of them 1 change nothing."""
    return lcm_of_two(lcm_of_two(lcm_of_two(a, b), c), d)


def factorial(n: int, /) -> int:
    """Return math.factorial(n)."""
    return factorial_of(n)


def comb(n: int, k: int, /) -> int:
    """Return math.comb(n, k)."""
    return combinations(n, k)


def perm(n: int, k: int, /) -> int:
    """Return math.perm(n, k)."""
    return permutations(n, k)


def isqrt(n: int, /) -> int:
    """Return math.isqrt(n)."""
    return integer_root(n)


def sqrt(x: float, /) -> float:
    """Return math.sqrt(x)."""
    if x < 0.0:
        raise ValueError("math domain error")
    return square_root(x)


def fabs(x: float, /) -> float:
    """Return math.fabs(x)."""
    return magnitude_of(x)


def copysign(x: float, y: float, /) -> float:
    """Return math.copysign(x, y); a guard where y is a NaN, whose sign differs between machines."""
    if y != y:
        guard("the sign of a NaN")
    return with_sign_of(x, y)


def floor(x: float, /) -> int:
    """Return math.floor(x)."""
    return round_down(x)


def ceil(x: float, /) -> int:
    """Return math.ceil(x)."""
    return round_up(x)


def trunc(x: float, /) -> int:
    """Return math.trunc(x)."""
    return truncate(x)


def fmod(x: float, y: float, /) -> float:
    """Return math.fmod(x, y)."""
    if y == 0.0 or magnitude_of(x) == inf:
        _check_remainder(x, y)
        return x + y
    return exact_remainder(x, y)


def remainder(x: float, y: float, /) -> float:
    """Return math.remainder(x, y)."""
    if y == 0.0 or magnitude_of(x) == inf or x != x or y != y:
        _check_remainder(x, y)
        return x + y
    return nearest_remainder(x, y)


def _check_remainder(x: float, y: float) -> None:
    """Raise where a remainder is not defined though neither argument is a NaN."""
    if x == x and y == y:
        raise ValueError("math domain error")


def modf(x: float, /) -> tuple[float, float]:
    """Return math.modf(x)."""
    whole = trunc_float(x)
    part = 0.0 if magnitude_of(x) == inf else x - whole
    return (x if x != x else with_sign_of(part, x)), whole


def frexp(x: float, /) -> tuple[float, int]:
    """Return math.frexp(x)."""
    return split_exponent(x)


def ldexp(x: float, i: int, /) -> float:
    """Return math.ldexp(x, i)."""
    result = scale_by_power(x, i)
    if magnitude_of(result) == inf and magnitude_of(x) != inf:
        raise OverflowError("math range error")
    return result


def isnan(x: float, /) -> bool:
    """Return math.isnan(x)."""
    return x != x


def isinf(x: float, /) -> bool:
    """Return math.isinf(x)."""
    return magnitude_of(x) == inf


def isfinite(x: float, /) -> bool:
    """Return math.isfinite(x)."""
    return magnitude_of(x) < inf


def isclose(a: float, b: float, *, rel_tol: float = 1e-09, abs_tol: float = 0.0) -> bool:
    """Return math.isclose(a, b, rel_tol=rel_tol, abs_tol=abs_tol)."""
    if rel_tol < 0.0 or abs_tol < 0.0:
        raise ValueError("tolerances must be non-negative")
    if a == b:
        return True
    if magnitude_of(a) == inf or magnitude_of(b) == inf:
        return False
    difference = magnitude_of(b - a)
    return difference <= magnitude_of(rel_tol * b) or difference <= magnitude_of(rel_tol * a) or difference <= abs_tol


def degrees(x: float, /) -> float:
    """Return math.degrees(x)."""
    return x * _DEGREES_PER_RADIAN


def radians(x: float, /) -> float:
    """Return math.radians(x)."""
    return x * _RADIANS_PER_DEGREE


def nextafter(x: float, y: float, /) -> float:
    """Return math.nextafter(x, y)."""
    return neighbour(x, y)


def ulp(x: float, /) -> float:
    """Return math.ulp(x)."""
    return unit_in_last_place(x)
