"""`decimal` in its default context: 28 digits, half to even. What is no number, or what a signal would tell, stops the call."""

from __future__ import annotations

import math

from portalis.translator.library.intrinsics import guard

ROUND_CEILING = "ROUND_CEILING"
ROUND_DOWN = "ROUND_DOWN"
ROUND_FLOOR = "ROUND_FLOOR"
ROUND_HALF_DOWN = "ROUND_HALF_DOWN"
ROUND_HALF_EVEN = "ROUND_HALF_EVEN"
ROUND_HALF_UP = "ROUND_HALF_UP"
ROUND_UP = "ROUND_UP"
_DIGITS = 28


def _ten_to(count):
    found = 1
    for _ in range(count):
        found *= 10
    return found


def _length(digits):
    return len(str(digits))


def _without(digits, count, negative, rounding):
    """Return a coefficient without its last digits, rounded."""
    scale = _ten_to(count)
    found, rest = divmod(digits, scale)
    if rest == 0:
        return found
    twice = 2 * rest
    if rounding == "ROUND_HALF_EVEN":
        up = twice > scale or (twice == scale and found % 2 == 1)
    elif rounding == "ROUND_HALF_UP":
        up = twice >= scale
    elif rounding == "ROUND_HALF_DOWN":
        up = twice > scale
    elif rounding == "ROUND_UP":
        up = True
    elif rounding == "ROUND_DOWN":
        up = False
    elif rounding == "ROUND_CEILING":
        up = not negative
    elif rounding == "ROUND_FLOOR":
        up = negative
    else:
        guard("a way to round that decimal has no translation of")
        up = False
    return found + 1 if up else found


def _read(text):
    """Return whether a text tells a negative number, its coefficient and its exponent."""
    text = text.strip()
    if not text.isascii() or "_" in text:
        guard("a decimal in digits beyond 0 to 9")
    start = 1 if text[:1] in ("+", "-") else 0
    end = start
    digits, behind, seen, pointed = 0, 0, False, False
    while end < len(text) and ("0" <= text[end] <= "9" or (text[end] == "." and not pointed)):
        if text[end] == ".":
            pointed = True
        else:
            seen = True
            digits = digits * 10 + ord(text[end]) - 48
            behind += 1 if pointed else 0
        end += 1
    exponent = 0
    if seen and end < len(text) - 1 and text[end] in "eE":
        rest = text[end + 1 :]
        if rest.lstrip("+-").isdigit() and len(rest) < 6:
            exponent = int(rest)
            end = len(text)
    if not seen or end != len(text):
        guard("a text that is no number, which decimal signals")
    return text[:1] == "-", digits, exponent - behind


def _parts(value):
    """Return whether a value is negative, its coefficient and its exponent."""
    if isinstance(value, Decimal):
        return value._negative, value._digits, value._exponent
    if isinstance(value, str):
        return _read(value)
    if isinstance(value, float):
        return _of_float(value)
    return value < 0, abs(value), 0


def _of_float(value):
    if not math.isfinite(value):
        guard("a decimal that is not finite")
    top, bottom = value.as_integer_ratio()
    exponent = 0
    top = abs(top)
    while bottom > 1:
        bottom //= 2
        top *= 5
        exponent -= 1
    return math.copysign(1.0, value) < 0, top, exponent


def _exact(negative, digits, exponent):
    """Return a decimal of any number of digits."""
    made = Decimal(0)
    made._negative = negative
    made._digits = digits
    made._exponent = exponent
    return made


def _fixed(negative, digits, exponent):
    """Return a decimal of at most as many digits as the context has."""
    over = _length(digits) - _DIGITS
    if over > 0:
        digits = _without(digits, over, negative, ROUND_HALF_EVEN)
        exponent += over
        if _length(digits) > _DIGITS:
            digits //= 10
            exponent += 1
    if not -99999 < exponent < 99999:
        guard("a decimal beyond the exponents that are translated")
    return _exact(negative, digits, exponent)


def _aligned(left, right):
    """Return two coefficients with the sign, as of the lesser exponent, and that."""
    below, digits, exponent = _parts(left)
    under, others, other = _parts(right)
    least = min(exponent, other)
    if max(exponent, other) - least > 2000:
        guard("decimals of exponents far apart")
    digits *= _ten_to(exponent - least)
    others *= _ten_to(other - least)
    return -digits if below else digits, -others if under else others, least


def _order(left, right):
    one, other, _ = _aligned(left, right)
    return one - other


def _sum(left, right, sign):
    below, under = _parts(left)[0], _parts(right)[0]
    one, other, exponent = _aligned(left, right)
    total = one + sign * other
    if total == 0:
        return _fixed(below and (under if sign > 0 else not under), 0, exponent)
    return _fixed(total < 0, abs(total), exponent)


def _product(left, right):
    below, digits, exponent = _parts(left)
    under, others, other = _parts(right)
    return _fixed(below != under, digits * others, exponent + other)


def _ratio(left, right):
    below, digits, exponent = _parts(left)
    under, others, other = _parts(right)
    if others == 0:
        guard("a decimal divided by zero, which decimal signals")
    if digits == 0:
        return _fixed(below != under, 0, exponent - other)
    shift = _length(others) - _length(digits) + _DIGITS + 1
    found, rest = divmod(digits * _ten_to(max(shift, 0)), others * _ten_to(max(-shift, 0)))
    ideal, exponent = exponent - other, exponent - other - shift
    if rest:
        # What is left can only show where all that is dropped is half.
        found = found + 1 if found % 5 == 0 else found
    else:
        while exponent < ideal and found % 10 == 0:
            found //= 10
            exponent += 1
    return _fixed(below != under, found, exponent)


