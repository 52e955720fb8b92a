"""How counts are written."""

from __future__ import annotations


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: `1 prim`, `2 prims`, and with its `plural` where that is no -s: `2 branches`."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
