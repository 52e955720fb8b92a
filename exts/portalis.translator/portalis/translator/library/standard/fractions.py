"""`fractions`: ratios of two ints in lowest terms."""

from __future__ import annotations

import math
import sys

from portalis.translator.library.intrinsics import guard


def _power(base, exponent):
    """Return base ** exponent of ints, the exponent not negative."""
    found = 1
    for _ in range(exponent):
        found *= base
    return found


def _number_at(text, start):
    """Return where the digits that begin at a place end."""
    end = start
    while end < len(text) and "0" <= text[end] <= "9":
        end += 1
    return end


if sys.version_info >= (3, 12):

    def _past_spaces(text, place):
        while text[place : place + 1].isspace():
            place += 1
        return place

    def _divided_by_zero(numerator, denominator, zeros):
        return f"Fraction({zeros}, 0)"

else:

    def _past_spaces(text, place):
        return place

    def _divided_by_zero(numerator, denominator, zeros):
        sign = numerator // max(abs(numerator), 1)
        return f"Fraction({sign * (zeros // math.gcd(zeros, denominator))}, 0)"


def _read(whole):
    """Return the numerator and the denominator that a text tells."""
    text = whole.strip()
    if not text.isascii() or "_" in text:
        guard("a fraction in digits beyond 0 to 9")
    start = 1 if text[:1] in ("+", "-") else 0
    end = _number_at(text, start)
    top = int(text[start:end]) if end > start else 0
    bottom = 1
    wrong = False
    slash = _past_spaces(text, end)
    if text[slash : slash + 1] == "/":
        below = _past_spaces(text, slash + 1)
        last = _number_at(text, below)
        wrong = end == start or last == below or last != len(text)
        bottom = 1 if wrong else int(text[below:])
    else:
        last = end
        if text[end : end + 1] == ".":
            last = _number_at(text, end + 1)
            bottom = _power(10, last - end - 1)
            top = top * bottom + (int(text[end + 1 : last]) if last > end + 1 else 0)
        wrong = end == start and last <= end + 1
        if not wrong and text[last : last + 1] in ("e", "E"):
            divides = text[last + 1 : last + 2] == "-"
            first = last + 2 if text[last + 1 : last + 2] in ("+", "-") else last + 1
            last = _number_at(text, first)
            wrong = last == first
            scale = 1 if wrong else _power(10, int(text[first:last]))
            if divides:
                bottom *= scale
            else:
                top *= scale
        wrong = wrong or last != len(text)
    if wrong:
        raise ValueError(f"Invalid literal for Fraction: {whole!r}")
    return -top if text[:1] == "-" else top, bottom


def _terms(value):
    """Return the numerator and the denominator of a number."""
    if isinstance(value, Fraction):
        return value.numerator, value.denominator
    if isinstance(value, str):
        return _read(value)
    if isinstance(value, float):
        return value.as_integer_ratio()
    return value + 0, 1


def _made(top, bottom):
    return Fraction(top, bottom)


