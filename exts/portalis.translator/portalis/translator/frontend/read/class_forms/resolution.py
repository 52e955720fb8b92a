"""The order in which CPython looks through the classes that one of several bases derives from (C3, as of Python 2.3)."""

from __future__ import annotations

from collections.abc import Sequence


def method_resolution(lines: Sequence[Sequence[str]]) -> list[str] | None:
    """Return the order of the classes above one, given the order of each of its bases, from left to right; None where there is none."""
    left = [list(line) for line in (*lines, [line[0] for line in lines])]
    found: list[str] = []
    while left := [line for line in left if line]:
        first = next((line[0] for line in left if not any(line[0] in other[1:] for other in left)), None)
        if first is None:
            return None
        found.append(first)
        left = [line[1:] if line[0] == first else line for line in left]
    return found
