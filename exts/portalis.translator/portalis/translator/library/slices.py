"""The ends of slices as offsets, for lists and texts alike."""

from __future__ import annotations


def clamped(index: int, length: int) -> int:
    """Return the end of a slice as an offset in 0 … length."""
    if index < 0:
        return index + length if index + length > 0 else 0
    return index if index < length else length


def start_of(index: int, length: int, step: int) -> int:
    """Return where a slice with a step begins, as `slice.indices` gives it."""
    if step > 0:
        return clamped(index, length)
    if index < 0:
        return index + length if index + length >= 0 else -1
    return index if index < length else length - 1


def length_of_range(start: int, stop: int, step: int) -> int:
    """Return len(range(start, stop, step)); the step is not zero."""
    if step > 0:
        return (stop - start + step - 1) // step if start < stop else 0
    return (start - stop - step - 1) // -step if start > stop else 0


def check_step(step: int) -> None:
    """Raise where a slice's step is zero."""
    if step == 0:
        raise ValueError("slice step cannot be zero")