class Fraction:
    def __init__(self, numerator=0, denominator=None):
        top, bottom = _terms(numerator)
        if denominator is not None:
            upper, lower = _terms(denominator)
            top, bottom = top * lower, bottom * upper
        if bottom == 0:
            raise ZeroDivisionError(f"Fraction({top}, 0)")
        common = math.gcd(top, bottom)
        if bottom < 0:
            common = -common
        self.numerator = top // common
        self.denominator = bottom // common

    @staticmethod
    def from_float(f):
        top, bottom = _terms(f)
        return Fraction(top, bottom)

    def as_integer_ratio(self):
        return self.numerator, self.denominator

    def limit_denominator(self, max_denominator=1000000):
        if max_denominator < 1:
            raise ValueError("max_denominator should be at least 1")
        if self.denominator <= max_denominator:
            return Fraction(self.numerator, self.denominator)
        before, under, last, below = 0, 1, 1, 0
        top, bottom = self.numerator, self.denominator
        while True:
            whole = top // bottom
            if under + whole * below > max_denominator:
                break
            before, under, last, below = last, below, before + whole * last, under + whole * below
            top, bottom = bottom, top - whole * bottom
        count = (max_denominator - under) // below
        one, other = Fraction(before + count * last, under + count * below), Fraction(last, below)
        return other if abs(other - self) <= abs(one - self) else one

    def __repr__(self):
        return f"Fraction({self.numerator}, {self.denominator})"

    def __str__(self):
        return str(self.numerator) if self.denominator == 1 else f"{self.numerator}/{self.denominator}"

    def __add__(self, other):
        if isinstance(other, float):
            return self.numerator / self.denominator + other
        if isinstance(other, (int, Fraction)):
            top, bottom = _terms(other)
            return _made(self.numerator * bottom + top * self.denominator, self.denominator * bottom)
        return NotImplemented

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        if isinstance(other, float):
            return self.numerator / self.denominator - other
        if isinstance(other, (int, Fraction)):
            top, bottom = _terms(other)
            return _made(self.numerator * bottom - top * self.denominator, self.denominator * bottom)
        return NotImplemented

    def __rsub__(self, other):
        if isinstance(other, float):
            return other - self.numerator / self.denominator
        if isinstance(other, int):
            return _made(other * self.denominator - self.numerator, self.denominator)
        return NotImplemented

    def __mul__(self, other):
        if isinstance(other, float):
            return self.numerator / self.denominator * other
        if isinstance(other, (int, Fraction)):
            top, bottom = _terms(other)
            return _made(self.numerator * top, self.denominator * bottom)
        return NotImplemented

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        if isinstance(other, float):
            return self.numerator / self.denominator / other
        if isinstance(other, (int, Fraction)):
            top, bottom = _terms(other)
            if top == 0:
                raise ZeroDivisionError(_divided_by_zero(self.numerator, self.denominator, bottom))
            return _made(self.numerator * bottom, self.denominator * top)
        return NotImplemented

    def __rtruediv__(self, other):
        if isinstance(other, float):
            return other / (self.numerator / self.denominator)
        if isinstance(other, int):
            if self.numerator == 0:
                raise ZeroDivisionError(_divided_by_zero(other, 1, 1))
            return _made(other * self.denominator, self.numerator)
        return NotImplemented

    def __floordiv__(self, other):
        if isinstance(other, float):
            return self.numerator / self.denominator // other
        if isinstance(other, (int, Fraction)):
            top, bottom = _terms(other)
            return self.numerator * bottom // (self.denominator * top)
        return NotImplemented

    def __mod__(self, other):
        if isinstance(other, float):
            return self.numerator / self.denominator % other
        if isinstance(other, (int, Fraction)):
            top, bottom = _terms(other)
            return _made(self.numerator * bottom % (top * self.denominator), self.denominator * bottom)
        return NotImplemented

    def __pow__(self, exponent):
        if isinstance(exponent, int):
            if exponent >= 0:
                return _made(_power(self.numerator, exponent), _power(self.denominator, exponent))
            if self.numerator == 0:
                raise ZeroDivisionError(f"Fraction({_power(self.denominator, -exponent)}, 0)")
            return _made(_power(self.denominator, -exponent), _power(self.numerator, -exponent))
        if isinstance(exponent, float):
            return (self.numerator / self.denominator) ** exponent
        return NotImplemented

    def __neg__(self):
        return _made(-self.numerator, self.denominator)

    def __pos__(self):
        return _made(self.numerator, self.denominator)

    def __abs__(self):
        return _made(abs(self.numerator), self.denominator)

    def __bool__(self):
        return self.numerator != 0

    def __int__(self):
        return -(-self.numerator // self.denominator) if self.numerator < 0 else self.numerator // self.denominator

    def __float__(self):
        return self.numerator / self.denominator

    def __round__(self, ndigits=None):
        if ndigits is None:
            return _nearest(self.numerator, self.denominator)
        scale = _power(10, abs(ndigits))
        if ndigits > 0:
            return _made(_nearest(self.numerator * scale, self.denominator), scale)
        return _made(_nearest(self.numerator, self.denominator * scale) * scale, 1)

    def _compared(self, other):
        """Return an int with the sign of what is left of another number."""
        top, bottom = _terms(other)
        return self.numerator * bottom - top * self.denominator

    def __hash__(self):
        return hash((self.numerator, self.denominator)) if self.denominator != 1 else hash(self.numerator)

    def __eq__(self, other):
        if isinstance(other, float):
            return self._compared(other) == 0 if math.isfinite(other) else False
        if isinstance(other, (int, Fraction)):
            return self._compared(other) == 0
        return NotImplemented

    def __lt__(self, other):
        if isinstance(other, float):
            return self._compared(other) < 0 if math.isfinite(other) else other > 0.0
        if isinstance(other, (int, Fraction)):
            return self._compared(other) < 0
        return NotImplemented

    def __le__(self, other):
        if isinstance(other, float):
            return self._compared(other) <= 0 if math.isfinite(other) else other > 0.0
        if isinstance(other, (int, Fraction)):
            return self._compared(other) <= 0
        return NotImplemented

    def __gt__(self, other):
        if isinstance(other, float):
            return self._compared(other) > 0 if math.isfinite(other) else other < 0.0
        if isinstance(other, (int, Fraction)):
            return self._compared(other) > 0
        return NotImplemented

    def __ge__(self, other):
        if isinstance(other, float):
            return self._compared(other) >= 0 if math.isfinite(other) else other < 0.0
        if isinstance(other, (int, Fraction)):
            return self._compared(other) >= 0
        return NotImplemented


def _nearest(top, bottom):
    """Return the nearest int to a ratio, of two the even one."""
    whole, rest = divmod(top, bottom)
    return whole + 1 if 2 * rest > bottom or (2 * rest == bottom and whole % 2 == 1) else whole
