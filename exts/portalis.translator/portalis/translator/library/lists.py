"""What Python's lists do, on top of few operations (`ir/objects.py`)."""

from __future__ import annotations

from portalis.translator.library.intrinsics import less_unsigned, list_get, list_set


def element(values, index: int):  # type: ignore[no-untyped-def]
    """Return values[index]."""
    if less_unsigned(index, len(values)):
        return list_get(values, index)
    if index >= 0 or index < -len(values):
        raise IndexError("list index out of range")
    return list_get(values, index + len(values))


def set_element(values, index: int, value) -> None:  # type: ignore[no-untyped-def]
    """Do values[index] = value."""
    if less_unsigned(index, len(values)):
        list_set(values, index, value)
    elif index >= 0 or index < -len(values):
        raise IndexError("list assignment index out of range")
    else:
        list_set(values, index + len(values), value)
