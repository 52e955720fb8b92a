"""What Python's lists do, on top of few operations (`ir/objects.py`)."""

from __future__ import annotations

from portalis.translator.library.intrinsics import list_get, list_set


def element(values, index: int):  # type: ignore[no-untyped-def]
    """Return values[index]."""
    offset = index + len(values) if index < 0 else index
    if offset < 0 or offset >= len(values):
        raise IndexError("list index out of range")
    return list_get(values, offset)


def set_element(values, index: int, value) -> None:  # type: ignore[no-untyped-def]
    """Do values[index] = value."""
    offset = index + len(values) if index < 0 else index
    if offset < 0 or offset >= len(values):
        raise IndexError("list assignment index out of range")
    list_set(values, offset, value)
