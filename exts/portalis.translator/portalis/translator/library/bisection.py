"""What `bisect` does, without a key: where a value belongs in a sorted list, and putting it there."""

from __future__ import annotations

from portalis.translator.library.intrinsics import list_get
from portalis.translator.library.lists import insert


def check_start(low: int) -> None:
    """Raise where the start of a search is negative."""
    if low < 0:
        raise ValueError("lo must be non-negative")


def stop_of(high: int, length: int) -> int:
    """Return where a search stops: CPython takes -1 for the length."""
    return length if high == -1 else high


def check_place(place: int, length: int, frozen: bool) -> None:
    """Raise what reading an element raises beyond the end."""
    if place >= length:
        if frozen:
            raise IndexError("tuple index out of range")
        raise IndexError("list index out of range")


def left(values, value, low: int, high: int, frozen: bool) -> int:  # type: ignore[no-untyped-def]
    """Return bisect.bisect_left(values, value, low, high)."""
    check_start(low)
    stop = stop_of(high, len(values))
    while low < stop:
        middle = (low + stop) // 2
        check_place(middle, len(values), frozen)
        if list_get(values, middle) < value:
            low = middle + 1
        else:
            stop = middle
    return low


def right(values, value, low: int, high: int, frozen: bool) -> int:  # type: ignore[no-untyped-def]
    """Return bisect.bisect_right(values, value, low, high)."""
    check_start(low)
    stop = stop_of(high, len(values))
    while low < stop:
        middle = (low + stop) // 2
        check_place(middle, len(values), frozen)
        if value < list_get(values, middle):
            stop = middle
        else:
            low = middle + 1
    return low


def insert_left(values, value, low: int, high: int) -> None:  # type: ignore[no-untyped-def]
    """Do bisect.insort_left(values, value, low, high)."""
    insert(values, left(values, value, low, high, False), value)


def insert_right(values, value, low: int, high: int) -> None:  # type: ignore[no-untyped-def]
    """Do bisect.insort_right(values, value, low, high)."""
    insert(values, right(values, value, low, high, False), value)
