"""What tuples of any length do that lists do otherwise: their messages."""

from __future__ import annotations

from portalis.translator.library.intrinsics import list_get, same_or_equal


def element(values, index: int):  # type: ignore[no-untyped-def]
    """Return values[index]."""
    offset = index + len(values) if index < 0 else index
    if offset < 0 or offset >= len(values):
        raise IndexError("tuple index out of range")
    return list_get(values, offset)


def index_of_1(values, value) -> int:  # type: ignore[no-untyped-def]
    """Return values.index(value)."""
    return index_of_3(values, value, 0, len(values))


def index_of_2(values, value, start: int) -> int:  # type: ignore[no-untyped-def]
    """Return values.index(value, start)."""
    return index_of_3(values, value, start, len(values))


def index_of_3(values, value, start: int, stop: int) -> int:  # type: ignore[no-untyped-def]
    """Return values.index(value, start, stop)."""
    place = start
    if start < 0:
        place = start + len(values) if start + len(values) > 0 else 0
    last = stop
    if stop < 0:
        last = stop + len(values) if stop + len(values) > 0 else 0
    while place < last and place < len(values):
        if same_or_equal(list_get(values, place), value):
            return place
        place += 1
    raise ValueError("tuple.index(x): x not in tuple")


def equal(left, right) -> bool:  # type: ignore[no-untyped-def]
    """Return left == right: the elements are asked first, and then how many there are."""
    shorter = len(left) if len(left) < len(right) else len(right)
    for place in range(shorter):
        if not same_or_equal(list_get(left, place), list_get(right, place)):
            return False
    return len(left) == len(right)


# ------------------------------------------------------------------------------------------- long ones of what asks classes
def first_difference(left, right) -> int:  # type: ignore[no-untyped-def]
    """Return the index of the first elements that differ in two tuples of one length, or -1."""
    for index in range(len(left)):
        if not same_or_equal(left[index], right[index]):
            return index
    return -1


def first_of(items, needle) -> int:  # type: ignore[no-untyped-def]
    """Return the index of the first element that equals `needle`, or -1."""
    for index in range(len(items)):
        if same_or_equal(items[index], needle):
            return index
    return -1


def count_of(items, needle) -> int:  # type: ignore[no-untyped-def]
    """Return how many elements equal `needle`."""
    count = 0
    for index in range(len(items)):
        if same_or_equal(items[index], needle):
            count += 1
    return count