def _quotient(left, right):
    """Return the whole part of a quotient, and the rest."""
    one, other, exponent = _aligned(left, right)
    if other == 0:
        guard("a decimal divided by zero, which decimal signals")
    whole, rest = divmod(abs(one), abs(other))
    if _length(whole) > _DIGITS:
        guard("a quotient of more digits than the context has")
    below = _parts(left)[0]
    return _exact(below != _parts(right)[0], whole, 0), _fixed(below, rest, exponent)


class Decimal:
    def __init__(self, value="0"):
        negative, digits, exponent = _parts(value)
        self._negative = negative
        self._digits = digits
        self._exponent = exponent

    def quantize(self, exp, rounding=None):
        exponent = _parts(exp)[2]
        count = exponent - self._exponent
        if count < -2000:
            guard("a decimal of more digits than the context has")
        if count > 0:
            # Beyond its first digit nothing but zeros follows.
            digits = _without(self._digits, count, self._negative, "ROUND_HALF_EVEN" if rounding is None else rounding)
        else:
            digits = self._digits * _ten_to(-count)
        if _length(digits) > _DIGITS:
            guard("a decimal of more digits than the context has")
        return _exact(self._negative, digits, exponent)

    def normalize(self):
        made = _fixed(self._negative, self._digits, self._exponent)
        digits, exponent = made._digits, made._exponent
        if digits == 0:
            return _exact(made._negative, 0, 0)
        while digits % 10 == 0:
            digits //= 10
            exponent += 1
        return _exact(made._negative, digits, exponent)

    def sqrt(self):
        if self._digits == 0:
            return _exact(self._negative, 0, self._exponent // 2)
        if self._negative:
            guard("the root of a negative decimal, which decimal signals")
        odd = self._exponent % 2
        digits, exponent = self._digits * (10 if odd else 1), self._exponent // 2
        shift = _DIGITS + 1 - (_length(digits) + 1) // 2
        if shift < 0:
            guard("the root of a decimal of many digits")
        root = math.isqrt(digits * _ten_to(2 * shift))
        if root * root == digits * _ten_to(2 * shift):
            count = shift
            while count > 0 and root % 10 == 0:
                root //= 10
                count -= 1
            return _fixed(False, root, exponent - count)
        return _fixed(False, root + 1 if root % 5 == 0 else root, exponent - shift)

    def is_zero(self):
        return self._digits == 0

    def is_signed(self):
        return self._negative

    def adjusted(self):
        return _length(self._digits) - 1 + self._exponent if self._digits else self._exponent

    def copy_abs(self):
        return _exact(False, self._digits, self._exponent)

    def __str__(self):
        digits = str(self._digits)
        behind = self._exponent + len(digits)
        place = behind if self._exponent <= 0 and behind > -6 else 1
        if place <= 0:
            shown = "0." + "0" * -place + digits
        elif place >= len(digits):
            shown = digits + "0" * (place - len(digits))
        else:
            shown = digits[:place] + "." + digits[place:]
        if behind != place:
            shown += f"E{behind - place:+d}"
        return "-" + shown if self._negative else shown

    def __repr__(self):
        return f"Decimal('{self}')"

    def __add__(self, other):
        if isinstance(other, (int, Decimal)):
            return _sum(self, other, 1)
        return NotImplemented

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        if isinstance(other, (int, Decimal)):
            return _sum(self, other, -1)
        return NotImplemented

    def __rsub__(self, other):
        if isinstance(other, int):
            return _sum(other, self, -1)
        return NotImplemented

    def __mul__(self, other):
        if isinstance(other, (int, Decimal)):
            return _product(self, other)
        return NotImplemented

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        if isinstance(other, (int, Decimal)):
            return _ratio(self, other)
        return NotImplemented

    def __rtruediv__(self, other):
        if isinstance(other, int):
            return _ratio(other, self)
        return NotImplemented

    def __floordiv__(self, other):
        if isinstance(other, (int, Decimal)):
            return _quotient(self, other)[0]
        return NotImplemented

    def __mod__(self, other):
        if isinstance(other, (int, Decimal)):
            return _quotient(self, other)[1]
        return NotImplemented

    def __pow__(self, other):
        guard("a power of a decimal")
        return self

    def __neg__(self):
        return _fixed(not self._negative if self._digits else False, self._digits, self._exponent)

    def __pos__(self):
        return _fixed(self._negative if self._digits else False, self._digits, self._exponent)

    def __abs__(self):
        return _fixed(False, self._digits, self._exponent)

    def __bool__(self):
        return self._digits != 0

    def __int__(self):
        found = self._digits * _ten_to(max(self._exponent, 0)) // _ten_to(max(-self._exponent, 0))
        return -found if self._negative else found

    def __float__(self):
        return float(str(self))

    def __round__(self, ndigits=None):
        if ndigits is None:
            count = max(-self._exponent, 0)
            whole = _without(self._digits, count, self._negative, "ROUND_HALF_EVEN") * _ten_to(max(self._exponent, 0))
            return -whole if self._negative else whole
        return self.quantize(_exact(False, 1, -ndigits))

    def __hash__(self):
        guard("the hash of a decimal")
        return 0

    def __eq__(self, other):
        if isinstance(other, (int, float, Decimal)):
            return _order(self, other) == 0
        return NotImplemented

    def __lt__(self, other):
        if isinstance(other, (int, float, Decimal)):
            return _order(self, other) < 0
        return NotImplemented

    def __le__(self, other):
        if isinstance(other, (int, float, Decimal)):
            return _order(self, other) <= 0
        return NotImplemented

    def __gt__(self, other):
        if isinstance(other, (int, float, Decimal)):
            return _order(self, other) > 0
        return NotImplemented

    def __ge__(self, other):
        if isinstance(other, (int, float, Decimal)):
            return _order(self, other) >= 0
        return NotImplemented
