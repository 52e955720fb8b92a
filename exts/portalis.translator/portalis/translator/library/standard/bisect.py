"""`bisect`: where a value goes in a sorted list."""

from __future__ import annotations


def bisect_right(a, x, lo=0, hi=None, *, key=None):
    if lo < 0:
        raise ValueError("lo must be non-negative")
    # CPython takes -1 for no end, too.
    end = len(a) if hi is None or hi == -1 else hi
    while lo < end:
        middle = (lo + end) // 2
        below = x < a[middle] if key is None else x < key(a[middle])
        if below:
            end = middle
        else:
            lo = middle + 1
    return lo


def bisect_left(a, x, lo=0, hi=None, *, key=None):
    if lo < 0:
        raise ValueError("lo must be non-negative")
    end = len(a) if hi is None or hi == -1 else hi
    while lo < end:
        middle = (lo + end) // 2
        below = a[middle] < x if key is None else key(a[middle]) < x
        if below:
            lo = middle + 1
        else:
            end = middle
    return lo


def bisect(a, x, lo=0, hi=None, *, key=None):
    return bisect_right(a, x, lo, hi, key=key)


def insort_right(a, x, lo=0, hi=None, *, key=None):
    place = bisect_right(a, x if key is None else key(x), lo, hi, key=key)
    a.insert(place, x)


def insort_left(a, x, lo=0, hi=None, *, key=None):
    place = bisect_left(a, x if key is None else key(x), lo, hi, key=key)
    a.insert(place, x)


def insort(a, x, lo=0, hi=None, *, key=None):
    insort_right(a, x, lo, hi, key=key)
