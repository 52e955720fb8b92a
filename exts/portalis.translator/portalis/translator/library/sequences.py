"""Built-ins over long tuples and lists whose elements have one type: loops, where short ones are written out element by element."""

from __future__ import annotations

from portalis.translator.library.intrinsics import fabs, guard


def sum_after_first(start, items):  # type: ignore[no-untyped-def]
    """Add all elements but the first to `start`, in order."""
    total = start
    for index in range(1, len(items)):
        total = total + items[index]
    return total


def compensated_sum_after_first(start: float, items) -> float:  # type: ignore[no-untyped-def]
    """Add all elements but the first to `start` as `operators.compensated_sum` does."""
    total = start
    compensation = 0.0
    for index in range(1, len(items)):
        item = items[index]
        added = total + item
        if fabs(total) >= fabs(item):
            compensation += (total - added) + item
        else:
            compensation += (item - added) + total
        total = added
    # An infinite compensation comes from an infinite sum, which it would turn into NaN; a zero one would lose the sign of -0.0.
    if compensation != 0.0 and compensation - compensation == 0.0:
        return total + compensation
    return total


def minimum(items):  # type: ignore[no-untyped-def]
    """Return min(items): the first one that no other is less than."""
    best = items[0]
    for index in range(1, len(items)):
        if items[index] < best:
            best = items[index]
    return best


def maximum(items):  # type: ignore[no-untyped-def]
    """Return max(items): the first one that no other is greater than."""
    best = items[0]
    for index in range(1, len(items)):
        if items[index] > best:
            best = items[index]
    return best


def first_difference(left, right) -> int:  # type: ignore[no-untyped-def]
    """Return the index of the first elements that differ in two sequences of one length, or -1."""
    for index in range(len(left)):
        same = left[index] == right[index]
        if not same:
            return index
    return -1


def first_difference_without_nans(left, right) -> int:  # type: ignore[no-untyped-def]
    """Return the index of the first elements that differ in two sequences of one length, or -1; two NaNs stop the call."""
    for index in range(len(left)):
        if left[index] != left[index] and right[index] != right[index]:
            guard("two NaNs compared inside a sequence, where CPython asks whether they are one object")
        same = left[index] == right[index]
        if not same:
            return index
    return -1


def first_of(items, needle) -> int:  # type: ignore[no-untyped-def]
    """Return the index of the first element that equals `needle`, or -1."""
    for index in range(len(items)):
        if items[index] == needle:
            return index
    return -1


def first_of_without_nans(items, needle) -> int:  # type: ignore[no-untyped-def]
    """Return the index of the first element that equals `needle`, or -1; two NaNs stop the call."""
    for index in range(len(items)):
        if items[index] != items[index] and needle != needle:
            guard("two NaNs compared inside a sequence, where CPython asks whether they are one object")
        if items[index] == needle:
            return index
    return -1


def count_of(items, needle) -> int:  # type: ignore[no-untyped-def]
    """Return how many elements equal `needle`."""
    count = 0
    for index in range(len(items)):
        if items[index] == needle:
            count += 1
    return count


def count_of_without_nans(items, needle) -> int:  # type: ignore[no-untyped-def]
    """Return how many elements equal `needle`; two NaNs stop the call."""
    count = 0
    for index in range(len(items)):
        if items[index] != items[index] and needle != needle:
            guard("two NaNs compared inside a sequence, where CPython asks whether they are one object")
        if items[index] == needle:
            count += 1
    return count
