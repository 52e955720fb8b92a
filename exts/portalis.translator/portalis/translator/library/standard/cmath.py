"""`cmath`: roots, exponentials, logarithms and polar coordinates of finite numbers, as CPython computes them (Kahan 1987)."""

from __future__ import annotations

import math

from portalis.translator.library.intrinsics import guard, refused

pi = 3.141592653589793
e = 2.718281828459045
tau = 6.283185307179586
_LARGE = 4.4942328371557893e307
_LOG_OF_LARGE = 708.3964185322641
_SMALLEST = 2.2250738585072014e-308
_LOG_OF_2 = 0.6931471805599453
_LOG_OF_10 = 2.302585092994046


def _number(z):
    if not isinstance(z, (int, float, complex)):
        refused("P0308", "`cmath` takes numbers", "give an int, a float or a complex")
    return complex(z)


def _finite(z):
    """Return a number; of infinities and NaN CPython knows from tables what each function gives."""
    found = _number(z)
    if not (math.isfinite(found.real) and math.isfinite(found.imag)):
        guard("a function of cmath of an infinite number, or of NaN")
    return found


def isfinite(z):
    found = _number(z)
    return math.isfinite(found.real) and math.isfinite(found.imag)


def isinf(z):
    found = _number(z)
    return math.isinf(found.real) or math.isinf(found.imag)


def isnan(z):
    found = _number(z)
    return math.isnan(found.real) or math.isnan(found.imag)


def phase(z):
    found = _finite(z)
    angle = math.atan2(found.imag, found.real)
    if found.imag != 0.0 and abs(angle) < _SMALLEST:
        guard("an angle that underflows, for which versions of CPython raise OverflowError")
    return angle


def polar(z):
    found = _finite(z)
    try:
        length = abs(found)
    except OverflowError:
        raise OverflowError("math range error") from None
    return length, math.atan2(found.imag, found.real)


def rect(r, phi):
    length, angle = float(r), float(phi)
    if not (math.isfinite(length) and math.isfinite(angle)):
        guard("a function of cmath of an infinite number, or of NaN")
    if angle == 0.0:
        return complex(length, length * angle)
    return complex(length * math.cos(angle), length * math.sin(angle))


def exp(z):
    found = _finite(z)
    if found.real > _LOG_OF_LARGE:
        size = math.exp(found.real - 1.0)
        real, imag = size * math.cos(found.imag) * e, size * math.sin(found.imag) * e
    else:
        size = math.exp(found.real)
        real, imag = size * math.cos(found.imag), size * math.sin(found.imag)
    if math.isinf(real) or math.isinf(imag):
        raise OverflowError("math range error")
    return complex(real, imag)


def _logarithm(z):
    found = _finite(z)
    real, imag = abs(found.real), abs(found.imag)
    if real > _LARGE or imag > _LARGE:
        size = math.log(math.hypot(real / 2.0, imag / 2.0)) + _LOG_OF_2
    elif real < _SMALLEST and imag < _SMALLEST:
        if real == 0.0 and imag == 0.0:
            raise ValueError("math domain error")
        size = math.log(math.hypot(math.ldexp(real, 53), math.ldexp(imag, 53))) - 53 * _LOG_OF_2
    else:
        length = math.hypot(real, imag)
        if 0.71 <= length <= 1.73:
            most, least = max(real, imag), min(real, imag)
            size = math.log1p((most - 1.0) * (most + 1.0) + least * least) / 2.0
        else:
            size = math.log(length)
    return complex(size, math.atan2(found.imag, found.real))


def log(z):
    return _logarithm(z)


def log10(z):
    found = _logarithm(z)
    return complex(found.real / _LOG_OF_10, found.imag / _LOG_OF_10)


def sqrt(z):
    found = _finite(z)
    if found.real == 0.0 and found.imag == 0.0:
        return complex(0.0, found.imag)
    real, imag = abs(found.real), abs(found.imag)
    if real < _SMALLEST and imag < _SMALLEST:
        real = math.ldexp(real, 53)
        root = math.ldexp(math.sqrt(real + math.hypot(real, math.ldexp(imag, 53))), -27)
    else:
        real /= 8.0
        root = 2.0 * math.sqrt(real + math.hypot(real, imag / 8.0))
    other = imag / (2.0 * root)
    if found.real >= 0.0:
        return complex(root, math.copysign(other, found.imag))
    return complex(other, math.copysign(root, found.imag))
