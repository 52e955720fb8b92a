"""What tuples of any length do that lists do otherwise: their messages."""

from __future__ import annotations

from portalis.translator.library.intrinsics import list_get


def element(values, index: int):  # type: ignore[no-untyped-def]
    """Return values[index]."""
    offset = index + len(values) if index < 0 else index
    if offset < 0 or offset >= len(values):
        raise IndexError("tuple index out of range")
    return list_get(values, offset)


def index_of_1(values, value) -> int:  # type: ignore[no-untyped-def]
    """Return values.index(value)."""
    for index in range(len(values)):
        if list_get(values, index) == value:
            return index
    raise ValueError("tuple.index(x): x not in tuple")
