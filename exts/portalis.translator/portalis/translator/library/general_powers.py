"""Powers that leave the type of their operands: those of negative numbers to fractions, which CPython computes as complex numbers."""

from __future__ import annotations

from portalis.translator.library.intrinsics import complex_of, fabs, rint
from portalis.translator.library.power import ordinary_power
from portalis.translator.library.trigonometric import cosine, sine

INFINITY = float("inf")
PI = 3.141592653589793


def is_complex(base: float, exponent: float) -> bool:
    """Tell whether base ** exponent is complex."""
    return base < 0.0 and base > -INFINITY and rint(exponent) != exponent and exponent == exponent


def complex_power(base: float, exponent: float) -> complex:
    """Return base ** exponent where it is complex: by its length and its angle, which is the exponent's part of a half turn."""
    length = ordinary_power(fabs(base), exponent)
    angle = PI * exponent
    found = complex_of(length * cosine(angle), length * sine(angle))
    if fabs(found.real) == INFINITY or fabs(found.imag) == INFINITY:
        raise OverflowError("complex exponentiation")
    return found
