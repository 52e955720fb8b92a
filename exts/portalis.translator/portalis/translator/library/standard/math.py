"""`math`: what takes any number of values: an exact sum, and divisors and multiples where they are called with `*`."""

from __future__ import annotations

import math


def gcd(*integers):
    found = 0
    for one in integers:
        found = math.gcd(found, one)
    return found


def lcm(*integers):
    found = 1
    for one in integers:
        found = math.lcm(found, one)
    return found


def perm(n, k=None):
    return math.factorial(n) if k is None else math.perm(n, k)


def fsum(seq):
    """The nearest float to a sum: partial sums that do not overlap are kept (Shewchuk 1997, "grow expansion")."""
    partials = []
    special, infinite, seen = 0.0, 0.0, False
    for one in seq:
        value = float(one)
        start = value
        kept = 0
        for index in range(len(partials)):
            other = partials[index]
            if abs(value) < abs(other):
                value, other = other, value
            high = value + other
            low = other - (high - value)
            if low != 0.0:
                partials[kept] = low
                kept += 1
            value = high
        del partials[kept:]
        if value != 0.0:
            if math.isfinite(value):
                partials.append(value)
            elif math.isfinite(start):
                raise OverflowError("intermediate overflow in fsum")
            else:
                seen = True
                if math.isinf(start):
                    infinite += start
                special += start
                partials = []
    if seen:
        if math.isnan(infinite):
            raise ValueError("-inf + inf in fsum")
        return special
    return _rounded(partials)


def _rounded(partials):
    """Return the nearest float to a sum of partial sums, from the largest on."""
    place = len(partials) - 1
    if place < 0:
        return 0.0
    high = partials[place]
    low = 0.0
    while place > 0:
        place -= 1
        before, other = high, partials[place]
        high = before + other
        low = other - (high - before)
        if low != 0.0:
            break
    # Half-way cases are decided by the sign of what is left.
    if place > 0 and ((low < 0.0 and partials[place - 1] < 0.0) or (low > 0.0 and partials[place - 1] > 0.0)):
        twice = low * 2.0
        further = high + twice
        if twice == further - high:
            high = further
    return high
