"""`operator`: what is more than one operator."""

from __future__ import annotations


def countOf(a, b):
    count = 0
    for one in a:
        if one in [b]:
            count += 1
    return count


def indexOf(a, b):
    for place, one in enumerate(a):
        if one in [b]:
            return place
    raise ValueError("sequence.index(x): x not in sequence")


def is_(a, b):
    return a is b


def is_not(a, b):
    return a is not b


def setitem(a, b, c):
    a[b] = c


def delitem(a, b):
    del a[b]


def iadd(a, b):
    a += b
    return a


def isub(a, b):
    a -= b
    return a


def imul(a, b):
    a *= b
    return a


def iconcat(a, b):
    a += b
    return a


def ior(a, b):
    a |= b
    return a


def iand(a, b):
    a &= b
    return a


def ixor(a, b):
    a ^= b
    return a
